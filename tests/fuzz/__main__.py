"""Fuzzes the parsers: ``python -m tests.fuzz --minutes 10 [--target citations]``.

Inputs are mutations of sample documents and of the kept inputs. Those that run new lines or give answers of a new
kind are mutated further and, shortened as far as they stay new, kept in ``tests/fuzz_corpus``. Every answer is
checked, and the work an input may cause (lines of Python that run) is bounded by its length. Prints a line of
progress every half minute and the figures as JSON; exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from tests.fuzz.campaign import Campaign
from tests.fuzz.targets import MAIN, TARGETS


def main() -> int:
    """Runs the campaigns that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="of each target")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="default: " + ", ".join(MAIN))
    parser.add_argument("--seed", type=int, default=None, help="of the random source; default: the clock")
    parser.add_argument("--no-keep", action="store_true", help="leave the kept inputs as they are")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else int(time.time())
    reports = []
    for name in args.target or MAIN:
        campaign = Campaign(TARGETS[name], seed)
        campaign.start()
        campaign.go(args.minutes * 60)
        reports.append(campaign.report(0 if args.no_keep else campaign.keep()))
    print(json.dumps(reports, ensure_ascii=True, indent=1))
    return 1 if any(report["faults"] for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
