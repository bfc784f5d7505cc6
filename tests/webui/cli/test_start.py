"""Where `ocop` starts: the process that workers fork off from is started before the command is understood."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import sys
from multiprocessing import forkserver
sys.argv = ["ocop", *{arguments!r}]
from webui.start import main
main()
print(forkserver._forkserver._forkserver_pid is not None, len(forkserver._forkserver._preload_modules))
"""


def _started(*arguments: str) -> list[str]:
    """Whether `ocop` started that process, and how many modules it was told to import."""
    program = _PROGRAM.format(arguments=arguments)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_ingest_starts_it_before_it_looks_for_the_files() -> None:
    assert _started("ingest", "/nowhere") == ["True", "5"]


@pytest.mark.parametrize("arguments", [["ingest", "--help"], ["ingest"], ["ingest", "--queue", "/nowhere"], ["status"]])
def test_what_reads_no_file_does_not(arguments: list[str]) -> None:
    assert _started(*arguments)[0] == "False"


def test_workers_fork_off_from_it() -> None:
    program = (
        "from ingest.worker import fork_server\n"
        "from multiprocessing import forkserver\n"
        "fork_server.start([])\n"
        "first = forkserver._forkserver._forkserver_pid\n"
        "from ingest.worker.pool import Pool\n"
        "with Pool(1).prepare():\n"
        "    print(first, forkserver._forkserver._forkserver_pid)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    first, now = done.stdout.split()
    assert first == now != "None"
