"""Reads a page: finds its lines, cuts them out, runs the net, and gives words with boxes and confidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np

from ingest.ocr.reader.components import pieces
from ingest.ocr.reader.confidence import confidence
from ingest.ocr.reader.crops import Crop, cut
from ingest.ocr.reader.decode import PlacedWord, is_abbreviation, known, words
from ingest.ocr.reader.expected import NOTHING, Expected, expected
from ingest.ocr.reader.fields import dots_in_fields, in_fields, without_rules
from ingest.ocr.reader.finder import Run, find_runs
from ingest.ocr.reader.leaders import without_dots
from ingest.ocr.reader.net import Chances, Net, shipped
from ingest.ocr.reader.order import in_order
from ingest.ocr.reader.pairs import Pairs
from ingest.ocr.reader.pairs import shipped as shipped_pairs
from ingest.ocr.reader.shapes import HEIGHT, SQUEEZE, STRIDE, Grey, fitted

#: Lines are looked for on a picture with at most so many pixels.
MOST_PIXELS = 9_000_000
#: Columns that the net is given of one line, and of one page: a page full of noise costs no more than a full page.
WIDEST, MOST_COLUMNS = 1600, 250_000
# Letters of one word have no wider stretch of paper between them, in heights of the rows that all letters share.
_SPACE = 0.9
# Certainty of dots that were counted; how much lower than a word, and how far behind it, dots stand that follow it, in
# heights of the letters.
_COUNTED, _LEVEL, _BEHIND = 0.99, 0.5, 1.2
# Letters of a short line; certainty below which it is looked at again, how much less narrow it is then shown, and the
# most certainty that is left where the two views differ.
_SHORT, _DOUBTED, _WIDER, _DIFFER = 6, 0.8, 1.2, 0.6
# How much likelier (natural logarithm) the neighbours make another word until the one read is not sure by itself, as is
# one that the counts do not have and that is no abbreviation, and how sure it is then; the same for a word that is not
# sure when confirmed either.
_UNEXPECTED, _BY_ITSELF = 6.0, 0.93
_VERY_UNEXPECTED, _ODD = 10.0, 0.6
# Columns by which a line is clearly wider than others: the net is given it in another run than these, which are read
# alike without it.
_CLEARLY = 32
# A side with fewer pixels holds no letter; lines are looked for at this resolution; a file that claims more lies.
_LEAST_SIDE, _FINDING_DPI, _HIGHEST_DPI = 8, 200.0, 1200.0

#: Left, top, right, bottom in pixels of the page.
PixelBox = tuple[float, float, float, float]


class ReadLetter(NamedTuple):
    """A letter and how likely it is, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word. box: of its ink. confidence: the chance that it is exactly so, 0 to 1. other: what else it may be, or
    empty. baseline: the row its letters stand on, at its middle. size: height of the rows that all letters of its line
    share (that of small letters, or of capitals in a line of capitals), in pixels.
    """

    text: str
    box: PixelBox
    confidence: float
    letters: tuple[ReadLetter, ...]
    other: str = ""
    baseline: float = 0.0
    size: float = 0.0
    #: Of the word among the texts that were looked at; ``confidence`` is made of it.
    chance: float = 1.0
    #: What its neighbours expect in its place, where that is something else.
    expected: Expected = NOTHING


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a page, its words from left to right. column: lines of one column have one number, in reading order."""

    words: tuple[ReadWord, ...]
    box: PixelBox
    column: int
    #: Whether it stands in a field that rules enclose.
    ruled: bool = False

    @property
    def text(self) -> str:
        """Its words, separated by spaces."""
        return " ".join(word.text for word in self.words)


