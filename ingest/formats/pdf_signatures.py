"""Digital signatures of a PDF: who signed and when, as the file says. Nothing is verified.

The time proves one thing: what was signed on a day is not dated later. The name is a hint for a reviewer.
"""

from __future__ import annotations

import ctypes
import mmap
import re
import warnings
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.fold import nfc, squeeze
from ingest.limits import MEGABYTE
from ingest.page import DigitalSignature

# A PDF date: D:YYYYMMDDHHmmSS and an offset from UTC, from the hour on optional (ISO 32000-1, 7.9.4).
_DATE = re.compile(
    r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:([-+])(\d\d)'?(\d\d)?|(Z))?",
)
_NAME = re.compile(rb"/Name\s*(\((?:[^\\()]|\\.)*\)|<[0-9a-fA-F\s]*>)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
_INNER_DICTIONARY = re.compile(rb"<<[^<>]*(?:<[0-9a-fA-F\s]*>[^<>]*)*>>")
#: The signature itself, a long string in hexadecimal.
_CONTENTS = re.compile(rb"<[0-9a-fA-F\s]{2000,}>")
_MAX_DICTIONARY_BYTES = 4 * MEGABYTE
_VIETNAM = timezone(timedelta(hours=7))
_MAX_SIGNATURES = 50


def digital_signatures(path: Path) -> list[DigitalSignature]:
    """The signatures of the PDF at *path*, which pdfium must be able to open; in a worker only."""
    names = _names(path)
    if not names:
        return []
    with closing(pdfium.PdfDocument(path)) as document:
        count = max(0, raw.FPDF_GetSignatureCount(document))
        found = []
        for at in range(min(count, _MAX_SIGNATURES)):
            signature = raw.FPDF_GetSignatureObject(document, at)
            contents = _bytes(signature, raw.FPDFSignatureObj_GetContents, ctypes.c_ubyte)
            time = _bytes(signature, raw.FPDFSignatureObj_GetTime, ctypes.c_char)
            name = names[at] if len(names) == count else ""
            found.append(DigitalSignature(_certified_name(contents) or name, day_in_vietnam(time.decode("latin-1"))))
        return found


def _bytes(signature: Any, function: Any, kind: Any) -> bytes:
    size = function(signature, None, 0)
    if size <= 0:
        return b""
    buffer = (kind * size)()
    function(signature, buffer, size)
    return bytes(buffer)


def _names(path: Path) -> list[str]:
    """The names in the signatures' dictionaries, which pdfium does not give, in the order of the file.

    A signature does not cover itself, so its dictionary is never compressed.
    """
    names: list[str] = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(b"/ByteRange")
        while at >= 0 and len(names) < _MAX_SIGNATURES:
            end = data.find(b"endobj", at)
            end = len(data) if end < 0 else end
            begin = max(0, data.rfind(b" obj", 0, at))
            body = _CONTENTS.sub(b"", data[begin:end]) if end - begin < _MAX_DICTIONARY_BYTES else b""
            body = body.partition(b"<<")[2].rpartition(b">>")[0]
            while _INNER_DICTIONARY.search(body):  # for instance the name of the signing program
                body = _INNER_DICTIONARY.sub(b"", body)
            name = _NAME.search(body)
            names.append(pdf_string(name[1]) if name else "")
            at = data.find(b"/ByteRange", end)
    return names


def pdf_string(token: bytes) -> str:
    """The text of a PDF string as written in a file, ``(…)`` or ``<…>``."""
    if token.startswith(b"<"):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", token)
        return _text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))
    return _text(_ESCAPE.sub(_unescaped, token[1:-1]))


def _unescaped(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    if escape[:1].isdigit():
        return bytes([int(escape, 8) & 0xFF])
    return _ESCAPED.get(escape, escape)


def _text(value: bytes) -> str:
    encoding = "utf-16-be" if value.startswith(b"\xfe\xff") else "utf-8"
    return squeeze(nfc(value.removeprefix(b"\xfe\xff").decode(encoding, "replace"))).strip()


def day_in_vietnam(time: str) -> str:
    """The day in Vietnam of a PDF date (``D:20260402140810+07'00'``); "" where it is not a date."""
    match = _DATE.match(time)
    if not match:
        return ""
    try:
        year, month, day, hour, minute, second = (int(match[n] or 0) for n in range(1, 7))
        moment = datetime(year, month, day, hour, minute, second)
        if match[7] or match[10]:
            offset = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
            moment = moment.replace(tzinfo=timezone(-offset if match[7] == "-" else offset)).astimezone(_VIETNAM)
    except (ValueError, OverflowError):
        return ""
    return moment.date().isoformat()


def _certified_name(contents: bytes) -> str:
    """The common name in the signer's certificate: the one that issued none of the others."""
    from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
    from cryptography.x509.oid import NameOID

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of encodings looser than the standard's
            certificates = load_der_pkcs7_certificates(_without_padding(contents))
    except (ValueError, TypeError):
        return ""
    issuers = {certificate.issuer for certificate in certificates if certificate.issuer != certificate.subject}
    leaves = [certificate for certificate in certificates if certificate.subject not in issuers]
    for certificate in leaves or certificates:
        for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME):
            return squeeze(nfc(str(attribute.value)))
    return ""


def _without_padding(contents: bytes) -> bytes:
    """*contents* (DER) without the zeros that fill the space reserved for a signature."""
    if len(contents) > 2 and contents[1] & 0x80 and 1 <= contents[1] & 0x7F <= 4:
        width = contents[1] & 0x7F
        return contents[: 2 + width + int.from_bytes(contents[2 : 2 + width], "big")]
    return contents
