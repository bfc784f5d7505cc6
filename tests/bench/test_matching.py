"""Finding strings in a text with errors: as near as trying every part of the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bench.matching import aligned, find, plain

LETTERS = st.text("abc", min_size=1, max_size=5)


def distance(first: str, second: str) -> int:
    row = list(range(len(second) + 1))
    for at, a in enumerate(first, start=1):
        above, row[0] = row[0], at
        for column, b in enumerate(second, start=1):
            above, row[column] = row[column], min(above + (a != b), row[column] + 1, row[column - 1] + 1)
    return row[-1]


@given(LETTERS, st.text("abc", max_size=10))
def test_the_nearest_part_is_found(wanted: str, text: str) -> None:
    match = find(wanted, text)
    parts = [text[a:b] for a in range(len(text) + 1) for b in range(a, len(text) + 1)]
    assert match.wrong == min(distance(wanted, part) for part in parts)
    assert distance(wanted, text[match.start : match.end]) == match.wrong


@given(LETTERS, LETTERS)
def test_an_alignment_runs_from_end_to_end(wanted: str, given_text: str) -> None:
    places = aligned(wanted, given_text)
    assert places[0] == 0
    assert places[-1] == len(given_text)
    assert places == sorted(places)


def test_leaders_dashes_and_spaces_are_one() -> None:
    assert plain("Ông  (bà) ........ chức vụ …….., số 5–6") == "Ông (bà) … chức vụ … , số 5-6"
