"""The worker process itself: confines itself, then runs one task after another until the supervisor ends it."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from corpus.errors import MissingTool, OcopError, ReadFailure, Refused
from corpus.vocabulary import Verdict
from ingest.limits import Limits
from ingest.worker import progress, sandbox
from ingest.worker.folders import SCRATCH_PREFIX
from ingest.worker.garbage import collect_seldom
from ingest.worker.outcome import VALUE_FILE
from ingest.worker.task import Function

#: How much a worker steps back behind the process that stores what it reads: nothing is to wait for that, least of all
#: the end of a run, when the workers are done.
NICER = 3
#: The file in a worker's folder that lists what the kernel refused to enforce.
REFUSED_FILE = "refused.json"


def worker_main(channel: Connection, folder: str, limits: Limits, writable: list[str] | None) -> None:
    """Run tasks that arrive on *channel* until it closes.

    folder: the worker's own. writable: further folders it may write in; None for anywhere. A byte on the channel says
    that the worker has started or that a task is done; the value lies in the task's folder.
    """
    supervisor = multiprocessing.parent_process()
    _confine(limits, folder, writable, {channel.fileno(), *([supervisor.sentinel] if supervisor else [])})
    collect_seldom()  # a reading is dropped as a whole
    os.write(channel.fileno(), b".")
    while True:
        try:
            task_folder, cpu_seconds, function, path, arguments = pickle.loads(channel.recv_bytes())
        except (EOFError, OSError):
            return
        _run(Path(task_folder), cpu_seconds, function, path, arguments)
        os.write(channel.fileno(), b".")


def _confine(limits: Limits, folder: str, writable: list[str] | None, kept: set[int]) -> None:
    # Page images lie in the worker's own folder, which the supervisor removes when it has to kill the worker.
    own = Path(folder) / f"{SCRATCH_PREFIX}{os.getpid()}"
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)
    os.setsid()  # a session of its own: killed as a whole, and Ctrl-C at the terminal reaches the supervisor only
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICER)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    _close_channels(kept)
    refused = sandbox.confine(limits, [] if writable is None else [Path(folder), *map(Path, writable)])
    if refused:
        with suppress(OSError):
            (Path(folder) / REFUSED_FILE).write_text(json.dumps(refused), encoding="utf-8")
    threading.Thread(target=_end_when_orphaned, daemon=True).start()


def _close_channels(kept: set[int]) -> None:
    """Redirect inherited pipes and sockets to /dev/null, all but *kept*: they lead to processes outside the sandbox.

    Standard output and error as well: what a worker reports comes back in its value only.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the descriptor of the listing itself is closed by now
            leads = os.readlink(f"/proc/self/fd/{name}")
            if int(name) > 2 and int(name) not in kept and leads.startswith(("pipe:", "socket:")):
                os.dup2(nowhere, int(name), inheritable=False)
    os.close(nowhere)


def _end_when_orphaned() -> None:
    """End this process and its children when the supervisor dies: killed outright, it cannot clean up."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os.killpg(0, signal.SIGKILL)


def _run(folder: Path, cpu_seconds: float, function: Function, path: str, arguments: tuple[Any, ...]) -> None:
    """Write ["value", it] or ["failure", [message, verdict]]: exceptions go back as words, never as objects."""
    progress.begin(folder)
    sandbox.allow_cpu(cpu_seconds)
    try:
        # Serialised here, so that a value that is no JSON is a failure of this file and does not end the worker.
        value = json.dumps(["value", function(path, *arguments)], ensure_ascii=False).encode("utf-8", "surrogatepass")
        (folder / VALUE_FILE).write_bytes(value)
    except MemoryError:
        _leave_failure(folder, "", Verdict.OUT_OF_MEMORY)  # the supervisor adds the page
    except Exception as error:
        _leave_failure(folder, *_described(error))
    finally:
        progress.end()


def _leave_failure(folder: Path, message: str, verdict: Verdict) -> None:
    value = json.dumps(["failure", [message, verdict]])
    (folder / VALUE_FILE).write_bytes(value.encode())


def _described(error: Exception) -> tuple[str, Verdict]:
    """(message for the user, verdict)."""
    match error:
        case ReadFailure():
            return str(error), error.verdict
        case Refused():
            return str(error), Verdict.SECRET
        case MissingTool():
            return str(error), Verdict.MISSING_TOOL
        case OcopError():
            return str(error), Verdict.PROGRAM_ERROR
        case FileNotFoundError():
            return "Tệp biến mất trong lúc đọc. Hãy kiểm tra lại đường dẫn.", Verdict.NOT_OPENED
        case RecursionError():
            return "Tệp lồng nhau quá sâu nên không đọc được. Hãy lấy lại tệp gốc.", Verdict.DAMAGED
    return f"Lỗi chương trình khi đọc tệp ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR
