"""Plain text files: which encoding, and the text as Unicode.

Accepted: UTF-8, UTF-16 and UTF-32 (with a byte order mark, UTF-16 also without), Windows-1258, TCVN3 and VNI. What is
not surely one of them is refused: a wrong guess would fill the store with rubbish that looks like text.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ReadFailure
from corpus.fold import nfc
from corpus.vocabulary import Verdict
from ingest.formats.legacy_encodings import detect
from ingest.limits import MEGABYTE, now
from ingest.page import PAGE_BREAK, Page
from ingest.syllables import quality

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# UTF-8 with this share of broken bytes is damage (a cut file), not another encoding.
_DAMAGE = 0.001


@dataclass(frozen=True, slots=True)
class Decoded:
    """encoding: Python's name or ``tcvn3``/``vni``. note: what was mended, in Vietnamese, or empty."""

    text: str
    encoding: str
    note: str = ""


def decode(data: bytes) -> Decoded:
    """The text of *data*. Raises ReadFailure (``khong_ho_tro``) when the encoding is not surely known."""
    for mark, encoding in _MARKS:
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
    if any(ord(c) > 0xFF and c != "\ufffd" for c in lenient) and broken <= max(1, _DAMAGE * len(lenient)):
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
    """Well-formed UTF-8 may still hold mojibake or legacy letters; mended only when the outcome proves itself."""
    before = quality(text)
    if before.judged and before.validity >= 0.9:
        return Decoded(text, "utf-8")
    mended = _undo_mojibake(text)
    if mended is not None:
        return Decoded(mended, "utf-8", "đã sửa lỗi mã hóa hai lần (mojibake)")
    found = detect(text)
    if found:
        return Decoded(found[1], found[0], f"đã chuyển từ bảng mã {found[0].upper()}")
    return Decoded(text, "utf-8")


def _undo_mojibake(text: str) -> str | None:
    """UTF-8 that was read as Windows-1252 and written again. None unless every character can be undone."""
    raw = bytearray()
    for char in text:
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return None
            raw.append(ord(char))
    try:
        mended = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return mended if mended != text and quality(mended).validity > max(0.8, quality(text).validity) else None


def _western(data: bytes) -> str:
    """Windows-1252, its five undefined bytes kept as control characters."""
    return "".join(bytes([b]).decode("cp1252", errors="ignore") or chr(b) for b in data)


def _single_byte(data: bytes) -> Decoded:
    found = detect(_western(data))
    if found:
        return Decoded(found[1], found[0], f"đã chuyển từ bảng mã {found[0].upper()}")
    text = nfc(data.decode("cp1258", errors="replace"))
    counted = quality(text)
    if counted.validity >= 0.8 and "\ufffd" not in text:
        return Decoded(text, "cp1258", "đã chuyển từ bảng mã Windows-1258")
    raise _unknown()


def _unknown() -> ReadFailure:
    return ReadFailure(
        "Không nhận ra bảng mã của tệp văn bản.", Verdict.UNSUPPORTED, "Hãy lưu lại tệp dạng UTF-8 rồi nạp lại."
    )


def read_text(path: Path) -> list[Page]:
    """The pages of a text file: one, or as many as its form feeds part. Raises ReadFailure."""
    size = path.stat().st_size
    if size > now().text_bytes:
        raise ReadFailure(
            f"Tệp văn bản lớn {size / MEGABYTE:.0f} MB, quá mức {now().text_bytes // MEGABYTE} MB.",
            Verdict.TOO_LARGE,
            "Hãy chia nhỏ tệp.",
        )
    decoded = decode(path.read_bytes())
    notes = [decoded.note] if decoded.note else []
    parts = nfc(decoded.text).split(PAGE_BREAK)
    return [Page(number, text, "text", notes=list(notes)) for number, text in enumerate(parts, 1)]
