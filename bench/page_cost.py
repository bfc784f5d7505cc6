"""Processor time of a document's page, here and in checkouts of other commits, in turn.

Each checkout reads the same files into a library of its own and serves it. Then the pages of all documents with a
file are asked for one after the other, a round of each checkout in turn, so that a busy machine blurs all alike.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import server

#: Rounds that are measured; one before them fills caches.
ROUNDS = 5
HERE = Path(__file__).resolve().parent.parent
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class _Served:
    """A checkout that serves its library."""

    pid: int
    pages: list[str]
    client: httpx.Client

    def round_ms(self) -> float:
        """Milliseconds of the server's processor time a page."""
        before = server.processor_seconds(self.pid)
        for page in self.pages:
            self.client.get(page).raise_for_status()
        return 1000 * (server.processor_seconds(self.pid) - before) / len(self.pages)


def page_costs(files: Path, work: Path, trees: Mapping[str, Path], rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """``{name: {"pages", "median_ms", "least_ms"}}`` of each of *trees*: processor time of the server a page.

    files: what is read. work: a folder for the libraries, which are made unless they are there. Raises HTTPStatusError.
    """
    with ExitStack() as stack:
        served = {name: stack.enter_context(_serving(files, work / name, tree)) for name, tree in trees.items()}
        for one in served.values():
            one.round_ms()
        taken: dict[str, list[float]] = {name: [] for name in served}
        for _ in range(rounds):
            for name, one in served.items():
                taken[name].append(one.round_ms())
    return {
        name: {
            "pages": len(served[name].pages),
            "median_ms": round(statistics.median(values), 1),
            "least_ms": round(min(values), 1),
        }
        for name, values in taken.items()
    }


@contextmanager
def _serving(files: Path, folder: Path, tree: Path) -> Iterator[_Served]:
    library = folder / "kho"
    environment = {**os.environ, "PYTHONPATH": str(tree), "OCOP_ENGINE": "tantivy"}
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        reading = [sys.executable, "-m", "webui", "ingest", str(files), "--library", str(library)]
        with (folder / "ingest.log").open("w") as log:
            subprocess.run(reading, check=True, cwd=tree, env=environment, stdout=log, stderr=log)
    with closing(sqlite3.connect(library / "library.db")) as database:
        ids = [id_ for (id_,) in database.execute("SELECT id FROM nodes WHERE held ORDER BY id")]
    with (
        server.serving(library, folder / "server.log", environment, tree) as (process, address),
        httpx.Client(base_url=address, timeout=_PATIENCE_S, trust_env=False) as client,
    ):
        yield _Served(process.pid, [f"/van-ban/{id_}" for id_ in ids], client)
