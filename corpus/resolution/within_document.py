"""The citations of one document, read in its context: what each says of the document that it means.

Needs no library: reading a file uses it as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus import identity
from corpus.fold import squeeze
from corpus.identity import Facts
from corpus.law import known_documents
from corpus.model import Citation, Record
from corpus.resolution.antecedents import Antecedents, inherit
from corpus.resolution.issuer_text import issuer_text

#: Characters before and after a mention that are its context.
_AROUND = 300


@dataclass(slots=True)
class ReadMention:
    """One mention, read within its document."""

    facts: Facts
    #: It means the document that contains it.
    is_self: bool = False
    #: The ordinal of the fuller mention that it repeats.
    antecedent: int | None = None
    #: Its number comes from the table of laws.
    by_name: bool = False
    #: The words around it, where it has a number alone.
    context: str = ""


def read_mentions(record: Record, *, facts: bool = True, area: str | None = None) -> list[ReadMention]:
    """Read every citation of *record* in its context; fills ``issuer_resolved`` and ``target="self"`` in place.

    facts: whether the known-documents tables may give the number of a law cited by name. area: the areas of *record*
    (:func:`corpus.identity.area_of`), where they were looked for already.
    """
    area = identity.area_of(record) if area is None else area
    own_key = identity.issuer_key(record.issuer, record.symbol, area)
    own = identity.of_record(record, area)
    reads = [ReadMention(identity.of_citation(citation, area, own)) for citation in record.citations]
    for citation, read in zip(record.citations, reads, strict=True):
        read.is_self = citation.target == "self" or _is_own(read.facts, own)
        if read.is_self:
            citation.target = "self"
    _fill_short_mentions(reads)
    for citation, read in zip(record.citations, reads, strict=True):
        if not read.is_self:
            _complete(citation, read, record, own_key, facts=facts)
    return reads


def _is_own(cited: Facts, own: Facts) -> bool:
    """Whether a mention is of the document itself: number, ký hiệu, issuer, date and year may be its own."""
    same_issuer = not cited.issuer_known or cited.inferred or not own.issuer_known or cited.issuer_key == own.issuer_key
    return (
        own.number is not None
        and cited.number == own.number
        and cited.sym_key is not None
        and cited.sym_key == own.sym_key
        and same_issuer
        and identity.compatible(cited.date, own.date)
        and (cited.year is None or own.year is None or cited.year == own.year)
    )


def _fill_short_mentions(reads: Sequence[ReadMention]) -> None:
    """Give each short mention what the fuller one that it repeats says."""
    printed = [read.facts.copy() for read in reads]
    antecedents = Antecedents([None if read.is_self else facts for read, facts in zip(reads, printed, strict=True)])
    for read, facts in zip(reads, printed, strict=True):
        if not read.is_self:
            found = antecedents.of(facts)
            if found is not None:
                inherit(read.facts, printed[found])
                read.antecedent = found


def _complete(citation: Citation, read: ReadMention, record: Record, own_key: str | None, *, facts: bool) -> None:
    """Add the number of a law cited by name, the context of a bare number, and the issuer's name in full."""
    if facts and read.facts.law and not read.facts.number:
        law = known_documents.law(read.facts.law, citation.date, record.date or record.date_inferred)
        if law:
            inherit(read.facts, law)
            read.facts.law, read.by_name = law.law, True
    if read.facts.number and not read.facts.sym_key:
        around = record.text[max(0, citation.start - _AROUND) : citation.end + _AROUND]
        read.context = squeeze(f"{record.title or ''} {around}")
    if citation.issuer_resolved is None:
        citation.issuer_resolved = issuer_text(citation.issuer, read.facts.issuer_key, record, own_key)
    # A stub is shown with the agency in full: "UBND tỉnh" says nothing outside the document that has it.
    read.facts.issuer = citation.issuer_resolved or read.facts.issuer
