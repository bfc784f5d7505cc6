"""Finds the stable files of a folder: regular files that nobody has written to for a while.

The folder is polled, because a network share reports no changes. Links are not followed, neither for files nor for
folders above them: every step opens a name in a folder that is open already, so nothing can be swapped for a link
between the scan and the opening.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from io import BufferedReader, FileIO
from pathlib import Path

#: Folders deeper than this are left out: office files are not kept so deep, and each level costs an open folder.
MAX_DEPTH = 40

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a pipe that was put in the file's place must not wait for a writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".!ut")
_SYSTEM_FILES = {"thumbs.db", "desktop.ini"}


class FileChanged(Exception):
    """The file changed, went away or became something else meanwhile; the cause, if any, is a read error."""


@dataclass(frozen=True, slots=True)
class StableFile:
    """A file that has not changed for long enough."""

    #: Its place below the folder.
    parts: tuple[str, ...]
    #: Bytes.
    size: int
    #: Digest of its size and times.
    state: bytes


def is_temporary_name(name: str) -> bool:
    """Whether a name is hidden, or of a file that is being written (``~$kế hoạch.docx``, ``scan.pdf.part``)."""
    low = name.lower()
    return name.startswith((".", "~")) or low.endswith(_UNFINISHED) or low in _SYSTEM_FILES


class StableFiles:
    """Scans *folder* again and again.

    quiet: seconds without a change after which a file counts as whole. avoid: (device, inode) of folders that are not
    entered. clock: gives the time in seconds. About 200 bytes are kept of each file, whatever its name: 20 MB for
    100,000 files.
    """

    def __init__(
        self,
        folder: Path,
        quiet: float,
        avoid: frozenset[tuple[int, int]] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.quiet = quiet
        self.avoid = avoid
        self._clock = clock
        #: Digest of the path → digest of the state; with the time since when, while the file is waited for.
        self._known: dict[bytes, bytes | tuple[bytes, float]] = {}
        #: The same, as far as the present scan has come.
        self._scanned = self._known

    def scan(self) -> Generator[StableFile]:
        """The stable files that were not yet :meth:`finish`-ed, folder by folder.

        Raises OSError when the folder itself cannot be opened; what was known of its files stays known.
        """
        self._scanned = {}
        complete = False
        try:
            complete = yield from self._walk()
        finally:
            # What a failing share did not show is kept, or all of it would be read again later.
            self._known = self._scanned if complete else {**self._known, **self._scanned}
            self._scanned = self._known

    def _walk(self) -> Generator[StableFile, None, bool]:
        """The stable files; returns whether every folder could be listed."""
        complete = True
        waiting: list[tuple[str, ...]] = [()]
        while waiting:
            parts = waiting.pop()
            try:
                handle = self._open_folder(parts)
            except OSError:
                if not parts:
                    raise
                complete = False
                continue
            try:
                found, folders, listed = self._entries(handle, parts)
            finally:
                os.close(handle)
            complete = complete and listed
            waiting.extend(folders)
            yield from found
        return complete

    def _entries(self, handle: int, parts: tuple[str, ...]) -> tuple[list[StableFile], list[tuple[str, ...]], bool]:
        """The stable files and the folders of one open folder, and whether all of it could be listed."""
        files: list[StableFile] = []
        folders: list[tuple[str, ...]] = []
        try:
            with os.scandir(handle) as entries:
                for entry in entries:
                    if is_temporary_name(entry.name):
                        continue
                    place = (*parts, entry.name)
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue
                    if stat.S_ISDIR(status.st_mode):
                        if self._may_enter(parts, status):
                            folders.append(place)
                    elif stat.S_ISREG(status.st_mode) and status.st_size and self._is_stable(place, status):
                        files.append(StableFile(place, status.st_size, _state(status)))
        except OSError:
            return files, folders, False
        return sorted(files, key=lambda f: f.parts), sorted(folders, reverse=True), True

    def _may_enter(self, parts: tuple[str, ...], status: os.stat_result) -> bool:
        return len(parts) < MAX_DEPTH and (status.st_dev, status.st_ino) not in self.avoid

    def _is_stable(self, parts: tuple[str, ...], status: os.stat_result) -> bool:
        """Record the file's state; whether it has been so for long enough and is not finished."""
        key, state, now = _key(parts), _state(status), self._clock()
        before = self._known.get(key)
        if before == state:
            self._scanned[key] = state
            return False
        if isinstance(before, tuple) and before[0] == state:
            self._scanned[key] = before
            return now - before[1] >= self.quiet
        self._scanned[key] = (state, now)
        return False

    def finish(self, file: StableFile) -> None:
        """Leave *file* out of later scans unless it changes."""
        self._scanned[_key(file.parts)] = file.state

    def wait_again(self, file: StableFile) -> None:
        """Wait for *file* from the beginning."""
        self._scanned[_key(file.parts)] = (file.state, self._clock())

    @property
    def waiting(self) -> int:
        """How many files are not stable yet."""
        return sum(isinstance(state, tuple) for state in self._known.values())

    def path(self, file: StableFile) -> str:
        """The path of *file* as text that can be stored and shown; bytes that are not UTF-8 are written ``\\xff``."""
        return str(self.folder.joinpath(*file.parts)).encode("utf-8", "backslashreplace").decode("utf-8")

    @contextmanager
    def open(self, file: StableFile) -> Iterator[BufferedReader[FileIO]]:
        """The file's bytes. Raises FileChanged unless it is, before and after, the regular file that was scanned."""
        try:
            folder = self._open_folder(file.parts[:-1])
            try:
                handle = os.open(file.parts[-1], _FILE, dir_fd=folder)
            finally:
                os.close(folder)
        except PermissionError:
            raise
        except OSError:
            raise FileChanged from None
        try:
            _check_unchanged(file, handle)
            with BufferedReader(FileIO(handle, "rb", closefd=False)) as source:
                yield source
            _check_unchanged(file, handle)
        finally:
            os.close(handle)

    def _open_folder(self, parts: tuple[str, ...]) -> int:
        handle = os.open(self.folder, _FOLDER)
        for part in parts:
            try:
                below = os.open(part, _FOLDER, dir_fd=handle)
            finally:
                os.close(handle)
            handle = below
        return handle


def _check_unchanged(file: StableFile, handle: int) -> None:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or _state(status) != file.state:
        raise FileChanged


def _key(parts: tuple[str, ...]) -> bytes:
    return blake2b("/".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _state(status: os.stat_result) -> bytes:
    # Without the inode: some network shares number a file anew each time.
    text = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    return blake2b(text.encode(), digest_size=8).digest()
