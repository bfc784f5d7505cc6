"""Read any file: its type by content, its pages by text layer or OCR, one stored text."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.sniff import FileType, file_type, open_regular
from ingest.limits import MEGABYTE, PAGE_SECONDS, now
from ingest.ocr.cache import OcrCache
from ingest.page import Page, Reading
from ingest.progress import Rescue, memory, reached

if TYPE_CHECKING:
    from ingest.formats.pdf import Mode


@contextmanager
def read(
    path: Path,
    *,
    mode: Mode = "auto",
    cache: Path | None = None,
    ocr_jobs: int = 1,
    page_seconds: float = PAGE_SECONDS,
    rescue: Rescue | None = None,
) -> Iterator[Reading]:
    """The file at *path*, read; words with boxes can be loaded while the context is open.

    mode: ``auto`` decides page by page; ``redo`` reads scanned pages anew whatever text layer they carry; ``force``
    reads every page of a PDF by OCR; ``off`` uses text layers only. cache: folder of the OCR cache, None for none.
    ocr_jobs: tesseract processes at a time. page_seconds: OCR time allowed for a page. rescue: what an attempt after a
    failure leaves out; such pages come back empty, ``unread`` saying why.

    Raises ReadFailure (its ``verdict``: khong_ho_tro, hong, ma_hoa, qua_lon, trong, mat_tep, thay_doi) and MissingTool.
    """
    kind = file_type(path)
    size = path.stat().st_size
    if size > now().file_bytes:
        raise ReadFailure(
            f"Tệp lớn {size / MEGABYTE:.0f} MB, quá mức {now().file_bytes // MEGABYTE} MB.",
            Verdict.TOO_LARGE,
            "Hãy chia nhỏ tệp.",
        )
    sha256 = file_sha256(path)
    with _opened(path, kind, sha256, mode, OcrCache(cache or memory()), ocr_jobs, page_seconds, rescue) as reading:
        if file_sha256(path) != sha256:
            raise ReadFailure("Tệp thay đổi trong lúc đọc.", Verdict.CHANGED, "Hãy chờ chép xong rồi nạp lại.")
        reached("record", 0, len(reading.pages))
        yield reading


@contextmanager
def _opened(
    path: Path,
    kind: FileType,
    sha256: str,
    mode: Mode,
    ocr_cache: OcrCache,
    ocr_jobs: int,
    page_seconds: float,
    rescue: Rescue | None,
) -> Iterator[Reading]:
    # Each reader is imported when its kind of file is met: pdfium, Pillow and lxml are not free to start.
    if kind == "pdf":
        from ingest.formats.pdf import read_pdf
        from ingest.formats.pdf_signatures import digital_signatures

        with read_pdf(path, sha256, mode, ocr_cache, ocr_jobs, page_seconds, rescue) as pages:
            reading = _reading(path, sha256, pages, mode)
            reading.signatures = digital_signatures(path)
            yield reading
    elif kind == "text":
        from ingest.formats.text import read_text

        yield _reading(path, sha256, read_text(path), mode)
    elif kind == "docx":
        from ingest.formats.docx import read_docx

        yield _reading(path, sha256, read_docx(path), mode)
    elif kind == "doc":
        from ingest.formats.doc import read_doc

        yield _reading(path, sha256, read_doc(path), mode)
    elif kind == "odt":
        from ingest.formats.odt import read_odt

        yield _reading(path, sha256, read_odt(path), mode)
    elif kind == "html":
        from ingest.formats.html import read_html

        yield _reading(path, sha256, read_html(path), mode)
    elif kind == "rtf":
        from ingest.formats.rtf import read_rtf

        yield _reading(path, sha256, read_rtf(path), mode)
    else:
        from ingest.formats.image import read_image

        if mode == "off":
            raise ReadFailure(
                "Tệp ảnh chỉ đọc được bằng OCR, mà OCR đang tắt.", Verdict.NO_TEXT, "Hãy bật OCR rồi đọc lại."
            )
        with read_image(path, sha256, ocr_cache, ocr_jobs, page_seconds, rescue) as pages:
            yield _reading(path, sha256, pages, mode)


def file_sha256(path: Path, most: int | None = None) -> str:
    """The SHA-256 of the file, in hexadecimal. most: bytes, else the limit of this process.

    Raises OSError; never waits on a pipe, never reads what is over the limit, so it may be asked outside a worker.
    """
    digest, left = hashlib.sha256(), now().file_bytes if most is None else most
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > left:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        while block := file.read(MEGABYTE):
            left -= len(block)
            if left < 0:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
            digest.update(block)
    return digest.hexdigest()


def _reading(path: Path, sha256: str, pages: Sequence[Page], mode: Mode) -> Reading:
    reading = Reading(str(path), sha256, pages)
    if len(reading.text) > now().text_bytes:
        millions = now().text_bytes / 1_000_000
        raise ReadFailure(f"Tệp có hơn {millions:.0f} triệu chữ.", Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    if len(pages) > now().pages:  # readers of pictures say so before they read
        raise ReadFailure(f"Tệp có {len(pages)} trang, quá mức {now().pages}.", Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    if reading.text.strip():
        return reading
    unread = next((page for page in pages if page.unread), None)
    if unread is not None:
        raise ReadFailure(
            f"Không đọc được trang nào: {unread.unread}.",
            unread.unread_verdict,
            "Hãy thử lại, hoặc quét lại ở 200–300 dpi.",
        )
    if mode == "off":
        raise ReadFailure("Tệp không có lớp chữ, mà OCR đang tắt.", Verdict.NO_TEXT, "Hãy bật OCR rồi đọc lại.")
    raise ReadFailure("Tệp không có chữ nào đọc được (trang trắng?).", Verdict.NO_TEXT, "Hãy kiểm tra lại tệp gốc.")
