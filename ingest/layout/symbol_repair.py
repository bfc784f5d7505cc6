"""Corrects slips of OCR inside a ký hiệu, by the known codes of types and by the type the document prints."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from corpus.fold import letters
from corpus.so_ky_hieu import code_of_type
from corpus.tables import rows
from ingest.layout.found import Found
from ingest.layout.header_values import Header


def repair_symbol(symbol: str) -> tuple[str, bool]:
    """(the ký hiệu, whether it was changed): a first segment that lost its marks gets them back (``QD`` → ``QĐ``)."""
    segments = symbol.split("-")
    codes = {letters(r["code"]): r["code"] for r in rows("document_types") if r["code"]}
    first = letters(segments[0])
    if len(segments) > 1 and segments[0] not in codes.values() and first in codes and len(first) > 1:
        segments[0] = codes[first]
        return "-".join(segments), True
    return symbol, False


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
