"""Fifty readers for minutes while scans are read in: errors, memory and open files of the server.

``python -m bench.load [--readers 50] [--minutes 5] [--scans 200] [--documents 2000]`` makes a library, and scans of
sample papers with numbers of their own (so that none is known and none is in the OCR cache), serves the library with
`ocop serve` as it comes, reads the scans in with `ocop ingest` at nice 10, and asks as readers do, a second between two
requests. Once a second the server's memory (RSS), open files and threads are taken down, and those of the workers it
started. Prints one JSON object; ends with 1 when a request failed, memory or open files grew (slope by least squares
after warm-up, above the bound), or the ingest was over before the readers were.
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
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import numpy as np

from bench import library as made_up
from corpus.library import Library
from corpus.samples import layout, scan
from corpus.samples.source import load
from search.searcher import Search

#: Most that memory may grow, MB a minute, and open files, files a minute, once the server is warm.
BOUND_MB, BOUND_FILES = 3.0, 1.0
#: The share of the time that passes before growth is judged: caches fill, threads and connections are made.
WARM = 0.4
QUESTIONS = (
    "tập huấn", "tap huan", "919/QĐ-TTg", "qd 148", "quyet dinh 919", '"hợp tác xã"', 'loai:"Kế hoạch" chè',
    "siêu thị OR du lịch", "{n}/KH-UBND", "kh {n}", "{t}", "{t} {u}", "cancu:919/QĐ-TTg {t}", "đánh giá phân hạng",
)  # fmt: skip


def make_scans(folder: Path, count: int) -> None:
    """*count* scans of the samples, each under a number and with dirt of its own."""
    bases = [sample for sample in load() if sample.form == "scan"]
    for number in range(count):
        sample = copy.deepcopy(bases[number % len(bases)])
        sample.name = f"{sample.name}-{number}"
        if sample.data["number"]:
            sample.data["number"] = str(3_000 + number)
        (folder / f"{sample.name}.pdf").write_bytes(scan.scan(sample, layout.lay_out(sample)))


@dataclass(slots=True)
class Asked:
    """What the readers met."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for kind, values in sorted({**self.took, "all": [v for vs in self.took.values() for v in vs]}.items()):
            ordered = sorted(values) or [0.0]
            told[kind] = {
                "requests": len(values),
                **{f"p{p}_ms": round(ordered[int(p / 100 * (len(ordered) - 1))], 1) for p in (50, 95, 99)},
            }
        return told


def wanted(chance: random.Random, ids: Sequence[int]) -> tuple[str, str]:
    """What a reader asks next: the kind of page and its address."""
    pick, id = chance.random(), chance.choice(ids)
    terms = made_up.terms()
    question = chance.choice(QUESTIONS).format(
        n=chance.randint(1, 3_000), t=chance.choice(terms), u=chance.choice(terms)
    )
    for share, kind, path in (
        (0.45, "search", "/?" + urlencode({"q": question})),
        (0.65, "document", f"/van-ban/{id}"),
        (0.75, "diagram", f"/van-ban/{id}/luoc-do"),
        (0.80, "api", "/api/search?" + urlencode({"q": question})),
        (0.85, "api", f"/api/documents/{id}"),
        (0.90, "suggest", "/api/suggest?" + urlencode({"q": question[:4]})),
        (0.93, "list", chance.choice(["/con-thieu", "/ghi-khac-nhau", "/tinh-trang"])),
        (0.96, "static", f"/static/page.css?{id}"),
        (0.98, "health", "/healthz"),
    ):
        if pick < share:
            return kind, path
    return "home", "/"


async def read(address: str, ids: Sequence[int], seconds: float, readers: int) -> Asked:
    """*readers* at once for *seconds*."""
    asked, end = Asked(), time.monotonic() + seconds

    async def reader(number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.random())
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            while time.monotonic() < end:
                kind, path = wanted(chance, ids)
                began = time.perf_counter()
                try:
                    answer = await client.get(path)
                    if answer.status_code != 200:
                        asked.errors[f"{answer.status_code} {path}"] += 1
                except httpx.HTTPError as error:
                    asked.errors[f"{type(error).__name__} {path}"] += 1
                asked.took[kind].append(1000 * (time.perf_counter() - began))
                await asyncio.sleep(1)

    await asyncio.gather(*(reader(number) for number in range(readers)))
    return asked


@dataclass(slots=True)
class Watched:
    """The server second by second: seconds, MB, open files, threads; MB of the processes it started."""

    at: list[float] = field(default_factory=list)
    mb: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    workers_mb: list[float] = field(default_factory=list)

    def take(self, pid: int, now: float) -> None:
        status = Path(f"/proc/{pid}/status").read_text()
        self.at.append(now)
        self.mb.append(_field(status, "VmRSS") / 1024)
        self.threads.append(_field(status, "Threads"))
        self.files.append(len(os.listdir(f"/proc/{pid}/fd")))
        self.workers_mb.append(sum(_resident(child) for child in _children(pid)))

    def growth(self, values: Sequence[float], share: float = WARM) -> dict[str, float]:
        """*values* after warm-up: least, most, last, and the slope a minute with its standard error."""
        start = int(share * len(values))
        x, y = np.array(self.at[start:]) / 60, np.array(values[start:])
        if len(x) < 10:
            return {"slope_a_minute": 0.0, "standard_error": 0.0, "least": 0.0, "most": 0.0}
        slope, offset = np.polyfit(x, y, 1)
        rest = y - (slope * x + offset)
        error = float(np.sqrt((rest @ rest) / (len(x) - 2) / ((x - x.mean()) @ (x - x.mean()))))
        return {
            "slope_a_minute": round(float(slope), 3), "standard_error": round(error, 3),
            "least": round(float(y.min()), 1), "most": round(float(y.max()), 1), "at_the_end": round(float(y[-1]), 1),
        }  # fmt: skip


