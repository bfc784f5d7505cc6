"""Where on its page a part of the stored text is printed, from the words' boxes; unknown rather than guessed.

Runs in workers. A page read by OCR is known by what the OCR cache holds; OCR is never run for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import MissingTool
from corpus.model import Box
from ingest.formats import page_reader_of
from ingest.options import ReadOptions
from ingest.page import Page, Word
from ingest.read import source_of

#: Margin around a part of a page that is shown, as fractions of the page's width and height.
MARGIN_X, MARGIN_Y = 0.02, 0.008


def line_boxes(words: Sequence[Word], start: int, end: int) -> list[Box]:
    """The boxes of the words within [start, end) of the page's text, one box for those on one line."""
    lines: list[Box] = []
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        x0, y0, x1, y1 = word.box
        middle = (y0 + y1) / 2
        if lines and lines[-1][1] <= middle <= lines[-1][3] and x0 >= lines[-1][0]:
            a0, b0, a1, b1 = lines[-1]
            lines[-1] = (a0, min(b0, y0), max(a1, x1), max(b1, y1))
        else:
            lines.append(word.box)
    return lines


def with_margin(boxes: Sequence[Box]) -> Box:
    """The smallest box around *boxes*, with a margin, inside the page."""
    return (
        max(0.0, min(b[0] for b in boxes) - MARGIN_X),
        max(0.0, min(b[1] for b in boxes) - MARGIN_Y),
        min(1.0, max(b[2] for b in boxes) + MARGIN_X),
        min(1.0, max(b[3] for b in boxes) + MARGIN_Y),
    )


@contextmanager
def open_page(path: Path, number: int, options: ReadOptions) -> Iterator[Page | None]:
    """Page *number* with its words, as the file was read with *options*.

    None where that is not known without OCR: the page has no cached result, or no engine is installed and none is named
    in the cache. Raises ReadFailure.
    """
    source = source_of(path, options)
    reader = page_reader_of(source.file_type)
    try:
        if reader is None:
            yield None
            return
        with reader.open_page(source, number, options) as page:
            yield page
    except MissingTool:
        yield None
