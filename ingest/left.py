"""What a worker left in its folder, taken with care: it may be in the hands of the file it read.

No link is followed, nothing but a regular file is opened, never more is read than may be there; and whatever it made of
its folder, the folder goes.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from contextlib import suppress
from pathlib import Path


def read(path: Path, most: int) -> bytes:
    """The regular file *path*, at most *most* bytes. Raises OSError, ValueError (no such file, another kind, larger)."""
    place = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(place, "rb") as file:
        about = os.fstat(place)
        if not stat.S_ISREG(about.st_mode) or about.st_size > most:
            raise ValueError("not a file of that kind")
        return file.read(most)


def remove(folder: Path) -> None:
    """Take *folder* off the disk. Never raises."""
    with suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):  # deeper than Python goes, or made unreadable
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(["chmod", "-R", "u+rwx", "--", folder], check=False, capture_output=True, timeout=60)
            subprocess.run(["rm", "-rf", "--", folder], check=False, capture_output=True, timeout=60)
