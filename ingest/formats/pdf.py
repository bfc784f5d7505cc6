"""PDF files with pdfium: per page the text layer or OCR, words with boxes on demand, page images.

pdfium is not thread-safe and may crash on a hostile file: used in worker processes only, never in a thread.
"""

from __future__ import annotations

import ctypes
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import ReadFailure
from corpus.fold import nfc
from corpus.model import Box
from corpus.vocabulary import Verdict
from ingest.formats.legacy_encodings import convert, convert_font, detect
from ingest.limits import now
from ingest.ocr.cache import OcrCache, PageMemory
from ingest.ocr.page_images import (
    PageJob,
    give,
    is_blank,
    read_pages,
    remembered,
    turned,
)
from ingest.page import Page, Word
from ingest.progress import Rescue, reached
from ingest.syllables import Quality, quality

if TYPE_CHECKING:
    from PIL.Image import Image


Mode = Literal["auto", "redo", "force", "off"]

#: A page covered this much by images is a scan, whatever text lies over or under it.
SCAN_COVERAGE = 0.5
#: Visible characters over a scan that are only a signature stamp or a page number, not the page's text.
OVERLAY_CHARS = 400
#: A page with less text than this and a picture or many strokes shows its text as a picture.
FEW_CHARS = 25
#: Strokes and shapes on a page whose letters were turned into outlines.
OUTLINE_PATHS = 200
#: Share of characters without meaning (private use, replacement) beyond which the letter map is broken. Bullets of
#: Word's Symbol font stay below.
BROKEN_SHARE = 0.05
#: Share of valid syllables below which a text layer is suspected.
SUSPECT_VALIDITY = 0.75
#: What a scanner's own OCR layer must reach to be kept: valid syllables, and words with Vietnamese marks.
OCR_LAYER_VALIDITY, OCR_LAYER_MARKING = 0.92, 0.4
#: Scans: dpi taken where the page is not one image, and bounds for odd scans.
DPI, MIN_DPI, MAX_DPI = 300, 150, 400

# Annotations whose look is text on the page: numbers and dates are often stamped in that way.
_TEXT_ANNOTATIONS = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET}
# pdfium's mark, in running text and in single characters, for a hyphen whose line end it has swallowed.
_SWALLOWED = {0xFFFE, 0x02}
_LINE = re.compile(r"[^\S\n]*\n\s*")


@dataclass(slots=True)
class _Look:
    """What stands on a page besides text. coverage: share of the page under images, 0 to 1."""

    objects: int
    paths: int
    texts: int
    images: list[Any]
    coverage: float
    annotated: bool


@contextmanager
def open_pdf(path: Path) -> Iterator[Any]:
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
        most = now().pages
        if count > most:
            raise ReadFailure(
                f"Tệp PDF có {count} trang, quá mức {most} trang.", Verdict.TOO_LARGE, "Hãy chia nhỏ tệp."
            )
        yield document


def _open_page(document: Any, index: int) -> Any:
    try:
        return document[index]
    except pdfium.PdfiumError as error:
        raise ReadFailure(
            f"Trang {index + 1} của tệp PDF bị hỏng (tệp có thể bị cắt).", Verdict.DAMAGED, "Hãy lấy lại tệp gốc."
        ) from error


