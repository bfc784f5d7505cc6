"""Titles compared: they are often shortened, so what is missing is no difference; nothing in common is one."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus import identity
from corpus.checks.comparison import Comparison, FieldCheck
from corpus.fold import fold, letters, squeeze
from corpus.identity import Facts
from corpus.model import Citation

#: Shares of the shorter title's syllables (``_SAME``, ``_FAR``) and of its pairs of neighbouring syllables (``_OTHER``,
#: ``_IN_ORDER``) that stand in the other title. Of 206 titles as cited in statutes and articles these limits call none
#: another title and 9 unsure; of 1500 pairs of different documents they call 98 in 100 different, within one field 95.
_SAME, _FAR = 0.85, 0.4
_OTHER, _IN_ORDER = 0.34, 0.6
#: A title of fewer pairs is too short to be judged by its pairs.
_FEWEST_PAIRS = 4

_CHANGING = re.compile(r"(?:(?:ve viec|v/v|ve|thong tu|nghi dinh) )?(?:sua doi|bo sung|dinh chinh|bai bo)")


def check_title(citation: Citation, facts: Facts, conflicts: dict[str, dict[str, int]]) -> FieldCheck:
    """The title of a citation; conflicts: other titles that the document is cited with."""
    written, known = citation.title, facts.title
    if not written or not known:
        return FieldCheck("title", Comparison.UNKNOWN, written, known)
    if facts.law and identity.law_slug(written) == facts.law:
        return FieldCheck("title", Comparison.MATCHES, written, known)
    others = (known, *conflicts.get("title", {}))
    near = max(likeness(written, other) for other in others)
    close = max(_neighbour_likeness(written, other) for other in others)
    if near >= _SAME:
        if _is_changing(known) != _is_changing(written):
            which = "trích yếu đã biết" if _is_changing(known) else "dự thảo"
            note = f"chỉ {which} mở đầu bằng sửa đổi, bãi bỏ, đính chính"
            return FieldCheck("title", Comparison.UNKNOWN, written, known, note)
        verdict = Comparison.MATCHES if close >= _IN_ORDER else Comparison.UNKNOWN
        return FieldCheck("title", verdict, written, known)
    if near < _FAR or (close < _OTHER and len(_pairs(written)) >= _FEWEST_PAIRS):
        return FieldCheck("title", Comparison.DIFFERS, written, known, "khác hẳn")
    return FieldCheck("title", Comparison.UNKNOWN, written, known)


def is_same_title(one: str, other: str) -> bool:
    """Whether two titles are of one document: nearly all of the shorter stands in the other, and in its order."""
    return likeness(one, other) >= _SAME and _neighbour_likeness(one, other) >= _IN_ORDER


def likeness(a: str, b: str) -> float:
    """How many of the shorter title's syllables stand in the other, 0 to 1."""
    short, long = sorted((set(_syllables(a)), set(_syllables(b))), key=len)
    return len(short & long) / len(short) if short else 0.0


def _neighbour_likeness(a: str, b: str) -> float:
    """The same of neighbouring syllables: single ones are in any title."""
    short, long = sorted((_pairs(a), _pairs(b)), key=len)
    return len(short & long) / len(short) if short else 0.0


def _syllables(text: str) -> list[str]:
    return [word for word in map(letters, fold(text).replace("-", " ").split()) if word]


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(_syllables(text)))


def _is_changing(title: str) -> bool:
    """Whether it opens as that of a document that amends, corrects or repeals another."""
    return _CHANGING.match(fold(squeeze(title))) is not None
