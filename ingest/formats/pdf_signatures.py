"""Digital signatures of a PDF: who signed and when, as the file says. Nothing here is verified ("chưa kiểm tra").

The time is evidence for one thing: what was signed that day is not dated later. The name is a hint for a reviewer.
"""

from __future__ import annotations

import ctypes
import mmap
import re
import warnings
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.fold import nfc, squeeze
from ingest.limits import MEGABYTE

_DATE = re.compile(
    r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:([-+])(\d\d)'?(\d\d)?|(Z))?",
)
_NAME = re.compile(rb"/Name\s*(\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F\s]*>)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_INNER = re.compile(rb"<<[^<>]*(?:<[0-9a-fA-F\s]*>[^<>]*)*>>")
_LONG = re.compile(rb"<[0-9a-fA-F\s]{2000,}>")  # the signature itself
_VIETNAM = timezone(timedelta(hours=7))
_MOST = 50


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """signer: the name in the certificate, else what the file gives, "" for none. day: EDTF date in Vietnam, "" if not told."""

    signer: str
    day: str


def digital_signatures(path: Path) -> list[DigitalSignature]:
    """The signatures of the PDF at *path*, which pdfium can open; in a worker only."""
    names = _names(path)
    if not names:
        return []
    with closing(pdfium.PdfDocument(path)) as document:
        count = max(0, raw.FPDF_GetSignatureCount(document))
        found = []
        for at in range(min(count, _MOST)):
            signature = raw.FPDF_GetSignatureObject(document, at)
            contents = _bytes(signature, raw.FPDFSignatureObj_GetContents, ctypes.c_ubyte)
            time = _bytes(signature, raw.FPDFSignatureObj_GetTime, ctypes.c_char)
            named = names[at] if len(names) == count else ""
            found.append(DigitalSignature(_certified(contents) or named, _day(time.decode("latin-1"))))
        return found


def _bytes(signature: Any, function: Any, kind: Any) -> bytes:
    size = function(signature, None, 0)
    if size <= 0:
        return b""
    buffer = (kind * size)()
    function(signature, buffer, size)
    return bytes(buffer)


def _names(path: Path) -> list[str]:
    """The names the signatures' dictionaries give, which pdfium does not tell, in the order of the file.

    A signature leaves itself out of what it signs, so its dictionary lies in the file in plain sight.
    """
    names: list[str] = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(b"/ByteRange")
        while at >= 0 and len(names) < _MOST:
            end = data.find(b"endobj", at)
            end = len(data) if end < 0 else end
            begin = max(0, data.rfind(b" obj", 0, at))
            said = _LONG.sub(b"", data[begin:end]) if end - begin < 4 * MEGABYTE else b""
            said = said.partition(b"<<")[2].rpartition(b">>")[0]
            while _INNER.search(said):  # the program that signed has a name as well
                said = _INNER.sub(b"", said)
            name = _NAME.search(said)
            names.append(_string(name[1]) if name else "")
            at = data.find(b"/ByteRange", end)
    return names


def _string(token: bytes) -> str:
    """A PDF string as written, ``(…)`` or ``<…>``, as text."""
    if token.startswith(b"<"):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", token)
        return _text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))
    return _text(_ESCAPE.sub(_unescaped, token[1:-1]))


def _unescaped(match: re.Match[bytes]) -> bytes:
    said = match[1]
    if said[:1].isdigit():
        return bytes([int(said, 8) & 0xFF])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}.get(said, said)


def _text(value: bytes) -> str:
    encoding = "utf-16-be" if value.startswith(b"\xfe\xff") else "utf-8"
    return squeeze(nfc(value.removeprefix(b"\xfe\xff").decode(encoding, "replace"))).strip()


def _day(said: str) -> str:
    """``D:20260402140810+07'00'`` → the day it was in Vietnam."""
    match = _DATE.match(said)
    if not match:
        return ""
    try:
        year, month, day, hour, minute, second = (int(match[n] or 0) for n in range(1, 7))
        time = datetime(year, month, day, hour, minute, second)
        if match[7] or match[10]:
            offset = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
            time = time.replace(tzinfo=timezone(-offset if match[7] == "-" else offset)).astimezone(_VIETNAM)
    except (ValueError, OverflowError):
        return ""
    return time.date().isoformat()


def _certified(contents: bytes) -> str:
    """The common name in the signer's certificate: the one that issued none of the others."""
    from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
    from cryptography.x509.oid import NameOID

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of looser forms than the standard's
            certificates = load_der_pkcs7_certificates(_unpadded(contents))
    except (ValueError, TypeError):
        return ""
    issuers = {certificate.issuer for certificate in certificates if certificate.issuer != certificate.subject}
    leaves = [certificate for certificate in certificates if certificate.subject not in issuers]
    for certificate in leaves or certificates:
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME):
            return squeeze(nfc(str(attribute.value)))
    return ""


def _unpadded(contents: bytes) -> bytes:
    """*contents* without the zeros that fill the space kept for a signature."""
    if len(contents) > 2 and contents[1] & 0x80 and 1 <= contents[1] & 0x7F <= 4:
        width = contents[1] & 0x7F
        return contents[: 2 + width + int.from_bytes(contents[2 : 2 + width], "big")]
    return contents
