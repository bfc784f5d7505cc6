"""The graph for other programs: GraphML, GEXF, DOT, CSV of nodes and of edges, JSON-LD.

Stubs (cited, not held) and edges that are concluded or that only tables tell of are marked in every format: attributes
``held``, ``known_only``, ``inferred``, ``fact``, ``sure``; in DOT stubs are dashed and such edges dotted. JSON-LD is
schema.org ``Legislation`` with ELI properties; addresses are ``urn:can-cu:<doc_key>`` unless a base is given.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import networkx as nx

from corpus import agencies, areas
from corpus.graph.graph import Graph, Link
from corpus.library import LibraryView
from corpus.library.values import Summary

# What XML 1.0 cannot hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A spreadsheet takes such a cell for a formula.
_FORMULA = re.compile("[ \u00a0]*[=+\\-@\t\r\n＝＋－＠]")

NODE_FIELDS = (
    "id", "doc_key", "name", "so_ky_hieu", "doc_type", "date", "issuer", "issuer_key", "title", "held", "known_only", "unsure",
)  # fmt: skip
EDGE_FIELDS = ("source", "target", "relation", "is_legal_basis", "wide_basis", "inferred", "fact", "sure")

_SCHEMA = {
    "sua_doi_bo_sung": "legislationAmends",
    "thay_the": "legislationRepeals",
    "bai_bo": "legislationRepeals",
    "dinh_chinh": "legislationCorrects",
    "hop_nhat": "legislationConsolidates",
    "huong_dan": "legislationApplies",
}
_ELI = {
    "sua_doi_bo_sung": "eli:amends",
    "thay_the": "eli:repeals",
    "bai_bo": "eli:repeals",
    "dinh_chinh": "eli:corrects",
    "hop_nhat": "eli:consolidates",
    "huong_dan": "eli:implements",
}


def _content(view: LibraryView, graph: Graph) -> tuple[list[Summary], list[Link]]:
    graph.refresh()
    rows = view.summaries(graph.ids())
    links = [link for link in graph.links() if link.source in rows and link.target in rows]
    return [rows[id] for id in sorted(rows)], links


def _node(row: Summary) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in NODE_FIELDS}
    return {k: _NO_XML.sub(" ", v) if isinstance(v, str) else v for k, v in values.items() if v is not None}


def _edge(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in EDGE_FIELDS[2:]}


def as_networkx(view: LibraryView, graph: Graph) -> nx.MultiDiGraph:
    """The graph as networkx has it: nodes by id, an edge a relation, keyed by the relation."""
    rows, links = _content(view, graph)
    made = nx.MultiDiGraph(name="can-cu")
    for row in rows:
        values = _node(row)
        made.add_node(values.pop("id"), label=values.pop("name"), **values)
    for link in links:
        made.add_edge(link.source, link.target, key=link.relation, **_edge(link))
    return made


def graphml(view: LibraryView, graph: Graph) -> str:
    """GraphML, typed attributes."""
    out = io.BytesIO()
    nx.write_graphml_xml(as_networkx(view, graph), out)
    return out.getvalue().decode("utf-8")


def gexf(view: LibraryView, graph: Graph) -> str:
    """GEXF 1.2; a document with a full date starts on it."""
    made = as_networkx(view, graph)
    made.graph["mode"] = "dynamic"
    made.graph["timeformat"] = "date"
    for _, values in made.nodes(data=True):
        if len(values.get("date", "")) == 10:
            values["start"] = values["date"]
    out = io.BytesIO()
    nx.write_gexf(made, out, version="1.2draft")
    return out.getvalue().decode("utf-8")


def dot(view: LibraryView, graph: Graph) -> str:
    """Graphviz: a stub is dashed, what is concluded or told by tables dotted, legal basis bold."""
    rows, links = _content(view, graph)
    lines = ["digraph can_cu {", '  rankdir="BT";', '  node [shape="box", fontname="sans-serif"];']
    for row in rows:
        label = "\\n".join(_quoted(t) for t in (row.name, row.issuer or "", row.date or "") if t)
        style = "" if row.held else ', style="dashed"'
        lines.append(f'  n{row.id} [label="{label}"{style}];')
    for link in links:
        style = "dotted" if link.inferred or link.fact else "bold" if link.is_legal_basis else "solid"
        lines.append(f'  n{link.source} -> n{link.target} [label="{link.relation}", style="{style}"];')
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    return _NO_XML.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _table(fields: Iterable[str], rows: Iterable[Callable[[str], Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(fields)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row(name)) for name in names])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value


def nodes_csv(view: LibraryView, graph: Graph) -> str:
    """A line a document. Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    rows, _ = _content(view, graph)
    return _table(NODE_FIELDS, [lambda name, row=row: getattr(row, name) for row in rows])  # type: ignore[misc]


