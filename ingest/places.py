"""Where on its page a stretch of the stored text is printed: known from the words' boxes, or said to be unknown.

Runs in worker processes. A page that was read by OCR is known by what the OCR cache remembers; OCR is never run for it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import MissingTool, ReadFailure
from corpus.model import Box, Record
from corpus.sentences import sentence_span
from corpus.vocabulary import Verdict
from ingest.formats.sniff import file_type
from ingest.ocr.cache import OcrCache
from ingest.ocr.passes import POOR_CONFIDENCE
from ingest.page import Page, Word, text_mark
from ingest.read import file_sha256, read

if TYPE_CHECKING:
    from PIL.Image import Image

#: What is shown around a stretch, as fractions of the page's width and height.
MARGIN_X, MARGIN_Y = 0.02, 0.008
#: Colours over the page (multiplied, so that print stays black): the sentence, the words asked for, their frame.
_SENTENCE, _WORDS, _FRAME = (255, 246, 214), (255, 224, 130), (176, 84, 0)
_OPENING = re.compile(r"căn\s+cứ", re.IGNORECASE)
#: Dots per inch of a draft's crops, and bytes of one: legible, and forty of them are no burden.
CROP_DPI, CROP_BYTES = 110, 400_000
#: Words below which a page that was read from a picture tells nothing of a draft.
_FEW = 8


def line_boxes(words: Sequence[Word], start: int, end: int) -> list[Box]:
    """The boxes of the words within [start, end) of the page's text, those of one line as one box."""
    lines: list[Box] = []
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        x0, y0, x1, y1 = word.box
        middle = (y0 + y1) / 2
        if lines and lines[-1][1] <= middle <= lines[-1][3] and x0 >= lines[-1][0]:
            a0, b0, a1, b1 = lines[-1]
            lines[-1] = (a0, min(b0, y0), max(a1, x1), max(b1, y1))
        else:
            lines.append(word.box)
    return lines


def around(boxes: Sequence[Box]) -> Box:
    """The box that holds them all, with a margin, inside the page."""
    return (
        max(0.0, min(b[0] for b in boxes) - MARGIN_X),
        max(0.0, min(b[1] for b in boxes) - MARGIN_Y),
        min(1.0, max(b[2] for b in boxes) + MARGIN_X),
        min(1.0, max(b[3] for b in boxes) + MARGIN_Y),
    )


@contextmanager
def page_as_read(path: Path, number: int, options: Mapping[str, Any]) -> Iterator[Page | None]:
    """Page *number* with its words, read as the file was; None where that is not known without reading it anew.

    options: ``mode`` and ``cache`` (the file's own OCR cache) as :func:`ingest.read.read` takes them.
    """
    kind, cache = file_type(path), OcrCache(options.get("cache"))
    try:
        if kind == "pdf":
            from ingest.formats.pdf import one_page

            with one_page(path, number, file_sha256(path), options.get("mode", "auto"), cache) as page:
                yield page
        elif kind in {"png", "jpeg", "tiff"}:
            from ingest.formats.image import one_page as one_frame

            yield one_frame(path, number, file_sha256(path), cache)
        else:
            yield None
    except MissingTool:  # neither an engine nor its name: nothing is remembered under it
        yield None


def marked_page(path: Path, what: tuple[Any, ...]) -> Image:
    """A page with stretches of its text marked. Raises ReadFailure (``khong_co``) where they cannot be placed surely.

    what: ("marked", page, width, words' [start, end) in the page's text, sentences', :func:`text_mark` of that text,
    options as pairs).
    """
    _, number, width, words, sentences, mark, options = what
    with page_as_read(path, number, dict(options)) as page:
        if page is None or text_mark(page.text) != mark:
            raise ReadFailure("Không biết câu này nằm ở đâu trên ảnh trang.", Verdict.NOT_PRESENT)
        seen = page.load_words()
        boxes = [box for start, end in words for box in line_boxes(seen, start, end)]
        if not boxes:
            raise ReadFailure("Không biết câu này nằm ở đâu trên ảnh trang.", Verdict.NOT_PRESENT)
        shaded = [box for start, end in sentences for box in line_boxes(seen, start, end)]
        image = _image(path, page, width=width)
    return _marked(image, boxes, shaded)


def place(path: Path, what: tuple[Any, ...]) -> Image:
    """The part of a page inside a box, the page turned and straightened as it was when the box was measured.

    what: ("place", page, box, dpi, options as pairs). The page as it lies where its reading is not remembered.
    """
    _, number, box, dpi, options = what
    with page_as_read(path, number, dict(options)) as page:
        image = _image(path, page or Page(number, "", "text"), dpi=dpi)
    return _cut(image, box)


