"""The files as they came, each under the hash of its content: ``originals/<sha256[:2]>/<sha256>``."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpus import durable, storage_errors
from corpus.errors import LibraryDamaged, ReadFailure
from corpus.vocabulary import Verdict

#: Folder into which the doctor moves originals of which no document is held: they may be the only copies.
STRAYS = "mo-coi"
#: Tables of the database that hold hashes of files.
HASHED = ("records", "refused", "removed", "failures", "files", "containers")

_HASH = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20
#: Files that are copied at a time: most of the time passes in waiting for the disk.
_AT_ONCE = 8


def is_hash(value: object) -> bool:
    """Whether *value* is a SHA-256 in lower-case hexadecimal; a path made of anything else leads anywhere."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def invalid_hashes(values: Iterable[object]) -> list[str]:
    """Those of *values* that are no hashes."""
    return [str(value) for value in values if not is_hash(value)]


#: Device, number and time of a kept file.
Kept = tuple[int, int, int]


def _mark_of(file: Path) -> Kept:
    found = file.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns


class Originals:
    """The originals of the library in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: Threads that copy, from the first time that several files are copied together.
        self._threads: ThreadPoolExecutor | None = None

    def path(self, sha256: str) -> Path:
        """Where the file of that content is kept, whether or not it exists. Raises LibraryDamaged for no hash."""
        if not is_hash(sha256):
            raise LibraryDamaged(
                f"Mã băm không hợp lệ: {sha256[:80]!r}.", "Hãy chạy `ocop doctor`, hoặc phục hồi từ bản sao lưu."
            )
        return self.folder / "originals" / sha256[:2] / sha256

    def keep(self, sha256: str, source: Path) -> Kept:
        """Copy the file *source*, whose content is *sha256*; nothing is done where it is kept already.

        Returns what tells the kept file from another one that takes its place. Raises ReadFailure when the file has
        changed since its hash was taken, DiskFull.
        """
        target = self.path(sha256)
        self._copy(sha256, source, target)
        with storage_errors.translated():
            return _mark_of(target)

    def keep_all(self, wanted: Sequence[tuple[str, Path]]) -> list[Kept | Exception]:
        """:meth:`keep` for several at a time, (hash, file) of each: for each what it returned or raised."""
        if len(wanted) < 2:
            return [self._tried(sha256, source) for sha256, source in wanted]
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="originals")
        return list(self._threads.map(self._tried, *zip(*wanted, strict=True)))

    def close(self) -> None:
        """End the threads that copy; they are started again when they are needed."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()

    def _tried(self, sha256: str, source: Path) -> Kept | Exception:
        try:
            return self.keep(sha256, source)
        except Exception as error:
            return error

    def keep_again(self, sha256: str, source: Path, kept: Kept | None) -> None:
        """Copy *source* again unless the file *kept* is still there: it may be deleted while no record has it.

        Raises as :meth:`keep`.
        """
        with contextlib.suppress(OSError):
            if kept is not None and _mark_of(self.path(sha256)) == kept:
                return
        self.keep(sha256, source)

    @staticmethod
    def _copy(sha256: str, source: Path, target: Path) -> None:
        if target.exists():
            with storage_errors.translated():  # the process that put it there may have died before this
                for place in (target.parent, target.parent.parent):
                    durable.sync_folder(place)
            return
        found = hashlib.sha256()
        with storage_errors.translated():
            durable.make_folder(target.parent)
            with source.open("rb") as opened, durable.writing(target) as out:
                while block := opened.read(_BLOCK):
                    found.update(block)
                    out.write(block)
                if found.hexdigest() != sha256:
                    raise ReadFailure("Tệp đã đổi trong khi được đọc.", Verdict.CHANGED, "Hãy nạp lại tệp.")

    def keep_if_missing(self, sha256: str, source: Path) -> None:
        """Copy *source* again where the original is gone. Raises as :meth:`keep`."""
        if not self.path(sha256).exists():
            self.keep(sha256, source)

    def remove(self, sha256: str) -> None:
        """Delete the file of that content wherever it is."""
        for path in (self.path(sha256), self.folder / STRAYS / sha256):
            path.unlink(missing_ok=True)

    def remove_half_copied(self) -> None:
        """Delete what killed processes left half copied."""
        for half in (self.folder / "originals").glob(f"*/{durable.ASIDE}*"):
            if durable.is_abandoned(half):
                with contextlib.suppress(OSError):
                    half.unlink()
