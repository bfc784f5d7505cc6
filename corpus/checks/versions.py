"""Two versions of a text compared word by word: what was added, dropped and changed, sentence by sentence.

Line breaks, spaces, punctuation, case and the numbers of pages are no differences. Where one of the two was read by
OCR, neither are marks and letters that OCR takes for others: words count as the same where their letters without marks
agree, or nearly agree and one of them is no Vietnamese syllable. A number with another figure is always told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from corpus.fold import clean, fold
from corpus.outline import Unit, containing, outline
from corpus.sentences import sentence_span

#: [start, end) in a stored text.
Span = tuple[int, int]
#: Says whether a word, as printed, is a Vietnamese syllable.
IsSyllable = Callable[[str], bool]

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
#: A line with nothing but a page number.
_PAGE_NUMBER = re.compile(r"(?m)(?:^|(?<=\f))[ \t]*[-–—]?[ \t]*\d{1,3}[ \t]*[-–—]?[ \t]*$")
#: A number of which OCR read a figure as a stroke: "202]", "l9/2022".
_STROKED = re.compile(r"(?<![\w\[|])(?=[\dlIO|\]!]*\d\d)[\dlIO|\]!]*[lIO|\]!][\dlIO|\]!]*(?!\w)")
_FIGURES = str.maketrans({"l": "1", "I": "1", "|": "1", "]": "1", "!": "1", "O": "0"})
#: Letters and figures that OCR takes for one another.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b"})
#: Likeness of two words from which OCR may have made one of the other.
_NEAR = 0.6
#: Words that two changes may stand apart to be one.
_BRIDGE = 2
#: The longest stretch of no known word that a seal or a pen leaves.
_SPECKS = 3
#: Words, and letters of each, that OCR misses where they stand alone.
_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two texts."""

    text: str
    #: The stretches that are compared, in order.
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Side:
    """One version's part in a change."""

    #: Where its sentences stand; an empty span where it has none, at the place where they would be.
    span: Span
    #: The words that differ, in the span.
    marks: tuple[Span, ...]
    #: The units that hold it, the largest first; empty outside of all.
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different at one place."""

    old: Side
    new: Side
    #: Numbers differ, or one side has none.
    numbers: bool
    #: OCR may have missed it: a figure or letter that stands alone and that one version has not.
    slip: bool = False

    @property
    def added(self) -> bool:
        """Only the new version has it."""
        return self.old.span[0] == self.old.span[1]

    @property
    def dropped(self) -> bool:
        """Only the old version has it."""
        return self.new.span[0] == self.new.span[1]


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Words of the old version in whose place the new one has others: [start, end) of the tokens of each."""

    old: Span
    new: Span


def differences(old: Version, new: Version, *, tolerant: bool, is_syllable: IsSyllable) -> list[Difference]:
    """What differs between two versions, in the order of the new one. tolerant: one of them was read by OCR."""
    before, after = _tokens(old, tolerant), _tokens(new, tolerant)
    steps = Levenshtein.opcodes([token.key for token in before], [token.key for token in after])
    hunks = [_Hunk((s.src_start, s.src_end), (s.dest_start, s.dest_end)) for s in steps if s.tag != "equal"]
    places = _Places(old, new, before, after)
    real = [hunk for hunk in _joined(hunks, 0) if not (tolerant and places.is_noise(hunk, is_syllable))]
    found: list[Difference] = []
    for hunk in _joined(real, _BRIDGE):
        one = places.difference(hunk, tolerant=tolerant)
        if found and _is_same_sentence(found[-1], one):
            found[-1] = _merged(found[-1], one)
        else:
            found.append(one)
    return found


def _tokens(version: Version, tolerant: bool) -> list[_Token]:
    found = []
    text = version.text
    if tolerant:
        text = _STROKED.sub(lambda match: match.group().translate(_FIGURES), text)
    for start, end in version.spans:
        numbers = [match.span() for match in _PAGE_NUMBER.finditer(text, start, end)]
        at = 0
        for match in _TOKEN.finditer(text, start, end):
            while at < len(numbers) and numbers[at][1] <= match.start():
                at += 1
            if at < len(numbers) and numbers[at][0] <= match.start():
                continue
            found.append(_Token(_key(match.group(), tolerant), match.start(), match.end()))
    return found


def _key(word: str, tolerant: bool) -> str:
    if word.isdigit():
        return word.lstrip("0") or "0"
    return fold(clean(word)) if tolerant else clean(word).lower()


def _joined(hunks: Iterable[_Hunk], most: int) -> list[_Hunk]:
    """Hunks with at most *most* equal words between them as one."""
    found: list[_Hunk] = []
    for hunk in hunks:
        last = found[-1] if found else None
        if last is not None and hunk.old[0] - last.old[1] <= most and hunk.new[0] - last.new[1] <= most:
            found[-1] = _Hunk((last.old[0], hunk.old[1]), (last.new[0], hunk.new[1]))
        else:
            found.append(hunk)
    return found


