"""Words of a page read by Tesseract a second time: gathered on one picture, so that a page costs one run.

Each word's ink is cut out and set in rows on one baseline, its letters as large as the others', a wide space apart.
Where Tesseract finds a word on the picture says which word of the page it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from corpus.fold import nfc
from ingest.ocr.reader.line_reader import ReadWord
from ingest.ocr.reader.shapes import Grey
from ingest.ocr.witnesses import SecondReading
from ingest.page import Word

#: Words looked at on one page: the doubted ones of a bad page are no use to anyone.
MOST_WORDS = 400
# Of the gathered picture, in pixels: height of the letters' shared rows, space between words, from one baseline to the
# next, and width.
_SIZE, _SPACE, _LEADING, _WIDTH = 22, 20, 78, 1600
# Height of digits and capitals on it.
_CAPITALS = 32
# Of a cut, the share of its pixels that are darker than its paper, that are darker than its ink, and the least distance
# of the two.
_PAPER, _INK, _CONTRAST = 0.85, 0.02, 40.0
# Room for letters above the shared rows and below the baseline, in heights of these rows.
_ABOVE, _BELOW = 1.7, 0.8
#: Resolution of the gathered picture.
DPI = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a word stands on the gathered picture: left, top, right, bottom in pixels."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """The words of a page that are to be read a second time, on one picture."""

    picture: Grey
    #: For each word where it stands; None for a word that is not on the picture.
    places: tuple[Placed | None, ...]

    def readings(self, seen: Sequence[Word]) -> list[SecondReading | None]:
        """What was read of each word, from the words *seen* on the picture; None for a word that is not on it."""
        rows, columns = self.picture.shape
        # By height, so that of a picture of many lines only those near a word are looked at.
        middles = sorted(
            ((w.box[1] + w.box[3]) / 2 * rows, at, (w.box[0] + w.box[2]) / 2 * columns) for at, w in enumerate(seen)
        )
        return [
            None if place is None else _reading([seen[at] for at in _within(middles, place)]) for place in self.places
        ]


def gathered(page: Grey, words: Sequence[ReadWord]) -> Gathered | None:
    """*words* of *page* (H, W) on one picture, at most :data:`MOST_WORDS`; None where there is nothing to read."""
    cuts = [_cut(page, word) for word in words[:MOST_WORDS]] + [None] * max(0, len(words) - MOST_WORDS)
    if all(cut is None for cut in cuts):
        return None
    picture, places = _arranged(cuts)
    return Gathered(picture, tuple(places))


@dataclass(frozen=True, slots=True)
class _Cut:
    """A word's ink at the gathered picture's size, and how far its first row is above the baseline."""

    picture: Grey
    above: int


def _cut(page: Grey, word: ReadWord) -> _Cut | None:
    left, top, right, bottom = word.box
    if word.size < 3:
        return None
    x0, x1 = max(0, int(left) - 1), min(page.shape[1], round(right) + 1)
    y0 = max(0, int(max(top - 1, word.baseline - (1 + _ABOVE) * word.size)))
    y1 = min(page.shape[0], round(min(bottom + 1, word.baseline + _BELOW * word.size)))
    scale = min(_SIZE / word.size, 3.0)
    if not any(c.islower() for c in word.text):  # digits and capitals: the shared rows may be those of small letters
        scale = min(_CAPITALS / max(4.0, min(word.baseline - top, 1.6 * word.size)), 3.0)
    columns, rows = round((x1 - x0) * scale), round((y1 - y0) * scale)
    if columns < 3 or rows < 3 or columns > _WIDTH - 2 * _SPACE:
        return None
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(page[y0:y1, x0:x1], (columns, rows), interpolation=how), dtype=np.uint8)
    return _Cut(_stretched(small), round((word.baseline - y0) * scale))


def _stretched(grey: Grey) -> Grey:
    """*grey* with white paper and black ink, so that no edge shows where it is set on white."""
    last = grey.size - 1
    ordered = np.partition(grey, (round(_INK * last), round(_PAPER * last)), axis=None)
    ink, paper = float(ordered[round(_INK * last)]), float(ordered[round(_PAPER * last)])
    ink = min(ink, paper - _CONTRAST)
    level = np.clip((np.arange(256) - ink) * (255 / (paper - ink)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, level), dtype=np.uint8)


def _arranged(cuts: Sequence[_Cut | None]) -> tuple[Grey, list[Placed | None]]:
    """One picture of all *cuts*, and where each is on it."""
    places: list[Placed | None] = []
    left, baseline = _SPACE, _LEADING
    for cut in cuts:
        if cut is None:
            places.append(None)
            continue
        rows, columns = cut.picture.shape
        if left + columns + _SPACE > _WIDTH:
            left, baseline = _SPACE, baseline + _LEADING
        top = max(0, baseline - cut.above)
        places.append(Placed(left, top, left + columns, top + rows))
        left += columns + _SPACE
    picture = np.full((baseline + _LEADING, _WIDTH), 255, np.uint8)
    for cut, place in zip(cuts, places, strict=True):
        if cut is not None and place is not None:
            part = picture[place.top : place.bottom, place.left : place.right]
            np.minimum(part, cut.picture[: part.shape[0]], out=part)
    return picture, places


def _within(middles: Sequence[tuple[float, int, float]], place: Placed) -> list[int]:
    """The words seen in a place, by number. middles: (row, number, column) of the middle of each, by row."""
    first = bisect_left(middles, (place.top - _SIZE,))
    last = bisect_left(middles, (place.bottom + _SIZE / 2,))
    left, right = place.left - _SPACE / 2, place.right + _SPACE / 2
    return sorted(at for _, at, column in middles[first:last] if left <= column < right)


def _reading(words: Sequence[Word]) -> SecondReading:
    """The reading of one word of the page from the *words* seen in its place."""
    if not words:
        return SecondReading("", 0.0)
    words = sorted(words, key=lambda w: w.box[0])
    text = nfc("".join(word.text for word in words))  # a space inside a word of the page is Tesseract's slip
    return SecondReading(text, min(word.confidence for word in words))
