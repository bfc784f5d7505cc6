"""What changes again and again while documents come in is indexed once they are through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.library import Library
from tests.support.libraries import TINH, TTG, cite, record
from webui.app.settled_changes import Settled


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "kho", create=True, facts=False) as opened:
        yield opened


def add(library: Library, number: int) -> int:
    """The id of another document that cites the same one as all of these."""
    plan = record(f"{number}/KH-UBND", "2024-01-01", TINH, [cite("7/QĐ-TTg", "2020-01-01", TTG)])
    return library.intake.add(plan).id


def cited(library: Library) -> int:
    """The id of the document that all of them cite."""
    return library.view().find("7/QĐ-TTg")[0].id


def test_what_changed_lately_is_left_for_the_next_time(library: Library) -> None:
    settled = Settled(library.view())

    def listed(number: int, *, everything: bool = False) -> set[int]:
        """What is to be indexed once another document has come in."""
        add(library, number)
        settled.move_on(everything=everything)
        return {change.id for change in settled.changes()}

    assert listed(1) == set()
    first = listed(2)
    assert library.view().find("1/KH-UBND")[0].id in first
    assert cited(library) not in first
    assert cited(library) not in listed(3)
    assert listed(4, everything=True) == {change.id for change in library.view().changes()}


class _Index:
    """Takes in what a source lists, and keeps the place that it has reached."""

    def __init__(self, source: Settled) -> None:
        self._source = source
        self.reached = 0

    def take_in(self, *, only_new: bool = False) -> set[int]:
        self._source.move_on(everything=True, only_new=only_new)
        found = self._source.changes(self.reached)
        assert [change.seq for change in found] == sorted(change.seq for change in found)
        self.reached = found[-1].seq if found else self.reached
        return {change.id for change in found}


def test_what_is_new_is_listed_once_and_what_changed_besides_at_the_end(library: Library) -> None:
    index = _Index(Settled(library.view()))
    first = {add(library, 1), add(library, 2)}
    stub = cited(library)
    assert index.take_in(only_new=True) == {*first, stub}
    second = {add(library, 3), add(library, 4)}
    assert index.take_in(only_new=True) == second
    assert index.reached < library.view().sequence()  # a process that begins here loses nothing
    assert {max(second), stub} == {change.id for change in library.view().changes(index.reached)}
    third = add(library, 5)
    assert index.take_in(only_new=True) == {third}
    last = add(library, 6)
    assert index.take_in() == {stub, last}
    assert index.reached == library.view().sequence()
    assert index.take_in() == set()


def test_an_index_moves_on_to_the_last_change_whatever_was_listed_before(library: Library) -> None:
    index = _Index(Settled(library.view()))
    add(library, 1)
    index.take_in(only_new=True)
    new = [add(library, 2), add(library, 3)]
    library.intake.add(record("9/KH-UBND", "2024-01-01", TINH))
    index.take_in(only_new=True)
    assert not set(new) & index.take_in()
    assert index.reached == library.view().sequence()


def test_what_was_listed_and_not_indexed_is_listed_again(library: Library) -> None:
    settled = Settled(library.view())
    index = _Index(settled)
    add(library, 1)
    index.take_in(only_new=True)
    second, reached = {add(library, 2), add(library, 3)}, index.reached
    assert index.take_in(only_new=True) == second
    settled.forget()
    index.reached = reached
    assert index.take_in() == {*second, cited(library)}


def test_an_index_that_is_made_again_gets_everything(library: Library) -> None:
    index = _Index(Settled(library.view()))
    for number in range(1, 4):
        add(library, number)
        index.take_in(only_new=True)
    index.reached = 0
    assert index.take_in(only_new=True) == {change.id for change in library.view().changes()}
