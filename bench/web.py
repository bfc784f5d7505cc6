"""Pages under readers while an ingest runs: p50 and p95 of search, document and diagram, errors, processor time.

``python -m bench.web [--documents 20000] [--seconds 60] [--readers 20] [--library FOLDER] [--workers N]
[--before CHECKOUT]`` makes a library of made-up documents (:mod:`bench.made_up`; in a temporary folder unless one is
given, which is made once and grows by what is read), serves it with Tantivy, and asks as people do: each reader waits a
second between two requests; 60 % are searches, 25 % documents, 15 % diagrams; one document in ten is a central one that
thousands cite. Meanwhile `ocop ingest` reads new documents at nice 10 with one worker. Then the processor time of a
document's page is measured over the samples, of this checkout and in turn of that of an earlier commit where one is
named (:mod:`bench.page_cost`). ``--only load`` or ``--only pages`` measures one of the two.

Prints one JSON object. Exit code 1 where a goal is missed: no error, p95 of all requests at most 120 ms, the ingest at
work to the end; a document's page at most 25 ms of a core.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import made_up, page_cost, server
from bench.readers import Answers, read
from bench.timing import nearest_ranks, timed
from corpus.library import Library
from corpus.samples.source import FILES

#: Most milliseconds: p95 of all requests, and processor time of a document's page.
GOAL_MS, PAGE_GOAL_MS = 120.0, 25.0
#: Files that the ingest finds, more than it can read in the time.
FILES_A_SECOND = 40
#: What people type: {n} a number, {t} a term of the field, {p} two terms.
QUESTIONS = (
    "tập huấn",
    "tap huan",
    "đánh giá phân hạng",
    "danh gia phan hang",
    "919/QĐ-TTg",
    "qd 148",
    "quyet dinh 919",
    '"hợp tác xã"',
    'loai:"Kế hoạch" chè',
    "siêu thị OR du lịch",
    "cà phê bao bì",
    "{n}/KH-UBND",
    "{n}/QĐ-UBND",
    "kh {n}",
    "{t}",
    "{p}",
    "{p}",
    "{t} -{t}",
    '"{p}"',
    "cancu:919/QĐ-TTg {t}",
)
FILTERS: tuple[dict[str, str], ...] = (
    {"loai": "Kế hoạch"},
    {"nam": "2023"},
    {"tinh": "lai-chau"},
    {"tu": "2022", "den": "2023"},
    {"xep": "date"},
    {"trang": "2"},
)


class Questions:
    """Draws what a reader asks. ids: documents of the library. central: those that thousands cite."""

    def __init__(self, ids: list[int], central: list[int]) -> None:
        self._ids = ids
        self._central = central

    def __call__(self, chance: random.Random) -> tuple[str, str]:
        """The kind of page and its address; pages of central documents are a kind of their own."""
        pick = chance.random()
        if pick < 0.60:
            return "search", "/?" + urlencode(_search(chance))
        of_central = chance.random() < 0.1
        id_ = chance.choice(self._central if of_central else self._ids)
        kind, path = ("document", f"/van-ban/{id_}") if pick < 0.85 else ("diagram", f"/van-ban/{id_}/luoc-do")
        return f"{kind} of the centre" if of_central else kind, path


def _search(chance: random.Random) -> dict[str, str]:
    terms = made_up.terms()
    question = chance.choice(QUESTIONS).format(
        n=chance.randint(1, 3_000), t=chance.choice(terms), p=f"{chance.choice(terms)} {chance.choice(terms)}"
    )
    filters = chance.choice(FILTERS) if chance.random() < 0.3 else {}
    return {"q": question, **filters}


async def _read_and_lag(address: str, ask: Questions, seconds: float, readers: int) -> tuple[Answers, list[float]]:
    """The answers, and how late this program itself was (ms), which is part of every time measured."""
    lags: list[float] = []
    done = asyncio.Event()

    async def lag() -> None:
        while not done.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            lags.append(1000 * (time.perf_counter() - began - 0.01))

    watching = asyncio.create_task(lag())
    answers = await read(address, ask, seconds, readers)
    done.set()
    await watching
    return answers, lags


def _write_inputs(folder: Path, documents: int, after: int, count: int) -> None:
    """New documents for the ingest to find, as text files."""
    for number in range(documents + after, documents + after + count):
        (folder / f"{number}.txt").write_text(made_up.record(number, documents).text, encoding="utf-8")


def _own_processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _processor_seconds(pid: int) -> float:
    """Processor time of a server, of all its processes."""
    return sum(server.processor_seconds(one) for one in server.processes(pid))


def _resident_mb(pid: int) -> float:
    """Memory of a server; what its processes share is counted for each."""
    return sum(server.resident_mb(one) for one in server.processes(pid))


def run(folder: Path, documents: int, seconds: float, readers: int, workers: int | None = None) -> dict[str, Any]:
    """The whole measurement. The library in *folder* is made unless it is there.

    workers: processes that serve the pages; None for as many as `ocop serve` takes by itself.
    """
    figures: dict[str, Any] = {"readers": readers, "seconds": seconds, "goal_p95_ms": GOAL_MS}
    figures["workers"] = workers or "default"
    options = ("--workers", str(workers)) if workers else ()
    figures["made_s"] = round(made_up.make(folder, documents), 2)
    environment = {**os.environ, "OCOP_ENGINE": "tantivy"}
    with tempfile.TemporaryDirectory() as spare, Library.open(folder) as library:
        view = library.view()
        inputs = Path(spare) / "more"
        inputs.mkdir()
        # Never the same documents twice: those of an earlier run would not be read again.
        _write_inputs(inputs, documents, view.sequence(), int((seconds + 20) * FILES_A_SECOND))
        summaries = view.documents()
        numbers = {number for number, _, _ in made_up.CENTRAL}
        ids = [summary.id for summary in summaries]
        central = [summary.id for summary in summaries if summary.so_ky_hieu in numbers and summary.known]
        figures["documents"] = len(ids)
        search = server.command("search", "tập huấn", "--library", str(folder))
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
        figures["command_search_s"] = round(timed(lambda: subprocess.run(search, check=True, **quiet))[0], 2)
        began = time.perf_counter()
        with server.serving(folder, Path(spare) / "log", environment, options=options) as (process, address):
            figures["start_s"] = round(time.perf_counter() - began, 2)
            figures["start_mb"] = round(_resident_mb(process.pid))
            arguments = ("ingest", str(inputs), "--jobs", "1", "--library", str(folder))
            ingest = subprocess.Popen(server.command(*arguments, nice=10), **quiet)
            ask = Questions(ids, central)
            # The first request of each kind opens what it needs.
            asyncio.run(read(address, ask, min(seconds, 8), 4, seed=1_000))
            held = view.status().held
            figures |= _measured(process.pid, address, ask, seconds, readers)
            figures["ingest_at_work"] = ingest.poll() is None
            ingest.terminate()
            ingest.wait()
            figures["ingested"] = view.status().held - held
    figures["goal_reached"] = _goal_reached(figures)
    return figures


def page_figures(files: Path, work: Path, before: Path | None) -> dict[str, Any]:
    """Processor time of a document's page of the samples in *files*: here, and in the checkout *before*."""
    trees = {"now": page_cost.HERE} | ({"before": before.resolve()} if before else {})
    costs = page_cost.page_costs(files, work, trees)
    return {"goal_ms": PAGE_GOAL_MS, **costs, "goal_reached": costs["now"]["median_ms"] <= PAGE_GOAL_MS}


