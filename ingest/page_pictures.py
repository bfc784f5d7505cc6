"""Draws pictures of pages and of parts of pages, to order. Runs in workers; :mod:`ingest.pictures` asks for them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ReadFailure
from corpus.model import Box
from corpus.vocabulary import Verdict
from ingest.formats import PictureSize, page_reader_of
from ingest.formats.sniff import file_type_of
from ingest.limits import Limits
from ingest.options import ReadOptions
from ingest.page import Page, text_digest
from ingest.text_location import line_boxes, open_page

if TYPE_CHECKING:
    from PIL.Image import Image

#: Colours over the page, multiplied so that print stays black: a sentence, the words asked for, their frame.
_SENTENCE, _WORDS, _FRAME = (255, 246, 214), (255, 224, 130), (176, 84, 0)
#: Pixels a page is wide where an order does not say.
_WIDTH = 1000
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class WholePage:
    """A page *width* pixels wide, turned *rotation* degrees clockwise."""

    page: int
    width: int
    rotation: int


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a page inside *box* (fractions of the page, turned by *rotation* before) at *dpi*."""

    page: int
    box: Box
    dpi: int
    rotation: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked on a page."""

    #: [start, end) in the page's text: words to frame, and sentences to shade.
    words: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]
    #: :func:`ingest.page.text_digest` of the text that these offsets belong to.
    digest: str

    @classmethod
    def of(cls, text: str, words: Iterable[tuple[int, int]], sentences: Iterable[tuple[int, int]] = ()) -> Marks:
        """Marks on the page whose stored text is *text*."""
        return cls(tuple(words), tuple(sentences), text_digest(text))


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page *width* pixels wide with parts of its text marked."""

    page: int
    width: int
    marks: Marks
    #: How the file was read.
    options: ReadOptions


@dataclass(frozen=True, slots=True)
class CropAsRead:
    """The part of a page inside *box* at *dpi*, the page turned and straightened as when the box was measured."""

    page: int
    box: Box
    dpi: int
    options: ReadOptions


Order = WholePage | Crop | MarkedPage | CropAsRead


def draw(path: str, order: Order, limits: Limits) -> str:
    """The picture, as PNG in hexadecimal.

    Raises ReadFailure, with verdict ``khong_co`` where there is no such page or the place is not known.
    """
    file = Path(path)
    match order:
        case WholePage():
            image = _turned(page_image(file, order.page, PictureSize(width=order.width), limits), order.rotation)
            image = _widened(image, order.width)
        case Crop():
            image = _turned(page_image(file, order.page, PictureSize(dpi=order.dpi), limits), order.rotation)
            image = cut(image, order.box)
        case MarkedPage():
            image = _marked_page(file, order)
        case CropAsRead():
            with open_page(file, order.page, order.options) as page:
                size = PictureSize(dpi=order.dpi)
                image = image_as_read(file, page or Page(order.page, "", "text"), size, order.options.limits)
            image = cut(image, order.box)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=3)
    return buffer.getvalue().hex()


def page_image(path: Path, number: int, size: PictureSize, limits: Limits) -> Image:
    """A page as it lies in the file. Raises ReadFailure (``khong_co``: no such page)."""
    reader = page_reader_of(file_type_of(path))
    if reader is None:
        raise ReadFailure("Tệp này không có ảnh trang.", Verdict.NOT_PRESENT)
    return reader.page_picture(path, number, size, limits)


def image_as_read(path: Path, page: Page, size: PictureSize, limits: Limits) -> Image:
    """A page turned and straightened as it was for OCR; as it lies in the file where it was not read by OCR."""
    if page.load_image is None or not page.width:
        image = page_image(path, page.number, size, limits)
    else:
        image = page.load_image(size.dpi or (size.width or _WIDTH) / page.width * _POINTS_PER_INCH)
    return _widened(image, size.width) if size.width else image


def cut(image: Image, box: Box) -> Image:
    """The part of *image* inside *box* (fractions), at least one pixel."""
    w, h = image.size
    left, top = int(box[0] * w), int(box[1] * h)
    return image.crop((left, top, max(left + 1, round(box[2] * w)), max(top + 1, round(box[3] * h))))


def _turned(image: Image, rotation: int) -> Image:
    return image.rotate(-rotation, expand=True) if rotation % 360 else image


def _widened(image: Image, width: int) -> Image:
    """*image* scaled to *width* pixels."""
    if image.width == width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))))


def _marked_page(path: Path, order: MarkedPage) -> Image:
    with open_page(path, order.page, order.options) as page:
        if page is None or text_digest(page.text) != order.marks.digest:
            raise _unknown_place()
        seen = page.load_words()
        boxes = [box for start, end in order.marks.words for box in line_boxes(seen, start, end)]
        if not boxes:
            raise _unknown_place()
        shaded = [box for start, end in order.marks.sentences for box in line_boxes(seen, start, end)]
        image = image_as_read(path, page, PictureSize(width=order.width), order.options.limits)
    return _marked(image, boxes, shaded)


def _unknown_place() -> ReadFailure:
    return ReadFailure("Không biết câu này nằm ở đâu trên ảnh trang.", Verdict.NOT_PRESENT)


def _marked(image: Image, boxes: Sequence[Box], shaded: Sequence[Box]) -> Image:
    from PIL import Image as images
    from PIL import ImageChops, ImageDraw

    image = image.convert("RGB")
    tint = images.new("RGB", image.size, "white")
    draw_on_tint = ImageDraw.Draw(tint)
    w, h = image.size

    def pixels(box: Box) -> tuple[float, float, float, float]:
        return (box[0] * w - 2, box[1] * h - 2, box[2] * w + 2, box[3] * h + 2)

    for box in shaded:
        draw_on_tint.rectangle(pixels(box), fill=_SENTENCE)
    for box in boxes:
        draw_on_tint.rectangle(pixels(box), fill=_WORDS)
    image = ImageChops.multiply(image, tint)
    frames = ImageDraw.Draw(image)
    for box in boxes:
        frames.rectangle(pixels(box), outline=_FRAME, width=2)
    return image
