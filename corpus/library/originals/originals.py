"""What a library asks of the place where its originals are."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

#: Folder of the library into which the doctor moves originals of which no document is held: they may be the only
#: copies.
STRAYS = "mo-coi"
#: What a damaged original is renamed to, so that a good one can take its place.
DAMAGED_SUFFIX = ".hong"
#: Files that are copied at a time: most of the time passes in waiting for the disk or the network.
_AT_ONCE = 8

#: Bytes that are copied while the library is written to; more are copied before.
_MOST_BESIDE = 64 << 20

#: What tells a kept file from another one that takes its place.
Kept = Hashable


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the place where originals are."""

    #: How it is named to a user: ``ab/<sha256>``.
    name: str
    #: The hash it is kept under; None for what is no original.
    sha256: str | None
    #: Seconds since it was written.
    age: float


class Originals(ABC):
    """The originals of one library.

    Every method that reaches the place raises OriginalsUnreachable while it cannot be reached, and LibraryDamaged for
    what is no hash.
    """

    #: Whether they are in the library's own folder.
    on_this_machine = False

    def __init__(self, folder: Path) -> None:
        #: The folder of the library.
        self.folder = folder
        #: Threads that copy, from the first time that several files are copied together.
        self._threads: ThreadPoolExecutor | None = None

    # ------------------------------------------------------------ reading

    @abstractmethod
    def local(self, sha256: str) -> Path:
        """A file of this machine with that content, fetched where it is elsewhere; a path without a file where it is
        not kept. Raises DamagedOriginal where what was fetched has another hash.
        """

    @abstractmethod
    def holds(self, sha256: str) -> bool:
        """Whether it is kept; its content is not looked at."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether nothing is kept."""

    # ------------------------------------------------------------ keeping

    @abstractmethod
    def prepare(self, *, new: bool) -> None:
        """Make ready to keep files. new: the library holds no document yet."""

    @abstractmethod
    def keep(self, sha256: str, source: Path) -> Kept:
        """Copy the file *source*, whose content is *sha256*; nothing is done where it is kept already.

        Returns what tells the kept file from another one that takes its place. Raises ReadFailure when the file has
        changed since its hash was taken, DiskFull.
        """

    @abstractmethod
    def is_still(self, sha256: str, kept: Kept) -> bool:
        """Whether the file that :meth:`keep` returned *kept* for is there."""

    def keep_all(self, wanted: Sequence[tuple[str, Path]]) -> list[Kept | Exception]:
        """:meth:`keep` for several at a time, (hash, file) of each: for each what it returned or raised."""
        return self.begin_to_keep(wanted)()

    def begin_to_keep(self, wanted: Sequence[tuple[str, Path]]) -> Callable[[], list[Kept | Exception]]:
        """Begin :meth:`keep_all`, in other threads; what is returned waits for it.

        It has been waited for already where it may take long, as others cannot write to the library meanwhile: where
        the files do not stay on this machine, or are large.
        """
        if len(wanted) < 2:
            done = [self._tried(sha256, source) for sha256, source in wanted]
            return lambda: done
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="originals")
        begun = self._threads.map(self._tried, *zip(*wanted, strict=True))
        if self.on_this_machine and sum(map(_size, (source for _, source in wanted))) <= _MOST_BESIDE:
            return lambda: list(begun)
        found = list(begun)
        return lambda: found

    def _tried(self, sha256: str, source: Path) -> Kept | Exception:
        try:
            return self.keep(sha256, source)
        except Exception as error:
            return error

    def keep_again(self, sha256: str, source: Path, kept: Kept | None) -> None:
        """Copy *source* again unless the file *kept* is still there: it may be deleted while no record has it.

        Raises as :meth:`keep`.
        """
        if kept is None or not self.is_still(sha256, kept):
            self.keep(sha256, source)

    def keep_if_missing(self, sha256: str, source: Path) -> None:
        """Copy *source* again where the original is gone. Raises as :meth:`keep`."""
        if not self.holds(sha256):
            self.keep(sha256, source)

    # ------------------------------------------------------------ deleting

    @abstractmethod
    def discard(self, hashes: Iterable[str]) -> None:
        """Delete what is kept under these hashes, if anything is."""

    def remove(self, hashes: Iterable[str]) -> None:
        """Delete the files with these contents wherever they are."""
        wanted = list(hashes)
        self.discard(wanted)
        for sha256 in wanted:
            (self.folder / STRAYS / sha256).unlink(missing_ok=True)

    def remove_half_copied(self) -> None:
        """Delete what killed processes left half copied."""
        for half in self.half_copied():
            with contextlib.suppress(OSError):
                half.unlink()

    # ------------------------------------------------------------ examination

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """Everything that is there, in no order, but for files being written and damaged ones put aside."""

    @abstractmethod
    def half_copied(self) -> list[Path]:
        """Files of this machine that killed processes left."""

    @abstractmethod
    def is_whole(self, sha256: str) -> bool:
        """Whether it is kept and its content has that hash."""

    @abstractmethod
    def mark_damaged(self, sha256: str) -> None:
        """Rename a damaged original, so that a good one can take its place."""

    @abstractmethod
    def move_out(self, sha256: str, target: Path) -> None:
        """Move it to the file *target* of this machine, in an existing folder; nothing where it is gone."""

    # ------------------------------------------------------------ the end

    def close(self) -> None:
        """End the threads that copy; they are started again when they are needed."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()


def _size(file: Path) -> int:
    """In bytes; 0 where there is no such file."""
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return 0
