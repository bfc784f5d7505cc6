"""What kind of file this is, told by its content; the name is never asked."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Literal

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict

FileType = Literal["pdf", "png", "jpeg", "tiff", "docx", "doc", "odt", "html", "rtf", "text"]

_PEEK = 8192
_IMAGES: tuple[tuple[bytes, FileType], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
)
# What people hand in by mistake: told by name so that they know what to do.
_REFUSED = (
    (b"Rar!\x1a\x07", "tệp nén RAR", "Hãy giải nén rồi nạp từng tệp."),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén 7-Zip", "Hãy giải nén rồi nạp từng tệp."),
    (b"\x1f\x8b", "tệp nén gzip", "Hãy giải nén rồi nạp từng tệp."),
    (b"BZh", "tệp nén bzip2", "Hãy giải nén rồi nạp từng tệp."),
    (b"\xfd7zXZ\0", "tệp nén xz", "Hãy giải nén rồi nạp từng tệp."),
    (b"GIF8", "ảnh GIF", "Hãy lưu lại dạng PNG hoặc PDF."),
    (b"BM", "ảnh BMP", "Hãy lưu lại dạng PNG hoặc PDF."),
    (b"MZ", "chương trình Windows", "Tệp này không phải văn bản."),
    (b"\x7fELF", "chương trình Linux", "Tệp này không phải văn bản."),
    (b"%!PS", "tệp PostScript", "Hãy lưu lại dạng PDF."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMAIL = re.compile(
    rb"\A(?:From |(?:(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|X-[\w-]+|From|To|Subject|Date)"
    rb":[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3})",
    re.IGNORECASE,
)


def _unsupported(what: str, next_step: str) -> ReadFailure:
    return ReadFailure(f"Chưa đọc được loại tệp này: {what}.", Verdict.UNSUPPORTED, next_step)


def open_regular(path: Path) -> BinaryIO:
    """The file at *path* for reading. Raises OSError, also for what is no regular file: opening a pipe would wait for
    its other end, reading a device might never end.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return os.fdopen(file, "rb")
    os.close(file)
    raise OSError("không phải tệp thường")


def file_type(path: Path) -> FileType:
    """The type of the file at *path*. Raises ReadFailure.

    Verdicts: ``mat_tep`` no such file, ``trong`` no bytes, ``ma_hoa`` an Office file under a password,
    ``khong_ho_tro`` any other type, named in the message.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ReadFailure("Đây là thư mục, không phải tệp.", Verdict.NOT_OPENED, "Hãy kiểm tra lại đường dẫn.")
        if not stat.S_ISREG(mode):
            raise _unsupported("ống, cổng hoặc thiết bị, không phải tệp thường", "Hãy chép nội dung ra một tệp.")
        with open_regular(path) as file:
            head = file.read(_PEEK)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadFailure("Không tìm thấy tệp.", Verdict.NOT_OPENED, "Hãy kiểm tra lại đường dẫn.") from error
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise ReadFailure(f"Không mở được tệp ({said}).", Verdict.NOT_OPENED, "Hãy kiểm tra quyền đọc tệp.") from error
    if not head:
        raise ReadFailure("Tệp rỗng (0 byte).", Verdict.NO_TEXT, "Hãy lấy lại tệp gốc.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, kind in _IMAGES:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(_OLE):
        return _ole(path)
    for magic, what, step in _REFUSED:
        if head.startswith(magic):
            raise _unsupported(what, step)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise _unsupported("ảnh WebP", "Hãy lưu lại dạng PNG hoặc PDF.")
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        raise _unsupported("ảnh HEIC", "Hãy lưu lại dạng JPEG hoặc PDF.")
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith(b"{\\rtf"):
        return "rtf"
    if re.match(rb"<!doctype html|<html|<head|<\?xml[^>]*>\s*<(?:!doctype )?html", stripped, re.IGNORECASE):
        return "html"
    if _EMAIL.match(stripped):
        raise _unsupported("thư điện tử", "Hãy lưu riêng tệp đính kèm rồi nạp.")
    if not _looks_like_text(head):
        raise _unsupported(
            "tệp nhị phân không rõ loại", "Hãy dùng PDF, ảnh PNG/JPEG/TIFF, .docx, .doc, .odt, .rtf, .html hoặc .txt."
        )
    return "text"


def _zipped(path: Path) -> FileType:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = b""
            if "mimetype" in names:
                with archive.open("mimetype") as entry:  # the first bytes only: it may be a bomb
                    mimetype = entry.read(100)
    except (
        zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error
    ) as error:  # fmt: skip
        raise ReadFailure(
            "Tệp nén hoặc tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc."
        ) from error
    if "word/document.xml" in names:
        return "docx"
    if any(name.startswith("xl/") for name in names):
        raise _unsupported("bảng tính Excel", "Hãy in ra PDF.")
    if any(name.startswith("ppt/") for name in names):
        raise _unsupported("bài trình chiếu PowerPoint", "Hãy in ra PDF.")
    if b"opendocument.text" in mimetype:
        return "odt"
    raise _unsupported("tệp nén ZIP", "Hãy giải nén rồi nạp từng tệp.")


def _ole(path: Path) -> FileType:
    """An OLE container: old Office, a mail message, or a new Office file under a password."""
    with path.open("rb") as file:
        data = file.read(4 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadFailure("Tệp Office có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
    if "__substg1.0_".encode("utf-16-le") in data:
        raise _unsupported("thư Outlook (.msg)", "Hãy lưu riêng tệp đính kèm rồi nạp.")
    if "WordDocument".encode("utf-16-le") in data:
        return "doc"
    raise _unsupported("tệp Office cũ (bảng tính, trình chiếu)", "Hãy lưu lại dạng .docx hoặc PDF.")


def _looks_like_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    zeros = head.count(0)
    if zeros:  # UTF-16 without a mark: the zeros stand on one side only
        odd, even = head[1::2].count(0), head[0::2].count(0)
        return zeros > len(head) // 5 and min(odd, even) * 20 < max(odd, even)
    controls = sum(1 for b in head if b < 32 and b not in b"\t\n\r\f\x0b\x1a\x1b")
    return controls * 100 <= len(head)
