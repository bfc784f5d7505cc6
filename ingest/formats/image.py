"""Page images (PNG, JPEG, HEIC, and TIFF with a page per frame), read by OCR."""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import PictureSize, Source
from ingest.formats.sniff import FileType
from ingest.limits import MEGABYTE, Limits
from ingest.ocr import photo
from ingest.ocr.cache import OcrCache
from ingest.ocr.page_images import PageJob, cached_result, put_result, read_pages, turned
from ingest.ocr.two_pages import SETTINGS, may_hold_two
from ingest.options import OcrMode, ReadOptions
from ingest.page import Page, Reading, Unread
from ingest.worker import progress
from ingest.worker.progress import Stage

FILE_TYPES = frozenset({FileType.PNG, FileType.JPEG, FileType.TIFF, FileType.HEIC})
#: The same for Pillow, which supports many more formats, some with a history of vulnerabilities.
FORMATS = ("PNG", "JPEG", "TIFF", "HEIF")

# What is too large is decided here, by the bytes a picture needs once decoded (see _reduction).
Image.MAX_IMAGE_PIXELS = None
pi_heif.options.DECODE_THREADS = 1
pi_heif.register_heif_opener()

# Bytes per pixel in Pillow's memory; four for modes not listed.
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
# EXIF tag 0x0112 says how the picture is to be turned; from 5 on by a quarter.
_ORIENTATION, _QUARTER_TURNS = 0x0112, 5
# What a damaged image raises somewhere in Pillow.
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """The image file at *path*, not yet decoded. Raises ReadFailure: ``hong``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of unusual metadata, which is not used
            image = Image.open(path, formats=FORMATS)
    except (UnidentifiedImageError, *_DAMAGED) as error:
        raise _damaged() from error
    with image:
        yield image


def _damaged() -> ReadFailure:
    return ReadFailure("Tệp ảnh bị hỏng hoặc bị cắt, không mở được.", Verdict.DAMAGED, "Hãy quét hoặc lấy lại tệp gốc.")


def _reduction(image: Image.Image, number: int, limits: Limits) -> int:
    """By what factor the decoded picture must be reduced to fit the limit of pixels.

    A JPEG is set up to be decoded at a half, a quarter or an eighth. Raises ReadFailure (``qua_lon``) for a picture
    that cannot even be decoded.
    """
    width, height = image.size
    if image.format in {"JPEG", "MPO"}:
        factor = 1
        while factor < 8 and (width // factor) * (height // factor) > limits.page_pixels:
            factor *= 2
        image.draft(None, (width // factor, height // factor))
    needed = image.width * image.height * _PIXEL_BYTES.get(image.mode, 4)
    if needed > limits.image_bytes:
        raise ReadFailure(
            f"Ảnh trang {number} quá lớn ({width} × {height} điểm ảnh, mở ra cần {needed // MEGABYTE} MB).",
            Verdict.TOO_LARGE,
            "Hãy quét lại ở 200–300 dpi.",
        )
    return max(1, math.isqrt(max(0, image.width * image.height - 1) // limits.page_pixels) + 1)


def image_dpi(image: Image.Image) -> int:
    """The resolution the file claims where it is plausible for a page, else the one that makes the page A4 wide."""
    claimed = image.info.get("dpi", (0, 0))[0]
    try:
        dpi = round(float(claimed))
    except (TypeError, ValueError, ZeroDivisionError):
        dpi = 0
    if 100 <= dpi <= 1200:
        return dpi
    short = min(image.width, image.height)
    return min(600, max(70, round(short / 8.27)))


def frame(path: Path, index: int, limits: Limits) -> tuple[Image.Image, int]:
    """Frame *index* (from 0) of the file, decoded, upright by its EXIF, on white; and its dpi. Raises ReadFailure.

    A picture with more pixels than the limit is reduced, its dpi with it.
    """
    with open_image(path) as image:
        try:
            image.seek(index)
            width, dpi = image.width, image_dpi(image)
            reduction = _reduction(image, index + 1, limits)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                image.load()
                upright = ImageOps.exif_transpose(image if reduction == 1 else _reduced(image, reduction))
        except _DAMAGED as error:
            raise _damaged() from error
        turned_by_quarter = image.getexif().get(_ORIENTATION, 1) >= _QUARTER_TURNS
        scale = upright.height / width if turned_by_quarter else max(upright.width, 1) / width
        picture = _on_white(upright)
        sheet = photo.sheet_of_photo(picture)
        if sheet is not None:
            return sheet, image_dpi(sheet)
        return picture, max(1, round(dpi * scale))


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """*image* with one pixel for *factor* by *factor* of its own."""
    exif = image.getexif()
    if image.mode.startswith("I;16"):
        size = (max(1, image.width // factor), max(1, image.height // factor))
        small = image.resize(size, Image.Resampling.NEAREST)
    elif image.mode == "1":
        small = image.convert("L").reduce(factor)
    elif image.mode == "P":
        small = image.convert("RGB").reduce(factor)
    else:
        small = image.reduce(factor)
    small.info["exif"] = exif.tobytes()
    return small


def _on_white(image: Image.Image) -> Image.Image:
    """Grey or RGB. What is transparent becomes white, not black; 16-bit grey becomes 8-bit."""
    if image.mode in {"1", "L", "RGB"}:
        return image.copy()
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def read(source: Source, options: ReadOptions) -> Reading:
    """Read an image file (:class:`ingest.formats.Reader`)."""
    if options.mode is OcrMode.OFF:
        raise ReadFailure(
            "Tệp ảnh chỉ đọc được bằng OCR, mà OCR đang tắt.", Verdict.NO_TEXT, "Hãy bật OCR rồi đọc lại."
        )
    with open_image(source.path) as image:
        pages = list(_unread_pages(image, options))
        if len(pages) == 1:
            _reduction(image, 1, options.limits)  # a single picture that is too large is refused before any work
    jobs = [_job(source, page, options.limits) for page in pages if not page.unread]
    cache = OcrCache(options.cache)
    for number, result in read_pages(jobs, cache, options, total=len(pages)).items():
        page = pages[number - 1]
        put_result(page, result, options.engine)
        page.load_image = partial(_upright, source.path, page, options.limits)
        page.recall = cache.page_recall(_content(source, number - 1))
    return Reading(str(source.path), source.sha256, pages)


def _unread_pages(image: Image.Image, options: ReadOptions) -> Iterator[Page]:
    """A page for each frame, without text; ``unread`` set for those that are left out or damaged."""
    rescue = options.rescue
    for index in count():
        if rescue is not None and rescue.last <= index < rescue.pages:
            yield Page(index + 1, "", "ocr", unread=Unread(rescue.verdict, "chưa đọc tới"))
            continue
        if rescue is not None and index >= rescue.pages:
            return
        progress.report(Stage.PAGE, index + 1, index + 1)
        try:
            image.seek(index)
            if index >= options.limits.pages:
                raise ReadFailure(
                    f"Tệp ảnh có hơn {options.limits.pages} trang.", Verdict.TOO_LARGE, "Hãy chia nhỏ tệp."
                )
            page = _page_of_frame(image, index)
        except EOFError:
            return
        except _DAMAGED as error:
            if rescue is None or index == 0:
                raise _damaged() from error
            yield Page(index + 1, "", "ocr", unread=Unread(Verdict.DAMAGED, "trang ảnh hỏng"))
            return  # no later frame can be found
        yield page


def _page_of_frame(image: Image.Image, index: int) -> Page:
    """The page of the frame at which *image* stands, without text."""
    dpi = image_dpi(image)
    width, height = image.size
    # The general method: PNG's own would decode the whole picture.
    if Image.Image.getexif(image).get(_ORIENTATION, 1) >= _QUARTER_TURNS:
        width, height = height, width
    return Page(index + 1, "", "ocr", width * 72 / dpi, height * 72 / dpi)


def _content(source: Source, index: int) -> str:
    """What the OCR cache knows a frame by."""
    return f"{source.sha256} {index}"


def _job(source: Source, page: Page, limits: Limits) -> PageJob:
    index = page.number - 1
    settings = "file" + photo.SETTINGS + (SETTINGS if may_hold_two(page.width, page.height) else "")
    return PageJob(page.number, _content(source, index), settings, partial(frame, source.path, index, limits))


@contextmanager
def open_page(source: Source, number: int, options: ReadOptions) -> Iterator[Page | None]:
    """One page of an image file (:class:`ingest.formats.PageReader`)."""
    if number < 1:
        yield None
        return
    with open_image(source.path) as image:
        try:
            image.seek(number - 1)
            page = _page_of_frame(image, number - 1)
        except EOFError:
            yield None
            return
        except _DAMAGED as error:
            raise _damaged() from error
    result = cached_result(_job(source, page, options.limits), OcrCache(options.cache), options)
    if result is None:
        yield None
        return
    put_result(page, result, options.engine)
    page.load_image = partial(_upright, source.path, page, options.limits)
    yield page


def page_picture(path: Path, number: int, size: PictureSize, limits: Limits) -> Image.Image:
    """A frame as it lies in the file (:class:`ingest.formats.PageReader`)."""
    with open_image(path) as image:
        if not 1 <= number <= getattr(image, "n_frames", 1):
            raise ReadFailure(f"Tệp không có trang {number}.", Verdict.NOT_PRESENT)
    picture, native = frame(path, number - 1, limits)
    if picture.mode not in {"L", "RGB"}:
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    scale = size.width / picture.width if size.width else min(1.0, (size.dpi or native) / native)
    if scale < 1:
        picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    return picture


def _upright(path: Path, page: Page, limits: Limits, dpi: float) -> Image.Image:
    """The frame in colour, scaled to *dpi*, turned as it was for OCR."""
    image, own_dpi = frame(path, page.number - 1, limits)
    scale = dpi / own_dpi
    if scale != 1:
        image = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    return turned(image.convert("RGB"), page)
