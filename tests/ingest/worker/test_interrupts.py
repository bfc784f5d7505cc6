"""Ctrl-C ends the process that the user started, and none that it starts with a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys

from ingest.worker.interrupts import kept_from_started
from tests.paths import ROOT

_CODE = """
import os, signal
from multiprocessing import forkserver
from pathlib import Path
from ingest.worker.pool import Pool
with Pool(1).prepare():
    status = Path(f"/proc/{forkserver._forkserver._forkserver_pid}/status").read_text()
ignored = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigIgn:"))
print(bool(ignored >> (signal.SIGINT - 1) & 1), signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_what_workers_fork_off_from_ignores_ctrl_c_and_the_starter_does_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{_CODE}"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout.split() == ["True", "True"]


def test_a_process_started_inside_ignores_ctrl_c() -> None:
    ask = [sys.executable, "-c", "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"]
    handler = signal.getsignal(signal.SIGINT)
    with kept_from_started():
        assert subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip() == "True"
    assert signal.getsignal(signal.SIGINT) is handler
