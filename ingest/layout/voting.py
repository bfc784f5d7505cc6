"""Number and date of a scan read a second time: both readings, the grammar and the calendar weighed together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from corpus import dates
from corpus.fold import clean, fold, letters
from corpus.model import Box, Evidence
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout.figure_weights import (
    calendar_weight,
    day_or_month_weights,
    number_weight,
    partly_read,
    start_of_year,
)
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.ocr import handwriting, second_reader
from ingest.ocr.ctc import Character
from ingest.ocr.handwriting import DigitsRead, LineSeen, Span
from ingest.page import Page

if TYPE_CHECKING:
    from PIL.Image import Image

#: Field → probability below which its value is shown with "cần kiểm tra". From tools/calibrate on the labelled scans.
SURE = {row["field"]: float(row["sure"]) for row in rows("calibration", DATA)}

#: Increased when a look at the same place would come out different: part of the cache's key.
LOOK = "6"

#: Resolutions at which a line is cut out, the second only where the first leaves a doubt; of a number only the digits
#: by themselves are then looked at again, as they are cleared of other ink pixel by pixel.
_DPI, _FINE_DPI = 200, 300
#: Half the height of a line as a fraction of the page's (13 pt type with its marks), and factors of that height: a
#: reading that varies between the cuts is less probable. Only the highest is enough to read digits by themselves in.
_HALF_LINE = 0.0145
_PADS = (1.05, 0.9, 0.75)
#: How much a confident reading by the first reader speaks for a number, and its share for a day or a month.
_FIRST_READER, _FIRST_READER_DATE = 6.0, 0.3
#: How much likelier a day or month is that fits the one figure which was read of two.
_PARTLY_READ = 3.0
#: What is read of a number and of a day or month, at most.
_NUMBER_DIGITS, _DATE_DIGITS = 5, 2
#: Probabilities below this are not kept.
_NEGLIGIBLE = 1e-4
#: Candidates of a value that are kept.
_MAX_CANDIDATES = 5
#: The highest confidence a value read twice can have.
_MAX_CONFIDENCE = 0.99
#: Letters of a whole date. Lines whose middles are nearer than this, in fractions of the page, are one: the cuts of one
#: line differ by more at either edge.
_WHOLE_DATE = 8
_SAME_ROW = 0.002

_NUMBER_WORD = re.compile(r"^\W{0,3}[Ss5][^\d/:.;]{0,2}\d?\s?[:.;]+\s?|^\W{0,3}[Ss][óôốo0]?\s?")
_WORDS = {
    "day": re.compile(r"ng\w{1,2}y|gày|ày"),
    "month": re.compile(r"th\w{0,2}ng|háng"),
    "year": re.compile(r"n\w{1,2}m(?=\s*\d)"),
}

#: For each value read a second time: what it may be, likeliest first, with probabilities.
Candidates = dict[str, list[tuple[str, float]]]


def read_again(header: Header, page: Page, other: Header | None = None) -> Candidates:
    """Read number and date of *header* again on the picture of *page*, and write the outcome into it.

    other: the same header by a second witness; where both agree on printed figures, nothing is read again. Nothing is
    changed, and nothing returned, where the page cannot be drawn or the second reader is not installed.
    """
    witnesses = [header] if other is None else [header, other]
    candidates: Candidates = {}
    agreed = {name for name in ("so_ky_hieu", "date") if _is_agreed(name, witnesses)}
    for name in agreed:
        header.fields[name].evidence.confidence = _MAX_CONFIDENCE
    if page.load_image is None or not second_reader.available():
        return {}
    looks = _Looks(page)
    if "so_ky_hieu" not in agreed:
        _read_number(header, witnesses, looks, candidates)
    if "date" not in agreed:
        _read_date(header, witnesses, looks, candidates)
    return candidates


def _is_agreed(name: str, witnesses: Sequence[Header]) -> bool:
    """Whether two witnesses read the same whole value, each without a doubt."""
    found = [witness.fields.get(name) for witness in witnesses]
    values = {letters(str(f.value)) for f in found if f is not None and f.value and not f.evidence.needs_review}
    whole = name != "date" or all(len(value) == _WHOLE_DATE for value in values)
    return len(found) > 1 and len(values) == 1 and whole and all(f and not f.evidence.needs_review for f in found)


def _ranked(weights: Mapping[Any, float]) -> list[tuple[str, float]]:
    total = sum(weights.values()) or 1.0
    best = sorted(weights.items(), key=lambda item: -item[1])[:_MAX_CANDIDATES]
    return [(str(value), round(weight / total, 3)) for value, weight in best]


class _Looks:
    """Further looks at one page; what was seen is cached with its OCR."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._seen: dict[tuple[int, float, Box], LineSeen | None] = {}

    def digits(
        self,
        what: str,
        boxes: Sequence[Box],
        locate: handwriting.Locate,
        longest: int,
        *,
        alone: bool = False,
        known: Collection[str] = (),
    ) -> DigitsRead:
        """The digits in a line that stands at one of *boxes*, each as likely; alone: read by themselves, too.

        known: what the witnesses read, where they do not differ. As soon as the second reader has no doubt that it is
        that, nothing more is looked at; without them, once two cuts of one box show the same without a doubt.
        """
        read: list[DigitsRead] = []
        for box in boxes:
            one, is_settled = self._digits(what, box, locate, longest, alone=alone, known=known)
            read.append(one)
            if is_settled:
                break
        total: dict[str, float] = {}
        for strings in (one.strings for one in read):
            for string, probability in strings.items():
                total[string] = total.get(string, 0.0) + probability / len(read)
        return DigitsRead(total, any(one.inked for one in read))

    def _digits(
        self, what: str, box: Box, locate: handwriting.Locate, longest: int, *, alone: bool, known: Collection[str]
    ) -> tuple[DigitsRead, bool]:
        """The digits in the line at *box*, and whether that is settled."""
        where = " ".join(f"{v:.4f}" for v in box)

        def look() -> list[Any]:
            readings = handwriting.Readings(locate, longest, alone)
            is_settled = False
            for dpi, pad in product((_DPI, _FINE_DPI), _PADS):
                if dpi == _FINE_DPI and pad == _PADS[0] and not readings.is_doubtful():
                    break
                if dpi == _FINE_DPI and alone:
                    readings.add_alone(_PADS.index(pad), _cut(self._page, dpi, box, pad))
                else:
                    readings.add(self._line(dpi, pad, box))
                is_settled = readings.is_certain() and (pad != _PADS[0] or readings.likeliest() in known)
                if is_settled:
                    break
            found = readings.result()
            strings = {s: round(p, 5) for s, p in found.strings.items() if p > _NEGLIGIBLE}
            return [strings, found.inked, is_settled]

        key = f"digits {LOOK} {what} {','.join(sorted(known))} {where}"
        strings, inked, is_settled = self._page.recall(key, look)
        return DigitsRead(strings, inked), is_settled

    def _line(self, dpi: int, pad: float, box: Box) -> LineSeen | None:
        """The line at *box*, cut out of the page, as the second reader sees it."""
        if (dpi, pad, box) not in self._seen:
            cut = _cut(self._page, dpi, box, pad)
            self._seen[dpi, pad, box] = handwriting.seen(cut) if cut is not None else None
        return self._seen[dpi, pad, box]


