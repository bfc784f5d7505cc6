"""How much one file may ask for, and why: the defaults are far above any administrative document seen.

A file over a limit is refused with a verdict and the figure, never cut silently. Settings may change every limit
(docs/limits.md); a worker is told its limits when it starts and reads them here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MEGABYTE = 1024 * 1024

#: Bytes of any file. The largest annual budget scans are near 100 MB.
MAX_FILE_BYTES = 400 * MEGABYTE
#: Pixels given to OCR: A3 at 300 dpi is 17 million. A larger page is rendered smaller first.
OCR_PIXELS = 30_000_000
#: Seconds for the OCR of one page; a page over it stays in the document, empty and marked.
PAGE_SECONDS = 120.0
#: Seconds for one file, all pages, unless the caller says otherwise.
FILE_SECONDS = 1800.0
#: Address space of one worker. pdfium and Pillow at the limits below stay under half of it.
WORKER_BYTES = 4096 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one worker.

    memory: bytes of address space, each child (Tesseract) as much again. cpu_seconds: of one process for one file; it
    holds where the wall clock says little, on a machine at its limit. file_bytes: of a file as it lies there. pages: of
    a PDF, frames of a TIFF, parts of a text between form feeds. citations: kept of a document; the library is held while
    they are stored (some 2 ms each), and lists of a province's repealed decisions stay under 3000. page_pixels: a page is drawn smaller than this before OCR sees it. text_bytes: of a text or
    web page, and characters of any document: a thousand pages are about 3 MB, more is a data dump. unpacked_bytes,
    entries: of a .docx or .odt, counted while unpacking, whatever its directory claims. written_bytes: of any file a
    worker writes; a page on its way to OCR is 30 MB. open_files, processes: a worker needs a dozen of each.
    """

    memory: int = WORKER_BYTES
    cpu_seconds: float = FILE_SECONDS
    file_bytes: int = MAX_FILE_BYTES
    pages: int = 3000
    citations: int = 10_000
    page_pixels: int = OCR_PIXELS
    text_bytes: int = 32 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    entries: int = 5000
    written_bytes: int = 256 * MEGABYTE
    open_files: int = 256
    processes: int = 256

    @property
    def image_bytes(self) -> int:
        """Bytes one decoded picture may fill before it is made smaller: what is left of the memory for the rest."""
        return self.memory // 2


_now = Limits()


def now() -> Limits:
    """The limits of this process."""
    return _now


def use(limits: Limits) -> None:
    """From here on *limits* hold in this process."""
    global _now  # noqa: PLW0603 - one process, one set of limits
    _now = limits


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """*limits* for a while."""
    before = now()
    use(limits)
    try:
        yield
    finally:
        use(before)
