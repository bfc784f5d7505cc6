"""Words of two columns that OCR joined where they nearly touch: ``SGDĐT-CTrTTĐà Nẵng`` is a ký hiệu and a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus import gazetteer
from ingest.page import Word

#: A run of capitals, and a word with a capital that touches it.
_TOUCHING = re.compile(r"(.*[A-ZĐÀ-Ỹ]{2})([A-ZĐÀ-Ỹ][^\W\d_]+)")
#: What begins the right column of a heading besides a place: tiêu ngữ.
_MOTTO = "Độc"


def parted(row: Sequence[Word]) -> list[Word]:
    """*row* with such words parted: what follows must be the tiêu ngữ, or a place before "ngày"."""
    found: list[Word] = []
    for at, word in enumerate(row):
        match = _TOUCHING.fullmatch(word.text)
        following = [w.text.strip(",.") for w in row[at + 1 : at + 4]]
        if match is None or not match[2][1:].islower() or not _begins_column(match[2], following):
            found.append(word)
            continue
        cut = match.end(1)
        x0, y0, x1, y1 = word.box
        middle = x0 + (x1 - x0) * cut / len(word.text)
        found.append(replace(word, text=match[1], box=(x0, y0, middle, y1), end=word.start + cut))
        found.append(replace(word, text=match[2], box=(middle, y0, x1, y1), start=word.start + cut))
    return found


def _begins_column(first: str, following: Sequence[str]) -> bool:
    if first == _MOTTO:
        return bool(following) and following[0].lower().startswith("l")
    if not any(word.lower() == "ngày" for word in following):
        return False
    return any(gazetteer.named(" ".join([first, *following[:count]])) for count in (0, 1, 2))