@contextmanager
def read_pdf(
    path: Path,
    sha256: str,
    mode: Mode,
    cache: OcrCache,
    ocr_jobs: int,
    page_seconds: float,
    rescue: Rescue | None = None,
) -> Iterator[list[Page]]:
    """The pages of a PDF; their ``load_words`` works while the context is open. Raises ReadFailure, MissingTool."""
    with open_pdf(path) as document:
        pages: list[Page] = []
        jobs: list[PageJob] = []
        count, characters = len(document), 0
        for index in range(count):
            if rescue is not None and index >= rescue.last:
                pages.append(Page(index + 1, "", "text", unread="chưa đọc tới"))
                continue
            reached("page", index + 1, count)
            try:
                read, job = _looked_at(document, index, sha256, mode)
            except ReadFailure as error:
                if rescue is None:
                    raise
                read, job = Page(index + 1, "", "text", unread=error.message.rstrip(".")), None
            pages.append(read)
            characters += len(read.text)
            if characters > now().text_bytes:
                break  # which is refused
            if job is not None:
                jobs.append(job)
                read.recall = PageMemory(cache, job.content).recall
        remembered_only = rescue is not None and rescue.remembered
        given = read_pages(jobs, cache, ocr_jobs, page_seconds, remembered_only=remembered_only, total=count)
        for number, result in given.items():
            give(pages[number - 1], result)
        yield pages


def _looked_at(document: Any, index: int, sha256: str, mode: Mode) -> tuple[Page, PageJob | None]:
    page = _open_page(document, index)
    if _flatten_annotations(page):  # which shows only on the page opened anew
        page.close()
        page = _open_page(document, index)
    with closing(page):
        return _read_page(document, page, index, sha256, mode)


@contextmanager
def one_page(path: Path, number: int, sha256: str, mode: Mode, cache: OcrCache) -> Iterator[Page | None]:
    """Page *number* as :func:`read_pdf` gives it, the others untouched; OCR is not run: None where none is remembered."""
    with open_pdf(path) as document:
        if not 1 <= number <= len(document):
            yield None
            return
        read, job = _looked_at(document, number - 1, sha256, mode)
        if job is not None:
            result = remembered(job, cache)
            if result is None:
                yield None
                return
            give(read, result)
        yield read


def _read_page(document: Any, page: Any, index: int, sha256: str, mode: Mode) -> tuple[Page, PageJob | None]:
    width, height = page.get_size()
    layer = _text_layer(page)
    look = _look(page)
    by_ocr, note = _decide(layer.quality, look, mode)
    read = Page(index + 1, layer.text, "text", width, height)
    if note:
        read.notes.append(note)
    if not by_ocr:
        if layer.encoding:
            read.notes.append(f"đã chuyển từ bảng mã {layer.encoding.upper()}")
        read.load_words = lambda: _load_words(document, index, layer)
        return read, None
    read.source, read.text = "ocr", ""
    read.load_image = lambda dpi: turned(_drawn(document, index, dpi), read)
    scan = _sole_image(page, look)
    dpi = _native_dpi(page, look)
    content = _scan_digest(page, look) if scan is not None else f"{sha256} {index}"
    kind = "image" if scan is not None else "render"
    job = PageJob(index + 1, content, f"{kind} {dpi}", lambda: (page_image(document, index, dpi), dpi))
    return read, job


# --- what stands on the page -------------------------------------------------------------------------------------


def _flatten_annotations(page: Any) -> bool:
    """Make stamped texts and form fields part of the page, so that they are read, boxed and drawn like the rest."""
    for at in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _TEXT_ANNOTATIONS:
            return bool(raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS)
    return False


def _look(page: Any) -> _Look:
    paths = texts = 0
    images: list[Any] = []
    count = raw.FPDFPage_CountObjects(page)
    nested = []
    for at in range(count):
        item = raw.FPDFPage_GetObject(page, at)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            images.append(item)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            nested.append(item)
    bounds = [_bounds(item) for item in images]
    for form in nested:
        inner = [raw.FPDFFormObj_GetObject(form, i) for i in range(raw.FPDFFormObj_CountObjects(form))]
        kinds = [raw.FPDFPageObj_GetType(item) for item in inner]
        texts += kinds.count(raw.FPDF_PAGEOBJ_TEXT)
        paths += kinds.count(raw.FPDF_PAGEOBJ_PATH)
        if raw.FPDF_PAGEOBJ_IMAGE in kinds or raw.FPDF_PAGEOBJ_FORM in kinds:
            # The inner image's own bounds are in the form's space; the form's bounds are a fair stand-in.
            bounds.append(_bounds(form))
    x0, y0, x1, y1 = page.get_bbox()
    area = max(1.0, (x1 - x0) * (y1 - y0))
    covered = sum(max(0.0, min(b[2], x1) - max(b[0], x0)) * max(0.0, min(b[3], y1) - max(b[1], y0)) for b in bounds)
    return _Look(count, paths, texts, images, min(1.0, covered / area), False)


