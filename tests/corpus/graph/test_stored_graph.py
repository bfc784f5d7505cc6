"""The graph asked of the tables answers as the one in memory does."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.graph import make
from corpus.errors import NotFound
from corpus.fold import letters
from corpus.graph import stored_edges, stored_graph
from corpus.graph.adjacency import Adjacency
from corpus.graph.choice import MOST_IN_MEMORY, graph_of
from corpus.graph.documents import DocumentColumns, GraphDocument
from corpus.graph.edges import packed
from corpus.graph.fact_edges import FactEdges
from corpus.graph.graph import STATED, Filter, Graph
from corpus.graph.kinship import kin
from corpus.graph.stored_graph import StoredGraph
from corpus.graph.surroundings import groups
from corpus.identity import Facts
from corpus.law.effect import Proof
from corpus.library import Library, LibraryView
from corpus.library.index_rows import Standing, standings_of
from tests.support.drawn_library import draw
from tests.support.libraries import cite, connected_records, record

_FILTERS = [
    Filter(reach="legal", facts=False),
    Filter(reach="wide"),
    Filter(),
    Filter(relations=frozenset({"thay_the", "sua_doi_bo_sung"})),
    Filter(reach="wide", issuer="ubnd", since="2020"),
]


@pytest.fixture(params=["connected", "made up", 0, 1])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    folder = tmp_path / "kho"
    if request.param == "made up":
        make(folder, 120, 900)
    elif request.param == "connected":
        with Library.open(folder, create=True) as library:
            for each in connected_records():
                library.intake.add(each)
    else:
        draw(folder, request.param)
    with Library.open(folder) as library:
        yield library


def compare(view: LibraryView) -> None:
    """Every question, about the most cited documents and some others, asked of both."""
    stored, graph = StoredGraph(view).refresh(), Graph(view).refresh()
    ids = graph.ids()
    assert ids
    assert stored.ids() == ids
    assert stored.sequence == graph.sequence
    for id in {*random.Random(5).sample(ids, min(3, len(ids))), *(id for id, _ in graph.most_cited(2))}:
        for within in _FILTERS:
            _compare_one(stored, graph, id, within)
        assert stored.citing(id) == graph.citing(id), id
        _compare_shorter(stored, graph, id, ids)
        assert kin(stored, id) == kin(graph, id), id
        for back in (False, True):
            assert groups(stored, id, back=back, most=2) == groups(graph, id, back=back, most=2), (id, back)
    _compare_several(stored, graph, ids)


def _compare_one(stored: Graph, graph: Graph, id: int, within: Filter) -> None:
    said = (id, within)
    assert stored.cites(id, within=within) == graph.cites(id, within=within), said
    assert stored.cited_by_links(id, within=within) == graph.cited_by_links(id, within=within), said
    for offset, limit in ((2, 3), (0, 500)):
        page = {"within": within, "offset": offset, "limit": limit}
        assert stored.cited_by(id, **page) == graph.cited_by(id, **page), (said, page)  # type: ignore[arg-type]
    for back, (depth, size) in product((False, True), ((3, 9), (4, 500))):
        shape: dict[str, Any] = {"cited_by": back, "depth": depth, "size": size, "within": within}
        assert stored.tree(id, **shape) == graph.tree(id, **shape), shape
    for most in (3, None):
        assert stored.impact(id, within=within, limit=most) == graph.impact(id, within=within, limit=most), said


def _compare_shorter(stored: Graph, graph: Graph, id: int, ids: list[int]) -> None:
    """Questions that answer with a part of what others answer."""
    beside = {link.target for link in graph.cites(id, within=STATED)}
    beside |= {link.source for link in graph.cited_by_links(id, within=STATED)}
    for each in (stored, graph):
        assert each.linked(id, ids) == beside
        assert each.linked(id, ids[:3]) == beside.intersection(ids[:3])
        for within in _FILTERS:
            newest = [link.source for link in graph.cited_by(id, within=within, limit=4)[1]]
            assert each.citing_ids(id, within=within, limit=4) == newest, within
        by_part = each.citing_by_part(id, 2)
        for part, (total, newest_of_part) in by_part.items():
            own = [one for one in graph.citing(id) if one.part == part]
            assert (total, newest_of_part) == (len(own), own[:2]), part
        assert sum(total for total, _ in by_part.values()) == len(graph.citing(id))


def _compare_several(stored: Graph, graph: Graph, ids: list[int]) -> None:
    chance = random.Random(len(ids))
    for within in _FILTERS[:-1]:
        for _ in range(3):
            pair = chance.choice(ids), chance.choice(ids)
            assert stored.path(*pair, within=within) == graph.path(*pair, within=within), (pair, within)
    for within in _FILTERS:
        assert stored.links_to(ids[:20], within=within) == graph.links_to(ids[:20], within=within)
    unknown = [*ids, 10**9]
    assert stored.counts(unknown) == graph.counts(unknown)
    assert stored.dependents(unknown) == graph.dependents(unknown)
    for held in (None, True, False):
        assert stored.most_cited(7, held=held) == graph.most_cited(7, held=held)
    assert stored.held_count() == graph.held_count()
    assert list(stored.links()) == list(graph.links())
    for back in (False, True):
        for (count, some), (other, same) in zip(
            stored.reached(ids, back=back, most=3), graph.reached(ids, back=back, most=3), strict=True
        ):
            assert (count, some.tolist()) == (other, same.tolist())


@pytest.mark.parametrize("restricted", [False, True])
def test_the_graph_in_memory_spares_reading_what_cites_a_document(library: Library, restricted: bool) -> None:
    view = library.view(restricted=restricted)
    graph = Graph(view).refresh()
    ids = graph.ids()
    with view.reading() as connection:
        told = standings_of(connection, ids, view.visible)

    def compared(found: dict[int, Standing]) -> dict[int, tuple[int, set[Proof]]]:
        return {id: (one.cited_by, set(one.proofs)) for id, one in found.items()}

    assert compared(graph.standings([*ids, 10**9])) == compared(told)
    assert StoredGraph(view).refresh().standings(ids) == {}, "it asks the tables itself"


@pytest.mark.parametrize("restricted", [False, True])
def test_the_graph_in_memory_knows_the_documents_of_a_day(library: Library, restricted: bool) -> None:
    view = library.view(restricted=restricted)
    graph = Graph(view).refresh()
    for one in view.documents(held=None):
        facts = Facts(
            sym_key=letters((one.so_ky_hieu or "").rpartition("/")[2]), date=one.date, issuer_key=one.issuer_key
        )
        among = graph.alike(one.date or "", facts.sym_key, facts.issuer_key) if one.date else None
        assert view.alike(facts, among) == view.alike(facts)


@pytest.mark.parametrize("far", [1, 10**6])
def test_edges_are_found_by_document_however_many_ids_there_are(far: int) -> None:
    chance = random.Random(3)
    ids = np.array(sorted(chance.sample(range(1, 200), 90)), np.int64) * far
    documents = DocumentColumns.of(
        [GraphDocument(int(id), None, chance.randrange(9), 9, "", True, None, (), None, None) for id in ids]
    )
    ends = [(chance.randrange(1, 210) * far, chance.randrange(1, 210) * far) for _ in range(800)]
    table = packed(np.array([(*pair, 0, 0, 1, at) for at, pair in enumerate(ends)], np.int64).T)
    graph = Graph.over(None, Adjacency.of(documents, table, FactEdges([])))  # type: ignore[arg-type]
    there = {(a, b) for a, b in ends if a in ids and b in ids}
    day = dict(zip(ids.tolist(), documents.first_day.tolist(), strict=True))
    for id in ids.tolist():
        assert {link.target for link in graph.cites(id)} == {b for a, b in there if a == id}
        citing = sorted((a for a, b in there if b == id), key=lambda a: (-day[a], a))
        assert graph.citing_ids(id, limit=10**6) == citing


@pytest.mark.parametrize("restricted", [False, True])
def test_every_answer_is_that_of_the_graph_in_memory(library: Library, restricted: bool) -> None:
    compare(library.view(restricted=restricted))


def test_documents_cited_by_many_are_asked_for_by_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(tmp_path / "kho", 9)
    monkeypatch.setattr(stored_graph, "_MANY", 1)
    monkeypatch.setattr(stored_edges, "_LOOK_UP", 10**9)
    with Library.open(tmp_path / "kho") as library:
        compare(library.view())


def test_it_follows_the_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True) as library:
        stored = StoredGraph(library.view())
        for each in connected_records():
            library.intake.add(each)
            _same_facts(stored.refresh(), library.view())
        named = record("7/QĐ-UBND", "2020-01-05", "UBND tỉnh Thanh Hóa", title="về chợ")
        title = "sửa đổi, bổ sung một số điều của Quyết định số 7/QĐ-UBND ngày 05/01/2020"
        naming = cite("8/QĐ-UBND", "2021-01-05", "UBND tỉnh Thanh Hóa", title=title)
        library.intake.add(record("9/KH-UBND", "2022-01-05", "UBND tỉnh Thanh Hóa", [naming]))
        _same_facts(stored.refresh(), library.view())
        added = library.intake.add(named).id
        _same_facts(stored.refresh(), library.view())
        assert any(link.fact for link in stored.cited_by_links(added))
        library.edits.remove(added, "thử")
        _same_facts(stored.refresh(), library.view())


def _same_facts(stored: Graph, view: LibraryView) -> None:
    graph = Graph(view).refresh()
    for id in graph.ids():
        assert stored.cites(id) == graph.cites(id)
        assert stored.cited_by_links(id) == graph.cited_by_links(id)


def test_an_unknown_document_is_not_found(library: Library) -> None:
    stored = StoredGraph(library.view())
    asked: list[Callable[[int], object]] = [
        *(stored.cites, stored.cited_by, stored.cited_by_links, stored.citing, stored.tree, stored.impact),
        lambda id: stored.path(id, id),
        lambda id: kin(stored, id),
        lambda id: groups(stored, id, back=True, most=2),
    ]
    for ask in asked:
        with pytest.raises(NotFound):
            ask(10**9)


def test_a_large_library_is_asked_of_its_tables(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_IN_MEMORY > 10_000
    on_server = library.database.store.url is not None
    assert isinstance(graph_of(library.view()), StoredGraph) is on_server
    monkeypatch.setattr("corpus.graph.choice.MOST_IN_MEMORY", 3)
    assert isinstance(graph_of(library.view()), StoredGraph)
