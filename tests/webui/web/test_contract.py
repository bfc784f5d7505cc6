"""The API keeps to its description, a few examples an operation; ``python -m tests.contract`` asks many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import contract


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return contract.library(tmp_path_factory.mktemp("contract"))


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_answer_breaks_the_description(folder: Path, signed_in: bool) -> None:
    told = contract.run(folder, 4, signed_in=signed_in)
    assert told.operations >= 16
    assert told.requests > 50
    assert not told.breaches
    assert max(told.statuses) < 500


@pytest.mark.long
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_answer_breaks_the_description_in_many_tries(folder: Path, signed_in: bool) -> None:
    told = contract.run(folder, 150, signed_in=signed_in)
    assert not told.breaches
    assert max(told.statuses) < 500