class LineReader:
    """Reads pages with the shipped weights and counts, or with those given. One page at a time, one thread."""

    def __init__(self, net: Net | None = None, pairs: Pairs | None = None) -> None:
        self._net = net or shipped()
        self._pairs = pairs or shipped_pairs()

    def read(self, page: Grey, dpi: float) -> list[ReadLine]:
        """The lines of *page* (H, W; 0 black, 255 white) in reading order, by columns. dpi: dots per inch.

        Work and memory are bounded whatever the page holds: what is beyond the bounds stays unread. Raises ValueError
        where *page* is not a grey picture.
        """
        if page.ndim != 2 or page.dtype != np.uint8:
            raise ValueError("a page is a picture (H, W) of bytes")
        if min(page.shape) < _LEAST_SIDE:
            return []
        found = _found(page, dpi)
        bare = without_dots(without_rules(page, found.tables), [run for _, run in found.runs])
        cuts = {
            at: crop
            for at, (_, run) in enumerate(found.runs)
            if not run.dots and (crop := cut(bare if run.ruled else page, run)) is not None
        }
        texts = self._texts(cuts)
        texts |= self._read_wider({at: cuts[at] for at in cuts if _is_short(found.runs[at][1])}, texts)
        texts |= _dots_apart(found.runs, texts)
        runs = ((at, number, run.ruled) for at, (number, run) in enumerate(found.runs))
        return [_line(texts[at], number, ruled=ruled) for at, number, ruled in runs if texts.get(at)]

    def _texts(self, cuts: Mapping[int, Crop], squeeze: float = SQUEEZE) -> dict[int, list[ReadWord]]:
        """The words of each picture of a line, as far as the bound of a page goes; pictures without any are left out.

        squeeze: how much narrower the net is shown them.
        """
        parts = [(at, part) for at, crop in cuts.items() for part in crop.parts(_widest(crop.picture.shape[0]))]
        pictures = [fitted(part.picture, squeeze) for _, part in parts]
        most = int(np.searchsorted(np.cumsum([p.shape[1] for p in pictures]), MOST_COLUMNS))
        lines: dict[int, list[ReadWord]] = {}
        decoded = zip(parts[:most], pictures, self._net.chances(pictures[:most]), strict=False)
        for (at, part), picture, chances in decoded:
            placed = words(chances, self._net.characters, self._pairs)
            if placed:
                lines.setdefault(at, []).extend(_words(placed, part, picture, self._pairs))
        return lines

    def _read_wider(self, cuts: Mapping[int, Crop], texts: Mapping[int, list[ReadWord]]) -> dict[int, list[ReadWord]]:
        """Better readings of those of *cuts*, short lines, that gave no words or doubtful ones.

        Thin letters that stand close ("II") run together where a picture is squeezed. Of two views the surer one is
        believed; where they differ it is no longer sure.
        """
        doubted = {at: crop for at, crop in cuts.items() if _surety(texts.get(at, ())) < _DOUBTED}
        better: dict[int, list[ReadWord]] = {}
        for at, seen in self._texts(doubted, _WIDER).items():
            before = texts.get(at, [])
            if _surety(seen) <= _surety(before):
                continue
            differ = [word.text for word in seen] != [word.text for word in before]
            better[at] = [replace(w, confidence=min(w.confidence, _DIFFER)) if differ else w for w in seen]
        return better

    @property
    def characters(self) -> tuple[str, ...]:
        """Those of the columns of :meth:`chances` after the first, which is "no character"."""
        return self._net.characters

    def chances(
        self, page: Grey, dpi: float, places: range | None = None, wanted: Callable[[PixelBox], bool] | None = None
    ) -> list[tuple[PixelBox, Chances]]:
        """What the net makes of each line of *page*, undecoded: its box, and (T, 1 + characters) probabilities.

        Lines wider than the net takes are left out, lines that have fewer *places* or clearly more, and those in whose
        box no line is *wanted*.
        """
        if min(page.shape) < _LEAST_SIDE:
            return []
        runs = [run for _, run in _found(page, dpi).runs if not run.dots]
        cuts = [crop for run in runs if (crop := cut(page, run)) is not None]
        cuts = [crop for crop in cuts if crop.picture.shape[1] <= _widest(crop.picture.shape[0])]
        boxes = [crop.box(0.0, float(crop.picture.shape[1])) for crop in cuts]
        found = [
            (box, fitted(crop.picture)) for box, crop in zip(boxes, cuts, strict=True) if wanted is None or wanted(box)
        ]
        if places is not None:
            least, most = STRIDE * places.start, STRIDE * (places.stop - 1) + _CLEARLY
            found = [(box, picture) for box, picture in found if least <= picture.shape[1] <= most]
        chances = self._net.chances([picture for _, picture in found])
        return [(box, one) for (box, _), one in zip(found, chances, strict=True)]


@dataclass(frozen=True, slots=True)
class _Found:
    """The runs of text on a page in reading order, each with the number of its column, and its rules of tables."""

    runs: list[tuple[int, Run]]
    tables: Grey | None


def _found(page: Grey, dpi: float) -> _Found:
    """What stands on a page; looked for at about 200 dpi."""
    shrink = max(dpi / _FINDING_DPI if _FINDING_DPI < dpi < _HIGHEST_DPI else 1.0, (page.size / MOST_PIXELS) ** 0.5)
    if shrink < 1.2:
        seen = pieces(page)
        dots, seen = dots_in_fields(seen)
        columns = in_order([*in_fields(find_runs(seen), seen), *dots], seen.level)
        return _Found([(number, run) for number, column in enumerate(columns) for run in column], seen.tables)
    size = (max(1, round(page.shape[1] / shrink)), max(1, round(page.shape[0] / shrink)))
    small = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    found = _found(small, _FINDING_DPI)
    return _Found([(number, run.scaled(page.shape[1] / size[0])) for number, run in found.runs], found.tables)


def _widest(height: int) -> int:
    """Columns of a picture *height* rows high that make the widest line the net is given."""
    return max(16, int(WIDEST * height / (HEIGHT * SQUEEZE)))


def _words(placed: Sequence[PlacedWord], crop: Crop, picture: Grey, pairs: Pairs) -> list[ReadWord]:
    """The words of a picture of a line with their boxes on the page."""
    per_place = STRIDE * crop.picture.shape[1] / picture.shape[1]
    placed = [part for word in placed for part in parted(word, crop, per_place)]
    # Words are parted in the widest gap of the ink between the letters that end and begin them.
    ends = [(word.letters[-1].start + word.letters[-1].end) / 2 * per_place for word in placed]
    starts = [(word.letters[0].start + word.letters[0].end) / 2 * per_place for word in placed]
    between = [crop.gap(end, start) for end, start in zip(ends, starts[1:], strict=False)]
    edges = [0.0, *between, float(crop.picture.shape[1])]
    found = []
    for word, first, last, instead in zip(placed, edges, edges[1:], expected(placed, pairs), strict=False):
        letters = tuple([ReadLetter(letter.text, letter.confidence) for letter in word.letters])
        box = crop.box(first, last)
        _, baseline = crop.on_page((first + last) / 2, crop.baseline)
        is_known = known(word.text, pairs)
        sure = confidence(word.chance, [letter.confidence for letter in letters], is_known)
        is_strange = is_known is False and not is_abbreviation(word.text)
        if is_strange or instead.by > _UNEXPECTED:
            sure = min(sure, _ODD if instead.by > _VERY_UNEXPECTED else _BY_ITSELF)
        read = ReadWord(word.text, box, sure, letters, word.other, baseline, crop.height, word.chance, instead)
        found.append(read)
    return found


def parted(word: PlacedWord, crop: Crop, per_place: float) -> list[PlacedWord]:
    """*word*, in two where paper as wide as a space lies between its letters: of columns that stand close."""
    for at in range(2, len(word.letters) - 1):
        before, letter = word.letters[at - 1], word.letters[at]
        first, last = (before.start + before.end) / 2 * per_place, (letter.start + letter.end) / 2 * per_place
        if last - first + 3 < _SPACE * crop.height or not (before.text.isalnum() and letter.text.isalpha()):
            continue
        start, end = crop.empty(first, last)
        if end - start > _SPACE * crop.height:
            left, right = (replace(word, letters=part, other="") for part in (word.letters[:at], word.letters[at:]))
            return [left, *parted(right, crop, per_place)]
    return [word]


def _dotted(run: Run) -> ReadWord:
    """A row of dots as a word."""
    letters = (ReadLetter(".", _COUNTED),) * run.dots
    box = (run.left, run.bottom - run.height / 2, run.right, run.bottom)
    return ReadWord("." * run.dots, box, _COUNTED, letters, baseline=run.bottom, size=run.height)


def _is_short(run: Run) -> bool:
    """Whether a run is a few letters alone in a field: a number, a mark."""
    return run.ruled and not run.dots and run.letters <= _SHORT


def _surety(found: Sequence[ReadWord]) -> float:
    """Certainty of the least sure of some words; 0 where there are none."""
    return min((word.confidence for word in found), default=0.0)


def _dots_apart(runs: Sequence[tuple[int, Run]], texts: Mapping[int, list[ReadWord]]) -> dict[int, list[ReadWord]]:
    """Put the rows of dots among *runs* behind the words of *texts* that they follow; those that follow none are given
    back, each as a line of its own."""
    lines = [texts[at] for at, (_, run) in enumerate(runs) if run.ruled and at in texts]
    apart: dict[int, list[ReadWord]] = {}
    for at, (_, run) in sorted(enumerate(runs), key=lambda one: one[1][1].left):
        if not run.dots:
            continue
        bottom = run.bottom - run.slope * (run.right - run.left) / 2
        near = [
            (word.box[2], line, number + 1)
            for line in lines
            for number, word in enumerate(line)
            if abs(word.baseline - bottom) <= _LEVEL * run.height
            and abs(run.left - word.box[2]) <= _BEHIND * run.height
        ]
        if near:
            _, line, place = max(near, key=lambda one: one[0])
            line.insert(place, _dotted(run))
        else:
            apart[at] = [_dotted(run)]
    return apart


def _line(found: Sequence[ReadWord], column: int, *, ruled: bool) -> ReadLine:
    boxes = [word.box for word in found]
    around = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    return ReadLine(tuple(found), around, column, ruled)
