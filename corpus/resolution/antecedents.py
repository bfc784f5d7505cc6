"""Short mentions and the fuller mention of the same document that each repeats.

"Quyết định số 490" after "Quyết định số 490/QĐ-TTg ngày 07/5/2018" is that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from corpus import identity
from corpus.fold import fold
from corpus.identity import Facts
from corpus.so_ky_hieu import type_of_symbol


def written_type(facts: Facts) -> str | None:
    """The type that is written, else the one that the ký hiệu names."""
    return facts.doc_type or (type_of_symbol(facts.symbol) if facts.symbol else None)


def inherit(short: Facts, full: Facts) -> None:
    """Fill what *short* lacks from *full*, in place."""
    short.number = short.number or full.number
    if not short.sym_key:
        short.symbol, short.sym_key, short.party = full.symbol, full.sym_key, full.party
    if short.date is None and full.date and full.date[:4] == (full.year or full.date[:4]):
        short.date = full.date  # a date that contradicts the year of the number is not passed on
    short.year = short.year or full.year
    if not short.issuer_known or short.inferred:
        short.issuer_key, short.inferred = full.issuer_key, full.inferred
    short.doc_type = short.doc_type or full.doc_type
    short.law = short.law or full.law


class Antecedents:
    """The mentions of one document, looked up by number and by law.

    Mentions that say the same count as one, the first, and mentions that are short in the same way share an answer, so
    that a number cited ten thousand times is looked up once.
    """

    def __init__(self, mentions: Sequence[Facts | None]) -> None:
        """*mentions*: in reading order, None for a mention of the document itself."""
        self._mentions = mentions
        self._numbers: dict[str, dict[str | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._laws: dict[str, list[int]] = defaultdict(list)
        self._found: dict[tuple[object, ...], int | None] = {}
        known: set[tuple[object, ...]] = set()
        for at, facts in enumerate(mentions):
            if facts is None or not facts.number or _content(facts) in known:
                continue
            known.add(_content(facts))
            self._numbers[facts.number][facts.date].append(at)
            if facts.law:
                self._laws[facts.law].append(at)

    def of(self, short: Facts) -> int | None:
        """The ordinal of the mention that *short* repeats; None where there is none, or more than one document."""
        content = _content(short)
        if content not in self._found:
            self._found[content] = self._fullest(short)
        return self._found[content]

    def _fullest(self, short: Facts) -> int | None:
        fuller = [
            (at, facts) for at in self._near(short) if (facts := self._mentions[at]) and _is_short_for(short, facts)
        ]
        if not fuller:
            return None
        best = max(_completeness(facts) for _, facts in fuller)
        fuller = [(at, facts) for at, facts in fuller if _completeness(facts) == best]
        if len({(facts.sym_key, facts.issuer_key, facts.year) for _, facts in fuller}) > 1:
            return None
        return min(at for at, _ in fuller)

    def _near(self, short: Facts) -> Iterable[int]:
        """Those of the same law, or of the same number and not of another day."""
        if short.law and not short.number:
            return self._laws.get(short.law, ())
        dated = self._numbers.get(short.number or "", {})
        if short.date is None or len(short.date) < 10:
            return (at for group in dated.values() for at in group)
        days = (None, short.date, short.date[:7], short.date[:4])
        return (at for day in days for at in dated.get(day, ()))


def _is_short_for(short: Facts, full: Facts) -> bool:
    """Whether *short* can be a shorter form of *full*, and *full* says more."""
    if short.law and not short.number:
        return full.law == short.law and full.number is not None and identity.compatible(short.date, full.date)
    explicit = short.issuer_known and not short.inferred
    if (
        not _has_number_of(short, full)
        or (explicit and full.issuer_key != short.issuer_key)
        or not identity.compatible(short.date, full.date)
    ):
        return False
    return (
        short.sym_key is None
        or (short.date is None and full.date is not None)
        or (not explicit and full.issuer_known and not full.inferred)
    )


def _has_number_of(short: Facts, full: Facts) -> bool:
    """Whether the numbers are equal, and the ký hiệu (or the type where there is none) may be short for the other."""
    if short.number != full.number or short.number is None or full.sym_key is None:
        return False
    if short.sym_key is None:
        return bool(short.doc_type) and fold(short.doc_type or "") == fold(written_type(full) or "")
    return short.sym_key == full.sym_key or identity.within_symbol(short.symbol or "", full.symbol or "")


def _content(facts: Facts) -> tuple[object, ...]:
    """All that decides whether one mention is a shorter form of another."""
    return (
        facts.number,
        facts.law,
        facts.sym_key,
        facts.symbol,
        facts.party,
        facts.doc_type,
        facts.date,
        facts.year,
        facts.issuer_key,
        facts.inferred,
    )


def _completeness(facts: Facts) -> int:
    return (facts.date is not None) + (facts.issuer_known and not facts.inferred) + (facts.sym_key is not None)
