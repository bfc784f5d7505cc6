"""Numbers and dates that do not fit a register: numbers of one agency and year rise with their dates.

A misread number or date stands out among its neighbours, which are held documents, those that others cite and those of
the known tables. Offices number each type by itself or several types together (Nghị định 30/2020/NĐ-CP, điều 15): which
ký hiệu share a register shows in their numbers and dates. Nothing is changed: the value is doubted, and where one
figure makes it fit, that is proposed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day
from statistics import median
from typing import Literal

from sqlalchemy import select

from corpus.fold import letters
from corpus.library import LibraryView, rows
from corpus.library.schema import nodes
from corpus.library.values import Summary
from corpus.model import Record
from corpus.so_ky_hieu import parse

#: Days by which an office may number out of order: papers wait for a signature.
_SLACK = 10
#: Days by which a doubtful date may at least be off where the register shows how closely its numbers follow the days,
#: and as a factor of the largest distance from the expected day that a sure one has.
_LEAST_SLACK, _BEYOND_USUAL = 4, 1.5
#: Entries on either side of another that show how closely, and least of them in all.
_SHOWS_PACE = 6
#: By how much a number may differ from the one that a register would have on its day, as a factor, for two ký hiệu to
#: share it, and the share of the numbers of a ký hiệu that must do so.
_NEAR, _MOSTLY = 1.1, 0.6
#: How many days a single number may be from its neighbours in the register it is to join.
_CLOSE_BY = 45
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

    @property
    def trust(self) -> int:
        """How far its number and date are to be trusted beside others: 0 where the reading was doubtful."""
        if not self.summary.held:
            return 1
        return 0 if self.is_unsure else 2

    @property
    def is_unsure(self) -> bool:
        return self.summary.number_unsure or self.summary.unsure


def field_in_doubt(record: Record) -> Literal["so_ky_hieu", "date"]:
    """Which of the two is to be looked at where they do not fit: the date where it alone was read with doubt."""
    number, date = (record.fields.get(name) for name in ("so_ky_hieu", "date"))
    is_number_doubted = number is not None and number.needs_review
    return "date" if date is not None and date.needs_review and not is_number_doubted else "so_ky_hieu"


def register_doubts(view: LibraryView) -> list[RegisterDoubt]:
    """The held documents of a library whose number and date do not fit those of their agency, in order of id."""
    agencies = select(nodes.c.issuer_key).where(nodes.c.held).distinct()
    query = select(nodes).where(
        nodes.c.merged_into.is_(None), nodes.c.so_ky_hieu.is_not(None), nodes.c.issuer_key.in_(agencies), view.visible
    )
    with view.reading() as connection:
        return out_of_order([rows.summary(row) for row in connection.execute(query).mappings()])


def out_of_order(documents: Iterable[Summary]) -> list[RegisterDoubt]:
    """The held documents among *documents* whose number and date do not fit those of their agency, in order of id.

    documents: those that are only cited or known are neighbours.
    """
    offices: dict[tuple[str, int, bool], dict[str, list[_Entry]]] = {}
    for summary in documents:
        entry = _entry(summary)
        number = parse(summary.so_ky_hieu or "")
        if entry is not None and number is not None and summary.issuer_key is not None:
            key = (summary.issuer_key, entry.day.year, bool(number.year))
            offices.setdefault(key, {}).setdefault(letters(number.symbol), []).append(entry)
    registers = [register for symbols in offices.values() for register in _registers(list(symbols.values()))]
    held = [r for r in registers if len(r) <= _MOST and any(e.summary.held for e in r)]
    found = [doubt for entries in held for doubt in _doubts(entries)]
    return sorted(found, key=lambda doubt: doubt.document)


def _registers(symbols: Sequence[list[_Entry]]) -> list[list[_Entry]]:
    """The registers of an office and year, from the entries of each ký hiệu: those that run together share one."""
    registers: list[list[_Entry]] = []
    for entries in sorted(symbols, key=lambda entries: (-len(entries), entries[0].summary.id)):
        home = next((register for register in registers if _run_together(register, entries)), None)
        if home is None:
            registers.append(list(entries))
        else:
            home.extend(entries)
    return registers


def _run_together(register: Sequence[_Entry], entries: Sequence[_Entry]) -> bool:
    """Whether the numbers of a ký hiệu are those that a register would have on their days."""
    if len(register) <= _LEAST_NEIGHBOURS:
        return False
    fitting = [e for e in entries if _is_expected(e, register)]
    if len(entries) == 1:
        close = [abs((o.day - e.day).days) <= _CLOSE_BY for e in fitting for o in register]
        return sum(close) >= _LEAST_NEIGHBOURS
    return len(fitting) >= max(2, _MOSTLY * len(entries))


def _is_expected(entry: _Entry, register: Sequence[_Entry]) -> bool:
    before, after = _beside(entry, register)
    if before is None or after is None:
        return False
    span = (after.day - before.day).days
    share = (entry.day - before.day).days / span if span else 0.5
    expected = before.number + share * (after.number - before.number)
    return expected / _NEAR <= entry.number <= expected * _NEAR


def _beside(entry: _Entry, register: Sequence[_Entry]) -> tuple[_Entry | None, _Entry | None]:
    """The entries of a register right before and right after the day of another."""
    before = max((o for o in register if o.day <= entry.day and o is not entry), key=_by_day, default=None)
    after = min((o for o in register if o.day > entry.day), key=_by_day, default=None)
    return before, after


def _by_day(entry: _Entry) -> tuple[Day, int]:
    return entry.day, entry.number


def _entry(summary: Summary) -> _Entry | None:
    """A document as an entry of a register; None where number, day or agency is unknown."""
    number = parse(summary.so_ky_hieu) if summary.so_ky_hieu else None
    if number is None or not number.number.isdigit() or len(summary.date or "") != len("2024-01-31"):
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
        worst = [e.summary.id for e in _least_trusted(_least_usual(tied, rest))]
        removed.update(worst)
        for id in worst:
            against.pop(id)
        for others in against.values():
            others.difference_update(worst)
    fitting = sorted((e for e in entries if e.summary.id not in removed), key=_by_day)
    if len(fitting) < _LEAST_NEIGHBOURS:
        return []
    off = _off_the_pace(fitting)
    fitting = [e for e in fitting if e not in off]
    return [_doubt(e, fitting) for e in entries if e.summary.held and (e.summary.id in removed or e in off)]


def _least_trusted(tied: Sequence[_Entry]) -> list[_Entry]:
    """Of entries that contradict each other those that are trusted least."""
    least = min(e.trust for e in tied)
    return [e for e in tied if e.trust == least]


def _off_the_pace(entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries with a doubtful reading whose day is not the one that their neighbours by number expect.

    Only where those neighbours show how closely the numbers follow the days.
    """
    ordered = sorted(entries, key=lambda e: e.number)
    found = []
    for at, entry in enumerate(ordered):
        near = [*ordered[max(0, at - _SHOWS_PACE) : at], *ordered[at + 1 : at + 1 + _SHOWS_PACE]]
        off = _days_off(entry, near, _CLOSE_BY) if entry.is_unsure else None
        apart = [_days_off(e, [o for o in near if o is not e], _CLOSE_BY) for e in near]
        usual = [days for days in apart if days is not None]
        if off is not None and len(usual) >= _SHOWS_PACE and off > max(_LEAST_SLACK, _BEYOND_USUAL * max(usual)):
            found.append(entry)
    return found


