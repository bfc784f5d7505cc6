"""Numbers and dates that do not fit a register: numbers of one agency, ký hiệu and year rise with their dates.

A misread number or date stands out among its neighbours. Nothing is changed: the value is doubted, and where one figure
makes it fit, that is proposed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day
from statistics import median

from corpus.fold import letters
from corpus.library.values import Summary
from corpus.so_ky_hieu import parse

#: Days by which an office may number out of order: papers wait for a signature.
_SLACK = 10
#: Documents of one register that are compared, and neighbours that a doubt needs.
_MOST, _LEAST_NEIGHBOURS = 400, 2
#: By how much, as a logarithm, a number must be farther from the usual pace than another to be the doubtful one.
_CLEARLY_OFF = math.log(1.5)


@dataclass(frozen=True, slots=True)
class RegisterDoubt:
    """A number and a date of which one does not fit the register."""

    #: Id of the document.
    document: int
    #: The only số ký hiệu with one figure more, less or other that fits; None where none or several do.
    number: str | None
    #: The neighbours in the register, before and after by date.
    neighbours: tuple[int, ...]
    #: Why, in Vietnamese.
    reason: str


@dataclass(frozen=True, slots=True)
class _Entry:
    summary: Summary
    number: int
    day: Day


def out_of_order(documents: Iterable[Summary]) -> list[RegisterDoubt]:
    """The held documents among *documents* whose number and date do not fit those of their agency, in order of id."""
    registers: dict[tuple[str, str, int, bool], list[_Entry]] = {}
    for summary in documents:
        entry = _entry(summary)
        if entry is not None and summary.issuer_key is not None:
            number = parse(summary.so_ky_hieu or "")
            key = (
                summary.issuer_key,
                letters(number.symbol if number else ""),
                entry.day.year,
                bool(number and number.year),
            )
            registers.setdefault(key, []).append(entry)
    found = [doubt for entries in registers.values() if len(entries) <= _MOST for doubt in _doubts(entries)]
    return sorted(found, key=lambda doubt: doubt.document)


def _entry(summary: Summary) -> _Entry | None:
    """A document as an entry of a register; None where number, day or agency is unknown."""
    number = parse(summary.so_ky_hieu) if summary.so_ky_hieu else None
    if (
        not summary.held
        or number is None
        or not number.number.isdigit()
        or len(summary.date or "") != len("2024-01-31")
    ):
        return None
    if not summary.issuer_key or summary.issuer_key.endswith("?"):
        return None
    return _Entry(summary, int(number.number), Day.fromisoformat(str(summary.date)))


def _doubts(entries: Sequence[_Entry]) -> list[RegisterDoubt]:
    """The entries that have to go until the rest is in order: those that contradict most others."""
    if len(entries) <= _LEAST_NEIGHBOURS:
        return []
    against = {e.summary.id: {o.summary.id for o in entries if _contradict(e, o)} for e in entries}
    removed: set[int] = set()
    while any(against.values()):
        most = max(len(others) for others in against.values())
        tied = [e for e in entries if e.summary.id in against and len(against[e.summary.id]) == most]
        rest = [e for e in entries if e.summary.id in against and e not in tied]
        worst = [e.summary.id for e in _least_usual(tied, rest)]
        removed.update(worst)
        for id in worst:
            against.pop(id)
        for others in against.values():
            others.difference_update(worst)
    fitting = sorted((e for e in entries if e.summary.id not in removed), key=lambda e: (e.day, e.number))
    if len(fitting) < _LEAST_NEIGHBOURS:
        return []
    return [_doubt(e, fitting) for e in entries if e.summary.id in removed]


def _least_usual(tied: Sequence[_Entry], rest: Sequence[_Entry]) -> Sequence[_Entry]:
    """Of entries that contradict each other the one that is clearly farthest from the usual pace; all if none is."""
    if len(tied) < 2 or not rest:
        return tied
    pace = median(e.number / e.day.timetuple().tm_yday for e in rest)
    off = {e.summary.id: abs(math.log(max(1, e.number) / max(1.0, pace * e.day.timetuple().tm_yday))) for e in tied}
    farthest = max(tied, key=lambda e: off[e.summary.id])
    others = max(off[e.summary.id] for e in tied if e is not farthest)
    return [farthest] if off[farthest.summary.id] - others > _CLEARLY_OFF else tied


def _contradict(a: _Entry, b: _Entry) -> bool:
    """Whether the higher number has the earlier date, by more days than offices let pass."""
    if a.number == b.number:
        return False
    low, high = (a, b) if a.number < b.number else (b, a)
    return (low.day - high.day).days > _SLACK


def _doubt(entry: _Entry, fitting: Sequence[_Entry]) -> RegisterDoubt:
    before = [e for e in fitting if e.day < entry.day]
    after = [e for e in fitting if e.day > entry.day]
    low = max((e.number for e in before), default=0)
    high = min((e.number for e in after), default=10**6)
    numbers = [n for n in _one_figure_away(entry.number) if low < n < high]
    proposed = None
    if len(numbers) == 1 and low and high < 10**6:
        symbol = str(entry.summary.so_ky_hieu)
        proposed = symbol.replace(str(entry.number), str(numbers[0]), 1)
    neighbours = tuple(e.summary.id for e in (*before[-1:], *after[:1]))
    near = " và ".join(
        f"{e.summary.so_ky_hieu} ({e.day.day:02d}/{e.day.month}/{e.day.year})" for e in (*before[-1:], *after[:1])
    )
    return RegisterDoubt(entry.summary.id, proposed, neighbours, f"số và ngày không khớp sổ của cơ quan: {near}")


def _one_figure_away(number: int) -> list[int]:
    """The numbers with one figure more, less or other."""
    figures = str(number)
    found = {figures[:i] + figures[i + 1 :] for i in range(len(figures))}
    for i in range(len(figures) + 1):
        for digit in "0123456789":
            found.add(figures[:i] + digit + figures[i:])
            if i < len(figures):
                found.add(figures[:i] + digit + figures[i + 1 :])
    return sorted({int(f) for f in found if f and f[0] != "0"} - {number})
