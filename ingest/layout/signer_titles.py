"""The title under which somebody signs (chức vụ): ô 7a of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus.fold import clean, fold, letters, squeeze
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout import agency_names

#: Characters of the longest title.
_MAX_TITLE = 70
#: Letters from which one slip of OCR is allowed.
_MIN_SLIP_LETTERS = 7
#: "Thủ trưởng đơn vị" of a blank form (folded): whoever heads the unit, and no Thứ trưởng.
_ANY_HEAD = re.compile(r"thu truong (?:don vi|co quan)")
#: How alike a line and a title must be for the line to be that title, blurred.
_ALIKE = 0.85


@cache
def _titles() -> dict[str, str]:
    return {letters(r["title"]): r["title"] for r in rows("signer_titles", DATA)}


def title_of(text: str, *, ocr: bool = False) -> str | None:
    """The title that *text* is or begins with ("GIÁM ĐỐC SỞ Y TẾ" → "Giám đốc Sở Y tế"); None where it is none."""
    text = squeeze(clean(text)).strip(" .,:;-_'\"|~()[]")
    text = re.sub(r"(?<=[A-ZĐÀ-Ỹ]{3})[a-z\W]{1,3}$", "", text)  # specks behind capitals: "PHÓ THỦ TƯỚNGy]"
    if not text or len(text) > _MAX_TITLE or _ANY_HEAD.match(fold(text)):
        return None
    flat = [c for c in text if c.isalpha()]
    in_capitals = sum(c.isupper() for c in flat) >= 0.7 * len(flat) if flat else False
    words = text.split()
    for count in range(len(words), 0, -1):
        key = letters(" ".join(words[:count]))
        name = _titles().get(key)
        is_whole = count == len(words) and len(key) >= _MIN_SLIP_LETTERS
        if name is None and ocr and in_capitals and is_whole and not _has_half_a_form(words):
            name = _one_slip_away(key)
        if name is None:
            continue
        rest = " ".join(words[count:])
        if len(letters(rest)) <= 2:  # nothing, or specks
            return name if in_capitals or text[:1].isupper() else None
        if in_capitals and rest[:1].isalpha():
            return f"{name} {agency_names.read(rest, ocr=ocr)[0]}"
        return None
    return None


def _has_half_a_form(words: Sequence[str]) -> bool:
    """Whether a title stands behind a letter or two with a stop, as "KT." half covered leaves them ("T. GIÁM ĐỐC")."""
    return len(letters(words[0])) <= 2 and not words[0][-1:].isalnum() and letters(" ".join(words[1:])) in _titles()


def _one_slip_away(key: str) -> str | None:
    near = {n for k, n in _titles().items() if Levenshtein.distance(key, k, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else None


@cache
def is_like_a_title(text: str) -> bool:
    """Whether a line is a title that OCR blurred ("Phó Giám Đóc")."""
    key = letters(text)
    return len(key) >= _MIN_SLIP_LETTERS and any(
        abs(len(key) - len(title)) < 4 and SequenceMatcher(None, key, title, autojunk=False).ratio() > _ALIKE
        for title in _titles()
    )


def deputy_of(title: str) -> str:
    """The deputy who signs for a head: ``Giám đốc`` → ``Phó Giám đốc``, ``Bộ trưởng`` → ``Thứ trưởng``."""
    return "Thứ trưởng" if fold(title).startswith("bo truong") else f"Phó {title}"