def _figures(tokens: Sequence[_Token]) -> list[str]:
    return [token.key for token in tokens if token.key.isdigit()]


class _Places:
    """Finds sentences and units of changes."""

    def __init__(self, old: Version, new: Version, before: Sequence[_Token], after: Sequence[_Token]) -> None:
        self._versions = (old, new)
        self._tokens = (before, after)
        self._outlines = (outline(old.text), outline(new.text))

    def is_noise(self, hunk: _Hunk, is_syllable: IsSyllable) -> bool:
        """Whether OCR may have made the one of the other."""
        ours, theirs = self._tokens[0][slice(*hunk.old)], self._tokens[1][slice(*hunk.new)]
        joined = ["".join(token.key for token in tokens) for tokens in (ours, theirs)]
        if joined[0] == joined[1]:
            return True  # words run together or torn apart
        if _figures(ours) != _figures(theirs):
            # "l" for "1" inside a word, "O" for "0": the same strokes
            mixed = any(not key.isdigit() for key in joined)
            return mixed and bool(joined[0]) and joined[0].translate(_ALIKE) == joined[1].translate(_ALIKE)
        unknown = [not is_syllable(self._versions[0].text[t.start : t.end]) for t in ours]
        unknown += [not is_syllable(self._versions[1].text[t.start : t.end]) for t in theirs]
        if not joined[0] or not joined[1]:
            return len(unknown) <= _SPECKS and all(unknown)
        return any(unknown) and Levenshtein.normalized_similarity(*joined) >= _NEAR

    def is_slip(self, hunk: _Hunk) -> bool:
        """Whether OCR may have missed all of it: the mark of a note, a figure alone in a cell of a table."""
        words = [self._tokens[0][slice(*hunk.old)], self._tokens[1][slice(*hunk.new)]]
        one = words[0] or words[1]
        return not (words[0] and words[1]) and len(one) <= _SLIPS and all(len(token.key) <= _SLIPS for token in one)

    def difference(self, hunk: _Hunk, *, tolerant: bool) -> Difference:
        """The change of a hunk with the sentences around it."""
        ranges = (hunk.old, hunk.new)
        whole = [self._is_whole(side, *ranges[side]) for side in (0, 1)]
        empty = [start == end for start, end in ranges]
        old = self._side(0, *ranges[0], alone=empty[0] and whole[1])
        new = self._side(1, *ranges[1], alone=empty[1] and whole[0])
        figures = [_figures(self._tokens[side][start:end]) for side, (start, end) in enumerate(ranges)]
        return Difference(old, new, figures[0] != figures[1], tolerant and self.is_slip(hunk))

    def _is_whole(self, side: int, start: int, end: int) -> bool:
        """Whether the words make whole sentences."""
        if start == end:
            return False
        tokens, text = self._tokens[side], self._versions[side].text
        left, right = sentence_span(text, tokens[start].start, tokens[end - 1].end)
        inside = bisect_left([t.start for t in tokens], left), bisect_right([t.end for t in tokens], right)
        return start <= inside[0] + 1 and inside[1] - 1 <= end

    def _side(self, side: int, start: int, end: int, *, alone: bool) -> Side:
        tokens, text = self._tokens[side], self._versions[side].text
        at = tokens[start].start if start < len(tokens) else (tokens[-1].end if tokens else 0)
        units = tuple(reversed(containing(self._outlines[side], max(at - 1, 0) if start == end else at)))
        if alone or not tokens:
            return Side((at, at), (), units)
        first, last = (tokens[start].start, tokens[end - 1].end) if start < end else self._beside(side, start)
        marks = ((first, last),) if start < end else ()
        return Side(sentence_span(text, first, last), marks, units)

    def _beside(self, side: int, start: int) -> Span:
        """The word before (or at) a place where this version has nothing."""
        token = self._tokens[side][max(start - 1, 0)]
        return token.start, token.end


def _is_same_sentence(one: Difference, other: Difference) -> bool:
    return (
        not (one.added or one.dropped or other.added or other.dropped)
        and one.new.span[1] > other.new.span[0]
        and one.old.span[1] > other.old.span[0]
    )


def _merged(one: Difference, other: Difference) -> Difference:
    old, new = _wider(one.old, other.old), _wider(one.new, other.new)
    return Difference(old, new, one.numbers or other.numbers, one.slip and other.slip)


def _wider(one: Side, other: Side) -> Side:
    span = (min(one.span[0], other.span[0]), max(one.span[1], other.span[1]))
    return Side(span, (*one.marks, *other.marks), one.units)
