"""Copies of originals that are kept elsewhere: a bounded folder, from which the longest unused go first."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from corpus import durable, storage_errors
from corpus.library.originals.in_folder import copy_checked

#: Seconds for which a copy is kept after it was asked for: it may be about to be opened.
_IN_USE = 60.0
#: Share of the bound that is written before the folder is looked through again.
_BETWEEN_LOOKS = 0.05


class FetchedFiles:
    """Copies in *folder*, of at most *most* bytes together, but for those used within the last minute.

    The folder may be deleted at any time; several processes may use it.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self._most = most
        #: Bytes written since the folder was last looked through.
        self._written = most

    def path(self, sha256: str) -> Path:
        """Where the copy of that content is, whether or not it exists."""
        return self.folder / sha256

    def find(self, sha256: str) -> Path | None:
        """The copy of that content; it counts as used now."""
        path = self.path(sha256)
        with contextlib.suppress(OSError):
            os.utime(path)
            return path
        return None

    def copy(self, sha256: str, source: Path) -> Path:
        """Copy the file *source*. Raises ReadFailure where its content has another hash, DiskFull."""
        path = self.find(sha256)
        if path is None:
            path = self.path(sha256)
            with storage_errors.translated():
                durable.make_folder(self.folder, 0o700)
                copy_checked(sha256, source, path)
                self._grown(path.stat().st_size)
        return path

    def write(self, sha256: str, blocks: Iterable[bytes]) -> bool:
        """Write what arrives; whether its content has that hash. Nothing is kept where it has not. Raises DiskFull."""
        found = hashlib.sha256()
        path = self.path(sha256)
        with storage_errors.translated():
            durable.make_folder(self.folder, 0o700)
            try:
                with durable.writing(path) as out:
                    for block in blocks:
                        found.update(block)
                        out.write(block)
                    if found.hexdigest() != sha256:
                        raise _OtherContentError
            except _OtherContentError:
                return False
            self._grown(path.stat().st_size)
        return True

    def discard(self, sha256: str) -> None:
        """Delete a copy."""
        self.path(sha256).unlink(missing_ok=True)

    def half_copied(self) -> list[Path]:
        """What killed processes left."""
        return [path for path in self.folder.glob(f"{durable.ASIDE}*") if durable.is_abandoned(path)]

    def _grown(self, size: int) -> None:
        self._written += size
        if self._written < self._most * _BETWEEN_LOOKS:
            return
        self._written = 0
        found: list[tuple[float, int, str]] = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    seen = entry.stat()
                    found.append((seen.st_mtime, seen.st_size, entry.path))
        total = sum(size for _, size, _ in found)
        old = time.time() - _IN_USE
        for used, size, path in sorted(found):
            if total <= self._most or used > old:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
            total -= size


class _OtherContentError(Exception):
    """What arrived has another hash."""
