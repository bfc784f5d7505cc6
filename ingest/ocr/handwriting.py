"""The likeliest digits in a stretch of a line, from the second reader's probabilities and the shapes of the ink.

A constrained reading: only digits (and no character) are allowed, every digit string gets the probability that the
reader gives it (CTC prefix search, Graves et al. 2006), the letters it takes handwriting for count as the digits they
stand for. Where it cannot tell 1 from 4 the ink can: a Λ-shaped 1 has one stroke at the top and no hole, an A-shaped or
open 4 has a hole or two strokes at the top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.tables import rows
from ingest.data import DATA
from ingest.ocr.second_reader import Matrix, alphabet, greedy, probabilities

if TYPE_CHECKING:
    from PIL.Image import Image


_BLANK = 0  # column of "no character" in a digit matrix; digit d stands in column 1 + d
_BEAM = 48
_SILENT = " .,-_·…:'`"
# Letters of two strokes: two digits side by side read as one, "11" as M.
_DOUBLE = "MNHW"
_SHAPE_ODDS = 12.0  # how much the shape of the ink outweighs the reader between 1 and 4


@dataclass(frozen=True, slots=True)
class Span:
    """Places of a line between which digits stand."""

    start: int
    end: int


#: Finds where the digits stand: plain reading, its characters with places, number of places.
Locate = Callable[[str, list[tuple[str, int, int]], int], Span | None]


@dataclass(frozen=True, slots=True)
class Ink:
    """A connected stroke: where it lies (pixels of the line image) and whether it is a 1 or a 4 by its shape (or neither)."""

    left: int
    right: int
    shape: int | None


@cache
def _slips() -> list[tuple[int, int, float]]:
    """(column of the letter, digit, share)."""
    index = {c: i for i, c in enumerate(alphabet())}
    table = rows("digit_slips", DATA)
    return [(index[r["letter"]], int(r["digit"]), float(r["share"])) for r in table if r["letter"] in index]


@cache
def _columns(characters: str) -> list[int]:
    index = {c: i for i, c in enumerate(alphabet())}
    return [index[c] for c in characters if c in index]


def digits(lines: Sequence[Image], locate: Locate, longest: int = 5) -> tuple[dict[str, float], list[str], bool]:
    """Digit strings with their probabilities, the plain readings, and whether any ink stands there.

    lines: the same line cut out in several ways (a reader that wavers between them is not sure). locate: given the
    plain reading, its characters with places, and the number of places, where the digits stand.
    """
    total: dict[str, float] = defaultdict(float)
    readings: list[str] = []
    inked = False
    used = 0
    for line in lines:
        matrix = probabilities(line)
        characters = greedy(matrix)
        text = "".join(c if len(c) == 1 else "?" for c, _, _ in characters)
        readings.append(text)
        span = locate(text, characters, len(matrix))
        if span is None or span.end <= span.start:
            continue
        ink = _ink(line, span, len(matrix))
        inked = inked or bool(ink)
        used += 1
        for matrix_of_digits, weight in _readings(matrix, span, ink, line.width):
            for string, probability in _search(matrix_of_digits, longest).items():
                total[string] += probability * weight
    return {s: float(p) / used for s, p in total.items()}, readings, inked


def _readings(matrix: Matrix, span: Span, ink: Sequence[Ink], width: int) -> list[tuple[Matrix, float]]:
    """The digit matrices a span may mean, with weights that sum to 1: one, or two where a letter may be two digits."""
    per_place = width / len(matrix)
    plain = np.array(
        [_digit_row(matrix[place], _shape_at(ink, place, per_place)) for place in range(span.start, span.end)]
    )
    doubles = matrix[span.start : span.end][:, _columns(_DOUBLE)].sum(axis=1)
    strongest = float(doubles.max(initial=0.0))
    if strongest < 0.3:
        return [(plain, 1.0)]
    split: list[NDArray[np.float64]] = []
    for offset, row in enumerate(plain):
        if doubles[offset] < 0.3:
            split.append(row)
            continue
        middle = (span.start + offset + 0.5) * per_place
        nearest = sorted(ink, key=lambda s: abs((s.left + s.right) / 2 - middle))[:2]
        pair = sorted(nearest, key=lambda s: s.left)
        shapes = [s.shape for s in pair] if len(pair) == 2 else [None, None]
        split += [_stroke(shapes[0]), np.eye(11)[_BLANK], _stroke(shapes[1])]
    weight = 0.7 * strongest
    return [(plain, 1.0 - weight), (np.array(split), weight)]


def _stroke(shape: int | None) -> Matrix:
    """One half of a letter of two strokes: a 1, or else a 4."""
    row = np.full(11, 0.01)
    row[1 + 1], row[1 + 4] = (0.1, 0.85) if shape == 4 else (0.85, 0.1) if shape == 1 else (0.6, 0.35)
    normal: Matrix = row / row.sum()
    return normal


def _digit_row(row: Matrix, shape: int | None) -> Matrix:
    out = np.zeros(11)
    out[_BLANK] = row[0] + row[_columns(_SILENT)].sum()
    index = _columns("0123456789")
    out[1:] = row[index]
    for column, digit, share in _slips():
        out[1 + digit] += 0.8 * share * row[column]
    rest = max(0.0, 1.0 - float(out.sum()))
    out[1:] += rest / 10  # something is written there, whatever it is: never nothing
    if shape is not None:
        other = 4 if shape == 1 else 1
        both = out[1 + shape] + out[1 + other]
        odds = _SHAPE_ODDS * (out[1 + shape] + 0.02) / (out[1 + other] + 0.02)
        out[1 + shape], out[1 + other] = both * odds / (1 + odds), both / (1 + odds)
    return out


def _search(matrix: Matrix, longest: int) -> dict[str, float]:
    """Probability of every likely digit string (CTC prefix beam search), normalised."""
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for row in matrix:
        following: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for string, (blank, char) in beams.items():
            following[string][0] += (blank + char) * row[_BLANK]
            if string:
                following[string][1] += char * row[1 + int(string[-1])]
            if len(string) >= longest:
                continue
            for digit in range(10):
                probability = row[1 + digit]
                if probability > 1e-4:
                    again = bool(string) and string[-1] == str(digit)
                    following[string + str(digit)][1] += probability * (blank if again else blank + char)
        best = sorted(following.items(), key=lambda item: -(item[1][0] + item[1][1]))[:_BEAM]
        beams = {string: (p[0], p[1]) for string, p in best}
    total = sum(b + c for b, c in beams.values()) or 1.0
    return {string: (b + c) / total for string, (b, c) in beams.items()}


def _shape_at(ink: Sequence[Ink], place: int, per_place: float) -> int | None:
    middle = (place + 0.5) * per_place
    inside = [s for s in ink if s.left - per_place < middle < s.right + per_place]
    return min(inside, key=lambda s: abs((s.left + s.right) / 2 - middle)).shape if inside else None


def _ink(line: Image, span: Span, places: int) -> list[Ink]:
    import cv2

    grey = np.asarray(line.convert("L"))
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = (grey < min(threshold + 10, 200)).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    per_place = line.width / places
    found = []
    for component in range(1, count):
        x, y, width, height, _ = (int(v) for v in boxes[component])
        if height < 0.22 * grey.shape[0] or not span.start * per_place - 4 < x + width / 2 < span.end * per_place + 2:
            continue
        stroke = labels[y : y + height, x : x + width] == component
        found.append(Ink(x, x + width, _one_or_four(stroke.astype(np.uint8))))
    return sorted(found, key=lambda s: s.left)


def _one_or_four(stroke: NDArray[np.uint8]) -> int | None:
    """1 or 4 when a stroke has the shape of one of them, None when it says nothing."""
    import cv2

    height, width = stroke.shape
    if width > 1.1 * height:
        return None
    closed = cv2.morphologyEx(np.pad(stroke, 3), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, order = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    hole = any(o[3] >= 0 and cv2.contourArea(c) > 0.012 * stroke.size for c, o in zip(contours, order[0], strict=True))
    top = _crossings(stroke, (0.12, 0.2, 0.28))
    middle = _crossings(stroke, (0.5, 0.55, 0.6))
    if not hole and top <= 1 and (middle >= 2 or width < 0.45 * height):
        return 1
    if hole or (top >= 2 and middle >= 2):
        return 4
    return None


def _crossings(stroke: NDArray[Any], heights: Sequence[float]) -> float:
    """The median number of strokes that lines at these heights cross."""
    counts = []
    for share in heights:
        row = np.concatenate([[0], stroke[min(len(stroke) - 1, int(len(stroke) * share))]]).astype(int)
        counts.append(int((np.diff(row) == 1).sum()))
    return float(np.median(counts))
