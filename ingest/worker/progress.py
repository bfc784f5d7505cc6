"""How far a worker has come with its file, noted page by page in a file that outlives the worker.

The supervisor reads the note after a crash, a timeout or a shortage of memory, and has the finished pages read again
by another worker (:mod:`ingest.worker.rescue`). OCR results of the file are cached beside the note until it is done.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.worker import worker_output


class Stage(StrEnum):
    """What a worker is doing."""

    #: Opening the file.
    OPEN = "open"
    #: Looking at a page: its text layer and what is drawn on it.
    PAGE = "page"
    #: OCR of a page.
    OCR = "ocr"
    #: Making the record of the whole file.
    RECORD = "record"


_NOTE = "reached"
_NOTE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a worker came."""

    stage: Stage
    #: The page under way, from 1; 0 for none.
    page: int
    #: Pages of the file; 0 when not known yet.
    pages: int


class _Note:
    """Where this process notes its progress. Both are None outside a worker."""

    file: int | None = None
    ocr_folder: Path | None = None


def begin(folder: Path) -> None:
    """Begin a file whose progress note and cached OCR go into *folder*."""
    folder.mkdir(exist_ok=True)
    end()
    _Note.file = os.open(folder / _NOTE, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _Note.ocr_folder = folder / "ocr"
    report(Stage.OPEN)


def end() -> None:
    """Stop noting: the file is done."""
    if _Note.file is not None:
        os.close(_Note.file)
    _Note.file = _Note.ocr_folder = None


def clear(folder: Path) -> None:
    """Delete the note of an earlier attempt, which says nothing of the next one."""
    worker_output.delete(folder, _NOTE)


def ocr_folder() -> Path | None:
    """Where OCR of the current file is cached until the file is done; None outside a worker."""
    return _Note.ocr_folder


def report(stage: Stage, page: int = 0, pages: int = 0) -> None:
    """Note what is about to begin: if the worker dies, this is what it died of."""
    if _Note.file is not None:
        with suppress(OSError):
            os.pwrite(_Note.file, f"{stage} {page} {pages}".ljust(_NOTE_BYTES).encode(), 0)


def last_reached(folder: Path) -> Reached | None:
    """How far the worker that used *folder* came; None when it noted nothing."""
    try:
        stage, page, pages = worker_output.read(folder, _NOTE, _NOTE_BYTES).decode("ascii").split()
        return Reached(Stage(stage), int(page), int(pages))
    except (OSError, ValueError):
        return None
