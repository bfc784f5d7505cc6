"""A PDF page as an image: the scan's own pixels, or the page drawn by pdfium."""

from __future__ import annotations

import ctypes
import hashlib
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.pdf_objects import PageObjects, bounds, page_objects, pixel_size
from ingest.ocr.blank import is_blank

if TYPE_CHECKING:
    from PIL.Image import Image

#: Resolution for pages that are not one image, and bounds for unusual scans, in dots per inch.
DPI, MIN_DPI, MAX_DPI = 300, 150, 400


def sole_image(page: Any, objects: PageObjects) -> Any | None:
    """The page's image when the page is that image and nothing else, upright; else None."""
    if len(objects.images) != 1 or objects.count != 1 or objects.coverage < 0.95 or page.get_rotation():
        return None
    image = objects.images[0]
    if raw.FPDFPage_GetAnnotCount(page) or raw.FPDFPageObj_GetType(image) != raw.FPDF_PAGEOBJ_IMAGE:
        return None
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(image, matrix)
    upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 1e-3 and abs(matrix.c) < 1e-3
    return image if upright else None


def native_dpi(page: Any, objects: PageObjects, page_pixels: int, *, is_scan: bool) -> int:
    """The resolution of the scan on the page, so that drawing never enlarges it; :data:`DPI` for other pages."""
    best = 0.0
    for image in objects.images:
        left, bottom, right, top = bounds(image)
        if (right - left) * (top - bottom) > 0.02 * page.get_width() * page.get_height() and right > left:
            best = max(best, pixel_size(image)[0] / (right - left) * 72)
    if not is_scan or not best:
        best = DPI
    dpi = min(MAX_DPI, max(MIN_DPI, best))
    pixels: float = page.get_width() * page.get_height() * (dpi / 72) ** 2
    shrink: float = min(1.0, (page_pixels / max(1.0, pixels)) ** 0.5)
    return max(1, round(dpi * shrink))


def scan_digest(page: Any, objects: PageObjects) -> str:
    """A digest of the page's images as stored in the file, without decoding them."""
    digest = hashlib.sha256()
    for image in objects.images:
        size = raw.FPDFImageObj_GetImageDataRaw(image, None, 0)
        buffer = (ctypes.c_ubyte * size)()
        raw.FPDFImageObj_GetImageDataRaw(image, buffer, size)
        digest.update(f"{pixel_size(image)} {[round(v) for v in bounds(image)]} ".encode())
        digest.update(bytes(buffer))
    digest.update(f"{[round(v) for v in page.get_size()]}".encode())
    return digest.hexdigest()


def page_image(page: Any, index: int, dpi: float, page_pixels: int) -> Image:
    """The page as an image in grey: the scan's own pixels where the page is one scan, else drawn at *dpi*.

    Raises ReadFailure (``qua_lon``) for an image too large to decode.
    """
    objects = page_objects(page)
    scan = sole_image(page, objects)
    if scan is not None and math.prod(pixel_size(scan)) <= page_pixels:  # checked before it is decoded
        bitmap = raw.FPDFImageObj_GetBitmap(scan)
        if bitmap:
            own: Image = pdfium.PdfBitmap.from_raw(bitmap).to_pil().convert("L")
            return own
    drawn = render(page, dpi, page_pixels)
    width, height = max((pixel_size(image) for image in objects.images), key=math.prod, default=(0, 0))
    if width * height > page_pixels and is_blank(drawn):  # pdfium leaves out what it cannot decode
        raise ReadFailure(
            f"Ảnh trang {index + 1} quá lớn ({width} × {height} điểm ảnh), không vẽ được.",
            Verdict.TOO_LARGE,
            "Hãy quét lại ở 200–300 dpi.",
        )
    return drawn


def render(page: Any, dpi: float, page_pixels: int, *, grey: bool = True, annotations: bool = True) -> Image:
    """Draw a page at *dpi* or lower so that it has no more than *page_pixels* pixels."""
    return render_rows(page, dpi, page_pixels, (0.0, 1.0), grey=grey, annotations=annotations).picture


class Rows(NamedTuple):
    """Rows of a page, or all of them."""

    picture: Image
    #: The first row, and how many the page has, in pixels.
    top: int
    height: int


def render_rows(
    page: Any,
    dpi: float,
    page_pixels: int,
    rows: tuple[float, float],
    *,
    grey: bool = False,
    annotations: bool = True,
) -> Rows:
    """The same for some rows only, from and to given as fractions of the page's height."""
    scale = dpi / 72
    pixels = page.get_width() * page.get_height() * scale * scale
    if pixels > page_pixels:
        scale *= (page_pixels / pixels) ** 0.5
    height = math.ceil(page.get_height() * scale)
    top, bottom = int(rows[0] * height), math.ceil(rows[1] * height)
    # Half a pixel less of each: pdfium's binding rounds up.
    above, below = (max(0.0, left_out - 0.5) / scale for left_out in (top, height - bottom))
    bitmap = page.render(
        scale=scale, crop=(0, below, 0, above), grayscale=grey, rev_byteorder=True, draw_annots=annotations
    )
    image: Image = bitmap.to_pil()
    # In colour it is a copy of the bitmap already.
    return Rows(image if image.mode == "RGB" else image.copy(), top, height)
