"""Hundreds of hostile files through the real `ocop ingest`: ``python -m tests.hostile [--kind K] [--seed N] [--json]``.

Prints a table of kinds and outcomes. Exit code 1 when a promise was not kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from ingest.ocr.engine import ENGINES
from tests.hostile.all_kinds import KINDS
from tests.hostile.campaign import SPECIAL, run
from tests.hostile.harness import LIMITS


def main() -> int:
    """Runs the kinds that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument(
        "--kind", action="append", default=[], choices=[*KINDS, *SPECIAL], help="more than once for more"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=0, help="so many files of each kind")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ocr", choices=list(ENGINES), default="tesseract", help="who reads page images")
    parser.add_argument("--json", action="store_true", help="the table as JSON as well, on the last line")
    given = parser.parse_args()
    began = time.monotonic()
    print("limits: " + ", ".join(f"OCOP_{name}={value}" for name, value in LIMITS.items()))
    print(f"{'kind':32} {'bad':>4} {'good':>4} {'time':>7} {'worker':>8} {'ocop':>7}  outcomes")
    tallies = []
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        kinds = tuple(given.kind)
        for tally in run(Path(folder), seed=given.seed, kinds=kinds, most=given.most, jobs=given.jobs, ocr=given.ocr):
            print(tally.line(), flush=True)
            tallies.append(tally)
    breaches = sum(len(tally.breaches) for tally in tallies)
    inputs, good = sum(tally.inputs for tally in tallies), sum(tally.good_files for tally in tallies)
    print(f"{inputs} hostile inputs, {good} good files, {time.monotonic() - began:.0f} s, {breaches} breaches")
    if given.json:
        print(json.dumps([asdict(tally) for tally in tallies], ensure_ascii=False))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
