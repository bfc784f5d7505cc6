"""Finds pages that lie on their side or are askew, from what was read on them and from their ink.

Below 1.5 degrees of skew a second reading gains nothing (measured).
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from statistics import median

from PIL.Image import Image, Resampling

from ingest.ocr.engine import OcrPage
from ingest.page import Word
from ingest.syllables import is_syllable, quality

#: A page read with less confidence, or with a smaller share of valid syllables, may be in the wrong position.
POOR_CONFIDENCE, POOR_VALIDITY = 0.70, 0.90
#: Only an upright page gives so many words that are syllables of so many letters, read with so much confidence: on 20
#: pages of two kinds the line reader made at most 5 of them when the page was turned, and 62 or more when it was not,
#: were it but a few lines and a signature.
_UPRIGHT_WORDS, _UPRIGHT_LETTERS, _UPRIGHT_CONFIDENCE = 20, 3, 0.95
#: Degrees of skew from which a second reading is worth while, and up to which skew is looked for.
MIN_SKEW, MAX_SKEW = 1.5, 12.0
#: Pixels of the picture on which skew is looked for, in width; and the grey level below which a pixel is ink.
_SMALL_WIDTH, _INK_LEVEL = 400, 160


def worth(page: OcrPage) -> float:
    """How much was read and how well, for choosing between two readings of one page."""
    counted = quality(page.text)
    return counted.valid * counted.validity * (0.2 + page.confidence)


def is_poor(page: OcrPage) -> bool:
    """Whether the result reads like that of a page in the wrong position."""
    counted = quality(page.text)
    return page.confidence < POOR_CONFIDENCE or counted.judged < 8 or counted.validity < POOR_VALIDITY


def is_upright(page: OcrPage) -> bool:
    """Whether enough words were read with certainty to know that the page is in the right position."""
    sure = (word for word in page.words if word.confidence >= _UPRIGHT_CONFIDENCE)
    letters = (re.sub(r"\W", "", word.text) for word in sure)
    return sum(len(text) >= _UPRIGHT_LETTERS and is_syllable(text) for text in letters) >= _UPRIGHT_WORDS


def lies_sideways(page: OcrPage, aspect: float) -> bool:
    """Whether the words stand on end: Tesseract often reads a page on its side, with boxes no layout can use.

    aspect: width of the image over its height.
    """
    boxes = [word.box for word in page.words if len(word.text) >= 4]
    upright = sum((box[2] - box[0]) * aspect < box[3] - box[1] for box in boxes)
    return len(boxes) >= 4 and upright * 2 > len(boxes)


def skew_by_lines(page: OcrPage, aspect: float) -> float:
    """Degrees (counter-clockwise positive) by which the lines of text rise, from the words' boxes; 0 when unclear.

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
    """Degrees (counter-clockwise positive) by which rows of ink rise: where the rows stand out most; 0 when unclear."""
    small = image.convert("L")
    small = small.resize((_SMALL_WIDTH, max(1, round(_SMALL_WIDTH * small.height / small.width))))
    ink = small.point([255 if level < _INK_LEVEL else 0 for level in range(256)])

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
