"""Vietnamese encodings older than Unicode: TCVN3 (ABC) and VNI.

Both put Vietnamese letters in the places of Western ones, so the text consists of letters and is still unreadable.
Which text is in one of them is decided in :mod:`ingest.formats.legacy_stretches`.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.fold import nfc
from corpus.tables import rows
from ingest.data import DATA
from ingest.syllables import is_syllable

#: The encodings that can be converted.
ENCODINGS = ("tcvn3", "vni")

#: Fonts of TCVN3 by the beginning of their names, the leading dot left out: ``.VnTime``, ``VnArialH``, ``VNSTCVN3``.
_TCVN3_FONT = re.compile(
    r"\.vn|vn(?:time|arial|book|helv|cour|frut|times|memo|avant|century|present)|.*(?:tcvn3|\babc\b)"
)
_CAPITAL_FONT = re.compile(r"\.?vn\w*h(?=$|[,(\-]|bold|italic)")
#: A word in capitals whose letters with a tone came out small: TCVN3 has no capitals with a tone.
_WORD = re.compile(r"[^\W\d_]+")
_TWO_CAPITALS = re.compile(r"[A-ZĂÂĐÊÔƠƯ].*[A-ZĂÂĐÊÔƠƯ]")
#: A hyphen or minus inside or before a word: in PDFs also the letter ư of TCVN3, whose code is the soft hyphen's.
_HYPHENED = re.compile("[A-Za-z\u00a1-\u024f\u03bc\u2219]*[-\u2212][A-Za-z\u00a1-\u024f\u03bc\u2219]*")
#: Signs that PDFs show in place of letters of TCVN3.
LETTER_SIGNS = frozenset("\u2212\u2219\u2022\u03bc")
_NAMED_SIGNS = str.maketrans({"\u2219": "\u00b7", "\u2022": "\u00b7", "\u03bc": "\u00b5"})


@cache
def _table(encoding: str) -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = {r["legacy"]: r["letter"] for r in rows("legacy_encodings", DATA) if r["encoding"] == encoding}
    longest_first = sorted(pairs, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), pairs


def convert(text: str, encoding: str, font: str = "") -> str:
    """*text* in Unicode, from *encoding* (:data:`ENCODINGS`), set in *font*.

    Capital fonts (``.VnTimeH``) print small letters as capitals: TCVN3 has no code for capitals with a tone.
    """
    pattern, pairs = _table(encoding)
    found = nfc(pattern.sub(lambda m: pairs[m.group()], text))
    if encoding != "tcvn3":
        return found
    if _CAPITAL_FONT.match(_plain_name(font)):
        return found.upper()
    return _WORD.sub(_all_capitals, found)


def _all_capitals(match: re.Match[str]) -> str:
    word = match.group()
    letters = [c for c in word if c in "abcdefghijklmnopqrstuvwxyzđăâêôơư"]
    return word.upper() if not letters and _TWO_CAPITALS.search(word) else word


def _plain_name(font: str) -> str:
    """A font's name in small letters, without the prefix that PDFs give a subset (``FBHPEL+``)."""
    return font.rpartition("+")[2].lower()


def font_encoding(font: str) -> str:
    """The encoding a font's name implies: ``tcvn3``, ``vni`` or ""."""
    name = _plain_name(font)
    return "tcvn3" if _TCVN3_FONT.match(name) else "vni" if name.startswith("vni") else ""


def repaired_letters(text: str, encoding: str) -> str:
    """*text* with the letters put back that PDF makers replace by signs of the same look.

    ``−`` and ``-`` for ư where a syllable results ("n−íc"), ``∙`` for ã, the Greek letter for ``µ``.
    """
    if encoding != "tcvn3":
        return text
    text = text.translate(_NAMED_SIGNS)
    return _HYPHENED.sub(_with_horn, text) if "-" in text or "\u2212" in text else text


def _with_horn(match: re.Match[str]) -> str:
    token = match.group()
    if len(token) < 2:
        return token
    changed = re.sub("[-\u2212]", "\u00ad", token)
    word = convert(changed, "tcvn3")
    if not is_syllable(word):
        return token
    parts = re.split("[-\u2212]", token)
    if "-" in token and all(len(part) > 1 and is_syllable(convert(part, "tcvn3")) for part in parts):
        return token  # two words joined by a hyphen
    return changed
