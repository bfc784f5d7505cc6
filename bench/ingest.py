"""How fast files come into a library: ``python -m bench.ingest [--base TREE] [--copies N] [--jobs N] [--by wall|cpu]``.

Programs that are compared run in turn, --rounds times. How long ingest takes beside reading alone is the median of the
rounds, as the speed of a machine may change between them; of each program the fastest run is shown.

On the gazette's files and on the samples (those that are read without OCR) N times over, each copy with a hash of its
own:

* reading and segmenting alone, by the worker processes of ``ocop ingest``: nothing is stored;
* ``ocop ingest`` into a new library, of the checkout --base (an earlier one) and of this one;
* the same with one job: its dump must be equal;
* the store's door: the readings, recorded, stored as fast as they go in, as if one, two and eight workers had read
  them, in SQLite and, with --postgresql, in a server that is started for it; then the index made of what was stored,
  alone.

Python files are compiled first, as they are where the program is installed. Exit 1 where ingest takes more than 1.25
times what reading alone takes or keeps the cores less than 85 % busy, fewer than 60 documents a second go through the
door (40 in PostgreSQL), or a dump differs. --by cpu compares processor seconds, for a machine that others use; busy is
then the share of the time that others left.
"""

from __future__ import annotations

import argparse
import compileall
import ctypes
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from corpus.library.store import HERE, Store
from ingest.worker.garbage import collect_seldom
from tests.support.postgres import Server

ROOT = Path(__file__).parent.parent
#: What runs, as folders of a checkout.
_RUNNING = ("corpus", "ingest", "search", "webui", "bench", "tests/support")
GAZETTE = ROOT.parent / "shared" / "documents" / "gazette"
SAMPLES = ROOT / "corpus" / "samples" / "files"
#: What is held to: ingest beside reading alone, how busy it keeps the cores, and documents a second through the door.
MOST_TIMES, LEAST_BUSY, LEAST_DOCUMENTS, LEAST_IN_POSTGRESQL = 1.25, 0.85, 60.0, 40.0
#: Workers that the recorded readings pretend to come from; readings of each that are ready together.
SIMULATED_JOBS, READY = (1, 2, 8), 4
_SET_CHILD_SUBREAPER = 36
#: How a tree's own command is run, whether or not it is installed.
_COMMAND = ("-m", "webui")


@dataclass(frozen=True, slots=True)
class Run:
    """What one program took."""

    wall: float
    #: Of all its processes.
    cpu: float
    #: Seconds that cores of the machine had nothing to do.
    idle: float
    output: str

    def faster(self, other: Run) -> Run:
        """The one of both that took less time."""
        return min(self, other, key=attrgetter("wall"))

    def line(self, name: str, documents: int, pages: int, cores: int) -> str:
        """For a reader."""
        return (
            f"  {name:34} {self.wall:7.1f} s, {self.cpu:7.1f} CPU s, {pages / self.wall:7.1f} pages/s, "
            f"{documents / self.wall:6.1f} documents/s, {self.cpu / self.wall / cores:4.0%} of {cores} cores"
        )


def timed(tree: Path, arguments: list[str], environment: dict[str, str]) -> Run:
    """Run ``python …`` in *tree*; its processes are waited for, whoever started them, so that their time is counted."""
    before, idle = resource.getrusage(resource.RUSAGE_CHILDREN), _idle_seconds()
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tree, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=False
    )
    wall = time.perf_counter() - began
    while True:  # orphans of the command come to this process
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, _idle_seconds() - idle, done.stdout.decode())


def _idle_seconds() -> float:
    """Seconds that the cores have had nothing to do since the machine started, by the kernel's count."""
    _, *times = Path("/proc/stat").read_text().splitlines()[0].split()
    return (int(times[3]) + int(times[4])) / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- reading alone, in a process of its own


def read_alone(files: list[Path], library: Path, jobs: int, record: Path) -> None:
    """Read and segment *files* by workers; the values are recorded in *record*, and documents and pages printed."""
    from webui.app.document_reader import options_of, pool_of, read_file
    from webui.app.settings import load

    settings = load(library=library, jobs=jobs)
    collect_seldom()
    documents = pages = 0
    calls = ((file, True, options_of(settings)) for file in files)
    with record.open("w", encoding="utf-8") as out, pool_of(settings, segmenting=True) as pool:
        for value in pool.map_calls(calls, read_file):
            if isinstance(value, dict) and "text" in value:
                documents, pages = documents + 1, pages + value["pages"]
                out.write(json.dumps(value, ensure_ascii=False) + "\n")
    print(json.dumps([documents, pages]))


