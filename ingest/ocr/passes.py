"""What a first OCR pass gets wrong about a page as a whole, mended by another pass on a better image.

* sideways or upside-down pages: turned, when Tesseract's own orientation finder says so;
* pages more than a little askew: straightened (below 1.5 degrees Tesseract copes; measured, no gain);
* names under a seal or a signature: Tesseract takes the whole clump for a picture and skips it. What is left of the
  page once the words read are wiped off is read again as scattered text.

Each looks at the first pass's result first, so a good page costs nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from PIL import Image as images
from PIL import ImageDraw, ImageFilter
from PIL.Image import Image, Resampling

from corpus.model import Box
from ingest.ocr.tesseract import OcrPage
from ingest.page import Word
from ingest.syllables import is_syllable, quality

#: A page read with less certainty, or with fewer valid syllables, may be lying on its side.
POOR_CONFIDENCE, POOR_VALIDITY = 0.70, 0.90
#: Degrees of skew worth a second pass, and the widest that is looked for.
MIN_SKEW, MAX_SKEW = 1.5, 12.0
#: Cells of the grid on which unread ink is looked for: one is about a millimetre.
_CELLS_A_MM = 1.0
# A seal is 36 mm wide, a signature 30 to 60; smaller clumps are ticks and dirt, larger ones maps and photographs.
_MIN_CLUMP_MM, _MAX_CLUMP_SHARE = (14, 9), 0.30
# Ink of tables and forms lies among words; a clump with this share of its area read needs no other look.
_READ_SHARE = 0.12
# Words of the first pass below this are as good as unread.
_WIPED_CONFIDENCE = 0.4
# Letters are at most this high and a run of touching ones this wide; larger strokes are seal rings and signatures.
_STROKE_MM = (6.0, 15.0)
# Pieces of at least this height are letters; fewer than this many are not two words.
_LETTER_MM, _MIN_LETTERS = 1.5, 5
# A line found in a clump that ink still touches at an end may have lost a word there ("Hà" of "Hà Văn Phúc").
_TOUCHED, _TOUCHED_CONFIDENCE = 0.06, 0.4
_LETTERS = re.compile(r"[^\W\d_]+")


def worth(page: OcrPage) -> float:
    """How much was read, and how well: for choosing between two passes over one page."""
    counted = quality(page.text)
    return counted.valid * counted.validity * (0.2 + page.confidence)


def is_poor(page: OcrPage) -> bool:
    """Whether the pass reads like one over a page in the wrong position."""
    counted = quality(page.text)
    return page.confidence < POOR_CONFIDENCE or counted.judged < 8 or counted.validity < POOR_VALIDITY


def lies_sideways(page: OcrPage, aspect: float) -> bool:
    """Whether the words stand on end: Tesseract often reads a page on its side, with boxes no layout can use.

    aspect: width of the image over its height.
    """
    long = [word.box for word in page.words if len(word.text) >= 4]
    upright = sum((box[2] - box[0]) * aspect < box[3] - box[1] for box in long)
    return len(long) >= 4 and upright * 2 > len(long)


def skew_by_lines(page: OcrPage, aspect: float) -> float:
    """Degrees (counter-clockwise positive) by which the text lines climb, from the words' boxes; 0 when unclear.

    aspect: width of the image over its height.
    """
    slopes: list[float] = []
    lines: list[list[Word]] = [[]]
    for word in page.words:
        if lines[-1] and page.text[lines[-1][-1].end : word.start] != " ":
            lines.append([])
        lines[-1].append(word)
    for line in lines:
        if len(line) < 4:
            continue
        first, last = line[0].box, line[-1].box
        run = (last[0] + last[2] - first[0] - first[2]) / 2 * aspect
        if run > 0.2 * aspect:
            slopes.append((first[1] + first[3] - last[1] - last[3]) / 2 / run)
    return math.degrees(math.atan(median(slopes))) if len(slopes) >= 3 else 0.0


def skew_by_ink(image: Image) -> float:
    """Degrees (counter-clockwise positive) by which the rows of ink climb, from where they stand out most; 0 when
    unclear."""
    small = image.convert("L")
    small = small.resize((400, max(1, round(400 * small.height / small.width))))
    ink = small.point([255 if level < 160 else 0 for level in range(256)])

    def sharpness(angle: float) -> float:
        turned = ink.rotate(angle, resample=Resampling.BILINEAR)
        rows = turned.resize((1, turned.height), resample=Resampling.BOX).tobytes()  # the mean of each row
        return sum((a - b) ** 2 for a, b in pairwise(rows))

    steps = [step / 2 for step in range(-int(2 * MAX_SKEW), int(2 * MAX_SKEW) + 1)]
    best = max(steps, key=sharpness)
    return -best if sharpness(best) > 1.2 * sharpness(0.0) else 0.0


def straightened(image: Image, angle: float) -> Image:
    """*image* turned counter-clockwise by *angle* degrees about its centre, same size, on white."""
    return image.convert("L").rotate(angle, resample=Resampling.BICUBIC, fillcolor=255)


# --- ink that no word covers -------------------------------------------------------------------------------------


def wiped(image: Image, words: Sequence[Word]) -> Image:
    """A grey copy of the page without the words read."""
    blank = image.convert("L")
    if blank is image:
        blank = blank.copy()
    pen = ImageDraw.Draw(blank)
    for word in words:
        if word.confidence > _WIPED_CONFIDENCE:
            x0, y0, x1, y1 = word.box
            box = (x0 * image.width - 3, y0 * image.height - 3, x1 * image.width + 3, y1 * image.height + 3)
            pen.rectangle(box, fill=255)
    return blank


def unread_clumps(blank: Image, words: Sequence[Word], dpi: int) -> list[Box]:
    """Where a wiped page still holds ink enough for a seal or a signature, with room for the name beneath."""
    cell = max(2, round(dpi / 25.4 / _CELLS_A_MM))
    grid = blank.reduce(cell)
    columns, rows = grid.size
    near = grid.point([255 if level < 225 else 0 for level in range(256)]).filter(ImageFilter.MaxFilter(5))
    cells = bytearray(near.tobytes())
    found: list[Box] = []
    for start in range(len(cells)):
        if not cells[start]:
            continue
        x0, y0, x1, y1 = _flood(cells, start, columns)
        wide, high = x1 - x0 + 1, y1 - y0 + 1
        if wide < _MIN_CLUMP_MM[0] or high < _MIN_CLUMP_MM[1] or wide * high > _MAX_CLUMP_SHARE * columns * rows:
            continue
        box = (x0 / columns, y0 / rows, (x1 + 1) / columns, (y1 + 1) / rows)
        if _share_read(box, words) < _READ_SHARE:
            found.append(
                (
                    max(0.0, box[0] - 10 / columns),
                    max(0.0, box[1] - 4 / rows),
                    min(1.0, box[2] + 10 / columns),
                    min(1.0, box[3] + 12 / rows),
                )
            )
    return found


def _flood(cells: bytearray, start: int, columns: int) -> tuple[int, int, int, int]:
    """Empty the clump that holds *start*; its bounds in cells."""
    _, bounds = _clump(cells, start, columns)
    return bounds


def _clump(cells: bytearray, start: int, columns: int) -> tuple[list[int], tuple[int, int, int, int]]:
    """Empty the clump (corners count as touching) that holds *start*: its cells and its bounds."""
    stack, members = [start], [start]
    cells[start] = 0
    x0 = x1 = start % columns
    y0 = y1 = start // columns
    size = len(cells)
    while stack:
        at = stack.pop()
        y, x = divmod(at, columns)
        x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
        for row in (at - columns, at, at + columns):
            for beside in (row - 1, row, row + 1):
                if 0 <= beside < size and cells[beside] and abs(beside % columns - x) <= 1:
                    cells[beside] = 0
                    members.append(beside)
                    stack.append(beside)
    return members, (x0, y0, x1, y1)


def without_strokes(image: Image, dpi: int) -> Image | None:
    """A grey image without the ink that is too large to be a letter: seal rings, signatures, rules.

    None when what stays has too few pieces of a letter's size to be two words.
    """
    grey = image.convert("L")
    columns = grey.width
    cells = bytearray(grey.point([255 if level < 170 else 0 for level in range(256)]).tobytes())
    kept = bytearray(grey.tobytes())
    high, wide = (mm / 25.4 * dpi for mm in _STROKE_MM)
    low = _LETTER_MM / 25.4 * dpi
    letters = 0
    start = cells.find(255)
    while start >= 0:
        members, (x0, y0, x1, y1) = _clump(cells, start, columns)
        letters += low <= y1 - y0 < high
        if y1 - y0 >= high or x1 - x0 >= wide:
            for at in members:
                kept[at] = 255
        start = cells.find(255, start)
    if letters < _MIN_LETTERS:
        return None
    return images.frombytes("L", grey.size, bytes(kept))


def _share_read(box: Box, words: Sequence[Word]) -> float:
    x0, y0, x1, y1 = box
    covered = 0.0
    for word in words:
        if word.confidence <= _WIPED_CONFIDENCE:
            continue
        a0, b0, a1, b1 = word.box
        covered += max(0.0, min(x1, a1) - max(x0, a0)) * max(0.0, min(y1, b1) - max(y0, b0))
    return covered / max(1e-9, (x1 - x0) * (y1 - y0))


@dataclass(slots=True)
class Montage:
    """The clumps of one page under each other on one image, without strokes: one Tesseract run for all."""

    image: Image
    boxes: list[Box]
    clumps: list[Image]
    tops: list[int]

    @classmethod
    def of(cls, blank: Image, boxes: Sequence[Box], dpi: int) -> Montage | None:
        """From a wiped page; None when no clump holds anything like letters."""
        kept: list[tuple[Box, Image, Image]] = []
        for box in boxes:
            x0, y0, x1, y1 = box[0] * blank.width, box[1] * blank.height, box[2] * blank.width, box[3] * blank.height
            clump = blank.crop((int(x0), int(y0), round(x1), round(y1)))
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
            lines = [[w for w in line if _holds(inside, w.box)] for line in _lines(read)]
            own = [
                [
                    replace(
                        w,
                        box=(
                            (w.box[0] * width - left) / clump.width,
                            (w.box[1] * height - top) / clump.height,
                            (w.box[2] * width - left) / clump.width,
                            (w.box[3] * height - top) / clump.height,
                        ),
                    )
                    for w in line
                ]
                for line in lines
                if line
            ]
            found.append((box, clump, _joined(read, own)))
        return found


def with_lines(page: OcrPage, scattered: OcrPage, box: Box, clump: Image) -> OcrPage:
    """*page* with the believable lines of *scattered* (read inside *box*) put in at their height.

    Of what stands in a seal and a signature most is noise: a line counts when it holds two syllables or more, all
    read with some certainty. *clump* is the image inside *box*, strokes included: where ink touches a line's end, a
    word may be missing there, and the line's confidence says so.
    """
    added: list[list[Word]] = []
    for line in _lines(scattered):
        words = [w for w in line if w.confidence >= 0.5]
        good = [w for w in words if len(w.text) >= 2 and _LETTERS.fullmatch(w.text) and is_syllable(w.text)]
        if len(good) < 2 or len(good) != len(words):
            continue
        if _ends_touched(clump, words):
            words = [replace(w, confidence=min(w.confidence, _TOUCHED_CONFIDENCE)) for w in words]
        added.append([replace(w, box=_placed(w.box, box)) for w in words])
    if not added:
        return page
    lines = _lines(page)
    for line in added:
        around = _around(line)
        within = [n for n, there in enumerate(lines) if any(_holds(around, w.box) for w in there)]
        for n in within:
            lines[n] = [w for w in lines[n] if not _holds(around, w.box)]
        if within and lines[within[0]]:  # doubtful words of a line, read anew: they keep their line
            lines[within[0]] = sorted([*lines[within[0]], *line], key=lambda w: w.box[0])
            continue
        lines = [there for there in lines if there]
        middle = sum(w.box[1] + w.box[3] for w in line) / 2 / len(line)
        after = [n for n, there in enumerate(lines) if there[0].box[1] < middle]
        lines.insert(after[-1] + 1 if after else 0, line)
    return _joined(page, [line for line in lines if line])


def _placed(inner: Box, box: Box) -> Box:
    width, height = box[2] - box[0], box[3] - box[1]
    return (
        box[0] + inner[0] * width,
        box[1] + inner[1] * height,
        box[0] + inner[2] * width,
        box[1] + inner[3] * height,
    )


def _around(line: Sequence[Word]) -> Box:
    boxes = [w.box for w in line]
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _ends_touched(clump: Image, words: Sequence[Word]) -> bool:
    x0, y0, x1, y1 = _around(words)
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
        if sum(histogram[:170]) > _TOUCHED * sum(histogram):
            return True
    return False


def _lines(page: OcrPage) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in page.words:
        if lines and page.text[lines[-1][-1].end : word.start] == " ":
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _joined(page: OcrPage, lines: Sequence[Sequence[Word]]) -> OcrPage:
    words: list[Word] = []
    at = 0
    for line in lines:
        for word in line:
            words.append(replace(word, start=at, end=at + len(word.text)))
            at += len(word.text) + 1
    text = "\n".join(" ".join(word.text for word in line) for line in lines)
    return replace(page, text=text, words=words)
