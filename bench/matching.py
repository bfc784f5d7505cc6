"""Finding a printed string in what a reader made of a page, and how many letters of it are wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Dots or rules to be filled in have no number that two people would agree on.
_LEADER = re.compile(r"(?:[.…_] ?){3,}")
_LOOKALIKES = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "‘": "'", "’": "'", "Ð": "Đ"})


def plain(text: str) -> str:
    """*text* for comparison: NFC, single spaces, one kind of dash and apostrophe, dot leaders as "…"."""
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    return re.sub(r"\s+", " ", _LEADER.sub("… ", text)).strip()


def places_of_words(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where each of *words* begins and ends in ``plain(" ".join(words))``; empty for one that adds no letter to it."""
    joined, spans = "", []
    for word in (unicodedata.normalize("NFC", word).translate(_LOOKALIKES) for word in words):
        spans.append((len(joined), len(joined) + len(word)))
        joined += word + " "
    folded = {at for leader in _LEADER.finditer(joined) for at in range(leader.start() + 1, leader.end())}
    letters = [not letter.isspace() and at not in folded for at, letter in enumerate(joined)]
    number = np.concatenate([[0], np.cumsum(letters)]).tolist()  # letters of the plain text before each place
    where = [at for at, letter in enumerate(plain(joined)) if letter != " "]
    return [
        (where[number[start]], where[number[end] - 1] + 1) if number[end] > number[start] else (0, 0)
        for start, end in spans
    ]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a string stands in a text: characters start to end. wrong: letters to insert, delete or replace there."""

    start: int
    end: int
    wrong: int


def find(wanted: str, text: str) -> Match:
    """The part of *text* nearest to *wanted* (Sellers 1980); of equally near ones the first. Time: both lengths."""
    letters = np.array([ord(c) for c in text], np.int32)
    at = np.arange(len(text) + 1)
    costs: NDArray[np.int64] = np.zeros(len(text) + 1, np.int64)
    starts = at.copy()
    for row, letter in enumerate(wanted, start=1):
        replaced = np.concatenate([[row], costs[:-1] + (letters != ord(letter))])
        came = np.concatenate([[0], starts[:-1]])
        deleted = costs + 1
        best, origin = np.minimum(replaced, deleted), np.where(deleted < replaced, starts, came)
        # A letter too many in the text: the best so far along the row, plus one for each.
        level = np.minimum.accumulate(best - at)
        source = np.maximum.accumulate(np.where(best - at == level, at, 0))
        costs, starts = level + at, np.where(level + at < best, origin[source], origin)
    end = int(costs.argmin())
    return Match(int(starts[end]), end, min(int(costs[end]), len(wanted)))


def aligned(wanted: str, given: str) -> list[int]:
    """For each place between the characters of *wanted*, ends included, the place in *given* that it falls on."""
    size, width = len(wanted), len(given)
    costs = np.zeros((size + 1, width + 1), np.int32)
    costs[:, 0], costs[0] = np.arange(size + 1), np.arange(width + 1)
    for row in range(1, size + 1):
        for column in range(1, width + 1):
            same = wanted[row - 1] == given[column - 1]
            costs[row, column] = min(
                costs[row - 1, column - 1] + (not same), costs[row - 1, column] + 1, costs[row, column - 1] + 1
            )
    places = [width] * (size + 1)
    row, column = size, width
    while row or column:
        places[row] = min(places[row], column)
        if row and column and costs[row, column] == costs[row - 1, column - 1] + (wanted[row - 1] != given[column - 1]):
            row, column = row - 1, column - 1
        elif row and costs[row, column] == costs[row - 1, column] + 1:
            row -= 1
        else:
            column -= 1
    return [0, *places[1:-1], width]
