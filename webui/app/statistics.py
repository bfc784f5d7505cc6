"""Counts of the documents by year, type and agency, and the chain of changes around one document on a time line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select

from corpus.fold import fold
from corpus.law.effect import BY_RELATION
from corpus.library.schema import nodes
from webui.app import charts, json_shapes
from webui.app.charts import Bar, Moment
from webui.app.labels import RELATIONS, date_text
from webui.app.revision import agencies

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Summary

#: Bars of a chart; its table has the same ones and says how many documents are beyond.
MOST = 12
#: Documents of a chain.
CHAIN = 40


def counted(library: LibraryView) -> list[dict[str, Any]]:
    """The counts of what is held: ``[{"name", "heading", "bars", "others", "chart"}]`` by year, type and agency."""
    years = sorted(_grouped(library, func.substr(nodes.c.date, 1, 4)), key=lambda pair: pair[0] or "")
    kinds = sorted(_grouped(library, nodes.c.doc_type), key=lambda pair: (-pair[1], fold(pair[0] or "")))
    names = [(one["name"], int(one["total"])) for one in agencies(library, MOST)]
    by_year = [Bar(year, total, f"/?nam={year}") for year, total in years if year]
    by_kind = [Bar(kind, total, f"/?loai={quote_plus(kind)}") for kind, total in kinds if kind]
    total = sum(count for _, count in years)
    by_agency = [Bar(name, count, f"/ra-soat?coquan={quote_plus(name)}") for name, count in names]
    return [
        _section("nam", "Theo năm ban hành", by_year, total, charts.columns(by_year, "Số văn bản theo năm")),
        _rows("loai", "Theo loại văn bản", by_kind, total),
        _rows("co-quan", "Theo cơ quan ban hành", by_agency, total),
    ]


def _rows(name: str, heading: str, bars: list[Bar], total: int) -> dict[str, Any]:
    return _section(name, heading, bars[:MOST], total, charts.rows(bars[:MOST], heading))


def _section(name: str, heading: str, bars: list[Bar], total: int, chart: Markup) -> dict[str, Any]:
    """others: documents that no bar counts."""
    others = total - sum(bar.value for bar in bars)
    return {"name": name, "heading": heading, "bars": bars, "others": others, "chart": chart}


def _grouped(library: LibraryView, by: ColumnElement[Any]) -> list[tuple[str | None, int]]:
    query = (
        select(by, func.count())
        .where(nodes.c.held.is_(True), nodes.c.merged_into.is_(None), library.visible)
        .group_by(by)
    )
    with library.reading() as connection:
        return [(value or None, int(count)) for value, count in connection.execute(query)]


def chain(library: LibraryView, graph: Graph, id: int) -> dict[str, Any]:
    """What a document replaced, amended or repealed, and what did so to it, step by step, on a time line.

    ``{"document", "rows": [{"document", "date", "changes": [{"relation", "document"}]}], "cut", "chart"}``, the oldest
    first; changes: what the row's document does to others. Raises NotFound.
    """
    start = library.summary(id).id
    edges: dict[tuple[int, int], str] = {}
    cut = _follow(graph, start, edges, back=True) | _follow(graph, start, edges, back=False)
    named = library.summaries({start, *(end for pair in edges for end in pair)})
    ordered = sorted(named.values(), key=lambda one: (one.date is None, one.date or "", one.id))
    moments = [
        Moment(one.id, one.name, one.date or "", date_text(one.date), f"/van-ban/{one.id}", one.id == start)
        for one in ordered
    ]
    changes = [(a, b, RELATIONS[relation]) for (a, b), relation in edges.items() if a in named and b in named]
    return {
        "document": json_shapes.summary(named[start]),
        "rows": [
            {
                "document": json_shapes.summary(one),
                "changes": [_change(words, named[b]) for a, b, words in changes if a == one.id],
            }
            for one in ordered
        ],
        "cut": cut,
        "chart": charts.time_line(moments, changes, "Dòng thời gian thay thế, sửa đổi"),
    }


def _change(words: str, changed: Summary) -> dict[str, Any]:
    return {"relation": words, "document": json_shapes.summary(changed)}


def _follow(graph: Graph, start: int, edges: dict[tuple[int, int], str], *, back: bool) -> bool:
    """Add the changes that lead from *start* to older documents (*back*) or to newer ones. True: some are left out."""
    ahead, seen = [start], {start}
    while ahead:
        here = ahead.pop(0)
        links = graph.cites(here) if back else graph.cited_by_links(here)
        for link in links:
            if link.relation not in BY_RELATION or not link.sure or link.inferred:
                continue
            other = link.target if back else link.source
            if other not in seen and len(seen) >= CHAIN:
                return True
            edges.setdefault((link.source, link.target), link.relation)
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return False
