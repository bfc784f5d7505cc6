"""Which document each citation means by its own document alone: short mentions take what fuller ones say.

"Quyết định số 490" after "Quyết định số 490/QĐ-TTg ngày 07/5/2018" is that one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus import agencies, areas, identity
from corpus.fold import fold, squeeze
from corpus.identity import Facts
from corpus.law import known_documents
from corpus.model import Citation, Record
from corpus.so_ky_hieu import type_of_symbol


@dataclass(slots=True)
class ReadMention:
    """One mention, read within its document. antecedent: ordinal of the fuller mention it repeats."""

    facts: Facts
    is_self: bool = False
    antecedent: int | None = None
    by_name: bool = False  # the number comes from the table of laws
    context: str = ""


def read_mentions(record: Record, *, facts: bool = True) -> list[ReadMention]:
    """Read every citation of *record* in its context; fills ``issuer_resolved`` and ``target="self"`` in place.

    facts: whether the known-documents table may give the number of a law cited by name.
    """
    area = identity.area_of(record)
    own = identity.of_record(record, area)
    reads = [ReadMention(identity.of_citation(c, area, own)) for c in record.citations]
    for citation, read in zip(record.citations, reads, strict=True):
        read.is_self = citation.target == "self" or _is_self(read.facts, own)
        if read.is_self:
            citation.target = "self"
    whole = [replace(r.facts) for r in reads]
    antecedents = _Antecedents(reads, whole)
    for at, read in enumerate(reads):
        if not read.is_self:
            found = antecedents.of(at)
            if found is not None:
                _inherit(read.facts, whole[found])
                read.antecedent = found
    for citation, read in zip(record.citations, reads, strict=True):
        if read.is_self:
            continue
        if facts and read.facts.law and not read.facts.number:
            law = known_documents.law(read.facts.law, citation.date, record.date or record.date_inferred)
            if law:
                _inherit(read.facts, law)
                read.facts.law, read.by_name = law.law, True
        if read.facts.number and not read.facts.sym_key:
            read.context = _context(record, citation)
        if citation.issuer_resolved is None:
            citation.issuer_resolved = issuer_text(citation.issuer, read.facts.issuer_key, record)
        # A stub is shown by the agency in full: "UBND tỉnh" says nothing outside the paper that wrote it.
        read.facts.issuer = citation.issuer_resolved or read.facts.issuer
    return reads


def _is_self(said: Facts, own: Facts) -> bool:
    return (
        own.number is not None
        and said.number == own.number
        and said.sym_key is not None
        and said.sym_key == own.sym_key
        and (not said.issuer_known or said.inferred or not own.issuer_known or said.issuer_key == own.issuer_key)
        and identity.compatible(said.date, own.date)
        and (said.year is None or own.year is None or said.year == own.year)
    )


def written_type(facts: Facts) -> str | None:
    return facts.doc_type or (type_of_symbol(facts.symbol) if facts.symbol else None)


def _fits(short: Facts, full: Facts) -> bool:
    """Whether *short* can be a shorter way to say *full*, and *full* says more."""
    if short.law and not short.number:
        return full.law == short.law and full.number is not None and identity.compatible(short.date, full.date)
    if short.number != full.number or short.number is None or full.sym_key is None:
        return False
    if short.sym_key is None:
        if not short.doc_type or fold(short.doc_type) != fold(written_type(full) or ""):
            return False
    elif short.sym_key != full.sym_key and not identity.within_symbol(short.symbol or "", full.symbol or ""):
        return False
    explicit = short.issuer_known and not short.inferred
    if explicit and full.issuer_key != short.issuer_key:
        return False
    if not identity.compatible(short.date, full.date):
        return False
    says_more = (
        (short.sym_key is None)
        + (short.date is None and full.date is not None)
        + (not explicit and full.issuer_known and not full.inferred)
    )
    return says_more > 0


def _identity(facts: Facts) -> tuple[str | None, ...]:
    return (facts.sym_key, facts.issuer_key, facts.year)


class _Antecedents:
    """The mentions of one document by what they say. Those that say the same count as one, the first, and mentions
    that are short in the same way share an answer: a number cited ten thousand times is looked at once.
    """

    def __init__(self, reads: Sequence[ReadMention], whole: Sequence[Facts]) -> None:
        self._whole = whole
        self._numbers: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._laws: dict[str, list[int]] = defaultdict(list)
        self._found: dict[tuple[object, ...], int | None] = {}
        known: set[tuple[object, ...]] = set()
        for at, (read, facts) in enumerate(zip(reads, whole, strict=True)):
            if read.is_self or not facts.number or _said(facts) in known:
                continue
            known.add(_said(facts))
            self._numbers[facts.number][facts.date].append(at)
            if facts.law:
                self._laws[facts.law].append(at)

    def of(self, at: int) -> int | None:
        """The mention that says in full what mention *at* says in short; None when there is none or more than one."""
        said = _said(self._whole[at])
        if said not in self._found:
            self._found[said] = self._fuller(self._whole[at])
        return self._found[said]

    def _fuller(self, short: Facts) -> int | None:
        fuller = [j for j in self._near(short) if _fits(short, self._whole[j])]
        if not fuller:
            return None
        best = max(_weight(self._whole[j]) for j in fuller)
        fuller = [j for j in fuller if _weight(self._whole[j]) == best]
        if len({_identity(self._whole[j]) for j in fuller}) > 1:
            return None
        return min(fuller)

    def _near(self, short: Facts) -> Iterable[int]:
        """Those of the same law, or of the same number and no other day."""
        if short.law and not short.number:
            return self._laws.get(short.law, ())
        dated = self._numbers.get(short.number or "", {})
        if short.date is None or len(short.date) < 10:
            return (j for group in dated.values() for j in group)
        days = (None, short.date, short.date[:7], short.date[:4])
        return (j for day in days for j in dated.get(day, ()))


def _said(facts: Facts) -> tuple[object, ...]:
    """All of *facts* that tells whether one mention is a shorter way to say another."""
    return (
        facts.number, facts.law, facts.sym_key, facts.symbol, facts.party, facts.doc_type, facts.date, facts.year,
        facts.issuer_key, facts.inferred,
    )  # fmt: skip


def _weight(facts: Facts) -> int:
    return (facts.date is not None) + (facts.issuer_known and not facts.inferred) + (facts.sym_key is not None)


def _inherit(short: Facts, full: Facts) -> None:
    short.number = short.number or full.number
    if not short.sym_key:
        short.symbol, short.sym_key, short.party = full.symbol, full.sym_key, full.party
    if short.date is None and full.date and full.date[:4] == (full.year or full.date[:4]):
        short.date = full.date  # a date that the number's year denies is not handed on
    short.year = short.year or full.year
    if not short.issuer_known or short.inferred:
        short.issuer_key, short.inferred = full.issuer_key, full.inferred
    short.doc_type = short.doc_type or full.doc_type
    short.law = short.law or full.law


def _context(record: Record, citation: Citation) -> str:
    around = record.text[max(0, citation.start - 300) : citation.end + 300]
    return squeeze(f"{record.title or ''} {around}")


def issuer_text(printed: str | None, key: str | None, record: Record) -> str | None:
    """The agency in full: "UBND tỉnh" in a paper of Thanh Hóa is "UBND tỉnh Thanh Hóa"; None when not known."""
    if key is None or key.endswith("?"):
        return None
    if ":" not in key:
        return printed or agencies.name_of(key)
    place = key.split(":", 1)[1]
    if printed:
        if areas.split(agencies.without_head(agencies.short(printed)))[2]:
            return printed
        base = re.sub(
            r"(?i)\s+(tỉnh|huyện|quận|thị xã|thành phố|xã|phường|thị trấn|tp\.?|tx\.?)$", "", squeeze(printed)
        )
    elif record.issuer and key == identity.issuer_key(record.issuer, record.symbol, identity.area_of(record)):
        return record.issuer
    else:
        base = {"ubnd": "UBND", "hdnd": "HĐND"}.get(key.split(":")[0], "")
        if not base:
            return None
    name = _place_name(place, record)
    if name and re.search(r"(?i)\bủy$|\buỷ$", base):  # Tỉnh ủy Vân Lĩnh, not Tỉnh ủy tỉnh Vân Lĩnh
        name = re.sub(r"(?i)^(tỉnh|huyện|quận|thị xã|thành phố)\s+", "", name)
    return f"{base} {name}" if name else None


def _place_name(place: str, record: Record) -> str | None:
    if place.startswith("tinh:") and place.removeprefix("tinh:") in areas.provinces():
        return areas.full_name(place.removeprefix("tinh:"))
    for said in (record.issuer, record.parent_agency, record.parent_agency_inferred):
        if said:
            bare = agencies.without_head(agencies.short(said))
            agency, _, found = areas.split(bare)
            if found == place and bare.startswith(agency):
                return bare[len(agency) :].strip()
    return None
