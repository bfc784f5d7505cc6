"""Runs the real ``ocop ingest`` over hostile files with good neighbours between them, and checks what it promises.

Every input is accounted for with an honest verdict, within its limits of time and memory; the command never dies; all
good neighbours are in the library; nothing is written outside the library; no process is left; nothing is reached over
the network (something listens where the files point to).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from corpus.fold import nfc
from tests.hostile.kinds import KINDS, Hostile, all_hostile, bases
from tests.paths import ROOT
from tests.support.reading_files import BODY, picture, scan_pdf, text_pdf

#: Limits low enough for hundreds of bombs in minutes; every one of them is a setting.
LIMITS = {
    "FILE_SECONDS": "8", "FILE_CPU_SECONDS": "6", "FILE_MEMORY_MB": "1536", "FILE_MB": "60", "FILE_PAGES": "300",
    "PAGE_MEGAPIXELS": "9", "TEXT_MB": "4", "UNPACKED_MB": "24",
}  # fmt: skip
#: What an ingest may take beside the files' own time: starting, storing, the index.
OVERHEAD_SECONDS = 60.0
#: Resident bytes of the command itself, which never opens a file to read what is in it.
PARENT_BYTES = 700 << 20
#: A file's first attempt and those for the pages that were done (see ingest.worker.outcome).
FILE_SECONDS = 8 + 2 * 5
_NEIGHBOUR = "Láng giềng tốt số"


@dataclass(slots=True)
class Tally:
    """What became of the files of one kind. breaches: promises not kept, in words."""

    kind: str
    inputs: int = 0
    neighbours: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    memory: int = 0
    parent: int = 0
    breaches: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Planned:
    """An input on disk. wanted: the verdicts allowed. marker: what a good neighbour must say."""

    path: Path
    wanted: frozenset[str]
    marker: str = ""


class Harness:
    """A folder with inputs, a library, a home and a temporary folder, which are looked at before and after."""

    def __init__(self, folder: Path, jobs: int = 2) -> None:
        self.folder = folder
        self.library = folder / "library"
        self.jobs = jobs
        self.mark = f"hostile-{os.getpid()}-{time.time_ns()}"
        self._neighbours = 0
        for name in ("inputs", "home", "tmp", "cwd"):
            (folder / name).mkdir()

    # --- inputs ---

    def plan(self, hostile: Iterator[Hostile], name: str) -> list[_Planned]:
        """Write the files of a kind, a good neighbour after every fifth."""
        folder = self.folder / "inputs" / name
        folder.mkdir()
        planned: list[_Planned] = []
        for number, one in enumerate(hostile):
            path = Path(os.fsdecode(os.fsencode(folder) + b"/" + one.name))
            path.write_bytes(one.data)
            if one.name.endswith(b"ten-gigabytes.pdf"):
                os.truncate(path, 10 << 30)
            planned.append(_Planned(path, one.honest))
            if number % 5 == 2:
                planned.append(self.neighbour(folder, f"{number:03d}-~"))
        return planned

    def neighbour(self, folder: Path, prefix: str) -> _Planned:
        """A good file that no other is like."""
        self._neighbours += 1
        marker = f"{_NEIGHBOUR} {self._neighbours}"
        lines = [*BODY, marker]
        form = self._neighbours % 6
        path = folder / f"{prefix}good-{self._neighbours}"
        if form in {1, 4}:
            path = text_pdf(path.with_suffix(".pdf"), [lines])
        elif form == 2:
            import docx

            document = docx.Document()
            for line in lines:
                document.add_paragraph(line)
            path = path.with_suffix(".docx")
            document.save(str(path))
        elif form == 3:
            path = path.with_suffix(".html")
            path.write_text("<html><body>" + "".join(f"<p>{line}</p>" for line in lines), encoding="utf-8")
        elif form == 5 and self._neighbours % 12 == 5:
            image = picture([*BODY[:3], marker], dpi=110)
            path, marker = scan_pdf(path.with_suffix(".pdf"), [image]), str(self._neighbours)
        else:
            path = path.with_suffix(".txt")
            path.write_text("\n".join(lines), encoding="utf-8")
        return _Planned(path, frozenset({"kept"}), marker)

    # --- the run ---

    def ingest(
        self,
        planned: list[_Planned],
        tally: Tally,
        arguments: list[Path],
        *,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Ingest *arguments*, in which lie *planned*, and tell in *tally* what became of them."""
        before = self._outside()
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("OCOP_")},
            **{f"OCOP_{name}": value for name, value in LIMITS.items()},
            "HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1", "HOSTILE_MARK": self.mark,
        }  # fmt: skip
        command = [sys.executable, "-m", "webui", "ingest", "--json", "--jobs", str(self.jobs)]
        command += ["--library", str(self.library), "--", *map(str, arguments)]
        allowed = OVERHEAD_SECONDS + sum(FILE_SECONDS for _ in planned) / self.jobs
        watch = _Watch(self.mark)
        began = time.monotonic()
        out = self.folder / "out.json"
        with out.open("wb") as told, listening() as reached:
            process = subprocess.Popen(
                [os.fsencode(part) for part in command], cwd=self.folder / "cwd", env=environment, stdout=told,
                stderr=subprocess.PIPE,
            )  # fmt: skip
            watch.begin(process.pid)
            if meanwhile:
                meanwhile()
            try:
                _, error = process.communicate(timeout=allowed)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    process.communicate(timeout=10)
                process.kill()
                _, error = process.communicate()
                tally.breaches.append(f"not done after {allowed:.0f} s")
        tally.seconds += time.monotonic() - began
        watch.end()
        tally.memory, tally.parent = max(tally.memory, watch.memory), max(tally.parent, watch.parent)
        if process.returncode < 0 or b"Traceback" in error:
            said = error.decode("utf-8", "replace").strip().splitlines()[-3:]
            tally.breaches.append(f"the command died: {process.returncode} {said}")
        tally.breaches += [f"reached over the network: {what}" for what in reached]
        if watch.networked:
            tally.breaches.append(f"{watch.networked} workers with a network")
        if watch.parent > PARENT_BYTES:
            tally.breaches.append(f"the command grew to {watch.parent >> 20} MB")
        if watch.memory > int(LIMITS["FILE_MEMORY_MB"]) << 20:
            tally.breaches.append(f"a worker grew to {watch.memory >> 20} MB")
        left = watch.left()
        tally.breaches += [f"process left: {name}" for name in left]
        after = self._outside()
        for place in sorted(set(before) | set(after)):
            if before.get(place) != after.get(place) and place not in self.moving:
                tally.breaches.append(f"written outside the library: {place}")
        self._account(planned, tally, out)

    moving: frozenset[str] = frozenset()

    def _outside(self) -> dict[str, tuple[int, int]]:
        """Everything outside the library: path → size and time."""
        seen = {}
        for folder, _, files in os.walk(os.fsencode(self.folder)):
            if folder.startswith(os.fsencode(self.library)):
                continue
            for name in files:
                if name == b"out.json":
                    continue
                about = os.lstat(folder + b"/" + name)
                seen[os.fsdecode(folder + b"/" + name)] = (about.st_size, about.st_mtime_ns)
        for place in ("/tmp/evil-absolute.txt", "/tmp/evil"):
            if os.path.lexists(place):
                seen[place] = (0, 0)
        return seen

    def _account(self, planned: list[_Planned], tally: Tally, out: Path) -> None:
        try:
            told = json.loads(out.read_bytes() or b"{}")
        except ValueError:
            told = {}
            tally.breaches.append("no report")
        problems = {one["path"]: one for one in told.get("problems", [])}
        held = self._held()
        for one in planned:
            name = nfc(os.fsencode(one.path).decode("utf-8", "backslashreplace"))
            problem = problems.get(name) or problems.get(os.fsencode(one.path).decode("utf-8", "backslashreplace"))
            if name in held:
                text, incomplete = held[name]
                verdict = "part" if incomplete else "kept"
            elif problem is not None:
                text, verdict = "", problem.get("verdict") or "?"
                if not problem["message"].strip().endswith("."):
                    tally.breaches.append(f"{one.path.name!r}: no sentence: {problem['message']!r}")
            else:
                text, verdict = "", "LOST" if os.path.lexists(one.path) else "gone before it was looked for"
            if one.marker:
                tally.neighbours += 1
                if verdict != "kept" or one.marker not in text:
                    tally.breaches.append(
                        f"good neighbour {one.path.name!r}: {verdict} {(problem or {}).get('message')}"
                    )
                continue
            tally.inputs += 1
            tally.verdicts[verdict] += 1
            if verdict not in one.wanted:
                message = (problem or {}).get("message", "")
                tally.breaches.append(f"{one.path.name!r}: {verdict}, not {'/'.join(sorted(one.wanted))} {message}")

    def _held(self) -> dict[str, tuple[str, bool]]:
        """What the library holds: path → its text and whether it was not read to its end."""
        if not (self.library / "library.db").exists():
            return {}
        with sqlite3.connect(f"file:{self.library / 'library.db'}?mode=ro", uri=True) as connection:
            rows = connection.execute(
                "select files.path, records.text, records.incomplete from files "
                "join records on records.sha256 = files.sha256"
            ).fetchall()
        connection.close()
        return {path: (text, bool(incomplete)) for path, text, incomplete in rows}


