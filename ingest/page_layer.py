"""A page as its picture with the words that lie on it, for a PDF that can be searched. Runs in workers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Literal

from corpus.errors import ReadFailure
from corpus.model import Box
from corpus.vocabulary import Verdict
from ingest.formats import PictureSize
from ingest.limits import Limits
from ingest.options import ReadOptions
from ingest.page import Page, Word
from ingest.page_pictures import image_as_read
from ingest.text_location import open_page

if TYPE_CHECKING:
    from PIL.Image import Image

#: Dots per inch of a page's picture: print stays legible, and the file small.
DPI = 200
#: Quality of a JPEG picture.
_QUALITY = 60
#: Levels by which the channels of a grey pixel may differ, and the share of pixels that may differ more.
_COLOUR_LEVELS, _COLOUR_SHARE = 24, 0.001
#: A page without a size (a photo without a resolution) is as wide as A4, in points.
_A4_WIDTH = 595.0

Colours = Literal["bits", "grey", "colour"]


@dataclass(frozen=True, slots=True)
class LayeredPage:
    """An order for page *page* of a file that was read with *options*."""

    page: int
    options: ReadOptions


@dataclass(frozen=True, slots=True)
class PageLayer:
    """The picture of a page, and its words."""

    #: Points.
    width: float
    height: float
    #: Pixels of the picture.
    columns: int
    rows: int
    #: "bits": rows of packed bits, 1 for white; else JPEG.
    colours: Colours
    picture: bytes
    #: Text, box (fractions of the page) and line of each word in reading order; lines count from 0.
    words: list[tuple[str, Box, int]]

    def as_bytes(self) -> bytes:
        """All of it: one line of JSON, then the picture."""
        head = [self.width, self.height, self.columns, self.rows, self.colours, self.words]
        return json.dumps(head, ensure_ascii=False).encode() + b"\n" + self.picture

    @classmethod
    def of_bytes(cls, data: bytes) -> PageLayer:
        """What :meth:`as_bytes` gave. Raises ValueError: a worker made the data."""
        head, _, picture = data.partition(b"\n")
        width, height, columns, rows, colours, words = json.loads(head)
        if colours not in ("bits", "grey", "colour"):
            raise ValueError(colours)
        kept = [(str(text), _box(box), int(line)) for text, box, line in words]
        return cls(float(width), float(height), int(columns), int(rows), colours, picture, kept)


def _box(values: Iterable[float]) -> Box:
    x0, y0, x1, y1 = map(float, values)
    return (x0, y0, x1, y1)


def draw_layer(path: str, order: LayeredPage, limits: Limits) -> str:
    """The layer of a page as hexadecimal. Raises ReadFailure, ``khong_co`` where its words are not known."""
    with open_page(Path(path), order.page, order.options) as page:
        if page is None or page.unread is not None:
            raise ReadFailure(f"Chưa có kết quả đọc chữ của trang {order.page}.", Verdict.NOT_PRESENT)
        image = image_as_read(Path(path), page, PictureSize(dpi=DPI), limits)
        return layer_of(page, image).as_bytes().hex()


def layer_of(page: Page, image: Image) -> PageLayer:
    """The layer of a page whose picture, as it was read, is *image*."""
    width, height = page.width, page.height
    if width <= 0 or height <= 0:
        width, height = _A4_WIDTH, _A4_WIDTH * image.height / max(1, image.width)
    image = _reduced(image, width)
    colours = _colours(image)
    words = list(zip(*(list(part) for part in _lines(page.load_words())), strict=True))
    placed = [(word.text, word.box, line) for word, line in words]
    return PageLayer(width, height, image.width, image.height, colours, _stored(image, colours), placed)


def _reduced(image: Image, width: float) -> Image:
    """*image* with no more than :data:`DPI`."""
    most = max(1, round(width / 72 * DPI))
    if image.width <= most or image.mode == "1":
        return image
    return image.resize((most, max(1, round(image.height * most / image.width))))


def _lines(words: list[Word]) -> tuple[list[Word], list[int]]:
    """The words that have a place, and the line of each: a word further left or on another height begins one."""
    seen = [word for word in words if word.text.strip() and word.box[0] < word.box[2] and word.box[1] < word.box[3]]
    lines = [0] * min(1, len(seen))
    for before, word in pairwise(seen):
        middle = (word.box[1] + word.box[3]) / 2
        same = before.box[1] <= middle <= before.box[3] and word.box[0] >= before.box[0]
        lines.append(lines[-1] + (not same))
    return seen, lines


def _colours(image: Image) -> Colours:
    """What the picture needs: bits for a black and white scan, grey where no colour shows."""
    if image.mode == "1":
        return "bits"
    if image.mode in {"L", "LA", "I;16"}:
        used = image.convert("L").histogram()
        return "bits" if sum(1 for count in used if count) <= 2 and used[0] and used[255] else "grey"
    from PIL import ImageChops

    small = image.convert("RGB")
    small.thumbnail((400, 600))
    red, green, blue = small.split()
    apart = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue)).histogram()
    return "colour" if sum(apart[_COLOUR_LEVELS:]) > _COLOUR_SHARE * sum(apart) else "grey"


def _stored(image: Image, colours: Colours) -> bytes:
    if colours == "bits":
        return image.convert("1", dither=0).tobytes()  # type: ignore[arg-type]
    buffer = io.BytesIO()
    image.convert("RGB" if colours == "colour" else "L").save(buffer, format="JPEG", quality=_QUALITY)
    return buffer.getvalue()


def laid(words: Sequence[tuple[str, Box, int]]) -> Iterator[tuple[str, Box, float | None]]:
    """Text and box of each word as it is laid under the picture, and where the next word of its line begins, if any.

    A mark without letters ("-", ".") is laid as high as its line, so that programs do not take it for another line.
    """
    for _, line in groupby(words, key=lambda word: word[2]):
        found = list(line)
        tall = [box for text, box, _ in found if any(map(str.isalnum, text))]
        for at, (text, box, _) in enumerate(found):
            if tall and not any(map(str.isalnum, text)):
                box = (box[0], median(b[1] for b in tall), box[2], median(b[3] for b in tall))
            yield text, box, found[at + 1][1][0] if at + 1 < len(found) else None
