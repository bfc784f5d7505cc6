"""The graph for other programs: GraphML, GEXF, DOT, CSV of nodes and of edges, JSON-LD.

Stubs (cited, not held) and edges that were inferred or come from tables alone are marked in every format: attributes
``held``, ``known_only``, ``inferred``, ``fact``, ``sure``; in DOT stubs are dashed and such edges dotted. JSON-LD is
schema.org ``Legislation`` with properties of ELI (European Legislation Identifier).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

import networkx as nx

from corpus import agencies, areas
from corpus.graph.graph import Graph, Link
from corpus.library import LibraryView
from corpus.library.cited_provisions import CitedProvisions, cited_provisions
from corpus.library.values import Summary
from corpus.vocabulary import Relation

#: Characters that XML 1.0 cannot hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: How a cell begins that a spreadsheet takes for a formula.
_FORMULA = re.compile("[ \u00a0]*[=+\\-@\t\r\n＝＋－＠]")

#: What is written of a document, in this order.
NODE_FIELDS = (
    "id",
    "doc_key",
    "name",
    "so_ky_hieu",
    "doc_type",
    "date",
    "issuer",
    "issuer_key",
    "title",
    "held",
    "known_only",
    "unsure",
)
#: What is written of an edge, in this order.
EDGE_FIELDS = ("source", "target", "relation", "is_legal_basis", "wide_basis", "inferred", "fact", "sure")
#: Behind them: the provisions cited ("khoản 1 Điều 5; Điều 7"); nothing where the whole is.
_PROVISIONS = "provisions"

#: Relation → the properties of schema.org and of ELI.
_PROPERTIES: dict[str, tuple[str, str]] = {
    Relation.AMENDS: ("legislationAmends", "eli:amends"),
    Relation.REPLACES: ("legislationRepeals", "eli:repeals"),
    Relation.REPEALS: ("legislationRepeals", "eli:repeals"),
    Relation.CORRECTS: ("legislationCorrects", "eli:corrects"),
    Relation.CONSOLIDATES: ("legislationConsolidates", "eli:consolidates"),
    Relation.GUIDES: ("legislationApplies", "eli:implements"),
}
_BASIS_PROPERTIES = ("isBasedOn", "eli:based_on")
_CITATION_PROPERTIES = ("citation", "eli:cites")


def _content(view: LibraryView, graph: Graph) -> tuple[list[Summary], list[Link]]:
    """The documents that *view* shows, by id, and the edges between them."""
    graph.refresh()
    rows = view.summaries(graph.ids())
    links = [link for link in graph.links() if link.source in rows and link.target in rows]
    return [rows[id] for id in sorted(rows)], links


def _node(row: Summary) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in NODE_FIELDS}
    return {
        name: _NO_XML.sub(" ", value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }


def _edge(link: Link, cited: CitedProvisions) -> dict[str, Any]:
    provisions = _provisions(link, cited)
    named = {_PROVISIONS: _NO_XML.sub(" ", provisions)} if provisions else {}
    return {name: getattr(link, name) for name in EDGE_FIELDS[2:]} | named


def _provisions(link: Link, cited: CitedProvisions) -> str:
    return cited.get((link.source, link.target, link.relation), "")


def as_networkx(view: LibraryView, graph: Graph) -> nx.MultiDiGraph:
    """The graph in networkx: nodes by id, one edge for each relation of two documents, with the relation as its key."""
    rows, links = _content(view, graph)
    cited = cited_provisions(view)
    made = nx.MultiDiGraph(name="can-cu")
    for row in rows:
        values = _node(row)
        made.add_node(values.pop("id"), label=values.pop("name"), **values)
    for link in links:
        made.add_edge(link.source, link.target, key=link.relation, **_edge(link, cited))
    return made


def graphml(view: LibraryView, graph: Graph) -> str:
    """GraphML with typed attributes."""
    out = io.BytesIO()
    nx.write_graphml_xml(as_networkx(view, graph), out)
    return out.getvalue().decode("utf-8")


def gexf(view: LibraryView, graph: Graph) -> str:
    """GEXF 1.2; the time of a document begins on its date where that is a full one."""
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
    """Graphviz DOT: stubs are dashed, edges inferred or of tables dotted, those of legal bases bold."""
    rows, links = _content(view, graph)
    cited = cited_provisions(view)
    lines = ["digraph can_cu {", '  rankdir="BT";', '  node [shape="box", fontname="sans-serif"];']
    for row in rows:
        label = "\\n".join(_quoted(part) for part in (row.name, row.issuer or "", row.date or "") if part)
        style = "" if row.held else ', style="dashed"'
        lines.append(f'  n{row.id} [label="{label}"{style}];')
    for link in links:
        style = "dotted" if link.inferred or link.fact else "bold" if link.is_legal_basis else "solid"
        named = _quoted(_provisions(link, cited))
        label = f"{link.relation}\\n{named}" if named else link.relation
        lines.append(f'  n{link.source} -> n{link.target} [label="{label}", style="{style}"];')
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    return _NO_XML.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _table(fields: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV table (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(fields)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value


def nodes_csv(view: LibraryView, graph: Graph) -> str:
    """One line a document. Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    rows, _ = _content(view, graph)
    return _table(NODE_FIELDS, ([getattr(row, name) for name in NODE_FIELDS] for row in rows))


