"""PDF files, read with pdfium: page by page the text layer or OCR, words with boxes on demand, page pictures.

pdfium is not thread-safe and may crash on a hostile file: it is used in worker processes only, never in a thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import PictureSize, Source
from ingest.formats.pdf_drawing import native_dpi, page_image, render, scan_digest, sole_image
from ingest.formats.pdf_objects import PageObjects, flatten_annotations, page_objects
from ingest.formats.pdf_pictures import PdfPictures
from ingest.formats.pdf_rules import FEWEST_PATHS, page_rules
from ingest.formats.pdf_signatures import digital_signatures
from ingest.formats.pdf_text import TextLayer, load_words, page_to_fraction, text_layer, words_on
from ingest.formats.sniff import FileType
from ingest.limits import Limits
from ingest.ocr.cache import OcrCache
from ingest.ocr.page_images import PageJob, cached_result, put_result, read_pages, turned
from ingest.ocr.two_pages import SETTINGS, may_hold_two
from ingest.options import OcrMode, ReadOptions
from ingest.page import Page, Reading, Unread
from ingest.syllables import Quality
from ingest.worker import progress
from ingest.worker.progress import Stage

if TYPE_CHECKING:
    from PIL.Image import Image

FILE_TYPES = frozenset({FileType.PDF})

#: Share of a page covered by images from which it is a scan, whatever text lies over or under it.
SCAN_COVERAGE = 0.5
#: Visible characters on a scan up to which they are a signature stamp or a page number and not the page's text.
OVERLAY_CHARS = 400
#: A page with less text than this, and a picture or many strokes, shows its text as a picture.
FEW_CHARS = 25
#: Strokes and shapes on a page whose letters were converted to outlines.
OUTLINE_PATHS = 200
#: Share of characters without meaning (private use, replacement) from which the font's character map is broken.
#: Bullets of Word's Symbol font stay below it.
BROKEN_SHARE = 0.05
#: Words with a letter that no Vietnamese text has from which the font's character map is wrong; one may be a name.
MISPRINTED_WORDS = 2
#: Share of valid syllables below which a text layer is suspected.
SUSPECT_VALIDITY = 0.75
#: Words of pages that are kept until the header and the tables are read, some 20 MB; others are read again then.
MOST_WORDS_KEPT = 50_000
#: Characters of the page that a portfolio shows where a program cannot open it.
_COVER_CHARACTERS = 600
#: What a scanner's own OCR layer must reach to be kept: shares of valid syllables, and of words with Vietnamese marks.
OCR_LAYER_VALIDITY, OCR_LAYER_MARKING = 0.92, 0.4


@contextmanager
def open_pdf(path: Path, limits: Limits) -> Iterator[Any]:
    """The pdfium document at *path*. Raises ReadFailure: ``ma_hoa``, ``hong``, ``trong``, ``qua_lon``."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise ReadFailure("Tệp PDF có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.") from error
        raise ReadFailure(
            "Tệp PDF bị hỏng hoặc bị cắt, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc."
        ) from error
    with closing(document):
        count = len(document)
        if count == 0:
            raise ReadFailure("Tệp PDF không có trang nào.", Verdict.NO_TEXT, "Hãy lấy lại tệp gốc.")
        if count > limits.pages:
            message = f"Tệp PDF có {count} trang, quá mức {limits.pages} trang."
            raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
        yield document


