"""The passes over a batch of page images: read, turn and straighten, read again what seals and signatures cover.

Each pass looks at the result of the one before, so a good page costs one pass. The engine is started for all pages of a
pass together.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL.Image import Image

from corpus.errors import ReadFailure
from ingest.ocr.blank import is_blank
from ingest.ocr.covered_text import Montage, unread_clumps, with_lines, without_words
from ingest.ocr.engine import Arrangement, OcrEngine, OcrPage, PageImage
from ingest.ocr.page_position import (
    MAX_SKEW,
    MIN_SKEW,
    is_poor,
    is_upright,
    lies_sideways,
    skew_by_ink,
    skew_by_lines,
    straightened,
    worth,
)
from ingest.ocr.two_pages import find_gutter, stacked

#: Resolution below which Tesseract is never told to expect letters.
_MIN_DPI = 70
#: How much better the second reading must be to replace the first; a page on its side is almost always worth turning.
_BETTER, _BETTER_SIDEWAYS = 1.02, 0.9


@dataclass(slots=True)
class _Waiting:
    """A page image between the passes."""

    image: Image
    dpi: int
    result: OcrPage
    #: Where two pages on the image were cut apart.
    gutter: float | None = None

    def __post_init__(self) -> None:
        if self.gutter is not None:
            self.image = stacked(self.image, self.gutter)

    def finished(self) -> OcrPage:
        """The result, with what was done to the image before it was read."""
        if self.gutter is not None:
            self.result.gutter = self.gutter
            self.result.notes.append("hai trang trên một ảnh, đã tách")
        return self.result


def run_passes(
    loads: Sequence[Callable[[], tuple[Image, int]]],
    engine: OcrEngine,
    ocr_jobs: int,
    page_seconds: float,
    page_pixels: int,
) -> list[OcrPage]:
    """Read the images that *loads* give (each with its dpi), in order.

    An image that cannot be loaded comes back unread, with the reason; it never costs the others. Raises MissingTool.
    """
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        batch = _Batch(engine, ocr_jobs, page_seconds, Path(name))
        pages = [_loaded(load, page_pixels) for load in loads]
        batch.first_pass([page for page in pages if isinstance(page, _Waiting)])
        return [page.finished() if isinstance(page, _Waiting) else page for page in pages]


def _loaded(load: Callable[[], tuple[Image, int]], page_pixels: int) -> _Waiting | OcrPage:
    try:
        image, dpi = _fitted(*load(), page_pixels)
    except ReadFailure as error:
        return OcrPage("", [], 0.0, notes=[error.message.rstrip(".")], failure=error.verdict)
    return _Waiting(image, dpi, OcrPage("", [], 0.0, notes=["trang trắng"]), find_gutter(image))


def _fitted(image: Image, dpi: int, page_pixels: int) -> tuple[Image, int]:
    """*image* in grey, reduced where it has more pixels than OCR gains from."""
    if image.mode not in {"1", "L"}:
        image = image.convert("L")
    if image.width * image.height <= page_pixels:
        return image, dpi
    scale = (page_pixels / (image.width * image.height)) ** 0.5
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    return image.convert("L").resize(size), max(_MIN_DPI, int(dpi * scale))


@dataclass(slots=True)
class _Batch:
    """A few pages that go through the passes together."""

    engine: OcrEngine
    ocr_jobs: int
    page_seconds: float
    folder: Path

    def first_pass(self, pages: Sequence[_Waiting]) -> None:
        """Read all pages with ink, then those again that were not read well."""
        inked = [page for page in pages if not is_blank(page.image)]
        for page, result in zip(inked, self._read([(page.image, page.dpi) for page in inked]), strict=True):
            page.result = result
        read = [page for page in inked if page.result.failure is None]
        self._reposition(read)
        if not self.engine.reads_under_seals:
            self._read_clumps(read)

    def _read(self, images: Sequence[tuple[Image, int]], arrangement: Arrangement = Arrangement.PAGE) -> list[OcrPage]:
        files = [_ready(image, self.folder / f"{n}.tif", dpi) for n, (image, dpi) in enumerate(images)]
        return self.engine.read_images(files, self.ocr_jobs, self.page_seconds, arrangement) if files else []

    def _reposition(self, pages: Sequence[_Waiting]) -> None:
        """Turn pages that lie on their side and straighten those askew; kept where that reads better."""
        moved: list[tuple[_Waiting, Image, int, float]] = []
        for page in pages:
            image, turn, skew = self._upright(page)
            if image is not page.image:
                moved.append((page, image, turn, skew))
        again = self._read([(image, page.dpi) for page, image, _, _ in moved])
        for (page, image, turn, skew), result in zip(moved, again, strict=True):
            aspect = page.image.width / page.image.height
            needed = _BETTER_SIDEWAYS if lies_sideways(page.result, aspect) else _BETTER
            if worth(result) < needed * worth(page.result):
                continue
            result.rotation, result.skew = turn, skew
            result.notes += [f"đã xoay {turn}°"] if turn else []
            result.notes += [f"đã nắn nghiêng {abs(skew):.1f}°"] if skew else []
            page.image, page.result = image, result

    def _upright(self, page: _Waiting) -> tuple[Image, int, float]:
        """(the page's image turned and straightened, or itself; degrees turned; degrees straightened)."""
        aspect = page.image.width / page.image.height
        sideways = lies_sideways(page.result, aspect)
        turn, skew = 0, 0.0 if sideways else skew_by_lines(page.result, aspect)
        image = page.image
        if sideways or (is_poor(page.result) and not is_upright(page.result)):
            turn = self.engine.orientation(_ready(image, self.folder / "osd.tif", page.dpi))
            if turn:
                image = image.rotate(-turn, expand=True)
            skew = skew_by_ink(image)
        if MIN_SKEW <= abs(skew) <= MAX_SKEW:
            return straightened(image, -skew), turn, skew
        return image, turn, 0.0

    def _read_clumps(self, pages: Sequence[_Waiting]) -> None:
        """Read again what is covered by seals and signatures: one montage per page, as scattered text."""
        montages: list[tuple[_Waiting, Montage]] = []
        for page in pages:
            rest = without_words(page.image, page.result.words)
            montage = Montage.of(rest, unread_clumps(rest, page.result.words, page.dpi), page.dpi)
            if montage is not None:
                montages.append((page, montage))
        read = self._read([(montage.image, page.dpi) for page, montage in montages], Arrangement.SCATTERED)
        for (page, montage), scattered in zip(montages, read, strict=True):
            for box, clump, part in montage.parts(scattered):
                page.result = with_lines(page.result, part, box, clump)


def _ready(image: Image, path: Path, dpi: int) -> PageImage:
    """*image* in grey, as the engines take it; a file at *path* where one of them asks for it."""
    return PageImage(path, dpi, image if image.mode in {"1", "L"} else image.convert("L"))
