"""Page images: PNG, JPEG and TIFF (each frame a page), read by OCR."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from corpus.errors import ReadFailure
from ingest.limits import MAX_IMAGE_PIXELS, MAX_PAGES
from ingest.ocr_cache import OcrCache, PageMemory
from ingest.page import Page
from ingest.page_images import PageJob, give, read_pages, remembered, turned

#: Pillow knows many formats, some with a history of holes; only these are tried.
FORMATS = ("PNG", "JPEG", "TIFF")

Image.MAX_IMAGE_PIXELS = MAX_IMAGE_PIXELS


@contextmanager
def open_image(path: Path) -> Iterator[Image.Image]:
    """The image file at *path*, undecoded. Raises ReadFailure: ``hong``, ``qua_lon``."""
    try:
        with warnings.catch_warnings():
            # Pillow warns up to twice the limit; for us the limit is the limit.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(path, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ReadFailure(
            f"Ảnh quá lớn (trên {MAX_IMAGE_PIXELS // 1_000_000} triệu điểm ảnh).",
            "qua_lon",
            "Hãy quét lại ở 200–300 dpi.",
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _broken() from error
    with image:
        if image.width * image.height > MAX_IMAGE_PIXELS:
            raise ReadFailure(
                f"Ảnh quá lớn ({image.width} × {image.height} điểm ảnh).", "qua_lon", "Hãy quét lại ở 200–300 dpi."
            )
        yield image


def _broken() -> ReadFailure:
    return ReadFailure("Tệp ảnh bị hỏng hoặc bị cắt, không mở được.", "hong", "Hãy quét hoặc lấy lại tệp gốc.")


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
    """Frame *index* of the file, decoded, upright by its EXIF, on white; and its dpi. Raises ReadFailure."""
    with open_image(path) as image:
        try:
            image.seek(index)
            if image.width * image.height > MAX_IMAGE_PIXELS:
                raise ReadFailure(
                    f"Ảnh trang {index + 1} quá lớn ({image.width} × {image.height} điểm ảnh).",
                    "qua_lon",
                    "Hãy quét lại ở 200–300 dpi.",
                )
            image.load()
            dpi = image_dpi(image)
            upright = ImageOps.exif_transpose(image)
        except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
            raise _broken() from error
        return _on_white(upright), dpi


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
def read_image(path: Path, sha256: str, cache: OcrCache, ocr_jobs: int, page_seconds: float) -> Iterator[list[Page]]:
    """The pages of an image file. Raises ReadFailure, MissingTool."""
    pages: list[Page] = []
    jobs: list[PageJob] = []
    with open_image(path) as image:
        count = getattr(image, "n_frames", 1)
        if count > MAX_PAGES:
            raise ReadFailure(f"Tệp ảnh có {count} trang, quá mức {MAX_PAGES}.", "qua_lon", "Hãy chia nhỏ tệp.")
        for index in range(count):
            try:
                image.seek(index)
            except (OSError, EOFError, SyntaxError, ValueError) as error:
                raise _broken() from error
            pages.append(_blank(image, index))
            jobs.append(_job(path, sha256, index))
    for number, result in read_pages(jobs, cache, ocr_jobs, page_seconds).items():
        page = pages[number - 1]
        give(page, result)
        page.load_image = partial(_upright, path, page)
        page.recall = PageMemory(cache, f"{sha256} {page.number - 1}").recall
    yield pages


def _blank(image: Image.Image, index: int) -> Page:
    """The page of the frame *image* stands at, not yet read."""
    dpi = image_dpi(image)
    width, height = image.size
    if image.getexif().get(0x0112, 1) >= 5:  # EXIF: shown turned by a quarter
        width, height = height, width
    return Page(index + 1, "", "ocr", width * 72 / dpi, height * 72 / dpi)


def _job(path: Path, sha256: str, index: int) -> PageJob:
    return PageJob(index + 1, f"{sha256} {index}", "file", partial(frame, path, index))


def one_page(path: Path, number: int, sha256: str, cache: OcrCache) -> Page | None:
    """Page *number* as :func:`read_image` gives it; OCR is not run: None where none is remembered."""
    result = remembered(_job(path, sha256, number - 1), cache)
    if result is None:
        return None
    with open_image(path) as image:
        if not 1 <= number <= getattr(image, "n_frames", 1):
            return None
        image.seek(number - 1)
        page = _blank(image, number - 1)
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
