"""Kills, full disks and broken files against a library, and what became of it: ``python -m tests.faults --random 100``.

A victim is a real process (its own session, killed by SIGKILL with all it started) that reads files into a library, keeps
the index in step, corrects, takes back, removes, and backs the library up, all of it over and over. After each kill the
doctor looks at what is left. *Clean* means: nothing is found that cannot be made again (the index behind by what was just
stored, a file half copied); every other time the doctor also mends that, and must then find nothing at all. A victim that
is let run to its end must leave the very library that one never interrupted leaves: the same export byte for byte, the
same corrections, the same audit list.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.event import listen

from corpus.errors import OcopError
from corpus.library import Library
from corpus.library.backup import backup, restore
from search.searcher import Search
from tests.paths import ROOT
from tests.support.web_library import paper
from webui.app import doctor
from webui.app.ingestion import ingest
from webui.app.settings import Settings

SAMPLES = ROOT / "corpus" / "samples" / "files"
#: Files between two looks of the index, corrections and so on.
STEP = 6
#: Kilobytes left on a disk when the work begins.
FREE = (0, 16, 64, 160, 320, 480, 640, 1024, 2048, 4096, 8192)
ENVIRONMENT = {"OCOP_OCR_MODE": "off", "OCOP_SECOND_READER": "false", "OCOP_JOBS": "2", "PYTHONWARNINGS": "ignore"}


def quick_place() -> str | None:
    """Where libraries of a test of kills may lie: in memory where that is offered, for SIGKILL does not ask the disk."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30 else None


class Here:
    """Reads files in the very process, so that a kill seldom falls into reading, which stores nothing."""

    def map_files(
        self, paths: Iterable[Path], function: Callable[..., Any], *arguments: Any, **_: Any
    ) -> Iterator[Any]:
        for path in paths:
            try:
                yield function(str(path), *arguments)
            except OcopError as error:
                yield {"path": str(path), "error": error.message, "verdict": getattr(error, "verdict", "loi")}


