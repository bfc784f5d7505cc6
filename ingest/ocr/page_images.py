"""Page images on their way to OCR: looked up in the cache, else read in batches; and how results go into a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL.Image import Image, Resampling

from ingest.ocr.cache import OcrCache, rounded
from ingest.ocr.engine import OcrEngine, OcrPage, engine_of
from ingest.ocr.passes import run_passes
from ingest.ocr.two_pages import stacked
from ingest.options import ReadOptions
from ingest.page import Page, Unread
from ingest.worker import progress
from ingest.worker.progress import Stage

#: Increased when the passes (:mod:`ingest.ocr.passes`) change what an engine sees.
STEPS = "4"


@dataclass(slots=True)
class PageJob:
    """A page to be read by OCR."""

    #: From 1.
    number: int
    #: What the cache knows the page by, together with *settings*: its bytes, or a digest of them.
    content: bytes | str
    settings: str
    #: Gives the image and its dpi; called only where the cache has no result.
    load: Callable[[], tuple[Image, int]]


def read_pages(jobs: Sequence[PageJob], cache: OcrCache, options: ReadOptions, total: int) -> dict[int, OcrPage]:
    """OCR results by page number. Only a few images exist at a time. Raises MissingTool.

    total: pages of the file, for the progress note. In an attempt after a failure that uses cached OCR only, other
    pages come back unread.
    """
    if not jobs:
        return {}
    engine = engine_of(options.engine)
    done: dict[int, OcrPage] = {}
    waiting: list[tuple[PageJob, str]] = []
    version = cache.engine_version(engine)
    for job in jobs:
        key = _key(job, version) if cache.active else ""
        known = cache.get(key) if cache.active else None
        if known is not None:
            done[job.number] = known
        else:
            waiting.append((job, key))
    if options.rescue is not None and options.rescue.cached_ocr_only:
        verdict = options.rescue.verdict
        return done | {job.number: OcrPage("", [], 0.0, notes=["chưa OCR tới"], failure=verdict) for job, _ in waiting}
    batch = engine.pages_per_run * max(1, options.ocr_jobs)
    for at in range(0, len(waiting), batch):
        some = waiting[at : at + batch]
        progress.report(Stage.OCR, some[0][0].number, total)
        results = _read_batch([job for job, _ in some], engine, options)
        for (job, key), result in zip(some, results, strict=True):
            done[job.number] = rounded(result)
            if result.failure is None and not result.is_partial:
                cache.put(key, result)
    return done


def cached_result(job: PageJob, cache: OcrCache, options: ReadOptions) -> OcrPage | None:
    """The cached OCR of a page; None where OCR would have to run. Raises MissingTool."""
    if not cache.active:
        return None
    return cache.get(_key(job, cache.engine_version(engine_of(options.engine))))


def _key(job: PageJob, engine_version: str) -> str:
    return OcrCache.key(job.content, f"{engine_version} steps{STEPS} {job.settings}")


def _read_batch(jobs: Sequence[PageJob], engine: OcrEngine, options: ReadOptions) -> list[OcrPage]:
    loads = [job.load for job in jobs]
    return run_passes(loads, engine, options.ocr_jobs, options.page_seconds, options.limits.page_pixels)


def put_result(page: Page, result: OcrPage, engine: str) -> None:
    """Put what OCR read into *page*."""
    page.engine = engine_of(engine).name
    page.text, page.confidence = result.text, result.confidence
    page.rotation, page.skew, page.gutter = result.rotation, result.skew, result.gutter
    if result.gutter is not None:
        page.width, page.height = page.width * max(result.gutter, 1 - result.gutter), 2 * page.height
    if result.rotation % 180:
        page.width, page.height = page.height, page.width
    page.notes += result.notes
    page.has_fields = result.has_fields
    if result.failure is not None:
        page.unread = Unread(result.failure, "; ".join(result.notes) or "không OCR được")
    page.load_words = result.load_words


def turned(image: Image, page: Page) -> Image:
    """The image of a page as it lies in the file, cut apart and turned as it was for OCR.

    The words' boxes are fractions of this.
    """
    if page.gutter is not None:
        image = stacked(image, page.gutter)
    if page.rotation:
        image = image.rotate(-page.rotation, expand=True)
    return image.rotate(-page.skew, resample=Resampling.BICUBIC, fillcolor="white") if page.skew else image
