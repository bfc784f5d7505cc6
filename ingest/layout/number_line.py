"""The line of số and ký hiệu: ô 3 of Nghị định 30/2020/NĐ-CP, Phụ lục I, as printed and as OCR gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.fold import clean
from ingest.layout import cues
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, Segment
from ingest.layout.symbol_repair import begins_with_type, repair_symbol

#: Confidence of OCR below which a number is doubted.
_SURE = 0.93
#: A number as it may be written: digits with a letter, or with a part behind a dot.
_PLAIN_NUMBER = re.compile(r"\d{1,5}[a-zđ]?|\d{1,3}\.\d{1,2}")
#: Signs around and between the parts of a number: dots of a blank to be filled in, specks of a scan.
_EDGE = " .…_:,-'"
#: Confidence of a ký hiệu that OCR read, and of one in a line that OCR broke.
_READ, _BROKEN = 0.9, 0.4


@dataclass(slots=True)
class _NumberLine:
    """What one pattern found on a line; offsets into the line's text."""

    number: tuple[int, int]
    symbol: tuple[int, int]
    printed_number: str
    printed_symbol: str
    year: str | None = None
    #: "Số 05-NQ/TW".
    party: bool = False
    #: Whether the slash, or "Số" itself, was misread.
    broken: bool = False


def read_number_line(line: Line, header: Header, *, ocr: bool) -> bool:
    """Put number and ký hiệu of a line into *header*; whether it is such a line."""
    found = _parts(line, ocr=ocr)
    if found is None:
        return False
    symbol = re.sub(r"\s", "", found.printed_symbol).replace(":", "-").replace(".", "-")
    number, digits, raw = _number_of(found.printed_number, found.year)
    header.number_seen, header.number_year = raw, found.year
    number_segments = line.covering(found.number[0], found.symbol[0])
    symbol_segments = line.covering(*found.symbol)
    whole = line.covering(found.number[0], found.symbol[1])
    confidence = min((s.confidence for s in number_segments), default=1.0) if ocr else 1.0
    reasons: list[str] = []
    if ocr:
        if number is None:
            reasons.append("số trống hoặc viết tay")
        elif digits != raw or confidence < _SURE or found.broken:
            reasons.append("OCR không chắc")
        symbol = _put_ocr_symbol(header, symbol, symbol_segments, broken=found.broken)
    else:
        header.put("symbol", symbol, symbol_segments, 1.0)
    joined = None
    if number is not None:
        joined = f"{number}-{symbol}" if found.party else "/".join(p for p in (number, found.year, symbol) if p)
        confidence *= 0.6 if reasons else 1.0
    elif not reasons:
        return True
    else:
        confidence = 0.0
    review = bool(reasons)
    header.put("number", number, number_segments, confidence, reasons=reasons, needs_review=review)
    header.put("so_ky_hieu", joined, whole, confidence, reasons=reasons, needs_review=review)
    return True


def doubt_missing_number(lines: Sequence[Line], header: Header) -> bool:
    """Doubt the number of a scan whose ô 3 could not be read; whether remains of it stand on one of *lines*."""
    for line in lines:
        for segment in line.segments:
            if cues.NUMBER_REMAINS.match(segment.text):
                reasons = ["dòng Số không đọc được"]
                for name in ("number", "symbol", "so_ky_hieu"):
                    header.put(name, None, [segment], 0.0, reasons=reasons, needs_review=True)
                return True
    return False


def _parts(line: Line, *, ocr: bool) -> _NumberLine | None:
    text = clean(line.text)
    party = cues.PARTY_NUMBER.match(text)
    match = party or cues.NUMBER.match(text)
    broken = False
    if match is None and ocr:
        match = cues.NUMBER_WITHOUT_SLASH.match(text) or _broken(line)
        broken = match is not None
    if match is None or not cues.is_plausible_symbol(match["symbol"]):
        return None
    groups = match.groupdict()
    return _NumberLine(
        match.span("number"),
        match.span("symbol"),
        match["number"],
        match["symbol"],
        groups.get("year"),
        party=party is not None,
        broken=broken,
    )


def _broken(line: Line) -> re.Match[str] | None:
    """Ô 3 with its slash or "Số" misread: what ends in a ký hiệu at the start of a line, with few signs before it."""
    first = line.segments[0]
    text = clean(first.text)
    if first.centre >= 0.5:
        return None
    match = cues.BROKEN_NUMBER.match(text)
    if match is not None and match["number"]:
        return match
    match = match or cues.NUMBER_WITHOUT_SIGNS.match(text)
    return match if match is not None and begins_with_type(match["symbol"]) else None


def _put_ocr_symbol(header: Header, symbol: str, segments: Sequence[Segment], *, broken: bool) -> str:
    """Put a ký hiệu that OCR read into *header*, repaired where a known code shows how; the repaired ký hiệu."""
    symbol, repaired = repair_symbol(symbol)
    reasons = ["ký hiệu được sửa"] if repaired else []
    confidence = _READ
    if broken:
        reasons.append("dòng Số đọc không rõ")
        confidence = _BROKEN
    header.put("symbol", symbol, segments, confidence, reasons=reasons, needs_review=broken)
    return symbol


def _number_of(printed: str, year: str | None) -> tuple[str | None, str, str]:
    """(the number or None where it is none, its digits, what is printed)."""
    raw = printed.strip(_EDGE)
    digits = re.sub(r"[ .]", "", raw)
    joined = raw.replace(" ", "")
    number = digits if _PLAIN_NUMBER.fullmatch(joined) else None
    if number is not None and "." in raw and year:
        number = joined
    return number, digits, raw
