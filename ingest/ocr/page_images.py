"""Page images on their way to OCR: made ready, kept off when blank, read in batches, remembered by content."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL.Image import Image, Resampling

from corpus.errors import ReadFailure
from ingest.limits import PAGE_SECONDS, now
from ingest.ocr.cache import OcrCache, rounded
from ingest.ocr.passes import (
    MAX_SKEW,
    MIN_SKEW,
    Montage,
    is_poor,
    lies_sideways,
    skew_by_ink,
    skew_by_lines,
    straightened,
    unread_clumps,
    wiped,
    with_lines,
    worth,
)
from ingest.ocr.tesseract import (
    PAGES_A_RUN,
    PSM,
    SPARSE,
    OcrPage,
    engine_version,
    ocr_images,
    orientation,
    save_for_ocr,
)
from ingest.page import Page
from ingest.progress import reached

_Pass = Callable[..., list[OcrPage]]

#: Raised when the steps below change what Tesseract sees.
STEPS = "3"
#: A page with a smaller share of dark pixels holds nothing to read (dust, a faint show-through).
_BLANK_SHARE = 0.0003
_NOT_YET = "chưa OCR tới"


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
    pages: Sequence[PageJob],
    cache: OcrCache,
    ocr_jobs: int = 1,
    page_seconds: float = PAGE_SECONDS,
    *,
    remembered_only: bool = False,
    total: int = 0,
) -> dict[int, OcrPage]:
    """OCR of *pages* by page number. Only a few images exist at a time. Raises MissingTool.

    remembered_only: what is not remembered stays unread. total: pages of the file, to tell how far it has come.
    """
    if not pages:
        return {}
    settings = f"{cache.engine(engine_version)} steps{STEPS}"
    done: dict[int, OcrPage] = {}
    waiting: list[tuple[PageJob, str]] = []
    for page in pages:
        key = cache.key(page.content, f"{settings} {page.settings}") if cache.active else ""
        known = cache.get(key) if cache.active else None
        if known is not None:
            done[page.number] = known
        else:
            waiting.append((page, key))
    if remembered_only:
        unread = [page for page, _ in waiting]
        return done | {page.number: OcrPage("", [], 0.0, notes=[_NOT_YET], failed=True) for page in unread}
    batch = PAGES_A_RUN * max(1, ocr_jobs)
    for at in range(0, len(waiting), batch):
        some = waiting[at : at + batch]
        reached("ocr", some[0][0].number, total or len(pages))
        read = _read([page for page, _ in some], ocr_jobs, page_seconds)
        for (page, key), result in zip(some, read, strict=True):
            done[page.number] = rounded(result)
            if not result.failed:
                cache.put(key, result)
    return done


def remembered(page: PageJob, cache: OcrCache) -> OcrPage | None:
    """What OCR read of *page* before; None where it would have to run. Raises MissingTool."""
    if not cache.active:
        return None
    return cache.get(cache.key(page.content, f"{cache.engine(engine_version)} steps{STEPS} {page.settings}"))


@dataclass(slots=True)
class _Waiting:
    """A page image between the passes."""

    image: Image
    dpi: int
    result: OcrPage


def _read(pages: Sequence[PageJob], ocr_jobs: int, page_seconds: float) -> list[OcrPage]:
    """All passes over a few pages; Tesseract is started for all of them together in each pass."""
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        folder = Path(name)

        def passed(images: Sequence[tuple[Image, int]], psm: int = PSM) -> list[OcrPage]:
            files = [save_for_ocr(image, folder / f"{n}.tif", dpi) for n, (image, dpi) in enumerate(images)]
            return ocr_images(files, ocr_jobs, page_seconds, psm) if files else []

        loaded = [_loaded(page) for page in pages]
        blank = [not isinstance(page, OcrPage) and is_blank(page[0]) for page in loaded]
        inked = [p for p, empty in zip(loaded, blank, strict=True) if not empty and not isinstance(p, OcrPage)]
        first = iter(passed(inked))
        waiting: list[_Waiting] = []
        results: list[_Waiting | OcrPage] = []
        for page, empty in zip(loaded, blank, strict=True):
            if isinstance(page, OcrPage):
                results.append(page)
                continue
            result = OcrPage("", [], 0.0, notes=["trang trắng"]) if empty else next(first)
            seen = _Waiting(*page, result)
            results.append(seen)
            if not empty and not result.failed:
                waiting.append(seen)
        _reposition(waiting, passed, folder)
        _read_clumps(waiting, passed)
        return [page if isinstance(page, OcrPage) else page.result for page in results]


def _loaded(page: PageJob) -> tuple[Image, int] | OcrPage:
    """The page's image or, where it gives none, an unread page: the others are not lost with it."""
    try:
        return _fitted(*page.load())
    except ReadFailure as error:
        return OcrPage("", [], 0.0, notes=[error.message.rstrip(".")], failed=True)


