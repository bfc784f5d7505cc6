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
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from corpus.backup import backup, restore
from corpus.errors import OcopError
from corpus.store import Library
from search.service import Search
from tests.web_library import paper
from webui import doctoring
from webui.ingesting import ingest
from webui.settings import Settings

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "corpus" / "samples" / "files"
#: Files between two looks of the index, corrections and so on.
STEP = 6
ENVIRONMENT = {"OCOP_OCR_MODE": "off", "OCOP_SECOND_READER": "false", "OCOP_JOBS": "2", "PYTHONWARNINGS": "ignore"}


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
    with Library.open(library, create=True) as opened, closing(Search(library, opened, engine)) as search:
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
    held = [s.id for s in library.find(path) if s.held]
    if not held or number % 5:
        return
    id_ = held[0]

    def standing(value: str) -> list[Any]:
        return [c for c in library.corrections() if c.document == id_ and c.after == value]

    def say(value: str) -> None:
        if not standing(value):
            library.correct(id_, "title", value, who="lan")

    say(f"Trích yếu sửa lần một của {number}")
    if number % 2:
        for wrong in standing(f"Trích yếu sửa lần một của {number}"):
            if not wrong.undone:
                library.undo(wrong.id)
        say(f"Trích yếu sửa lần hai của {number}")
    if number % 3 == 0:
        library.remove(id_, "gỡ thử")


def outcome(library: Path) -> dict[str, Any]:
    """All that a library says, without ids and clock times."""
    with Library.open(library) as opened:
        return {
            "dump": list(opened.dump(include_restricted=True)),
            "corrections": sorted(
                [c.field, str(c.before), str(c.after), c.who, c.undone] for c in opened.corrections()
            ),
            "audit": sorted([e.action, e.undone, *e.documents] for e in opened.audit()),
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
        log.with_suffix(".json").write_text(json.dumps(value), encoding="utf-8")
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
        engine = ("whoosh", "tantivy")[self.rounds % 2]
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
            said = call(lambda: told(library, deep=deep, repair=repair), self.log)
            for finding in said["findings"]:
                self.found[finding["code"]] += 1
                if not finding["derived"]:
                    self.wrong.append(f"{library.name}: {finding}")
            if repair and not said["clean"]:
                self.wrong.append(f"{library.name}: not mended: {said}")
            if repair and (after := call(lambda: told(library, deep=deep, repair=False), self.log))["findings"]:
                self.wrong.append(f"{library.name}: not clean after mending: {after}")
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


def told(library: Path, *, deep: bool, repair: bool) -> dict[str, Any]:
    return doctoring.as_json(doctoring.examined(settings_of(library), deep=deep, repair=repair))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--random", type=int, default=100, metavar="N", help="kills at random moments")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--texts", type=int, default=40, metavar="N", help="papers made, besides the samples")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 30)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ocop-faults-") as place:
        faults = Faults(Path(place), seed, options.texts)
        faults.random(options.random)
        wanted = options.random
        report = {
            "seed": seed,
            "files": len(faults.files),
            "seconds of an uninterrupted run": round(faults.whole_seconds, 1),
            "kills": dict(faults.kills),
            "libraries brought to their end": faults.rounds,
            "found by the doctor after a kill": dict(faults.found),
            "wrong": faults.wrong,
            "seconds": round(time.monotonic() - began),
        }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if faults.wrong or sum(faults.kills.values()) < wanted else 0


if __name__ == "__main__":
    sys.exit(main())
