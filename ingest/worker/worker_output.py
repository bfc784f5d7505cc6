"""What a worker left in its folder, taken with care: it may be in the hands of the file it read.

No link is followed, neither to a file nor to the folder; nothing but a regular file is opened, never more is read than
may be there; and whatever it made of its folder, the folder goes.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """*folder*, which its worker may have replaced by a link to another. Raises OSError for what is none."""
    handle = os.open(folder, _FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


def read(folder: Path, name: str, most: int) -> bytes:
    """The regular file *name* in *folder*, at most *most* bytes. Raises OSError, ValueError (another kind, larger)."""
    with _opened(folder) as handle, os.fdopen(os.open(name, _FILE, dir_fd=handle), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > most:
            raise ValueError("not a file of that kind")
        return file.read(most)


def forget(folder: Path, name: str) -> None:
    """Take the file *name* out of *folder*, if it is there. Never raises."""
    with suppress(OSError), _opened(folder) as handle:
        os.unlink(name, dir_fd=handle)


def remove(folder: Path) -> bool:
    """Take *folder*, or what stands in its place, off the disk; whether it is gone. Never raises."""
    with suppress(OSError):
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            os.unlink(folder)
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):  # deeper than Python goes
        _run("rm", "-rf", "--", folder)
    return not os.path.lexists(folder)


def uproot(folder: Path) -> None:
    """The same of a folder whose worker has ended, even where it left folders that nobody may enter."""
    if not remove(folder):
        _run("find", "-P", folder, "-type", "d", "!", "-perm", "-u+rwx", "-exec", "chmod", "u+rwx", "{}", ";")
        remove(folder)


def _run(*command: str | Path) -> None:
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, check=False, capture_output=True, timeout=60)
