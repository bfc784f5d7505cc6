"""What reading a file gives: pages of text, and words with boxes where layout needs them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from corpus.model import Box, Table
from corpus.vocabulary import Verdict

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.tables.rules import Rules

#: Separates pages in a document's stored text.
PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class Witness:
    """How one OCR engine read a word."""

    #: The engine's name.
    engine: str
    text: str
    #: 0 to 1, as the engine gives it.
    confidence: float


@dataclass(slots=True)
class Word:
    """A word seen on a page."""

    text: str
    #: Fractions of the page's width and height.
    box: Box
    #: 0 to 1; 1 from a text layer.
    confidence: float
    #: Offsets into the page's text: ``page.text[start:end] == text``.
    start: int
    end: int
    #: The readings of all engines where several read the word, in the order they were asked; else empty.
    witnesses: tuple[Witness, ...] = ()
    #: Whether it was put into a blank of a line: it stands elsewhere in the page's text than its neighbours.
    stamped: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a page could not be read."""

    verdict: Verdict
    #: The same in Vietnamese, for a user ("trang ảnh hỏng").
    words: str


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """A digital signature of a PDF as the file gives it, not verified."""

    #: The name in the signer's certificate, else the name the file gives; "" where there is none.
    signer: str
    #: EDTF date in Vietnam; "" where the file gives none.
    day: str


def no_words() -> list[Word]:
    """The words of a page without geometry: none."""
    return []


def compute_always(key: str, compute: Callable[[], Any]) -> Any:
    """The value of *compute*, which is not cached."""
    return compute()


@dataclass(slots=True)
class Page:
    """One page of a file."""

    #: From 1.
    number: int
    #: Stored text: NFC, no form feed in it.
    text: str
    source: Literal["text", "ocr"]
    #: Points; 0 for a file without pages.
    width: float = 0.0
    height: float = 0.0
    #: Mean confidence of the OCR, 0 to 1; None for a text layer.
    confidence: float | None = None
    #: Gives the words in reading order. Slow for a text PDF, so called only where layout decides; works while the
    #: reading is open.
    load_words: Callable[[], list[Word]] = no_words
    #: What was decided about the page and why, in Vietnamese ("lớp chữ hỏng, đã OCR").
    notes: list[str] = field(default_factory=list)
    #: Why the page could not be read; None when it was read.
    unread: Unread | None = None
    #: Degrees clockwise by which a scan was turned to be read: quarters, then a few degrees about its centre. Boxes are
    #: fractions of the turned page.
    rotation: int = 0
    skew: float = 0.0
    #: Where two pages on one image were cut apart, as a fraction of its width; the right one then lies under the left.
    gutter: float | None = None
    #: Draws a scanned page at a resolution (dots per inch), in colour, turned as it was read; None for a text page, and
    #: when the reading is closed. The picture is not to be changed: it may be given to others.
    load_image: Callable[[float], Image] | None = None
    #: Draws the part of it in a box (fractions) alone; None where that costs no less than to draw all of it.
    load_part: Callable[[float, Box], Image] | None = None
    #: The page without what programs put over it: stamps and the pictures of digital signatures. None where there
    #: is no such thing.
    load_bare_image: Callable[[float], Image] | None = None
    #: The cached result of a further look at the page's picture: its key, and what computes it (JSON data).
    recall: Callable[[str, Callable[[], Any]], Any] = compute_always
    #: The picture that parts were cut out of last, and its dots an inch: several looks at a page follow each other.
    _drawn: tuple[float, Image] | None = None
    #: The OCR engine that read the page; empty for a text layer.
    engine: str = ""
    #: Whether the page is a scan: its text layer, if it has one, was read from the picture by another program.
    is_scan: bool = False
    #: Boxes of the pictures on a page with a text layer, as fractions of the page.
    pictures: list[Box] = field(default_factory=list)
    #: The tables of a file that says itself which text is in which cell; offsets into the page's text.
    tables: list[Table] = field(default_factory=list)
    #: Gives the rules drawn on the page, where tables may be told by them; None where there are too few.
    load_rules: Callable[[], Rules] | None = None
    #: Whether OCR read text in fields that rules enclose.
    has_fields: bool = False

    def release(self) -> None:
        """Let go of what draws the page; called when its file is closed.

        That refers to the page, and may hold a picture of many megabytes: both would stay until the collector of cyclic
        garbage comes by, which is seldom in a worker.
        """
        self.load_image = self.load_part = self.load_bare_image = self._drawn = None

    def part(self, dpi: float, box: Box) -> Image:
        """The part of a page with a picture in that box (fractions), at *dpi*, in colour."""
        if self.load_part is not None:
            return self.load_part(dpi, box)
        if self._drawn is None or self._drawn[0] != dpi:
            assert self.load_image is not None
            self._drawn = None  # two large pictures at a time are too much memory
            self._drawn = dpi, self.load_image(dpi)
        picture = self._drawn[1]
        return picture.crop(part_of(picture.size, box))


def part_of(size: tuple[int, int], box: Box) -> tuple[int, int, int, int]:
    """A box in fractions of a page as pixels of its picture, which has that width and height; no more than there is."""
    width, height = size
    x0, y0, x1, y1 = (min(1.0, max(0.0, v)) for v in box)
    return int(x0 * width), int(y0 * height), int(max(x0, x1) * width), int(max(y0, y1) * height)


def text_digest(text: str) -> str:
    """A digest that tells one page's stored text from another's."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(slots=True)
class Reading:
    """A file that has been read. Use as a context manager: words and page images need the open file."""

    path: str
    #: SHA-256 of the file's bytes, in hexadecimal.
    sha256: str
    pages: Sequence[Page]
    #: The stored text of the document: its pages joined by form feeds.
    text: str = field(init=False)
    #: The offset of each page in the text.
    starts: list[int] = field(init=False)
    #: Digital signatures of a PDF, not verified.
    signatures: Sequence[DigitalSignature] = ()
    #: Whether the file is a spreadsheet, its pages sheets.
    is_spreadsheet: bool = False
    #: Words that are struck out under tracked changes which nobody has accepted or refused; no part of ``text``.
    struck: str = ""
    #: What is released when the reading is closed.
    resources: ExitStack = field(default_factory=ExitStack, repr=False)

    def __post_init__(self) -> None:
        self.text = PAGE_BREAK.join(page.text for page in self.pages)
        self.starts, at = [], 0
        for page in self.pages:
            self.starts.append(at)
            at += len(page.text) + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for page in self.pages:
            page.release()
        self.resources.close()

    @property
    def source(self) -> Literal["text", "ocr", "mixed"]:
        """Where the text comes from: text layers, OCR, or both."""
        kinds = {page.source for page in self.pages}
        return "mixed" if len(kinds) > 1 else "ocr" if kinds == {"ocr"} else "text"

    def page_at(self, offset: int) -> int:
        """The number (from 1) of the page that holds *offset* of the text."""
        return self.pages[max(0, bisect_right(self.starts, offset) - 1)].number if self.pages else 1