def _reposition(waiting: Sequence[_Waiting], passed: _Pass, folder: Path) -> None:
    """Turn what lies on its side and straighten what is askew; kept where that reads better."""
    moved: list[tuple[_Waiting, Image, int, float]] = []
    for page in waiting:
        aspect = page.image.width / page.image.height
        sideways = lies_sideways(page.result, aspect)
        turn, skew = 0, 0.0 if sideways else skew_by_lines(page.result, aspect)
        image = page.image
        if sideways or is_poor(page.result):
            turn = orientation(save_for_ocr(image, folder / "osd.tif", page.dpi))
            if turn:
                image = image.rotate(-turn, expand=True)
            skew = skew_by_ink(image)
        if MIN_SKEW <= abs(skew) <= MAX_SKEW:
            image = straightened(image, -skew)
        else:
            skew = 0.0
        if image is not page.image:
            moved.append((page, image, turn, skew))
    again = passed([(image, page.dpi) for page, image, _, _ in moved])
    for (page, image, turn, skew), result in zip(moved, again, strict=True):
        aspect = page.image.width / page.image.height
        needed = 0.9 if lies_sideways(page.result, aspect) else 1.02
        if worth(result) < needed * worth(page.result):
            continue
        result.rotation, result.skew = turn, skew
        result.notes += [f"đã xoay {turn}°"] if turn else []
        result.notes += [f"đã nắn nghiêng {abs(skew):.1f}°"] if skew else []
        page.image, page.result = image, result


def _read_clumps(waiting: Sequence[_Waiting], passed: _Pass) -> None:
    """Read again what stands under seals and signatures: one montage a page, scattered text."""
    montages: list[tuple[_Waiting, Montage]] = []
    for page in waiting:
        blank = wiped(page.image, page.result.words)
        montage = Montage.of(blank, unread_clumps(blank, page.result.words, page.dpi), page.dpi)
        if montage is not None:
            montages.append((page, montage))
    read = passed([(montage.image, page.dpi) for page, montage in montages], SPARSE)
    for (page, montage), scattered in zip(montages, read, strict=True):
        for box, clump, part in montage.parts(scattered):
            page.result = with_lines(page.result, part, box, clump)


def _fitted(image: Image, dpi: int) -> tuple[Image, int]:
    """*image* in grey, made smaller when it has more pixels than OCR gains from."""
    if image.mode not in {"1", "L"}:
        image = image.convert("L")
    if image.width * image.height <= now().page_pixels:
        return image, dpi
    scale = (now().page_pixels / (image.width * image.height)) ** 0.5
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    return image.convert("L").resize(size), max(70, int(dpi * scale))


def give(page: Page, result: OcrPage) -> None:
    """Put what OCR read into *page*."""
    page.text, page.confidence = result.text, result.confidence
    page.rotation, page.skew = result.rotation, result.skew
    if result.rotation % 180:
        page.width, page.height = page.height, page.width
    page.notes += result.notes
    if result.failed:
        page.unread = "; ".join(result.notes) or "không OCR được"
    page.load_words = result.load_words


def turned(image: Image, page: Page) -> Image:
    """The image of a page as it is displayed, turned as OCR turned it: the words' boxes are fractions of this."""
    if page.rotation:
        image = image.rotate(-page.rotation, expand=True)
    return image.rotate(-page.skew, resample=Resampling.BICUBIC, fillcolor="white") if page.skew else image


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
