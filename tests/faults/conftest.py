"""Fixtures of the tests of faults."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import fast_folder


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder, in memory where that is possible."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as made:
        yield Path(made)
