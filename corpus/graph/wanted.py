"""Documents that are cited but not held, most cited first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.graph.graph import Graph
from corpus.library import LibraryView
from corpus.library.values import Summary


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document cited but not held."""

    #: With the date, issuer and title that most citations give.
    summary: Summary
    #: How many documents cite it.
    cited_by: int
    #: How many of these have it as their legal basis.
    basis_of: int
    #: Field → value → how many documents say so, where they differ.
    conflicts: dict[str, dict[str, int]]
    #: No mention names it surely.
    inferred: bool


def wanted(view: LibraryView, graph: Graph, *, limit: int = 100, conflicts: bool = True) -> list[Wanted]:
    """The documents to look for, most cited first, then by how many have them as a basis, then by key.

    conflicts: False leaves them empty, for a long list of which little is shown.
    """
    ranked = graph.most_cited(limit * 2 + 50, held=False)
    rows = view.summaries([id for id, _ in ranked])
    dependents = graph.dependents(list(rows))
    found = []
    for id, cited_by in ranked:
        if id in rows and id in dependents:  # else it was added or removed meanwhile
            basis_of, inferred = dependents[id]
            found.append(Wanted(rows[id], cited_by, basis_of, {}, inferred))
    found.sort(key=lambda w: (-w.cited_by, -w.basis_of, w.summary.doc_key))
    if not conflicts:
        return found[:limit]
    return [replace(one, conflicts=view.document(one.summary.id).conflicts) for one in found[:limit]]
