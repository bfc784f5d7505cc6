"""Plain text files: the encoding is recognised, the text becomes Unicode.

Accepted: UTF-8; UTF-16 and UTF-32 with a byte order mark, UTF-16 also without; Windows-1258, TCVN3 and VNI. Anything
else is refused: a wrong guess would fill the library with text that only looks like text.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from corpus.errors import ReadFailure
from corpus.fold import nfc
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.legacy_stretches import converted_lines
from ingest.formats.markdown import is_markdown, plain_text
from ingest.formats.sniff import FileType
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import PAGE_BREAK, Page, Reading
from ingest.syllables import quality

FILE_TYPES = frozenset({FileType.TEXT})

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# UTF-8 with up to this share of broken bytes is a damaged file, not another encoding.
_DAMAGED_SHARE = 0.001
# Share of valid syllables that text of an unknown encoding must reach once it is converted.
_CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file."""

    text: str
    #: Python's name of the encoding, or ``tcvn3`` or ``vni``.
    encoding: str
    #: What was repaired or converted, in Vietnamese; or empty.
    note: str = ""


def decode(data: bytes) -> Decoded:
    """The text of *data*. Raises ReadFailure (``khong_ho_tro``) where the encoding is not certain."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(encoding, errors="replace"), encoding)
    if b"\0" in data:
        return _utf16_without_mark(data)
    try:
        return _repaired(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if any(ord(c) > 0xFF and c != "\ufffd" for c in lenient) and broken <= max(1, _DAMAGED_SHARE * len(lenient)):
        return Decoded(lenient, "utf-8", f"{broken} chỗ hỏng trong mã UTF-8")
    return _single_byte(data)


def _utf16_without_mark(data: bytes) -> Decoded:
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if quality(text).validity > 0.8:
            return Decoded(text, encoding)
    raise _unknown()


def _repaired(text: str) -> Decoded:
    """Text that is valid UTF-8 but may hold mojibake or legacy letters, repaired where the result is certain."""
    before = quality(text)
    if before.judged and before.validity < 0.9:
        undone = _undo_mojibake(text)
        if undone is not None:
            return Decoded(undone, "utf-8", "đã sửa lỗi mã hóa hai lần (mojibake)")
    return _from_legacy(text) or Decoded(text, "utf-8")


def _from_legacy(text: str) -> Decoded | None:
    """*text* with its lines in TCVN3 or VNI converted; None where there are none."""
    converted, encodings = converted_lines(text)
    if not encodings:
        return None
    names = ", ".join(name.upper() for name in encodings)
    return Decoded(converted, encodings[0], f"đã chuyển từ bảng mã {names}")


def _undo_mojibake(text: str) -> str | None:
    """UTF-8 that was read as Windows-1252 and written again; None unless every character can be undone."""
    raw = bytearray()
    for char in text:
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return None
            raw.append(ord(char))
    try:
        undone = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return undone if undone != text and quality(undone).validity > max(0.8, quality(text).validity) else None


def _western(data: bytes) -> str:
    """Windows-1252, its five undefined bytes kept as control characters."""
    return "".join(bytes([b]).decode("cp1252", errors="ignore") or chr(b) for b in data)


def _single_byte(data: bytes) -> Decoded:
    found = _from_legacy(_western(data))
    if found is not None and quality(found.text).validity >= _CERTAIN:
        return found
    text = nfc(data.decode("cp1258", errors="replace"))
    if quality(text).validity >= 0.8 and "\ufffd" not in text:
        return Decoded(text, "cp1258", "đã chuyển từ bảng mã Windows-1258")
    raise _unknown()


def _unknown() -> ReadFailure:
    return ReadFailure(
        "Không nhận ra bảng mã của tệp văn bản.", Verdict.UNSUPPORTED, "Hãy lưu lại tệp dạng UTF-8 rồi nạp lại."
    )


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a text file (:class:`ingest.formats.Reader`): one page, or as many as form feeds separate."""
    size, limit = source.path.stat().st_size, options.limits.text_bytes
    if size > limit:
        message = f"Tệp văn bản lớn {size / MEGABYTE:.0f} MB, quá mức {limit // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")
    decoded = decode(source.path.read_bytes())
    notes = [decoded.note] if decoded.note else []
    text = decoded.text
    if is_markdown(text):
        text = PAGE_BREAK.join(plain_text(part) for part in text.split(PAGE_BREAK))
        notes.append("đã bỏ dấu Markdown")
    parts = nfc(text).split(PAGE_BREAK)
    pages = [Page(number, text, "text", notes=list(notes)) for number, text in enumerate(parts, 1)]
    return Reading(str(source.path), source.sha256, pages)
