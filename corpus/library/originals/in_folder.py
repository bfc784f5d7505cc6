"""Originals in a folder: ``<sha256[:2]>/<sha256>``. The library's own, or one that several machines share."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus import durable, storage_errors
from corpus.errors import OriginalsUnreachable, ReadFailure
from corpus.library.originals.hashes import check_hash, is_hash
from corpus.library.originals.originals import DAMAGED_SUFFIX, Entry, Kept, Originals
from corpus.vocabulary import Verdict

#: The library's own folder of originals.
OWN = "originals"
#: A file in a shared folder. Without it the folder is taken for the empty one under a disk that is not mounted.
MARKER = ".can-cu"
_BLOCK = 1 << 20


def _mark_of(file: Path) -> tuple[int, int, int]:
    """Device, number and time of a kept file."""
    found = file.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns


class FolderOriginals(Originals):
    """Originals in the folder *root*; ``originals`` in the library's *folder* where none is given."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        super().__init__(folder)
        self.root = root or folder / OWN
        self._shared = root is not None
        self.on_this_machine = not self._shared
        self._seen = not self._shared

    def _path(self, sha256: str) -> Path:
        """Where the file of that content is kept, whether or not it exists."""
        check_hash(sha256)
        self._check_mounted()
        return self.root / sha256[:2] / sha256

    def _check_mounted(self) -> None:
        if self._seen:
            return
        with contextlib.suppress(OSError):
            self._seen = (self.root / MARKER).is_file()
        if not self._seen:
            raise OriginalsUnreachable(
                f"Thư mục tệp gốc {self.root} vắng hoặc chưa có kho nào.",
                "Hãy gắn đĩa chung rồi chạy lại; nếu kho mới chuyển đến đó: ocop move --originals-to THƯ_MỤC.",
            )

    def local(self, sha256: str) -> Path:
        """The path of the file, whether or not it exists."""
        return self._path(sha256)

    def holds(self, sha256: str) -> bool:
        """Whether it is kept; its content is not looked at."""
        return self._path(sha256).is_file()

    def is_empty(self) -> bool:
        """Whether nothing is kept."""
        return next(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f]*"), None) is None

    def prepare(self, *, new: bool) -> None:
        """Make ready to keep files. new: the library holds no document yet."""
        with storage_errors.translated():
            if self._shared and new and not (self.root / MARKER).exists():
                durable.make_folder(self.root)
                durable.write(self.root / MARKER, b"")
            self._check_mounted()
            if not self._shared:
                durable.make_folder(self.root)

    def keep(self, sha256: str, source: Path) -> Kept:
        """See :meth:`Originals.keep`."""
        target = self._path(sha256)
        _copy(sha256, source, target)
        with storage_errors.translated():
            return _mark_of(target)

    def is_still(self, sha256: str, kept: Kept) -> bool:
        """Whether the file that :meth:`keep` returned *kept* for is there."""
        with contextlib.suppress(OSError):
            return _mark_of(self._path(sha256)) == kept
        return False

    def discard(self, hashes: Iterable[str]) -> None:
        """Delete what is kept under these hashes, if anything is."""
        for sha256 in hashes:
            self._path(sha256).unlink(missing_ok=True)

    def half_copied(self) -> list[Path]:
        """Files of this machine that killed processes left."""
        return [path for path in self.root.glob(f"*/{durable.ASIDE}*") if durable.is_abandoned(path)]

    def entries(self) -> Iterator[Entry]:
        """Everything that is there; see :meth:`Originals.entries`."""
        self._check_mounted()
        for path in self.root.glob("*/*"):
            name = path.name
            if name.startswith(durable.ASIDE) or name.endswith(DAMAGED_SUFFIX):
                continue
            odd = not is_hash(name) or path.parent.name != name[:2] or path.is_symlink() or not path.is_file()
            yield Entry(f"{path.parent.name}/{name}", None if odd else name, _age(path))

    def is_whole(self, sha256: str) -> bool:
        """Whether it is kept and its content has that hash."""
        with contextlib.suppress(OSError), self._path(sha256).open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == sha256
        return False

    def mark_damaged(self, sha256: str) -> None:
        """Rename a damaged original, so that a good one can take its place."""
        path = self._path(sha256)
        os.replace(path, path.with_name(sha256 + DAMAGED_SUFFIX))

    def move_out(self, sha256: str, target: Path) -> None:
        """Move it to the file *target* of this machine; nothing where it is gone."""
        path = self._path(sha256)
        if not self._shared:
            with contextlib.suppress(FileNotFoundError):
                os.replace(path, target)
        elif path.is_file():  # the folder may be on another disk
            with path.open("rb") as opened, durable.writing(target) as out:
                while block := opened.read(_BLOCK):
                    out.write(block)
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Seconds since it was written; 0 for one that is gone."""
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


def copy_checked(sha256: str, source: Path, target: Path) -> None:
    """Copy *source* to *target*, which appears when it is whole and on disk.

    Raises ReadFailure where its content has not the hash *sha256*, OSError.
    """
    found = hashlib.sha256()
    with source.open("rb") as opened, durable.writing(target) as out:
        while block := opened.read(_BLOCK):
            found.update(block)
            out.write(block)
        if found.hexdigest() != sha256:
            raise ReadFailure("Tệp đã đổi trong khi được đọc.", Verdict.CHANGED, "Hãy nạp lại tệp.")


def _copy(sha256: str, source: Path, target: Path) -> None:
    with storage_errors.translated():
        if target.exists():  # the process that put it there may have died before this
            for place in (target.parent, target.parent.parent):
                durable.sync_folder(place)
            return
        durable.make_folder(target.parent)
        copy_checked(sha256, source, target)
