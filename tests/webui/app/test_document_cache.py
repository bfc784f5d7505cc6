"""The document cache is never older than the library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import NotFound
from corpus.graph.choice import graph_of
from corpus.library import Library
from tests.support.web_library import build
from webui.app.document_cache import CachedSource


@pytest.mark.parametrize("loaded", [False, True])
def test_changes_are_seen_at_once_and_hidden_documents_are_not_found(tmp_path: Path, loaded: bool) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as library:
        graph = graph_of(library.view())
        if loaded:
            graph.refresh()
        source = CachedSource(library.view(), graph)
        first = source.shown(ids["ke-hoach"])
        assert source.shown(ids["ke-hoach"]) is first
        library.edits.correct(ids["quyet-dinh"], "title", "Tên khác", who="lan")
        assert source.shown(ids["quyet-dinh"]).title == "Tên khác"
        assert source.shown(ids["919"]).cited_by == 2
        library.edits.remove(ids["quyet-dinh"], "thử")
        assert source.shown(ids["919"]).cited_by == 1
        with pytest.raises(NotFound):
            source.shown(ids["noi-bo"])
        for id in ids.values():
            try:
                expected = library.view().shown(id)
            except NotFound:
                continue
            assert source.shown(id) == expected


def test_results_show_the_document_of_the_index_without_words_and_citations(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as library:
        view = library.view()
        whole = view.indexed_some(list(ids.values()))
        assert any(one.cites for one in whole.values())
        bare = {id: replace(one, words=None, cites=[], basis=[], provisions=[]) for id, one in whole.items()}
        assert view.shown_some(list(ids.values())) == bare
