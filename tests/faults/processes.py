"""Jobs in processes of their own, whose session can be killed as a whole; their value and errors are left in files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from corpus.errors import OcopError
from tests.paths import ROOT

#: The exit code of a job that raised something else than an error of ours.
_PROGRAM_ERROR = 70
_ENVIRONMENT = {"OCOP_OCR_MODE": "off", "OCOP_SECOND_READER": "false", "OCOP_JOBS": "2", "PYTHONWARNINGS": "ignore"}


def fast_folder() -> str | None:
    """The folder for libraries that are killed: in memory where there is room (SIGKILL does not involve the disk)."""
    memory = Path("/dev/shm")
    return str(memory) if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30 else None


def start(job: Callable[[], Any], log: Path) -> int:
    """Starts *job* in a process with a session of its own; the process id.

    What it raises is written to *log*, its value to *log* with the suffix ``.json``.
    """
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
        os._exit(_PROGRAM_ERROR)


def wait(pid: int) -> int:
    """The exit code of a process, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def call(job: Callable[[], Any], log: Path) -> Any:
    """The value of *job*, run in a process of its own. Raises RuntimeError with what it wrote to *log*."""
    code = wait(start(job, log))
    if code:
        raise RuntimeError(f"{code}: {log.read_text(encoding='utf-8') if log.exists() else ''}")
    return value_in(log)


def value_in(log: Path) -> Any:
    """The value that the last job left."""
    return json.loads(log.with_suffix(".json").read_text(encoding="utf-8"))


def kill_after(pid: int, seconds: float) -> int | None:
    """Kills the session of a process after *seconds*.

    None when it was killed, else the exit code with which it had ended before.
    """
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
    """The real `ocop`, in a session of its own. settings: of the environment, without ``OCOP_``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OCOP_")}
    environment |= _ENVIRONMENT | {f"OCOP_{name.upper()}": value for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "webui", *arguments, "--library", str(library)],
        env=environment,
        cwd=ROOT,
        start_new_session=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def run(*arguments: str, library: Path) -> tuple[int, str]:
    """Exit code and output of the real `ocop`."""
    process = command(*arguments, library=library)
    output, _ = process.communicate()
    return process.returncode, output
