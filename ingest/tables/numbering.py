"""Numbers of rows: what stands in a column "STT", and whether one number follows another."""

from __future__ import annotations

import re

from corpus.fold import fold, squeeze

#: Headings of the column of numbers (folded).
NUMBER_HEADINGS = frozenset({"stt", "tt", "so tt", "s tt", "so thu tu", "so stt", "tt."})
_NUMBER = re.compile(r"\(?(\d{1,4})[.)]?")
_GOES_ON = re.compile(r"[nN][.)]?|…+|\.{2,}")
_ROMAN = re.compile(r"[IVXL]{1,6}[.)]?")
_LETTER = re.compile(r"[A-ZĐ][.)]?")


def row_number(text: str) -> int | None:
    """The number of a row ("3", "3.", "03"); None for anything else."""
    match = _NUMBER.fullmatch(text.strip())
    return int(match.group(1)) if match else None


def goes_on(text: str) -> bool:
    """Whether *text* stands for the numbers that follow in a form: "n", "…", "...."."""
    return bool(_GOES_ON.fullmatch(text.strip()))


def is_group_number(text: str) -> bool:
    """Whether *text* numbers a group of rows: "I", "A", "II."."""
    text = text.strip()
    return bool(_ROMAN.fullmatch(text) or _LETTER.fullmatch(text))


def heads_numbers(text: str) -> bool:
    """Whether *text* is the heading of a column of numbers."""
    return squeeze(fold(text)).strip() in NUMBER_HEADINGS


def follows(number: int, before: int | None) -> bool:
    """Whether *number* may follow *before*: the next one, or 1 where counting begins anew."""
    return number == 1 or before is None or number == before + 1
