"""Documents of the library that share the number of a căn cứ, or its day, and may be what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus import identity
from corpus.checks.comparison import WrittenBasis
from corpus.checks.issuer_check import is_placeless, kind_of_agency
from corpus.checks.title_check import likeness
from corpus.checks.wording import facts_of, wording
from corpus.identity import Facts
from corpus.library import LibraryView
from corpus.library.values import Reference, Summary

#: What a document shares with a căn cứ besides its number: the day, the issuer, nothing.
Shared = Literal["ngay", "co_quan", "so"]

#: The same, the most conclusive first.
_SHARED: tuple[Shared, ...] = ("ngay", "co_quan", "so")
#: Documents of its number that are named for one căn cứ.
_MOST = 4
#: The share of syllables from which two titles may be of one document.
_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Near:
    """A document with the number of a căn cứ."""

    id: int
    #: Its full wording.
    words: str
    same: Shared


def of_same_number(basis: WrittenBasis, view: LibraryView) -> list[Near]:
    """The documents with its number and ký hiệu: those of its day first, then those of its issuer, then others."""
    citation, key = basis.citation, basis.considered.facts.issuer_key
    if citation.so_ky_hieu is None or not basis.considered.facts.sym_key:
        return []
    found: list[Near] = []
    for other in _with_number(citation.so_ky_hieu, basis.considered.facts.sym_key, view):
        same: Shared = "so"
        if citation.date and other.date and citation.date == other.date:
            same = "ngay"
        elif other.issuer_key and other.issuer_key == key:
            same = "co_quan"
        if other.date or other.issuer:
            found.append(Near(other.id, wording(facts_of(other)), same))
    return sorted(found, key=lambda near: _SHARED.index(near.same))[:_MOST]


def namesakes(basis: WrittenBasis, reference: Reference, view: LibraryView) -> list[str]:
    """The wordings of other documents that the words of a căn cứ fit as well as *reference*.

    They have its number, and its issuer and day where these are written.
    """
    citation, issuer = basis.citation, basis.issuer
    placeless = issuer is not None and is_placeless(issuer)
    if citation.so_ky_hieu is None or (issuer is not None and not placeless and citation.date is not None):
        return []
    found = []
    for other in _with_number(citation.so_ky_hieu, reference.facts.sym_key, view):
        if other.id == reference.id or other.date is None or not identity.compatible(citation.date, other.date):
            continue
        if issuer is None or _is_issuer(other, basis.considered.facts.issuer_key, placeless=placeless):
            found.append(wording(facts_of(other)))
    return found


def _is_issuer(other: Summary, issuer_key: str | None, *, placeless: bool) -> bool:
    if placeless:
        return kind_of_agency(other.issuer_key) == kind_of_agency(issuer_key)
    return other.issuer_key == issuer_key


def _with_number(so_ky_hieu: str, sym_key: str | None, view: LibraryView) -> list[Summary]:
    """The documents of that number and ký hiệu, by any issuer."""
    return [s for s in view.find(so_ky_hieu) if s.doc_key.split("|")[2:3] == [sym_key or ""]]


def of_same_day(facts: Facts, view: LibraryView) -> list[Reference]:
    """Documents of another number that may be meant: of the same day, ký hiệu and issuer, with a title that agrees.

    Where one of the titles is missing, the numbers must be one digit apart.
    """
    return [reference for reference in view.alike(facts) if _may_be(facts, reference.facts)]


def _may_be(cited: Facts, other: Facts) -> bool:
    if not cited.number or other.number == cited.number or cited.date != other.date:
        return False
    if cited.title and other.title:
        return likeness(cited.title, other.title) >= _LIKE
    a, b = cited.number, other.number or ""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
