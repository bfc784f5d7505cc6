"""The line reader as an engine, alone or with Tesseract as the second witness of words that matter or are in doubt.

:class:`ReaderEngine` (``reader``) reads pages by itself. :class:`TwoReaders` (``both``) has Tesseract read some words
again, those of several pages in one run, and lets the two readings settle each of them
(:mod:`ingest.ocr.witnesses`). What the line reader does not do stays with Tesseract: regions that layout looks at
again, and the orientation of a page on its side.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as images

from corpus.errors import MissingTool
from corpus.fold import nfc
from corpus.model import Box
from corpus.vocabulary import Verdict
from ingest.limits import PAGE_SECONDS
from ingest.ocr.engine import Arrangement, OcrPage, PageImage
from ingest.ocr.reader import COUNTS, DATA, WEIGHTS
from ingest.ocr.reader.line_reader import LineReader, ReadLine, ReadWord
from ingest.ocr.reader.shapes import Grey
from ingest.ocr.seal_regions import Region, regions, settled
from ingest.ocr.second_look import DPI, Gathered, gathered
from ingest.ocr.tesseract import Tesseract
from ingest.ocr.witnesses import SecondReading, Settled, needs_second_look, settle
from ingest.page import Witness, Word

if TYPE_CHECKING:
    from PIL.Image import Image

#: Increased when the same weights give other words: another way of finding, cutting or decoding lines.
METHOD = "9"
# Lines of less mean confidence are no text but strokes of seals, signatures and pictures; of a line of few letters more
# is asked. A figure alone ("64,2") may be a cell of a table.
_NOISE, _NOISE_OF_FEW = 0.35, 0.65
_FEW = 3
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*%?")
_UNSEEN = "Tesseract không đọc đối chiếu được"
# Words of less confidence that the other reader reads otherwise are strokes.
_SCRIBBLE = 0.1
# Pictures of words and regions given to one process of Tesseract: those of all pages that are read together.
_PICTURES_PER_RUN = 64


@cache
def _line_reader() -> LineReader:
    """The line reader of this process."""
    return LineReader()


@cache
def digest() -> str:
    """A digest of everything that the readings depend on: weights, counts, and the curve of confidence."""
    total = hashlib.sha256()
    for path in (WEIGHTS, COUNTS, DATA / "confidence.tsv"):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


#: The second readings of a page's words, by the words' identity.
_SecondReadings = dict[int, SecondReading]


@dataclass(slots=True)
class _Read:
    """A page that the line reader read."""

    grey: Grey
    lines: list[ReadLine]
    dpi: int


class ReaderEngine:
    """The line reader alone (:class:`ingest.ocr.engine.OcrEngine`)."""

    name = "reader"
    pages_per_run = 2
    reads_under_seals = False

    @property
    def version(self) -> str:
        """Name, method and a digest of the weights."""
        return f"{self.name} {METHOD} {digest()}"

    def read_images(
        self,
        images: Sequence[PageImage],
        jobs: int = 1,
        page_seconds: float = PAGE_SECONDS,
        arrangement: Arrangement = Arrangement.PAGE,
    ) -> list[OcrPage]:
        """Read *images*, *jobs* at a time. The line reader's work is bounded by the picture, so *page_seconds* is not
        looked at."""
        return [_page(read, _alone(read)) if isinstance(read, _Read) else read for read in _read_all(images, jobs)]

    def read_region(self, image: Image, arrangement: Arrangement, dpi: int) -> list[Word]:
        """Read a part of a page by itself."""
        grey = np.asarray(image.convert("L"), dtype=np.uint8)
        read = _Read(grey, _line_reader().read(grey, dpi), dpi)
        return _page(read, _alone(read)).words

    def orientation(self, image: PageImage) -> int:
        """Degrees to turn a page clockwise until it is upright, by Tesseract; 0 where there is no Tesseract."""
        try:
            return Tesseract().orientation(image)
        except MissingTool:
            return 0


class TwoReaders:
    """The line reader, and Tesseract as the second witness (:class:`ingest.ocr.engine.OcrEngine`)."""

    name = "both"
    pages_per_run = 2
    reads_under_seals = True

    def __init__(self) -> None:
        self._reader = ReaderEngine()
        self._tesseract = Tesseract()
        self._second = Tesseract(_PICTURES_PER_RUN, stays=True)

    @property
    def version(self) -> str:
        """The versions of both."""
        return f"{self.name} {self._reader.version} {self._tesseract.version}"

    def read_images(
        self,
        images: Sequence[PageImage],
        jobs: int = 1,
        page_seconds: float = PAGE_SECONDS,
        arrangement: Arrangement = Arrangement.PAGE,
    ) -> list[OcrPage]:
        """Read *images*, *jobs* at a time; words of all of them that need it are read again in one run.

        Scattered text is read by the line reader alone, at a third of the cost.
        """
        if arrangement is not Arrangement.PAGE:
            return self._reader.read_images(images, jobs, page_seconds, arrangement)
        pages = _read_all(images, jobs)
        looks = [_Look.of(page) for page in pages if isinstance(page, _Read)]
        with tempfile.TemporaryDirectory(prefix="looks-") as folder:
            files: list[PageImage] = []
            for picture in (picture for look in looks for picture in look.pictures):
                files.append(PageImage(Path(folder) / f"{len(files)}.tif", DPI, picture))
            seen = iter(self._second.read_images(files, jobs, page_seconds, Arrangement.BLOCK) if files else [])
        done = iter([look.result([next(seen) for _ in look.pictures]) for look in looks])
        return [next(done) if isinstance(page, _Read) else page for page in pages]

    def read_region(self, image: Image, arrangement: Arrangement, dpi: int) -> list[Word]:
        """Read a part of a page by itself, by Tesseract."""
        return self._tesseract.read_region(image, arrangement, dpi)

    def orientation(self, image: PageImage) -> int:
        """Degrees to turn a page clockwise until it is upright, by Tesseract."""
        return self._tesseract.orientation(image)


@dataclass(frozen=True, slots=True)
class _Look:
    """What Tesseract is shown of a page, all as blocks of lines: words gathered on a picture, then regions."""

    page: _Read
    words: list[ReadWord]
    gathered: Gathered | None
    regions: list[Region]
    pictures: list[Image]

    @classmethod
    def of(cls, page: _Read) -> _Look:
        """Choose what needs a second look: words in regions are looked at there, and strokes are no words."""
        image = images.fromarray(page.grey)
        settled_alone = _alone(page)
        alone = _page(page, settled_alone)
        found = regions(image, alone, page.dpi)
        words = [
            word
            for line, settled_words in zip(page.lines, settled_alone, strict=True)
            if not _is_noise(settled_words)
            for word in line.words
            if needs_second_look(word, line) and not any(r.settles(_box(page, word)) for r in found)
        ]
        picture = gathered(page.grey, words)
        shown = [region.picture(image, alone.words, page.dpi) for region in found]
        first = [] if picture is None else [images.fromarray(picture.picture)]
        return cls(page, words, picture, found, first + shown)

    def result(self, seen: Sequence[OcrPage]) -> OcrPage:
        """The page, settled by what was seen on each of the pictures."""
        second: _SecondReadings = {}
        if self.gathered is not None and seen[0].failure is None:
            readings = self.gathered.readings(seen[0].words)
            second = {id(w): reading for w, reading in zip(self.words, readings, strict=True) if reading is not None}
        page = _page(self.page, _settled(self.page, second))
        for region, read in zip(self.regions, seen[len(seen) - len(self.regions) :], strict=True):
            if read.failure is None:
                page = settled(page, region, read, images.fromarray(self.page.grey))
        if any(read.failure is not None for read in seen):
            page.is_partial = True
            page.notes.append(_UNSEEN)
        return page


def _read_all(images: Sequence[PageImage], jobs: int) -> list[_Read | OcrPage]:
    """What the line reader reads on each image; an unread page for an image that cannot be opened."""
    if jobs > 1 and len(images) > 1:
        _line_reader()  # loaded once, before threads ask for it
        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(_read, images))
    return [_read(image) for image in images]


def _grey(image: PageImage) -> Grey:
    if image.picture is not None:
        return np.asarray(image.picture.convert("L"), dtype=np.uint8)
    with images.open(image.path) as opened:
        return np.asarray(opened.convert("L"), dtype=np.uint8)


def _read(image: PageImage) -> _Read | OcrPage:
    try:
        grey = _grey(image)
    except (OSError, ValueError, images.DecompressionBombError):
        return OcrPage("", [], 0.0, notes=["không OCR được trang này (ảnh hỏng)"], failure=Verdict.DAMAGED)
    return _Read(grey, _line_reader().read(grey, image.dpi), image.dpi)


def _is_noise(words: Sequence[Settled]) -> bool:
    text = "".join(word.text for word in words)
    few = sum(c.isalnum() for c in text) <= _FEW and not _FIGURE.fullmatch(text)
    total = sum(word.confidence * len(word.text) for word in words)
    return total < (_NOISE_OF_FEW if few else _NOISE) * len(text)


def _without_scribble(words: list[tuple[ReadWord, Settled]]) -> list[tuple[ReadWord, Settled]]:
    """The words of a line without those at its ends that neither reader could make out: notes and strokes beside it."""
    first, last = 0, len(words)
    while first < last and _is_scribble(words[first][1]):
        first += 1
    while last > first and _is_scribble(words[last - 1][1]):
        last -= 1
    return words[first:last]


def _is_scribble(word: Settled) -> bool:
    return word.agree is False and word.confidence < _SCRIBBLE and not any(c.isdigit() for c in word.text)


def _alone(page: _Read) -> list[list[Settled]]:
    return _settled(page, {})


def _settled(page: _Read, second: _SecondReadings) -> list[list[Settled]]:
    """The words of each line, settled by what the second reader made of some of them."""
    return [[settle(word, second.get(id(word))) for word in line.words] for line in page.lines]


def _page(page: _Read, settled: Sequence[Sequence[Settled]]) -> OcrPage:
    """Text and words of a page; boxes in fractions."""
    words: list[Word] = []
    parts: list[str] = []
    at, letters, total = 0, 0, 0.0
    for line, words_of in zip(page.lines, settled, strict=True):
        if not line.ruled and _is_noise(words_of):
            continue
        separator = "\n" if parts else ""
        for read, word in _without_scribble(list(zip(line.words, words_of, strict=True))):
            text = nfc(word.text)
            parts += [separator, text]
            at += len(separator)
            separator = " "
            words.append(Word(text, _box(page, read), word.confidence, at, at + len(text), _witnesses(read, word)))
            at += len(text)
            letters += len(text)
            total += word.confidence * len(text)
    result = OcrPage("".join(parts), words, round(total / letters, 4) if letters else 0.0)
    result.has_fields = any(line.ruled for line in page.lines)
    return result


def _box(page: _Read, word: ReadWord) -> Box:
    """The word's box in fractions of the page."""
    rows, columns = page.grey.shape
    x0, y0, x1, y1 = word.box
    return (
        min(1.0, max(0.0, x0 / columns)),
        min(1.0, max(0.0, y0 / rows)),
        min(1.0, max(0.0, x1 / columns)),
        min(1.0, max(0.0, y1 / rows)),
    )


def _witnesses(read: ReadWord, word: Settled) -> tuple[Witness, ...]:
    if word.theirs is None:
        return ()
    return (
        Witness(ReaderEngine.name, word.ours, round(read.confidence, 4)),
        Witness(Tesseract.name, word.theirs, round(word.their_confidence, 4)),
    )
