"""The identity of a document: keys made of what its record or a citation says (domain: identity of a document).

A ``doc_key`` is ``type|number|symbol|issuer|year`` (``QĐ|490|QDTTG|ttg|2018``); unknown parts are empty. A document
whose number is blank has ``draft|<hash>``; a law cited by its name alone has ``luat|<name>|<date>``. A *bucket* groups
everything that could be the same document: one number, one beginning of a ký hiệu.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter, ne
from typing import Any

from corpus import agencies, areas
from corpus.dates import interval, overlap
from corpus.fold import fold, letters, squeeze
from corpus.model import Citation, Record
from corpus.so_ky_hieu import code_of_type, number_key, parse, type_of_symbol

#: Types that are cited by name: "Luật Đấu thầu".
LAWS = frozenset({"Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp"})
#: Ký hiệu whose parts are remembered.
_SYMBOLS_KEPT = 10_000
# Words written in place of a type that do not name one.
_GENERIC = frozenset({"Văn bản", "Văn bản số", "Thư"})


@dataclass(slots=True)
class Facts:
    """What identifies one document, as its own pages or a mention of it say."""

    doc_type: str | None = None
    #: See :func:`corpus.so_ky_hieu.number_key`.
    number: str | None = None
    #: As printed, without spaces.
    symbol: str | None = None
    #: The symbol as folded letters: ``QDTTG``.
    sym_key: str | None = None
    #: A party document: its hyphen stands before the ký hiệu.
    party: bool = False
    so_ky_hieu: str | None = None
    date: str | None = None
    #: Of the number, else of the date.
    year: str | None = None
    issuer: str | None = None
    #: See :mod:`corpus.agencies`; None where nothing is known, ``x:?`` where the place is not.
    issuer_key: str | None = None
    title: str | None = None
    #: The name of a law as a slug; see :func:`law_slug`.
    law: str | None = None
    #: The issuer's place was concluded from the citing document.
    inferred: bool = False

    def as_json(self) -> dict[str, Any]:
        """The fields that have a value."""
        return {name: value for name, value in zip(_NAMES, _values(self), strict=True) if value}

    def copy(self) -> Facts:
        """Another with the same values; :func:`dataclasses.replace` takes several times as long."""
        return Facts(*_values(self))

    @property
    def issuer_known(self) -> bool:
        """Whether the issuer is known, its place included."""
        key = self.issuer_key
        return key is not None and key != "" and key[-1] != "?"


_NAMES = tuple(field.name for field in fields(Facts))
_values = attrgetter(*_NAMES)


def area_of(record: Record) -> str:
    """The areas that a document belongs to, nearest first: ``huyen:duc-pho,tinh:quang-ngai``.

    Taken from the issuer and its parent, then from the place; the province that the text names most often comes last.
    """
    found: list[str] = []
    for name in (record.issuer, record.parent_agency, record.parent_agency_inferred):
        if name:
            place = areas.split(agencies.without_head(agencies.short(name)))[2]
            if place and place not in found:
                found.append(place)
    if record.place and not any(a.startswith("tinh:") for a in found):
        province = areas.province_named(record.place)
        if province and not any(a == f"huyen:{province}" for a in found):
            found.append(f"tinh:{province}")
    if not any(a.startswith("tinh:") for a in found) and agencies.level(_own_key(record, "")) != "trung_uong":
        named = areas.mentioned(record.text)
        if named and (len(named) == 1 or named[0][1] > 2 * named[1][1]):
            found.append(f"tinh:{named[0][0]}")
    return ",".join(found)


def _own_key(record: Record, area: str) -> str | None:
    return issuer_key(record.issuer, record.symbol, area)


def issuer_key(name: str | None, symbol: str | None, area: str) -> str | None:
    """The issuer's key; a ký hiệu of a central agency (``-TTg``, ``-CP``, ``-BNN``) counts more than the name."""
    central = agencies.of_symbol(symbol) if symbol else None
    return central or agencies.issuer_key(name, symbol=symbol, area=area or None)


def _printed(printed: Record | Citation) -> Facts:
    """The facts as printed, those in the số ký hiệu taken apart."""
    facts = Facts(
        doc_type=printed.doc_type,
        symbol=re.sub(r"\s+", "", printed.symbol) if printed.symbol else None,
        so_ky_hieu=printed.so_ky_hieu,
        date=printed.date,
        issuer=printed.issuer,
        title=printed.title,
    )
    parts = parse(printed.so_ky_hieu) if printed.so_ky_hieu else None
    if parts:
        facts.number, facts.symbol, facts.party = parts.number_key, parts.symbol, parts.party
        facts.year = parts.year
    facts.sym_key = letters(facts.symbol) if facts.symbol else None
    return facts


def of_record(record: Record, area: str) -> Facts:
    """What a held document says of itself. The year may come from an inferred date."""
    facts = _printed(record)
    if facts.number is None and record.number and record.so_ky_hieu:
        facts.number = number_key(record.number)
    facts.year = facts.year or (record.date or record.date_inferred or "")[:4] or None
    facts.issuer_key = issuer_key(record.issuer, facts.symbol, area)
    if record.doc_type in LAWS and record.title:
        facts.law = law_slug(record.title)
    return facts


