"""Following citations: the five seeds with and without the known-documents tables, and small made graphs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import NotFound
from corpus.graph.graph import Filter, Graph
from corpus.law.title_facts import named_in
from corpus.library import Library
from tests.support.libraries import cite, record, seeds

TTG = "Thủ tướng Chính phủ"

with_seeds = pytest.mark.skipif(not seeds(), reason="needs the shared folder")


def library_of_seeds(folder: Path, facts: bool) -> tuple[Library, list[int]]:
    library = Library.open(folder, create=True, facts=facts)
    return library, [library.intake.add(r).id for r in seeds()]


@pytest.fixture(params=[False, True], ids=["seeds only", "with facts"])
def seeded(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Library, list[int], bool]]:
    library, ids = library_of_seeds(tmp_path / "l", request.param)
    yield library, ids, request.param
    library.close()


def numbers(library: Library, ids: list[int]) -> list[str | None]:
    return [library.view().summary(i).so_ky_hieu for i in ids]


@with_seeds
def test_basis_of_the_seeds(seeded: tuple[Library, list[int], bool]) -> None:
    library, ids, _ = seeded
    graph = Graph(library.view()).refresh()

    def basis(at: int, reach: str = "legal") -> list[str | None]:
        links = graph.cites(ids[at], within=Filter(reach=reach, facts=False))  # type: ignore[arg-type]
        return numbers(library, [link.target for link in links])

    d4 = ["490/QĐ-TTg", "5363/QĐ-UBND", "134/KH-UBND", "77/KH-UBND"]
    assert basis(4) == d4
    assert basis(4, "wide") == [*d4, "596/VPĐP-OCOP"]
    assert "1726/QĐ-UBND" in basis(4, "all")
    assert basis(0) == ["90/KH-UBND"]
    assert basis(3) == ["81/KH-UBND"]
    assert basis(2) == []
    assert basis(2, "wide") == ["2664/SNNPTNT-NTM"]
    assert basis(1) == []
    event = [link for link in graph.cites(ids[1]) if link.relation == "can_cu"]
    assert numbers(library, [link.target for link in event]) == ["3500/KH-UBND"]


@with_seeds
def test_cited_by_490(seeded: tuple[Library, list[int], bool]) -> None:
    library, ids, _ = seeded
    graph = Graph(library.view()).refresh()
    decision = library.view().one("490/QĐ-TTg").id
    total, links = graph.cited_by(decision, within=Filter(reach="legal", facts=False))
    assert (total, [link.source for link in links]) == (1, [ids[4]])


@with_seeds
def test_paths_between_the_seeds(seeded: tuple[Library, list[int], bool]) -> None:
    library, ids, facts = seeded
    graph = Graph(library.view()).refresh()
    decision = library.view().one("490/QĐ-TTg").id
    path = graph.path(ids[4], decision)
    assert path is not None
    assert (path.directed, len(path.steps), path.inferred) == (True, 1, False)
    back = graph.path(decision, ids[4])
    assert back is not None
    assert (back.directed, len(back.steps)) == (False, 1)
    if not facts:
        for a in range(5):
            for b in range(a + 1, 5):
                assert graph.path(ids[a], ids[b]) is None
        assert library.view().find("1048/QĐ-TTg") == []
        return
    replaced = library.view().one("1048/QĐ-TTg").id
    path = graph.path(ids[1], replaced)
    assert path is not None
    assert path.directed
    assert path.inferred
    assert [link.relation for link, _ in path.steps] == ["dan_chieu", "thay_the"]
    assert path.steps[0][0].inferred
    assert path.steps[1][0].fact
    assert graph.path(ids[1], replaced, within=Filter(facts=False)) is None


@with_seeds
def test_148_stays_open_without_facts_and_is_marked_with_them(seeded: tuple[Library, list[int], bool]) -> None:
    library, ids, facts = seeded
    mention = next(m for m in library.view().mentions(ids[1]) if m.citation.text == "Quyết định 148")
    if facts:
        assert mention.state == "inferred"
        assert mention.target is not None
        assert library.view().summary(mention.target).date == "2023-02-24"
        assert {library.view().summary(c).date for c in mention.candidates} == {"2023-02-24", "2025-01-16"}
        assert 0.6 <= mention.confidence <= 0.9
    else:
        assert (mention.state, mention.target, mention.candidates) == ("unresolved", None, [])


@with_seeds
def test_unnumbered_seeds_and_where_the_prime_minister_decides(seeded: tuple[Library, list[int], bool]) -> None:
    library, ids, _ = seeded
    blank = [s.id for s in library.view().documents() if s.so_ky_hieu is None]
    assert {ids[0], ids[2], ids[3], ids[4]} <= set(blank)
    ttg = {s.id for s in library.view().documents(held=None) if s.issuer_key == "ttg"}
    graph = Graph(library.view()).refresh()
    citing = {
        link.source for i in ttg for link in graph.cited_by(i, within=Filter(facts=False))[1] if not link.inferred
    }
    assert citing == {ids[4]}


# ---------------------------------------------------------------- made graphs


def chain(folder: Path, pairs: list[tuple[int, int]], count: int) -> tuple[Library, list[int]]:
    library = Library.open(folder, create=True, facts=False)
    ids = []
    for at in range(count):
        citations = [cite(f"{b + 1}/QĐ-TTg", f"20{10 + b:02d}-01-01", TTG) for a, b in pairs if a == at]
        ids.append(library.intake.add(record(f"{at + 1}/QĐ-TTg", f"20{10 + at:02d}-01-01", TTG, citations)).id)
    return library, ids


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=16, unique=True))
def test_paths_and_impact_are_those_of_networkx(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]]
) -> None:
    library, ids = chain(tmp_path_factory.mktemp("g") / "l", pairs, 9)
    with library:
        graph = Graph(library.view()).refresh()
        plain = nx.DiGraph()
        plain.add_nodes_from(ids)
        plain.add_edges_from((ids[a], ids[b]) for a, b in pairs if a != b)
        loose = plain.to_undirected()
        for a in ids:
            impact = graph.impact(a, limit=None)
            assert {i for i, _ in impact.reached} == nx.ancestors(plain, a)
            assert impact.direct == plain.in_degree(a)
            assert impact.complete
            for b in ids:
                path = graph.path(a, b)
                if nx.has_path(plain, a, b):
                    assert path is not None
                    assert path.directed
                    assert len(path.steps) == nx.shortest_path_length(plain, a, b)
                elif nx.has_path(loose, a, b):
                    assert path is not None
                    assert not path.directed
                    assert len(path.steps) == nx.shortest_path_length(loose, a, b)
                else:
                    assert path is None
                if path and path.steps:
                    at = a
                    for link, forward in path.steps:
                        assert (link.source if forward else link.target) == at
                        at = link.target if forward else link.source
                    assert at == b


def test_tree_depth_repeats_and_size(tmp_path: Path) -> None:
    library, ids = chain(tmp_path / "l", [(3, 2), (3, 1), (2, 1), (1, 0), (0, 3)], 4)
    with library:
        graph = Graph(library.view()).refresh()
        tree = graph.tree(ids[3], depth=5)
        assert [c.id for c in tree.children] == [ids[2], ids[1]]
        assert tree.children[0].children[0].again  # 1 hangs on 3 already
        assert sum(1 for b in tree.walk() if b.id == ids[3]) == 2  # the ring ends where it began
        assert graph.tree(ids[3], depth=1).children[0].more == 1
        assert graph.tree(ids[3], depth=5, size=2).more == 1
        assert [c.id for c in graph.tree(ids[1], cited_by=True, depth=1).children] == [ids[3], ids[2]]
        with pytest.raises(NotFound):
            graph.tree(999)


def test_filters(tmp_path: Path) -> None:
    library, ids = chain(tmp_path / "l", [(4, 3), (4, 2), (4, 1)], 5)
    with library:
        graph = Graph(library.view()).refresh()

        def kept(**rules: object) -> list[int]:
            return [link.target for link in graph.cites(ids[4], within=Filter(**rules))]  # type: ignore[arg-type]

        assert kept(since="2012") == [ids[3], ids[2]]
        assert kept(until="2012-06") == [ids[2], ids[1]]
        assert kept(relations=frozenset({"thay_the"})) == []
        assert kept(relations=frozenset({"can_cu"})) == [ids[3], ids[2], ids[1]]
        assert len(kept(issuer="ttg")) == 3
        assert kept(issuer="cp") == []
        assert kept(province="thanh-hoa") == []


def test_the_graph_follows_changes_of_the_library(tmp_path: Path) -> None:
    library, ids = chain(tmp_path / "l", [(2, 1), (1, 0)], 3)
    with library:
        graph = Graph(library.view()).refresh()
        assert graph.impact(ids[0]).reached == [(ids[1], 1), (ids[2], 2)]
        new = library.intake.add(
            record("9/KH-UBND", "2024-01-01", "UBND tỉnh X", [cite("3/QĐ-TTg", "2012-01-01", TTG)])
        ).id
        assert graph.refresh().impact(ids[0]).reached == [(ids[1], 1), (ids[2], 2), (new, 3)]
        assert graph.impact(ids[0], limit=2).complete is False
        library.edits.remove(ids[1], "thử")
        assert graph.refresh().impact(ids[0]).reached == []
        assert graph.impact(ids[1]).direct == 1  # a stub now, same address
        whole = Graph(library.view()).refresh()
        assert sorted(map(str, whole.links())) == sorted(map(str, graph.links()))
        keep, drop = ids[2], library.intake.add(record("3/QĐ-TTg", "2012-01-01", TTG, title="bản khác")).id
        library.edits.merge(keep, drop, "bản sao")
        assert drop not in graph.refresh().ids()


def test_a_moment_that_is_over_does_not_set_the_graph_back(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.add(record("1/QĐ-TTg", "2020-01-01", TTG))
        view = library.view()
        graph = Graph(view).refresh()

        def go_on() -> None:
            library.intake.add(record("2/QĐ-TTg", "2020-01-02", TTG, [cite("1/QĐ-TTg", "2020-01-01", TTG)]))
            graph.refresh()

        with view.moment():
            before = view.sequence()
            with ThreadPoolExecutor(1) as other:
                other.submit(go_on).result()
            assert graph.sequence > before == view.sequence()
            assert graph.refresh().sequence > before
        assert graph.refresh().sequence == view.sequence()
        (cited, _) = graph.ids()
        assert graph.standings([cited])[cited].cited_by == 1


def test_co_citation_and_most_cited(tmp_path: Path) -> None:
    library, ids = chain(tmp_path / "l", [(2, 0), (2, 1), (3, 0), (3, 1), (4, 0), (4, 5)], 6)
    with library:
        graph = Graph(library.view()).refresh()
        assert graph.most_cited(1) == [(ids[0], 3)]
        assert graph.counts([ids[0], ids[2], 999]) == {ids[0]: (0, 3), ids[2]: (2, 0)}


def test_restricted_documents_are_in_a_restricted_graph_only(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        a = library.intake.add(record("1/QĐ-TTg", "2020-01-01", TTG)).id
        b = library.intake.add(
            record("2/QĐ-TTg", "2021-01-01", TTG, [cite("1/QĐ-TTg", "2020-01-01", TTG)], circulation="Lưu hành nội bộ")
        ).id
        assert Graph(library.view()).refresh().impact(a).direct == 0
        assert b not in Graph(library.view()).refresh().ids()
        assert Graph(library.view(restricted=True)).refresh().impact(a).direct == 1


def test_a_title_gives_relations_of_the_cited_document(tmp_path: Path) -> None:
    title = "điều chỉnh, bổ sung Quyết định số 1600/QĐ-TTg ngày 16/8/2016"
    assert [(n.relation, str(n.so_ky_hieu), n.date) for n in named_in(title)] == [
        ("sua_doi_bo_sung", "1600/QĐ-TTg", "2016-08-16")
    ]
    assert named_in("bổ sung kinh phí thực hiện Quyết định số 1600/QĐ-TTg") == []
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        source = library.intake.add(
            record(
                "3292/QĐ-UBND", "2018-11-01", "UBND tỉnh Hà Tĩnh",
                [cite("1760/QĐ-TTg", "2017-11-10", TTG, title=title), cite("1600/QĐ-TTg", "2016-08-16", TTG)],
            )
        ).id  # fmt: skip
        graph = Graph(library.view()).refresh()
        amending, amended = library.view().one("1760/QĐ-TTg").id, library.view().one("1600/QĐ-TTg").id
        link = graph.cites(amending)[0]
        assert (link.target, link.relation, link.fact) == (amended, "sua_doi_bo_sung", True)
        assert {li.relation for li in graph.cites(source)} == {"can_cu"}
