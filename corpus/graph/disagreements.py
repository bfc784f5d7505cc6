"""Where citations disagree on a document: two dates, issuers or titles for one số hiệu, and who gives which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from corpus import agencies
from corpus.dates import overlap
from corpus.fold import letters
from corpus.library import LibraryView
from corpus.library.values import Attribution, Summary

#: The fields that are compared.
FIELDS = ("date", "issuer", "title")

#: Titles that begin with so many equal letters are one title, worded differently.
_TITLE_LETTERS = 40
#: Documents looked up at once.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class GivenValue:
    """One value that documents give."""

    #: As most of them write it.
    value: str
    #: Ids of the documents that give it, ascending.
    documents: list[int]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One document to which citations, or a citation and its own pages, give different values."""

    #: The document.
    summary: Summary
    #: date, issuer or title.
    field: str
    #: What its own pages say; None for one that is not held.
    own: str | None
    #: The values that citing documents give, the most frequent first.
    given: list[GivenValue]


def disagreements(view: LibraryView, id: int, *, fields: tuple[str, ...] = FIELDS) -> list[Disagreement]:
    """The disagreements on one document, in the order of *fields*. Raises NotFound."""
    here = view.document(id).summary
    return _differences(here, view.attributions([here.id])[here.id], fields)


def all_disagreements(view: LibraryView, *, limit: int = 200) -> list[Disagreement]:
    """The disagreements of the whole library, by document; only on dates and issuers, as wordings of titles differ."""
    found: list[Disagreement] = []
    contested = view.contested()
    for at in range(0, len(contested), _BATCH):
        if len(found) >= limit:
            break
        some = contested[at : at + _BATCH]
        attributions = view.attributions([summary.id for summary in some])
        for summary in some:
            found += _differences(summary, attributions[summary.id], ("date", "issuer"))
    return found[:limit]


def _differences(here: Summary, attributions: Iterable[Attribution], fields: tuple[str, ...]) -> list[Disagreement]:
    sources: dict[str, dict[str, set[int]]] = {name: defaultdict(set) for name in fields}
    for attribution in attributions:
        for name in fields:
            value = getattr(attribution, name)
            if value:
                sources[name][value].add(attribution.source)
    found = []
    for name in fields:
        own = getattr(here, name) if here.held else None
        given = _grouped(name, sources[name])
        differs = own is not None and any(not _is_same(name, own, each.value) for each in given)
        if len(given) > 1 or differs:
            found.append(Disagreement(here, name, own, given))
    return found


def _grouped(field: str, sources: Mapping[str, set[int]]) -> list[GivenValue]:
    """Values with who gives them, those that mean the same as one; the most frequent first."""
    groups: list[GivenValue] = []
    for value, documents in sorted(sources.items(), key=lambda item: (-len(item[1]), item[0])):
        same = next((group for group in groups if _is_same(field, group.value, value)), None)
        if same is None:
            groups.append(GivenValue(value, sorted(documents)))
        else:
            same.documents[:] = sorted({*same.documents, *documents})
    return groups


def _is_same(field: str, a: str, b: str) -> bool:
    """Whether two values mean the same: a title cut short is no other, nor "UBND tỉnh" beside "UBND tỉnh X"."""
    if field == "date":
        return overlap(a, b)
    short, long = sorted((_comparable(field, a), _comparable(field, b)), key=len)
    return long.startswith(short) or (field == "title" and short[:_TITLE_LETTERS] == long[:_TITLE_LETTERS])


@lru_cache(4_096)
def _comparable(field: str, value: str) -> str:
    """*value* in folded letters; an agency and its head have one register of numbers and are one issuer."""
    if field == "issuer":
        value = agencies.without_head(agencies.short(value))
    return letters(value)
