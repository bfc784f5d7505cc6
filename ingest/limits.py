"""Limits on what one file may use.

The defaults are far above any administrative document seen. A file over a limit is refused with a verdict and the
figure; it is never cut silently. Settings may change every limit (docs/limits.md). A :class:`Limits` is a value: it is
passed to whatever needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024

#: Bytes of any file. The largest scans of annual budgets are near 100 MB.
MAX_FILE_BYTES = 400 * MEGABYTE
#: Pixels of a page given to OCR. A3 at 300 dpi has 17 million; a larger page is scaled down first.
OCR_PIXELS = 30_000_000
#: Seconds for the OCR of one page. A page that takes longer stays in the document, empty and marked.
PAGE_SECONDS = 120.0
#: Seconds for one file, all pages, unless the caller says otherwise.
FILE_SECONDS = 1800.0
#: Address space of one worker in bytes. pdfium and Pillow, held to the limits below, use under half of it.
WORKER_BYTES = 4096 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that hold for one file and for the worker process that reads it."""

    #: Bytes of address space of the worker; each child process (Tesseract) may use as much again.
    memory: int = WORKER_BYTES
    #: Seconds of CPU time one process may use for one file. It bounds work on a machine too busy for the wall clock.
    cpu_seconds: float = FILE_SECONDS
    #: Bytes of the file on disk.
    file_bytes: int = MAX_FILE_BYTES
    #: Pages of a PDF, frames of a TIFF, or parts of a text between form feeds.
    pages: int = 3000
    #: Citations kept of one document. Storing one takes some 2 ms; the longest lists of repealed decisions have 3000.
    citations: int = 10_000
    #: Pixels of a page image. A larger page is drawn or decoded at a lower resolution.
    page_pixels: int = OCR_PIXELS
    #: Bytes of a text file or web page, and characters of any document. A thousand pages have about 3 MB.
    text_bytes: int = 32 * MEGABYTE
    #: Bytes that a .docx or .odt unpacks to, counted while unpacking, whatever its directory claims.
    unpacked_bytes: int = 200 * MEGABYTE
    #: Entries in the archive of a .docx or .odt.
    entries: int = 5000
    #: Bytes of any one file that a worker writes. A page image on its way to OCR has 30 MB.
    written_bytes: int = 256 * MEGABYTE
    #: Open files of a worker, which needs about a dozen.
    open_files: int = 256
    #: Processes of a worker, which needs about a dozen.
    processes: int = 256

    @property
    def image_bytes(self) -> int:
        """Bytes that one decoded picture may use: half of the memory, so that enough is left for the rest."""
        return self.memory // 2


#: The limits where a caller names none.
DEFAULT_LIMITS = Limits()
