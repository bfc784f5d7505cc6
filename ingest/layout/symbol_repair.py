"""Corrects slips of OCR inside a ký hiệu, by the known codes of types and by the type the document prints."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from corpus.fold import letters
from corpus.so_ky_hieu import code_of_type
from corpus.tables import rows
from ingest.layout.found import Found
from ingest.layout.header_values import Header

#: Confidence of a ký hiệu that the issuer's name confirms.
_CONFIRMED = 0.9


def repair_symbol(symbol: str) -> tuple[str, bool]:
    """(the ký hiệu, whether it was changed): a first segment that lost its marks gets them back (``QD`` → ``QĐ``)."""
    segments = symbol.split("-")
    codes = {letters(r["code"]): r["code"] for r in rows("document_types") if r["code"]}
    first = letters(segments[0])
    if len(segments) > 1 and segments[0] not in codes.values() and first in codes and len(first) > 1:
        segments[0] = codes[first]
        return "-".join(segments), True
    return symbol, False


def begins_with_type(symbol: str) -> bool:
    """Whether a ký hiệu begins with the code of a type, with at most one slip (``TTIr-HCCV``: Tờ trình)."""
    first = letters(symbol.split("-")[0])
    codes = [letters(r["code"]) for r in rows("document_types") if r["code"]]
    return len(first) > 1 and any(
        Levenshtein.distance(first, code, score_cutoff=1) <= (len(code) > 2) for code in codes
    )


def correct_by_type(header: Header) -> None:
    """Replace a first segment one slip away from the code of the printed type by that code (``Qb`` → ``QĐ``)."""
    symbol, doc_type = header.fields.get("symbol"), header.value("doc_type")
    code = code_of_type(str(doc_type)) if doc_type else None
    if symbol is None or code is None:
        return
    first, _, rest = str(symbol.value).partition("-")
    if first == code or not rest or Levenshtein.distance(letters(first), letters(code), score_cutoff=1) > 1:
        return
    for name in ("symbol", "so_ky_hieu"):
        found = header.fields.get(name)
        if found is not None and found.value:
            corrected = re.sub(rf"(^|[/-]){re.escape(first)}-", rf"\g<1>{code}-", str(found.value), count=1)
            found.evidence.reasons.append(f"ký hiệu được sửa theo loại văn bản (OCR: {first})")
            header.fields[name] = Found(corrected, found.evidence)


def confirm_by_issuer(header: Header) -> None:
    """Compare a ký hiệu that was read with doubt with the issuer's name, whose abbreviation it holds (ô 3).

    One that agrees is doubted no longer. One whose first letter was lost, or has a sign too many before it, is put
    right and stays in doubt: ``CA-C04`` of Bộ Công an is ``BCA-C04``.
    """
    symbol, issuer = header.fields.get("symbol"), header.value("issuer")
    if symbol is None or not symbol.value or not issuer or not symbol.evidence.needs_review:
        return
    initials = letters(_initials(str(issuer)))
    segments = str(symbol.value).split("-")
    for at, segment in enumerate(segments[:2]):
        key = letters(segment)
        if len(key) > 1 and initials.startswith(key) and not symbol.evidence.reasons[1:]:
            symbol.evidence.needs_review = False
            symbol.evidence.confidence = _CONFIRMED
            symbol.evidence.reasons.append("khớp chữ viết tắt tên cơ quan")
            return
        whole = next((w for w in (initials[: len(key) + 1], key[1:]) if len(w) > 1 and _one_letter_off(w, key)), None)
        if at == 0 and whole and initials.startswith(whole):
            segments[at] = segment[1:] if len(whole) < len(key) else _initials(str(issuer))[:1] + segment
            symbol.evidence.reasons.append(f"ký hiệu được sửa theo tên cơ quan (OCR: {symbol.value})")
            header.fields["symbol"] = Found("-".join(segments), symbol.evidence)
            return


def symbol_begins_with_issuer(header: Header) -> bool:
    """Whether the first part of the ký hiệu abbreviates the issuer's name, as in a công văn."""
    symbol, issuer = header.value("symbol"), header.value("issuer")
    first = letters(re.split(r"[-/]", str(symbol or ""))[0])
    return bool(issuer) and len(first) > 1 and letters(_initials(str(issuer))).startswith(first)


def _initials(name: str) -> str:
    """The letters an agency is abbreviated with: "Bộ Công an" → BCA, "Tổ Công tác liên ngành TW" → TCTLNTW."""
    words = [word for word in re.split(r"[\s,.-]+", name) if word]
    return "".join(word if word.isupper() else word[0].upper() for word in words)


def _one_letter_off(name: str, read: str) -> bool:
    """Whether *read* is *name* with its first letter lost or one letter before it."""
    return name[1:] == read or read[1:] == name
