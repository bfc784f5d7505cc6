"""Readers of file formats, one module each, registered by the file types they take.

To add a format: add a :class:`~ingest.formats.sniff.FileType` and recognise its content in :mod:`ingest.formats.sniff`;
write a module with ``FILE_TYPES`` and ``read`` (:class:`Reader`); register it in :data:`READERS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from ingest.formats.sniff import FileType

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.limits import Limits
    from ingest.options import ReadOptions
    from ingest.page import Page, Reading

#: File type → module of its reader. Imported when a file of that type is met: pdfium, Pillow and lxml are slow to load.
READERS: Mapping[FileType, str] = {
    FileType.PDF: "ingest.formats.pdf",
    FileType.PNG: "ingest.formats.image",
    FileType.JPEG: "ingest.formats.image",
    FileType.HEIC: "ingest.formats.image",
    FileType.TIFF: "ingest.formats.image",
    FileType.DOCX: "ingest.formats.docx",
    FileType.WORD_XML: "ingest.formats.docx",
    FileType.DOC: "ingest.formats.doc",
    FileType.ODT: "ingest.formats.odt",
    FileType.RTF: "ingest.formats.rtf",
    FileType.HTML: "ingest.formats.html",
    FileType.MHTML: "ingest.formats.mhtml",
    FileType.SHEET: "ingest.formats.spreadsheet",
    FileType.XLS: "ingest.formats.spreadsheet",
    FileType.PPTX: "ingest.formats.pptx",
    FileType.TEXT: "ingest.formats.text",
    FileType.ZIP: "ingest.formats.container",
    FileType.EML: "ingest.formats.mail",
    FileType.MSG: "ingest.formats.mail",
    FileType.EDXML: "ingest.formats.container",
}
#: Types whose pages can be shown as pictures; their readers are a :class:`PageReader`.
WITH_PAGE_IMAGES = frozenset({FileType.PDF, FileType.PNG, FileType.JPEG, FileType.TIFF, FileType.HEIC})


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read."""

    path: Path
    file_type: FileType
    #: SHA-256 of the file's bytes, in hexadecimal.
    sha256: str


class Reader(Protocol):
    """A module that reads files of some types."""

    #: The file types it takes.
    FILE_TYPES: frozenset[FileType]

    def read(self, source: Source, options: ReadOptions) -> Reading:
        """Read the file. Raises ReadFailure, and MissingTool where OCR is needed and not installed."""
        ...


class PageReader(Reader, Protocol):
    """A reader whose pages can be read one by one and shown as pictures."""

    def open_page(self, source: Source, number: int, options: ReadOptions) -> AbstractContextManager[Page | None]:
        """Page *number* (from 1) exactly as :meth:`Reader.read` gives it, the other pages untouched.

        OCR is not run: None where the page needs it and the OCR cache has no result. Raises ReadFailure, MissingTool.
        """
        ...

    def page_picture(self, path: Path, number: int, size: PictureSize, limits: Limits) -> Image:
        """Page *number* as it lies in the file, at about *size*. Raises ReadFailure (``khong_co``: no such page)."""
        ...


@dataclass(frozen=True, slots=True)
class PictureSize:
    """How large a picture of a page should be: one of its width in pixels and its resolution in dots per inch."""

    width: int | None = None
    dpi: int | None = None


def reader_of(file_type: FileType) -> Reader:
    """The reader for files of that type."""
    return cast(Reader, import_module(READERS[file_type]))


def page_reader_of(file_type: FileType) -> PageReader | None:
    """The reader for single pages of files of that type; None for types without page images."""
    return cast(PageReader, import_module(READERS[file_type])) if file_type in WITH_PAGE_IMAGES else None
