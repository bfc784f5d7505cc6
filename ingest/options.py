"""Options of a reading, as one immutable value that goes down to every reader."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.limits import DEFAULT_LIMITS, PAGE_SECONDS, Limits
from ingest.worker.rescue import Rescue

#: The OCR engine that reads pages unless an option names another.
DEFAULT_ENGINE = "both"
#: Where a worker leaves the documents inside a file, below the folder of its OCR cache: files 0, 1, 2 …
PARTS_FOLDER = "parts"


class OcrMode(StrEnum):
    """Which pages are read by OCR."""

    #: Decide page by page from the text layer and what is drawn on the page.
    AUTO = "auto"
    #: Read scanned pages by OCR whatever text layer they have.
    REDO = "redo"
    #: Read every page of a PDF by OCR.
    FORCE = "force"
    #: Use text layers only.
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is read. The same options give the same record."""

    mode: OcrMode = OcrMode.AUTO
    #: Folder of the OCR cache; None for no cache.
    cache: Path | None = None
    #: The OCR engine (:data:`ingest.ocr.engine.ENGINES`).
    engine: str = DEFAULT_ENGINE
    #: OCR processes that run at a time.
    ocr_jobs: int = 1
    #: Seconds of OCR allowed for one page.
    page_seconds: float = PAGE_SECONDS
    #: Whether number and date of a scan are read a second time by another engine, where it is installed.
    second_reader: bool = True
    #: What to leave out, in an attempt after a failure; None in the first attempt.
    rescue: Rescue | None = None
    limits: Limits = DEFAULT_LIMITS
    #: SHA-256 of the file's content in hexadecimal, where the caller took it; the file must still have it at the end.
    sha256: str | None = None


#: The options where a caller names none.
DEFAULT_OPTIONS = ReadOptions()
