"""Names of uploaded files."""

from __future__ import annotations

import pytest

from webui.app.upload_files import plain_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\tệp\\b.pdf", "b.pdf"),
        ("", "tep"),
        ("<x>.txt", "_x_.txt"),
    ],
)
def test_names_of_uploaded_files_are_cleaned(given: str, kept: str) -> None:
    assert plain_name(given) == kept
