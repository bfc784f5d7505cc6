"""A Tesseract that stays: it takes the names of images on its standard input and answers on its standard output.

More than half of the .08 s that Tesseract takes to start go into a table of letters that may be confused, which its
neural readers never look at. Of the small pictures that are read a second time each start costs as much as a picture,
so the process is kept for the next ones (parameter ``stream_filelist``). What is read does not depend on what was read
before: the neural readers do not adapt.

Tesseract's standard output is no terminal, so it would keep back what it writes; ``stdbuf`` (coreutils) has it written
line by line. The end of an answer is seen by that of an empty image sent after the others.
"""

from __future__ import annotations

import atexit
import itertools
import os
import select
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from ingest.data import DATA

# Tesseract reads a line that it can hardly make out once more as white print.
_NO_WHITE_PRINT = ("-c", "invert_threshold=0")
_EMPTY_IMAGE = DATA / "empty.png"
# Images that one process reads at most, so that what it may lose of memory stays small.
_MOST_IMAGES = 500
# Processes that are kept while nobody needs them: one for each way of reading and each thread that reads.
_MOST_IDLE = 4
_CHUNK = 1 << 16


class Way(NamedTuple):
    """How a process reads: what it is started with."""

    #: The program, so that another one found later is not taken for it.
    program: str
    language: str
    #: Page segmentation mode (:class:`ingest.ocr.engine.Arrangement`).
    mode: int
    dpi: int
    #: Whether what it can hardly make out may be white print. Strokes of pens and seals, where there is none, would be
    #: read twice.
    white_print: bool = True

    def options(self) -> list[str]:
        """Those of the program."""
        options = ["--psm", str(self.mode), "--dpi", str(self.dpi)]
        return options if self.white_print else [*options, *_NO_WHITE_PRINT]


class Ended(Exception):
    """The process ended in the middle of an answer, or did not answer in time."""


class TesseractProcess:
    """One running Tesseract. Not for two threads at a time."""

    def __init__(self, way: Way) -> None:
        """Start it. Raises OSError where it cannot be started."""
        command = ["stdbuf", "-oL", way.program, "-", "-", "-c", "stream_filelist=1", "-l", way.language]
        command += [*way.options(), "tsv"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self._images = 0
        self._rest = b""

    @property
    def is_worn(self) -> bool:
        """Whether it has read enough images."""
        return self._images >= _MOST_IMAGES

    @property
    def is_new(self) -> bool:
        """Whether it has read nothing yet."""
        return self._images == 0

    def read(self, images: Sequence[Path], seconds: float) -> list[str]:
        """The rows of Tesseract's TSV of *images*, whose pages are numbered from 1, with their header row.

        Raises Ended where it ends or takes longer than *seconds*; it cannot be used any more then.
        """
        first = self._images
        self._images += len(images) + 1
        try:
            self._pipe(self._process.stdin).write("".join(f"{p}\n" for p in [*images, _EMPTY_IMAGE]).encode())
            lines = self._lines_until(f"1\t{self._images}\t".encode(), time.monotonic() + seconds)
        except OSError as error:
            raise Ended from error
        return [_HEADER, *(row for line in lines if (row := _renumbered(line, first, len(images))) is not None)]

    def _lines_until(self, start: bytes, until: float) -> list[bytes]:
        """The lines written from now on up to one that begins with *start*."""
        lines: list[bytes] = []
        source = self._pipe(self._process.stdout)
        while True:
            *complete, self._rest = self._rest.split(b"\n")
            lines += complete
            if any(line.startswith(start) for line in complete):
                return lines
            ready, _, _ = select.select([source], [], [], max(0.0, until - time.monotonic()))
            chunk = os.read(source.fileno(), _CHUNK) if ready else b""
            if not chunk:
                raise Ended
            self._rest += chunk

    def end(self) -> None:
        """End it at once."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                self._pipe(pipe).close()
        self._process.kill()
        self._process.wait()

    def forget(self) -> None:
        """Close this process's ends of the pipes: another process has them too, and the program is its child."""
        for pipe in (self._process.stdin, self._process.stdout):
            self._pipe(pipe).close()
        self._process.returncode = 0

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


_HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def _renumbered(line: bytes, first: int, count: int) -> str | None:
    """A row with its page counted from *first*; None for a row of another page than the *count* after it."""
    level, number, rest = [*line.decode(errors="replace").split("\t", 2), "", ""][:3]
    page = int(number) - first if number.isdigit() else 0
    return f"{level}\t{page}\t{rest}" if 1 <= page <= count else None


class _Kept:
    """The processes that nobody needs at the moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[Way, list[TesseractProcess]] = {}

    def take(self, way: Way) -> TesseractProcess:
        """One that reads that way, started where none is kept. Raises OSError where it cannot be started."""
        with self._lock:
            idle = self._idle.get(way)
            if idle:
                return idle.pop()
        return TesseractProcess(way)

    def give_back(self, way: Way, process: TesseractProcess) -> None:
        """Keep *process*, or end it where it has read enough or too many are kept."""
        with self._lock:
            if not process.is_worn and sum(map(len, self._idle.values())) < _MOST_IDLE:
                self._idle.setdefault(way, []).append(process)
                return
        process.end()

    def end(self) -> None:
        """End all."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for process in itertools.chain.from_iterable(idle.values()):
            process.end()

    def forget(self) -> None:
        """In a process forked from one that keeps some: they are not its own."""
        idle, self._idle = self._idle, {}
        self._lock = threading.Lock()
        for process in itertools.chain.from_iterable(idle.values()):
            process.forget()


_kept = _Kept()
atexit.register(_kept.end)
os.register_at_fork(after_in_child=_kept.forget)


def can_stay() -> bool:
    """Whether Tesseract's output can be had line by line here."""
    return shutil.which("stdbuf") is not None


def read(way: Way, images: Sequence[Path], seconds: float) -> str | None:
    """Tesseract's TSV for *images*, by a process that is kept for the next ones; None where that failed.

    seconds: that it may take for all of them.
    """
    until = time.monotonic() + seconds
    try:
        process = _kept.take(way)
        if not process.is_new and (tsv := _answer(way, process, images, until)) is not None:
            return tsv
        if not process.is_new:  # it may have ended while nobody needed it, which says nothing about these images
            process = TesseractProcess(way)
    except OSError:
        return None
    return _answer(way, process, images, until)


def _answer(way: Way, process: TesseractProcess, images: Sequence[Path], until: float) -> str | None:
    """The TSV by *process*, which is kept then; None where it failed, and is ended."""
    try:
        rows = process.read(images, until - time.monotonic())
    except Ended:
        process.end()
        return None
    except BaseException:
        process.end()
        raise
    _kept.give_back(way, process)
    return "\n".join(rows)


def end_all() -> None:
    """End the processes that are kept."""
    _kept.end()