def edges_csv(view: LibraryView, graph: Graph) -> str:
    """A line an edge; source and target are ids of the nodes' table."""
    _, links = _content(view, graph)
    return _table(EDGE_FIELDS, [lambda name, link=link: getattr(link, name) for link in links])  # type: ignore[misc]


def jsonld(view: LibraryView, graph: Graph, *, base: str = "urn:can-cu:") -> str:
    """JSON-LD: one node of ``@graph`` a document. What a table or a conclusion alone tells is listed under ``inferred``."""
    rows, links = _content(view, graph)
    address = {row.id: base + quote(row.doc_key, safe="") for row in rows}
    by_source: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_source[link.source].append(link)
    items = [_legislation(row, by_source[row.id], address) for row in rows]
    context = {"@vocab": "https://schema.org/", "eli": "http://data.europa.eu/eli/ontology#", "cc": "urn:can-cu:"}
    return json.dumps({"@context": context, "@graph": items}, ensure_ascii=False, indent=1)


def _legislation(row: Summary, links: list[Link], address: dict[int, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "@id": address[row.id],
        "@type": ["Legislation", "eli:LegalResource"],
        "name": row.name,
        "inLanguage": "vi",
        "cc:held": row.held,
    }
    values = {
        "legislationIdentifier": row.so_ky_hieu,
        "eli:id_local": row.so_ky_hieu,
        "legislationType": row.doc_type,
        "eli:type_document": row.doc_type,
        "legislationDate": row.date,
        "eli:date_document": row.date,
        "legislationPassedBy": row.issuer,
        "eli:passed_by": row.issuer,
        "description": row.title,
        "eli:title": row.title,
    }
    item.update({name: value for name, value in values.items() if value})
    province = agencies.province(row.issuer_key)
    item["legislationJurisdiction"] = (
        areas.full_name(province) if province and province in areas.provinces() else "Việt Nam"
    )
    told: dict[str, list[dict[str, str]]] = defaultdict(list)
    for link in links:
        to = {"@id": address[link.target]}
        if link.inferred or link.fact:
            told["cc:inferred"].append({**to, "cc:relation": link.relation})
            continue
        if link.is_legal_basis:
            names = ("isBasedOn", "eli:based_on")
        elif link.relation in _SCHEMA:
            names = (_SCHEMA[link.relation], _ELI[link.relation])
        else:
            names = ("citation", "eli:cites")
        for name in names:
            if to not in told[name]:
                told[name].append(to)
    return {**item, **told}


#: Format → (function, media type, file name).
FORMATS: dict[str, tuple[Callable[..., str], str, str]] = {
    "graphml": (graphml, "application/graphml+xml", "can-cu.graphml"),
    "gexf": (gexf, "application/gexf+xml", "can-cu.gexf"),
    "dot": (dot, "text/vnd.graphviz", "can-cu.dot"),
    "nodes.csv": (nodes_csv, "text/csv", "can-cu-van-ban.csv"),
    "edges.csv": (edges_csv, "text/csv", "can-cu-dan-chieu.csv"),
    "jsonld": (jsonld, "application/ld+json", "can-cu.jsonld"),
}
