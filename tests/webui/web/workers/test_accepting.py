"""Connections shared out among the processes that listen at one socket."""

from __future__ import annotations

from pathlib import Path

from webui.web.workers.accepting import Shares


def test_who_holds_more_than_another_leaves_the_next_to_it(tmp_path: Path) -> None:
    first, second, third = (Shares(tmp_path / "connections", number, 3) for number in range(3))
    assert not any(one.has_more() for one in (first, second, third))
    first.note(1)
    assert [one.has_more() for one in (first, second, third)] == [True, False, False]
    second.note(1)
    third.note(2)
    assert [one.has_more() for one in (first, second, third)] == [False, False, True]


def test_a_process_that_starts_again_finds_what_the_others_hold(tmp_path: Path) -> None:
    first, second = (Shares(tmp_path / "connections", number, 2) for number in range(2))
    first.note(70_000)
    again = Shares(tmp_path / "connections", 1, 2)
    again.note(3)
    assert first.has_more()
    assert not second.has_more()
