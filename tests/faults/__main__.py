"""Kills and full disks against a library, and what became of it: ``python -m tests.faults --random 100``.

Prints the figures as JSON. Exit code 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.chosen_steps import ChosenSteps
from tests.faults.full_disk import FREE, FullDisk
from tests.faults.processes import fast_folder
from tests.faults.random_kills import RandomKills


def main() -> int:
    """Runs all three kinds of faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=100, metavar="N", help="kills at random moments")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--texts", type=int, default=40, metavar="N", help="documents made, besides the samples")
    parser.add_argument("--points", type=int, default=24, metavar="N", help="kills at chosen steps of each job")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 30)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the small disk is unmounted
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ocop-faults-", dir=fast_folder()) as name:
        kills = RandomKills(_made(Path(name) / "random"), seed, options.texts)
        kills.kill(options.random)
        steps = ChosenSteps(_made(Path(name) / "points"))
        if options.points:
            steps.kill_all(options.points)
        disk = FullDisk(_made(Path(name) / "full"))
        try:
            disk.fill(FREE)
            codes = {str(code): times for code, times in disk.codes.items()}
        except PermissionError as error:
            codes = {f"skipped, no disk may be mounted: {error}": 0}
        wrong = kills.wrong + steps.wrong + disk.wrong
        report = {
            "seed": seed,
            "files": len(kills.files),
            "seconds of an uninterrupted run": round(kills.seconds, 1),
            "kills at random moments": dict(kills.kills),
            "libraries begun, each completed": kills.libraries,
            "found by the doctor after a random kill, all of it repaired": dict(kills.found),
            "steps of each job": steps.steps,
            "kills at chosen steps": dict(steps.kills),
            "full disk: exit codes": codes,
            "wrong": wrong,
            "seconds": round(time.monotonic() - began),
        }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if wrong or sum(kills.kills.values()) < options.random else 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
