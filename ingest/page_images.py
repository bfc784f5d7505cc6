"""Page images on their way to OCR: made ready, kept off when blank, read in batches, remembered by content."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.limits import OCR_PIXELS, PAGE_SECONDS
from ingest.ocr import PAGES_A_RUN, OcrPage, PageImage, engine_version, ocr_images, save_for_ocr
from ingest.ocr_cache import OcrCache

if TYPE_CHECKING:
    from PIL.Image import Image

#: Raised when the steps below change what Tesseract sees.
STEPS = "1"
#: A page with a smaller share of dark pixels holds nothing to read (dust, a faint show-through).
_BLANK_SHARE = 0.0003


@dataclass(slots=True)
class PageJob:
    """A page to be read by OCR. content: what the cache knows it by (bytes or a digest of them), with *settings*.

    load: gives the image and its dpi; called only when the cache has no answer.
    """

    number: int
    content: bytes | str
    settings: str
    load: Callable[[], tuple[Image, int]]
    notes: list[str] = field(default_factory=list)


def read_pages(
    pages: Sequence[PageJob], cache: OcrCache, ocr_jobs: int = 1, page_seconds: float = PAGE_SECONDS
) -> dict[int, OcrPage]:
    """OCR of *pages* by page number. Only a few images exist at a time. Raises MissingTool."""
    if not pages:
        return {}
    settings = f"{engine_version()} steps{STEPS}"
    done: dict[int, OcrPage] = {}
    waiting: list[tuple[PageJob, str]] = []
    for page in pages:
        key = cache.key(page.content, f"{settings} {page.settings}") if cache.active else ""
        known = cache.get(key) if cache.active else None
        if known is not None:
            done[page.number] = known
        else:
            waiting.append((page, key))
    batch = PAGES_A_RUN * max(1, ocr_jobs)
    for at in range(0, len(waiting), batch):
        some = waiting[at : at + batch]
        for (page, key), result in zip(some, _read(some, ocr_jobs, page_seconds), strict=True):
            done[page.number] = result
            if not result.failed:
                cache.put(key, result)
    return done


def _read(pages: Sequence[tuple[PageJob, str]], ocr_jobs: int, page_seconds: float) -> list[OcrPage]:
    results: list[OcrPage | None] = []
    images: list[PageImage] = []
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        for page, _ in pages:
            image, dpi = page.load()
            image, dpi = _fitted(image, dpi)
            if is_blank(image):
                results.append(OcrPage("", [], 0.0, notes=["trang trắng"]))
                continue
            results.append(None)
            images.append(save_for_ocr(image, Path(folder) / f"{page.number}.tif", dpi))
        read = iter(ocr_images(images, ocr_jobs, page_seconds) if images else [])
        return [result if result is not None else next(read) for result in results]


def _fitted(image: Image, dpi: int) -> tuple[Image, int]:
    """*image* in grey, made smaller when it has more pixels than OCR gains from."""
    if image.mode not in {"1", "L"}:
        image = image.convert("L")
    if image.width * image.height <= OCR_PIXELS:
        return image, dpi
    scale = (OCR_PIXELS / (image.width * image.height)) ** 0.5
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    return image.convert("L").resize(size), max(70, int(dpi * scale))


def is_blank(image: Image) -> bool:
    """Whether the page holds no ink worth reading. The paper's own grey is allowed for."""
    small = image.convert("L").reduce(4) if min(image.size) >= 64 else image.convert("L")
    histogram = small.histogram()
    total = sum(histogram)
    seen, paper = 0, 255
    for level, count in enumerate(histogram):
        seen += count
        if seen * 2 >= total:
            paper = level
            break
    if paper < 96:  # a dark page: white on black, or a photograph
        return False
    dark = sum(histogram[: max(0, paper - 60)])
    return dark < _BLANK_SHARE * total
