"""Files that are complete or absent, even after a power cut.

A file is written beside its target, fsynced, renamed, and its folder is fsynced. While it is being written its writer
holds a lock on it, which the operating system releases when the writer dies: so what a killed process left can be
distinguished from what is still being written.
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
    """Make sure that names created or changed in *folder* survive a power cut."""
    sync_file(folder)


def sync_file(file: Path) -> None:
    """Make sure that the bytes of *file* survive a power cut."""
    handle = os.open(file, os.O_RDONLY)
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
    """A file (mode 0600) that replaces *target* when the block ends, and is deleted where the block fails."""
    while True:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{ASIDE}{target.name[:50]}.")
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # else deleted as abandoned before it was locked
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
    """Write *data* as the file *target*; see :func:`writing`."""
    with writing(target) as out:
        out.write(data)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder in *folder* for temporary work, deleted when the block ends; see :func:`abandoned_scratch`."""
    while True:
        name = tempfile.mkdtemp(prefix=SCRATCH, dir=folder)
        with suppress(FileNotFoundError):  # deleted as abandoned before it was locked
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
    """Scratch folders in which no process works any more, whatever machine or container it ran in."""
    return sorted(path for path in folder.glob(f"{SCRATCH}*") if is_abandoned(path))


def is_running(pid: str) -> bool:
    """Whether a process of that number runs on this machine."""
    return pid.isdecimal() and Path(f"/proc/{pid}").exists()


def is_abandoned(path: Path) -> bool:
    """Whether no process works on *path* any more: a file written aside or a scratch folder."""
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