def _days_off(entry: _Entry, others: Sequence[_Entry], most: int = 366) -> float | None:
    """How many days an entry is from the day between its neighbours by number; None without two, *most* days apart."""
    before = max((o for o in others if o.number < entry.number), key=lambda o: o.number, default=None)
    after = min((o for o in others if o.number > entry.number), key=lambda o: o.number, default=None)
    if before is None or after is None or not 0 <= (after.day - before.day).days <= most:
        return None
    share = (entry.number - before.number) / (after.number - before.number)
    return abs((entry.day - before.day).days - share * (after.day - before.day).days)


def _least_usual(tied: Sequence[_Entry], rest: Sequence[_Entry]) -> Sequence[_Entry]:
    """Of entries that contradict each other the one that is clearly farthest from its day or pace; all if none is."""
    if len(tied) < 2 or not rest:
        return tied
    days = sorted(((apart, e) for e in tied if (apart := _days_off(e, rest)) is not None), key=lambda item: -item[0])
    if len(days) == len(tied) and days[0][0] > days[1][0] + _LEAST_SLACK:
        return [days[0][1]]
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
    near = " và ".join(f"{e.summary.so_ky_hieu} ({_vietnamese(e.day)})" for e in (*before[-1:], *after[:1]))
    reason = f"số và ngày không khớp sổ của cơ quan: {near}"
    first = max((e.day for e in fitting if e.number < entry.number), default=None)
    last = min((e.day for e in fitting if e.number > entry.number), default=None)
    if first and last and first <= last:
        reason += f"; theo số thì ngày ban hành từ {_vietnamese(first)} đến {_vietnamese(last)}"
    return RegisterDoubt(entry.summary.id, proposed, neighbours, reason)


def _vietnamese(day: Day) -> str:
    return f"{day.day:02d}/{day.month}/{day.year}"


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