def inputs(folder: Path, texts: int, *, samples: bool = True) -> list[Path]:
    """Papers that cite each other in every direction, and the samples (read without OCR: scans fail, and stay failed)."""
    folder.mkdir(parents=True)
    for n in range(texts):
        bases = "\n".join(
            f"Căn cứ Kế hoạch số {m}/KH-UBND ngày {m % 27 + 1:02}/0{m % 9 + 1}/2023 của UBND tỉnh Thanh Hóa;"
            for m in ((n + 1) % texts, (n * 7 + 3) % texts, n // 2)
        )
        text = paper(
            "KẾ HOẠCH", f"{n}/KH-UBND", (f"{n % 27 + 1:02}", f"0{n % 9 + 1}", "2023"), f"Về việc tập huấn OCOP đợt {n}",
            bases + f"\nI. MỤC ĐÍCH\nTheo Quyết định số {900 + n % 7}/QĐ-TTg ngày 01/8/2022, nội dung {n}.",
        )  # fmt: skip
        (folder / f"{n:03}.txt").write_text(text, encoding="utf-8")
    if samples:
        for file in sorted(SAMPLES.iterdir()):
            shutil.copy(file, folder / f"mau-{file.name}")
    return sorted(folder.iterdir())


# ---------------------------------------------------------------- what is done to a library


def settings_of(library: Path, engine: str | None = None) -> Settings:
    return Settings(library=library, ocr_mode="off", second_reader=False, jobs=1, engine=engine)  # type: ignore[arg-type]


def work(library: Path, files: list[Path], to: Path | None, engine: str | None = None) -> None:
    """All of it; begun again after a kill, it goes on with what is not yet done."""
    settings = settings_of(library, engine)
    with Library.open(library, create=True) as opened, closing(Search(library, opened.view(), engine)) as search:
        for at in range(0, len(files), STEP):
            for _ in ingest(opened, files[at : at + STEP], settings, Here(), follow=search.catch_up):  # type: ignore[arg-type]
                pass
            for number in range(at, min(at + STEP, len(files))):
                correct(opened, str(files[number]), number)
            search.catch_up()
            if to is not None and at % (4 * STEP) == 0:
                backup(library, to, overwrite=True)


def correct(library: Library, path: str, number: int) -> None:
    """What a person does with that file, step by step; steps done before are not done again."""
    held = [s.id for s in library.view().find(path) if s.held]
    if not held or number % 5:
        return
    id_ = held[0]

    def standing(value: str) -> list[Any]:
        return [c for c in library.edits.corrections() if c.document == id_ and c.after == value]

    def say(value: str) -> None:
        if not standing(value):
            library.edits.correct(id_, "title", value, who="lan")

    say(f"Trích yếu sửa lần một của {number}")
    if number % 2:
        for wrong in standing(f"Trích yếu sửa lần một của {number}"):
            if not wrong.undone:
                library.edits.undo(wrong.id)
        say(f"Trích yếu sửa lần hai của {number}")
    if number % 3 == 0:
        library.edits.remove(id_, "gỡ thử")


def outcome(library: Path) -> dict[str, Any]:
    """All that a library says, without ids and clock times."""
    with Library.open(library) as opened:
        return {
            "dump": list(opened.view(restricted=True).dump()),
            "corrections": sorted(
                [c.field, str(c.before), str(c.after), c.who, c.undone] for c in opened.edits.corrections()
            ),
            "audit": sorted([e.action, e.undone, *e.documents] for e in opened.edits.audit()),
        }


# ---------------------------------------------------------------- processes


def child(job: Callable[[], Any], log: Path) -> int:
    """*job* in a process with a session of its own; its id. What it raises is written to *log*, its value to ``log.json``."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        value = job()
        log.with_suffix(".json").write_text(json.dumps(value, default=str), encoding="utf-8")
        os._exit(0)
    except OcopError as error:
        log.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        os._exit(error.exit_code)
    except BaseException:
        log.write_text(traceback.format_exc(), encoding="utf-8")
        os._exit(70)


def wait(pid: int) -> int:
    """The exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def call(job: Callable[[], Any], log: Path) -> Any:
    """The value of *job*, done in a process of its own. Raises RuntimeError with what it said."""
    code = wait(child(job, log))
    if code:
        raise RuntimeError(f"{code}: {log.read_text(encoding='utf-8') if log.exists() else ''}")
    return json.loads(log.with_suffix(".json").read_text(encoding="utf-8"))


def kill_after(pid: int, seconds: float) -> int | None:
    """Kill the session of *pid* then; None when it was killed, else the exit code it had ended with before."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    code = wait(pid)
    return None if code == -signal.SIGKILL else code


def command(*arguments: str, library: Path, **settings: str) -> subprocess.Popen[str]:
    """The real command, in a session of its own. settings: of the environment, without OCOP_."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OCOP_")} | ENVIRONMENT
    environment |= {f"OCOP_{name.upper()}": value for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "webui", *arguments, "--library", str(library)],
        env=environment, cwd=ROOT, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def run(*arguments: str, library: Path) -> tuple[int, str]:
    """Exit code and output of the real command."""
    process = command(*arguments, library=library)
    said, _ = process.communicate(timeout=600)
    return process.returncode, said


# ---------------------------------------------------------------- random kills


