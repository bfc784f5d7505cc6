"""Tesseract as an engine: page images in, text and words with boxes and confidence out.

One TSV per page holds everything; the text is rebuilt from its lines, so the words' offsets are exact. Several pages go
to one tesseract process by a list file: starting it and loading the model takes 70 ms a page otherwise. Parts of pages
and pictures of words go to a process that stays (:mod:`ingest.ocr.tesseract_process`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image as pictures

from corpus.errors import MissingTool
from corpus.fold import nfc
from corpus.vocabulary import Verdict
from ingest.limits import PAGE_SECONDS
from ingest.ocr import tesseract_process
from ingest.ocr.dark_fields import has_dark_field
from ingest.ocr.engine import Arrangement, OcrPage, PageImage
from ingest.ocr.tesseract_process import Way
from ingest.page import Word

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGE = "vie"
#: Confidence from which the orientation found counts.
_SURE_ORIENTATION = 1.0
#: The level of words in Tesseract's TSV, and that of the page.
_WORD_LEVEL, _PAGE_LEVEL = 5, 1

# Tesseract's own threads hinder each other as soon as two pages are read at once (36 times slower).
os.environ.setdefault("OMP_THREAD_LIMIT", "1")


@cache
def pytesseract_module() -> Any:
    """The pytesseract module, once tesseract and its Vietnamese model are found. Raises MissingTool."""
    import pytesseract

    try:
        languages = pytesseract.get_languages(config="")
    except (pytesseract.TesseractNotFoundError, OSError, ValueError) as error:
        raise MissingTool(
            "Máy chưa có Tesseract nên không đọc được trang ảnh.",
            "Hãy cài: sudo apt install tesseract-ocr tesseract-ocr-vie (tệp có lớp chữ vẫn đọc được).",
        ) from error
    if LANGUAGE not in languages:
        raise MissingTool(
            "Tesseract chưa có dữ liệu tiếng Việt.",
            "Hãy cài: sudo apt install tesseract-ocr-vie (tệp có lớp chữ vẫn đọc được).",
        )
    return pytesseract


class Tesseract:
    """The engine (:class:`ingest.ocr.engine.OcrEngine`)."""

    name = "tesseract"
    reads_under_seals = False

    def __init__(self, pages_per_run: int = 4, *, stays: bool = False) -> None:
        """pages_per_run: pages given to one process at a time. Of whole pages more than the default saves nothing
        measurable, and loses more work when one fails.

        stays: whether a process that stays is to read them, as it should small pictures, of which each start costs as
        much as one; else each run starts one.
        """
        self.pages_per_run = pages_per_run
        self._stays = stays

    @property
    def version(self) -> str:
        """Name, version, language and page segmentation mode."""
        version = pytesseract_module().get_tesseract_version()
        return f"{self.name} {version} {LANGUAGE} psm{Arrangement.PAGE.value}"

    def read_images(
        self,
        images: Sequence[PageImage],
        jobs: int = 1,
        page_seconds: float = PAGE_SECONDS,
        arrangement: Arrangement = Arrangement.PAGE,
    ) -> list[OcrPage]:
        """Read *images* with *jobs* tesseract processes at a time."""
        pytesseract_module()
        size = max(1, min(self.pages_per_run, -(-len(images) // max(1, jobs))))
        runs = [images[at : at + size] for at in range(0, len(images), size)]
        if jobs > 1 and len(runs) > 1:
            with ThreadPoolExecutor(jobs) as threads:
                done = list(threads.map(lambda run: _run(run, page_seconds, arrangement, stays=self._stays), runs))
        else:
            done = [_run(run, page_seconds, arrangement, stays=self._stays) for run in runs]
        return [page for run in done for page in run]

    def read_region(self, image: Image, arrangement: Arrangement, dpi: int) -> list[Word]:
        """Read a part of a page by itself."""
        with tempfile.TemporaryDirectory(prefix="part-") as folder:
            part = PageImage(Path(folder) / "part.tif", dpi, image)
            return _run([part], PAGE_SECONDS, arrangement, stays=True)[0].words

    def orientation(self, image: PageImage) -> int:
        """Degrees to turn a page clockwise until it is upright, by Tesseract's orientation detection."""
        pytesseract = pytesseract_module()
        if "osd" not in pytesseract.get_languages(config=""):
            return 0
        try:
            found = pytesseract.image_to_osd(
                str(image.file()),
                config=f"--dpi {image.dpi}",
                output_type=pytesseract.Output.DICT,
                timeout=PAGE_SECONDS,
            )
        except (pytesseract.TesseractError, RuntimeError, OSError, ValueError, KeyError):
            return 0  # too few letters on the page
        return int(found["rotate"]) % 360 if float(found["orientation_conf"]) > _SURE_ORIENTATION else 0


