"""What finding tables costs: ``python -m bench.table_cost FILE_OR_FOLDER… [--most N]``.

Documents without tables: the time of finding none, as a share of the time of the rest of the reading. Documents with
tables: that time for each page that has one. Process time, so that other work on the machine counts little. Exit code 1
where it is too much.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ingest.extract import read_record
from ingest.read import read
from ingest.tables.find import find_tables

#: Share of the reading that documents without tables may cost more, and seconds for a page with a table.
MOST_SHARE, MOST_SECONDS = 0.03, 0.4


def cost_of(path: Path) -> tuple[float, float, int, int]:
    """(seconds of finding tables, seconds of the whole reading, pages, pages with a table) of one document."""
    started = time.process_time()
    read_record(str(path))
    whole = time.process_time() - started
    with read(path) as reading:
        started = time.process_time()
        tables = find_tables(reading)
        finding = time.process_time() - started
        pages = len(reading.pages)
    return finding, whole, pages, len({region.page for table in tables for region in table.regions})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where finding tables costs too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="+", help="documents, or folders of them")
    parser.add_argument("--most", type=int, help="documents that are read")
    given = parser.parse_args(arguments)
    files = [f for path in given.paths for f in (sorted(path.iterdir()) if path.is_dir() else [path])]
    costs = [cost_of(file) for file in files[: given.most]]
    without = [cost for cost in costs if not cost[3]]
    with_tables = [cost for cost in costs if cost[3]]
    finding, whole = sum(c[0] for c in without), sum(c[1] for c in without)
    share = finding / (whole - finding) if whole > finding else 0.0
    print(f"without tables: {len(without)} documents, {sum(c[2] for c in without)} pages, {share:.1%} more")
    pages = sum(c[3] for c in with_tables)
    seconds = sum(c[0] for c in with_tables) / pages if pages else 0.0
    print(f"with tables: {len(with_tables)} documents, {pages} pages with one, {seconds:.3f} s a page")
    return int(share > MOST_SHARE or seconds > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
