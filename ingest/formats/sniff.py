"""The type of a file, judged by its content; the file's name is not used."""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict


class FileType(StrEnum):
    """A type of file that can be read."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    #: The photos of many phones.
    HEIC = "heic"
    DOCX = "docx"
    #: A Word document written as one XML file: Word 2003 XML or flat OPC.
    WORD_XML = "word_xml"
    DOC = "doc"
    ODT = "odt"
    #: A spreadsheet in an archive: .xlsx, .xlsm, .xlsb, .ods.
    SHEET = "sheet"
    #: A spreadsheet of Excel 97–2003 or older.
    XLS = "xls"
    PPTX = "pptx"
    HTML = "html"
    #: A web page with its pictures in one file, as browsers and Word save it.
    MHTML = "mhtml"
    RTF = "rtf"
    TEXT = "text"
    #: Containers: files that hold documents.
    ZIP = "zip"
    EML = "eml"
    MSG = "msg"
    EDXML = "edxml"


_HEAD_BYTES = 8192
#: First bytes of image files.
IMAGE_MAGIC: tuple[tuple[bytes, FileType], ...] = (
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"II*\0", FileType.TIFF),
    (b"MM\0*", FileType.TIFF),
    (b"II+\0", FileType.TIFF),
    (b"MM\0+", FileType.TIFF),
)
#: Bytes 4 to 12 of the photos of phones (ISO/IEC 23008-12, brands of still pictures).
_HEIC = frozenset({b"ftypheic", b"ftypheix", b"ftypmif1"})
# First bytes of files that people hand in by mistake, what they are, and what to do.
_UNSUPPORTED_MAGIC = (
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
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEAD_BYTES = 4 * 1024 * 1024
_HTML = re.compile(rb"<!doctype html|<html|<head|<\?xml[^>]*>\s*<(?:!doctype )?html", re.IGNORECASE)
# The root element of Word 2003 XML and of a Word package in one file.
_WORD_XML = re.compile(
    rb"""\A<\?xml.*?<(?:\w+:)?(?:wordDocument[^>]*office/word/2003/wordml|package[^>]*office/2006/xmlPackage)""",
    re.DOTALL,
)
# Header fields at the top of a file, at least two.
_MESSAGE_HEADER = re.compile(rb"\A(?:[A-Za-z][\w-]*:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*){2,}")
# Header fields of messages that were sent, which saved pages lack.
_SENT = re.compile(rb"^(?:To|Cc|Received|Delivered-To|Return-Path|Message-ID):", re.IGNORECASE | re.MULTILINE)
_PAGE_CONTENT = re.compile(rb"^Content-Type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)
# The root element of an edXML envelope.
_EDXML = re.compile(rb"\A(?:<\?xml.*?\?>\s*)?<(?:\w+:)?(?:edXML|edXMLEnvelope)\b", re.DOTALL | re.IGNORECASE)
# An mbox line, or three header fields of a mail message in a row.
_EMAIL = re.compile(
    rb"\A(?:From |(?:(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|X-[\w-]+|From|To|Subject|Date)"
    rb":[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3})",
    re.IGNORECASE,
)


def open_regular(path: Path) -> BinaryIO:
    """Open the regular file at *path* for reading. Raises OSError.

    Anything but a regular file is an error: opening a pipe would wait for its other end, reading a device might never
    end.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return os.fdopen(file, "rb")
    os.close(file)
    raise OSError("không phải tệp thường")


def file_type_of(path: Path) -> FileType:
    """The type of the file at *path*.

    Raises ReadFailure with verdict ``mat_tep`` (no such file), ``trong`` (no bytes), ``ma_hoa`` (an Office file with a
    password), ``hong`` (a damaged archive) or ``khong_ho_tro`` (any other type, named in the message).
    """
    head = _head_of(path)
    if head.startswith(b"PK\x03\x04"):  # before PDF: an archive may begin with a PDF that is not compressed
        return _zip_type(path)
    if head.startswith(_OLE_MAGIC):
        return _ole_type(path)
    if b"%PDF-" in head[:1024]:
        return FileType.PDF
    for magic, file_type in IMAGE_MAGIC:
        if head.startswith(magic):
            return file_type
    if head[4:12] in _HEIC:
        return FileType.HEIC
    _refuse_unsupported(head)
    return text_type_of(head)


