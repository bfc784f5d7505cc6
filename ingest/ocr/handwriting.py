"""The likeliest digits in a part of a line, from the second reader's probabilities and the shapes of the ink.

A constrained reading: only digits and "no character" are allowed, every string of digits gets the probability the
reader gives it, and letters that handwritten digits are often taken for count as those digits. Where the reader cannot
tell 1 from 4, the shape of the ink decides (:mod:`ingest.ocr.ink_shapes`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.tables import rows
from ingest.data import DATA
from ingest.ocr.ctc import BLANK, Character, digit_strings, greedy
from ingest.ocr.engine import Probabilities
from ingest.ocr.ink_shapes import Stroke, strokes
from ingest.ocr.lone_digits import lone_digits
from ingest.ocr.second_reader import second_reader

if TYPE_CHECKING:
    from PIL.Image import Image

#: Columns of a matrix of digits: the blank, then digit d in column 1 + d.
_DIGIT_COLUMNS = 11
#: Characters read between digits that stand for nothing.
_SILENT = " .,-_·…:'`"
#: Letters of two strokes: two digits side by side are read as one, "11" as M.
_DOUBLE = "MNHW"
#: Probability of a double letter from which it may be two digits, and the share of it that counts.
_DOUBLE_SEEN, _DOUBLE_SHARE = 0.3, 0.7
#: How much the shape of the ink outweighs the reader between 1 and 4.
_SHAPE_ODDS = 12.0
#: Share of a letter's probability that goes to the digits it is taken for.
_SLIP_SHARE = 0.8
#: The share of the outcome that the digits read by themselves have.
_ALONE = 0.5
#: Probability from which a cut leaves no doubt about the digits.
_CERTAIN = 0.9
#: Width in pixels to which the picture of a few digits is padded: as a line it would be mostly empty.
_NARROW = 160
#: Height in pixels of a line from which its digits are read by themselves.
_TALL_LINE = 70


@dataclass(frozen=True, slots=True)
class Span:
    """The places of a line between which digits stand."""

    start: int
    end: int


#: Finds where the digits stand, from the plain reading, its characters and the number of places; None where it cannot.
Locate = Callable[[str, list[Character], int], Span | None]


@dataclass(frozen=True, slots=True)
class LineSeen:
    """The image of a line, and what the second reader makes of it."""

    line: Image
    chances: Probabilities


@dataclass(frozen=True, slots=True)
class DigitsRead:
    """What was read where the digits stand."""

    #: Strings of digits with their probabilities.
    strings: dict[str, float]
    #: Whether any ink stands there.
    inked: bool


@cache
def _slips() -> list[tuple[int, int, float]]:
    """(column of the letter, digit it is taken for, share)."""
    index = {c: i for i, c in enumerate(second_reader().alphabet())}
    table = rows("digit_slips", DATA)
    return [(index[r["letter"]], int(r["digit"]), float(r["share"])) for r in table if r["letter"] in index]


@cache
def _columns(characters: str) -> list[int]:
    index = {c: i for i, c in enumerate(second_reader().alphabet())}
    return [index[c] for c in characters if c in index]


def seen(line: Image) -> LineSeen:
    """*line* as the second reader sees it: the slow part of reading its digits."""
    return LineSeen(line, second_reader().probabilities(line))


@dataclass(slots=True)
class Readings:
    """The digits that *locate* finds in a line, at most *longest*, by all ways of cutting it out that were added.

    alone: whether they are also read without the words around them. A reading that varies between the cuts gets less
    probability.
    """

    locate: Locate
    longest: int = 5
    alone: bool = False
    _within: list[Mapping[str, float]] = field(default_factory=list)
    _apart: list[Mapping[str, float]] = field(default_factory=list)
    #: Where each cut shows digits, in fractions of its width.
    _places: list[tuple[float, float] | None] = field(default_factory=list)
    _inked: bool = False
    _unread: int = 0

    def add(self, seen_line: LineSeen | None) -> None:
        """Read the digits of one more cut of the same line; None where it could not be cut out."""
        self._places.append(None)
        if seen_line is None:
            return
        line, matrix = seen_line.line, seen_line.chances
        characters = greedy(matrix, second_reader().alphabet())
        text = "".join(c.text if len(c.text) == 1 else "?" for c in characters)
        span = self.locate(text, characters, len(matrix))
        if span is None or span.end <= span.start:
            self._unread += 1
            return
        per_place = line.width / len(matrix)
        ink = strokes(line, span.start * per_place - 4, span.end * per_place + 2)
        self._inked = self._inked or bool(ink)
        readings = _readings(matrix, span, ink, per_place)
        self._within.append(_mixed([(digit_strings(m, self.longest), w) for m, w in readings]))
        if ink:
            self._places[-1] = (span.start / len(matrix), span.end / len(matrix))
        if self.alone:
            self.add_alone(len(self._places) - 1, line)

    def add_alone(self, cut: int, line: Image | None) -> None:
        """Read by themselves the digits that were found in the cut of that number; line: the cut as a picture."""
        place = self._places[cut]
        if line is None or place is None or line.height < _TALL_LINE:
            return
        read = _read_alone(line, place[0] * line.width, place[1] * line.width)
        if read is not None:
            self._apart.append(digit_strings(read, self.longest))

    def result(self) -> DigitsRead:
        """All of them together."""
        parts = [(strings, (1 - _ALONE if self._apart else 1.0) / len(self._within)) for strings in self._within]
        parts += [(strings, _ALONE / len(self._apart)) for strings in self._apart]
        return DigitsRead(_mixed(parts), self._inked)

    def likeliest(self) -> str:
        """The likeliest string of digits of the first cut; "" where it showed none."""
        strings: Mapping[str, float] = self._within[0] if self._within else {}
        return max(strings, key=strings.__getitem__, default="")

    def is_doubtful(self) -> bool:
        """Whether all readings together leave a doubt about the digits, or those by themselves are still missing."""
        missing = not self._within or (self.alone and not self._apart)
        return missing or max(self.result().strings.values(), default=0.0) <= _CERTAIN

    def is_certain(self) -> bool:
        """Whether every cut, however it was made, shows the same digits as good as without a doubt."""
        read = [*self._within, *self._apart]
        if not read or self._unread or (self.alone and not self._apart):
            return False
        best = {max(strings, key=strings.__getitem__, default="") for strings in read}
        return len(best) == 1 and best != {""} and all(max(strings.values()) > _CERTAIN for strings in read)


def _mixed(parts: Sequence[tuple[Mapping[str, float], float]]) -> dict[str, float]:
    """The probabilities of strings by several readings, each with its weight."""
    total: dict[str, float] = defaultdict(float)
    for strings, weight in parts:
        for string, probability in strings.items():
            total[string] += float(probability) * weight
    return dict(total)


def _read_alone(line: Image, left: float, right: float) -> Probabilities | None:
    """The matrix of digits of the ink between *left* and *right* (pixels) by itself, up to a slash that is read."""
    pictures = lone_digits(line, left, right)
    if pictures is None:
        return None
    digits_alone, with_slash = pictures
    reader = second_reader()
    if with_slash is not None:
        matrix = reader.probabilities(with_slash, _NARROW)
        slashes = [c.start for c in greedy(matrix, reader.alphabet()) if c.text == "/"]
        if slashes and slashes[-1] > 0:
            return np.array([_digit_row(row, None) for row in matrix[: slashes[-1]]])
    return np.array([_digit_row(row, None) for row in reader.probabilities(digits_alone, _NARROW)])


def _readings(
    matrix: Probabilities, span: Span, ink: Sequence[Stroke], per_place: float
) -> list[tuple[Probabilities, float]]:
    """The matrices of digits a span may mean, with weights that sum to 1: two where a letter may be two digits."""
    plain = np.array(
        [_digit_row(matrix[place], _digit_by_shape(ink, place, per_place)) for place in range(span.start, span.end)]
    )
    doubles = matrix[span.start : span.end][:, _columns(_DOUBLE)].sum(axis=1)
    strongest = float(doubles.max(initial=0.0))
    if strongest < _DOUBLE_SEEN:
        return [(plain, 1.0)]
    split: list[Probabilities] = []
    for offset, row in enumerate(plain):
        if doubles[offset] < _DOUBLE_SEEN:
            split.append(row)
            continue
        middle = (span.start + offset + 0.5) * per_place
        nearest = sorted(ink, key=lambda s: abs(s.centre - middle))[:2]
        pair = sorted(nearest, key=lambda s: s.left)
        shapes = [s.digit for s in pair] if len(pair) == 2 else [None, None]
        split += [_stroke_row(shapes[0]), np.eye(_DIGIT_COLUMNS)[BLANK], _stroke_row(shapes[1])]
    weight = _DOUBLE_SHARE * strongest
    return [(plain, 1.0 - weight), (np.array(split), weight)]


def _stroke_row(digit: int | None) -> Probabilities:
    """Probabilities of one half of a letter of two strokes: a 1, or else a 4."""
    row = np.full(_DIGIT_COLUMNS, 0.01)
    row[1 + 1], row[1 + 4] = (0.1, 0.85) if digit == 4 else (0.85, 0.1) if digit == 1 else (0.6, 0.35)
    normal: Probabilities = row / row.sum()
    return normal


def _digit_row(row: Probabilities, shape: int | None) -> Probabilities:
    """Probabilities of blank and digits at one place, from those of all characters."""
    out = np.zeros(_DIGIT_COLUMNS)
    out[BLANK] = row[BLANK] + row[_columns(_SILENT)].sum()
    out[1:] = row[_columns("0123456789")]
    for column, digit, share in _slips():
        out[1 + digit] += _SLIP_SHARE * share * row[column]
    rest = max(0.0, 1.0 - float(out.sum()))
    out[1:] += rest / 10  # some other character was seen: it stands for some digit
    if shape is not None:
        other = 4 if shape == 1 else 1
        both = out[1 + shape] + out[1 + other]
        odds = _SHAPE_ODDS * (out[1 + shape] + 0.02) / (out[1 + other] + 0.02)
        out[1 + shape], out[1 + other] = both * odds / (1 + odds), both / (1 + odds)
    return out


def _digit_by_shape(ink: Sequence[Stroke], place: int, per_place: float) -> int | None:
    """The digit that the stroke at *place* has the shape of, if any."""
    middle = (place + 0.5) * per_place
    inside = [s for s in ink if s.left - per_place < middle < s.right + per_place]
    return min(inside, key=lambda s: abs(s.centre - middle)).digit if inside else None
