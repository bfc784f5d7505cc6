"""The engines that tests of search run on: those of one machine; with ``pytest --opensearch``, a cluster too."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path

from search.engine import Engine
from search.engines import ENGINES, open_engine
from search.searcher import Search
from search.source import Source
from tests.support.opensearch import Cluster

LOCAL = tuple(name for name, entry in ENGINES.items() if not entry.remote)


class Tested:
    """The names of the engines under test; tests/engine_option.py adds to them before tests are collected."""

    names: tuple[str, ...] = LOCAL


@cache
def cluster() -> Cluster:
    """A cluster of one node for this run."""
    made = Cluster()
    atexit.register(made.__exit__)
    return made.__enter__()


def opened(name: str, folder: Path) -> Engine:
    """An engine over its folder; one on other machines is that of this run's cluster."""
    return open_engine(name, folder, cluster().address() if ENGINES[name].remote else None)


def searched(folder: Path, source: Source, engine: str) -> Search:
    """The search of a library in *folder* with that engine."""
    return Search(folder, source, engine, cluster().address() if ENGINES[engine].remote else None)
