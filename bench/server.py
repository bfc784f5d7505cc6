"""The real `ocop` beside a measurement: commands, a server with its address, and what its processes use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


def command(*arguments: str, nice: int = 0) -> list[str]:
    """The command line of `ocop` with *arguments*."""
    return [*(["nice", "-n", str(nice)] if nice else []), sys.executable, "-m", "webui", *arguments]


@contextmanager
def serving(
    library: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    tree: Path | None = None,
    options: Sequence[str] = (),
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over *library* and its address; its errors go to *log*. tree: the checkout whose code runs.

    options: further ones of `ocop serve`.
    """
    with log.open("w") as errors:
        server = subprocess.Popen(
            command("serve", "--port", "0", "--library", str(library), *options),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
            cwd=tree,
        )
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None, log.read_text()
            yield server, found[0]
        finally:
            server.terminate()
            server.wait()
            if server.stdout is not None:
                server.stdout.close()


def status_field(pid: int, name: str) -> int:
    """A number of ``/proc/PID/status`` (kilobytes for memory); 0 where there is none."""
    found = re.search(rf"{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB; 0 when it is gone."""
    with suppress(OSError):
        return status_field(pid, "VmRSS") / 1024
    return 0.0


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process started, and those that they started."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def processes(pid: int) -> list[int]:
    """A process and its :func:`descendants`."""
    return [pid, *descendants(pid)]


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
