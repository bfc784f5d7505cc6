"""Finds and reads names under seals and signatures.

Tesseract takes a clump of seal, signature and name for a picture and skips it. What is left of the page once the words
read are erased is read again as scattered text, without strokes too large to be letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as images
from PIL import ImageDraw
from PIL.Image import Image

from corpus.model import Box
from ingest.ocr.engine import OcrPage
from ingest.ocr.witnesses import bare, disputed
from ingest.page import Word
from ingest.syllables import is_syllable

_MM_PER_INCH = 25.4
#: Cells per millimetre of the grid on which unread ink is looked for.
_CELLS_PER_MM = 1.0
# A seal is 36 mm wide, a signature 30 to 60 and seldom less than 8 high; 4 mm more are those about ink. Smaller clumps
# are ticks, dirt and words that were not read, larger ones maps and photographs.
_MIN_CLUMP_MM, _MAX_CLUMP_SHARE = (14, 12), 0.30
# Straight ink as long as this in cells, and at most as thick, is a rule: tables and frames are no clumps.
_RULE_CELLS, _RULE_THICKNESS = 30, 2
# Room around a clump in cells, left and right, above, and below, where the name is printed.
_MARGIN_X, _MARGIN_ABOVE, _MARGIN_BELOW = 10, 4, 12
# Ink of tables and forms lies among words: a clump of whose area this share was read needs no second reading.
_READ_SHARE = 0.12
# Words of the first reading with less confidence count as unread, and words that two readers read differently.
_READ_CONFIDENCE = 0.4
# Letters are at most this high, and runs of touching letters this wide; larger strokes are seal rings and signatures.
_STROKE_MM = (6.0, 15.0)
# Pieces of at least this height are letters; fewer than this many are not two words.
_LETTER_MM, _MIN_LETTERS = 1.5, 5
# Grey levels below which a pixel is ink: for finding clumps, and for separating strokes.
_CLUMP_INK, _STROKE_INK = 225, 170
# Where ink touches an end of a line found in a clump, a word may be missing ("Hà" of "Hà Văn Phúc"): from this share of
# dark pixels on.
_TOUCHED = 0.06
#: The confidence that such a line has at most.
TOUCHED_CONFIDENCE = 0.4
_LETTERS = re.compile(r"[^\W\d_]+")


def without_words(image: Image, words: Sequence[Word]) -> Image:
    """A grey copy of the page without the words read."""
    rest = image.convert("L")
    if rest is image:
        rest = rest.copy()
    pen = ImageDraw.Draw(rest)
    for word in words:
        if _is_read(word):
            x0, y0, x1, y1 = word.box
            box = (x0 * image.width - 3, y0 * image.height - 3, x1 * image.width + 3, y1 * image.height + 3)
            pen.rectangle(box, fill=255)
    return rest


def _is_read(word: Word) -> bool:
    return word.confidence > _READ_CONFIDENCE and not disputed(word)


def unread_clumps(rest: Image, words: Sequence[Word], dpi: int) -> list[Box]:
    """Where the rest of a page still holds ink enough for a seal or a signature, with room for the name beneath."""
    cell = max(2, round(dpi / _MM_PER_INCH / _CELLS_PER_MM))
    grid = rest.reduce(cell)
    columns, rows = grid.size
    near_ink = cv2.dilate(_without_rules(np.asarray(grid) < _CLUMP_INK), np.ones((5, 5), np.uint8)) > 0
    found: list[Box] = []
    for x0, y0, wide, high in sorted(_pieces(near_ink)[1], key=lambda piece: (piece.top, piece.left)):
        if wide < _MIN_CLUMP_MM[0] or high < _MIN_CLUMP_MM[1] or wide * high > _MAX_CLUMP_SHARE * columns * rows:
            continue
        box = (x0 / columns, y0 / rows, (x0 + wide) / columns, (y0 + high) / rows)
        if _share_read(box, words) < _READ_SHARE:
            found.append(
                (
                    max(0.0, box[0] - _MARGIN_X / columns),
                    max(0.0, box[1] - _MARGIN_ABOVE / rows),
                    min(1.0, box[2] + _MARGIN_X / columns),
                    min(1.0, box[3] + _MARGIN_BELOW / rows),
                )
            )
    return found


def _without_rules(ink: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """*ink* (in cells) without the long straight strokes of tables and frames."""
    plain = ink.astype(np.uint8)
    rules = np.zeros_like(plain)
    for long, thick in (((1, _RULE_CELLS), (_RULE_THICKNESS + 1, 1)), ((_RULE_CELLS, 1), (1, _RULE_THICKNESS + 1))):
        strokes = _opened(plain, long)
        rules |= strokes & ~_opened(strokes, thick)
    return plain & ~rules


def _opened(ink: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """What of *ink* lies in a rectangle of ink of that shape (rows, columns)."""
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), dtype=np.uint8)


class _Piece(NamedTuple):
    """A piece of ink whose pixels touch one another, at their corners too: its place and size in pixels."""

    left: int
    top: int
    wide: int
    high: int


def _pieces(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], list[_Piece]]:
    """For each pixel the number (from 1) of the piece of ink that it is of, 0 for paper; and the pieces."""
    _, owners, pieces, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return owners.astype(np.int32, copy=False), [_Piece(*piece[:4]) for piece in pieces[1:].tolist()]


def without_strokes(image: Image, dpi: int) -> Image | None:
    """A grey image without ink too large to be a letter: seal rings, signatures, rules.

    None where the rest has too few pieces of a letter's size to be two words.
    """
    grey = image.convert("L")
    levels = np.array(grey)
    high, wide = (mm / _MM_PER_INCH * dpi for mm in _STROKE_MM)
    low = _LETTER_MM / _MM_PER_INCH * dpi
    owners, pieces = _pieces(levels < _STROKE_INK)
    # A piece's height and width from its first pixel to its last.
    if sum(low <= piece.high - 1 < high for piece in pieces) < _MIN_LETTERS:
        return None
    is_stroke = np.array([False, *(p.high - 1 >= high or p.wide - 1 >= wide for p in pieces)])
    levels[is_stroke[owners]] = 255
    return images.fromarray(levels)


def _share_read(box: Box, words: Sequence[Word]) -> float:
    x0, y0, x1, y1 = box
    covered = 0.0
    for word in words:
        if not _is_read(word):
            continue
        a0, b0, a1, b1 = word.box
        covered += max(0.0, min(x1, a1) - max(x0, a0)) * max(0.0, min(y1, b1) - max(y0, b0))
    return covered / max(1e-9, (x1 - x0) * (y1 - y0))


@dataclass(slots=True)
class Montage:
    """The clumps of one page below each other on one image, without strokes: one Tesseract run for all of them."""

    image: Image
    #: Box of each clump on the page, in fractions.
    boxes: list[Box]
    #: Each clump as it lies on the page, strokes included.
    clumps: list[Image]
    #: Where each clump begins on the montage, in pixels from the top.
    tops: list[int]

    @classmethod
    def of(cls, rest: Image, boxes: Sequence[Box], dpi: int) -> Montage | None:
        """A montage of the rest of a page; None where no clump holds anything like letters."""
        kept: list[tuple[Box, Image, Image]] = []
        for box in boxes:
            x0, y0, x1, y1 = box[0] * rest.width, box[1] * rest.height, box[2] * rest.width, box[3] * rest.height
            clump = rest.crop((int(x0), int(y0), round(x1), round(y1)))
            letters = without_strokes(clump, dpi)
            if letters is not None:
                kept.append((box, clump, letters))
        if not kept:
            return None
        gap = dpi // 4
        width = max(letters.width for _, _, letters in kept) + 2 * gap
        image = images.new("L", (width, sum(letters.height + gap for _, _, letters in kept) + gap), 255)
        tops, at = [], gap
        for _, _, letters in kept:
            image.paste(letters, (gap, at))
            tops.append(at)
            at += letters.height + gap
        return cls(image, [k[0] for k in kept], [k[1] for k in kept], tops)

    def parts(self, read: OcrPage) -> list[tuple[Box, Image, OcrPage]]:
        """What was read of each clump: its box on the page, its image, its words in fractions of the clump."""
        width, height = self.image.size
        left = (width - max(clump.width for clump in self.clumps)) // 2
        found = []
        for box, clump, top in zip(self.boxes, self.clumps, self.tops, strict=True):
            inside = (left / width, top / height, (left + clump.width) / width, (top + clump.height) / height)
            lines = [[w for w in line if holds(inside, w.box)] for line in lines_of(read)]
            own = [[replace(w, box=self._inside(clump, w.box, left, top)) for w in line] for line in lines if line]
            found.append((box, clump, with_lines_joined(read, own)))
        return found

    def _inside(self, clump: Image, box: Box, left: int, top: int) -> Box:
        """A box in fractions of the montage, in fractions of the clump that lies at *left*, *top* on it."""
        width, height = self.image.size
        return (
            (box[0] * width - left) / clump.width,
            (box[1] * height - top) / clump.height,
            (box[2] * width - left) / clump.width,
            (box[3] * height - top) / clump.height,
        )


def with_lines(page: OcrPage, scattered: OcrPage, box: Box, clump: Image) -> OcrPage:
    """*page* with the credible lines of *scattered* (read inside *box*) inserted at their height.

    Most of what is read in a seal or a signature is noise: a line counts when it has at least two syllables, all read
    with some confidence. It takes the place of doubtful words, but says nothing else than what two readers settled.
    *clump* is the image inside *box*, strokes included.
    """
    settled = [word for word in page.words if word.witnesses]
    added = [
        line
        for words in (_credible(line, clump) for line in lines_of(scattered))
        if words
        and (line := [replace(w, box=_absolute(w.box, box)) for w in words])
        and _keeps_what_is_settled(line, settled)
    ]
    if not added:
        return page
    lines = lines_of(page)
    for line in added:
        lines = _inserted(lines, line)
    return with_lines_joined(page, [line for line in lines if line])


def _keeps_what_is_settled(line: Sequence[Word], settled: Sequence[Word]) -> bool:
    """Whether *line* reads as before what two readers settled in its place."""
    texts, area = {bare(word.text) for word in line}, around(line)
    return all(bare(word.text) in texts for word in settled if holds(area, word.box))


def _credible(line: Sequence[Word], clump: Image) -> list[Word]:
    """The words of a line of a clump that is credible as text, else none."""
    words = [w for w in line if w.confidence >= 0.5]
    syllables = [w for w in words if len(w.text) >= 2 and _LETTERS.fullmatch(w.text) and is_syllable(w.text)]
    if len(syllables) < 2 or len(syllables) != len(words):
        return []
    if ends_touched(clump, words):
        return [replace(w, confidence=min(w.confidence, TOUCHED_CONFIDENCE)) for w in words]
    return words


def _inserted(lines: list[list[Word]], line: list[Word]) -> list[list[Word]]:
    """*lines* with *line* at its height, in place of doubtful words at the same spot."""
    area = around(line)
    covered = [n for n, other in enumerate(lines) if any(holds(area, w.box) for w in other)]
    for n in covered:
        lines[n] = [w for w in lines[n] if not holds(area, w.box)]
    if covered and lines[covered[0]]:  # a part of a line was read again: it stays in its line
        lines[covered[0]] = sorted([*lines[covered[0]], *line], key=lambda w: w.box[0])
        return lines
    lines = [other for other in lines if other]
    middle = sum(w.box[1] + w.box[3] for w in line) / 2 / len(line)
    above = [n for n, other in enumerate(lines) if other[0].box[1] < middle]
    lines.insert(above[-1] + 1 if above else 0, line)
    return lines


def _absolute(inner: Box, box: Box) -> Box:
    """A box in fractions of *box*, in fractions of the page."""
    width, height = box[2] - box[0], box[3] - box[1]
    return (
        box[0] + inner[0] * width,
        box[1] + inner[1] * height,
        box[0] + inner[2] * width,
        box[1] + inner[3] * height,
    )


def around(line: Sequence[Word]) -> Box:
    """The box around the words of *line*."""
    boxes = [w.box for w in line]
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def holds(outer: Box, inner: Box) -> bool:
    """Whether the centre of *inner* lies in *outer*."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def ends_touched(clump: Image, words: Sequence[Word]) -> bool:
    """Whether ink touches the left or right end of a line."""
    x0, y0, x1, y1 = around(words)
    width, height = clump.size
    top, bottom = int(y0 * height), max(int(y0 * height) + 1, round(y1 * height))
    reach = round(1.5 * (bottom - top))
    for left, right in (
        (round(x0 * width) - reach, round(x0 * width) - 2),
        (round(x1 * width) + 2, round(x1 * width) + reach),
    ):
        left, right = max(0, left), min(width, right)
        if right - left < 3:
            continue
        histogram = clump.crop((left, top, right, bottom)).convert("L").histogram()
        if sum(histogram[:_STROKE_INK]) > _TOUCHED * sum(histogram):
            return True
    return False


def lines_of(page: OcrPage) -> list[list[Word]]:
    """The words of *page* by lines, as its text has them."""
    lines: list[list[Word]] = []
    for word in page.words:
        if lines and page.text[lines[-1][-1].end : word.start] == " ":
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def with_lines_joined(page: OcrPage, lines: Sequence[Sequence[Word]]) -> OcrPage:
    """*page* with the text and words of *lines*."""
    words: list[Word] = []
    at = 0
    for line in lines:
        for word in line:
            words.append(replace(word, start=at, end=at + len(word.text)))
            at += len(word.text) + 1
    text = "\n".join(" ".join(word.text for word in line) for line in lines)
    return replace(page, text=text, words=words)
