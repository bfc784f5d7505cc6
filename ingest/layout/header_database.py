"""Headings of law databases and of the Công báo: type, issuer, number and date in one paragraph of capitals.

Databases and gazettes leave the letterhead out and print ``THÔNG TƯ / CỦA BỘ … SỐ 12/2006/TT-BNN NGÀY 18 THÁNG 12 NĂM
2006 HƯỚNG DẪN …``; the issuer stands before the number or behind the date. Only a paragraph in capitals counts: in
mixed case the same words are a citation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import dates
from corpus.fold import clean, squeeze
from corpus.so_ky_hieu import parse
from ingest.layout import cues
from ingest.layout.agency_names import from_capitals, known
from ingest.layout.header_type import type_of_line
from ingest.layout.header_values import Header
from ingest.layout.lines import Line

#: Lines at the top among which the heading begins, and lines of the longest heading.
_TOP_LINES, _HEADING_LINES = 12, 14
_CONFIDENCE = 0.9
_NUMBER = r"SỐ\s*:?\s*(?P<number>\d[^\s,]*(?:\s?-\s?[^\s,]+)?)"
_DATE = r"NGÀY\s+(?P<day>\d{1,2})\s*(?:THÁNG|/|-|\.)\s*(?P<month>\d{1,2})\s*(?:NĂM|/|-|\.)\s*(?P<year>\d{4})"
#: Words with which the subject of a document begins, where the issuer's name ends.
_SUBJECT = r"(?:VỀ|V/V|BAN HÀNH|QUY ĐỊNH|HƯỚNG DẪN|SỬA ĐỔI|BỔ SUNG|PHÊ DUYỆT|BÃI BỎ|CÔNG BỐ|THÀNH LẬP|ĐÍNH CHÍNH)"
_FORMS = (
    re.compile(rf"CỦA\s+(?P<issuer>\S.{{2,150}}?)\s+{_NUMBER}\s*,?\s+{_DATE}(?P<title>.*)"),
    re.compile(rf"{_NUMBER}\s*,?\s+{_DATE}\s+CỦA\s+(?P<issuer>\S.{{2,150}}?)(?P<title>\s+{_SUBJECT}\b.*|$)"),
    re.compile(rf"{_NUMBER}\s+CỦA\s+(?P<issuer>\S.{{2,150}}?)\s+{_DATE}(?P<title>.*)"),
)
#: Heads of agencies, who sign in the agency's name.
_HEAD = re.compile(r"(?:BỘ TRƯỞNG|CHỦ TỊCH)\s+(?=BỘ |ỦY BAN |UỶ BAN |UBND |HỘI ĐỒNG )")


def put_database_heading(header: Header, lines: Sequence[Line]) -> None:
    """Put number, date, issuer and trích yếu of such a heading into a header without quốc hiệu."""
    if header.has_emblem:
        return
    for start, line in enumerate(lines[:_TOP_LINES]):
        doc_type = type_of_line(line, ocr=False)
        if doc_type is not None:
            _read_heading(header, lines[start + 1 : start + 1 + _HEADING_LINES], doc_type)
            return
        text = clean(line.text)
        named = next((name for name in _type_names() if text.startswith(name.upper() + " ")), None)
        if named is not None and cues.is_mostly_capitals(text):
            _read_heading(header, lines[start : start + _HEADING_LINES], named)
            return


def _type_names() -> list[str]:
    return sorted(set(cues.heading_types().values()), key=len, reverse=True)


def _read_heading(header: Header, lines: Sequence[Line], doc_type: str) -> None:
    """Read the lines of a heading of that type, which end with the first that is not in capitals."""
    heading = []
    for line in lines:
        if not cues.is_mostly_capitals(line.text):
            break
        heading.append(line)
    text = squeeze(clean(" ".join(line.text for line in heading)))
    for form in _FORMS:
        match = form.search(text)
        number = parse(match["number"]) if match else None
        if match is None or number is None or number.doc_type not in {None, doc_type}:
            continue
        if match.start() > len(doc_type) + 1:  # other words stand first: it is a citation
            continue
        segments = [segment for line in heading for segment in line.segments]
        for name, value in {
            "number": number.number,
            "symbol": number.symbol,
            "so_ky_hieu": str(number),
            "issuer": _agency(_HEAD.sub("", match["issuer"].strip())),
            "doc_type": doc_type,
        }.items():
            header.put(name, value, segments, _CONFIDENCE)
        day = dates.make(int(match["year"]), int(match["month"]), int(match["day"]))
        if day is not None:
            header.put("date", day, segments, _CONFIDENCE)
        title = match["title"].strip(" ,.-")
        if title:
            header.put("title", title, segments, _CONFIDENCE)
        header.anchored = header.has_number = True
        return


def _agency(printed: str) -> str:
    """The name of an agency printed in capitals."""
    found = known(printed, ocr=False)
    return found[0] if found is not None and found[1] else from_capitals(printed)