class Faults:
    """A run of kills in *place*: what was found after them, and what was wrong."""

    def __init__(self, place: Path, seed: int, texts: int = 40, *, samples: bool = True) -> None:
        self.place = place
        self.chance = random.Random(seed)
        self.files = inputs(place / "tep", texts, samples=samples)
        self.log = place / "log.txt"
        self.wrong: list[str] = []
        self.found: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.rounds = 0
        self.engine = "whoosh"
        began = time.monotonic()
        call(lambda: work(place / "whole", self.files, place / "whole.zip"), self.log)
        self.whole_seconds = time.monotonic() - began
        self.whole = call(lambda: outcome(place / "whole"), self.log)

    def random(self, kills: int) -> None:
        """So many SIGKILLs at random moments, library after library."""
        while sum(self.kills.values()) < kills and len(self.wrong) < 20:
            self.rounds += 1
            self.one_library(kills)

    def one_library(self, kills: int) -> None:
        library = self.place / f"kho{self.rounds}"
        to = self.place / f"sao{self.rounds}.zip"
        engine = self.engine = ("whoosh", "tantivy")[self.rounds % 2]
        ended = False
        while not ended and sum(self.kills.values()) < kills:
            at = sum(self.kills.values())
            if at % 6 == 5:
                code, kind = self.killed_command(library, engine), "ocop ingest"
            else:
                longest = max(0.3, self.whole_seconds / 4)
                pid = child(lambda: work(library, self.files, to, engine), self.log)
                code, kind = kill_after(pid, self.chance.uniform(0.0, longest)), "ingest, correct, backup"
            if code is None:
                self.kills[kind] += 1
                print(f"{at + 1} of {kills} kills, {len(self.wrong)} wrong", file=sys.stderr, flush=True)
                self.examine(library, repair=at % 2 == 1, deep=at % 5 == 0)
                if at % 5 == 3:
                    self.look_at_backup(to)
            elif code:
                self.wrong.append(f"victim ended with {code}: {self.log.read_text(encoding='utf-8')[-2000:]}")
                return
            else:
                ended = kind != "ocop ingest"
        try:
            call(lambda: work(library, self.files, to, engine), self.log)
            self.examine(library, repair=True, deep=True)
            if call(lambda: outcome(library), self.log) != self.whole:
                self.wrong.append(f"{library.name}: not the library of an uninterrupted run")
            self.look_at_backup(to)
        except RuntimeError as error:
            self.wrong.append(str(error)[-2000:])
        if not self.wrong:
            shutil.rmtree(library)

    def killed_command(self, library: Path, engine: str) -> int | None:
        process = command("ingest", str(self.place / "tep"), library=library, engine=engine)
        code = kill_after(process.pid, self.chance.uniform(0.5, 6.0))
        process.returncode = 0
        if process.stdout:
            if code:
                self.log.write_text(process.stdout.read(), encoding="utf-8")
            process.stdout.close()
        return 0 if code in {10, 16, 18} else code  # scans cannot be read without OCR

    def examine(self, library: Path, *, repair: bool, deep: bool) -> None:
        if not (library / "library.db").exists():
            self.found["no library yet"] += 1
            return
        try:
            said = call(lambda: told(library, deep=deep, repair=repair, engine=self.engine), self.log)
            for finding in said["findings"]:
                self.found[finding["code"]] += 1
                if not finding["derived"]:
                    self.wrong.append(f"{library.name}: {finding}")
            if repair and not said["clean"]:
                self.wrong.append(f"{library.name}: not mended: {said}")
            again = said
            if repair:
                again = call(lambda: told(library, deep=deep, repair=False, engine=self.engine), self.log)
            if repair and again["findings"]:
                self.wrong.append(f"{library.name}: not clean after mending: {again}")
            self.found["clean at once"] += not said["findings"]
        except RuntimeError as error:
            self.wrong.append(f"doctor: {error}"[-2000:])

    def look_at_backup(self, to: Path) -> None:
        """A backup is there whole or not at all, whatever was killed."""
        if not to.exists():
            return
        with tempfile.TemporaryDirectory(dir=self.place) as folder:
            try:
                call(lambda: restore(to, Path(folder) / "kho") and None, self.log)
                said = call(lambda: told(Path(folder) / "kho", deep=False, repair=True), self.log)
                if not said["clean"]:
                    self.wrong.append(f"restored: {said}")
                self.found["backups restored"] += 1
            except RuntimeError as error:
                self.wrong.append(f"backup: {error}"[-2000:])


def told(library: Path, *, deep: bool, repair: bool, engine: str | None = None) -> dict[str, Any]:
    """What the doctor says, as `ocop doctor --json` does."""
    return doctor.as_json(doctor.examined(settings_of(library, engine), deep=deep, repair=repair))


# ---------------------------------------------------------------- chosen points

#: What a process does to files, as Python tells it to audit hooks; statements of SQL are counted beside.
_EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "fcntl.flock", "sqlite3.connect"}


