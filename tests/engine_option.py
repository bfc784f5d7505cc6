"""``pytest --opensearch``: tests that run on every engine run on OpenSearch too."""

from __future__ import annotations

import pytest

from search.engines import ENGINES
from tests.support.engines import Tested
from tests.support.opensearch import installed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--opensearch", action="store_true", help="run the tests of engines on OpenSearch too")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--opensearch"):
        return
    if not installed():
        raise pytest.UsageError("OpenSearch is not here: make test-cluster brings it (Java and Maven are needed)")
    Tested.names = tuple(ENGINES)
