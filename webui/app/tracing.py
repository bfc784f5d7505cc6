"""The path from one document to another, and what a change of one affects, as JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.graph.graph import Filter, Graph, Reach
from webui.app import json_shapes, trees

if TYPE_CHECKING:
    from corpus.library import LibraryView

#: Affected documents that are listed; the number of direct ones is exact nevertheless.
MAX_AFFECTED = 1_000


def path(library: LibraryView, graph: Graph, a: int, b: int, *, reach: Reach = "all") -> dict[str, Any]:
    """The shortest path from *a* to *b*: along citations if there is one, else regardless of their direction.

    ``{"start", "end", "directed", "steps": [{"document", "forward", "relation", …, "mention"}]}``; steps is empty where
    there is no path, or *a* is *b*. mention: the citation of the step, None for a fact of the tables. reach: along
    legal bases, wide bases, or every citation. Raises NotFound.
    """
    start, end = library.summary(a), library.summary(b)
    found = graph.path(start.id, end.id, within=Filter(reach=reach))
    steps = []
    if found is not None:
        ends = [link.target if forward else link.source for link, forward in found.steps]
        named = library.summaries(ends)
        for (link, forward), other in zip(found.steps, ends, strict=True):
            mention = None
            if not link.fact:
                edges = [e for e in library.cites(link.source) if e.target == link.target]
                mentions = [m for e in edges for m in e.mentions if m.citation.relation == link.relation]
                mention = json_shapes.mention(mentions[0]) if mentions else None
            steps.append(
                {
                    "document": json_shapes.summary(named[other]),
                    "forward": forward,
                    **trees.link(link),
                    "mention": mention,
                }
            )
    return {
        "start": json_shapes.summary(start),
        "end": json_shapes.summary(end),
        "directed": found is None or found.directed,
        "steps": steps,
    }


def impact(library: LibraryView, graph: Graph, id: int, *, wide: bool = False) -> dict[str, Any]:
    """The documents based on a document, directly or through others, nearest first.

    ``{"direct", "cut", "rows": [{"document", "step"}]}``: direct is the number of those at one step; cut: there are
    more. wide: proposals and tasks of the preamble count as bases too. Raises NotFound.
    """
    start = library.summary(id)
    within = Filter(reach="wide" if wide else "legal", facts=False)
    found = graph.impact(start.id, within=within, limit=MAX_AFFECTED)
    named = library.summaries([other for other, _ in found.reached])
    rows = [
        {"document": json_shapes.summary(named[other]), "step": step} for other, step in found.reached if other in named
    ]
    return {"direct": found.direct, "cut": not found.complete, "rows": rows}
