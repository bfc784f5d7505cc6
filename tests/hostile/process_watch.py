"""Watches the processes of one run: their memory, their network, and which of them outlive it."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: Seconds between two looks.
_INTERVAL = 0.3
#: Looks at a worker before it must have a network of its own, without any interface.
_LOOKS_BEFORE_JUDGING = 100
#: Seconds in which the processes of a run must end after it.
_PATIENCE = 120


class ProcessWatch:
    """Watches the processes that have *mark* in their environment, from :meth:`begin` to :meth:`end`."""

    def __init__(self, mark: str) -> None:
        self._mark = f"HOSTILE_MARK={mark}".encode()
        #: Peak resident bytes of a worker, and of the command itself.
        self.worker_memory = self.command_memory = 0
        #: Workers that kept this machine's network.
        self.networked = 0
        self._running = True
        self._pid = 0
        self._looks: dict[int, int] = {}
        self._thread = threading.Thread(target=self._look_again_and_again, daemon=True)

    def begin(self, pid: int) -> None:
        """Starts watching; *pid* is the command's."""
        self._pid = pid
        self._thread.start()

    def end(self) -> None:
        """Stops watching."""
        self._running = False
        self._thread.join()

    def _processes(self) -> Iterator[int]:
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != os.getpid():
                with suppress(OSError):
                    if self._mark in (folder / "environ").read_bytes():
                        yield int(folder.name)

    def left_over(self) -> list[str]:
        """The processes of the run that do not end by themselves; they are killed."""
        until = time.monotonic() + _PATIENCE
        while names := [name for pid in self._processes() if (name := _living(pid))]:
            if time.monotonic() > until:
                break
            time.sleep(_INTERVAL)
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return names

    def _look_again_and_again(self) -> None:
        while self._running:
            for pid in list(self._processes()):
                with suppress(OSError):
                    resident = _resident_bytes(pid)
                    if pid == self._pid:
                        self.command_memory = max(self.command_memory, resident)
                    else:
                        self.worker_memory = max(self.worker_memory, resident)
                        self._check_network(pid)
            time.sleep(_INTERVAL)

    def _check_network(self, pid: int) -> None:
        """A worker (a session leader of the run) must leave this machine's network soon after its start."""
        if os.getsid(pid) != pid or _network(pid) != _network(os.getpid()):
            return
        self._looks[pid] = self._looks.get(pid, 0) + 1
        if self._looks[pid] == _LOOKS_BEFORE_JUDGING:
            self.networked += 1


def _living(pid: int) -> str:
    """Number and command line of a process; empty for a dead one."""
    with suppress(OSError):
        if "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text():
            return f"{pid} {Path(f'/proc/{pid}/cmdline').read_bytes()[:80]!r}"
    return ""


def _resident_bytes(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) << 10 if found else 0


def _network(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/net")
