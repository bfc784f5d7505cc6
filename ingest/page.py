"""What reading a file gives: pages of text, and words with boxes where layout needs them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from corpus.model import Box

PAGE_BREAK = "\f"


@dataclass(slots=True)
class Word:
    """A word seen on a page. box: fractions of the page. confidence: 0 to 1 (1 from a text layer).

    start, end: offsets into the page's text.
    """

    text: str
    box: Box
    confidence: float
    start: int
    end: int


def no_words() -> list[Word]:
    return []


@dataclass(slots=True)
class Page:
    """One page. text: stored text (NFC, no form feed in it). width, height: points, 0 where a file has no pages.

    load_words: the words in reading order; dear for a text PDF, so asked for only where layout decides. Valid while
    the file is open, that is inside the worker. confidence: mean of the OCR, None for a text layer.
    """

    number: int
    text: str
    source: Literal["text", "ocr"]
    width: float = 0.0
    height: float = 0.0
    confidence: float | None = None
    load_words: Callable[[], list[Word]] = no_words
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """A file, read. The document's stored text is its pages joined by form feeds."""

    path: str
    sha256: str
    pages: Sequence[Page]
    text: str = ""
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = PAGE_BREAK.join(page.text for page in self.pages)
        self.starts, at = [], 0
        for page in self.pages:
            self.starts.append(at)
            at += len(page.text) + 1

    @property
    def source(self) -> Literal["text", "ocr", "mixed"]:
        kinds = {page.source for page in self.pages}
        return "mixed" if len(kinds) > 1 else "ocr" if kinds == {"ocr"} else "text"

    def page_at(self, offset: int) -> int:
        """The number (from 1) of the page that holds *offset* of the text."""
        return self.pages[max(0, bisect_right(self.starts, offset) - 1)].number if self.pages else 1
