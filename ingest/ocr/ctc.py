"""Decoding of a line reader's output: connectionist temporal classification (CTC, Graves et al. 2006).

For every place of a line the reader gives the probability of every character, and of "no character" (the blank).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from ingest.ocr.engine import Probabilities

#: Column of "no character".
BLANK = 0
#: Strings kept at each place of a search.
_BEAM_WIDTH = 48
_NEGLIGIBLE = 1e-4


class Character(NamedTuple):
    """A character read at the places start…end of a line."""

    text: str
    start: int
    end: int


def greedy(matrix: Probabilities, alphabet: Sequence[str]) -> list[Character]:
    """The likeliest character at each place, repetitions joined, from left to right."""
    out: list[Character] = []
    previous = BLANK
    for place, best in enumerate(matrix.argmax(axis=1)):
        if best and best == previous:
            out[-1] = out[-1]._replace(end=place + 1)
        elif best:
            out.append(Character(alphabet[best] if best < len(alphabet) else "", place, place + 1))
        previous = int(best)
    return out


def digit_strings(matrix: Probabilities, longest: int) -> dict[str, float]:
    """Probability of every likely string of at most *longest* digits, normalised (CTC prefix beam search).

    matrix: column 0 is the blank, digit d is in column 1 + d.
    """
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}  # string → probabilities that it ends in blank, in a digit
    for row in matrix:
        following: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for string, (blank, digit_end) in beams.items():
            following[string][0] += (blank + digit_end) * row[BLANK]
            if string:
                following[string][1] += digit_end * row[1 + int(string[-1])]
            if len(string) >= longest:
                continue
            for digit in range(10):
                probability = row[1 + digit]
                if probability > _NEGLIGIBLE:
                    repeated = bool(string) and string[-1] == str(digit)
                    following[string + str(digit)][1] += probability * (blank if repeated else blank + digit_end)
        best = sorted(following.items(), key=lambda item: -(item[1][0] + item[1][1]))[:_BEAM_WIDTH]
        beams = {string: (p[0], p[1]) for string, p in best}
    total = sum(b + d for b, d in beams.values()) or 1.0
    return {string: (b + d) / total for string, (b, d) in beams.items()}
