"""Two versions of a text compared word by word: what was added, dropped and changed, sentence by sentence.

Line breaks, spaces, punctuation, case and the numbers of pages are no differences. Where one of the two was read by
OCR, neither are marks and letters that OCR takes for others (:mod:`corpus.checks.ocr_noise`): words count as the same
where their letters without marks agree, or nearly agree and one of them is no Vietnamese syllable. A number with
another figure is always told; where its reading is in doubt it is told as unsure, apart from what is surely different.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from corpus.checks import ocr_noise
from corpus.fold import clean, fold
from corpus.outline import Unit, containing, outline
from corpus.sentences import sentence_span

#: [start, end) in a stored text.
Span = tuple[int, int]
#: Says whether a word, as printed, is a Vietnamese syllable.
IsSyllable = Callable[[str], bool]

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
#: The first or the last line of a page with nothing but the page's number.
_PAGE_NUMBER = re.compile(
    r"(?:(?<=\f)\s*|\A\s*)[-–—]?[ \t]*\d{1,3}[ \t]*[-–—]?[ \t]*(?=\n|\f|\Z)"
    r"|\n[ \t]*[-–—]?[ \t]*\d{1,3}[ \t]*[-–—]?\s*(?=\f|\Z)"
)
#: A number of which OCR read a figure as a stroke: "202]", "l9/2022".
_STROKED = re.compile(r"(?<![\w\[|])(?=[\dlIO|\]!]*\d\d)[\dlIO|\]!]*[lIO|\]!][\dlIO|\]!]*(?!\w)")
_FIGURES = str.maketrans({"l": "1", "I": "1", "|": "1", "]": "1", "!": "1", "O": "0"})
#: The sign of a note, from the last letter of its word.
_NOTE_SIGN = re.compile(r"\w\(\d{1,2}\)")
#: Words that two changes may stand apart to be one.
_BRIDGE = 2
#: Words, and letters of each, that OCR misses where they stand alone.
_SLIPS = 2
#: Words within which a line may stand that OCR read out of its order.
_NEARBY = 80


class Certainty(StrEnum):
    """How sure it is that a difference is one of the documents and not of their reading."""

    SURE = "sure"
    #: A figure whose reading is in doubt.
    UNSURE = "unsure"
    #: OCR may have missed it: a figure or letter that stands alone and that one version has not.
    SLIP = "slip"


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two texts."""

    text: str
    #: The stretches that are compared, in order.
    spans: Sequence[Span]
    #: Stretches whose figures were read with doubt, in order.
    unsure: Sequence[Span] = ()


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
    certainty: Certainty = Certainty.SURE

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
    places = _Places(old, new, before, after, is_syllable)
    found: list[Difference] = []
    for certainty, real in _real(_joined(hunks, 0), places, tolerant).items():
        own: list[Difference] = []
        for hunk in _joined(real, _BRIDGE):
            one = places.difference(hunk, certainty)
            if own and _is_same_sentence(own[-1], one):
                own[-1] = _merged(own[-1], one)
            else:
                own.append(one)
        found += own
    return sorted(found, key=lambda one: (one.new.span, one.old.span))


def _real(hunks: Sequence[_Hunk], places: _Places, tolerant: bool) -> dict[Certainty, list[_Hunk]]:
    """The hunks that are no noise, by how sure they are."""
    found: dict[Certainty, list[_Hunk]] = {certainty: [] for certainty in Certainty}
    if not tolerant:
        return {**found, Certainty.SURE: list(hunks)}
    moved = places.moved(hunks)
    for at, hunk in enumerate(hunks):
        if at not in moved and not places.is_noise(hunk):
            found[places.certainty(hunk)].append(hunk)
    return found


def _tokens(version: Version, tolerant: bool) -> list[_Token]:
    found = []
    text = version.text
    if tolerant:
        text = _STROKED.sub(lambda match: match.group().translate(_FIGURES), text)
    pages = [match.span() for match in _PAGE_NUMBER.finditer(text)]
    for start, end in version.spans:
        numbers = [span for span in pages if start <= span[0] and span[1] <= end]
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


def _keys(tokens: Sequence[_Token]) -> list[str]:
    return [token.key for token in tokens]


def _figures(tokens: Sequence[_Token]) -> list[str]:
    return [token.key for token in tokens if token.key.isdigit()]


