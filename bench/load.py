"""Fifty readers for minutes while scans are read in: errors, memory and open files of the server.

``python -m bench.load [--readers 50] [--minutes 5] [--scans 200] [--documents 2000]`` makes a library, and scans of
the samples under numbers of their own (so none is known and none is in the OCR cache). It serves the library with
`ocop serve`, reads the scans in with `ocop ingest` at nice 10, and asks as readers do, a second between two requests.
Once a second the server's memory, open files and threads are noted, and the memory of the workers it started. Prints
one JSON object. Exit code 1 when a request failed, when memory or open files grew (slope by least squares after
warm-up, above the bound), or when the ingest ended before the readers did.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from bench import made_up, server
from bench.readers import Answers, read
from bench.timing import timed
from corpus.library import Library
from corpus.samples import scan, typesetting
from corpus.samples.pdf_layout import lay_out
from corpus.samples.source import load
from search.engines import ENGINES
from search.searcher import Search

#: What memory (MB a minute) and open files (a minute) may grow by, once the server is warm.
BOUND_MB, BOUND_FILES = 3.0, 1.0
#: The share of the time before growth counts: caches fill, threads and connections are made.
WARM_UP = 0.4
#: Notes from which a slope can be computed.
_LEAST_NOTES = 10
#: What people type: {n} a number, {t} and {u} terms of the field.
QUESTIONS = (
    "tập huấn",
    "tap huan",
    "919/QĐ-TTg",
    "qd 148",
    "quyet dinh 919",
    '"hợp tác xã"',
    'loai:"Kế hoạch" chè',
    "siêu thị OR du lịch",
    "{n}/KH-UBND",
    "kh {n}",
    "{t}",
    "{t} {u}",
    "cancu:919/QĐ-TTg {t}",
    "đánh giá phân hạng",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured."""

    readers: int
    minutes: float
    scans: int
    documents: int
    engine: str


def make_scans(folder: Path, count: int) -> None:
    """*count* scans of the samples, each under a number of its own and with its own dirt."""
    bases = [sample for sample in load() if sample.form == "scan"]
    for number in range(count):
        sample = copy.deepcopy(bases[number % len(bases)])
        sample.name = f"{sample.name}-{number}"
        if sample.data["number"]:
            sample.data["number"] = str(3_000 + number)
        (folder / f"{sample.name}.pdf").write_bytes(scan.scan(sample, lay_out(sample)))


