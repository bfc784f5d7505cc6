"""The way from one document to another through their citations."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from webui import shapes

if TYPE_CHECKING:
    from webui.reader import Readable

#: Documents looked at before the search is given up; a longer way tells nobody anything.
MOST = 3_000


def path(library: Readable, a: int, b: int) -> dict[str, Any]:
    """The shortest way from *a* to *b*: along the citations if there is one, else regardless of their direction.

    ``{"start", "end", "directed", "steps": [{"document", "forward", "relation", …}]}``; steps is empty where there is
    none (or *a* is *b*). Raises NotFound.
    """
    start, end = library.summary(a), library.summary(b)
    told: dict[str, Any] = {"start": shapes.summary(start), "end": shapes.summary(end), "directed": True, "steps": []}
    if start.id == end.id:
        return told
    for directed in (True, False):
        steps = _search(library, start.id, end.id, directed)
        if steps:
            return {**told, "directed": directed, "steps": steps}
    return told


def _search(library: Readable, a: int, b: int, directed: bool) -> list[dict[str, Any]]:
    came: dict[int, tuple[int, dict[str, Any]] | None] = {a: None}
    waiting = deque([a])
    while waiting and len(came) < MOST:
        here = waiting.popleft()
        steps = [{**edge, "forward": True} for edge in shapes.cites(library, here)]
        if not directed:
            steps += [{**edge, "forward": False} for edge in shapes.cited_by(library, here)]
        steps.sort(key=lambda step: not step["is_legal_basis"])
        for step in steps:
            there = step["document"]["id"]
            if there in came:
                continue
            came[there] = (here, step)
            if there == b:
                return _unwound(came, b)
            waiting.append(there)
    return []


def _unwound(came: dict[int, tuple[int, dict[str, Any]] | None], b: int) -> list[dict[str, Any]]:
    steps = []
    at = came[b]
    while at is not None:
        steps.append(at[1])
        at = came[at[0]]
    return steps[::-1]


def impact(library: Readable, id: int, *, wide: bool = False) -> dict[str, Any]:
    """What rests on a document, directly or through others, nearest first.

    ``{"direct", "cut", "rows": [{"document", "step", "through", "inferred"}]}``; *wide* takes in proposals and tasks of
    the preamble; cut: there is more. Raises NotFound.
    """
    met = {library.summary(id).id}
    rows: list[dict[str, Any]] = []
    level = [(shapes.summary(library.summary(id)), False)]
    step = 0
    while level and len(rows) < MOST:
        step += 1
        below = []
        for through, unsure in level:
            for edge in shapes.cited_by(library, through["id"]):
                found = edge["document"]
                if found["id"] in met or not (edge["is_legal_basis"] or (wide and edge["wide_basis"])):
                    continue
                met.add(found["id"])
                inferred = unsure or edge["inferred"]
                rows.append({"document": found, "step": step, "through": through, "inferred": inferred})
                below.append((found, inferred))
        level = below
    return {"direct": sum(r["step"] == 1 for r in rows), "cut": bool(level), "rows": rows}
