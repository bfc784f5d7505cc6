"""The bases of a document (or the documents based on it), step by step, as a tree of JSON data."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from corpus.checks.effect_status import EffectReader
from corpus.graph.graph import Branch, Filter, Graph, Link, Reach
from corpus.law.effect import today
from webui.app import effect_words, effects, json_shapes

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary

__all__ = ["Reach", "link", "put_conflicts", "put_effects", "tree"]


#: Documents in a tree, at most.
MAX_DOCUMENTS = 500


def tree(
    library: LibraryView,
    graph: Graph,
    id: int,
    *,
    depth: int,
    reach: Reach = "legal",
    out: bool = True,
) -> dict[str, Any]:
    """The tree under a document: ``{"document", "children": [{"document", "relation", …, "children"}]}``.

    out: what it cites; else what cites it. reach: legal bases, wide bases, or every citation. A document that is in the
    tree already has no children (``repeated``); ``more`` counts what was left out below it. Raises NotFound.
    """
    root = library.summary(id)
    grown = graph.tree(root.id, cited_by=not out, depth=depth, within=Filter(reach=reach), size=MAX_DOCUMENTS)
    named = library.summaries({branch.id for branch in grown.walk()})
    return _shaped(grown, named)


def _shaped(branch: Branch, named: dict[int, Summary]) -> dict[str, Any]:
    children = [_shaped(child, named) for child in branch.children if child.id in named]
    shaped: dict[str, Any] = {"document": json_shapes.summary(named[branch.id])}
    if branch.link is not None:
        shaped |= {**link(branch.link), "repeated": branch.again, "more": branch.more}
    return {**shaped, "children": children}


def put_conflicts(library: LibraryView, value: dict[str, Any], *, out: bool) -> None:
    """Put into each document of a :func:`tree` where the citing document differs from it (``conflicts``)."""
    below = [(value, child) for child in value["children"]]
    citing: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    while below:
        parent, child = below.pop()
        below += [(child, more) for more in child["children"]]
        ids = (parent["document"]["id"], child["document"]["id"])
        source, target = ids if out else ids[::-1]
        child["conflicts"] = []
        if not child["fact"]:
            citing[target].append((source, child))
    for target, sources in citing.items():
        edges = library.cited_from(target, list(dict.fromkeys(source for source, _ in sources)))
        conflicts = {edge.source: [c for mention in edge.mentions for c in mention.conflicts] for edge in edges}
        for source, child in sources:
            child["conflicts"] = list(dict.fromkeys(conflicts.get(source, [])))


def put_effects(library: LibraryView, graph: Graph, value: dict[str, Any]) -> None:
    """Put into each document of a :func:`tree` its effect today: ``effect`` with state, words, doubtful."""
    nodes = _nodes(value)
    named = library.summaries({node["document"]["id"] for node in nodes})
    reader = EffectReader(library, graph)
    reader.gather(named.values())
    for node in nodes:
        found = reader.status(node["document"]["id"], today())
        words = effect_words.state_words(found)
        node["effect"] = {"state": str(found.state), "words": words, "doubtful": bool(found.hints)}


def put_likely(library: LibraryView, value: dict[str, Any]) -> None:
    """Put into each document of a :func:`tree` what it may be, if nobody holds it and its number is wrong."""
    effects.with_likely(library, _nodes(value))


def _nodes(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The documents of a tree, itself the first."""
    nodes, below = [], [value]
    while below:
        node = below.pop()
        nodes.append(node)
        below += node["children"]
    return nodes


def link(found: Link) -> dict[str, Any]:
    """An edge as JSON data. fact: known from a table or a title only; sure: not presumed."""
    return {
        "relation": found.relation,
        "is_legal_basis": found.is_legal_basis,
        "wide_basis": found.wide_basis,
        "inferred": found.inferred,
        "fact": found.fact,
        "sure": found.sure,
    }
