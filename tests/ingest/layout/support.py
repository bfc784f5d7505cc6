"""What tests of layout share: pages drawn from rows of text, and short ways to read them."""

from __future__ import annotations

from corpus.fold import nfc
from ingest.layout.header import read_header, read_plain_header
from ingest.layout.header_values import Header
from ingest.layout.lines import lines_of
from ingest.layout.zones import Structure, divide
from ingest.page import Page, Word

#: Rows of a page: each holds runs of text with their left edge, as a fraction of the page's width.
Rows = list[list[tuple[float, str]]]


def drawn_page(rows: Rows, *, confidence: float = 0.96) -> Page:
    """A page as OCR gives it: the runs of a row joined to one line, each word with its box."""
    words: list[Word] = []
    text = ""
    for number, row in enumerate(rows):
        y = 0.05 + 0.02 * number
        line: list[str] = []
        for x, run in row:
            for token in run.split():
                start = len(text) + len(" ".join(line)) + (1 if line else 0)
                width = 0.011 * len(token)
                words.append(Word(token, (x, y, x + width, y + 0.012), confidence, start, start + len(token)))
                line.append(token)
                x += width + 0.006
        text += " ".join(line) + "\n"
    return Page(1, text, "ocr", 595, 842, 0.9, lambda: words)


def drawn_header(rows: Rows) -> Header:
    """The header of a page as OCR gives it."""
    return read_header(lines_of(drawn_page(rows), 0), ocr=True)


def divided(text: str) -> tuple[str, Structure]:
    """(the stored text, its zones) of a text without boxes."""
    text = nfc(text)
    starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\f")]
    return text, divide(text, starts, read_plain_header(text))