def _measured(pid: int, address: str, ask: Questions, seconds: float, readers: int) -> dict[str, Any]:
    """Times of the answers, and what the server with that *pid* used meanwhile."""
    own, used = _own_processor_seconds(), _processor_seconds(pid)
    answers, lags = asyncio.run(_read_and_lag(address, ask, seconds, readers))
    worked = _processor_seconds(pid) - used
    return {
        "generator_cpu": round((_own_processor_seconds() - own) / seconds, 3),
        "generator_lag_p95_ms": nearest_ranks(lags, (95,))["p95_ms"],
        "server_cpu": round(worked / seconds, 3),
        "server_ms_a_request": round(1000 * worked / max(answers.count, 1), 1),
        "server_processes": [round(server.resident_mb(one)) for one in server.processes(pid)],
        "server_mb": round(_resident_mb(pid)),
        "errors": sum(answers.errors.values()),
        "first_errors": list(answers.errors)[:5],
        **answers.figures(),
    }


def _goal_reached(figures: dict[str, Any]) -> bool:
    fast = figures["all"]["p95_ms"] <= GOAL_MS
    return not figures["errors"] and fast and figures["ingest_at_work"] and figures["ingested"] > 0


def main() -> int:
    """Measures and prints. Exit code 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--workers", type=int, help="processes that serve pages (ocop serve --workers)")
    parser.add_argument("--before", type=Path, help="a checkout of an earlier commit")
    parser.add_argument("--samples", type=Path, help="a folder that keeps the libraries of the samples")
    parser.add_argument("--only", choices=("load", "pages"))
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "load":
            figures["document_page"] = page_figures(FILES, given.samples or Path(folder) / "mau", given.before)
        if given.only != "pages":
            library = given.library or Path(folder) / "kho"
            figures["under_load"] = run(library, given.documents, given.seconds, given.readers, given.workers)
    missed = [name for name, found in figures.items() if not found["goal_reached"]]
    figures["load_average"] = [round(value, 2) for value in os.getloadavg()]
    figures["missed"] = missed
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