def armed(job: Callable[[], Any], place: Path, point: int) -> Callable[[], int]:
    """*job*, killed at its *point*-th step (0: never) that touches *place* or writes SQL; else gives the steps it took."""

    def run() -> int:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1
            if steps == point:
                os.killpg(0, signal.SIGKILL)

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event in _EVENTS and (event == "fcntl.flock" or place.name in str(arguments[:2])):
                step()

        def statement(_: Any, __: Any, sql: str, *___: Any) -> None:
            if not sql.lstrip().upper().startswith(("SELECT", "PRAGMA")):
                step()

        sys.addaudithook(hook)
        listen(Engine, "before_cursor_execute", statement)
        listen(Engine, "commit", lambda _: step())
        job()
        return steps

    return run


class Points:
    """Kills at chosen steps of four jobs: a day's work, a migration, making the index anew, restoring."""

    def __init__(self, place: Path, texts: int = 12) -> None:
        self.place = place
        self.log = place / "log.txt"
        self.files = inputs(place / "tep", texts, samples=False)
        call(lambda: work(place / "whole", self.files, place / "whole.zip"), self.log)
        self.wrong: list[str] = []
        self.kills: Counter[str] = Counter()
        self.steps: dict[str, int] = {}

    def all(self, most: int) -> None:
        """At most so many of the steps of each job, evenly."""
        for name in ("work", "migration", "reindex", "restore"):
            self.one(name, most)

    def one(self, name: str, most: int) -> None:
        fresh, job = getattr(self, f"_{name}")
        first = self.place / f"{name}-whole"
        fresh(first)
        steps = self.steps[name] = call(armed(lambda: job(first), first, 0), self.log)
        whole = call(lambda: outcome(first), self.log)
        for point in sorted({1 + round(i * (steps - 1) / max(1, most - 1)) for i in range(most)}):
            library = self.place / f"{name}-{point}"
            fresh(library)
            code = wait(child(armed(lambda at=library: job(at), library, point), self.log))  # type: ignore[misc]
            if code not in (0, -signal.SIGKILL):
                self.wrong.append(f"{name} {point}: {code} {self.log.read_text(encoding='utf-8')[-1000:]}")
                continue
            self.kills[name] += code != 0
            try:
                self.afterwards(name, library, job, whole)
            except RuntimeError as error:
                self.wrong.append(f"{name} {point}: {error}"[-1500:])
            shutil.rmtree(library, ignore_errors=True)

    def afterwards(self, name: str, library: Path, job: Callable[[Path], Any], whole: Any) -> None:
        if (library / "library.db").exists():
            said = call(lambda: told(library, deep=True, repair=False), self.log)
            self.wrong += [f"{name}: {f}" for f in said["findings"] if not f["derived"] and f["code"] != "mat_goc"]
        if name != "restore" or not library.exists():
            call(lambda: job(library), self.log)
        said = call(lambda: told(library, deep=True, repair=True), self.log)
        self.wrong += [f"{name}: {f}" for f in said["findings"] if not f["repaired"] and f["code"] != "mat_goc"]
        if call(lambda: outcome(library), self.log) != whole:
            self.wrong.append(f"{name}: {library.name} is not what an uninterrupted run leaves")

    @property
    def _work(self) -> tuple[Callable[[Path], Any], Callable[[Path], Any]]:
        return lambda at: None, lambda at: work(at, self.files, at.with_suffix(".zip"))

    @property
    def _migration(self) -> tuple[Callable[[Path], Any], Callable[[Path], Any]]:
        """From the first schema; its originals were never kept, so that they are missed and that is not counted."""

        def job(at: Path) -> None:
            with Library.open(at) as library:
                library.resolve_again()

        return lambda at: shutil.copytree(ROOT / "tests" / "fixtures" / "libraries" / "v1", at), job

    @property
    def _reindex(self) -> tuple[Callable[[Path], Any], Callable[[Path], Any]]:
        def job(at: Path) -> None:
            with Library.open(at) as library, closing(Search(at, library.view())) as search:
                search.rebuild("tantivy")

        return lambda at: shutil.copytree(self.place / "whole", at), job

    @property
    def _restore(self) -> tuple[Callable[[Path], Any], Callable[[Path], Any]]:
        return lambda at: None, lambda at: restore(self.place / "whole.zip", at)