def _bounds(item: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _decide(counted: Quality, look: _Look, mode: Mode) -> tuple[bool, str]:
    """(read by OCR, why in Vietnamese or empty)."""
    scan = look.coverage >= SCAN_COVERAGE
    nothing = not counted.visible and not look.images and look.coverage < 0.01 and look.paths < OUTLINE_PATHS
    if mode == "off" or nothing:
        return False, ""
    if mode == "force":
        return True, "OCR theo yêu cầu"
    if not counted.visible:
        return True, ""
    if mode == "redo" and scan:
        return True, "OCR lại theo yêu cầu"
    if scan and counted.visible < OVERLAY_CHARS:
        return True, "trang quét có ít chữ đóng thêm"
    if counted.visible < FEW_CHARS and (look.coverage > 0.15 or look.paths > OUTLINE_PATHS):
        return True, "chữ nằm trong hình"
    if counted.brokenness > BROKEN_SHARE:
        return True, "lớp chữ hỏng (bảng mã chữ), đã OCR"
    if scan:
        good = counted.validity >= OCR_LAYER_VALIDITY and counted.marking >= OCR_LAYER_MARKING
        return (False, "lớp OCR có sẵn") if good else (True, "lớp OCR có sẵn kém, đã OCR lại")
    if counted.judged >= 8 and counted.validity < SUSPECT_VALIDITY and not counted.foreign:
        return True, "lớp chữ không phải tiếng Việt đọc được, đã OCR"
    return False, ""


# --- the text layer ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Layer:
    """text: stored text. encoding: the legacy encoding it was in, or empty. turned: see :func:`_reading_turn`."""

    text: str
    quality: Quality
    encoding: str
    turned: int


def _text_layer(page: Any) -> _Layer:
    with closing(page.get_textpage()) as textpage:
        given = textpage.get_text_range()
        counted = quality(given)
        if counted.judged >= 4 and counted.validity < 0.95:
            turned = _reading_turn(textpage)
            if turned:
                return _turned_layer(page, turned)
            found = detect(given)
            if found:
                text = _stored("".join(c for c, _ in _legacy_runs(textpage, found[0])))
                return _Layer(text, quality(text), found[0], 0)
        return _Layer(_stored(given), counted, "", 0)


def _stored(given: str) -> str:
    """Stored text of pdfium's: visual lines, none empty. pdfium swallows the line end after a hyphen (U+FFFE there).

    A soft hyphen in a PDF is a printed hyphen under another code; dropped it would glue "QĐ-UBND".
    """
    text = given.replace("\ufffe", "-\n").replace("\x02", "-\n").replace("\u00ad", "-").replace("\f", "\n")
    return nfc(_LINE.sub("\n", text.replace("\r\n", "\n")).strip())


def _reading_turn(textpage: Any) -> int:
    """Degrees to turn a page whose text runs sideways (wide tables drawn on upright pages), else 0.

    pdfium cuts such text into scraps ("Lu / ật giáo d / ục"); on the turned page it sees whole lines.
    """
    angles = Counter(
        round(math.degrees(raw.FPDFText_GetCharAngle(textpage, at)) / 90) % 4
        for at in range(0, textpage.count_chars(), 3)
    )
    most = angles.most_common(1)[0][0] if angles else 0
    return int({1: 270, 2: 180, 3: 90}.get(most, 0))


def _turned_layer(page: Any, turned: int) -> _Layer:
    before = page.get_rotation()
    page.set_rotation((before + turned) % 360)
    try:
        with closing(page.get_textpage()) as textpage:
            text = _stored(textpage.get_text_range())
    finally:
        page.set_rotation(before)
    return _Layer(text, quality(text), "", turned)


def _font(textpage: Any, at: int) -> str:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(textpage, at, buffer, 128, flags)
    return buffer.value.decode("utf-8", "replace") if length else ""


def _legacy_runs(textpage: Any, encoding: str) -> Iterator[tuple[str, int]]:
    """(converted text, index of its first character) of runs of one font, in reading order."""
    run, start, font = "", 0, ""
    for at in range(textpage.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(textpage, at))
        # Spaces take no part: a break between words must not cut a run, and pdfium invents some without a font.
        this = font if char.isspace() else _font(textpage, at)
        if this != font:
            if run:
                yield _from_legacy(run, font, encoding), start
            run, start, font = "", at, this
        run += char
    if run:
        yield _from_legacy(run, font, encoding), start


def _from_legacy(text: str, font: str, encoding: str) -> str:
    by_font = convert_font(text, font)
    if by_font is not None:
        return by_font
    # The font's name tells nothing: convert what is not good Vietnamese as it stands.
    return text if quality(text).validity > 0.9 and quality(text).marking > 0.2 else convert(text, encoding)


def _load_words(document: Any, index: int, layer: _Layer) -> list[Word]:
    with closing(_open_page(document, index)) as page:
        before = page.get_rotation()
        page.set_rotation((before + layer.turned) % 360)
        with closing(page.get_textpage()) as textpage:
            page.set_rotation(before)
            return _aligned(list(_boxed(page, textpage, layer.encoding)), layer.text)


def _boxed(page: Any, textpage: Any, encoding: str) -> Iterator[tuple[str, Box]]:
    """Words as pdfium gives them, each with its box."""
    to_fraction = _page_to_fraction(page)
    rect = raw.FS_RECTF()
    word, font_at = "", 0
    left = bottom = math.inf
    right = top = -math.inf
    for at in range(textpage.count_chars() + 1):
        code = raw.FPDFText_GetUnicode(textpage, at) if at < textpage.count_chars() else 32
        char = chr(code) if code else ""
        ends = char.isspace()
        if code in _SWALLOWED:
            char, ends = "-", True
        if char and not char.isspace():
            if not word:
                font_at = at
            word += "-" if code == 0xAD else char
            if raw.FPDFText_GetLooseCharBox(textpage, at, rect):
                left, bottom = min(left, rect.left), min(bottom, rect.bottom)
                right, top = max(right, rect.right), max(top, rect.top)
        if ends and word:
            text = _from_legacy(word, _font(textpage, font_at), encoding) if encoding else word
            text = nfc(text)
            if text and right > left:
                yield text, to_fraction(left, bottom, right, top)
            word, left, bottom, right, top = "", math.inf, math.inf, -math.inf, -math.inf


def _page_to_fraction(page: Any) -> Any:
    """A function from a box in PDF space to fractions of the displayed page (crop box and rotation allowed for)."""
    scale = 1_000_000
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(px: float, py: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, scale, scale, 0, px, py, x, y)
        return x.value / scale, y.value / scale

    def to_fraction(left: float, bottom: float, right: float, top: float) -> Box:
        ax, ay = device(left, top)
        bx, by = device(right, bottom)
        return (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    return to_fraction


def _aligned(words: list[tuple[str, Box]], text: str) -> list[Word]:
    """Words with their offsets in *text*. A word not found where it is due is left out rather than misplaced."""
    aligned: list[Word] = []
    at = 0
    for word, box in words:
        start = text.find(word, at, at + len(word) + 200)
        if start < 0:
            continue
        at = start + len(word)
        aligned.append(Word(word, box, 1.0, start, at))
    return aligned


# --- the page as an image ----------------------------------------------------------------------------------------


def _sole_image(page: Any, look: _Look) -> Any | None:
    """The page's image when the page is that image and nothing else, upright; else None."""
    if len(look.images) != 1 or look.objects != 1 or look.coverage < 0.95 or page.get_rotation():
        return None
    if raw.FPDFPage_GetAnnotCount(page) or raw.FPDFPageObj_GetType(look.images[0]) != raw.FPDF_PAGEOBJ_IMAGE:
        return None
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(look.images[0], matrix)
    upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 1e-3 and abs(matrix.c) < 1e-3
    return look.images[0] if upright else None


def _pixel_size(item: Any) -> tuple[int, int]:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(item, width, height)
    return width.value, height.value


def _native_dpi(page: Any, look: _Look) -> int:
    """The resolution of the scan on the page, or DPI where there is none: rendering never blows a scan up."""
    best = 0.0
    for item in look.images:
        left, bottom, right, top = _bounds(item)
        if (right - left) * (top - bottom) > 0.02 * page.get_width() * page.get_height() and right > left:
            best = max(best, _pixel_size(item)[0] / (right - left) * 72)
    if look.coverage < SCAN_COVERAGE or not best:
        best = DPI
    dpi = min(MAX_DPI, max(MIN_DPI, best))
    pixels: float = page.get_width() * page.get_height() * (dpi / 72) ** 2
    shrink: float = min(1.0, (now().page_pixels / max(1.0, pixels)) ** 0.5)
    return max(1, round(dpi * shrink))


def _scan_digest(page: Any, look: _Look) -> str:
    """A digest of the page's image as it lies in the file: known without decoding it."""
    digest = hashlib.sha256()
    for item in look.images:
        size = raw.FPDFImageObj_GetImageDataRaw(item, None, 0)
        buffer = (ctypes.c_ubyte * size)()
        raw.FPDFImageObj_GetImageDataRaw(item, buffer, size)
        digest.update(f"{_pixel_size(item)} {[round(v) for v in _bounds(item)]} ".encode())
        digest.update(bytes(buffer))
    digest.update(f"{[round(v) for v in page.get_size()]}".encode())
    return digest.hexdigest()


def page_image(document: Any, index: int, dpi: float) -> Image:
    """The page as an image: the scan's own pixels where the page is one scan, else drawn at *dpi*."""
    with closing(_open_page(document, index)) as page:
        look = _look(page)
        scan = _sole_image(page, look)
        if scan is not None and math.prod(_pixel_size(scan)) <= now().page_pixels:  # asked before it is unpacked
            bitmap = raw.FPDFImageObj_GetBitmap(scan)
            if bitmap:
                own: Image = pdfium.PdfBitmap.from_raw(bitmap).to_pil().copy()
                return own
        drawn = render(page, dpi)
        width, height = max((_pixel_size(item) for item in look.images), key=math.prod, default=(0, 0))
        if width * height > now().page_pixels and is_blank(drawn):  # pdfium leaves out what it cannot unpack
            raise ReadFailure(
                f"Ảnh trang {index + 1} quá lớn ({width} × {height} điểm ảnh), không vẽ được.",
                Verdict.TOO_LARGE,
                "Hãy quét lại ở 200–300 dpi.",
            )
        return drawn


def _drawn(document: Any, index: int, dpi: float) -> Image:
    """The page drawn in colour."""
    with closing(_open_page(document, index)) as page:
        return render(page, dpi, grey=False)


def render(page: Any, dpi: float, *, grey: bool = True) -> Image:
    """Draw a page, annotations included, with no more than now().page_pixels pixels."""
    scale = dpi / 72
    pixels = page.get_width() * page.get_height() * scale * scale
    if pixels > now().page_pixels:
        scale *= (now().page_pixels / pixels) ** 0.5
    bitmap = page.render(scale=scale, grayscale=grey, rev_byteorder=True, draw_annots=True)
    image: Image = bitmap.to_pil().copy()
    return image