def _run(images: Sequence[PageImage], page_seconds: float, arrangement: Arrangement, *, stays: bool) -> list[OcrPage]:
    """Read *images* in one process, which may be one that stays; where that fails, one by one.

    Those that stay read pictures without a dark field apart from others, for which they take more time.
    """
    white = [not stays or _may_hold_white_print(image) for image in images]
    if any(white) and not all(white):
        parts = [[image for image, one in zip(images, white, strict=True) if one == which] for which in (False, True)]
        done = [iter(_run(part, page_seconds, arrangement, stays=stays)) for part in parts]
        return [next(done[which]) for which in white]
    program: str = pytesseract_module().pytesseract.tesseract_cmd
    way = Way(shutil.which(program) or program, LANGUAGE, arrangement.value, images[0].dpi, white[0])
    read = _by_one_that_stays if stays and tesseract_process.can_stay() else _by_one_started
    tsv = read(images, page_seconds * len(images), way)
    if tsv is not None:
        return [_page(rows) for rows in _rows_by_page(tsv, len(images))]
    if len(images) == 1:
        note = "không OCR được trang này (quá giờ hoặc Tesseract báo lỗi)"
        return [OcrPage("", [], 0.0, notes=[note], failure=Verdict.DAMAGED)]
    return [page for image in images for page in _run([image], page_seconds, arrangement, stays=stays)]


def _may_hold_white_print(image: PageImage) -> bool:
    """Whether there is a dark field on *image*; so too where it cannot be opened, which Tesseract is to find out."""
    if image.picture is not None:
        return has_dark_field(image.picture, image.dpi)
    try:
        with pictures.open(image.path) as opened:
            return has_dark_field(opened, image.dpi)
    except (OSError, ValueError, pictures.DecompressionBombError):
        return True


def _by_one_that_stays(images: Sequence[PageImage], seconds: float, way: Way) -> str | None:
    """Tesseract's TSV for *images*; None where it failed."""
    return tesseract_process.read(way, [image.file() for image in images], seconds)


def _by_one_started(images: Sequence[PageImage], seconds: float, way: Way) -> str | None:
    """Tesseract's TSV for *images* by a process started for them; None where it failed."""
    pytesseract = pytesseract_module()
    with tempfile.TemporaryDirectory(prefix="ocr-") as folder:
        source = images[0].file()
        if len(images) > 1:
            source = Path(folder) / "pages.txt"
            source.write_text("".join(f"{image.file()}\n" for image in images), encoding="utf-8")
        try:
            tsv: str = pytesseract.image_to_data(
                str(source),
                lang=LANGUAGE,
                config=" ".join(way.options()),
                output_type=pytesseract.Output.STRING,
                timeout=seconds,
            )
        except (pytesseract.TesseractError, RuntimeError, OSError, UnicodeDecodeError):
            return None
    return tsv


class _Row(NamedTuple):
    """A row of the TSV: an element of the page, in pixels."""

    level: int
    #: Block, paragraph and line.
    line: tuple[str, str, str]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


def _rows_by_page(tsv: str, pages: int) -> list[list[_Row]]:
    by_page: list[list[_Row]] = [[] for _ in range(pages)]
    for line in tsv.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) < 11 or not cells[0].isdigit():
            continue
        page = int(cells[1]) - 1
        if not 0 <= page < pages:
            continue
        left, top, width, height = map(int, cells[6:10])
        text = cells[11] if len(cells) > 11 else ""
        key = (cells[2], cells[3], cells[4])
        by_page[page].append(_Row(int(cells[0]), key, left, top, width, height, float(cells[10]), text))
    return by_page


def _page(rows: Sequence[_Row]) -> OcrPage:
    width, height = next(((r.width, r.height) for r in rows if r.level == _PAGE_LEVEL), (1, 1))
    words: list[Word] = []
    parts: list[str] = []
    at, line, weight, total = 0, None, 0, 0.0
    for row in rows:
        text = nfc(row.text).strip()
        if row.level != _WORD_LEVEL or not text:
            continue
        if line is not None:
            parts.append(" " if row.line == line else "\n")
            at += 1
        line = row.line
        box = (
            row.left / width,
            row.top / height,
            (row.left + row.width) / width,
            (row.top + row.height) / height,
        )
        confidence = max(0.0, row.confidence) / 100
        words.append(Word(text, box, confidence, at, at + len(text)))
        parts.append(text)
        at += len(text)
        weight += len(text)
        total += confidence * len(text)
    return OcrPage("".join(parts), words, round(total / weight, 4) if weight else 0.0)
