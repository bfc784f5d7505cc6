"""Draft check: each căn cứ of a draft against the library, the known-documents tables and how others cite it.

Only facts are stated, field by field: they match (✓), differ (✗), or are not known; what is known stands beside what is
written, with where it is known from. Nothing is stored. A difference never means that the draft is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.checks.basis_check import BasisCheck, check_basis
from corpus.checks.comparison import NAMES, Comparison, FieldCheck, KnownFrom, WrittenBasis
from corpus.checks.number_check import check_date, check_type
from corpus.graph.graph import Graph
from corpus.library import LibraryView
from corpus.library.values import Considered
from corpus.model import Citation, Record
from corpus.vocabulary import MentionState, Relation, Zone

__all__ = ["NAMES", "BasisCheck", "Comparison", "DraftCheck", "FieldCheck", "OtherCitation", "check"]


@dataclass(frozen=True, slots=True)
class OtherCitation:
    """A document that the draft cites outside its căn cứ."""

    citation: Citation
    #: The fields in which it differs from what is known for sure.
    fields: list[FieldCheck]


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """The check of a draft."""

    #: Its căn cứ, in order.
    bases: list[BasisCheck]
    #: Pairs of places in *bases* that mean one document.
    repeated: list[tuple[int, int]]
    #: The other documents with a number that it cites, each once.
    others: list[OtherCitation] = field(default_factory=list)

    @property
    def needs_look(self) -> bool:
        """Whether a person should look at it: also at a draft without any căn cứ."""
        differs = any(other.fields for other in self.others)
        return not self.bases or bool(self.repeated) or differs or any(basis.needs_look for basis in self.bases)


def check(
    record: Record,
    view: LibraryView,
    graph: Graph,
    *,
    on: str | None = None,
    beside: Mapping[int, str] | None = None,
) -> DraftCheck:
    """Check the căn cứ of *record*, which is not in the library.

    The căn cứ are its citations as legal bases, whatever the kind of document. on: the day of the effects (EDTF), today
    if None. beside: place of a citation → the issuer that is written after it although its ký hiệu names another.
    """
    beside = beside or {}
    graph.refresh()
    bases: list[BasisCheck] = []
    others: list[WrittenBasis] = []
    keys: list[tuple[str | None, ...]] = []
    for considered in view.consider(record):
        citation = record.citations[considered.ordinal]
        typed = record.source == "text"
        if _is_basis(citation, considered):
            issuer = citation.issuer or beside.get(considered.ordinal)
            bases.append(check_basis(WrittenBasis(citation, considered, issuer, typed), view, graph, on))
            keys.append(_key(considered))
        elif citation.so_ky_hieu is not None and considered.state is not MentionState.SELF:
            others.append(WrittenBasis(citation, considered, citation.issuer, typed))
    return DraftCheck(bases, _repeated(keys), _check_others(others))


def _is_basis(citation: Citation, considered: Considered) -> bool:
    return (
        citation.relation == Relation.LEGAL_BASIS
        and citation.zone in {Zone.PREAMBLE, Zone.BODY}
        and considered.state is not MentionState.SELF
    )


def _key(considered: Considered) -> tuple[str | None, ...]:
    """What two căn cứ that mean one document have in common; empty where too little is written."""
    facts = considered.facts
    key = (facts.number, facts.sym_key, facts.issuer_key, facts.year, facts.law if not facts.number else None)
    return key if any(key) else ()


def _repeated(keys: Sequence[tuple[str | None, ...]]) -> list[tuple[int, int]]:
    first: dict[tuple[str | None, ...], int] = {}
    found = []
    for at, key in enumerate(keys):
        if key and key in first:
            found.append((first[key], at))
        first.setdefault(key, at)
    return found


def _check_others(others: Sequence[WrittenBasis]) -> list[OtherCitation]:
    """The documents cited elsewhere, by their number; the first that differs stands for its number."""
    found: dict[str, OtherCitation] = {}
    for other in others:
        number, fields = str(other.citation.so_ky_hieu), _differences(other)
        if fields or number not in found:
            found[number] = OtherCitation(other.citation, fields)
    return list(found.values())


def _differences(other: WrittenBasis) -> list[FieldCheck]:
    """The type and the date, where they differ from what a held document or the tables say."""
    reference = other.considered.reference
    if reference is None or not (reference.held or reference.known) or other.citation.needs_review:
        return []
    known_from: KnownFrom = "van_ban" if reference.held else "bang"
    fields = [*check_type(other, reference.facts), check_date(other.citation, reference, known_from)]
    return [field for field in fields if field.verdict is Comparison.DIFFERS]
