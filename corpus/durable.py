"""Files that are there whole or not at all, whenever the power goes: written aside, fsynced, renamed, folder fsynced.

A file being written aside is held by a lock that dies with its writer, so that what a killed one left is told from what
is still being written.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

#: How the name of a file begins while it is written.
ASIDE = ".new-"
#: How the name of a scratch folder begins.
SCRATCH = ".tam-"


def sync_folder(folder: Path) -> None:
    """Make sure that names made or changed in *folder* outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make *folder* and those above it, each new name fsynced."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode)
    sync_folder(folder.parent)


@contextmanager
def writing(target: Path) -> Iterator[IO[bytes]]:
    """A file (0600) to write *target*'s bytes to; it takes *target*'s place when the block ends, and is gone if that fails."""
    while True:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{ASIDE}{target.name[:50]}.")
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # else swept away before it was locked
            break
        os.close(handle)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(handle)
            os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    sync_folder(target.parent)


def write(target: Path, data: bytes) -> None:
    """*data* as the file *target*."""
    with writing(target) as out:
        out.write(data)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder in *folder* for work that nobody needs after it; see :func:`spare_scratch`."""
    with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-", dir=folder) as made:
        yield Path(made)


def spare_scratch(folder: Path) -> list[Path]:
    """Scratch folders whose process is no more."""
    found = ((path, path.name.removeprefix(SCRATCH).split("-")[0]) for path in folder.glob(f"{SCRATCH}*"))
    return sorted(path for path, pid in found if not alive(pid))


def alive(pid: str) -> bool:
    """Whether a process of that number runs."""
    return pid.isdecimal() and Path(f"/proc/{pid}").exists()


def spare(path: Path) -> bool:
    """Whether nobody is writing the file *path* any more, which was being written aside."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