class _Watch:
    """Looks at the processes of a run a few times a second, until it ends."""

    def __init__(self, mark: str) -> None:
        self._mark = f"HOSTILE_MARK={mark}".encode()
        self.memory = self.parent = self.networked = 0
        self._going = True
        self._pid = 0
        self._suspects: dict[int, float] = {}
        self._thread = threading.Thread(target=self._look, daemon=True)

    def begin(self, pid: int) -> None:
        self._pid = pid
        self._thread.start()

    def end(self) -> None:
        self._going = False
        self._thread.join()

    def processes(self) -> Iterator[int]:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != os.getpid():
                with suppress(OSError):
                    if self._mark in (folder / "environ").read_bytes():
                        yield int(folder.name)

    def left(self) -> list[str]:
        """Processes of the run that are still there a moment after it; they are ended."""
        for _ in range(40):
            names = []
            for pid in self.processes():
                with suppress(OSError):
                    if "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text():
                        names.append(f"{pid} {Path(f'/proc/{pid}/cmdline').read_bytes()[:80]!r}")
            if not names:
                return []
            time.sleep(0.25)
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return names

    def _look(self) -> None:
        while self._going:
            for pid in list(self.processes()):
                with suppress(OSError):
                    status = Path(f"/proc/{pid}/status").read_text()
                    found = re.search(r"VmRSS:\s+(\d+) kB", status)
                    resident = int(found[1]) << 10 if found else 0
                    if pid == self._pid:
                        self.parent = max(self.parent, resident)
                        continue
                    self.memory = max(self.memory, resident)
                    self._networks(pid)
            time.sleep(0.3)

    def _networks(self, pid: int) -> None:
        """A session leader of the run is a worker; by a second of age it has no network."""
        if os.getsid(pid) != pid or pid == self._pid:
            return
        first = self._suspects.setdefault(pid, time.monotonic())
        if time.monotonic() - first > 2 and _network(pid) == _network(os.getpid()) and first > 0:
            self.networked += 1
            self._suspects[pid] = -1e9


