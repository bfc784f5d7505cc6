"""The way from one document to another, and what rests on one, as JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.graph.graph import Filter, Graph, Reach
from webui.app import json_shapes, trees

if TYPE_CHECKING:
    from corpus.library import LibraryView

#: Documents listed as resting on one; the count of direct ones is exact all the same.
MOST = 1_000


def path(library: LibraryView, graph: Graph, a: int, b: int, *, reach: Reach = "all") -> dict[str, Any]:
    """The shortest way from *a* to *b*: along the citations if there is one, else regardless of their direction.

    ``{"start", "end", "directed", "steps": [{"document", "forward", "relation", …, "mention"}]}``; steps is empty where
    there is none (or *a* is *b*). reach: along legal bases, wide bases, or every mention. mention: where the step is said, None for a fact of the tables. Raises NotFound.
    """
    start, end = library.summary(a), library.summary(b)
    found = graph.path(start.id, end.id, within=Filter(reach=reach))
    steps = []
    if found is not None:
        ends = [link.target if forward else link.source for link, forward in found.steps]
        named = library.summaries(ends)
        for (link, forward), other in zip(found.steps, ends, strict=True):
            said = None
            if not link.fact:
                edges = [e for e in library.cites(link.source) if e.target == link.target]
                mentions = [m for e in edges for m in e.mentions if m.citation.relation == link.relation]
                said = json_shapes.mention(mentions[0]) if mentions else None
            steps.append(
                {"document": json_shapes.summary(named[other]), "forward": forward, **trees.link(link), "mention": said}
            )
    return {
        "start": json_shapes.summary(start),
        "end": json_shapes.summary(end),
        "directed": found is None or found.directed,
        "steps": steps,
    }


def impact(library: LibraryView, graph: Graph, id: int, *, wide: bool = False) -> dict[str, Any]:
    """What rests on a document, directly or through others, nearest first.

    ``{"direct", "cut", "rows": [{"document", "step"}]}``; *wide* takes in proposals and tasks of the preamble; cut:
    there is more. Raises NotFound.
    """
    start = library.summary(id)
    within = Filter(reach="wide" if wide else "legal", facts=False)
    found = graph.impact(start.id, within=within, limit=MOST)
    named = library.summaries([other for other, _ in found.reached])
    rows = [
        {"document": json_shapes.summary(named[other]), "step": step} for other, step in found.reached if other in named
    ]
    return {"direct": found.direct, "cut": not found.complete, "rows": rows}
