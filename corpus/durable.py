"""Files that are there whole or not at all, whenever the power goes: written aside, fsynced, renamed, folder fsynced.

A file being written aside is held by a lock that dies with its writer, so that what a killed one left is told from what
is still being written.
"""

from __future__ import annotations

import fcntl
import os
import shutil
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
    """A folder in *folder* for work that nobody needs after it; see :func:`abandoned_scratch`."""
    while True:
        name = tempfile.mkdtemp(prefix=SCRATCH, dir=folder)
        with suppress(FileNotFoundError):  # swept away before it was locked
            handle = os.open(name, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.path.isdir(name):
                break
            os.close(handle)
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
        os.close(handle)


def abandoned_scratch(folder: Path) -> list[Path]:
    """Scratch folders that nobody works in any more, whichever machine or container the work was done in."""
    return sorted(path for path in folder.glob(f"{SCRATCH}*") if is_abandoned(path))


def alive(pid: str) -> bool:
    """Whether a process of that number runs."""
    return pid.isdecimal() and Path(f"/proc/{pid}").exists()


def is_abandoned(path: Path) -> bool:
    """Whether nobody is at work any more on *path*, a file written aside or a scratch folder."""
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
