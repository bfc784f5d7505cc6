"""What reading a file gives: pages of text, and words with boxes where layout needs them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from corpus.model import Box
from corpus.vocabulary import Verdict

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.formats.pdf_signatures import DigitalSignature

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


def compute_now(look: str, compute: Callable[[], Any]) -> Any:
    """No memory: the look is taken."""
    return compute()


@dataclass(slots=True)
class Page:
    """One page. text: stored text (NFC, no form feed in it). width, height: points, 0 where a file has no pages.

    load_words: the words in reading order; dear for a text PDF, so asked for only where layout decides. Valid while
    the file is open, that is inside the worker. confidence: mean of the OCR, None for a text layer. rotation, skew:
    degrees clockwise a scan was turned to be read, by quarters and by a few degrees about its centre; its boxes are
    fractions of the turned page. notes: what was decided and
    why, in Vietnamese ("lớp chữ hỏng, đã OCR"). unread: why this page could not be read, empty when it was. load_image: draws a scanned page at a resolution (dots per inch), in
    colour, turned as it was read; for a closer look at a zone. recall: the outcome of such a look, kept with the page's
    OCR: name of the look, and what computes it (JSON data).
    """

    number: int
    text: str
    source: Literal["text", "ocr"]
    width: float = 0.0
    height: float = 0.0
    confidence: float | None = None
    load_words: Callable[[], list[Word]] = no_words
    notes: list[str] = field(default_factory=list)
    unread: str = ""
    rotation: int = 0
    skew: float = 0.0
    load_image: Callable[[float], Image] | None = None
    recall: Callable[[str, Callable[[], Any]], Any] = compute_now

    @property
    def unread_verdict(self) -> Verdict:
        """Why this page could not be read, as a verdict."""
        return Verdict.TOO_LARGE if "quá lớn" in self.unread else Verdict.DAMAGED


def displayed_box(box: Box, rotation: int) -> Box:
    """*box* of a page turned by *rotation* degrees clockwise, as a box of the page as it is displayed."""
    x0, y0, x1, y1 = box
    match rotation % 360:
        case 90:
            return (y0, 1 - x1, y1, 1 - x0)
        case 180:
            return (1 - x1, 1 - y1, 1 - x0, 1 - y0)
        case 270:
            return (1 - y1, x0, 1 - y0, x1)
    return box


def text_mark(text: str) -> str:
    """What tells one page's stored text from another's."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(slots=True)
class Reading:
    """A file, read. The document's stored text is its pages joined by form feeds. signatures: of a PDF, unchecked."""

    path: str
    sha256: str
    pages: Sequence[Page]
    text: str = ""
    starts: list[int] = field(default_factory=list)
    signatures: Sequence[DigitalSignature] = ()

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
