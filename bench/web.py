"""The page under readers while an ingest runs: p50 and p95 of search, document and lược đồ, errors, CPU.

``python -m bench.web [--documents 20000] [--seconds 60] [--readers 20] [--library FOLDER]`` makes a library of made-up
papers (:mod:`bench.library`; in a temporary folder unless one is given, a given one is made once and grows by what is read),
serves it with Tantivy, and asks as people do: each reader waits a second between requests, 60 % search, 25 % a document,
15 % its lược đồ; one document in ten is a paper of the centre that thousands rest on. Meanwhile `ocop ingest` reads new
papers at nice 10 with one worker. Prints one JSON object and ends with 1 where the goal is missed: no error, p95 of all
requests at most 200 ms, the ingest at work to the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from bench import library as made_up
from corpus.library import Library

GOAL_MS = 200.0
#: Papers that the ingest finds; more than it reads in a minute.
FILES_A_SECOND = 40
#: What people type: {n} a number, {t} a term of the field, {p} two terms.
QUESTIONS = (
    "tập huấn", "tap huan", "đánh giá phân hạng", "danh gia phan hang", "919/QĐ-TTg", "qd 148", "quyet dinh 919",
    '"hợp tác xã"', 'loai:"Kế hoạch" chè', "siêu thị OR du lịch", "cà phê bao bì", "{n}/KH-UBND", "{n}/QĐ-UBND", "kh {n}",
    "{t}", "{p}", "{p}", "{t} -{t}", '"{p}"', "cancu:919/QĐ-TTg {t}",
)  # fmt: skip
FILTERS: tuple[dict[str, str], ...] = (
    {"loai": "Kế hoạch"}, {"nam": "2023"}, {"tinh": "lai-chau"}, {"tu": "2022", "den": "2023"}, {"xep": "date"},
    {"trang": "2"},
)  # fmt: skip


@dataclass(slots=True)
class Times:
    """Milliseconds of the answers of each kind, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lag: list[float] = field(default_factory=list)

    def requests(self) -> int:
        return sum(len(values) for name, values in self.took.items() if name != "centre")

    def figures(self) -> dict[str, Any]:
        told: dict[str, Any] = {"errors": len(self.errors), "first_errors": self.errors[:5]}
        kinds = {**self.took, "all": [v for name, vs in self.took.items() if name != "centre" for v in vs]}
        for kind, values in sorted(kinds.items()):
            ordered = sorted(values) or [0.0]
            told[kind] = {
                "requests": len(values),
                **{f"p{p}_ms": round(ordered[int(p / 100 * (len(ordered) - 1))], 1) for p in (50, 95, 99)},
            }
        return {**told, "generator_lag_p95_ms": round(sorted(self.lag)[int(0.95 * (len(self.lag) - 1))], 1)}


def _asked(chance: random.Random, ids: list[int], centre: list[int]) -> tuple[str, str]:
    """What a reader asks next: the kind of page and its address. Kind "centre" is counted under its own kind as well."""
    pick = chance.random()
    if pick < 0.60:
        terms = made_up.terms()
        question = chance.choice(QUESTIONS).format(
            n=chance.randint(1, 3_000), t=chance.choice(terms), p=f"{chance.choice(terms)} {chance.choice(terms)}"
        )
        filters = chance.choice(FILTERS) if chance.random() < 0.3 else {}
        return "search", "/?" + urlencode({"q": question, **filters})
    id_ = chance.choice(centre if chance.random() < 0.1 else ids)
    return ("document", f"/van-ban/{id_}") if pick < 0.85 else ("diagram", f"/van-ban/{id_}/luoc-do")


async def _read(address: str, ids: list[int], centre: list[int], seconds: float, readers: int, seed: int = 0) -> Times:
    times, end = Times(), time.monotonic() + seconds
    central = {f"/van-ban/{id_}" for id_ in centre}

    async def reader(number: int) -> None:
        chance = random.Random(seed + number)
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            await asyncio.sleep(chance.random())
            while time.monotonic() < end:
                kind, path = _asked(chance, ids, centre)
                began = time.perf_counter()
                try:
                    answer = await client.get(path)
                    if answer.status_code != 200:
                        times.errors.append(f"{answer.status_code} {path}")
                except httpx.HTTPError as error:
                    times.errors.append(f"{type(error).__name__} {path}")
                spent = 1000 * (time.perf_counter() - began)
                times.took[kind].append(spent)
                if path.removesuffix("/luoc-do") in central:
                    times.took["centre"].append(spent)
                await asyncio.sleep(1)

    async def lagging() -> None:
        """How late this program itself comes to what it has to do: part of every time above."""
        while time.monotonic() < end:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            times.lag.append(1000 * (time.perf_counter() - began - 0.01))

    await asyncio.gather(lagging(), *(reader(n) for n in range(readers)))
    return times


