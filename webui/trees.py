"""What a document rests on (or what rests on it), step by step, as a tree of JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from webui import shapes

if TYPE_CHECKING:
    from webui.reader import Readable

#: legal: legal bases alone; wide: proposals and tasks of the preamble as well; all: every mention.
Reach = Literal["legal", "wide", "all"]


def tree(library: Readable, id: int, *, depth: int, reach: Reach = "legal", out: bool = True) -> dict[str, Any]:
    """The tree under a document: ``{"document", "children": [{"document", "relation", …, "children"}]}``.

    out: what it cites, else what cites it. A document met before is shown once more without children (``repeated``);
    ``more`` counts what lies below the depth asked for. Raises NotFound.
    """
    root: dict[str, Any] = {"document": shapes.summary(library.summary(id)), "children": []}
    met = {root["document"]["id"]}
    level = [root]
    for _ in range(depth):
        below: list[dict[str, Any]] = []
        for node in level:
            for child in _children(library, node["document"]["id"], reach, out):
                child["repeated"] = child["document"]["id"] in met
                node["children"].append(child)
                if not child["repeated"]:
                    met.add(child["document"]["id"])
                    below.append(child)
        level = below
    for node in level:
        if "relation" in node:
            node["more"] = len(_children(library, node["document"]["id"], reach, out))
    return root


def _children(library: Readable, id: int, reach: Reach, out: bool) -> list[dict[str, Any]]:
    found = shapes.cites(library, id) if out else shapes.cited_by(library, id)
    kept = [e for e in found if reach == "all" or e["is_legal_basis"] or (reach == "wide" and e["wide_basis"])]
    return [{**e, "children": []} for e in kept]