def _cut(page: Page, dpi: int, box: Box, pad: float) -> Image | None:
    """The line at *box*, cut out of the picture of its page; pad: how much white around it. None where it is tiny."""
    middle = (box[1] + box[3]) / 2
    cut = page.part(dpi, (box[0], middle - _HALF_LINE * pad, box[2], middle + _HALF_LINE * pad))
    return cut if cut.width > 8 and cut.height > 8 else None


# --- the number


def _read_number(header: Header, witnesses: Sequence[Header], looks: _Looks, candidates: Candidates) -> None:
    symbol = header.fields.get("symbol")
    if symbol is None or not symbol.value or symbol.evidence.bbox is None or header.party:
        return
    seen = header.fields.get("so_ky_hieu")
    zone, box = symbol.evidence.bbox, _number_box(header)
    assert box is not None
    year = header.number_year
    boxes = _apart([b for b in map(_number_box, witnesses) if b is not None])
    what = f"number of {year}" if year else "number"
    numbers = {str(number) for witness in witnesses if (number := witness.value("number"))}
    known = numbers if len(numbers) == 1 else set[str]()
    read = looks.digits(f"{what}, also alone", boxes, _number_span(year), _NUMBER_DIGITS, alone=True, known=known)
    if not read.strings:
        return
    if not read.inked:
        _set_blank_number(header)
        return
    weighed = {s: p * number_weight(s) for s, p in read.strings.items() if s}
    for witness in witnesses:
        number = str(witness.value("number") or "")
        if number in weighed and "so_ky_hieu" in witness.fields:
            confidence = witness.fields["so_ky_hieu"].evidence.confidence
            weighed[number] *= 1 + _FIRST_READER * max(0.0, confidence - 0.1)
    total = sum(weighed.values())
    if not total:
        return
    first = str(header.value("number") or "")
    candidates["number"] = _ranked(weighed)
    number = max(weighed, key=lambda s: weighed[s])
    confidence = weighed[number] / total
    joined = "/".join(p for p in (number, year, str(symbol.value)) if p)
    evidence = Evidence(
        round(min(confidence, _MAX_CONFIDENCE), 3),
        confidence < SURE["so_ky_hieu"] or symbol.evidence.needs_review,
        page=symbol.evidence.page,
        bbox=(box[0], zone[1], zone[2], zone[3]),
        start=seen.evidence.start if seen else symbol.evidence.start,
        end=seen.evidence.end if seen else symbol.evidence.end,
        reasons=_number_reasons(confidence, number, first, symbol),
    )
    header.fields["so_ky_hieu"] = Found(joined, evidence)
    header.fields["number"] = Found(number, evidence)