class _Places:
    """Judges changes, and finds their sentences and units."""

    def __init__(
        self, old: Version, new: Version, before: Sequence[_Token], after: Sequence[_Token], is_syllable: IsSyllable
    ) -> None:
        self._versions = (old, new)
        self._tokens = (before, after)
        self._outlines = (outline(old.text), outline(new.text))
        self._is_syllable = is_syllable

    def _words(self, hunk: _Hunk) -> tuple[Sequence[_Token], Sequence[_Token]]:
        return self._tokens[0][slice(*hunk.old)], self._tokens[1][slice(*hunk.new)]

    def _unknown(self, *sides: Sequence[_Token]) -> list[bool]:
        """Of each word whether it is no Vietnamese syllable."""
        return [
            not self._is_syllable(version.text[token.start : token.end])
            for version, tokens in zip(self._versions, sides, strict=True)
            for token in tokens
        ]

    def is_noise(self, hunk: _Hunk) -> bool:
        """Whether OCR may have made the one of the other."""
        ours, theirs = self._words(hunk)
        if ocr_noise.is_same_words(_keys(ours), _keys(theirs), self._unknown(ours, theirs)):
            return True
        if ours and theirs:
            return False
        side, (start, end) = (0, hunk.old) if ours else (1, hunk.new)
        beside = self._tokens[side]
        around = beside[max(0, start - (end - start)) : start], beside[end : end + (end - start)]
        return ocr_noise.is_repeat(_keys(ours or theirs), *map(_keys, around))

    def moved(self, hunks: Sequence[_Hunk]) -> set[int]:
        """Places among *hunks* of those that are one line that OCR read out of its order."""
        words = [tuple(map(_keys, self._words(hunk))) for hunk in hunks]
        found: set[int] = set()
        for at, hunk in enumerate(hunks):
            for other in range(at + 1, len(hunks)):
                if hunks[other].old[0] - hunk.old[1] > _NEARBY and hunks[other].new[0] - hunk.new[1] > _NEARBY:
                    break
                for side in (0, 1):
                    here, there = words[at][side], words[other][1 - side]
                    rest = words[at][1 - side], words[other][side]
                    if ocr_noise.is_moved(here, there) and all(ocr_noise.is_remains(one, here) for one in rest):
                        found |= {at, other}
        return found

    def certainty(self, hunk: _Hunk) -> Certainty:
        """How sure a change is that is no noise."""
        ours, theirs = self._words(hunk)
        if not (ours and theirs) and self._is_slip(0 if ours else 1, ours or theirs):
            return Certainty.SLIP
        if self._is_note_sign(ours, theirs):
            return Certainty.SLIP
        figures = [[t for t in side if t.key.isdigit()] for side in (ours, theirs)]
        words = [[t.key for t in side if not t.key.isdigit()] for side in (ours, theirs)]
        if not any(figures) or words[0] != words[1]:
            return Certainty.SURE
        doubtful = [
            bool(own) and all(self._is_unsure(side, token) for token in own) for side, own in enumerate(figures)
        ]
        return Certainty.UNSURE if any(doubtful) else Certainty.SURE

    def _is_note_sign(self, ours: Sequence[_Token], theirs: Sequence[_Token]) -> bool:
        """Whether OCR read the raised sign of a note, which one version alone has, as part of the word it stands at."""
        kept = [[t for t in side if not self._stands_raised(at, t)] for at, side in enumerate((ours, theirs))]
        signs = len(ours) - len(kept[0]), len(theirs) - len(kept[1])
        if 0 not in signs or not any(signs):
            return False
        return ocr_noise.is_same_words(_keys(kept[0]), _keys(kept[1]), self._unknown(*kept))

    def _stands_raised(self, side: int, token: _Token) -> bool:
        """Whether a figure stands in brackets at the end of a word, as the sign of a note does: "đồng(1)"."""
        text = self._versions[side].text
        return bool(_NOTE_SIGN.match(text, token.start - 2)) if token.key.isdigit() and token.start > 1 else False

    def _is_slip(self, side: int, tokens: Sequence[_Token]) -> bool:
        """The mark of a note, a figure alone in a cell of a table, a word alone on the last line of a paragraph."""
        if len(tokens) <= _SLIPS and all(len(token.key) <= _SLIPS for token in tokens):
            return True
        text, (first, *more) = self._versions[side].text, tokens
        left, right = (text.rfind("\n", 0, first.start) + 1, text.find("\n", first.end))
        line = _TOKEN.findall(text[max(left, text.rfind("\f", 0, first.start) + 1) : right if right >= 0 else None])
        return not more and len(line) == 1 and not first.key.isdigit()

    def _is_unsure(self, side: int, token: _Token) -> bool:
        spans = self._versions[side].unsure
        at = bisect_right(spans, (token.start, len(self._versions[side].text)))
        return any(start < token.end and token.start < end for start, end in spans[max(0, at - 1) : at + 1])

    def difference(self, hunk: _Hunk, certainty: Certainty) -> Difference:
        """The change of a hunk with the sentences around it."""
        ranges = (hunk.old, hunk.new)
        whole = [self._is_whole(side, *ranges[side]) for side in (0, 1)]
        empty = [start == end for start, end in ranges]
        old = self._side(0, *ranges[0], alone=empty[0] and whole[1])
        new = self._side(1, *ranges[1], alone=empty[1] and whole[0])
        figures = [_figures(self._tokens[side][start:end]) for side, (start, end) in enumerate(ranges)]
        return Difference(old, new, figures[0] != figures[1], certainty)

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
    return Difference(old, new, one.numbers or other.numbers, one.certainty)


def _wider(one: Side, other: Side) -> Side:
    span = (min(one.span[0], other.span[0]), max(one.span[1], other.span[1]))
    return Side(span, (*one.marks, *other.marks), one.units)