def _ocop(*arguments: str, nice: int = 0) -> list[str]:
    return [*(["nice", "-n", str(nice)] if nice else []), sys.executable, "-m", "webui", *arguments]


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def _papers(folder: Path, documents: int, after: int, count: int) -> None:
    """New papers for the ingest to find, written as the text of a web copy."""
    for number in range(documents + after, documents + after + count):
        text = made_up.record(number, documents).text
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def _serving(
    folder: Path, log: Path, environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """A server over *folder*: the process, its address and the seconds until it listened."""
    began = time.perf_counter()
    server = subprocess.Popen(
        _ocop("serve", "--port", "0", "--library", str(folder)),
        stdout=subprocess.PIPE, stderr=log.open("w"), text=True, env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found is not None
        yield server, found[0], time.perf_counter() - began
    finally:
        server.terminate()
        server.wait()


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return round(time.perf_counter() - began, 2)


def run(folder: Path, documents: int, seconds: float, readers: int) -> dict[str, Any]:
    """The whole measurement. The library in *folder* is made unless it is there."""
    figures: dict[str, Any] = {"readers": readers, "seconds": seconds}
    figures["made_s"] = _timed(lambda: made_up.make(folder, documents))
    environment = {**os.environ, "OCOP_ENGINE": "tantivy"}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    with tempfile.TemporaryDirectory() as spare:
        more = Path(spare) / "more"
        more.mkdir()
        with Library.open(folder) as library:
            # Never the same papers twice: those of an earlier run would not be read again.
            _papers(more, documents, library.view().sequence(), int((seconds + 20) * FILES_A_SECOND))
            held = library.view().documents()
            figures["documents"] = len(held)
            central = {number for number, _, _ in made_up.CENTRAL}
            ids, centre = [s.id for s in held], [s.id for s in held if s.so_ky_hieu in central and s.known]
            figures["command_search_s"] = _timed(
                lambda: subprocess.run(_ocop("search", "tập huấn", "--library", str(folder)), check=True, **quiet)
            )
            for server, address, started in _serving(folder, Path(spare) / "log", environment):
                figures["start_s"], figures["start_mb"] = round(started, 2), _megabytes(server.pid)
                ingest = subprocess.Popen(
                    _ocop("ingest", str(more), "--jobs", "1", "--library", str(folder), nice=10), **quiet
                )
                # The first request of each kind opens what it needs.
                asyncio.run(_read(address, ids, centre, min(seconds, 8), 4, seed=1_000))
                before, mine, at_work = library.view().status().held, _own_cpu(), _cpu(server.pid)
                times = asyncio.run(_read(address, ids, centre, seconds, readers))
                figures["generator_cpu"] = round((_own_cpu() - mine) / seconds, 3)
                worked = _cpu(server.pid) - at_work
                figures["server_cpu"] = round(worked / seconds, 3)
                figures["server_ms_a_request"] = round(1000 * worked / max(times.requests(), 1), 1)
                figures["server_mb"] = _megabytes(server.pid)
                ingesting = ingest.poll() is None
                ingest.terminate()
                ingest.wait()
                figures["ingested"], figures["ingest_at_work"] = library.view().status().held - before, ingesting
    figures |= times.figures()
    figures["load_average"] = [round(value, 2) for value in os.getloadavg()]
    reached = not times.errors and figures["all"]["p95_ms"] <= GOAL_MS and ingesting and figures["ingested"] > 0
    return {**figures, "goal_p95_ms": GOAL_MS, "goal_reached": "yes" if reached else "no"}


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--library", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(given.library or Path(folder) / "kho", given.documents, given.seconds, given.readers)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    sys.exit(figures["goal_reached"] != "yes")


if __name__ == "__main__":
    main()