class _Recorded:
    """A pool whose workers are done at once."""

    def __init__(self, values: dict[str, dict[str, Any]], jobs: int) -> None:
        self._values = values
        self.jobs = jobs

    def map_batches(
        self, calls: Iterable[tuple[Any, ...]], _function: object, batching: Any, **_: Any
    ) -> Generator[list[Any]]:
        batch: list[Any] = []
        for path, *_rest in calls:
            batch.append(self._values.pop(str(path)))
            if len(batch) == min(batching.most, READY * self.jobs):
                yield batch
                batch = []
        if batch:
            yield batch


def through_the_door(record: Path, library: Path, jobs: int, server: Server | None = None) -> tuple[int, float, float]:
    """Store recorded readings as if so many workers gave them: documents, seconds, and CPU seconds.

    server: the one whose new database is the library's; its CPU seconds count too.
    """
    values = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    collect_seldom()
    store = HERE if server is None else Store(server.database())

    def used() -> float:
        return time.process_time() + (server.processor_seconds() if server is not None else 0.0)

    began, cpu = time.perf_counter(), used()
    stored = _store(values, library, jobs, store)
    return stored, time.perf_counter() - began, used() - cpu


def indexed_alone(library: Path, engine: str | None) -> float:
    """The CPU seconds that making the index of *library* takes, once modules and models are loaded."""
    from corpus.library import Library
    from corpus.segment import words
    from search.searcher import Search

    words("văn bản")
    with Library.open(library) as opened, closing(Search(opened.folder, opened.view(), engine)) as search:
        cpu = time.process_time()
        search.catch_up()
        return time.process_time() - cpu


def _store(values: list[dict[str, Any]], library: Path, jobs: int, store: Store) -> int:
    """How many of these readings were stored as new documents."""
    from corpus.library import Library
    from webui.app.ingestion import ingest
    from webui.app.settings import load

    files = [Path(value["path"]) for value in values]
    recorded = _Recorded({value["path"]: value for value in values}, jobs)
    with (
        Library.open(library, create=True, store=store) as opened,
        closing(ingest(opened, files, load(library=library), recorded)) as reports,  # type: ignore[arg-type]
    ):
        return sum(report.outcome == "new" for report in reports)


# ---------------------------------------------------------------- the comparison


class _Program(NamedTuple):
    """A command of a checkout. once: it is not timed again, as nothing is compared with its time."""

    tree: Path
    cores: int
    command: list[str]
    #: Where it puts documents; None for reading alone.
    library: Path | None = None
    once: bool = False


def copies(files: list[Path], folder: Path, times: int) -> list[Path]:
    """Each file *times* over, with a hash of its own: bytes behind its end, which no reader looks at."""
    made = []
    for number in range(times):
        for file in files:
            target = folder / f"{number:02}-{file.name}"
            target.write_bytes(file.read_bytes() + (b"\n%% %d" % number if number else b""))
            made.append(target)
    return made