class Questions:
    """Draws what a reader asks. ids: documents of the library."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids

    def __call__(self, chance: random.Random) -> tuple[str, str]:
        """The kind of page and its address."""
        pick, id_ = chance.random(), chance.choice(self._ids)
        terms = made_up.terms()
        question = chance.choice(QUESTIONS).format(
            n=chance.randint(1, 3_000), t=chance.choice(terms), u=chance.choice(terms)
        )
        shares = (
            (0.45, "search", "/?" + urlencode({"q": question})),
            (0.65, "document", f"/van-ban/{id_}"),
            (0.75, "diagram", f"/van-ban/{id_}/luoc-do"),
            (0.80, "api", "/api/search?" + urlencode({"q": question})),
            (0.85, "api", f"/api/documents/{id_}"),
            (0.90, "suggest", "/api/suggest?" + urlencode({"q": question[:4]})),
            (0.93, "list", chance.choice(["/con-thieu", "/ghi-khac-nhau", "/tinh-trang"])),
            (0.96, "static", f"/static/page.css?{id_}"),
            (0.98, "health", "/healthz"),
            (1.00, "home", "/"),
        )
        return next((kind, path) for share, kind, path in shares if pick < share)


@dataclass(slots=True)
class Notes:
    """The server second by second."""

    #: Seconds from the beginning.
    at: list[float] = field(default_factory=list)
    mb: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    #: Memory of the processes it started, MB.
    workers_mb: list[float] = field(default_factory=list)

    def take(self, pid: int, now: float) -> None:
        """Notes the state of the server."""
        self.at.append(now)
        self.mb.append(server.resident_mb(pid))
        self.threads.append(server.status_field(pid, "Threads"))
        self.files.append(len(os.listdir(f"/proc/{pid}/fd")))
        self.workers_mb.append(sum(server.resident_mb(child) for child in server.descendants(pid)))

    def growth(self, values: Sequence[float]) -> dict[str, float]:
        """*values* after warm-up: the slope a minute with its standard error, the least, the most, the last."""
        start = int(WARM_UP * len(values))
        x, y = np.array(self.at[start:]) / 60, np.array(values[start:])
        if len(x) < _LEAST_NOTES:
            return {"slope_a_minute": 0.0, "standard_error": 0.0, "least": 0.0, "most": 0.0}
        slope, offset = np.polyfit(x, y, 1)
        rest = y - (slope * x + offset)
        error = float(np.sqrt((rest @ rest) / (len(x) - 2) / ((x - x.mean()) @ (x - x.mean()))))
        return {
            "slope_a_minute": round(float(slope), 3),
            "standard_error": round(error, 3),
            "least": round(float(y.min()), 1),
            "most": round(float(y.max()), 1),
            "at_the_end": round(float(y[-1]), 1),
        }


async def _read_and_note(pid: int, address: str, ask: Questions, plan: Plan) -> tuple[Answers, Notes]:
    notes, done = Notes(), asyncio.Event()
    began = time.monotonic()

    async def note() -> None:
        while not done.is_set():
            with suppress(OSError):
                notes.take(pid, time.monotonic() - began)
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), 1.0)

    noting = asyncio.create_task(note())
    answers = await read(address, ask, 60 * plan.minutes, plan.readers)
    done.set()
    await noting
    return answers, notes


def _make_library(folder: Path, plan: Plan) -> list[int]:
    """A library of made-up documents with its index; the ids."""
    with Library.open(folder, create=True) as library:
        for number in range(1, plan.documents + 1):
            library.intake.add(made_up.record(number, plan.documents))
        with closing(Search(folder, library.view(), plan.engine)) as search:
            search.catch_up()
        return [summary.id for summary in library.view().documents()]


def run(work: Path, plan: Plan) -> dict[str, Any]:
    """The whole measurement, with its files under *work*."""
    folder, scans = work / "kho", work / "scans"
    scans.mkdir()
    made, ids = timed(lambda: _make_library(folder, plan))
    scanned, _ = timed(lambda: make_scans(scans, plan.scans))
    os.environ["OCOP_ENGINE"] = plan.engine
    arguments = ("ingest", str(scans), "--library", str(folder), "--json")
    with (
        server.serving(folder, work / "server.log") as (process, address),
        (work / "ingest.log").open("w") as log,
    ):
        ingest = subprocess.Popen(
            server.command(*arguments, nice=10), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            answers, notes = asyncio.run(_read_and_note(process.pid, address, Questions(ids), plan))
            at_work = ingest.poll() is None
        finally:
            if ingest.poll() is None:
                os.killpg(ingest.pid, signal.SIGINT)
            ingest.wait()
        with Library.open(folder) as library:
            status = library.view().status()
    memory, files = notes.growth(notes.mb), notes.growth(notes.files)
    return {
        **asdict(plan),
        "made_s": round(made + scanned, 1),
        "errors": sum(answers.errors.values()),
        "first_errors": dict(answers.errors.most_common(5)),
        "server_mb": memory,
        "bound_mb_a_minute": BOUND_MB,
        "open_files": files,
        "bound_files_a_minute": BOUND_FILES,
        "threads": notes.growth(notes.threads),
        "workers_mb": notes.growth(notes.workers_mb),
        "scans_read": status.held - plan.documents,
        "scans_failed": status.failed,
        "ingest_at_work_to_the_end": at_work,
        "times": answers.figures(),
        "load_average": [round(value, 2) for value in os.getloadavg()],
        "breaches": _breaches(answers, (work / "server.log").read_text(), memory, files, at_work),
    }


def _breaches(
    answers: Answers, log: str, memory: dict[str, float], files: dict[str, float], at_work: bool
) -> list[str]:
    """What was not as it should be."""
    checks = (
        ("a request failed", bool(answers.errors)),
        ("the server logged an error", re.search(r"\[error|Traceback", log) is not None),
        ("memory grows", memory["slope_a_minute"] > BOUND_MB),
        ("open files grow", files["slope_a_minute"] > BOUND_FILES),
        ("the ingest ended before the readers did", not at_work),
    )
    return [name for name, found in checks if found]


def main() -> int:
    """Measures and prints. Exit code 1 where something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--scans", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2_000, help="documents in the library before")
    parser.add_argument("--engine", choices=list(ENGINES), default="tantivy")
    given = parser.parse_args()
    # Found now, not after minutes of making a library.
    if missing := typesetting.missing_fonts() + scan.missing_fonts():
        parser.error(f"fonts of the samples are missing (corpus/samples/README.md has their packages): {missing}")
    plan = Plan(given.readers, given.minutes, given.scans, given.documents, given.engine)
    with tempfile.TemporaryDirectory() as work:
        figures = run(Path(work), plan)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return int(bool(figures["breaches"]))


if __name__ == "__main__":
    sys.exit(main())