def _number_box(header: Header) -> Box | None:
    """Where the figures of ô 3 stand by one witness: its line, from some way left of the ký hiệu on."""
    symbol, seen = header.fields.get("symbol"), header.fields.get("so_ky_hieu")
    zone = symbol.evidence.bbox if symbol is not None else None
    if zone is None:
        return None
    left = min(zone[0] - 0.16, (seen.evidence.bbox[0] if seen and seen.evidence.bbox else zone[0]) - 0.06)
    return (max(0.02, left), zone[1], zone[2] + 0.015, zone[3])


def _apart(boxes: Sequence[Box]) -> list[Box]:
    """*boxes* without those of a line before."""
    kept: list[Box] = []
    for box in boxes:
        middle = (box[1] + box[3]) / 2
        if all(abs(middle - (other[1] + other[3]) / 2) > _SAME_ROW for other in kept):
            kept.append(box)
    return kept


def _set_blank_number(header: Header) -> None:
    """Neither reader found a digit: a blank where the first one saw nothing, else unreadable."""
    blank = not header.number_seen
    for name in ("number", "so_ky_hieu"):
        seen = header.fields.get(name)
        if seen is not None:
            reasons = ["chỗ số để trống"] if blank else ["có nét chữ ở chỗ số, không đọc được"]
            evidence = Evidence(0.9 if blank else 0.0, not blank, page=seen.evidence.page, bbox=seen.evidence.bbox)
            evidence.reasons = reasons
            header.fields[name] = Found(None, evidence)


def _number_reasons(confidence: float, value: str, first: str, symbol: Found) -> list[str]:
    reasons = []
    if first and first.lstrip("0") != value.lstrip("0"):
        reasons.append(f"hai lần đọc khác nhau (OCR: {first})")
    elif not first:
        reasons.append("viết tay, OCR không đọc được")
    if confidence < SURE["so_ky_hieu"]:
        reasons.append("chữ số không rõ")
    return reasons + (symbol.evidence.reasons if symbol.evidence.needs_review else [])


def _number_span(year: str | None) -> handwriting.Locate:
    """Finds the digits between "Số:" and the slash before the ký hiệu, or before *year* where one follows them."""

    def locate(text: str, characters: list[Character], places: int) -> Span | None:
        match = _NUMBER_WORD.match(text)
        begin = match.end() if match else 0
        slash = text.rfind("/")
        if slash < begin:
            capitals = re.search(r"(?<=.)[A-ZĐ]{2}", text[begin:])
            slash = begin + capitals.start() if capitals else len(text)
        if year and slash > begin:
            slash = begin + start_of_year(text[begin:slash], year)
        if match and slash == begin:  # nothing was read between them
            return Span(characters[begin - 1].end, characters[slash].start) if slash < len(characters) else None
        start = characters[begin - 1].end if begin else 0
        end = characters[slash].start if slash < len(characters) else places
        return Span(start, max(end, start))

    return locate


# --- the date


