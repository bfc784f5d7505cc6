"""The line of place and date: ô 4 of Nghị định 30/2020/NĐ-CP, Phụ lục I, as printed and as OCR gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import dates
from corpus.fold import clean
from ingest.layout import cues
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, Segment

#: Words of a địa danh are no longer than this; the whole of it, and what follows the date on its line.
_MAX_PLACE_WORD, _MAX_PLACE, _MAX_AFTER_DATE = 12, 40, 12
#: Confidence of OCR below which a date is doubted.
_SURE = 0.93
#: Letters that OCR reads in place of digits.
_DIGIT_SLIPS = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "o": "0", "Í": "1", "í": "1"})
#: Signs around the parts of a date and a địa danh.
_DATE_EDGE, _PLACE_EDGE = " .…_,-", " .,;:-_'|"


def find_date(text: str, *, ocr: bool) -> re.Match[str] | None:
    """The date of ô 4 in the text of a line; with *ocr* also one whose words were misread.

    A V/v may name a date: behind one, only a date with its địa danh counts.
    """
    match = cues.DATE.search(text) or cues.SHORT_DATE.search(text)
    if match is None and ocr:
        match = cues.BLURRED_DATE.search(text)
    if match and cues.SUBJECT.match(text):
        place = text[place_start(text, match.start()) : match.start()].strip(_PLACE_EDGE)
        return match if place[:1].isupper() and text[: match.start()].rstrip().endswith(",") else None
    return match


def read_date_line(line: Line, header: Header, *, ocr: bool) -> bool:
    """Put place and date of a line into *header*; whether it is such a line."""
    for segment in line.segments:  # V/v may stand to the left of the date
        if find_date(segment.text, ocr=ocr):
            line = Line([segment], line.page, line.gap)
            break
    text = clean(line.text)
    match = find_date(text, ocr=ocr)
    if not match:
        return False
    place = text[place_start(text, match.start()) : match.start()].lstrip(_PLACE_EDGE)
    start = match.start() - len(place)
    place = place.rstrip(_PLACE_EDGE)
    tail = text[match.end() :].strip(" .,)|'")
    if len(tail) > _MAX_AFTER_DATE or len(place) > _MAX_PLACE or (place and not place[0].isupper()):
        return False  # a date inside a sentence
    if not place and not (header.anchored and _may_be_alone(text, match.start())):
        return False
    _put_date(header, match, line.covering(match.start(), match.end()), ocr=ocr)
    if place:
        segments = line.covering(start, start + len(place)) or line.covering(start, match.end())
        header.put("place", place, segments, 0.95)
    return True


def _may_be_alone(text: str, date_start: int) -> bool:
    """Whether a date without địa danh may be ô 4: nothing stands before it on its line but ô 3."""
    before = text[:date_start].strip(_PLACE_EDGE)
    return not before or cues.is_number_line(before)


def doubt_missing_date(lines: Sequence[Line], header: Header) -> None:
    """Doubt the date of a scan of whose ô 4 only remains could be read on *lines*."""
    for line in lines:
        for segment in line.segments:
            if segment.centre > 0.5 and cues.DATE_REMAINS.search(segment.text):
                for name in ("date", "place"):
                    reasons = ["dòng địa danh, ngày tháng không đọc được"]
                    header.put(name, None, [segment], 0.0, reasons=reasons, needs_review=True)
                return


def place_start(text: str, date_start: int) -> int:
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


def _put_date(header: Header, match: re.Match[str], segments: Sequence[Segment], *, ocr: bool) -> None:
    day, month, year = (_digits(match[g]) for g in ("day", "month", "year"))
    raw_day, raw_month = (match[g].strip(_DATE_EDGE) for g in ("day", "month"))
    header.day_seen, header.month_seen = raw_day, raw_month
    reasons = []
    value = dates.make(year, month if raw_month else None, day if raw_day and raw_month else None)
    if value is None or (raw_day and day is None) or (raw_month and month is None):
        reasons.append("ngày không hợp lệ")
        value = dates.make(year, month) if month and 1 <= month <= 12 else dates.make(year)
    confidence = min((s.confidence for s in segments), default=1.0) if ocr else 1.0
    if re.search(r"[^\d\s.]", raw_day + raw_month):
        reasons.append("chữ số được sửa")
    if ocr and confidence < _SURE:
        reasons.append("OCR không chắc")
    if ocr and (not raw_day or not raw_month):
        reasons.append("chỗ ngày tháng trống hoặc viết tay")
    if value:
        confidence *= 0.5 if reasons else 1.0
        header.put("date", value, segments, confidence, reasons=reasons, needs_review=bool(reasons))


def _digits(raw: str) -> int | None:
    text = re.sub(r"[\s.…_,'`]", "", raw).translate(_DIGIT_SLIPS)
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None
