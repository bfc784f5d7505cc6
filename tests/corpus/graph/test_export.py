"""What goes out comes back the same through networkx, with stubs and conclusions marked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

from corpus.graph import export
from corpus.graph.graph import Graph
from corpus.library import Library, LibraryView
from corpus.model import Pinpoint
from tests.support.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[LibraryView]:
    library = Library.open(tmp_path / "l", create=True)
    citations = [
        cite("148/QĐ-TTg", "2023-02-24", TTG),
        cite("5/QĐ-UBND", "2020-01-01"),
        cite("9/KH-UBND", "2020", TINH, relation="thay_the", is_legal_basis=False, zone="body"),
    ]
    title = '=HYPERLINK("x") "kế hoạch" <b>\\ & '
    library.intake.add(record("1/KH-UBND", "2024-01-01", TINH, citations, title=title))
    library.intake.add(record("9/KH-UBND", "2020-02-03", TINH))
    yield library.view()
    library.close()


def test_through_networkx_and_back(made: LibraryView) -> None:
    graph = Graph(made).refresh()
    whole = export.as_networkx(made, graph)
    assert whole.number_of_nodes() == len(graph.ids())
    assert whole.number_of_edges() == len(list(graph.links()))
    xml = export.graphml(made, graph)
    back = nx.parse_graphml(xml, node_type=int, force_multigraph=True)
    assert {n: dict(v) for n, v in back.nodes(data=True)} == {n: dict(v) for n, v in whole.nodes(data=True)}

    def edges(g: nx.MultiDiGraph) -> list[tuple[int, int, str]]:
        return sorted((a, b, json.dumps(v, sort_keys=True)) for a, b, v in g.edges(data=True))

    assert [e[:2] for e in edges(back)] == [e[:2] for e in edges(whole)]
    kept = sorted((a, b, v["relation"], v["inferred"], v["fact"]) for a, b, v in back.edges(data=True))
    assert kept == sorted((a, b, v["relation"], v["inferred"], v["fact"]) for a, b, v in whole.edges(data=True))
    again = nx.read_gexf(io.BytesIO(export.gexf(made, graph).encode("utf-8")), node_type=int)
    assert set(again.nodes) == set(whole.nodes)
    assert {(a, b) for a, b, *_ in again.edges} == {(a, b) for a, b, *_ in whole.edges}
    assert any(v["fact"] for *_, v in whole.edges(data=True))
    assert any(v["inferred"] for *_, v in whole.edges(data=True))
    assert {v["held"] for _, v in whole.nodes(data=True)} == {True, False}


def test_tables_are_safe_to_open(made: LibraryView) -> None:
    graph = Graph(made).refresh()
    rows = list(csv.DictReader(io.StringIO(export.nodes_csv(made, graph))))
    assert len(rows) == len(graph.ids())
    assert next(r for r in rows if r["so_ky_hieu"] == "1/KH-UBND")["title"].startswith("'=HYPERLINK")
    links = list(csv.DictReader(io.StringIO(export.edges_csv(made, graph))))
    assert {r["source"] for r in links} | {r["target"] for r in links} <= {r["id"] for r in rows}


def test_cited_provisions_are_in_every_format(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        citation = cite("148/QĐ-TTg", "2023-02-24", TTG)
        citation["pinpoints"] = [Pinpoint(0, 1, clause="1", appendix="II"), Pinpoint(0, 1, article="3")]
        library.intake.add(record("1/KH-UBND", "2024-01-01", TINH, [citation, cite("5/QĐ-UBND", "2020-01-01")]))
        view = library.view()
        for write, _, _ in export.FORMATS.values():
            named = "khoản 1 Phụ lục II; Điều 3" in write(view, Graph(view))
            assert named is (write is not export.nodes_csv)
        edges = list(csv.DictReader(io.StringIO(export.edges_csv(view, Graph(view)))))
        assert sorted(row["provisions"] for row in edges) == ["", "khoản 1 Phụ lục II; Điều 3"]


def test_dot_marks_stubs_and_conclusions(made: LibraryView) -> None:
    text = export.dot(made, Graph(made))
    assert text.count('style="dashed"') >= 2
    assert 'style="dotted"' in text
    assert 'style="bold"' in text
    assert text.count("{") == text.count("}") == 1


def test_jsonld(made: LibraryView) -> None:
    items = json.loads(export.jsonld(made, Graph(made)))["@graph"]
    plan = next(i for i in items if i.get("legislationIdentifier") == "1/KH-UBND")
    by_id = {i["@id"]: i for i in items}
    assert by_id[plan["isBasedOn"][0]["@id"]]["legislationIdentifier"] == "148/QĐ-TTg"
    assert by_id[plan["legislationRepeals"][0]["@id"]]["legislationIdentifier"] == "9/KH-UBND"
    assert plan["legislationJurisdiction"] == "tỉnh Thanh Hóa"
    assert by_id[plan["cc:inferred"][0]["@id"]]["legislationIdentifier"] == "5/QĐ-UBND"


def test_every_format_writes(made: LibraryView) -> None:
    graph = Graph(made)
    for write, _, name in export.FORMATS.values():
        assert "148" in write(made, graph) or name.endswith("dan-chieu.csv")
