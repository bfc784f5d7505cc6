"""Number and date of a scan read a second time: both readings, the grammar and the calendar weighed together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus import dates
from corpus.fold import clean, fold
from corpus.model import Box, Evidence
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout.figure_weights import calendar_weight, day_or_month_weights, number_weight, start_of_year
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.ocr import handwriting, second_reader
from ingest.ocr.ctc import Character
from ingest.ocr.handwriting import DigitsRead, Span
from ingest.page import Page

if TYPE_CHECKING:
    from PIL.Image import Image

#: Field → probability below which its value is shown with "cần kiểm tra". From tools/calibrate on the labelled scans.
SURE = {row["field"]: float(row["sure"]) for row in rows("calibration", DATA)}

#: Increased when a look at the same place would come out different: part of the cache's key.
LOOK = "2"

#: Resolutions at which a line is cut out, half its height as a fraction of the page's (13 pt type with its marks), and
#: factors of that height: a reading that varies between the cuts is less probable.
_DPI = (200, 300)
_HALF_LINE = 0.0145
_PADS = (0.75, 0.9, 1.05)
#: How much a confident reading by the first reader speaks for a number, and its share for a day or a month.
_FIRST_READER, _FIRST_READER_DATE = 6.0, 0.3
#: What is read of a number and of a day or month, at most.
_NUMBER_DIGITS, _DATE_DIGITS = 5, 2
#: Probabilities below this are not kept.
_NEGLIGIBLE = 1e-4
#: Candidates of a value that are kept.
_MAX_CANDIDATES = 5
#: The highest confidence a value read twice can have.
_MAX_CONFIDENCE = 0.99

_NUMBER_WORD = re.compile(r"^\W{0,3}[Ss5][^\d/:.;]{0,2}\d?\s?[:.;]+\s?|^\W{0,3}[Ss][óôốo0]?\s?")
_WORDS = {
    "day": re.compile(r"ng\w{1,2}y|gày|ày"),
    "month": re.compile(r"th\w{0,2}ng|háng"),
    "year": re.compile(r"n\w{1,2}m(?=\s*\d)"),
}

#: For each value read a second time: what it may be, likeliest first, with probabilities.
Candidates = dict[str, list[tuple[str, float]]]


def read_again(header: Header, page: Page) -> Candidates:
    """Read number and date of *header* again on the picture of *page*, and write the outcome into it.

    Nothing is changed, and nothing returned, where the page cannot be drawn or the second reader is not installed.
    """
    if page.load_image is None or not second_reader.available():
        return {}
    looks = _Looks(page)
    candidates: Candidates = {}
    _read_number(header, looks, candidates)
    _read_date(header, looks, candidates)
    return candidates


def _ranked(weights: Mapping[Any, float]) -> list[tuple[str, float]]:
    total = sum(weights.values()) or 1.0
    best = sorted(weights.items(), key=lambda item: -item[1])[:_MAX_CANDIDATES]
    return [(str(value), round(weight / total, 3)) for value, weight in best]


class _Looks:
    """Further looks at one page: it is drawn when first needed, and what was seen is cached with its OCR."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._pictures: list[Image] = []

    def digits(
        self, what: str, box: Box, locate: handwriting.Locate, longest: int, *, alone: bool = False
    ) -> DigitsRead:
        """The digits in the line at *box*; alone: read by themselves, too."""
        where = " ".join(f"{v:.4f}" for v in box)

        def look() -> list[Any]:
            if not self._pictures and self._page.load_image is not None:
                self._pictures = [self._page.load_image(dpi) for dpi in _DPI]
            found = handwriting.digits(_cuts(self._pictures, box), locate, longest, alone=alone)
            return [{s: round(p, 5) for s, p in found.strings.items() if p > _NEGLIGIBLE}, found.inked]

        strings, inked = self._page.recall(f"digits {LOOK} {what} {where}", look)
        return DigitsRead(strings, inked)


def _cuts(pictures: Sequence[Image], box: Box) -> list[Image]:
    """The line at *box*, cut out of every picture with more and with less white around it."""
    middle = (box[1] + box[3]) / 2
    cuts = []
    for picture in pictures:
        width, height = picture.size
        for pad in _PADS:
            area = (
                int(max(0.0, box[0]) * width),
                int(max(0.0, middle - _HALF_LINE * pad) * height),
                int(min(1.0, box[2]) * width),
                int(min(1.0, middle + _HALF_LINE * pad) * height),
            )
            if area[2] - area[0] > 8 and area[3] - area[1] > 8:
                cuts.append(picture.crop(area))
    return cuts


# --- the number


def _read_number(header: Header, looks: _Looks, candidates: Candidates) -> None:
    symbol = header.fields.get("symbol")
    if symbol is None or not symbol.value or symbol.evidence.bbox is None or header.party:
        return
    seen = header.fields.get("so_ky_hieu")
    zone = symbol.evidence.bbox
    left = min(zone[0] - 0.16, (seen.evidence.bbox[0] if seen and seen.evidence.bbox else zone[0]) - 0.06)
    box = (max(0.02, left), zone[1], zone[2] + 0.015, zone[3])
    first = str(header.value("number") or "")
    year = header.number_year
    what = f"number of {year}" if year else "number"
    read = looks.digits(f"{what}, also alone", box, _number_span(year), _NUMBER_DIGITS, alone=True)
    if not read.strings:
        return
    if not read.inked:
        _set_blank_number(header)
        return
    weighed = {s: p * number_weight(s) for s, p in read.strings.items() if s}
    if first in weighed and seen is not None:
        weighed[first] *= 1 + _FIRST_READER * max(0.0, seen.evidence.confidence - 0.1)
    total = sum(weighed.values())
    if not total:
        return
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


def _read_date(header: Header, looks: _Looks, candidates: Candidates) -> None:
    seen = header.fields.get("date")
    if seen is None or seen.evidence.bbox is None:
        return
    parts = _day_and_month(seen, seen.evidence.bbox, looks)
    if "month" not in parts:
        return
    candidates.update({name: _ranked(part.weights) for name, part in parts.items()})
    value, confidence = _dated(int(str(seen.value).split("-")[0]), parts)
    reasons = list(seen.evidence.reasons)
    if len(value) < len("2024-01-31"):
        reasons.append("ngày không đọc được")
    elif confidence >= SURE["date"]:
        reasons = [] if value == seen.value else [f"hai lần đọc khác nhau (OCR: {seen.value})"]
    review = confidence < SURE["date"]
    if review and not reasons:
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


def _day_and_month(seen: Found, box: Box, looks: _Looks) -> dict[str, _Part]:
    """What day and month may be, where any digit was read of them."""
    line = (box[0] - 0.01, box[1], box[2] + 0.015, box[3])
    first = str(seen.value).split("-")
    parts = {}
    for name, before, after, highest in (("day", "day", "month", 31), ("month", "month", "year", 12)):
        read = looks.digits(name, line, _between(before, after), _DATE_DIGITS)
        valid, nothing = day_or_month_weights(read.strings, highest)
        position = 2 if name == "day" else 1
        if len(first) > position and not seen.evidence.reasons:
            valid[int(first[position])] = valid.get(int(first[position]), 0.0) + _FIRST_READER_DATE
        if valid and read.inked:
            parts[name] = _Part(valid, nothing)
    return parts


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
