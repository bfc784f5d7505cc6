"""From probabilities to words: what a line says, where each letter stands, and how sure that is.

Between spaces that are beyond doubt a line falls into parts. A part without doubt is read greedily; for the others CTC
prefix beam search (Graves et al. 2006) gives the likeliest texts with their probabilities. Counts of syllable pairs
then choose among them along the line, but never where digits, "/", "-" or other signs stand: there only the ink counts.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.ocr.reader.net import Chances
from ingest.ocr.reader.pairs import Pairs

#: Texts kept for a part, and prefixes kept while searching.
MOST_TEXTS, BEAM = 8, 12
#: A part longer than this (in places) is cut at its likeliest space, so that no line costs more than its length.
LONGEST_PART = 160
# A space this likely parts words; other characters this likely at a place make it doubtful, as does a letter whose
# own best place is less likely than this.
_SURE_SPACE, _DOUBT, _SURE_LETTER = 0.9, 0.02, 0.93
# Places beside one that may share a letter with it.
_BESIDE = 2
# What a place may say: characters at least this likely.
_FLOOR = 0.004
# A beginning of a text with less chance is not followed.
_LEAST_BEAM = 1e-6
# How much a pair's chance weighs beside the ink's, and the least chance that is believed.
_PAIR_WEIGHT, _LEAST_CHANCE = 0.45, -13.0
# Letters with marks before and after them, as the counts know words.
_PLAIN = re.compile(r"([(\[“\"'‘]*)([^\W\d_]+(?: [^\W\d_]+)*)([.,;:!?)\]”\"'’…]*)")
# The marks of the five tones, by themselves.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


class PlacedLetter(NamedTuple):
    """A letter, the places it takes (end outside), and how likely it is, 0 to 1."""

    text: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Letters without a space between them. chance: that of the whole word among all that could stand there, 0 to 1.

    other: the next likely text for it, empty where there is none worth naming.
    """

    letters: tuple[PlacedLetter, ...]
    chance: float
    other: str = ""

    @property
    def text(self) -> str:
        """Its letters."""
        return "".join(letter.text for letter in self.letters)


@dataclass(frozen=True, slots=True)
class _Part:
    """Places start to end of a line, and the texts they may say with the logarithms of their chances, best first.

    greedy: the letters that the likeliest character of each place gives.
    """

    start: int
    end: int
    texts: tuple[tuple[str, float], ...]
    greedy: tuple[PlacedLetter, ...]


def words(chances: Chances, characters: Sequence[str], pairs: Pairs | None) -> list[PlacedWord]:
    """The words of a line from (T, 1 + characters) probabilities, left to right."""
    if not len(chances):
        return []
    best = chances.argmax(axis=1)
    letters = _greedy(chances, best, characters)
    parts = _parts(chances, letters, _doubt(chances, best), characters)
    chosen = _chosen(parts, pairs)
    found: list[PlacedWord] = []
    for part, (text, chance) in zip(parts, chosen, strict=True):
        other = next((t for t, _ in part.texts if t != text), "")
        found += _placed(chances, part, text, chance, other, characters)
    return found


def _greedy(chances: Chances, best: NDArray[np.intp], characters: Sequence[str]) -> list[PlacedLetter]:
    """The likeliest character of each place (columns *best*), repeats and blanks left out."""
    likely = chances[np.arange(len(chances)), best]
    starts = np.concatenate([[0], np.flatnonzero(best[1:] != best[:-1]) + 1])
    peaks = np.maximum.reduceat(likely, starts)
    places = starts.tolist()
    found = zip(best[starts].tolist(), places, [*places[1:], len(best)], peaks.tolist(), strict=True)
    return [PlacedLetter(characters[column - 1], start, end, peak) for column, start, end, peak in found if column]


