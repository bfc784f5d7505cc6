"""Reads and removes what a worker left in its folder, which the file it read may control.

No link is followed, neither to a file nor to the folder. Nothing but a regular file is opened, and never more bytes are
read than allowed. Whatever a worker made of its folder, the folder is removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_BLOCK = 1 << 20
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """A descriptor of *folder*. Raises OSError where the worker replaced it, by a link for instance."""
    handle = os.open(folder, _OPEN_FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


def read(folder: Path, name: str, max_bytes: int) -> bytes:
    """The regular file *name* in *folder*. Raises OSError, and ValueError for another kind or more than *max_bytes*."""
    with _opened(folder) as handle, os.fdopen(os.open(name, _OPEN_FILE, dir_fd=handle), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > max_bytes:
            raise ValueError("not a file of that kind")
        return file.read(max_bytes)


def copy(folder: Path, name: str, target: Path, max_bytes: int) -> str:
    """Copy the regular file *name* in *folder* to the new file *target*; its SHA-256. Raises as :func:`read`."""
    with _opened(folder) as handle, os.fdopen(os.open(name, _OPEN_FILE, dir_fd=handle), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > max_bytes:
            raise ValueError("not a file of that kind")
        digest, left = hashlib.sha256(), max_bytes
        with target.open("xb") as out:
            while block := file.read(min(_BLOCK, left)):
                left -= len(block)
                digest.update(block)
                out.write(block)
        return digest.hexdigest()


def delete(folder: Path, name: str) -> None:
    """Delete the file *name* in *folder*, if it is there. Never raises."""
    with suppress(OSError), _opened(folder) as handle:
        os.unlink(name, dir_fd=handle)


def remove(folder: Path) -> bool:
    """Remove *folder*, or what stands in its place; returns whether it is gone. Never raises."""
    with suppress(OSError):
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            os.unlink(folder)
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):  # nested deeper than Python can follow
        _run("rm", "-rf", "--", folder)
    return not os.path.lexists(folder)


def remove_forcibly(folder: Path) -> None:
    """Like :func:`remove`, for the folder of a worker that has ended, even where it holds folders nobody may enter."""
    if not remove(folder):
        _run("find", "-P", folder, "-type", "d", "!", "-perm", "-u+rwx", "-exec", "chmod", "u+rwx", "{}", ";")
        remove(folder)


def _run(*command: str | Path) -> None:
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, check=False, capture_output=True, timeout=60)
