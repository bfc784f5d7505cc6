"""SIGKILLs at random moments, library after library.

After each kill the doctor examines what is left. It may find only what can be made again (the index behind what was
just stored, a file copied half); every other time it repairs that as well, and must then find nothing. A victim that
runs to its end must leave the same library as one that was never interrupted: the same export byte for byte, the same
corrections, the same audit list.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from corpus.library.restore import restore
from tests.faults.health import examined
from tests.faults.processes import call, command, kill_after, start
from tests.faults.victim import inputs, outcome, work
from tests.support.engines import LOCAL

#: Things that are wrong after which it is enough.
_MOST_WRONG = 20
#: Characters of an error that are reported.
_SHOWN = 2_000
#: Exit codes of an ingest some of whose files cannot be read: scans, without OCR.
_SOME_UNREADABLE = (10, 16, 18)


class RandomKills:
    """Kills in the folder *place*: what was found after them, and what was wrong."""

    def __init__(self, place: Path, seed: int, texts: int = 40, *, samples: bool = True) -> None:
        self.files = inputs(place / "tep", texts, samples=samples)
        self.wrong: list[str] = []
        #: Code of a finding of the doctor → times.
        self.found: Counter[str] = Counter()
        #: What was killed → times.
        self.kills: Counter[str] = Counter()
        self.libraries = 0
        self._place = place
        self._chance = random.Random(seed)
        self._log = place / "log.txt"
        self._engine = ""
        began = time.monotonic()
        call(lambda: work(place / "whole", self.files, place / "whole.zip"), self._log)
        #: Seconds of an uninterrupted run; kills are drawn from a part of it.
        self.seconds = time.monotonic() - began
        self._expected = call(lambda: outcome(place / "whole"), self._log)

    def kill(self, times: int) -> None:
        """So many kills."""
        while sum(self.kills.values()) < times and len(self.wrong) < _MOST_WRONG:
            self.libraries += 1
            self._one_library(times)

    def _one_library(self, times: int) -> None:
        """Kills the work on one library until it ends, then completes it and compares it with the uninterrupted one."""
        library = self._place / f"kho{self.libraries}"
        to = self._place / f"sao{self.libraries}.zip"
        engine = self._engine = LOCAL[self.libraries % len(LOCAL)]
        ended = False
        while not ended and sum(self.kills.values()) < times:
            number = sum(self.kills.values())
            if number % 6 == 5:
                kind, code = "ocop ingest", self._killed_command(library)
            else:
                kind = "ingest, correct, backup"
                pid = start(lambda: work(library, self.files, to, engine), self._log)
                code = kill_after(pid, self._chance.uniform(0.0, max(0.3, self.seconds / 4)))
            if code is None:
                self.kills[kind] += 1
                print(f"{number + 1} of {times} kills, {len(self.wrong)} wrong", file=sys.stderr, flush=True)
                self._examine(library, repair=number % 2 == 1, deep=number % 5 == 0)
                if number % 5 == 3:
                    self._check_backup(to)
            elif code:
                self.wrong.append(f"the victim ended with {code}: {self._log.read_text(encoding='utf-8')[-_SHOWN:]}")
                return
            else:
                ended = kind != "ocop ingest"
        try:
            call(lambda: work(library, self.files, to, engine), self._log)
            self._examine(library, repair=True, deep=True)
            if call(lambda: outcome(library), self._log) != self._expected:
                self.wrong.append(f"{library.name}: not the library of an uninterrupted run")
            self._check_backup(to)
        except RuntimeError as error:
            self.wrong.append(str(error)[-_SHOWN:])
        if not self.wrong:
            shutil.rmtree(library)

    def _killed_command(self, library: Path) -> int | None:
        """The real command, killed: None when it was, else its exit code; 0 where it only could not read some files."""
        process = command("ingest", str(self._place / "tep"), library=library, engine=self._engine)
        code = kill_after(process.pid, self._chance.uniform(0.5, 6.0))
        process.returncode = 0
        if process.stdout:
            if code:
                self._log.write_text(process.stdout.read(), encoding="utf-8")
            process.stdout.close()
        return 0 if code in _SOME_UNREADABLE else code

    def _examine(self, library: Path, *, repair: bool, deep: bool) -> None:
        if not (library / "library.db").exists():
            self.found["no library yet"] += 1
            return

        def doctor(*, repair: bool) -> dict[str, Any]:
            report: dict[str, Any] = call(
                lambda: examined(library, deep=deep, repair=repair, engine=self._engine), self._log
            )
            return report

        try:
            report = doctor(repair=repair)
            for finding in report["findings"]:
                self.found[finding["code"]] += 1
                if not finding["derived"]:
                    self.wrong.append(f"{library.name}: {finding}")
            self.found["clean at once"] += not report["findings"]
            if repair:
                again = doctor(repair=False)
                if not report["clean"]:
                    self.wrong.append(f"{library.name}: not repaired: {report}")
                if again["findings"]:
                    self.wrong.append(f"{library.name}: not clean after the repair: {again}")
        except RuntimeError as error:
            self.wrong.append(f"doctor: {error}"[-_SHOWN:])

    def _check_backup(self, to: Path) -> None:
        """A backup is there whole or not at all, whatever was killed."""
        if not to.exists():
            return
        with tempfile.TemporaryDirectory(dir=self._place) as folder:
            library = Path(folder) / "kho"
            try:
                call(lambda: restore(to, library) and None, self._log)
                report = call(lambda: examined(library, deep=False, repair=True), self._log)
                if not report["clean"]:
                    self.wrong.append(f"restored: {report}")
                self.found["backups restored"] += 1
            except RuntimeError as error:
                self.wrong.append(f"backup: {error}"[-_SHOWN:])
