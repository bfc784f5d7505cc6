"""Read any file: its type by content, its pages by text layer or OCR, one stored text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ReadFailure
from ingest.file_types import file_type
from ingest.limits import MAX_FILE_BYTES, MEGABYTE, PAGE_SECONDS
from ingest.ocr_cache import OcrCache
from ingest.page import Page, Reading

if TYPE_CHECKING:
    from ingest.pdf import Mode


@contextmanager
def read(
    path: Path,
    *,
    mode: Mode = "auto",
    cache: Path | None = None,
    ocr_jobs: int = 1,
    page_seconds: float = PAGE_SECONDS,
) -> Iterator[Reading]:
    """The file at *path*, read; words with boxes can be loaded while the context is open.

    mode: ``auto`` decides page by page; ``redo`` reads scanned pages anew whatever text layer they carry; ``force``
    reads every page of a PDF by OCR; ``off`` uses text layers only. cache: folder of the OCR cache, None for none.
    ocr_jobs: tesseract processes at a time. page_seconds: OCR time allowed for a page.

    Raises ReadFailure (its ``verdict``: khong_ho_tro, hong, ma_hoa, qua_lon, trong, mat_tep) and MissingTool.
    """
    kind = file_type(path)
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ReadFailure(
            f"Tệp lớn {size / MEGABYTE:.0f} MB, quá mức {MAX_FILE_BYTES // MEGABYTE} MB.",
            "qua_lon",
            "Hãy chia nhỏ tệp.",
        )
    sha256 = file_sha256(path)
    ocr_cache = OcrCache(cache)
    # Each reader is imported when its kind of file is met: pdfium, Pillow and lxml are not free to start.
    if kind == "pdf":
        from ingest.pdf import read_pdf
        from ingest.pdf_signatures import digital_signatures

        with read_pdf(path, sha256, mode, ocr_cache, ocr_jobs, page_seconds) as pages:
            reading = _reading(path, sha256, pages, mode)
            reading.signatures = digital_signatures(path)
            yield reading
    elif kind == "text":
        from ingest.plain_text import read_text

        yield _reading(path, sha256, read_text(path), mode)
    elif kind == "docx":
        from ingest.docx import read_docx

        yield _reading(path, sha256, read_docx(path), mode)
    elif kind == "doc":
        from ingest.word_binary import read_doc

        yield _reading(path, sha256, read_doc(path), mode)
    elif kind == "odt":
        from ingest.odt import read_odt

        yield _reading(path, sha256, read_odt(path), mode)
    elif kind == "html":
        from ingest.html_page import read_html

        yield _reading(path, sha256, read_html(path), mode)
    elif kind == "rtf":
        from ingest.rtf import read_rtf

        yield _reading(path, sha256, read_rtf(path), mode)
    else:
        from ingest.image import read_image

        if mode == "off":
            raise ReadFailure("Tệp ảnh chỉ đọc được bằng OCR, mà OCR đang tắt.", "trong", "Hãy bật OCR rồi đọc lại.")
        with read_image(path, sha256, ocr_cache, ocr_jobs, page_seconds) as pages:
            yield _reading(path, sha256, pages, mode)


def file_sha256(path: Path) -> str:
    """The SHA-256 of the file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _reading(path: Path, sha256: str, pages: Sequence[Page], mode: Mode) -> Reading:
    reading = Reading(str(path), sha256, pages)
    if reading.text.strip():
        return reading
    if any("không OCR được" in note for page in pages for note in page.notes):
        raise ReadFailure("Không OCR được trang nào.", "hong", "Hãy thử lại, hoặc quét lại văn bản.")
    if mode == "off":
        raise ReadFailure("Tệp không có lớp chữ, mà OCR đang tắt.", "trong", "Hãy bật OCR rồi đọc lại.")
    raise ReadFailure("Tệp không có chữ nào đọc được (trang trắng?).", "trong", "Hãy kiểm tra lại tệp gốc.")
