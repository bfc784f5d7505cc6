"""Stars and scores as tables print them: "4 sao", "Bốn (04) sao", "★★★★"; and the scores of each number of stars."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.fold import fold, squeeze
from corpus.tables import rows

_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5}
_SIGNS = re.compile(r"[★⭐✩☆*]")
_FIGURES = re.compile(r"(?<![\d.,])0?([1-9])(?![\d.,]*\d)")
_IN_WORDS = re.compile(rf"\b({'|'.join(_WORDS)})\b(?=\s*(?:\(|sao\b))")
_RUN_TOGETHER = re.compile(rf"\b({'|'.join(_WORDS)}|[1-9])sao\b")
_NOT_STARS = re.compile(r"\b(dat|hang|tiem nang|san pham|ocop|cap|tinh|quoc gia|sao|xep|loai)\b|[()\s:.+-]|[0-9★⭐✩☆*]")
_SCORE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?(?:\s*(?:/\s*100|đ|điểm|diem))?", re.IGNORECASE)
#: Marks that tick a cell.
_TICKS = frozenset({"x", "v", "✓", "✔", "1", "+"})


def stars_in(text: str) -> int | None:
    """The number of stars that *text* states; None where it states none, or two."""
    signs = len(_SIGNS.findall(text))
    folded = _folded(text).strip()
    found = {int(digit) for digit in _FIGURES.findall(folded)} | {_WORDS[w] for w in _IN_WORDS.findall(f"{folded} sao")}
    if signs and not found:
        return signs
    return found.pop() if len(found) == 1 else None


def _folded(text: str) -> str:
    """*text* folded, with the space that OCR loses in "Basao"."""
    return _RUN_TOGETHER.sub(r"\1 sao", squeeze(fold(text)))


def is_only_stars(text: str) -> bool:
    """Whether *text* says nothing but a number of stars, so that a stray figure is not taken for one."""
    folded = _folded(text)
    return not _NOT_STARS.sub("", re.sub(rf"\b({'|'.join(_WORDS)})\b", "", folded)).strip(",;/")


def is_tick(text: str) -> bool:
    """Whether a cell is ticked."""
    return text.strip().casefold() in _TICKS


def score_in(text: str) -> Decimal | None:
    """A score from 0 to 100; None for anything else."""
    match = _SCORE.fullmatch(text.strip())
    if match is None:
        return None
    value = Decimal(f"{match.group(1)}.{match.group(2) or 0}")
    return value if value <= 100 else None


def fits(stars: int, score: Decimal) -> bool:
    """Whether *score* lies in the band of its stars (Quyết định 148/QĐ-TTg)."""
    for row in rows("star_bands"):
        if int(row["stars"]) == stars:
            return Decimal(row["from"]) <= score < Decimal(row["below"])
    return False
