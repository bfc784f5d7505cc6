"""The API keeps to its description: a few calls of each operation. Many more: ``python -m tests.contract``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.api_contract import library, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("contract"))


@pytest.mark.parametrize("signed_in", [False, True])
def test_answers_keep_to_the_description(folder: Path, signed_in: bool) -> None:
    report = run(folder, 4, signed_in=signed_in)
    assert report.operations >= 16
    assert report.requests > 50
    assert report.breaches == []
    assert report.server_errors == 0


@pytest.mark.long
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("signed_in", [False, True])
def test_many_answers_keep_to_the_description(folder: Path, signed_in: bool) -> None:
    report = run(folder, 150, signed_in=signed_in)
    assert report.breaches == []
    assert report.server_errors == 0
