"""Is this Vietnamese? Syllable validity, used to judge text layers, encodings and OCR.

A written syllable is onset + rhyme + tone. Both parts are closed sets, so validity needs no dictionary and new words
do not age it. Wrong maps, legacy encodings and glued words give syllables outside the sets.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from corpus.tables import rows
from ingest.data import DATA

_RHYMES = {row["spelling"] for row in rows("syllables", DATA) if row["part"] == "rhyme"}
_ONSETS = sorted((row["spelling"] for row in rows("syllables", DATA) if row["part"] == "onset"), key=len, reverse=True)

_TONES = dict.fromkeys("\u0300\u0301\u0303\u0309\u0323")
# A rhyme closed by a stop carries only sắc or nặng.
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether *word* (NFC, any case) could be a Vietnamese syllable, marked or not."""
    lowered = word.lower()
    if len(lowered) > 7:  # nghiêng
        return False
    decomposed = unicodedata.normalize("NFD", lowered)
    tones = [c for c in decomposed if c in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    for onset in ("", *_ONSETS):
        if not bare.startswith(onset):
            continue
        rhyme = bare[len(onset) :]
        if onset == "gi" and rhyme.startswith("ê"):  # giếng, giết: the i serves twice
            rhyme = "i" + rhyme
        if rhyme in _RHYMES and not (_STOPPED.search(rhyme) and tones and tones[0] not in "\u0301\u0323"):
            return True
    return bare in {"gi", "gin", "ginh", "quôc"}


#: Letters of Vietnamese beyond a–z, without tone.
_OWN_LETTERS = frozenset("ăâđêôơư")
_REPLACEMENTS = [letter + tone for letter in "aăâeêioôơuưyđ" for tone in ("", "\u0301", "\u0323")]


def is_foreign_letter(char: str) -> bool:
    """Whether *char* is a Latin letter that no Vietnamese text has (``Ö``)."""
    if char.isascii() or not "\u00c0" <= char <= "\u1eff" or not char.isalpha():
        return False
    bare = unicodedata.normalize(
        "NFC", "".join(c for c in unicodedata.normalize("NFD", char.lower()) if c not in _TONES)
    )
    return not (bare in _OWN_LETTERS or (bare.isascii() and bare in "aeiouy"))


@lru_cache(maxsize=65536)
def is_misprinted(word: str) -> bool:
    """Whether *word* is a Vietnamese syllable but for a letter that no Vietnamese text has (``PHÖ``).

    A font with a wrong character map gives such words; names in other languages are seldom so short.
    """
    strange = {char for char in word.lower() if is_foreign_letter(char)}
    if len(strange) != 1 or len(word) < 2:
        return False
    (letter,) = strange
    return any(is_syllable(unicodedata.normalize("NFC", word.lower().replace(letter, r))) for r in _REPLACEMENTS)


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts over a text."""

    #: Characters that are not space.
    visible: int
    #: Characters of private use, replacement characters and control characters.
    broken: int
    #: Words that could be judged.
    judged: int
    #: Judged words that are valid syllables.
    valid: int
    #: Valid syllables with a Vietnamese mark.
    marked: int
    #: Judged words of plain a–z letters that are no syllables.
    latin: int
    #: Words counted in :attr:`latin` that have a vowel.
    vowelled: int
    #: Words that are syllables but for a letter that no Vietnamese text has (:func:`is_misprinted`).
    misprinted: int = 0

    @property
    def validity(self) -> float:
        """Share of the judged words that are valid syllables, 0 to 1."""
        return self.valid / self.judged if self.judged else 0.0

    @property
    def marking(self) -> float:
        """Share of the judged words that carry a Vietnamese mark, 0 to 1."""
        return self.marked / self.judged if self.judged else 0.0

    @property
    def foreign(self) -> bool:
        """Reads like another language in Latin letters (unmarked, pronounceable), not like a broken letter map."""
        return self.latin > 0.4 * self.judged and self.marking < 0.05 and self.vowelled > 0.85 * self.latin

    @property
    def brokenness(self) -> float:
        """Share of the visible characters that are broken, 0 to 1."""
        return self.broken / self.visible if self.visible else 0.0


_VOWEL = re.compile("[aeiouyAEIOUY]")
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\x80-\x9f\ue000-\uf8ff\ufffd\uffff]")
#: What programs write for a character of a font without a map.
_UNMAPPED, _UNMAPPED_START = re.compile(r"\(cid:\d+\)"), "(cid:"


def quality(text: str) -> Quality:
    """Count what :class:`Quality` names. Abbreviations (``UBND``, ``TTg``) and single letters are not judged."""
    judged = valid = marked = latin = vowelled = misprinted = 0
    for word, times in Counter(_WORD.findall(text)).items():
        if len(word) < 2:
            continue
        if is_syllable(word):  # as nearly all are
            valid += times
        else:
            misprinted += times * is_misprinted(word)
            if not word[1:].islower():
                continue  # UBND, TTg, NĐ
            if word.isascii():
                latin += times
                vowelled += times * (_VOWEL.search(word) is not None)
        judged += times
        if not word.isascii():
            marked += times
    return Quality(
        visible=len("".join(text.split())),
        broken=len(_BROKEN.findall(text)) + (len(_UNMAPPED.findall(text)) if _UNMAPPED_START in text else 0),
        judged=judged,
        valid=valid,
        marked=marked,
        latin=latin,
        vowelled=vowelled,
        misprinted=misprinted,
    )
