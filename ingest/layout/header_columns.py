"""The two columns at the top of a header: ô 1 to 4 of Nghị định 30/2020/NĐ-CP, Phụ lục I.

Left the agencies above the number, right quốc hiệu and tiêu ngữ above place and date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus import dates
from corpus.fold import clean
from ingest.layout import cues
from ingest.layout.header_type import type_of_line
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, Segment
from ingest.layout.symbol_repair import repair_symbol

#: Lines in which number and date are looked for, and those in which a date counts before quốc hiệu was seen.
_SEARCHED_LINES, _EARLY_LINES = 40, 14
#: Words of a địa danh are no longer than this; the whole of it, and what follows the date on its line.
_MAX_PLACE_WORD, _MAX_PLACE, _MAX_AFTER_DATE = 12, 40, 12
#: Confidence of OCR below which a number or a date is doubted.
_SURE = 0.93
#: A number as it may be written: digits with a letter, or with a part behind a dot.
_PLAIN_NUMBER = re.compile(r"\d{1,5}[a-zđ]?|\d{1,3}\.\d{1,2}")
#: Letters that OCR reads in place of digits.
_DIGIT_SLIPS = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "o": "0", "Í": "1", "í": "1"})
#: Signs around and between the parts of a number and a date: dots of a blank to be filled in, specks of a scan.
_NUMBER_EDGE, _DATE_EDGE, _PLACE_EDGE = " .…_:,-'", " .…_,-", " .,;:-_'|"


@dataclass(slots=True)
class Columns:
    """What the columns hold besides the fields."""

    #: Segments of the left column above the number: the agencies.
    left: list[Segment] = field(default_factory=list)
    #: Segments of the left column below the number: V/v and marks.
    under: list[Segment] = field(default_factory=list)
    #: Where the right column begins, as a fraction of the page's width; None in plain text.
    split: float | None = None
    #: Index of the first line below number and date.
    body: int = 0


class ColumnReader:
    """Reads the columns line by line into a header."""

    def __init__(self, lines: Sequence[Line], header: Header, ocr: bool) -> None:
        self._lines = lines
        self._header = header
        self._ocr = ocr
        self._columns = Columns()

    def read(self) -> Columns:
        """Put number, place and date into the header; the rest of the columns."""
        columns, header, lines = self._columns, self._header, self._lines
        emblem_at, number_at, date_at = self._anchors()
        last = max((i for i in (number_at, date_at) if i is not None), default=emblem_at)
        columns.body = (last + 1) if last is not None else 0
        if not header.anchored and date_at is None:
            header.columns_end = lines[0].start
            return columns
        top = next((i for i in (number_at, date_at) if i is not None), None)
        if top is None:  # the agency's second line stands beside the tiêu ngữ
            top = (emblem_at or 0) + 1
            top = top if top < len(lines) and cues.MOTTO.search(lines[top].folded) else emblem_at or 0
        for line in lines[: top + 1]:
            self._collect_left(line, columns.left)
        for line in lines[top + 1 : (last or 0) + 1]:
            self._collect_left(line, columns.under)
        header.columns_end = max((line.end for line in lines[: columns.body]), default=lines[0].start)
        return columns

    def _anchors(self) -> tuple[int | None, int | None, int | None]:
        """Indexes of the lines of quốc hiệu, number and date, which are read on the way."""
        header = self._header
        emblem_at = number_at = date_at = None
        for index, line in enumerate(self._lines[:_SEARCHED_LINES]):
            folded = line.folded
            if emblem_at is None and cues.is_emblem(line.text, folded):
                emblem_at = index
                header.anchored = header.has_emblem = True
                header.party = bool(cues.PARTY.search(folded))
            if date_at is None and (emblem_at is not None or index < _EARLY_LINES) and self._read_date(line):
                date_at = index
            if number_at is None and self._read_number(line):
                number_at = index
                header.anchored = True
                header.has_number = cues.begins_with_number_word(line.text)
            found = number_at is not None or date_at is not None
            if type_of_line(line, ocr=self._ocr) and (found or index > (emblem_at or 0) + 1):
                break
            if cues.opens_addressees(folded) or folded.strip(" -*").startswith("can cu"):
                break
            if number_at is not None and date_at is not None:
                break
        return emblem_at, number_at, date_at

    def _collect_left(self, line: Line, target: list[Segment]) -> None:
        """Add what stands in the left column of a line to *target*, up to the number."""
        columns = self._columns
        for segment in line.segments:
            right = _right_column_start(segment)
            rest: Segment | None = segment
            if right is not None:
                part = segment.part(right, len(segment.text))
                if part.box:
                    columns.split = min(columns.split or 1.0, part.box[0])
                rest = segment.part(0, right) if segment.text[:right].strip(" ,.") else None
            if rest is None or not rest.text.strip(" .,-_*"):
                continue
            if rest.box and columns.split and rest.box[0] > columns.split - 0.02:
                continue
            if cues.is_number_line(rest.text):
                return
            target.append(rest)

    # Ô 4

    def _read_date(self, line: Line) -> bool:
        """Put place and date of a line into the header; whether there is a date."""
        for segment in line.segments:  # V/v may stand to the left of the date
            if cues.DATE.search(segment.text):
                line = Line([segment], line.page, line.gap)
                break
        text = clean(line.text)
        match = cues.DATE.search(text) or cues.SHORT_DATE.search(text)
        if not match:
            return False
        place = text[_place_start(text, match.start()) : match.start()].lstrip(_PLACE_EDGE)
        start = match.start() - len(place)
        place = place.rstrip(_PLACE_EDGE)
        tail = text[match.end() :].strip(" .,)|'")
        if len(tail) > _MAX_AFTER_DATE or len(place) > _MAX_PLACE or (place and not place[0].isupper()):
            return False  # a date inside a sentence
        if not place and not self._header.anchored:
            return False
        self._put_date(match, line.covering(match.start(), match.end()))
        if place:
            segments = line.covering(start, start + len(place)) or line.covering(start, match.end())
            self._header.put("place", place, segments, 0.95)
        return True

    def _put_date(self, match: re.Match[str], segments: Sequence[Segment]) -> None:
        day, month, year = (_digits(match[g]) for g in ("day", "month", "year"))
        raw_day, raw_month = (match[g].strip(_DATE_EDGE) for g in ("day", "month"))
        reasons = []
        value = dates.make(year, month if raw_month else None, day if raw_day and raw_month else None)
        if value is None or (raw_day and day is None) or (raw_month and month is None):
            reasons.append("ngày không hợp lệ")
            value = dates.make(year, month) if month and 1 <= month <= 12 else dates.make(year)
        confidence = min((s.confidence for s in segments), default=1.0) if self._ocr else 1.0
        if re.search(r"[^\d\s.]", raw_day + raw_month):
            reasons.append("chữ số được sửa")
        if self._ocr and confidence < _SURE:
            reasons.append("OCR không chắc")
        if self._ocr and (not raw_day or not raw_month):
            reasons.append("chỗ ngày tháng trống hoặc viết tay")
        if value:
            confidence *= 0.5 if reasons else 1.0
            self._header.put("date", value, segments, confidence, reasons=reasons, needs_review=bool(reasons))

    # Ô 3

    def _read_number(self, line: Line) -> bool:
        """Put number and ký hiệu of a line into the header; whether there is a ký hiệu."""
        text = clean(line.text)
        match = cues.PARTY_NUMBER.match(text)
        party = bool(match)
        if not match:
            match = cues.NUMBER.match(text) or (cues.NUMBER_WITHOUT_SLASH.match(text) if self._ocr else None)
        if not match or not cues.is_plausible_symbol(match["symbol"]):
            return False
        symbol = re.sub(r"\s", "", match["symbol"]).replace(":", "-").replace(".", "-")
        year = match.groupdict().get("year")
        number, digits, raw = _number_of(match["number"], year)
        number_segments = line.covering(match.start("number"), match.start("symbol"))
        confidence = min((s.confidence for s in number_segments), default=1.0) if self._ocr else 1.0
        reasons = []
        repaired = False
        if self._ocr:
            if number is None:
                reasons.append("số trống hoặc viết tay")
            elif digits != raw or confidence < _SURE or match.re is cues.NUMBER_WITHOUT_SLASH:
                reasons.append("OCR không chắc")
            symbol, repaired = repair_symbol(symbol)
        self._header.put(
            "symbol",
            symbol,
            line.covering(match.start("symbol"), match.end("symbol")),
            0.9 if self._ocr else 1.0,
            reasons=["ký hiệu được sửa"] if repaired else [],
        )
        whole = line.covering(match.start("number"), match.end("symbol"))
        if number is not None:
            joined = f"{number}-{symbol}" if party else "/".join(p for p in (number, year, symbol) if p)
            confidence *= 0.6 if reasons else 1.0
            self._put_number(number, joined, number_segments, whole, confidence, reasons)
        elif reasons:
            self._put_number(None, None, number_segments, whole, 0.0, reasons)
        return True

    def _put_number(
        self,
        number: str | None,
        so_ky_hieu: str | None,
        number_segments: Sequence[Segment],
        whole: Sequence[Segment],
        confidence: float,
        reasons: Sequence[str],
    ) -> None:
        review = bool(reasons)
        self._header.put("number", number, number_segments, confidence, reasons=reasons, needs_review=review)
        self._header.put("so_ky_hieu", so_ky_hieu, whole, confidence, reasons=reasons, needs_review=review)


def _right_column_start(segment: Segment) -> int | None:
    """Where the right column begins inside a segment; None where nothing of it is there."""
    folded = segment.folded
    for pattern in (cues.NATION, cues.PARTY, cues.MOTTO):
        match = pattern.search(folded)
        if match:
            return match.start()
    match = cues.DATE.search(segment.text) or cues.SHORT_DATE.search(segment.text)
    return _place_start(segment.text, match.start()) if match else None


def _place_start(text: str, date_start: int) -> int:
    """Where the địa danh before ``ngày`` begins: back over words without digits or slashes."""
    before = text[:date_start].rstrip(" ,.;:")
    start = len(before)
    for word in reversed(list(re.finditer(r"\S+", before))):
        token = word.group()
        if (
            re.search(r"[\d/:]", token)
            or token.endswith((":", ";"))
            or len(token) > _MAX_PLACE_WORD
            or cues.SYMBOL.fullmatch(token)
        ):
            break
        start = word.start()
    return start


def _number_of(printed: str, year: str | None) -> tuple[str | None, str, str]:
    """(the number or None where it is none, its digits, what is printed)."""
    raw = printed.strip(_NUMBER_EDGE)
    digits = re.sub(r"[ .]", "", raw)
    joined = raw.replace(" ", "")
    number = digits if _PLAIN_NUMBER.fullmatch(joined) else None
    if number is not None and "." in raw and year:
        number = joined
    return number, digits, raw


def _digits(raw: str) -> int | None:
    text = re.sub(r"[\s.…_,'`]", "", raw).translate(_DIGIT_SLIPS)
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None
