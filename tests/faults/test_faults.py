"""A few kills and a full disk: the library is as it was or as it should be. Many more: ``python -m tests.faults``."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import DiskFull
from tests.faults.chosen_steps import ChosenSteps
from tests.faults.full_disk import FREE, FullDisk
from tests.faults.random_kills import RandomKills

#: Seconds that no machine needs for the long tests.
_ENDLESS = 4 * 3600


def test_kills_at_random_moments_lose_nothing(place: Path) -> None:
    kills = RandomKills(place, seed=7, texts=10, samples=False)
    kills.kill(3)
    assert kills.wrong == []
    assert sum(kills.kills.values()) == 3


@pytest.mark.parametrize(("job", "most"), [("work", 2), ("migration", 2), ("restore", 1)])
def test_kills_at_chosen_steps_lose_nothing(place: Path, job: str, most: int) -> None:
    steps = ChosenSteps(place, texts=4)
    steps.kill(job, most)
    assert steps.wrong == []
    assert steps.kills[job] == most


@pytest.mark.parametrize("free", [(320,), pytest.param(FREE, marks=[pytest.mark.long, pytest.mark.timeout(_ENDLESS)])])
def test_a_full_disk_is_reported_and_nothing_is_lost(place: Path, free: tuple[int, ...]) -> None:
    disk = FullDisk(place)
    try:
        disk.fill(free)
    except PermissionError as error:
        pytest.skip(f"no small disk may be mounted here: {error}")
    assert disk.wrong == []
    assert disk.codes[DiskFull.exit_code] >= 1


@pytest.mark.long
@pytest.mark.timeout(_ENDLESS)
def test_many_kills_at_random_moments_lose_nothing(place: Path) -> None:
    kills = RandomKills(place, seed=2024)
    kills.kill(30)
    assert kills.wrong == []
    assert kills.found["backups restored"] > 0


@pytest.mark.long
@pytest.mark.timeout(_ENDLESS)
def test_kills_at_many_steps_lose_nothing(place: Path) -> None:
    steps = ChosenSteps(place)
    steps.kill_all(20)
    assert steps.wrong == []
