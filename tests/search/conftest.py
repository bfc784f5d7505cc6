"""Fixtures of the search tests: each engine over the sample library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.searcher import Search
from tests.support.engines import Tested, searched
from tests.support.search_library import sample


@pytest.fixture(params=Tested.names)
def search(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Search]:
    """The search of the sample library, for each engine."""
    made = searched(tmp_path, sample(), request.param)
    made.catch_up()
    yield made
    made.close()