def load_page(document: Any, index: int) -> Any:
    """Page *index* (from 0) of a pdfium document. Raises ReadFailure: ``hong``."""
    try:
        return document[index]
    except pdfium.PdfiumError as error:
        message = f"Trang {index + 1} của tệp PDF bị hỏng (tệp có thể bị cắt)."
        raise ReadFailure(message, Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a PDF (:class:`ingest.formats.Reader`)."""
    with ExitStack() as stack:
        document = stack.enter_context(open_pdf(source.path, options.limits))
        pages = _PdfPages(document, source, options).read_all()
        _refuse_portfolio(document, pages)
        signatures = digital_signatures(source.path)
        return Reading(str(source.path), source.sha256, pages, signatures=signatures, resources=stack.pop_all())


def _refuse_portfolio(document: Any, pages: list[Page]) -> None:
    """Raise ReadFailure for a PDF portfolio: its page only says that the documents are attached."""
    text = " ".join(page.text for page in pages[:2])
    if len(pages) > 1 or len(text) > _COVER_CHARACTERS or "portfolio" not in text.lower():
        return
    if document.count_attachments():
        message = "Đây là bộ PDF (portfolio): các văn bản là tệp đính kèm bên trong."
        raise ReadFailure(message, Verdict.UNSUPPORTED, "Hãy lưu riêng từng tệp bên trong rồi nạp.")


@contextmanager
def open_page(source: Source, number: int, options: ReadOptions) -> Iterator[Page | None]:
    """One page of a PDF (:class:`ingest.formats.PageReader`)."""
    with open_pdf(source.path, options.limits) as document:
        page = _PdfPages(document, source, options).read_one(number)
        try:
            yield page
        finally:
            if page is not None:
                page.release()


def page_picture(path: Path, number: int, size: PictureSize, limits: Limits) -> Image:
    """A page drawn as it lies in the file (:class:`ingest.formats.PageReader`)."""
    with open_pdf(path, limits) as document:
        if not 1 <= number <= len(document):
            raise ReadFailure(f"Tệp không có trang {number}.", Verdict.NOT_PRESENT)
        page = document[number - 1]
        try:
            width = size.width or 0
            dpi = size.dpi if size.dpi is not None else width / max(1.0, page.get_width()) * 72
            return render(page, dpi, limits.page_pixels, grey=False)
        finally:
            page.close()


@dataclass(slots=True)
class _PdfPages:
    """Reads the pages of an open PDF."""

    document: Any
    source: Source
    options: ReadOptions
    #: How many words may still be kept until they are asked for.
    words_left: int = MOST_WORDS_KEPT
    pictures: PdfPictures = field(init=False)

    def __post_init__(self) -> None:
        self.pictures = PdfPictures(partial(load_page, self.document), self.options.limits.page_pixels)

    def read_all(self) -> list[Page]:
        """All pages, those without a usable text layer by OCR."""
        pages: list[Page] = []
        jobs: list[PageJob] = []
        options, count, characters = self.options, len(self.document), 0
        cache = OcrCache(options.cache)
        for index in range(count):
            if options.rescue is not None and index >= options.rescue.last:
                unread = Unread(options.rescue.verdict, "chưa đọc tới")
                pages.append(Page(index + 1, "", "text", unread=unread))
                continue
            progress.report(Stage.PAGE, index + 1, count)
            page, job = self._page_or_failure(index)
            pages.append(page)
            characters += len(page.text)
            if characters > options.limits.text_bytes:
                break  # the reading is refused as too large
            if job is not None:
                jobs.append(job)
                page.recall = cache.page_recall(job.content)
        for number, result in read_pages(jobs, cache, options, total=count).items():
            put_result(pages[number - 1], result, options.engine)
        return pages

    def read_one(self, number: int) -> Page | None:
        """Page *number*, without running OCR; None where there is no such page or no cached OCR of it."""
        if not 1 <= number <= len(self.document):
            return None
        page, job = self._page(number - 1)
        if job is None:
            return page
        result = cached_result(job, OcrCache(self.options.cache), self.options)
        if result is None:
            return None
        put_result(page, result, self.options.engine)
        return page

    def _page_or_failure(self, index: int) -> tuple[Page, PageJob | None]:
        """The page; in an attempt after a failure an unread page in place of one that does not open."""
        try:
            return self._page(index)
        except ReadFailure as error:
            if self.options.rescue is None:
                raise
            unread = Unread(error.verdict, error.message.rstrip("."))
            return Page(index + 1, "", "text", unread=unread), None

    def _page(self, index: int) -> tuple[Page, PageJob | None]:
        """The page, and the OCR it needs, if any."""
        page = load_page(self.document, index)
        flattened = flatten_annotations(page)
        if flattened:  # the change shows only when the page is opened again
            page.close()
            page = load_page(self.document, index)
        with closing(page), closing(page.get_textpage()) as textpage:
            read_page, job = self._examined(page, textpage, index)
        if job is not None and flattened:
            path, limits = self.source.path, self.options.limits
            read_page.load_bare_image = lambda dpi: turned(_bare(path, index, dpi, limits), read_page)
        return read_page, job

    def _examined(self, page: Any, textpage: Any, index: int) -> tuple[Page, PageJob | None]:
        width, height = page.get_size()
        layer = text_layer(page, textpage)
        objects = page_objects(page)
        by_ocr, note = _needs_ocr(layer.quality, objects, self.options.mode)
        read_page = Page(index + 1, layer.text, "text", width, height)
        if note:
            read_page.notes.append(note)
        read_page.is_scan = objects.coverage >= SCAN_COVERAGE
        document, pixels = self.document, self.options.limits.page_pixels
        if not by_ocr:
            to_fraction = page_to_fraction(page)
            read_page.pictures = [to_fraction(*bounds) for bounds in objects.pictures]
            if layer.reversed:
                read_page.notes.append("các dòng xếp ngược trong tệp, đã xếp lại")
            used = layer.legacy.used if layer.legacy is not None else []
            read_page.notes += [f"đã chuyển từ bảng mã {name.upper()}" for name in used]
            read_page.load_words = lambda: load_words(load_page(document, index), layer)
            self._look_ahead(read_page, page, textpage, layer, objects)
            return read_page, None
        read_page.source, read_page.text = "ocr", ""
        read_page.load_image = partial(self.pictures.whole, read_page)
        read_page.load_part = partial(self.pictures.part, read_page)
        is_scan = sole_image(page, objects) is not None
        dpi = native_dpi(page, objects, pixels, is_scan=objects.coverage >= SCAN_COVERAGE)
        content = scan_digest(page, objects) if is_scan else f"{self.source.sha256} {index}"
        settings = f"{'image' if is_scan else 'render'} {dpi}{SETTINGS if may_hold_two(width, height) else ''}"
        job = PageJob(index + 1, content, settings, lambda: (image_for_ocr(document, index, dpi, pixels), dpi))
        return read_page, job

    def _look_ahead(self, read_page: Page, page: Any, textpage: Any, layer: TextLayer, objects: PageObjects) -> None:
        """Put in what will be asked for, while the page is open: to open and parse it again costs more."""
        has_grid = False
        if objects.paths >= FEWEST_PATHS:
            rules = page_rules(page, objects)
            has_grid = rules.may_make_grid()
            if has_grid:
                read_page.load_rules = lambda: rules
        # The header and the cells of tables need the words.
        if (has_grid or read_page.number == 1) and not layer.turned and self.words_left > 0:
            words = words_on(page, textpage, layer)
            self.words_left -= len(words)
            read_page.load_words = lambda: list(words)


def _needs_ocr(layer: Quality, objects: PageObjects, mode: OcrMode) -> tuple[bool, str]:
    """(whether the page is read by OCR, why in Vietnamese or empty)."""
    scan = objects.coverage >= SCAN_COVERAGE
    has_images = bool(objects.images) or objects.coverage >= 0.01
    if mode is OcrMode.OFF or (not layer.visible and not has_images and objects.paths < OUTLINE_PATHS):
        return False, ""
    if mode is OcrMode.FORCE:
        return True, "OCR theo yêu cầu"
    if not layer.visible:
        return True, ""
    if mode is OcrMode.REDO and scan:
        return True, "OCR lại theo yêu cầu"
    if scan and layer.visible < OVERLAY_CHARS:
        return True, "trang quét có ít chữ đóng thêm"
    if layer.visible < FEW_CHARS and (objects.coverage > 0.15 or objects.paths > OUTLINE_PATHS):
        return True, "chữ nằm trong hình"
    return _judged_by_text(layer, scan=scan)


def _judged_by_text(layer: Quality, *, scan: bool) -> tuple[bool, str]:
    """:func:`_needs_ocr` for a page with a text layer of some length: decided by how good the text is."""
    if layer.brokenness > BROKEN_SHARE:
        return True, "lớp chữ hỏng (bảng mã chữ), đã OCR"
    if layer.misprinted >= MISPRINTED_WORDS and not layer.foreign:
        return True, "lớp chữ có chữ cái không phải tiếng Việt (bảng mã chữ hỏng), đã OCR"
    if scan:
        good = layer.validity >= OCR_LAYER_VALIDITY and layer.marking >= OCR_LAYER_MARKING
        return (False, "lớp OCR có sẵn") if good else (True, "lớp OCR có sẵn kém, đã OCR lại")
    if layer.judged >= 8 and layer.validity < SUSPECT_VALIDITY and not layer.foreign:
        return True, "lớp chữ không phải tiếng Việt đọc được, đã OCR"
    return False, ""


def _bare(path: Path, index: int, dpi: float, limits: Limits) -> Image:
    """The page drawn in colour without its annotations: :func:`flatten_annotations` changes the open document."""
    with open_pdf(path, limits) as document, closing(load_page(document, index)) as page:
        return render(page, dpi, limits.page_pixels, grey=False, annotations=False)


def image_for_ocr(document: Any, index: int, dpi: float, pixels: int) -> Image:
    """Page *index* (from 0) as OCR gets it: the scan's own pixels, or drawn at *dpi* with at most *pixels* pixels."""
    with closing(load_page(document, index)) as page:
        return page_image(page, index, dpi, pixels)
