"""What must hold of any answer: checks that several targets share."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from corpus.fold import canonical, clean, fold, letters, nfc
from corpus.model import Evidence


class Breach(AssertionError):
    """An answer that breaks a promise."""


def must(holds: object, *about: object) -> None:
    """Raises Breach unless *holds*. about: what it was about."""
    if not holds:
        raise Breach(" ".join(repr(one)[:200] for one in about))


def check_folding(text: str) -> str:
    """Checks that any text folds as promised; the text as it would be stored."""
    stored = nfc(text)
    must(stored == nfc(stored), "nfc twice", stored)
    must(unicodedata.is_normalized("NFC", stored), "not NFC", stored)
    stored.encode("utf-8")
    plain, folded, exact = clean(stored), fold(stored), canonical(stored)
    must(len(plain) == len(folded) == len(exact) == len(stored), "lengths", stored)
    must(clean(plain) == plain, "clean twice", stored)
    must(fold(folded) == folded, "fold twice", stored, folded, fold(folded))
    must(fold(plain) == folded, "fold of clean", stored)
    must(canonical(exact) == exact, "canonical twice", stored, exact, canonical(exact))
    must(letters(letters(stored)) == letters(stored), "letters twice", stored)
    return stored


def check_strings(value: Any, where: str) -> None:
    """Checks that every string in JSON data is NFC and can be encoded."""
    if isinstance(value, str):
        must(unicodedata.is_normalized("NFC", value), where, "not NFC", value)
        value.encode("utf-8")
    elif isinstance(value, dict):
        for key, one in value.items():
            check_strings(one, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for one in value:
            check_strings(one, where)


def check_evidence(name: str, evidence: Evidence, text: str) -> str | None:
    """Checks a value's evidence; the part of *text* that it points at, None where it names no place."""
    must(0.0 <= evidence.confidence <= 1.0, name, "confidence", evidence.confidence)
    start, end = evidence.start, evidence.end
    if start is None:
        return None
    must(end is not None and 0 <= start < end <= len(text), name, "span", start, end, len(text))
    return text[start:end]


def check_sure_value(name: str, value: object, evidence: Evidence, printed: str | None) -> None:
    """Checks that a value without doubt is where its evidence points."""
    if evidence.needs_review or evidence.inferred or value is None or printed is None:
        return
    if "được sửa" in " ".join(evidence.reasons):
        return
    if name in {"number", "symbol", "so_ky_hieu", "title", "place", "signer"}:
        must(_contains(letters(printed), letters(str(value))), name, "not where its evidence points", value, printed)
    elif name == "date":
        must(str(value)[:4] in re.sub(r"\D", "", clean(printed)), name, value, printed)


def _contains(whole: str, part: str) -> bool:
    """Whether the letters of *part* are in *whole* in order; others may stand between (a margin, a stamp)."""
    if part in whole:
        return True
    rest = iter(whole)
    return all(char in rest for char in part)