def _network(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/net")


@contextmanager
def listening() -> Iterator[list[str]]:
    """Listens where the hostile files point to; what comes is put in the list."""
    reached: list[str] = []
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", 9))
        except OSError:  # not ours to listen at: the workers' own network is looked at all the same
            yield reached
            return
        server.listen()
        server.settimeout(0.2)
        going = True

        def accept() -> None:
            while going:
                with suppress(TimeoutError):
                    there, _ = server.accept()
                    reached.append(repr(there.recv(200)))
                    there.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield reached
        finally:
            going = False
            thread.join()


def run(folder: Path, *, seed: int = 0, kinds: tuple[str, ...] = (), most: int = 0, jobs: int = 2) -> list[Tally]:
    """Everything, or some *kinds*, or the first *most* files of each."""
    harness = Harness(folder, jobs)
    bases()
    tallies = []
    for number, kind in enumerate([name for name in KINDS if not kinds or name in kinds]):
        tally = Tally(kind)
        hostile = list(all_hostile(seed, (kind,)))
        step = max(1, len(hostile) // most) if most else 1
        planned = harness.plan(iter(hostile[::step]), f"{number:02d}")
        harness.ingest(planned, tally, [harness.folder / "inputs" / f"{number:02d}"])
        shutil.rmtree(harness.folder / "inputs" / f"{number:02d}")
        tallies.append(tally)
        yield_line(tally)
    if not kinds or "no files" in kinds:
        tallies.append(no_files(harness))
        yield_line(tallies[-1])
    if not kinds or "moving files" in kinds:
        tallies.append(moving(harness))
        yield_line(tallies[-1])
    return tallies


def no_files(harness: Harness) -> Tally:
    """Pipes, sockets, devices, folders, links and files without leave to read in place of files."""
    tally = Tally("no files")
    folder = harness.folder / "inputs" / "no-files"
    folder.mkdir()
    os.mkfifo(folder / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(folder / "socket.pdf"))
    (folder / "folder.pdf").mkdir()
    (folder / "loop.pdf").symlink_to("loop.pdf")
    (folder / "circle").symlink_to(folder)
    foreign = frozenset({"khong_ho_tro"})
    planned = [
        _Planned(folder / "pipe.pdf", foreign), _Planned(folder / "socket.pdf", foreign), _Planned(Path("/dev/zero"), foreign),
        _Planned(Path("/dev/full"), foreign), _Planned(Path("/proc/self/mem"), frozenset({"mat_tep", "trong"})),
        _Planned(Path("/proc/self/environ"), frozenset({"khong_ho_tro", "trong", "mat_tep", "kept"})),
    ]  # fmt: skip
    closed = folder / "closed.txt"
    closed.write_text("\n".join([*BODY, "không ai được đọc"]), encoding="utf-8")
    closed.chmod(0)
    planned.append(_Planned(closed, frozenset({"kept" if os.geteuid() == 0 else "mat_tep"})))
    planned += [harness.neighbour(folder, f"{n}-") for n in range(4)]
    named = [one.path for one in planned if folder not in one.path.parents]
    harness.ingest(planned, tally, [folder, *named])
    shutil.rmtree(folder)
    return tally


def moving(harness: Harness) -> Tally:
    """Files that grow, shrink, go or become others while they are read."""
    tally = Tally("moving files")
    folder = harness.folder / "inputs" / "moving"
    folder.mkdir()
    # What is seen of it may be any state it was in; what must not be is a crash, or an original that is not its record.
    honest = frozenset({"kept", "part", "thay_doi", "mat_tep", "hong", "trong", "khong_ho_tro"})
    honest |= {"gone before it was looked for"}
    good = bases()
    planned = []
    for number in range(12):
        for ending in ("pdf", "txt"):
            path = folder / f"{number:02d}-moving.{ending}"
            path.write_bytes(good[ending] + b"\n%% %d" % number)
            planned.append(_Planned(path, honest))
        planned.append(harness.neighbour(folder, f"{number:02d}-~"))
    paths = [one.path for one in planned if not one.marker]
    going = threading.Event()

    def disturb() -> None:
        while not going.wait(0.02):
            for number, path in enumerate(paths):
                with suppress(OSError):
                    match number % 4:
                        case 0:
                            with path.open("ab") as file:
                                file.write(b"\n% more of it")
                        case 1:
                            os.truncate(path, max(200, path.stat().st_size - 5))
                        case 2:
                            other = path.with_suffix(".part")
                            other.write_bytes(good["pdf"] + str(time.time_ns()).encode())
                            other.replace(path)

    def vanish() -> None:
        for path in paths[3::4]:
            if going.wait(0.7):
                return
            path.unlink()

    threads = [threading.Thread(target=disturb), threading.Thread(target=vanish)]

    def begin() -> None:
        time.sleep(1.5)
        for thread in threads:
            thread.start()

    harness.moving = frozenset(str(path) for path in paths) | {str(p.with_suffix(".part")) for p in paths}
    try:
        harness.ingest(planned, tally, [folder], meanwhile=begin)
    finally:
        going.set()
        for thread in threads:
            thread.join()
    import hashlib

    for original in (harness.library / "originals").glob("*/*"):
        if hashlib.sha256(original.read_bytes()).hexdigest() != original.name:
            tally.breaches.append(f"an original is not what its name says: {original.name}")
    shutil.rmtree(folder)
    return tally


def yield_line(tally: Tally) -> None:
    """A line of the table as soon as it is known."""
    verdicts = ", ".join(f"{name} {count}" for name, count in tally.verdicts.most_common())
    print(
        f"{tally.kind:32} {tally.inputs:4} {tally.neighbours:4} {tally.seconds:6.1f}s {tally.memory >> 20:5} MB"
        f" {tally.parent >> 20:4} MB  {verdicts}",
        flush=True,
    )
    for breach in tally.breaches:
        print(f"    BREACH: {breach}", flush=True)