def _read_date(header: Header, witnesses: Sequence[Header], looks: _Looks, candidates: Candidates) -> None:
    seen = header.fields.get("date")
    if seen is None or seen.evidence.bbox is None:
        return
    dated = [w for w in witnesses if (f := w.fields.get("date")) is not None and f.evidence.bbox is not None]
    parts = _day_and_month(dated, looks)
    if "month" not in parts:
        return
    candidates.update({name: _ranked(part.weights) for name, part in parts.items()})
    value, confidence = _dated(int(str(seen.value).split("-")[0]), parts)
    reasons = list(seen.evidence.reasons)
    if len(value) < len("2024-01-31"):
        reasons.append("ngày không đọc được")
    elif confidence >= SURE["date"]:
        reasons = [] if value == seen.value else [f"hai lần đọc khác nhau (OCR: {seen.value})"]
    years = {str(witness.value("date")).split("-")[0] for witness in dated}
    review = confidence < SURE["date"] or len(years) > 1
    if len(years) > 1:
        reasons.append(f"năm đọc khác nhau ({', '.join(sorted(years))})")
    elif review and not reasons:
        reasons = ["chữ số không rõ"]
    evidence = Evidence(
        round(min(confidence, _MAX_CONFIDENCE), 3),
        review,
        page=seen.evidence.page,
        bbox=seen.evidence.bbox,
        start=seen.evidence.start,
        end=seen.evidence.end,
        reasons=reasons,
    )
    header.fields["date"] = Found(value, evidence)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a day or a month may be, with weights, and how much weight "none of them" has."""

    weights: dict[int, float]
    nothing: float

    @property
    def total(self) -> float:
        return sum(self.weights.values()) + self.nothing

    @property
    def best(self) -> int:
        return max(self.weights, key=lambda value: self.weights[value])


def _dated(year: int, parts: Mapping[str, _Part]) -> tuple[str, float]:
    """The likeliest date and its probability; without a day where none that the calendar has was read."""
    month = parts["month"]
    day = parts.get("day")
    if day is not None:
        weights = {
            (m, d): month_weight * day_weight * calendar_weight(year, m, d)
            for m, month_weight in month.weights.items()
            for d, day_weight in day.weights.items()
        }
        (m, d), weight = max(weights.items(), key=lambda item: item[1])
        date = dates.make(year, m, d)
        if date is not None:
            none_of_them = month.total * day.total - sum(month.weights.values()) * sum(day.weights.values())
            return date, weight / (sum(weights.values()) + none_of_them)
    undated = dates.make(year, month.best)
    assert undated is not None
    return undated, month.weights[month.best] / month.total * 0.5


def _day_and_month(witnesses: Sequence[Header], looks: _Looks) -> dict[str, _Part]:
    """What day and month may be, where any digit was read of them. witnesses: each with a date."""
    boxes = [box for witness in witnesses if (box := witness.fields["date"].evidence.bbox) is not None]
    lines = _apart([(box[0] - 0.01, box[1], box[2] + 0.015, box[3]) for box in boxes])
    parts = {}
    for name, before, after, highest in (("day", "day", "month", 31), ("month", "month", "year", 12)):
        known = _known_of_date(witnesses, name)
        read = looks.digits(name, lines, _between(before, after), _DATE_DIGITS, known=known)
        valid, nothing = day_or_month_weights(read.strings, highest)
        for witness in witnesses:
            _add_first_reading(valid, witness, name, highest)
        if valid and read.inked:
            parts[name] = _Part(valid, nothing)
    return parts


def _known_of_date(witnesses: Sequence[Header], name: str) -> set[str]:
    """How the day or month that witnesses read without a doubt may be written; nothing where they differ."""
    position = 2 if name == "day" else 1
    dates_read = [str(f.value).split("-") for w in witnesses if not (f := w.fields["date"]).evidence.reasons]
    values = {int(parts[position]) for parts in dates_read if len(parts) > position}
    return {f"{value}", f"{value:02}"} if len(values) == 1 and (value := values.pop()) else set()


def _add_first_reading(valid: dict[int, float], witness: Header, name: str, highest: int) -> None:
    """Add to days or months what a witness says: for one value, or for all that fit the one figure which it read."""
    found = witness.fields["date"]
    first, position = str(found.value).split("-"), 2 if name == "day" else 1
    if len(first) > position and not found.evidence.reasons:
        value = int(first[position])
        valid[value] = valid.get(value, 0.0) + _FIRST_READER_DATE
        return
    for value in partly_read(witness.day_seen if name == "day" else witness.month_seen, highest):
        if value in valid:
            valid[value] *= _PARTLY_READ


def _between(before: str, after: str) -> handwriting.Locate:
    """Finds the digits between two words of a date."""

    def locate(text: str, characters: list[Character], places: int) -> Span | None:
        plain = fold(clean(text)) if len(fold(clean(text))) == len(text) else text
        first = _WORDS[before].search(text) or _WORDS[before].search(plain)
        if not first:
            return None
        second = _WORDS[after].search(text, first.end()) or _WORDS[after].search(plain, first.end())
        if not second:
            return None
        return Span(characters[first.end() - 1].end, characters[second.start()].start)

    return locate
