"""The likeliest person's name on a line that no engine could read by itself: a slanted or rubber-stamped name.

The line reader's net gives the chance of every character at each place of the line. Here nothing but names may be read
from them: a surname and two or three common syllables, surnames weighed by how common they are. The search is a CTC
prefix beam search (Graves et al. 2006) that follows a tree of syllables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from corpus.fold import fold
from corpus.tables import rows
from ingest.data import DATA

#: Prefixes kept at each place.
_BEAM = 160
#: How far below the likeliest the logarithm of a beginning's chance may lie: one in 10 ** 10.
_HOPELESS = 23.0
#: How many places a line may have that may be a name: fewer hold no three syllables, more are running text.
PLACES = range(16, 71)
#: How much of a letter's chance its other marks share: under ink and in slanted script marks are read least.
_MARKS_SHARE = 0.25
#: The least chance of any letter, and the logarithm of what it costs to leave out a place before or after the name.
_FLOOR, _SKIPPED = 2e-3, -1.25
#: Percent of the people who bear a surname without a share in the table; the chance of one syllable among the common.
_RARE_SURNAME, _SYLLABLE = 0.12, 1 / 300
#: How many times as common the two usual middle names are.
_USUAL_MIDDLE, _USUAL = frozenset({"Văn", "Thị"}), 4.5
#: Syllables behind the surname.
_LEAST_GIVEN, _MOST_GIVEN = 2, 3
_NEVER = -1e9
#: By how much the logarithm of a chance must be less than another for their sum to be as good as the larger.
_FAR = 40.0


@dataclass(slots=True)
class _Node:
    """A node of the tree of syllables."""

    following: dict[str, _Node] = field(default_factory=dict)
    #: The logarithm of the chance of the syllable that ends here; None where none does.
    weight: float | None = None


@dataclass(slots=True, eq=False)
class _Beginning:
    """A beginning of a name. last: the column of its last character, 0 of none. given: how many given syllables it has
    begun.

    place: the last place that it was reached at. Logarithms of the chances that it then ends in a blank, and in its
    last letter.
    """

    text: str
    last: int
    given: int
    node: _Node
    #: The beginnings with one letter more, and with a space more; None until they are asked for.
    longer: list[_Beginning] | None = None
    spaced: _Beginning | None = None
    place: int = -1
    blank: float = _NEVER
    letter: float = _NEVER

    def lengthened(self, columns: Mapping[str, int], given: _Node) -> list[_Beginning]:
        """The beginnings with one letter more; those with a space more are put in beside."""
        following = self.node.following.items()
        self.longer = [
            _Beginning(self.text + character, columns[character], self.given, node)
            for character, node in following
            if character in columns
        ]
        if self.node.weight is not None and self.given < _MOST_GIVEN:
            self.spaced = _Beginning(f"{self.text} ", columns[" "], self.given + 1, given)
        return self.longer


#: A beginning, and what the logarithms of its chances were at one place: that it ends in a blank, in its last letter,
#: and in either.
_Beam = tuple[_Beginning, float, float, float]


@dataclass(frozen=True, slots=True)
class SearchedName:
    """A name that a line may be.

    ink: the logarithm of the name's chance by the ink alone against that of the likeliest characters, for each place: 0
    where both are one, less where the ink says something else. fit: the same with how common the name is.
    """

    text: str
    fit: float
    ink: float


def likeliest_name(chances: NDArray[np.float32], characters: Sequence[str]) -> SearchedName | None:
    """The likeliest name of a line from its (T, 1 + characters) chances.

    None where no name fits at all, or the line is too short or long.
    """
    if len(chances) not in PLACES:
        return None
    logs = _smoothed(chances, tuple(characters))
    columns = {character: at for at, character in enumerate(characters, start=1)}
    surnames, given = _trees()
    beams: list[_Beam] = [(_Beginning("", 0, 0, surnames), 0.0, _NEVER, 0.0)]
    best: dict[str, float] = {}
    for place, row in enumerate(logs.tolist()):
        beams = _next(beams, place, row, columns, given)
        for begun, _, _, total in beams:
            if begun.given >= _LEAST_GIVEN and begun.node.weight is not None:
                score = total + begun.node.weight + (len(logs) - 1 - place) * _SKIPPED
                best[begun.text] = max(best.get(begun.text, _NEVER), score)
    if not best:
        return None
    name = max(best, key=best.__getitem__)
    greedy = float(np.log(np.maximum(chances.max(axis=1), 1e-6)).sum())
    common = sum(math.log(weight) for weight in _weights(name))
    return SearchedName(name, (best[name] - greedy) / len(logs), (best[name] - common - greedy) / len(logs))


def _weights(name: str) -> list[float]:
    """How common the syllables of a name are."""
    shares, syllables = _tables()
    first, *rest = name.split()
    return [shares[first], *(syllables[one] for one in rest)]


def _next(
    beams: Sequence[_Beam], place: int, row: Sequence[float], columns: Mapping[str, int], given: _Node
) -> list[_Beam]:
    """The likeliest beginnings at *place*, whose chances are *row*, from those one place before."""
    found: list[_Beginning] = []
    least = max(total for _, _, _, total in beams) - _HOPELESS
    for begun, blank, letter, total in beams:
        if total < least:
            continue
        if begun.place != place:
            begun.place, begun.blank, begun.letter = place, _NEVER, _NEVER
            found.append(begun)
        begun.blank = _added(begun.blank, total + row[0])
        if begun.last:
            begun.letter = _added(begun.letter, letter + row[begun.last])
        else:
            begun.blank = _added(begun.blank, total + _SKIPPED)
        longer = begun.longer if begun.longer is not None else begun.lengthened(columns, given)
        for one in longer:
            came = (blank if one.last == begun.last else total) + row[one.last]
            if one.place != place:
                one.place, one.blank, one.letter = place, _NEVER, _NEVER
                found.append(one)
            one.letter = came if one.letter < came - _FAR else _added(one.letter, came)
        spaced = begun.spaced
        if spaced is not None and begun.node.weight is not None:
            if spaced.place != place:
                spaced.place, spaced.blank, spaced.letter = place, _NEVER, _NEVER
                found.append(spaced)
            spaced.letter = _added(spaced.letter, total + row[spaced.last] + begun.node.weight)
    reached = [(one, one.blank, one.letter, _added(one.blank, one.letter)) for one in found]
    return reached if len(reached) <= _BEAM else sorted(reached, key=itemgetter(3), reverse=True)[:_BEAM]


def _added(a: float, b: float) -> float:
    """The logarithm of the sum of two chances."""
    if a < b:
        a, b = b, a
    return a if b < a - _FAR else a + math.log1p(math.exp(b - a))


def _smoothed(chances: NDArray[np.float32], characters: tuple[str, ...]) -> NDArray[np.float64]:
    """Logarithms of the chances, part of which letters that differ in their marks share."""
    shared = chances.astype(np.float64)
    for columns in _by_letter(characters):
        total = shared[:, columns].sum(axis=1, keepdims=True)
        shared[:, columns] = (1 - _MARKS_SHARE) * shared[:, columns] + _MARKS_SHARE * total / len(columns)
    return np.log(np.maximum(shared, _FLOOR))


@cache
def _by_letter(characters: tuple[str, ...]) -> list[list[int]]:
    """Columns of the characters that are one letter with various marks, in one case."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for column, character in enumerate(characters, start=1):
        if character.isalpha():
            groups.setdefault((fold(character), character.isupper()), []).append(column)
    return [columns for columns in groups.values() if len(columns) > 1]


@cache
def _trees() -> tuple[_Node, _Node]:
    """The trees of surnames, and of the syllables behind them."""
    shares, syllables = _tables()
    return _tree(shares.items()), _tree(syllables.items())


@cache
def _tables() -> tuple[dict[str, float], dict[str, float]]:
    """How common each surname is, and each syllable behind one."""
    shares = {row["surname"]: float(row["share"] or _RARE_SURNAME) / 100 for row in rows("surnames", DATA)}
    # In an order of their own: of two names that are as likely the first is taken, in every run of the program.
    syllables = {row["syllable"] for row in rows("name_syllables", DATA)} | set(shares)
    return shares, {one: _SYLLABLE * (_USUAL if one in _USUAL_MIDDLE else 1) for one in sorted(syllables)}


def _tree(weighted: Iterable[tuple[str, float]]) -> _Node:
    root = _Node()
    for word, chance in weighted:
        node = root
        for character in word:
            node = node.following.setdefault(character, _Node())
        node.weight = max(math.log(chance), node.weight if node.weight is not None else _NEVER)
    return root
