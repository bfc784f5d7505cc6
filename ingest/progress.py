"""How far a worker has come with its file: told page by page, so that what was done outlives the worker.

The supervisor reads it when the worker was killed or ran out of memory, and has the pages before that read once more
by another worker (:class:`Rescue`): pages already read by OCR are remembered beside it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.worker import worker_output

#: What is under way: opening the file, looking at a page, OCR of a page, making the record of the whole.
Stage = Literal["open", "page", "ocr", "record"]
_LINE = 64
_REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Reached:
    """stage: what was under way. page: at which page, 0 for none. pages: of how many, 0 when not known."""

    stage: Stage
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Rescue:
    """What a further attempt leaves out. verdict: why the first attempt failed.

    pages: of the file, as far as known. last: pages after it are not looked at. remembered: pages that OCR has not read yet stay unread. bare: text only,
    nothing is concluded from it.
    """

    verdict: str
    pages: int
    last: int
    remembered: bool = False
    bare: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Rescue | None:
        return cls(**data) if data else None


class _Note:
    """Where this process tells its progress; nowhere outside a worker."""

    file: int | None = None
    memory: Path | None = None


def begin(folder: Path) -> None:
    """A file is begun; progress and remembered pages lie in *folder*."""
    folder.mkdir(exist_ok=True)
    end()
    _Note.file = os.open(folder / _REACHED, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _Note.memory = folder / "ocr"
    reached("open")


def end() -> None:
    """The file is done with."""
    if _Note.file is not None:
        os.close(_Note.file)
    _Note.file = _Note.memory = None


def forget(folder: Path) -> None:
    """Another attempt begins: what the last one reached says nothing of it."""
    worker_output.forget(folder, _REACHED)


def memory() -> Path | None:
    """Where OCR of this file is remembered until it is done with, for a further attempt; None outside a worker."""
    return _Note.memory


def reached(stage: Stage, page: int = 0, pages: int = 0) -> None:
    """Told before the work is begun: when the worker dies, this is what it died of."""
    if _Note.file is not None:
        with suppress(OSError):
            os.pwrite(_Note.file, f"{stage} {page} {pages}".ljust(_LINE).encode(), 0)


def last_reached(folder: Path) -> Reached | None:
    """How far the worker came whose folder that is; None when it told nothing."""
    try:
        stage, page, pages = worker_output.read(folder, _REACHED, _LINE).decode("ascii").split()
        return Reached(stage, int(page), int(pages))  # type: ignore[arg-type]
    except (OSError, ValueError):
        return None


def rescue_after(verdict: str, seen: Reached | None, before: Rescue | None, *, told: bool) -> Rescue | None:
    """What another attempt should leave out after a failure at *seen*; None when nothing would be won.

    told: the reader itself said so and can go on behind a broken page; else the failure took the worker with it. Each
    attempt leaves out more than the one *before*.
    """
    if seen is None or (told and seen.stage != "page"):
        return None
    why = before.verdict if before else verdict
    pages = before.pages if before else seen.pages
    last = before.last if before else seen.pages
    remembered = before.remembered if before else False
    if seen.stage == "page":
        if told:  # pages that do not open are left out alone
            return Rescue(why, pages, pages) if before is None and seen.pages > 1 else None
        last = min(last, seen.page - 1)
        return Rescue(why, pages, last, remembered) if last >= 1 else None
    if seen.stage == "ocr":
        return None if remembered else Rescue(why, pages, last, remembered=True)
    if seen.stage == "record" and not (before and before.bare):
        return Rescue(why, pages, last, remembered=True, bare=True)
    return None