def edges_csv(view: LibraryView, graph: Graph) -> str:
    """One line an edge; source and target are ids of :func:`nodes_csv`."""
    _, links = _content(view, graph)
    cited = cited_provisions(view)
    values = ([*(getattr(link, name) for name in EDGE_FIELDS), _provisions(link, cited)] for link in links)
    return _table((*EDGE_FIELDS, _PROVISIONS), values)


def jsonld(view: LibraryView, graph: Graph, *, base: str = "urn:can-cu:") -> str:
    """JSON-LD: each document is a node of ``@graph``; edges inferred or of tables alone stand in ``cc:inferred``.

    base: what the address of a document begins with; its ``doc_key`` follows.
    """
    rows, links = _content(view, graph)
    address = {row.id: base + quote(row.doc_key, safe="") for row in rows}
    by_source: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_source[link.source].append(link)
    cited = cited_provisions(view)
    items = [_legislation(row, by_source[row.id], address, cited) for row in rows]
    context = {"@vocab": "https://schema.org/", "eli": "http://data.europa.eu/eli/ontology#", "cc": "urn:can-cu:"}
    return json.dumps({"@context": context, "@graph": items}, ensure_ascii=False, indent=1)


def _legislation(row: Summary, links: list[Link], address: dict[int, str], cited: CitedProvisions) -> dict[str, Any]:
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
    return {**item, **_references(links, address, cited)}


def _references(links: list[Link], address: dict[int, str], cited: CitedProvisions) -> dict[str, list[dict[str, str]]]:
    """The edges of one document by property, each target once."""
    references: dict[str, list[dict[str, str]]] = defaultdict(list)
    for link in links:
        target = {"@id": address[link.target]}
        if provisions := _provisions(link, cited):
            target["cc:provisions"] = provisions
        if link.inferred or link.fact:
            references["cc:inferred"].append({**target, "cc:relation": link.relation})
            continue
        if link.is_legal_basis:
            names = _BASIS_PROPERTIES
        else:
            names = _PROPERTIES.get(link.relation, _CITATION_PROPERTIES)
        for name in names:
            if target not in references[name]:
                references[name].append(target)
    return references


#: Format → (function, media type, file name).
FORMATS: dict[str, tuple[Callable[..., str], str, str]] = {
    "graphml": (graphml, "application/graphml+xml", "can-cu.graphml"),
    "gexf": (gexf, "application/gexf+xml", "can-cu.gexf"),
    "dot": (dot, "text/vnd.graphviz", "can-cu.dot"),
    "nodes.csv": (nodes_csv, "text/csv", "can-cu-van-ban.csv"),
    "edges.csv": (edges_csv, "text/csv", "can-cu-dan-chieu.csv"),
    "jsonld": (jsonld, "application/ld+json", "can-cu.jsonld"),
}
