"""Reads the signature's column of a scan again by itself: the seal over it hides it from the page's own OCR.

The column is read with several ways of seeing its ink, each time by the line reader and by Tesseract, then, line by
line, by the second reader. Every result is cached with the page's OCR.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any

from corpus.fold import clean
from corpus.model import Box
from ingest.layout import cues
from ingest.layout.lines import Line, Segment, union
from ingest.layout.name_search import SearchedName
from ingest.layout.person_names import combined_readings, is_name_line, with_first_letter
from ingest.layout.signature_picture import ColumnPicture
from ingest.ocr import reader, second_reader
from ingest.ocr.engine import Arrangement, OcrEngine, engine_of
from ingest.page import Page, Word

#: Increased when a further look at a signature would come out different: part of the cache's key.
LOOK = "7"
#: The same for a search for names.
SEARCH = "5"
#: Resolution at which a line is read by the second reader.
_LINE_DPI = 300
#: Left and right edge of the column as fractions of the page's width.
_LEFT, _RIGHT = 0.42, 0.985
#: Ways of seeing the ink, in the order they are tried, and whether only rubber stamps show that way.
_INKS = {"grey": False, "not red": False, "red": True, "black": False, "darkest": False}
_LINE_READER = "reader"
#: Ways of seeing the ink of a rubber stamp, and how far the picture is turned, in degrees; stamps are set by hand.
_STAMP_INKS = ("grey", "not blue", "red")
_ANGLES = (-8, -4, 0, 4, 8)
#: Confidence that a name from the second reader, and one with a restored letter, can have at most.
_SECOND_READER_CONFIDENCE, _RESTORED_CONFIDENCE = 0.7, 0.5


def looks(page: Page, anchor: Line) -> Iterator[tuple[str, list[Segment]]]:
    """The column that begins at *anchor*, read again and again: the engine, and the segments it read, top to bottom.

    Segments have the anchor's offsets, not their own. Each look is taken when it is asked for: stop where one is sure.
    """
    column = _column(page, anchor)
    if column is None:
        return
    for ink, is_stamp in _INKS.items():
        for engine in _engines(page.engine):
            if is_stamp and engine.name != _LINE_READER:
                continue
            key = f"signature {LOOK} {_keyed(engine)}{Arrangement.BLOCK.value} {ink} {column.where}"
            words = page.recall(key, partial(column.read, ink, engine))
            if words:
                yield engine.name, _segments(words, column.area, page.number, anchor)


def searched_names(page: Page, anchor: Line) -> Iterator[list[tuple[SearchedName, Box]]]:
    """The names that lines of the column may be, as slanted rubber stamps are, and where.

    Each value yielded is one look, with the picture turned a little further; it is taken when it is asked for.
    """
    column = _column(page, anchor)
    if column is None or not reader.available():
        return
    for angle in _ANGLES:
        for ink in _STAMP_INKS:
            key = f"stamped name {SEARCH} {_keyed(engine_of(_LINE_READER))}{angle} {ink} {column.where}"
            found = page.recall(key, partial(column.search, ink, angle))
            yield [(SearchedName(*named), (x0, y0, x1, y1)) for *named, x0, y0, x1, y1 in found]


def _column(page: Page, anchor: Line) -> ColumnPicture | None:
    """The column that begins at *anchor*; None where the page has no picture."""
    if page.load_image is None or anchor.box is None:
        return None
    area = (_LEFT, max(0.0, anchor.box[1] - 0.035), _RIGHT, min(1.0, anchor.box[1] + 0.3))
    if cues.CLOSING.search(anchor.text):
        area = (_LEFT, anchor.box[3], _RIGHT, min(1.0, anchor.box[3] + 0.34))
    return ColumnPicture(page, area, below=(anchor.box[3] - area[1]) / (area[3] - area[1]))


@cache
def _engines(name: str) -> tuple[OcrEngine, ...]:
    """The engines that look at a column of a page which the engine of that name read."""
    others = (engine_of(name),) if name != _LINE_READER else ()
    return (engine_of(_LINE_READER), *others) if reader.available() else others


def _keyed(engine: OcrEngine) -> str:
    """What tells the results of the line reader from Tesseract's in the cache."""
    return f"{engine.version} " if engine.name == _LINE_READER else ""


def _segments(words: Sequence[Sequence[Any]], area: Box, page: int, anchor: Line) -> list[Segment]:
    """The words, with boxes in fractions of the area, as segments of the page; one for each line."""
    rows: list[list[Word]] = []
    x0, y0, x1, y1 = area
    end = upper = lower = 0.0
    for text, left, top, right, bottom, confidence in words:
        if not rows or left < end - 0.005 or top > lower or bottom < upper:  # back at the left edge: the next line
            rows.append([])
        end, upper, lower = right, top, bottom
        box = (x0 + left * (x1 - x0), y0 + top * (y1 - y0), x0 + right * (x1 - x0), y0 + bottom * (y1 - y0))
        rows[-1].append(Word(text, box, confidence, anchor.start, anchor.end))
    return [
        Segment(
            clean(" ".join(w.text for w in row)),
            anchor.start,
            anchor.end,
            page,
            union([w.box for w in row]),
            min(w.confidence for w in row),
            row,
        )
        for row in rows
    ]


def by_second_reader(page: Page, segments: Sequence[Segment]) -> list[Segment]:
    """The lowest of a column's lines that the second reader takes for a person's name, where the engines saw none."""
    if not second_reader.available() or page.load_image is None:
        return []
    lines = [s for s in segments if s.box and s.box[2] - s.box[0] > 0.06][-6:][::-1]
    where = " ".join(f"{v:.3f}" for s in lines for v in s.box or ())
    read = page.recall(f"signer {LOOK} {where}", partial(_read_lines, page, lines))
    for segment, (text, confidence) in zip(lines, read, strict=True):
        name = clean(combined_readings(segment.text, text))
        if is_name_line(name):
            return [_with_text(segment, name, min(confidence, _SECOND_READER_CONFIDENCE))]
    for segment in reversed(segments):
        restored = with_first_letter(clean(segment.text))
        if restored:
            return [_with_text(segment, restored, min(segment.mean_confidence, _RESTORED_CONFIDENCE))]
    return []


def _read_lines(page: Page, lines: Sequence[Segment]) -> list[list[Any]]:
    """[text, confidence] of each line by the second reader."""
    read = []
    for segment in lines:
        x0, y0, x1, y1 = segment.box or (0, 0, 1, 1)
        line = page.part(_LINE_DPI, (x0 - 0.03, y0 - 0.004, x1 + 0.05, y1 + 0.004))
        text, confidence = second_reader.read_line(line)
        read.append([text, round(confidence, 3)])
    return read


def _with_text(segment: Segment, text: str, confidence: float) -> Segment:
    """A segment at the place of another with a text of its own, as one word."""
    word = Word(text, segment.box or (0, 0, 0, 0), confidence, segment.start, segment.end)
    return Segment(text, segment.start, segment.end, segment.page, segment.box, confidence, [word])