def compare(name: str, files: list[Path], arguments: argparse.Namespace) -> bool:
    """Measure on *files*; whether every figure is reached."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        record, cores = folder / "readings.jsonl", min(os.cpu_count() or 1, arguments.jobs)
        environment = {"OCOP_OCR_MODE": "off", "OCOP_OCR_CACHE": str(folder / "ocr")}
        environment |= {"OCOP_ENGINE": arguments.engine} if arguments.engine else {}
        paths = [str(file) for file in files]
        options = ["--jobs", str(arguments.jobs), "--library", str(folder / "none"), "--record", str(record)]
        reading = _Program(ROOT, cores, ["-m", "bench.ingest", "--read", *options, *paths])
        programs = {"read and segmented alone": reading}
        for label, tree, jobs, once in (
            ("ingest before", arguments.base, arguments.jobs, False),
            ("ingest", ROOT, arguments.jobs, False),
            ("ingest, one job", ROOT, 1, True),
        ):
            if tree is not None:
                library = folder / label.replace(" ", "-")
                command = [*_COMMAND, "ingest", "--json", "--library", str(library), "--jobs", str(jobs), *paths]
                programs[label] = _Program(tree, min(cores, jobs), command, library, once)
        runs: dict[str, Run] = {}
        compared: list[tuple[float, float]] = []
        for round_ in range(arguments.rounds):
            this: dict[str, Run] = {}
            for label, program in programs.items():
                if round_ and program.once:
                    continue
                if round_ and program.library is not None:
                    shutil.rmtree(program.library)
                run = this[label] = timed(program.tree, program.command, environment)
                runs[label] = run.faster(runs.get(label, run))
            compared.append(_beside(this["ingest"], this["read and segmented alone"], cores, arguments.by))
        alone = runs["read and segmented alone"]
        documents, pages = json.loads(alone.output)
        print(f"{name}: {documents} documents, {pages} pages")
        for label, run in runs.items():
            print(run.line(label, documents, pages, programs[label].cores), flush=True)
        dumps = [_dump(folder / label, environment) for label in ("ingest", "ingest,-one-job")]
        by = arguments.by
        door = _slowest_door(record, folder, arguments)
        if arguments.postgresql:
            with Server() as server:
                beside = _slowest_door(record, folder / "postgresql", arguments, server)
            print(f"  the door of PostgreSQL: {beside:.0f} documents/s (at least {LEAST_IN_POSTGRESQL:.0f})")
        index = indexed_alone(folder / f"door-{SIMULATED_JOBS[-1]}", arguments.engine)
        print(f"  {'the index alone':34} {'':9} {index:7.1f} CPU s")
        times, busy = (median(of_rounds) for of_rounds in zip(*compared, strict=True))
        print("  ingest beside reading alone, by round: " + ", ".join(f"{one:.2f}" for one, _ in compared))
        print(
            f"  by {by}: ingest takes {times:.2f} × reading alone (at most {MOST_TIMES}), cores {busy:.0%} busy (at "
            f"least {LEAST_BUSY:.0%}), the door {door:.0f} documents/s (at least {LEAST_DOCUMENTS:.0f}), "
            f"dumps equal: {dumps[0] == dumps[1]}"
        )
        wide = door >= LEAST_DOCUMENTS and (not arguments.postgresql or beside >= LEAST_IN_POSTGRESQL)
        return times <= MOST_TIMES and busy >= LEAST_BUSY and wide and dumps[0] == dumps[1]


def _beside(ingest: Run, alone: Run, cores: int, by: str) -> tuple[float, float]:
    """How many times as long ingest took as reading alone, and the share of the cores that it kept busy."""
    busy = ingest.cpu / ingest.wall / cores if by == "wall" else ingest.cpu / (ingest.cpu + ingest.idle)
    return getattr(ingest, by) / getattr(alone, by), busy


def _slowest_door(record: Path, folder: Path, arguments: argparse.Namespace, server: Server | None = None) -> float:
    """Documents a second through the door, by clock or processor, in the best round; of the simulated jobs the least.

    One is stored in another library before, so that modules and tables are loaded.
    """
    folder.mkdir(exist_ok=True)
    first = folder / "first.jsonl"
    first.write_text(record.read_text("utf-8").split("\n", 1)[0], "utf-8")
    through_the_door(first, folder / "first", 1, server)
    rates = []
    for jobs in SIMULATED_JOBS:
        library = folder / f"door-{jobs}"
        stored, seconds, cpu = through_the_door(record, library, jobs, server)
        for _ in range(arguments.rounds - 1):
            shutil.rmtree(library)
            _, *again = through_the_door(record, library, jobs, server)
            seconds, cpu = min(seconds, again[0]), min(cpu, again[1])
        print(
            f"  {'the door, jobs simulated: ' + str(jobs):34} {seconds:7.1f} s, {cpu:7.1f} CPU s, "
            f"{stored / seconds:6.1f} documents/s ({stored / cpu:.1f} a CPU second)"
        )
        rates.append(stored / (seconds if arguments.by == "wall" else cpu))
    return min(rates)


def _dump(library: Path, environment: dict[str, str]) -> str:
    shown = timed(ROOT, [*_COMMAND, "dump", "--library", str(library)], environment)
    return hashlib.sha256(shown.output.encode()).hexdigest()


def main() -> int:
    """Measure and compare; 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="checkout of an earlier version")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--copies", type=int, default=20, help="of each sample")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--by", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--engine", choices=["whoosh", "tantivy"], help="of the index; the default one otherwise")
    parser.add_argument("--postgresql", action="store_true", help="the store's door there too")
    parser.add_argument("--only", choices=["gazette", "samples"])
    parser.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--library", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        read_alone(arguments.files, arguments.library, arguments.jobs, arguments.record)
        return 0
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for tree in filter(None, (ROOT, arguments.base)):  # as where it is installed, whether or not Python may write here
        for folder in _RUNNING:
            compileall.compile_dir(tree / folder, quiet=2)
    good = True
    if arguments.only != "samples":
        good &= compare("gazette", sorted(GAZETTE.glob("*.pdf")), arguments)
    if arguments.only != "gazette":
        with tempfile.TemporaryDirectory() as folder:
            chosen = [file for file in sorted(SAMPLES.iterdir()) if file.suffix in {".pdf", ".docx", ".doc", ".rtf"}]
            times = arguments.copies
            good &= compare(f"samples × {times}", copies(chosen, Path(folder), times), arguments)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
