"""Tesseract: page images in, text and words with boxes and confidence out.

One TSV a page gives everything; the text is rebuilt from its lines, so the words' offsets are exact. Several pages go
to one tesseract process (a list file): starting it and loading the model cost 70 ms a page otherwise.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import MissingTool
from corpus.fold import nfc
from ingest.limits import PAGE_SECONDS
from ingest.page import Word

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGE = "vie"
#: Page segmentation: fully automatic, without orientation detection.
PSM = 3
#: Page segmentation for scraps: find as much text as possible in no particular order.
SPARSE = 11
#: Pages given to one process. More saves nothing measurable and loses more work when one page is bad.
PAGES_A_RUN = 4

# Tesseract's own threads fight each other as soon as two pages are read at once (36 times slower).
os.environ.setdefault("OMP_THREAD_LIMIT", "1")


@dataclass(slots=True)
class OcrPage:
    """What was read on one page image. confidence: mean over the words, weighted by length, 0 to 1.

    rotation, skew: degrees clockwise the image was turned before reading, by quarters and, on a page askew, by a few
    degrees about its centre; boxes are fractions of the turned image.
    failed: Tesseract gave nothing, so the empty text says nothing about the page.
    """

    text: str
    words: list[Word]
    confidence: float
    rotation: int = 0
    skew: float = 0.0
    notes: list[str] = field(default_factory=list)
    failed: bool = False

    def load_words(self) -> list[Word]:
        """The words; they are at hand, so nothing is loaded."""
        return self.words


@dataclass(slots=True)
class PageImage:
    """An image ready for OCR, on disk. dpi: what Tesseract is told, for its idea of letter sizes."""

    path: Path
    dpi: int


@cache
def _tesseract() -> Any:
    """The pytesseract module, once tesseract and its Vietnamese model are known to be there. Raises MissingTool."""
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


@cache
def engine_version() -> str:
    """The engine and its settings in one string: part of the cache key. Raises MissingTool."""
    return f"tesseract {_tesseract().get_tesseract_version()} {LANGUAGE} psm{PSM}"


def save_for_ocr(image: Image, path: Path, dpi: int) -> PageImage:
    """Write *image* once, as uncompressed grey TIFF: packing a PNG costs more than reading it saves."""
    grey = image if image.mode in {"1", "L"} else image.convert("L")
    grey.save(path, format="TIFF", dpi=(dpi, dpi))
    return PageImage(path, dpi)


def ocr_images(
    images: Sequence[PageImage], jobs: int = 1, page_seconds: float = PAGE_SECONDS, psm: int = PSM
) -> list[OcrPage]:
    """Read *images*, *jobs* tesseract processes at a time, in order.

    A page that Tesseract cannot read or that takes over *page_seconds* comes back empty with a note; it never costs
    the other pages. Raises MissingTool.
    """
    _tesseract()
    size = max(1, min(PAGES_A_RUN, -(-len(images) // max(1, jobs))))
    runs = [images[at : at + size] for at in range(0, len(images), size)]
    if jobs > 1 and len(runs) > 1:
        with ThreadPoolExecutor(jobs) as threads:
            done = list(threads.map(lambda run: _run(run, page_seconds, psm), runs))
    else:
        done = [_run(run, page_seconds, psm) for run in runs]
    return [page for run in done for page in run]


def _run(images: Sequence[PageImage], page_seconds: float, psm: int) -> list[OcrPage]:
    tsv = _tsv(images, page_seconds, psm)
    if tsv is not None:
        return [_page(rows) for rows in _rows_by_page(tsv, len(images))]
    if len(images) == 1:
        return [OcrPage("", [], 0.0, notes=["không OCR được trang này (quá giờ hoặc Tesseract báo lỗi)"], failed=True)]
    return [page for image in images for page in _run([image], page_seconds, psm)]


def _tsv(images: Sequence[PageImage], page_seconds: float, psm: int) -> str | None:
    pytesseract = _tesseract()
    config = f"--psm {psm} --dpi {images[0].dpi}"
    with tempfile.TemporaryDirectory(prefix="ocr-") as folder:
        source = images[0].path
        if len(images) > 1:
            source = Path(folder) / "pages.txt"
            source.write_text("".join(f"{image.path}\n" for image in images), encoding="utf-8")
        try:
            text: str = pytesseract.image_to_data(
                str(source),
                lang=LANGUAGE,
                config=config,
                output_type=pytesseract.Output.STRING,
                timeout=page_seconds * len(images),
            )
        except (pytesseract.TesseractError, RuntimeError, OSError, UnicodeDecodeError):
            return None
    return text


def read_zone(image: Image, psm: int, dpi: int, seconds: float = PAGE_SECONDS) -> list[Word]:
    """A part of a page read by itself, as one block (*psm* 6) or as scattered text (11): words with boxes in fractions
    of *image*. Empty when Tesseract gives nothing. Raises MissingTool.
    """
    pytesseract = _tesseract()
    try:
        tsv: str = pytesseract.image_to_data(
            image,
            lang=LANGUAGE,
            config=f"--psm {psm} --dpi {dpi}",
            output_type=pytesseract.Output.STRING,
            timeout=seconds,
        )
    except (pytesseract.TesseractError, RuntimeError, OSError, UnicodeDecodeError):
        return []
    return _page(_rows_by_page(tsv, 1)[0]).words


def orientation(image: PageImage) -> int:
    """Degrees (0, 90, 180, 270) to turn a page clockwise until it stands upright; 0 when unsure or unknown."""
    pytesseract = _tesseract()
    if "osd" not in pytesseract.get_languages(config=""):
        return 0
    try:
        found = pytesseract.image_to_osd(
            str(image.path), config=f"--dpi {image.dpi}", output_type=pytesseract.Output.DICT, timeout=PAGE_SECONDS
        )
    except (pytesseract.TesseractError, RuntimeError, OSError, ValueError, KeyError):
        return 0  # too few letters on the page to tell
    return int(found["rotate"]) % 360 if float(found["orientation_conf"]) > 1.0 else 0


_Row = tuple[int, tuple[str, str, str], int, int, int, int, float, str]


def _rows_by_page(tsv: str, pages: int) -> list[list[_Row]]:
    """TSV rows of each page: level, line key, left, top, width, height, confidence, text."""
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
        by_page[page].append((int(cells[0]), key, left, top, width, height, float(cells[10]), text))
    return by_page


def _page(rows: Sequence[_Row]) -> OcrPage:
    width, height = next(((r[4], r[5]) for r in rows if r[0] == 1), (1, 1))
    words: list[Word] = []
    parts: list[str] = []
    at, line, weight, total = 0, None, 0, 0.0
    for level, key, left, top, w, h, confidence, raw in rows:
        text = nfc(raw).strip()
        if level != 5 or not text:
            continue
        if line is not None:
            parts.append(" " if key == line else "\n")
            at += 1
        line = key
        box = (left / width, top / height, (left + w) / width, (top + h) / height)
        words.append(Word(text, box, max(0.0, confidence) / 100, at, at + len(text)))
        parts.append(text)
        at += len(text)
        weight += len(text)
        total += max(0.0, confidence) / 100 * len(text)
    return OcrPage("".join(parts), words, round(total / weight, 4) if weight else 0.0)
