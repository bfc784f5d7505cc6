"""The header of a document, ô 1 to 6, 9a, 10 and 11 of Nghị định 30/2020/NĐ-CP, Phụ lục I.

Agencies, số ký hiệu, place and date, type, trích yếu, Kính gửi, marks of urgency and secrecy. The header is read from
visual lines: with boxes (scans, PDFs) the columns are told apart by place, in plain text by runs of spaces and by the
words that begin a column ("CỘNG HÒA XÃ HỘI", "Độc lập"). This is the only grammar of headers: zones and bundled
documents use it too.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from corpus.fold import letters
from ingest.layout import cues
from ingest.layout.header_agencies import put_agencies
from ingest.layout.header_columns import ColumnReader
from ingest.layout.header_database import put_database_heading
from ingest.layout.header_title import TitleReader
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, Segment, plain_lines
from ingest.layout.symbol_repair import confirm_by_issuer, correct_by_type
from ingest.page import PAGE_BREAK

#: Lines below the columns in which a mark may be printed.
_MARK_LINES = 14
#: A misread mark stands left of this, has at least so many letters, of which so many may be wrong; its confidence.
_MARK_CENTRE, _MIN_BLURRED, _MAX_SLIPS, _BLURRED = 0.45, 6, 2, 0.4


def read_header(lines: Sequence[Line], *, ocr: bool) -> Header:
    """The header at the start of *lines* (the first page of one document). What is not found is absent."""
    header = Header()
    lines = [kept for line in lines if (kept := _without_stamps(line))]
    if not lines:
        return header
    columns = ColumnReader(lines, header, ocr).read()
    put_agencies(header, columns.left, ocr=ocr)
    TitleReader(lines, header, columns, ocr).read()
    if not ocr:
        put_database_heading(header, lines)
    _put_marks(header, lines[: columns.body + _MARK_LINES], ocr=ocr)
    if ocr:
        correct_by_type(header)
        confirm_by_issuer(header)
    return header


def read_plain_header(text: str, start: int = 0) -> Header:
    """The header of the document that begins at offset *start* of a stored text, read from its first page alone."""
    end = text.find(PAGE_BREAK, start)
    return read_header(plain_lines(text[start : len(text) if end < 0 else end], start, 1), ocr=False)


def _without_stamps(line: Line) -> Line | None:
    """The line without what others put on the page: gazette masthead, digital signature, received stamp."""
    if cues.STAMP.match(line.text) or cues.MASTHEAD.search(line.folded):
        return None
    kept = [s for s in line.segments if not cues.RECEIVED.match(s.text)]
    return Line(kept, line.page, line.gap) if kept else None


def _put_marks(header: Header, lines: Sequence[Line], *, ocr: bool) -> None:
    """Marks of urgency, secrecy and circulation (ô 10, 11)."""
    for line in lines:
        for segment in line.segments:
            mark = cues.marks().get(letters(segment.text))
            if mark and cues.is_mostly_capitals(segment.text) and mark[0] not in header.fields:
                header.put(mark[0], mark[1], [segment], segment.confidence if ocr else 1.0)
            elif ocr and mark is None and (blurred := _blurred_mark(segment)) and blurred[0] not in header.fields:
                reasons = [f"dấu đọc không rõ (OCR: {segment.text})"]
                header.put(blurred[0], blurred[1], [segment], _BLURRED, reasons=reasons, needs_review=True)


def _blurred_mark(segment: Segment) -> tuple[str, str] | None:
    """The mark of a framed or slanted stamp in the left column, of which OCR misread a letter or two."""
    key = letters(segment.text)
    if segment.centre > _MARK_CENTRE or len(key) < _MIN_BLURRED:
        return None
    near = [m for k, m in cues.marks().items() if len(k) >= _MIN_BLURRED and _misread(k, key)]
    return near[0] if len(near) == 1 else None


def _misread(mark: str, read: str) -> bool:
    return Levenshtein.distance(mark, read, score_cutoff=_MAX_SLIPS) <= _MAX_SLIPS
