"""The document cache is never older than the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import NotFound
from corpus.library import Library
from tests.support.web_library import build
from webui.app.document_cache import CachedSource


def test_changes_are_seen_at_once_and_hidden_documents_are_not_found(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as library:
        source = CachedSource(library.view())
        first = source.indexed(ids["ke-hoach"])
        assert source.indexed(ids["ke-hoach"]) is first
        library.edits.correct(ids["quyet-dinh"], "title", "Tên khác", who="lan")
        assert source.indexed(ids["quyet-dinh"]).title == "Tên khác"
        assert source.indexed(ids["919"]).cited_by == 2
        library.edits.remove(ids["quyet-dinh"], "thử")
        assert source.indexed(ids["919"]).cited_by == 1
        with pytest.raises(NotFound):
            source.indexed(ids["noi-bo"])
        for id in ids.values():
            try:
                expected = library.view().indexed(id)
            except NotFound:
                continue
            assert source.indexed(id) == expected
