"""The form in which somebody signs for another."""

from __future__ import annotations

import pytest

from ingest.layout.signing_forms import signing_form


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KT. GIÁM ĐỐC", "KT."),
        ("TM. ỦY BAN NHÂN DÂN", "TM."),
        ("T/M BAN THƯỜNG VỤ", "TM."),
        ("TUQ. CHỦ TỊCH", "TUQ."),
        ("Q. GIÁM ĐỐC", "Q."),
        ("GIÁM ĐỐC", None),
        ("kt. giám đốc", None),
    ],
)
def test_forms_of_printed_text(text: str, name: str | None) -> None:
    form = signing_form(text, ocr=False)
    assert (form and form.name) == name


def test_in_scans_a_form_may_be_half_hidden() -> None:
    assert signing_form("VT. GIÁM ĐỐC", ocr=False) is None
    form = signing_form("VT. GIÁM ĐỐC", ocr=True)
    assert form is not None
    assert form == ("KT.", "GIÁM ĐỐC")