def _field(status: str, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", status)
    return int(found[1]) if found else 0


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from _children(int(child))


def _resident(pid: int) -> float:
    with suppress(OSError):
        return _field(Path(f"/proc/{pid}/status").read_text(), "VmRSS") / 1024
    return 0.0


async def watch(pid: int, watched: Watched, done: asyncio.Event) -> None:
    began = time.monotonic()
    while not done.is_set():
        with suppress(OSError):
            watched.take(pid, time.monotonic() - began)
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), 1.0)


def _ocop(*arguments: str, nice: int = 0) -> list[str]:
    return [*(["nice", "-n", str(nice)] if nice else []), sys.executable, "-m", "webui", *arguments]


@contextmanager
def serving(folder: Path, log: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over *folder* and its address."""
    with log.open("w") as errors:
        server = subprocess.Popen(
            _ocop("serve", "--port", "0", "--library", str(folder)), stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None, log.read_text()
            yield server, found[0]
        finally:
            server.terminate()
            server.wait()


async def _both(pid: int, address: str, ids: Sequence[int], seconds: float, readers: int) -> tuple[Asked, Watched]:
    watched, done = Watched(), asyncio.Event()
    looking = asyncio.create_task(watch(pid, watched, done))
    asked = await read(address, ids, seconds, readers)
    done.set()
    await looking
    return asked, watched


def run(work: Path, readers: int, minutes: float, scans: int, documents: int, engine: str) -> dict[str, Any]:
    """The whole measurement, its files under *work*."""
    kept, more = work / "kho", work / "scans"
    more.mkdir()
    began = time.perf_counter()
    with Library.open(kept, create=True) as library:
        for number in range(1, documents + 1):
            library.intake.add(made_up.record(number, documents))
        search = Search(kept, library.view(), engine)
        search.catch_up()
        search.close()
        ids = [summary.id for summary in library.view().documents()]
    make_scans(more, scans)
    made = time.perf_counter() - began
    os.environ["OCOP_ENGINE"] = engine
    with serving(kept, work / "server.log") as (server, address), (work / "ingest.log").open("w") as told:
        ingest = subprocess.Popen(
            _ocop("ingest", str(more), "--library", str(kept), "--json", nice=10),
            stdout=told, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            asked, watched = asyncio.run(_both(server.pid, address, ids, 60 * minutes, readers))
            at_work = ingest.poll() is None
        finally:
            if ingest.poll() is None:
                os.killpg(ingest.pid, signal.SIGINT)
            ingest.wait()
        with Library.open(kept) as library:
            status = library.view().status()
    log = (work / "server.log").read_text()
    memory, files = watched.growth(watched.mb), watched.growth(watched.files)
    breaches = [
        *(["a request failed"] if asked.errors else []),
        *(["the server logged an error"] if re.search(r"\[error|Traceback", log) else []),
        *(["memory grows"] if memory["slope_a_minute"] > BOUND_MB else []),
        *(["open files grow"] if files["slope_a_minute"] > BOUND_FILES else []),
        *([] if at_work else ["the ingest was over before the readers were"]),
    ]
    return {
        "readers": readers, "minutes": minutes, "scans": scans, "documents": documents, "engine": engine,
        "made_s": round(made, 1), "errors": sum(asked.errors.values()), "first_errors": dict(asked.errors.most_common(5)),
        "server_mb": memory, "bound_mb_a_minute": BOUND_MB, "open_files": files, "bound_files_a_minute": BOUND_FILES,
        "threads": watched.growth(watched.threads), "workers_mb": watched.growth(watched.workers_mb),
        "scans_read": status.held - documents, "scans_failed": status.failed, "ingest_at_work_to_the_end": at_work,
        "times": asked.figures(), "load_average": [round(value, 2) for value in os.getloadavg()], "breaches": breaches,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--scans", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2_000, help="papers in the library before")
    parser.add_argument("--engine", choices=["whoosh", "tantivy"], default="tantivy")
    given = parser.parse_args()
    if missing := layout.missing_fonts() + scan.missing_fonts():  # told now, not after minutes of making a library
        parser.error(f"fonts of the samples are missing (corpus/samples/README.md has their packages): {missing}")
    with tempfile.TemporaryDirectory() as work:
        figures = run(Path(work), given.readers, given.minutes, given.scans, given.documents, given.engine)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return int(bool(figures["breaches"]))


if __name__ == "__main__":
    sys.exit(main())
