"""The line reader as an engine, alone or with Tesseract as the second witness of words that matter or are in doubt.

:class:`ReaderEngine` (``reader``) reads pages by itself. :class:`TwoReaders` (``both``) has Tesseract read some words
again, those of several pages in one run, and lets the two readings settle each of them
(:mod:`ingest.ocr.witnesses`). What the line reader does not do stays with Tesseract: text scattered under seals and
signatures, regions that layout looks at again, and the orientation of a page on its side.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as images

from corpus.errors import MissingTool
from corpus.fold import nfc
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
METHOD = "1"
# Lines of less mean confidence are no text but strokes of seals, signatures and pictures; of a line of few letters more
# is asked. Digits alone may be a cell of a table.
_NOISE, _NOISE_OF_FEW = 0.35, 0.65
_FEW = 3


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
    pages_per_run = 4

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
    pages_per_run = 4

    def __init__(self) -> None:
        self._reader = ReaderEngine()
        self._tesseract = Tesseract()

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
        """Read *images*, *jobs* at a time; words of all of them that need it are read again in one run."""
        if arrangement is not Arrangement.PAGE:
            return self._tesseract.read_images(images, jobs, page_seconds, arrangement)
        pages = _read_all(images, jobs)
        read = [page for page in pages if isinstance(page, _Read)]
        second = self._second_readings(read, jobs, page_seconds)
        done = [_page(page, words) for page, words in zip(read, map(_settled, read, second), strict=True)]
        settled = iter(self._with_regions(read, done, jobs, page_seconds))
        return [next(settled) if isinstance(page, _Read) else page for page in pages]

    def _with_regions(
        self, read: Sequence[_Read], pages: Sequence[OcrPage], jobs: int, page_seconds: float
    ) -> list[OcrPage]:
        """*pages* with what Tesseract sees where seals and signatures lie on print."""
        found: list[tuple[int, Region]] = []
        done = list(pages)
        with tempfile.TemporaryDirectory(prefix="regions-") as folder:
            files: list[PageImage] = []
            for number, (page, result) in enumerate(zip(read, pages, strict=True)):
                image = images.fromarray(page.grey)
                for region in regions(image, result, page.dpi):
                    path = Path(folder) / f"{len(files)}.tif"
                    region.picture(image, result.words).save(path, format="TIFF", dpi=(page.dpi, page.dpi))
                    files.append(PageImage(path, page.dpi))
                    found.append((number, region))
            seen = self._tesseract.read_images(files, jobs, page_seconds) if files else []
        for (number, region), result in zip(found, seen, strict=True):
            if result.failure is None:
                done[number] = settled(done[number], region, result)
        return done

    def _second_readings(self, pages: Sequence[_Read], jobs: int, page_seconds: float) -> Iterator[_SecondReadings]:
        """For each page what Tesseract reads of the words that need a second look."""
        looked = [_to_be_read_again(page) for page in pages]
        pictures = [gathered(page.grey, words) for page, words in zip(pages, looked, strict=True)]
        asked = [picture for picture in pictures if picture is not None]
        with tempfile.TemporaryDirectory(prefix="words-") as folder:
            files = [_saved(picture, Path(folder) / f"{n}.tif") for n, picture in enumerate(asked)]
            read = self._tesseract.read_images(files, jobs, page_seconds, Arrangement.BLOCK) if files else []
        results = iter(read)
        for words, picture in zip(looked, pictures, strict=True):
            result = next(results) if picture is not None else None
            if picture is None or result is None or result.failure is not None:
                yield {}
            else:
                yield {id(w): r for w, r in zip(words, picture.readings(result.words), strict=True) if r is not None}

    def read_region(self, image: Image, arrangement: Arrangement, dpi: int) -> list[Word]:
        """Read a part of a page by itself, by Tesseract."""
        return self._tesseract.read_region(image, arrangement, dpi)

    def orientation(self, image: PageImage) -> int:
        """Degrees to turn a page clockwise until it is upright, by Tesseract."""
        return self._tesseract.orientation(image)


def _read_all(images: Sequence[PageImage], jobs: int) -> list[_Read | OcrPage]:
    """What the line reader reads on each image; an unread page for an image that cannot be opened."""
    if jobs > 1 and len(images) > 1:
        _line_reader()  # loaded once, before threads ask for it
        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(_read, images))
    return [_read(image) for image in images]


def _read(image: PageImage) -> _Read | OcrPage:
    try:
        with images.open(image.path) as opened:
            grey = np.asarray(opened.convert("L"), dtype=np.uint8)
    except (OSError, ValueError, images.DecompressionBombError):
        return OcrPage("", [], 0.0, notes=["không OCR được trang này (ảnh hỏng)"], failure=Verdict.DAMAGED)
    return _Read(grey, _line_reader().read(grey, image.dpi), image.dpi)


def _is_noise(words: Sequence[Settled]) -> bool:
    text = "".join(word.text for word in words)
    few = sum(c.isalnum() for c in text) <= _FEW and not text.isdigit()
    total = sum(word.confidence * len(word.text) for word in words)
    return total < (_NOISE_OF_FEW if few else _NOISE) * len(text)


def _to_be_read_again(page: _Read) -> list[ReadWord]:
    return [word for line in page.lines for word in line.words if needs_second_look(word, line)]


def _saved(picture: Gathered, path: Path) -> PageImage:
    images.fromarray(picture.picture).save(path, format="TIFF", dpi=(DPI, DPI))
    return PageImage(path, DPI)


def _alone(page: _Read) -> list[list[Settled]]:
    return _settled(page, {})


def _settled(page: _Read, second: _SecondReadings) -> list[list[Settled]]:
    """The words of each line, settled by what the second reader made of some of them."""
    return [[settle(word, second.get(id(word))) for word in line.words] for line in page.lines]


def _page(page: _Read, settled: Sequence[Sequence[Settled]]) -> OcrPage:
    """Text and words of a page; boxes in fractions."""
    rows, columns = page.grey.shape
    words: list[Word] = []
    parts: list[str] = []
    at, letters, total = 0, 0, 0.0
    for line, words_of in zip(page.lines, settled, strict=True):
        if _is_noise(words_of):
            continue
        separator = "\n" if parts else ""
        for read, word in zip(line.words, words_of, strict=True):
            text = nfc(word.text)
            parts += [separator, text]
            at += len(separator)
            separator = " "
            x0, y0, x1, y1 = read.box
            box = (
                min(1.0, max(0.0, x0 / columns)),
                min(1.0, max(0.0, y0 / rows)),
                min(1.0, max(0.0, x1 / columns)),
                min(1.0, max(0.0, y1 / rows)),
            )
            words.append(Word(text, box, word.confidence, at, at + len(text), _witnesses(read, word)))
            at += len(text)
            letters += len(text)
            total += word.confidence * len(text)
    return OcrPage("".join(parts), words, round(total / letters, 4) if letters else 0.0)


def _witnesses(read: ReadWord, word: Settled) -> tuple[Witness, ...]:
    if word.theirs is None:
        return ()
    return (
        Witness(ReaderEngine.name, word.ours, round(read.confidence, 4)),
        Witness(Tesseract.name, word.theirs, round(word.their_confidence, 4)),
    )
