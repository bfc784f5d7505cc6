"""Doubts blanks of number and day in a text layer that something else than text may fill: a picture, or a pen."""

from __future__ import annotations

from corpus.model import Box, Evidence
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.page import Page

#: How far left of the ký hiệu the blank of its number begins, and how far above and below a picture counts.
_BLANK, _AROUND = 0.14, 0.006
#: Characters of a whole date.
_WHOLE_DATE = 10


def doubt_filled_blanks(header: Header, page: Page) -> None:
    """Mark number and day for checking where they are blank in the text layer of *page* but perhaps not on the page.

    A blank of a born-digital page with nothing over it is a fact and is left alone.
    """
    symbol = header.fields.get("symbol")
    if symbol is not None and symbol.value and header.value("so_ky_hieu") is None and symbol.evidence.bbox:
        box = symbol.evidence.bbox
        if _filled(page, (box[0] - _BLANK, box[1], box[2], box[3])):
            _doubt(header, "number", None, symbol.evidence)
            _doubt(header, "so_ky_hieu", None, symbol.evidence)
    date = header.fields.get("date")
    partial = date is not None and len(str(date.value)) < _WHOLE_DATE
    if date is not None and partial and date.evidence.bbox and _filled(page, date.evidence.bbox):
        _doubt(header, "date", date.value, date.evidence)


def _filled(page: Page, blank: Box) -> bool:
    return page.is_scan or any(_overlap(picture, blank) for picture in page.pictures)


def _overlap(picture: Box, blank: Box) -> bool:
    beside = picture[2] < blank[0] or blank[2] < picture[0]
    return not beside and picture[3] > blank[1] - _AROUND and picture[1] < blank[3] + _AROUND


def _doubt(header: Header, name: str, value: object, seen: Evidence) -> None:
    reasons = ["chỗ trống có hình hoặc nét chữ không đọc được"]
    evidence = Evidence(
        min(0.5, seen.confidence), True, page=seen.page, bbox=seen.bbox, start=seen.start, end=seen.end, reasons=reasons
    )
    header.fields[name] = Found(value, evidence)
