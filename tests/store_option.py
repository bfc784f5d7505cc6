"""``pytest --store=postgresql``: the same tests with their libraries in PostgreSQL, one schema a folder.

A folder that holds a ``library.db`` keeps it. Tests marked ``sqlite`` are about that file, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.library import doctor, library
from corpus.library.database import Database
from corpus.library.dialects.sqlite import FILE
from corpus.library.examination.database_server import unusable_server
from corpus.library.examination.report import Finding
from corpus.library.store import HERE, Store
from tests.support.postgres import Server, programs


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store", choices=["sqlite", "postgresql"], default="sqlite", help="where libraries are kept")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--store") == "postgresql":
        left_out = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for this run; the test skips where none can be started."""
    if programs() is None:
        pytest.skip("no PostgreSQL server here (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra 'cluster' is not installed")
    with Server() as server:
        yield server


@pytest.fixture(autouse=True)
def _where_libraries_are(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.config.getoption("--store") == "sqlite":
        yield
        return
    server: Server = request.getfixturevalue("postgres")

    def store_of(folder: Path) -> Store:
        return HERE if (folder / FILE).exists() else Store(server.schema(str(folder.resolve())))

    def opened(folder: Path, *, store: Store = HERE, **options: Any) -> Database:
        url = store_of(folder).url if store.url is None else store.url
        return Database(folder, store=replace(store, url=url), **options)

    in_file = doctor.unusable_file

    def unusable(folder: Path, *, repair: bool) -> Finding | None:
        found = store_of(folder)
        return in_file(folder, repair=repair) if found.url is None else unusable_server(folder, found, repair=repair)

    monkeypatch.setattr(library, "Database", opened)
    monkeypatch.setattr(doctor, "unusable_file", unusable)
    yield