def _parts(
    chances: Chances, letters: Sequence[PlacedLetter], doubted: Sequence[int], characters: Sequence[str]
) -> list[_Part]:
    """The line between its sure spaces: as read greedily where that is beyond doubt, else with other likely texts.

    doubted: the places in doubt, in order.
    """
    starts = [letter.start for letter in letters]
    parts = []
    for start, end in _bounds(chances, len(characters)):
        inside = letters[bisect_left(starts, start) : bisect_left(starts, end)]
        text = "".join(letter.text for letter in inside)
        texts: tuple[tuple[str, float], ...] = ((text, 0.0),)
        in_doubt = bisect_left(doubted, start) < bisect_left(doubted, end)
        if in_doubt or any(letter.confidence < _SURE_LETTER for letter in inside):
            texts = _search(chances[start:end], characters) or texts
        if texts[0][0] or len(texts) > 1:
            parts.append(_Part(start, end, texts, tuple(inside)))
    return parts


def _bounds(chances: Chances, space: int) -> list[tuple[int, int]]:
    """Start and end of the parts of a line: between runs of places that are surely a space (column *space*)."""
    gap = chances[:, space] > _SURE_SPACE
    edges = (np.flatnonzero(gap[1:] != gap[:-1]) + 1).tolist()
    edges = [*([] if gap[0] else [0]), *edges, *([] if gap[-1] else [len(gap)])]
    bounds: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        while end - start > LONGEST_PART:
            middle = chances[start + LONGEST_PART // 2 : start + LONGEST_PART, space]
            at = start + LONGEST_PART // 2 + int(middle.argmax())
            bounds.append((start, at))
            start = at
        bounds.append((start, end))
    return bounds


def _doubt(chances: Chances, best: NDArray[np.intp]) -> list[int]:
    """The places where a character has a chance that the greedy text (columns *best*) does not have near it.

    At the edge of a letter its neighbour and the blank share a place: that is no doubt about either.
    """
    at = np.flatnonzero(chances > _DOUBT)
    places, columns = np.divmod(at, chances.shape[1])
    other = (columns > 0) & (columns != best[places])
    likeliest = best.tolist()
    return [
        place
        for place, column in zip(places[other].tolist(), columns[other].tolist(), strict=True)
        if column not in likeliest[max(0, place - _BESIDE) : place + _BESIDE + 1]
    ]


def _search(inside: Chances, characters: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The likeliest texts of a part with their chances' logarithms, normalised over those found."""
    beams = [(_Prefix(0, ""), 1.0, 0.0)]
    for blank, likely in _likely(inside):
        beams = _further(beams, blank, [(column, characters[column - 1], chance) for column, chance in likely])
    texts: dict[str, float] = defaultdict(float)
    for prefix, a, b in beams:
        texts[" ".join(prefix.text.split())] += a + b
    ranked = sorted(texts.items(), key=lambda item: -item[1])[:MOST_TEXTS]
    total = sum(p for _, p in ranked)
    return tuple((text, math.log(p / total)) for text, p in ranked if p > 0)


@dataclass(slots=True, eq=False)
class _Prefix:
    """A beginning of a text: the column of its last character, and the beginnings with one more, by their column."""

    last: int
    text: str
    longer: dict[int, _Prefix] = field(default_factory=dict)


#: A beginning, and the chances that it ends in a blank and in its last character.
_Beam = tuple[_Prefix, float, float]


def _further(beams: Sequence[_Beam], blank: float, likely: Sequence[tuple[int, str, float]]) -> list[_Beam]:
    """The likeliest beginnings one place further, where the blank and each likely character have these chances."""
    if not likely:  # all go on alike, and stay in order
        totals = [(ends_blank + ends_letter) * blank for _, ends_blank, ends_letter in beams]
        scale = sum(totals) or 1.0
        return [(beam[0], total / scale, 0.0) for beam, total in zip(beams, totals, strict=True)]
    following: dict[_Prefix, list[float]] = {}
    for prefix, ends_blank, ends_letter in beams:
        both = ends_blank + ends_letter
        entry = following.get(prefix)
        if entry is None:
            entry = following[prefix] = [0.0, 0.0]
        entry[0] += both * blank
        for column, character, chance in likely:
            came = both
            if column == prefix.last:
                entry[1] += ends_letter * chance
                came = ends_blank
            if came * chance > _LEAST_BEAM:
                longer = prefix.longer.get(column)
                if longer is None:
                    longer = prefix.longer[column] = _Prefix(column, prefix.text + character)
                if (reached := following.get(longer)) is None:
                    following[longer] = [0.0, came * chance]
                else:
                    reached[1] += came * chance
    # Of two that are as likely the one found first comes first.
    ranked = sorted([(-(a + b), at, prefix, a, b) for at, (prefix, (a, b)) in enumerate(following.items())])[:BEAM]
    scale = sum([a + b for _, _, _, a, b in ranked]) or 1.0
    return [(prefix, a / scale, b / scale) for _, _, prefix, a, b in ranked]


def _likely(inside: Chances) -> list[tuple[float, list[tuple[int, float]]]]:
    """For each place the chance of the blank, and the columns of likely characters with their chances."""
    places, columns = np.nonzero(inside > _FLOOR)
    found: list[tuple[float, list[tuple[int, float]]]] = [(blank, []) for blank in inside[:, 0].tolist()]
    for place, column, chance in zip(places.tolist(), columns.tolist(), inside[places, columns].tolist(), strict=True):
        if column:
            found[place][1].append((column, chance))
    return found


# --- the counts ------------------------------------------------------------------------------------------------------


def _chosen(parts: Sequence[_Part], pairs: Pairs | None) -> list[tuple[str, float]]:
    """For each part its text and that text's chance, the best along the line by ink and pairs."""
    open_to_pairs = [_for_pairs(part) for part in parts]
    if pairs is None or not any(len(texts) > 1 for texts in open_to_pairs):
        return [(part.texts[0][0], math.exp(part.texts[0][1])) for part in parts]
    # paths: for each word a path may end in, the score, and the choices made so far
    paths: list[tuple[float, str, tuple[int, ...]]] = [(0.0, ".", ())]
    scores: list[list[float]] = []
    for texts in open_to_pairs:
        if len(texts) == 1:  # every path goes on alike
            (text, ink), last = texts[0], _last_word(texts[0][0])
            score, _, taken = max(paths, key=lambda path: path[0] + ink)
            paths = [(score + ink, last, (*taken, 0))]
            scores.append([score + ink])
            continue
        grown: list[tuple[float, str, tuple[int, ...]]] = []
        for score, before, taken in paths:
            for at, (text, ink) in enumerate(texts):
                gain, last = _pair_score(pairs, before, text)
                grown.append((score + ink + _PAIR_WEIGHT * gain, last, (*taken, at)))
        scores.append([max([g[0] for g in grown if g[2][-1] == at]) for at in range(len(texts))])
        ends: dict[str, tuple[float, str, tuple[int, ...]]] = {}
        for path in sorted(grown, reverse=True, key=lambda g: g[0]):
            ends.setdefault(path[1], path)
        paths = list(ends.values())[:6]
    taken = max(paths, key=lambda path: path[0])[2]
    return [
        (texts[at][0], _share(ranked, at) if len(texts) > 1 else math.exp(part.texts[0][1]))
        for part, texts, ranked, at in zip(parts, open_to_pairs, scores, taken, strict=True)
    ]


def _share(scores: Sequence[float], at: int) -> float:
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    return weights[at] / sum(weights)


def _for_pairs(part: _Part) -> tuple[tuple[str, float], ...]:
    """The texts among which pairs may choose: all plain words like the likeliest; else the likeliest alone."""
    plain = spoken(part.texts[0][0])
    if plain is None or plain.is_symbol:
        return part.texts[:1]
    return tuple((text, ink) for text, ink in part.texts if (other := spoken(text)) and not other.is_symbol)


def known(text: str, pairs: Pairs) -> bool | None:
    """Whether the counts have every word of *text*; None where it is no plain words."""
    plain = spoken(text)
    return None if plain is None else all(pairs.knows(word) for word in plain.words)


def is_abbreviation(text: str) -> bool:
    """Whether *text* is capitals alone without a tone ("SYT", "HĐND;"): counts of syllables know nothing of such."""
    shape = _PLAIN.fullmatch(text)
    if shape is None or len(shape[2]) < 2 or not shape[2].isupper():
        return False
    return not any(sign in _TONES for sign in unicodedata.normalize("NFD", shape[2]))


class Spoken(NamedTuple):
    """Letters with marks before and after them. words: in lower case. last: what the next word stands behind.

    is_symbol: whether they are an abbreviation or part of a ký hiệu, of which counts of syllables know nothing.
    """

    words: tuple[str, ...]
    last: str
    is_symbol: bool


@lru_cache(maxsize=1 << 14)
def spoken(text: str) -> Spoken | None:
    """*text* as the counts know words; None where it is no plain words."""
    shape = _PLAIN.fullmatch(text)
    if shape is None:
        return None
    words = tuple(shape[2].lower().split(" "))
    closing = shape[3][:1]
    return Spoken(words, closing if closing and closing in ".,;:" else words[-1], _is_symbol(shape[2]))


def _is_symbol(core: str) -> bool:
    return any(len(w) > 1 and w.isupper() and not re.search(r"[AEIOUYĂÂÊÔƠƯÀ-Ỹ]", w) for w in core.split(" ")) or (
        any(a.islower() and b.isupper() for a, b in itertools.pairwise(core))
    )


def _last_word(text: str) -> str:
    plain = spoken(text)
    return "" if plain is None else plain.last


def _pair_score(pairs: Pairs, before: str, text: str) -> tuple[float, str]:
    """The logarithm of the chance of *text* after the word *before*, and the word it ends with."""
    plain = spoken(text)
    if plain is None:
        return 0.0, ""
    total = 0.0
    for word in plain.words:
        total += max(_LEAST_CHANCE, pairs.chance(before, word))
        before = word
    return total, plain.last


# --- places ----------------------------------------------------------------------------------------------------------


def _placed(
    chances: Chances, part: _Part, text: str, chance: float, other: str, characters: Sequence[str]
) -> list[PlacedWord]:
    """*text* with the places of its letters, parted at its spaces."""
    shifted: Sequence[PlacedLetter] = part.greedy
    if "".join(letter.text for letter in shifted) != text:
        letters = _aligned(chances[part.start : part.end], text, characters)
        shifted = [PlacedLetter(x.text, x.start + part.start, x.end + part.start, x.confidence) for x in letters]
    found: list[list[PlacedLetter]] = [[]]
    for letter in shifted:
        if letter.text == " ":
            found.append([])
        else:
            found[-1].append(letter)
    groups = [tuple(group) for group in found if group]
    return [PlacedWord(group, chance, other if len(groups) == 1 else "") for group in groups]


def _aligned(inside: Chances, text: str, characters: Sequence[str]) -> list[PlacedLetter]:
    """The likeliest places of the letters of *text* (Viterbi over blanks and letters)."""
    column = {character: at for at, character in enumerate(characters, start=1)}
    states = [0]
    for character in text:
        states += [column[character], 0]
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(inside[:, states], 1e-12))
    count, size = logs.shape
    may_skip = [s >= 2 and states[s] != 0 and states[s] != states[s - 2] for s in range(size)]
    skipping = np.where(may_skip, 0.0, -np.inf)
    before = np.full(size + 2, -np.inf)  # behind two states that there are not
    score = before[2:]
    score[:2] = logs[0, :2]
    came = np.zeros((count, size), np.int8)
    options = np.empty((3, size))
    for place in range(1, count):
        options[0], options[1] = score, before[1:-1]
        np.add(before[:-2], skipping, out=options[2])
        came[place] = options.argmax(axis=0)
        np.add(options.max(axis=0), logs[place], out=score)
    state = size - 1 if size < 2 or score[-1] >= score[-2] else size - 2
    path = [state]
    for place in range(count - 1, 0, -1):
        state -= int(came[place, state])
        path.append(state)
    path.reverse()
    found = []
    for at, character in enumerate(text):
        places = [place for place, s in enumerate(path) if s == 2 * at + 1]
        if places:
            likely = float(inside[places, column[character]].max())
            found.append(PlacedLetter(character, places[0], places[-1] + 1, likely))
        else:  # fewer places than letters: beside the letter before
            place = found[-1].end if found else 0
            found.append(PlacedLetter(character, min(place, count - 1), min(place, count - 1) + 1, 0.0))
    return found
