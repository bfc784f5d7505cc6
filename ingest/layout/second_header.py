"""The header of a scan as a second witness reads it: Tesseract, on the upper part of the page alone.

Where the line reader has read a page, its header is read once more by an engine that finds lines and letters in another
way, and the same grammar makes fields of it. The two are weighed in :mod:`ingest.layout.two_headers`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import MissingTool, ReadFailure
from ingest.layout.header import read_header
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, lines_of
from ingest.ocr.engine import Arrangement, PageImage
from ingest.ocr.tesseract import Tesseract
from ingest.page import Page, Word

#: The engine of whose pages the witness reads the header once more.
_READ_BY = "both"
#: Increased when a look at the same header would come out different: part of the cache's key.
LOOK = "4"
_DPI = 200
# The part of the page that is read, as fractions of its height: from the top to under the line behind the header, which
# shows where that ends, but no less; where that cannot be told, this far below the header, but no less and no more.
_ENOUGH = 0.15
_BELOW, _LEAST, _MOST = 0.08, 0.25, 0.7


def second_header(page: Page, lines: Sequence[Line], header: Header) -> Header | None:
    """The header of *page* by the second witness; offsets in it mean nothing.

    lines, header: by the page's own reading. None where it has no header, or was not read by both engines.
    """
    if page.engine != _READ_BY or page.load_image is None or not header.anchored:
        return None
    bottom = part_read(lines, header.end)
    try:
        text, words = page.recall(f"header {LOOK} {bottom}", partial(_read, page, bottom))
    except (MissingTool, ReadFailure):
        return None
    seen = [Word(word, (x0, y0, x1, y1), sure, start, end) for word, x0, y0, x1, y1, sure, start, end in words]
    if not seen:
        return None
    return read_header(lines_of(replace(page, text=text, load_words=lambda: seen), 0), ocr=True)


def part_read(lines: Sequence[Line], header_end: int) -> float:
    """Where the part that is read ends, as a fraction of the page's height: between two lines where there are more.

    lines: of the page; header_end: the offset where its header ends. Lines of several columns behind it are the head
    of a table, of which more is read.
    """
    boxed = [(line, line.box) for line in lines if line.box is not None]
    end = max([box[3] for line, box in boxed if line.start < header_end], default=0.0)
    furthest = round(min(_MOST, max(_LEAST, end + _BELOW)), 2)
    last = 0.0
    for line, (_, top, _, bottom) in sorted(boxed, key=lambda one: one[1][1]):
        if line.start < header_end or top + bottom <= 2 * max(end, last):  # of the header, or beside the line before
            continue
        if last >= _ENOUGH:
            return min(furthest, round((last + top) / 2, 3))
        if len(line.segments) > 1:
            return furthest
        last = bottom
    return furthest


def _read(page: Page, bottom: float) -> list[Any]:
    """[text, words] of the page from its top to *bottom*; boxes in fractions of the page."""
    part = page.part(_DPI, (0.0, 0.0, 1.0, bottom)).convert("L")
    with tempfile.TemporaryDirectory(prefix="header-") as folder:
        file = PageImage(Path(folder) / "header.tif", _DPI, part)
        read = Tesseract(stays=True).read_images([file], arrangement=Arrangement.PAGE)[0]
    if read.failure is not None:  # raised, so that it is not remembered as an empty header
        raise ReadFailure("Không đọc được phần đầu trang lần thứ hai.", read.failure)
    words = []
    for word in read.words:
        x0, y0, x1, y1 = word.box
        box = (round(v, 5) for v in (x0, y0 * bottom, x1, y1 * bottom))
        words.append([word.text, *box, round(word.confidence, 4), word.start, word.end])
    return [read.text, words]