def _image(path: Path, page: Page, *, width: int | None = None, dpi: int | None = None) -> Image:
    if page.load_image is None or not page.width:
        from ingest.pictures import page_image

        image = page_image(path, page.number, width=width, dpi=dpi)
    else:
        image = page.load_image(dpi or (width or 1000) / page.width * 72)
    if width and image.width != width:
        image = image.resize((width, max(1, round(image.height * width / image.width))))
    return image


def _cut(image: Image, box: Box) -> Image:
    w, h = image.size
    left, top = int(box[0] * w), int(box[1] * h)
    return image.crop((left, top, max(left + 1, round(box[2] * w)), max(top + 1, round(box[3] * h))))


def _marked(image: Image, boxes: Sequence[Box], shaded: Sequence[Box]) -> Image:
    from PIL import Image as Pictures
    from PIL import ImageChops, ImageDraw

    image = image.convert("RGB")
    tint = Pictures.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(tint)
    w, h = image.size

    def pixels(box: Box) -> tuple[float, float, float, float]:
        return (box[0] * w - 2, box[1] * h - 2, box[2] * w + 2, box[3] * h + 2)

    for box in shaded:
        draw.rectangle(pixels(box), fill=_SENTENCE)
    for box in boxes:
        draw.rectangle(pixels(box), fill=_WORDS)
    image = ImageChops.multiply(image, tint)
    frames = ImageDraw.Draw(image)
    for box in boxes:
        frames.rectangle(pixels(box), outline=_FRAME, width=2)
    return image


def read_draft(path: str, options: Mapping[str, Any] | None = None, most: int = 0) -> dict[str, Any]:
    """A draft's record and pictures of where its căn cứ are printed: ``{"record", "crops", "poor"}``, or its failure.

    poor: pages that OCR read badly. crops: ordinal of the citation → ``{"page", "png"}`` (hexadecimal), for the first *most* căn cứ of a file that has
    page images. options: as :func:`ingest.extract.read_record`.
    """
    from corpus.model import Failure
    from ingest.extract import record_of

    chosen = dict(options or {})
    second_reader = bool(chosen.pop("second_reader", True))
    try:
        with read(Path(path), **chosen) as reading:
            record = record_of(reading, second_reader=second_reader)
            poor = [p.number for p in reading.pages if p.source == "ocr" and _badly_read(p)]
            pictured = file_type(Path(path)) in {"pdf", "png", "jpeg", "tiff"}
            crops = _crops(Path(path), record, reading.pages, reading.starts, most) if pictured else {}
            return {"record": record.as_json(), "crops": crops, "poor": poor}
    except ReadFailure as failure:
        return Failure(path, str(failure), failure.verdict).as_json()


def _badly_read(page: Page) -> bool:
    """Whether so little can be relied on that a căn cứ may be missed: few words, or words the OCR doubts."""
    return page.confidence is None or page.confidence < POOR_CONFIDENCE or len(page.text.split()) < _FEW


def _crops(path: Path, record: Record, pages: Sequence[Page], starts: Sequence[int], most: int) -> dict[str, Any]:
    """Pictures of the căn cứ in the preamble, by their place in ``record.citations``."""
    told: dict[str, Any] = {}
    image: Image | None = None
    drawn = 0
    for ordinal, citation in enumerate(record.citations):
        if len(told) >= most:
            break
        if citation.relation != "can_cu" or citation.zone not in {"preamble", "body"} or citation.page is None:
            continue
        page, offset = pages[citation.page - 1], starts[citation.page - 1]
        start, end = _whole(page.text, citation.start - offset, min(citation.end - offset, len(page.text)))
        boxes = line_boxes(page.load_words(), start, end)
        if not boxes:
            continue
        if image is None or drawn != page.number:
            image, drawn = _image(path, page, dpi=CROP_DPI).convert("L"), page.number
        buffer = io.BytesIO()
        _cut(image, around(boxes)).save(buffer, format="PNG", optimize=True)
        if buffer.tell() <= CROP_BYTES:
            told[str(ordinal)] = {"page": page.number, "png": buffer.getvalue().hex()}
    return told


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A căn cứ from its opening word to the end of its sentence, so that its picture can be read by itself.

    A header has no full stop, so the sentence's own beginning would take it in.
    """
    left, right = sentence_span(text, start, end)
    opening = [match.start() for match in _OPENING.finditer(text, left, start)]
    return (opening[-1] if opening else text.rfind("\n", left, start) + 1 or left), right
