"""What a watch needs before it starts: folders that may be watched, and the lock that only one watch holds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import LibraryBusy, UsageError


def check_folders(folders: Sequence[Path], library: Path) -> list[Path]:
    """The real paths of the folders to watch.

    Raises UsageError for a folder that is missing, that contains the library or lies in it (under whatever name or
    mount), or that lies in another of them.
    """
    home = Path(os.path.realpath(library))
    at_or_above_home = {identity(place) for place in (home, *home.parents)} - {None}
    found: list[Path] = []
    for given in folders:
        folder = Path(os.path.realpath(given))
        if not folder.is_dir():
            raise UsageError(f"Không có thư mục “{given}”.", "Hãy kiểm tra lại đường dẫn, hoặc nối ổ mạng trước.")
        if identity(folder) in at_or_above_home:
            raise UsageError(
                f"Thư mục “{given}” chứa chính kho văn bản ({home}) nên không theo dõi được.",
                "Hãy chọn thư mục khác, hoặc đặt kho ở nơi khác bằng --library.",
            )
        if identity(home) is not None and identity(home) in {identity(place) for place in folder.parents}:
            raise UsageError(
                f"Thư mục “{given}” nằm trong kho văn bản ({home}) nên không theo dõi được.",
                "Hãy chọn một thư mục ngoài kho.",
            )
        for other in found:
            if folder == other or other in folder.parents or folder in other.parents:
                raise UsageError(f"Thư mục “{given}” trùng hoặc lồng với “{other}”.", "Chỉ cần nêu thư mục ngoài cùng.")
        found.append(folder)
    return found


def identity(place: Path) -> tuple[int, int] | None:
    """Device and inode of *place*; None where it is not there."""
    try:
        status = place.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@contextmanager
def exclusive_watch(library: Path) -> Iterator[Path]:
    """An empty folder for copies, while no other watch of the library runs. Raises LibraryBusy."""
    copies = library / "watching"
    copies.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(copies / "lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryBusy(
            "Kho này đang có một lệnh `ocop watch` khác theo dõi.",
            "Hãy dừng lệnh kia, hoặc nêu mọi thư mục trong một lệnh: ocop watch THƯ_MỤC_1 THƯ_MỤC_2.",
        ) from error
    try:
        for abandoned in copies.iterdir():  # by a watch that was killed
            if abandoned.is_dir() and not abandoned.is_symlink():
                shutil.rmtree(abandoned, ignore_errors=True)
        yield copies
    finally:
        lock.release()
