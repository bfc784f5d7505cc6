"""Where documents disagree on another: one số hiệu cited with two dates, issuers or titles, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus import agencies
from corpus.dates import overlap
from corpus.fold import letters
from corpus.library import LibraryView
from corpus.library.values import Attribution, Summary


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


def _same(field: str, a: str, b: str) -> bool:
    if field == "date":
        return overlap(a, b)
    short, long = sorted((_plain(field, a), _plain(field, b)), key=len)
    # A title cut short, or "UBND tỉnh" beside "UBND tỉnh X", is no disagreement.
    return long.startswith(short) or (field == "title" and short[:40] == long[:40])


@lru_cache(4_096)
def _plain(field: str, said: str) -> str:
    if field == "issuer":  # "UBND" and "Ủy ban nhân dân", the chairman and the committee: one register of numbers
        said = agencies.without_head(agencies.short(said))
    return letters(said)


def disagreements(
    view: LibraryView,
    id: int,
    *,
    fields: tuple[str, ...] = ("date", "issuer", "title"),
) -> list[Disagreement]:
    """Where the documents that cite *id* (and its own pages) differ on its date, issuer or title. Raises NotFound."""
    here = view.document(id).summary
    return _differences(here, view.attributions([here.id])[here.id], fields)


def _differences(here: Summary, sayings: Iterable[Attribution], fields: tuple[str, ...]) -> list[Disagreement]:
    said: dict[str, dict[str, set[int]]] = {name: defaultdict(set) for name in fields}
    for saying in sayings:
        for name in fields:
            if value := getattr(saying, name):
                said[name][value].add(saying.source)
    found = []
    for name in fields:
        own = getattr(here, name) if here.held else None
        groups: list[Saying] = []
        for value, documents in sorted(said[name].items(), key=lambda kv: (-len(kv[1]), kv[0])):
            alike = next((g for g in groups if _same(name, g.value, value)), None)
            if alike is None:
                groups.append(Saying(value, sorted(documents)))
            else:
                alike.documents[:] = sorted({*alike.documents, *documents})
        other = own is not None and any(not _same(name, own, g.value) for g in groups)
        if len(groups) > 1 or other:
            found.append(Disagreement(here, name, own, groups))
    return found


def all_disagreements(view: LibraryView, *, limit: int = 200) -> list[Disagreement]:
    """Disagreements of the whole library, by document; only on dates and issuers (titles differ in wording)."""
    found: list[Disagreement] = []
    contested = view.contested()
    for at in range(0, len(contested), 500):
        if len(found) >= limit:
            break
        some = contested[at : at + 500]
        said = view.attributions([summary.id for summary in some])
        for summary in some:
            found += _differences(summary, said[summary.id], ("date", "issuer"))
    return found[:limit]