def of_citation(citation: Citation, area: str, citing: Facts) -> Facts:
    """What a mention says of a document; area and citing: of the document that contains the mention."""
    facts = _printed(citation)
    if facts.number is None and citation.number:
        facts.number = number_key(citation.number)
    facts.year = facts.year or (citation.date or "")[:4] or None
    if facts.symbol or citation.issuer:
        facts.issuer_key = issuer_key(citation.issuer, facts.symbol, area)
        if citation.issuer is None and (facts.issuer_key or "").endswith(":?"):
            _infer_issuer(facts, citing)
    if citation.doc_type in LAWS and (citation.title or not facts.number):
        facts.law = law_slug(citation.title or citation.text)
    return facts


def _infer_issuer(facts: Facts, citing: Facts) -> None:
    """Where no agency is written: one of the province that the title names, else the citing document's issuer."""
    agency = str(facts.issuer_key).split(":")[0]
    named = areas.mentioned(facts.title or "")
    if len(named) == 1 and agency in {"ubnd", "hdnd"}:
        facts.issuer_key, facts.inferred = f"{agency}:tinh:{named[0][0]}", True
    elif citing.issuer_known and str(citing.issuer_key).split(":")[0] == agency:
        facts.issuer_key, facts.inferred = citing.issuer_key, True


def law_slug(name: str) -> str:
    """A law's name as a slug: ``Luật Đấu thầu``, ``Đấu thầu`` → ``dau-thau``; a date or number after it is dropped."""
    name = re.split(r"(?i)\s(?:số|ngày|năm)\s*:?\s*\d", squeeze(name))[0]
    slug = re.sub(r"^(?:bo-luat|luat|phap-lenh)-", "", areas.slug(name))
    return "hien-phap" if slug.startswith("hien-phap") else slug


def bucket(facts: Facts) -> str | None:
    """The bucket of a document: its number and the first two letters of the ký hiệu, or of the type's code without one.

    None where there is no number, or neither of these.
    """
    if not facts.number:
        return None
    key = facts.sym_key
    if not key and facts.doc_type:
        key = letters(code_of_type(facts.doc_type) or "")
    return f"{facts.number}:{key[:2]}" if key else None


def name_bucket(facts: Facts) -> str | None:
    """The bucket of a law's name; None for any other document."""
    return f"luat:{facts.law}" if facts.law else None


def type_code(facts: Facts) -> str:
    """The code of the type (``QĐ``, ``KH``), or its name as a slug where it has none; "" where it is not known.

    The ký hiệu decides; only in party documents the written type does (66-QĐ/TW may be a Quy định).
    """
    by_symbol = type_of_symbol(facts.symbol) if facts.symbol else None
    written = facts.doc_type if facts.doc_type not in _GENERIC else None
    chosen = (written or by_symbol) if facts.party else (by_symbol or written)
    if not chosen:
        return ""
    return code_of_type(chosen) or areas.slug(chosen)


def key_of(facts: Facts) -> str:
    """The ``doc_key`` of a document with a number."""
    return "|".join(
        (type_code(facts), facts.number or "", facts.sym_key or "", facts.issuer_key or "", facts.year or "")
    )


def draft_key(facts: Facts, sha256: str) -> str:
    """The ``doc_key`` of a document without a number: a hash of type, issuer, title and date, else of its content."""
    if not facts.title:
        return f"draft|{sha256[:16]}"
    parts = (type_code(facts), facts.issuer_key or "", squeeze(fold(facts.title)), facts.date or facts.year or "")
    return "draft|" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def one_slip(a: str, b: str) -> bool:
    """Whether two full dates differ by one digit alone, or by day and month exchanged."""
    if len(a) != 10 or len(b) != 10 or a == b:
        return False
    if a[:4] == b[:4] and a[5:7] == b[8:] and a[8:] == b[5:7]:
        return True
    different: int = sum(map(ne, a, b))
    return different == 1


def within_symbol(short: str, whole: str) -> bool:
    """Whether *short* is *whole* with segments left out, the type kept: ``QĐ-VPĐP`` for ``QĐ-BNN-VPĐP``."""
    a, b = symbol_parts(short), symbol_parts(whole)
    if len(a) >= len(b) or a[0] != b[0] or len(a) < 2:
        return False
    rest = iter(b[1:])
    return all(part in rest for part in a[1:])


@lru_cache(_SYMBOLS_KEPT)
def symbol_parts(symbol: str) -> tuple[str, ...]:
    """The parts of a ký hiệu as folded letters: ``QĐ-BNN-VPĐP`` → ``QD``, ``BNN``, ``VPDP``."""
    return tuple(map(letters, re.split(r"[-/]", symbol)))


def compatible(a: str | None, b: str | None) -> bool:
    """Whether two dates may be the same day; an unknown one may be any day."""
    return a is None or b is None or overlap(a, b)


def not_after(date: str | None, citing: str | None) -> bool:
    """Whether a document of *date* can be cited by one of the date *citing*; unknown dates always allow it."""
    return date is None or citing is None or interval(date)[0] <= interval(citing)[1]
