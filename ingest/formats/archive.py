"""Checks an archive (.docx, .odt) before it is opened: passwords, number of entries, size once unpacked."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE, Limits

#: What a damaged archive raises in zipfile.
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)


def check_archive(file: Path | IO[bytes], limits: Limits) -> None:
    """Unpack every entry without keeping it, and count the bytes: the sizes an archive declares may be false.

    Raises ReadFailure: ``qua_lon``, ``ma_hoa``, ``hong``.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                message = f"Tệp có {len(entries)} phần, quá nhiều."
                raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy lưu lại tệp từ chương trình soạn thảo.")
            _unpack(archive, entries, limits.unpacked_bytes)
    except _DAMAGED as error:
        raise ReadFailure("Tệp bị hỏng hoặc bị cắt.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], max_bytes: int) -> None:
    total = 0
    for entry in entries:
        if entry.flag_bits & 1:
            raise ReadFailure("Tệp có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
        with archive.open(entry) as part:
            while chunk := part.read(MEGABYTE):
                total += len(chunk)
                if total > max_bytes:
                    message = f"Tệp giải nén ra hơn {max_bytes // MEGABYTE} MB."
                    raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy kiểm tra tệp gốc.")
