"""Reads the signature's column of a scan again by itself: the seal over it hides it from the page's own OCR.

The column is read with several ways of seeing its ink, then, line by line, by the second reader. Every result is cached
with the page's OCR.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from corpus.fold import clean
from corpus.model import Box
from ingest.layout import cues
from ingest.layout.lines import Line, Segment, union
from ingest.layout.person_names import combined_readings, is_name_line, with_first_letter
from ingest.ocr import second_reader
from ingest.ocr.engine import Arrangement, engine_of
from ingest.page import Page, Word

if TYPE_CHECKING:
    from PIL.Image import Image

#: Increased when a further look at a signature would come out different: part of the cache's key.
LOOK = "5"
#: Resolutions at which the column is read, and a line by the second reader.
_DPI, _LINE_DPI = 200, 300
#: Left and right edge of the column as fractions of the page's width.
_LEFT, _RIGHT = 0.42, 0.985
#: Share of pixels that makes a picture one with coloured ink.
_COLOURED = 0.002
#: Share of pixels between ink and paper that a grey seal leaves; the edges of letters leave less.
_HALF_TONES = 0.02
#: No further look is taken for a name as certain as this.
_SURE_NAME = 0.88
#: Ways of seeing the ink, in the order they are tried.
_INKS = ("grey", "not red", "black", "darkest")
#: Confidence that a name from the second reader, and one with a restored letter, can have at most.
_SECOND_READER_CONFIDENCE, _RESTORED_CONFIDENCE = 0.7, 0.5


def reread(page: Page, anchor: Line) -> list[Segment]:
    """The segments of the column that begins at *anchor*, top to bottom; with the anchor's offsets, not their own."""
    if page.load_image is None or anchor.box is None:
        return []
    area = (_LEFT, max(0.0, anchor.box[1] - 0.035), _RIGHT, min(1.0, anchor.box[1] + 0.3))
    if cues.CLOSING.search(anchor.text):
        area = (_LEFT, anchor.box[3], _RIGHT, min(1.0, anchor.box[3] + 0.34))
    where = " ".join(f"{v:.3f}" for v in area)
    best: list[Segment] = []
    surest = 0.0
    column = _ColumnPicture(page, area)
    for ink in _INKS:
        key = f"signature {LOOK} {Arrangement.BLOCK.value} {ink} {where}"
        segments = _segments(page.recall(key, partial(column.read, ink)), area, page.number, anchor)
        names = (s.mean_confidence for s in segments if is_name_line(s.text) and len(s.text.split()) > 2)
        confidence = max(names, default=0.0)
        if confidence > surest or not best:
            best, surest = segments, confidence
        if surest >= _SURE_NAME:
            break
    return best if surest else best + _by_second_reader(page, best)


class _ColumnPicture:
    """The column as a picture, drawn once for all looks at it."""

    def __init__(self, page: Page, area: Box) -> None:
        self._page = page
        self._area = area
        self._drawn: Image | None = None

    def _picture(self) -> Image:
        if self._drawn is None:
            assert self._page.load_image is not None
            picture = self._page.load_image(_DPI)
            x0, y0, x1, y1 = self._area
            width, height = picture.size
            crop = picture.crop((int(x0 * width), int(y0 * height), int(x1 * width), int(y1 * height)))
            self._drawn = crop.convert("RGB")
        return self._drawn

    def read(self, ink: str) -> list[list[Any]]:
        """[text, box, confidence] of the words; none where that way of seeing shows nothing that "grey" does not."""
        seen = _seen(self._picture(), ink)
        if seen is None:
            return []
        words = engine_of(self._page.engine).read_region(seen, Arrangement.BLOCK, _DPI)
        return [[w.text, *(round(v, 4) for v in w.box), round(w.confidence, 3)] for w in words]


def _seen(picture: Image, ink: str) -> Image | None:
    """*picture* in grey with that way of seeing its ink; None where it has no such ink (no colour, no half-tones).

    Through the red channel a seal fades. The lightest of the three channels leaves only what is black in all of them:
    a name printed in black under a blue signature. A seal scanned in grey is paler than printed letters.
    """
    from PIL import ImageChops

    if ink == "grey":
        return picture.convert("L")
    red, green, blue = picture.split()
    lightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    if ink == "darkest":
        counts = lightest.histogram()
        half_tones = sum(counts[90:190]) / max(1, sum(counts))
        return lightest.point([0 if v < 90 else 255 for v in range(256)]) if half_tones > _HALF_TONES else None
    darkest = ImageChops.darker(red, ImageChops.darker(green, blue))
    coloured = sum(ImageChops.subtract(lightest, darkest).histogram()[60:]) / (picture.width * picture.height)
    if coloured < _COLOURED:
        return None
    return red if ink == "not red" else lightest


def _segments(words: Sequence[Sequence[Any]], area: Box, page: int, anchor: Line) -> list[Segment]:
    """The words, with boxes in fractions of the area, as segments of the page; one for each line."""
    rows: list[list[Word]] = []
    x0, y0, x1, y1 = area
    end = 0.0
    for text, left, top, right, bottom, confidence in words:
        if not rows or left < end - 0.005:  # back at the left edge: the next line
            rows.append([])
        end = right
        box = (x0 + left * (x1 - x0), y0 + top * (y1 - y0), x0 + right * (x1 - x0), y0 + bottom * (y1 - y0))
        rows[-1].append(Word(text, box, confidence, anchor.start, anchor.end))
    return [
        Segment(
            clean(" ".join(w.text for w in row)),
            anchor.start,
            anchor.end,
            page,
            union([w.box for w in row]),
            min(w.confidence for w in row),
            row,
        )
        for row in rows
    ]


def _by_second_reader(page: Page, segments: Sequence[Segment]) -> list[Segment]:
    """The lowest line that the second reader takes for a person's name, where the engine saw none."""
    if not second_reader.available() or page.load_image is None:
        return []
    lines = [s for s in segments if s.box and s.box[2] - s.box[0] > 0.06][-6:][::-1]
    where = " ".join(f"{v:.3f}" for s in lines for v in s.box or ())
    read = page.recall(f"signer {LOOK} {where}", partial(_read_lines, page, lines))
    for segment, (text, confidence) in zip(lines, read, strict=True):
        name = clean(combined_readings(segment.text, text))
        if is_name_line(name):
            return [_with_text(segment, name, min(confidence, _SECOND_READER_CONFIDENCE))]
    for segment in reversed(segments):
        restored = with_first_letter(clean(segment.text))
        if restored:
            return [_with_text(segment, restored, min(segment.mean_confidence, _RESTORED_CONFIDENCE))]
    return []


def _read_lines(page: Page, lines: Sequence[Segment]) -> list[list[Any]]:
    """[text, confidence] of each line by the second reader."""
    assert page.load_image is not None
    picture = page.load_image(_LINE_DPI)
    width, height = picture.size
    read = []
    for segment in lines:
        x0, y0, x1, y1 = segment.box or (0, 0, 1, 1)
        left, right = int((x0 - 0.03) * width), int((x1 + 0.05) * width)
        area = (left, int((y0 - 0.004) * height), right, int((y1 + 0.004) * height))
        text, confidence = second_reader.read_line(picture.crop(area))
        read.append([text, round(confidence, 3)])
    return read


def _with_text(segment: Segment, text: str, confidence: float) -> Segment:
    """A segment at the place of another with a text of its own, as one word."""
    word = Word(text, segment.box or (0, 0, 0, 0), confidence, segment.start, segment.end)
    return Segment(text, segment.start, segment.end, segment.page, segment.box, confidence, [word])