# ---------------------------------------------------------------- a full disk


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size. Raises PermissionError where none may be mounted."""
    disk = place / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if done.returncode:
        raise PermissionError(done.stderr.decode(errors="replace").strip())
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def full(job: Callable[[], Any], log: Path) -> Any:
    """What the doctor says on a full disk; None where it says that the disk is full, or that there is no library yet."""
    code = wait(child(job, log))
    if code in (3, 23):
        return None
    if code:
        raise RuntimeError(f"{code}: {log.read_text(encoding='utf-8')}")
    return json.loads(log.with_suffix(".json").read_text(encoding="utf-8"))


def full_disk(place: Path, free: Iterable[int]) -> tuple[Counter[int], list[str]]:
    """A library on a disk with so many kilobytes left, for each of *free*: exit codes of the work, and what was wrong."""
    files, log = inputs(place / "tep", 24, samples=False), place / "log.txt"
    call(lambda: work(place / "whole", files, None), log)
    whole = call(lambda: outcome(place / "whole"), log)
    codes: Counter[int] = Counter()
    wrong = []
    with small_disk(place, 32) as disk:
        for kilobytes in free:
            library, ballast = disk / "kho", disk / "ballast"
            with ballast.open("wb") as out:
                os.posix_fallocate(out.fileno(), 0, max(1, shutil.disk_usage(disk).free - kilobytes * 1024))
            log.unlink(missing_ok=True)
            code = wait(child(lambda at=library: work(at, files, None), log))  # type: ignore[misc]
            codes[code] += 1
            why = log.read_text(encoding="utf-8") if log.exists() else ""
            if code not in (0, 23) or (code and "Đĩa đã đầy" not in why):
                wrong.append(f"{kilobytes} kB: {code} {why[-1500:]}")
            try:
                said = full(lambda at=library: told(at, deep=False, repair=False), log)  # type: ignore[misc]
                if said and (library / "originals").exists() and any((library / "originals").rglob("*")):
                    wrong += [f"{kilobytes} kB: {f}" for f in said["findings"] if not f["derived"]]
                ballast.unlink()
                call(lambda at=library: work(at, files, None), log)  # type: ignore[misc]
                if not call(lambda at=library: told(at, deep=True, repair=True), log)["clean"]:  # type: ignore[misc]
                    wrong.append(f"{kilobytes} kB: not clean after room was made")
                if call(lambda at=library: outcome(at), log) != whole:  # type: ignore[misc]
                    wrong.append(f"{kilobytes} kB: something was lost")
            except RuntimeError as error:
                wrong.append(f"{kilobytes} kB: {error}"[-1500:])
            for left in disk.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    return codes, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--random", type=int, default=100, metavar="N", help="kills at random moments")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--texts", type=int, default=40, metavar="N", help="papers made, besides the samples")
    parser.add_argument("--points", type=int, default=24, metavar="N", help="kills at chosen steps of each job")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 30)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the small disk is to be taken away all the same
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ocop-faults-", dir=quick_place()) as place:
        faults = Faults(made(Path(place) / "random"), seed, options.texts)
        faults.random(options.random)
        points = Points(made(Path(place) / "points"))
        if options.points:
            points.all(options.points)
        try:
            codes, unwell = full_disk(made(Path(place) / "full"), FREE)
            disk = {str(code): times for code, times in codes.items()}
        except PermissionError as error:
            disk, unwell = {f"skipped, no disk may be mounted: {error}": 0}, []
        wrong = faults.wrong + points.wrong + unwell
        report = {
            "seed": seed,
            "files": len(faults.files),
            "seconds of an uninterrupted run": round(faults.whole_seconds, 1),
            "kills at random": dict(faults.kills),
            "libraries begun, each brought to its end": faults.rounds,
            "found by the doctor after a random kill (all of it mended)": dict(faults.found),
            "steps of each job": points.steps,
            "kills at chosen steps": dict(points.kills),
            "full disk: exit codes": disk,
            "wrong": wrong,
            "seconds": round(time.monotonic() - began),
        }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if wrong or sum(faults.kills.values()) < options.random else 0


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
