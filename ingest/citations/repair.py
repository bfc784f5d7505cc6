"""Slips of the OCR, mended only inside a candidate and always flagged (domain 6.4). The stored text stays as it was read."""

from __future__ import annotations

import re

from ingest.citations.tokenise import Number, type_words


def number_at(text: str, folded: str, at: int) -> Number | None:
    """A số ký hiệu that begins at *at* once the usual slips are mended, or None."""
    del text, folded, at
    return None


def type_before(text: str, folded: str, edge: int) -> tuple[int, str] | None:
    """A type word misread by one letter right before *edge* (``Quyẽt dịnh``), as (start, loại), or None."""
    words = list(re.finditer(r"[^\W\d_]+", folded[max(0, edge - 40) : edge]))
    base = max(0, edge - 40)
    for count in (4, 3, 2):
        if len(words) < count:
            continue
        start = base + words[-count].start()
        phrase = re.sub(r"\s+", " ", folded[start:edge].strip())
        if re.search(r"[^a-z ]", phrase) or not text[start].isalpha():
            continue
        for known, word in type_words().items():
            if known.count(" ") == count - 1 and len(known) >= 7 and one_slip(phrase, known):
                return start, word.doc_type
    return None


def one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less or other makes *a* into *b*."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :]
    return a[i + 1 :] == b[i:] if len(a) > len(b) else a[i:] == b[i + 1 :]