def _head_of(path: Path) -> bytes:
    """The first bytes of the file, at least one. Raises ReadFailure."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise ReadFailure("Đây là thư mục, không phải tệp.", Verdict.NOT_OPENED, "Hãy kiểm tra lại đường dẫn.")
        if not stat.S_ISREG(mode):
            raise _unsupported("ống, cổng hoặc thiết bị, không phải tệp thường", "Hãy chép nội dung ra một tệp.")
        with open_regular(path) as file:
            head = file.read(_HEAD_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadFailure("Không tìm thấy tệp.", Verdict.NOT_OPENED, "Hãy kiểm tra lại đường dẫn.") from error
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise ReadFailure(f"Không mở được tệp ({cause}).", Verdict.NOT_OPENED, "Hãy kiểm tra quyền đọc tệp.") from error
    if not head:
        raise ReadFailure("Tệp rỗng (0 byte).", Verdict.NO_TEXT, "Hãy lấy lại tệp gốc.")
    return head


def _unsupported(what: str, next_step: str) -> ReadFailure:
    return ReadFailure(f"Chưa đọc được loại tệp này: {what}.", Verdict.UNSUPPORTED, next_step)


def _refuse_unsupported(head: bytes) -> None:
    """Raise ReadFailure for a known type that is not supported."""
    for magic, what, next_step in _UNSUPPORTED_MAGIC:
        if head.startswith(magic):
            raise _unsupported(what, next_step)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise _unsupported("ảnh WebP", "Hãy lưu lại dạng PNG hoặc PDF.")


def text_type_of(head: bytes) -> FileType:
    """The type of a file that starts with *head* and consists of text. Raises ReadFailure for binary data."""
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith(b"{\\rtf"):
        return FileType.RTF
    if _HTML.match(stripped):
        return FileType.HTML
    if _WORD_XML.search(stripped[:_HEAD_BYTES]):
        return FileType.WORD_XML
    if (header := _MESSAGE_HEADER.match(stripped)) is not None and _is_web_page(header.group()):
        return FileType.MHTML
    if _EMAIL.match(stripped):
        return FileType.EML
    if _EDXML.search(stripped[:_HEAD_BYTES]):
        return FileType.EDXML
    if not _is_text(head):
        raise _unsupported(
            "tệp nhị phân không rõ loại",
            "Hãy dùng PDF, ảnh PNG/JPEG/TIFF, .docx, .doc, .odt, .rtf, .xlsx, .xls, .html hoặc .txt.",
        )
    return FileType.TEXT


#: What a damaged archive raises in zipfile.
_DAMAGED_ZIP = (
    zipfile.BadZipFile,
    OSError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    zlib.error,
)


def _zip_type(path: Path) -> FileType:
    """The type of a ZIP archive, by the names of its entries."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = b""
            if "mimetype" in names:
                with archive.open("mimetype") as entry:  # the first bytes only: the entry may be a decompression bomb
                    mimetype = entry.read(100)
    except _DAMAGED_ZIP as error:
        raise ReadFailure(
            "Tệp nén hoặc tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc."
        ) from error
    if "word/document.xml" in names:
        return FileType.DOCX
    if any(name.startswith("xl/") for name in names) or b"opendocument.spreadsheet" in mimetype:
        return FileType.SHEET
    if any(name.startswith("ppt/") for name in names):
        return FileType.PPTX
    if b"opendocument.text" in mimetype:
        return FileType.ODT
    return FileType.ZIP


def _ole_type(path: Path) -> FileType:
    """The type of an OLE container: old Office, a mail message, or a new Office file with a password."""
    with path.open("rb") as file:
        data = file.read(_OLE_HEAD_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadFailure("Tệp Office có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
    if "__substg1.0_".encode("utf-16-le") in data:
        return FileType.MSG
    for stream, file_type in (("WordDocument", FileType.DOC), ("Workbook", FileType.XLS), ("Book", FileType.XLS)):
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return file_type
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise _unsupported(
            "bài trình chiếu PowerPoint cũ (.ppt)", "Hãy mở bằng PowerPoint, lưu lại dạng .pptx hoặc PDF."
        )
    raise _unsupported("tệp Office cũ", "Hãy lưu lại dạng .docx hoặc PDF.")


def _is_web_page(header: bytes) -> bool:
    """Whether the header fields of a message are those of a saved web page."""
    if not _PAGE_CONTENT.search(header):
        return False
    return b"snapshot-content-location:" in header.lower() or not _SENT.search(header)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    zeros = head.count(0)
    if zeros:  # UTF-16 without a byte order mark: the zeros are all at odd or all at even places
        odd, even = head[1::2].count(0), head[0::2].count(0)
        return zeros > len(head) // 5 and min(odd, even) * 20 < max(odd, even)
    controls = sum(1 for b in head if b < 32 and b not in b"\t\n\r\f\x0b\x1a\x1b")
    return controls * 100 <= len(head)
