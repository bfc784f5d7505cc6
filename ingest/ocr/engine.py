"""The seam to OCR engines: page images in, words with boxes and confidence out.

Two kinds of engine plug in here:

* an :class:`OcrEngine` reads whole pages and finds the lines itself. :data:`ENGINES` lists them; which one reads a file
  is an option of the reading. Its ``version`` is part of the OCR cache's key, so that results of another engine or
  another version are never mistaken for its own.
* a :class:`LineEngine` reads the image of one line and gives, for every place of the line, the probability of every
  character. It reads number and date of a scan a second time.

An engine that has each line read by two others returns words whose :attr:`~ingest.page.Word.witnesses` hold both
readings; text and confidence of the word are then the combined judgement. The OCR cache keeps witnesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from corpus.vocabulary import Verdict
from ingest.limits import PAGE_SECONDS
from ingest.ocr import reader
from ingest.page import Word

if TYPE_CHECKING:
    from PIL.Image import Image

#: Name → module and class of each engine that reads pages. Imported when first used.
ENGINES: Mapping[str, tuple[str, str]] = {
    "both": ("ingest.ocr.reader_engine", "TwoReaders"),
    "reader": ("ingest.ocr.reader_engine", "ReaderEngine"),
    "tesseract": ("ingest.ocr.tesseract", "Tesseract"),
}
#: Engines that need the line reader; where it cannot run, Tesseract reads alone.
_WITH_LINE_READER = ("both", "reader")
#: The engine that reads in place of those.
FALLBACK_ENGINE = "tesseract"

#: Places of a line (left to right) by characters; each row sums to 1.
Probabilities = NDArray[np.float64]


class Arrangement(IntEnum):
    """How text is arranged on an image. The values are Tesseract's page segmentation modes."""

    #: A page of any layout: the engine finds columns, paragraphs and lines.
    PAGE = 3
    #: One block of lines.
    BLOCK = 6
    #: Scattered text, in no particular order.
    SCATTERED = 11


@dataclass(slots=True)
class PageImage:
    """An image ready for OCR: a file, or a picture in memory that becomes one when an engine asks for it."""

    #: The file, or where it will be.
    path: Path
    #: Resolution, from which an engine judges the size of letters.
    dpi: int
    #: The picture, one channel, while there is no file.
    picture: Image | None = None

    def file(self) -> Path:
        """The file, an uncompressed TIFF where it is written now: compressing it costs more than reading it saves."""
        if self.picture is not None:
            self.picture.save(self.path, format="TIFF", dpi=(self.dpi, self.dpi))
            self.picture = None
        return self.path


@dataclass(slots=True)
class OcrPage:
    """What an engine read on one image."""

    #: Lines separated by line feeds, words by spaces.
    text: str
    #: In reading order; boxes are fractions of the image as it was turned.
    words: list[Word]
    #: Mean over the words, weighted by their length, 0 to 1.
    confidence: float
    #: Degrees clockwise by which the image was turned before reading: quarters, then a few degrees about its centre.
    rotation: int = 0
    skew: float = 0.0
    #: Where the image was cut, as a fraction of its width, and the right page put under the left; None for one page.
    #: That was done before it was turned.
    gutter: float | None = None
    #: What happened to the page, in Vietnamese.
    notes: list[str] = field(default_factory=list)
    #: Whether an engine that should have read it too failed: what was read is used, and not remembered.
    is_partial: bool = False
    #: Why nothing was read, so that the empty text says nothing about the page; None for a page that was read.
    failure: Verdict | None = None
    #: Whether text stands in fields that rules enclose; only engines that look for rules say so.
    has_fields: bool = False

    def load_words(self) -> list[Word]:
        """The words, as :attr:`ingest.page.Page.load_words` wants them."""
        return self.words


class OcrEngine(Protocol):
    """Reads whole pages. Every method raises MissingTool where the engine is not installed."""

    @property
    def name(self) -> str:
        """The engine's name in :data:`ENGINES`."""
        ...

    @property
    def version(self) -> str:
        """Name, version, model and settings in one string: the engine's part of the OCR cache's key."""
        ...

    @property
    def pages_per_run(self) -> int:
        """How many pages the engine reads best at a time."""
        ...

    @property
    def reads_under_seals(self) -> bool:
        """Whether reading a page includes a second look at what seals and signatures cover."""
        ...

    def read_images(
        self,
        images: Sequence[PageImage],
        jobs: int = 1,
        page_seconds: float = PAGE_SECONDS,
        arrangement: Arrangement = Arrangement.PAGE,
    ) -> list[OcrPage]:
        """Read *images*, in order, with at most *jobs* processes at a time.

        An image that cannot be read, or that takes longer than *page_seconds*, comes back empty with ``failure`` set;
        it never costs the others.
        """
        ...

    def read_region(self, image: Image, arrangement: Arrangement, dpi: int) -> list[Word]:
        """Read a part of a page by itself; boxes are fractions of *image*. Empty where nothing was read."""
        ...

    def orientation(self, image: PageImage) -> int:
        """Degrees (0, 90, 180, 270) to turn a page clockwise until it is upright; 0 where that is not certain."""
        ...


class LineEngine(Protocol):
    """Reads the image of one line of text."""

    def alphabet(self) -> list[str]:
        """The characters of the columns of :meth:`probabilities`; column 0 is "no character" (the blank of CTC)."""
        ...

    def probabilities(self, line: Image, least_width: int = ...) -> Probabilities:
        """For every place of the line the probability of every character.

        least_width: in pixels at the height that the engine reads lines at; narrower ones are padded with nothing.
        """
        ...


def why_not(name: str) -> str:
    """Why the engine of that name cannot run and Tesseract reads in its place, in Vietnamese with the next step; empty
    when it can. Whether Tesseract itself is installed is not looked at."""
    return reader.why_unavailable() if name in _WITH_LINE_READER else ""


@cache
def engine_of(name: str) -> OcrEngine:
    """The engine of that name in :data:`ENGINES`; Tesseract where that engine needs the line reader and it cannot run
    (:func:`ingest.ocr.reader.why_unavailable`)."""
    module, engine = ENGINES[FALLBACK_ENGINE if why_not(name) else name]
    return cast(OcrEngine, getattr(import_module(module), engine)())
