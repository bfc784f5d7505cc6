"""The graph asked of the tables answers as the one in memory does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.graph import make
from corpus.errors import NotFound
from corpus.graph.graph import Filter, Graph
from corpus.graph.stored_graph import StoredGraph
from corpus.library import Library, LibraryView
from tests.support.libraries import connected_records

_STATED = Filter(facts=False)
_LEGAL = Filter(reach="legal", facts=False)


@pytest.fixture(params=["connected", "made up"])
def view(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LibraryView]:
    folder = tmp_path / "kho"
    if request.param == "made up":
        make(folder, 120, 900)
    else:
        with Library.open(folder, create=True) as library:
            for each in connected_records():
                library.intake.add(each)
    with Library.open(folder) as library:
        yield library.view()


def test_every_answer_is_that_of_the_graph_in_memory(view: LibraryView) -> None:
    stored, graph = StoredGraph(view), Graph(view).refresh()
    assert graph.ids()
    for id in graph.ids():
        assert stored.cites(id) == graph.cites(id, within=_STATED), id
        assert stored.cited_by(id, limit=7) == graph.cited_by(id, within=_STATED, limit=7), id
        assert stored.cited_by(id, offset=5) == graph.cited_by(id, within=_STATED, offset=5), id
        for depth, size in ((1, 500), (3, 12), (5, 500)):
            made = stored.tree(id, depth=depth, reach="legal", size=size)
            assert made == graph.tree(id, depth=depth, within=_LEGAL, size=size), (id, depth, size)
        for limit in (3, 200, None):
            assert stored.impact(id, limit=limit) == graph.impact(id, limit=limit), (id, limit)


def test_an_unknown_document_is_not_found(view: LibraryView) -> None:
    for ask in (StoredGraph(view).cites, StoredGraph(view).cited_by, StoredGraph(view).tree, StoredGraph(view).impact):
        with pytest.raises(NotFound):
            ask(10**9)
