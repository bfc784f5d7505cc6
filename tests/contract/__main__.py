"""Many generated calls of the API: ``python -m tests.contract [--examples 200]``.

Prints the figures as JSON. Exit code 1 on any breach of the description.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.contract.api_contract import library, run


def main() -> int:
    """Runs signed out and signed in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200, help="generated calls of an operation, in each mode")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        made = library(Path(folder))
        reports = {
            name: run(made, given.examples, signed_in=signed_in)
            for name, signed_in in (("signed_out", False), ("signed_in", True))
        }
    figures: dict[str, Any] = {name: report.as_json() for name, report in reports.items()}
    figures["seconds"] = round(time.perf_counter() - began, 1)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return int(any(report.breaches or report.server_errors for report in reports.values()))


if __name__ == "__main__":
    sys.exit(main())
