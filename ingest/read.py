"""Reads any file: its type by content, its pages by text layer or OCR, one stored text."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source, reader_of
from ingest.formats.sniff import file_type_of, open_regular
from ingest.limits import MAX_FILE_BYTES, MEGABYTE
from ingest.options import DEFAULT_OPTIONS, OcrMode, ReadOptions
from ingest.page import Reading
from ingest.worker import progress
from ingest.worker.progress import Stage


@contextmanager
def read(path: Path, options: ReadOptions = DEFAULT_OPTIONS) -> Iterator[Reading]:
    """The file at *path*, read; words and page images can be loaded while the context is open.

    In an attempt after a failure (``options.rescue``), pages left out come back empty, ``unread`` saying why. Raises
    ReadFailure (verdicts khong_ho_tro, hong, ma_hoa, qua_lon, trong, mat_tep, thay_doi) and MissingTool.
    """
    source = source_of(path, options)
    options = replace(options, cache=options.cache or progress.ocr_folder())
    with reader_of(source.file_type).read(source, options) as reading:
        _check(reading, options)
        if file_sha256(path, options.limits.file_bytes) != source.sha256:
            raise ReadFailure("Tệp thay đổi trong lúc đọc.", Verdict.CHANGED, "Hãy chờ chép xong rồi nạp lại.")
        progress.report(Stage.RECORD, 0, len(reading.pages))
        yield reading


def source_of(path: Path, options: ReadOptions) -> Source:
    """The file at *path* with its type and hash. Raises ReadFailure."""
    file_type = file_type_of(path)
    size, limit = path.stat().st_size, options.limits.file_bytes
    if size > limit:
        message = f"Tệp lớn {size / MEGABYTE:.0f} MB, quá mức {limit // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    return Source(path, file_type, options.sha256 or file_sha256(path, limit))


def file_sha256(path: Path, max_bytes: int = MAX_FILE_BYTES) -> str:
    """The SHA-256 of the file, in hexadecimal.

    Raises OSError, also for a file of more than *max_bytes*. It never waits on a pipe and never reads beyond the limit,
    so it may be called outside a worker.
    """
    digest, left = hashlib.sha256(), max_bytes
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > left:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        while block := file.read(MEGABYTE):
            left -= len(block)
            if left < 0:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
            digest.update(block)
    return digest.hexdigest()


def _check(reading: Reading, options: ReadOptions) -> None:
    """Raise ReadFailure for a reading over the limits or without text."""
    limits = options.limits
    if len(reading.text) > limits.text_bytes:
        message = f"Tệp có hơn {limits.text_bytes / 1_000_000:.0f} triệu chữ."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    if len(reading.pages) > limits.pages:  # readers of page images check this before they read
        message = f"Tệp có {len(reading.pages)} trang, quá mức {limits.pages}."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    if reading.text.strip():
        return
    unread = next((page.unread for page in reading.pages if page.unread), None)
    if unread is not None:
        message = f"Không đọc được trang nào: {unread.words}."
        raise ReadFailure(message, unread.verdict, "Hãy thử lại, hoặc quét lại ở 200–300 dpi.")
    if options.mode is OcrMode.OFF:
        raise ReadFailure("Tệp không có lớp chữ, mà OCR đang tắt.", Verdict.NO_TEXT, "Hãy bật OCR rồi đọc lại.")
    raise ReadFailure("Tệp không có chữ nào đọc được (trang trắng?).", Verdict.NO_TEXT, "Hãy kiểm tra lại tệp gốc.")
