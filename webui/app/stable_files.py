"""Which files of a folder have come to rest: regular files that nobody has written to for a while.

Looked at by polling, because a network share tells nobody what changes on it. Links are followed nowhere, neither for
files nor for folders above them: every step goes from an open folder to a name in it, so that nothing can be swapped for
a link between the look and the opening.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from io import BufferedReader, FileIO
from pathlib import Path

#: Folders deeper than this are left aside: no office files so deep, and each level costs an open folder.
MAX_DEPTH = 40

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a pipe put in the file's place must not hold us up until somebody writes to it.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".!ut")
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}


class Unsettled(Exception):
    """The file changed, went away or became something else while it was looked at; its cause, if any, is a read error."""


@dataclass(frozen=True, slots=True)
class Rested:
    """A file that has come to rest. parts: its place below the folder. mark: its size and times, in short."""

    parts: tuple[str, ...]
    size: int
    mark: bytes


def passing_name(name: str) -> bool:
    """Whether a name is hidden or of a file still in the making (``~$kế hoạch.docx``, ``scan.pdf.part``)."""
    low = name.lower()
    return name.startswith((".", "~")) or low.endswith(_UNFINISHED) or low in _OF_THE_SYSTEM


class QuietFiles:
    """Looks at *folder* again and again.

    quiet: seconds without a change before a file counts as whole. avoid: (device, inode) of folders never entered.

    Of each file some 200 bytes are kept, whatever its name: 100,000 files take about 20 MB.
    """

    def __init__(self, folder: Path, quiet: float, avoid: frozenset[tuple[int, int]] = frozenset()) -> None:
        self.folder = folder
        self.quiet = quiet
        self.avoid = avoid
        # Path in short → mark in short, with the time since when it has been so while the file is waited for.
        self._known: dict[bytes, bytes | tuple[bytes, float]] = {}
        self._now = self._known

    def look(self) -> Generator[Rested, None, None]:
        """One look at everything: the files that are whole and not yet :meth:`done`, folder by folder.

        Raises OSError when the folder itself is not to be had; what was known of its files stays known.
        """
        self._now = {}
        whole = False
        try:
            whole = yield from self._walk()
        finally:
            # What a failing share did not show is not forgotten, else all of it would be read through once more.
            self._known = self._now if whole else {**self._known, **self._now}
            self._now = self._known

    def _walk(self) -> Generator[Rested, None, bool]:
        whole = True
        waiting: list[tuple[str, ...]] = [()]
        while waiting:
            parts = waiting.pop()
            try:
                handle = self._open_folder(parts)
            except OSError:
                if not parts:
                    raise
                whole = False
                continue
            try:
                found, folders, complete = self._entries(handle, parts)
            finally:
                os.close(handle)
            whole = whole and complete
            waiting.extend(folders)
            yield from found
        return whole

    def _entries(self, handle: int, parts: tuple[str, ...]) -> tuple[list[Rested], list[tuple[str, ...]], bool]:
        """The files at rest and the folders of one open folder, and whether all of it could be seen."""
        files: list[Rested] = []
        folders: list[tuple[str, ...]] = []
        try:
            with os.scandir(handle) as entries:
                for entry in entries:
                    if passing_name(entry.name):
                        continue
                    try:
                        about = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue
                    if stat.S_ISDIR(about.st_mode):
                        if len(parts) < MAX_DEPTH and (about.st_dev, about.st_ino) not in self.avoid:
                            folders.append((*parts, entry.name))
                    elif (
                        stat.S_ISREG(about.st_mode) and about.st_size and self._at_rest(*parts, entry.name, about=about)
                    ):
                        files.append(Rested((*parts, entry.name), about.st_size, _mark(about)))
        except OSError:
            return files, folders, False
        return sorted(files, key=lambda f: f.parts), sorted(folders, reverse=True), True

    def _at_rest(self, *parts: str, about: os.stat_result) -> bool:
        """Notes how the file looks; whether it has looked so for long enough and is not done with."""
        key, mark, now = _key(parts), _mark(about), time.monotonic()
        before = self._known.get(key)
        if before == mark:
            self._now[key] = mark
            return False
        if isinstance(before, tuple) and before[0] == mark:
            self._now[key] = before
            return now - before[1] >= self.quiet
        self._now[key] = (mark, now)
        return False

    def done(self, file: Rested) -> None:
        """Do not give *file* again unless it changes."""
        self._now[_key(file.parts)] = file.mark

    def again(self, file: Rested) -> None:
        """Wait for *file* from the beginning."""
        self._now[_key(file.parts)] = (file.mark, time.monotonic())

    @property
    def waited_for(self) -> int:
        """How many files are still being waited for."""
        return sum(isinstance(state, tuple) for state in self._known.values())

    def path(self, file: Rested) -> str:
        """Where *file* lies, as text that can be stored and shown; bytes that are no UTF-8 are written ``\\xff``."""
        return str(self.folder.joinpath(*file.parts)).encode("utf-8", "backslashreplace").decode("utf-8")

    @contextmanager
    def open(self, file: Rested) -> Iterator[BufferedReader[FileIO]]:
        """The file's bytes. Raises Unsettled unless it is, before and after, the regular file that was looked at."""
        try:
            folder = self._open_folder(file.parts[:-1])
            try:
                handle = os.open(file.parts[-1], _FILE, dir_fd=folder)
            finally:
                os.close(folder)
        except PermissionError:
            raise
        except OSError:
            raise Unsettled from None
        try:
            self._same(file, handle)
            with BufferedReader(FileIO(handle, "rb", closefd=False)) as source:
                yield source
            self._same(file, handle)
        finally:
            os.close(handle)

    @staticmethod
    def _same(file: Rested, handle: int) -> None:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or _mark(about) != file.mark:
            raise Unsettled

    def _open_folder(self, parts: tuple[str, ...]) -> int:
        handle = os.open(self.folder, _FOLDER)
        for part in parts:
            try:
                below = os.open(part, _FOLDER, dir_fd=handle)
            finally:
                os.close(handle)
            handle = below
        return handle


def _key(parts: tuple[str, ...]) -> bytes:
    return blake2b("/".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _mark(about: os.stat_result) -> bytes:
    # The inode is left out: some network shares number a file anew at every look.
    said = f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"
    return blake2b(said.encode(), digest_size=8).digest()
