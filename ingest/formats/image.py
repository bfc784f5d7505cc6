"""Page images: PNG, JPEG and TIFF (each frame a page), read by OCR."""

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

from PIL import Image, ImageOps, UnidentifiedImageError

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE, now
from ingest.ocr.cache import OcrCache, PageMemory
from ingest.ocr.page_images import PageJob, give, read_pages, remembered, turned
from ingest.page import Page
from ingest.progress import Rescue, reached

#: Pillow knows many formats, some with a history of holes; only these are tried.
FORMATS = ("PNG", "JPEG", "TIFF")

# Ours is the judgement of what is too large, by the bytes a picture needs once unpacked (:func:`_fitting`).
Image.MAX_IMAGE_PIXELS = None

# Bytes a pixel takes in Pillow's memory; four where not told.
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
# What a damaged image raises somewhere in Pillow.
_DAMAGE = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError,
    RuntimeError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """The image file at *path*, undecoded. Raises ReadFailure: ``hong``, ``qua_lon``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which nobody needs
            image = Image.open(path, formats=FORMATS)
    except (UnidentifiedImageError, *_DAMAGE) as error:
        raise _broken() from error
    with image:
        yield image


def _fitting(image: Image.Image, page: int) -> int:
    """Makes a picture that would fill too much memory smaller while it is unpacked, where its format can (JPEG).

    Returns by how much what is unpacked is then to be made smaller. Raises ReadFailure (``qua_lon``) for what unpacking
    itself cannot bear.
    """
    width, height = image.size
    if image.format in {"JPEG", "MPO"}:
        times = 1
        while times < 8 and (width // times) * (height // times) > now().page_pixels:
            times *= 2
        image.draft(None, (width // times, height // times))
    needed = image.width * image.height * _PIXEL_BYTES.get(image.mode, 4)
    if needed > now().image_bytes:
        raise ReadFailure(
            f"Ảnh trang {page} quá lớn ({width} × {height} điểm ảnh, mở ra cần {needed // MEGABYTE} MB).",
            Verdict.TOO_LARGE,
            "Hãy quét lại ở 200–300 dpi.",
        )
    return max(1, math.isqrt(max(0, image.width * image.height - 1) // now().page_pixels) + 1)


def _broken() -> ReadFailure:
    return ReadFailure("Tệp ảnh bị hỏng hoặc bị cắt, không mở được.", Verdict.DAMAGED, "Hãy quét hoặc lấy lại tệp gốc.")


def image_dpi(image: Image.Image) -> int:
    """The resolution the file claims when it can be true of a page, else one that makes the page A4 wide."""
    claimed = image.info.get("dpi", (0, 0))[0]
    try:
        dpi = round(float(claimed))
    except (TypeError, ValueError, ZeroDivisionError):
        dpi = 0
    if 100 <= dpi <= 1200:
        return dpi
    short = min(image.width, image.height)
    return min(600, max(70, round(short / 8.27)))


def frame(path: Path, index: int) -> tuple[Image.Image, int]:
    """Frame *index* of the file, decoded, upright by its EXIF, on white; and its dpi. Raises ReadFailure.

    A picture with more pixels than OCR gains from comes smaller, its dpi with it.
    """
    with open_image(path) as image:
        try:
            image.seek(index)
            width, dpi = image.width, image_dpi(image)
            smaller = _fitting(image, index + 1)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                image.load()
                upright = ImageOps.exif_transpose(image if smaller == 1 else _reduced(image, smaller))
        except _DAMAGE as error:
            raise _broken() from error
        scale = max(upright.width, 1) / width if image.getexif().get(0x0112, 1) < 5 else upright.height / width
        return _on_white(upright), max(1, round(dpi * scale))


def _reduced(image: Image.Image, times: int) -> Image.Image:
    """*image* with a pixel for *times* by *times* of it; what may take another mode for that takes it afterwards."""
    exif = image.getexif()
    if image.mode.startswith("I;16"):
        small = image.resize((max(1, image.width // times), max(1, image.height // times)), Image.Resampling.NEAREST)
    else:
        small = (
            image.convert("L") if image.mode == "1" else image.convert("RGB") if image.mode == "P" else image
        ).reduce(times)
    small.info["exif"] = exif.tobytes()
    return small


def _on_white(image: Image.Image) -> Image.Image:
    """Grey or RGB; what is transparent becomes paper, not black. 16-bit grey is brought to 8."""
    if image.mode in {"1", "L", "RGB"}:
        return image.copy()
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(paper, rgba).convert("RGB")
    return image.convert("RGB")


@contextmanager
def read_image(
    path: Path, sha256: str, cache: OcrCache, ocr_jobs: int, page_seconds: float, rescue: Rescue | None = None
) -> Iterator[list[Page]]:
    """The pages of an image file. Raises ReadFailure, MissingTool."""
    pages: list[Page] = []
    jobs: list[PageJob] = []
    with open_image(path) as image:
        for index in count():
            if rescue is not None and rescue.last <= index < rescue.pages:
                pages.append(Page(index + 1, "", "ocr", unread="chưa đọc tới"))
                continue
            if rescue is not None and index >= rescue.pages:
                break
            reached("page", index + 1, index + 1)
            try:
                image.seek(index)
                if index >= now().pages:
                    raise ReadFailure(f"Tệp ảnh có hơn {now().pages} trang.", Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
                pages.append(_blank(image, index))
            except EOFError:
                break
            except _DAMAGE as error:
                if rescue is None or not pages:
                    raise _broken() from error
                pages.append(Page(index + 1, "", "ocr", unread="trang ảnh hỏng"))
                break  # the chain of frames ends here
            jobs.append(_job(path, sha256, index))
        if len(pages) == 1:
            _fitting(image, 1)  # a picture by itself that is too large is refused before anything is done
    remembered_only = rescue is not None and rescue.remembered
    given = read_pages(jobs, cache, ocr_jobs, page_seconds, remembered_only=remembered_only, total=len(pages))
    for number, result in given.items():
        page = pages[number - 1]
        give(page, result)
        page.load_image = partial(_upright, path, page)
        page.recall = PageMemory(cache, f"{sha256} {page.number - 1}").recall
    yield pages


def _blank(image: Image.Image, index: int) -> Page:
    """The page of the frame *image* stands at, not yet read."""
    dpi = image_dpi(image)
    width, height = image.size
    # As every image has it; PNG's own way of asking would unpack the whole picture.
    if Image.Image.getexif(image).get(0x0112, 1) >= 5:  # EXIF: shown turned by a quarter
        width, height = height, width
    return Page(index + 1, "", "ocr", width * 72 / dpi, height * 72 / dpi)


def _job(path: Path, sha256: str, index: int) -> PageJob:
    return PageJob(index + 1, f"{sha256} {index}", "file", partial(frame, path, index))


def one_page(path: Path, number: int, sha256: str, cache: OcrCache) -> Page | None:
    """Page *number* as :func:`read_image` gives it; OCR is not run: None where none is remembered."""
    result = remembered(_job(path, sha256, number - 1), cache)
    if result is None or number < 1:
        return None
    with open_image(path) as image:
        try:
            image.seek(number - 1)
            page = _blank(image, number - 1)
        except EOFError:
            return None
        except _DAMAGE as error:
            raise _broken() from error
    give(page, result)
    page.load_image = partial(_upright, path, page)
    return page


def _upright(path: Path, page: Page, dpi: float) -> Image.Image:
    """The frame in colour, scaled to *dpi*, turned as OCR turned it."""
    image, own = frame(path, page.number - 1)
    scale = dpi / own
    if scale != 1:
        image = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    return turned(image.convert("RGB"), page)
