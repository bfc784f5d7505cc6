"""How much of a file we are willing to read. Each limit is far above any administrative document seen.

A file over a limit is refused with the verdict ``qua_lon`` and the figure, never cut silently.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024

#: Bytes of any file. The largest annual budget scans are near 100 MB.
MAX_FILE_BYTES = 400 * MEGABYTE
#: Bytes of plain text: a thousand pages are about 3 MB; more is a data dump, not a document.
MAX_TEXT_BYTES = 32 * MEGABYTE
#: Pages of a PDF or frames of a TIFF.
MAX_PAGES = 3000
#: Pixels given to OCR: A3 at 300 dpi is 17 million. A larger page is rendered smaller first.
OCR_PIXELS = 30_000_000
#: Pixels an image file may declare. Over it decoding alone would need gigabytes, so it is refused unopened.
MAX_IMAGE_PIXELS = 180_000_000
#: Bytes really unpacked from a .docx, whatever its directory claims, and its number of entries.
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_ENTRIES = 5000
#: Seconds for the OCR of one page; a page over it stays in the document, empty and marked.
PAGE_SECONDS = 120.0
#: Seconds for one file, all pages, unless the caller says otherwise.
FILE_SECONDS = 1800.0
#: Address space of one worker. pdfium and Pillow at the limits above stay under half of it.
WORKER_BYTES = 4096 * MEGABYTE
