"""What the library lacks and where its papers disagree.

*Wanted*: documents cited but not held, those that most rest on first. *Disagreements*: one số hiệu cited with two dates,
issuers or titles, and by whom.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from corpus import agencies
from corpus.dates import overlap
from corpus.fold import letters
from corpus.graph import Filter, Graph
from corpus.store import Library
from corpus.views import Summary


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document cited but not held, with the majority's date, issuer and title in its summary.

    cited_by: how many documents cite it; basis_of: how many rest on it. conflicts: field → value → documents.
    inferred: no mention names it surely.
    """

    summary: Summary
    cited_by: int
    basis_of: int
    conflicts: dict[str, dict[str, int]]
    inferred: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """One value that documents give. documents: ids of those that say it, in order of id."""

    value: str
    documents: list[int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One document of which several things are said. field: date | issuer | title. own: what its own pages say."""

    summary: Summary
    field: str
    own: str | None
    sayings: list[Saying]


def wanted(
    library: Library, graph: Graph, *, limit: int = 100, include_restricted: bool = False, conflicts: bool = True
) -> list[Wanted]:
    """The documents to look for, most cited first; equals by how many rest on them, then by key.

    conflicts: False leaves them empty, for a long list of which little is shown.
    """
    ranked = graph.most_cited(limit * 2 + 50, held=False)
    rows = library.summaries([id for id, _ in ranked], include_restricted=include_restricted)
    legal = Filter(reach="legal", facts=False)
    found = []
    for id, cited_by in ranked:
        if id in rows:
            links = graph.cited_by_links(id, within=Filter(facts=False))
            basis_of, _ = graph.cited_by(id, within=legal, limit=0)
            inferred = all(link.inferred for link in links)
            found.append(Wanted(rows[id], cited_by, basis_of, {}, inferred))
    found.sort(key=lambda w: (-w.cited_by, -w.basis_of, w.summary.doc_key))
    if not conflicts:
        return found[:limit]
    return [
        Wanted(
            w.summary,
            w.cited_by,
            w.basis_of,
            library.document(w.summary.id, include_restricted=include_restricted).conflicts,
            w.inferred,
        )
        for w in found[:limit]
    ]


def _same(field: str, a: str, b: str) -> bool:
    if field == "date":
        return overlap(a, b)
    if field == "issuer":  # "UBND" and "Ủy ban nhân dân", the chairman and the committee: one register of numbers
        a, b = (agencies.without_head(agencies.short(name)) for name in (a, b))
    short, long = sorted((letters(a), letters(b)), key=len)
    # A title cut short, or "UBND tỉnh" beside "UBND tỉnh X", is no disagreement.
    return long.startswith(short) or (field == "title" and short[:40] == long[:40])


def disagreements(
    library: Library,
    id: int,
    *,
    include_restricted: bool = False,
    fields: tuple[str, ...] = ("date", "issuer", "title"),
) -> list[Disagreement]:
    """Where the documents that cite *id* (and its own pages) differ on its date, issuer or title. Raises NotFound."""
    here = library.document(id, include_restricted=include_restricted)
    said: dict[str, dict[str, set[int]]] = {name: defaultdict(set) for name in fields}
    for edge in library.cited_by(here.id, include_restricted=include_restricted):
        for mention in edge.mentions:
            citation = mention.citation
            values = {
                "date": citation.date,
                "issuer": citation.issuer_resolved or citation.issuer,
                "title": citation.title,
            }
            for name in fields:
                value = values[name]
                if value:
                    said[name][value].add(edge.source)
    found = []
    for name in fields:
        own = getattr(here.summary, name) if here.summary.held else None
        groups: list[Saying] = []
        for value, documents in sorted(said[name].items(), key=lambda kv: (-len(kv[1]), kv[0])):
            alike = next((g for g in groups if _same(name, g.value, value)), None)
            if alike is None:
                groups.append(Saying(value, sorted(documents)))
            else:
                alike.documents[:] = sorted({*alike.documents, *documents})
        other = own is not None and any(not _same(name, own, g.value) for g in groups)
        if len(groups) > 1 or other:
            found.append(Disagreement(here.summary, name, own, groups))
    return found


def all_disagreements(library: Library, *, limit: int = 200, include_restricted: bool = False) -> list[Disagreement]:
    """Disagreements of the whole library, by document; only on dates and issuers (titles differ in wording)."""
    found: list[Disagreement] = []
    for summary in library.contested(include_restricted=include_restricted):
        found += disagreements(library, summary.id, include_restricted=include_restricted, fields=("date", "issuer"))
        if len(found) >= limit:
            break
    return found[:limit]
