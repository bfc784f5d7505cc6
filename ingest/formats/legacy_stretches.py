"""Decides for each stretch of a text whether it is Unicode, TCVN3 or VNI: one file may hold all three.

A word proves something where it is a Vietnamese syllable under one reading and none under the others ("nhÊt" is one
only as TCVN3). Short stretches prove nothing ("Sè" is a syllable, and means "Số"), so what a stretch leaves open is
decided by the other text in its font, then by the file. A font's name (``.VnTime``, ``VNI-Times``) counts unless the
text set in it shows otherwise: some templates name ``.VnTime`` and contain Unicode.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.formats.legacy_encodings import ENCODINGS, convert, font_encoding, repaired_letters
from ingest.syllables import is_syllable

#: A reading of bytes as letters: an encoding, or "" for Unicode as it stands.
_READINGS = ("", *ENCODINGS)
#: Text and the name of its font; "" where the file names none.
Run = tuple[str, str]

#: Letters, and what legacy encodings and their damaged copies put in the place of letters.
_TOKEN = re.compile("[A-Za-z\u00a1-\u024f\u0300-\u0323\u03bc\u1e00-\u1eff\u2206\u2212\u2219\u2022]+(?:-[a-z]+)?")
_LETTERS = re.compile(r"[^\W\d_]+")
#: Signs that may stand at either end of a Unicode word.
_EDGE_SIGNS = "«»°·§±¡¿¶¸´¨²³¹º¼½¾•∙−"
#: Letters and signs that no Vietnamese text in Unicode has inside a word. Without any of them nothing is legacy.
_SUSPECT = re.compile(
    "[\u00a1-\u00a9\u00ab-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8\u00db-\u00dc\u00de-\u00df\u00e4-\u00e7"
    "\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb-\u00fc\u00fe-\u00ff\u03bc\u2206\u2212\u2219]"
)
#: Vietnamese letters beyond the codes that the legacy encodings use: a word with one is Unicode.
_UNICODE_ONLY = re.compile(
    "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u0300-\u0323\u1ea0-\u1ef9]"
)
#: Words that must speak for an encoding that nothing else suggests, and the share of all words they must be.
_PROOF_WORDS, _PROOF_SHARE = 3, 0.75

#: What a change of encoding within a stretch costs, where a word that is no syllable costs one.
_CHANGE = 0.45
# Letters of a text that is kept once it was converted.
_WORD = 24


@dataclass(slots=True)
class Evidence:
    """How many words are Vietnamese syllables under each reading; words of plain ASCII are not counted."""

    unicode: int = 0
    tcvn3: int = 0
    vni: int = 0
    words: int = 0

    def add(self, other: Evidence) -> None:
        """Count the words of another stretch too."""
        self.unicode += other.unicode
        self.tcvn3 += other.tcvn3
        self.vni += other.vni
        self.words += other.words

    def of(self, reading: str) -> int:
        """The words that are syllables under a reading."""
        return self.unicode if not reading else self.tcvn3 if reading == "tcvn3" else self.vni

    def proves(self, reading: str) -> bool:
        """Whether the words by themselves show the reading."""
        others = max(self.of(other) for other in _READINGS if other != reading)
        return self.of(reading) - others >= _PROOF_WORDS and self.of(reading) >= _PROOF_SHARE * self.words

    def prefers(self) -> str | None:
        """The reading under which more words are syllables than under any other; None on a tie."""
        first, second = sorted(_READINGS, key=self.of, reverse=True)[:2]
        return first if self.of(first) > self.of(second) else None


def evidence(text: str) -> Evidence:
    """The evidence of *text*."""
    found = Evidence()
    for token in _TOKEN.findall(text):
        if token.isascii() or len(token) < 2:
            continue
        readings = _readings(token)
        found.words += 1
        found.unicode += "" in readings
        found.tcvn3 += "tcvn3" in readings
        found.vni += "vni" in readings
    return found


@lru_cache(maxsize=65536)
def _readings(token: str) -> frozenset[str]:
    """The readings under which *token* consists of Vietnamese syllables."""
    found: set[str] = set()
    if not _UNICODE_ONLY.search(token):
        found = {encoding for encoding in ENCODINGS if _is_vietnamese(in_unicode(token, "", encoding))}
    if _is_vietnamese(token.strip(_EDGE_SIGNS)):
        found.add("")
    return frozenset(found)


def _is_vietnamese(token: str) -> bool:
    letters = _LETTERS.findall(token)
    if not letters or "ñ" in token.lower() or "".join(letters) != token.replace("-", ""):
        return False
    return all(is_syllable(word) or (word.isupper() and len(word) < 3) for word in letters)


def encodings_of(stretches: Sequence[Run]) -> list[str]:
    """The encoding of each stretch: ``tcvn3``, ``vni``, or "" for Unicode."""
    if not any(font_encoding(font) or _SUSPECT.search(text) for text, font in stretches):
        return [""] * len(stretches)
    each = [evidence(text) for text, _ in stretches]
    whole = Evidence()
    by_font: dict[str, Evidence] = {}
    for (_, font), found in zip(stretches, each, strict=True):
        whole.add(found)
        by_font.setdefault(font, Evidence()).add(found)
    of_file = next((encoding for encoding in ENCODINGS if whole.proves(encoding)), "")
    of_fonts = {font: _of_font(font, found, of_file) for font, found in by_font.items()}
    met = {of_file, *of_fonts.values(), *(encoding for encoding in ENCODINGS if any(e.proves(encoding) for e in each))}
    return [_of_stretch(found, of_fonts[font], met) for (_, font), found in zip(stretches, each, strict=True)]


def _of_font(font: str, found: Evidence, of_file: str) -> str:
    """The encoding of text in a font that does not show one itself."""
    for encoding in ENCODINGS:
        if found.proves(encoding):
            return encoding
    if found.proves(""):
        return ""
    named = font_encoding(font)
    return named if named and found.of(named) >= found.unicode else "" if named else of_file


def _of_stretch(found: Evidence, expected: str, met: Iterable[str]) -> str:
    """The encoding of a stretch. expected: that of its font; met: the encodings of the file."""
    preferred = found.prefers()
    if preferred is None or preferred == expected or found.of(preferred) == found.of(expected):
        return expected
    if preferred == "" or preferred in met:
        return preferred
    return preferred if found.proves(preferred) else expected


def converted(stretches: Sequence[Run]) -> tuple[list[str], list[str]]:
    """The texts of the stretches in Unicode, and the encodings that were converted, sorted."""
    encodings = encodings_of(stretches)
    met = {encoding for encoding in encodings if encoding}
    texts = []
    for (text, font), encoding in zip(stretches, encodings, strict=True):
        if met and not font and _mixes(text, met):
            parts = _parts(text, encoding, ["", *sorted(met)])
        elif len(met) > 1 and encoding:
            parts = _parts(text, encoding, sorted(met))
        else:
            parts = [(text, encoding)]
        texts.append("".join(in_unicode(part, font, own) if own else part for part, own in parts))
    return texts, sorted(met)


def _mixes(text: str, met: set[str]) -> bool:
    """Whether a stretch holds words in Unicode alone and words that are syllables only in an encoding of the file."""
    found = [_readings(token) for token in _TOKEN.findall(text) if len(token) > 1 and not token.isascii()]
    return any(each == {""} for each in found) and any(each and "" not in each and each & met for each in found)


def _parts(text: str, expected: str, encodings: Sequence[str]) -> list[tuple[str, str]]:
    """*text* cut where its encoding changes; expected: that of the stretch. For files with several encodings.

    The cheapest reading word by word (Viterbi): a word that is no syllable costs one, a change of encoding a little
    less than half, so that a single foreign word between others is read by itself.
    """
    tokens = [match for match in _TOKEN.finditer(text) if len(match.group()) > 1 and not match.group().isascii()]
    costs = {encoding: 0.0 if encoding == expected else _CHANGE for encoding in encodings}
    choices: list[dict[str, str]] = []
    for token in tokens:
        readings = _readings(token.group())
        before, best = costs, min(costs, key=lambda encoding: costs[encoding])
        costs, chosen = {}, {}
        for encoding in encodings:
            stays = encoding == best or before[encoding] < before[best] + _CHANGE - 1e-9
            chosen[encoding] = encoding if stays else best
            costs[encoding] = (before[encoding] if stays else before[best] + _CHANGE) + (encoding not in readings)
        choices.append(chosen)
    last = min(costs, key=lambda encoding: costs[encoding] + (0.0 if encoding == expected else _CHANGE))
    own = [last]
    for chosen in reversed(choices[1:]):
        own.append(chosen[own[-1]])
    parts, at = [], 0
    for token, encoding in zip(tokens, reversed(own), strict=False):
        parts.append((text[at : token.start()], expected))
        parts.append((token.group(), encoding))
        at = token.end()
    return [*parts, (text[at:], expected)]


def in_unicode(text: str, font: str, encoding: str) -> str:
    """*text*, which is in a legacy encoding, in Unicode; letters that a PDF shows under another code are repaired."""
    return _word_in_unicode(text, font, encoding) if len(text) <= _WORD else _in_unicode(text, font, encoding)


def _in_unicode(text: str, font: str, encoding: str) -> str:
    return convert(repaired_letters(text, encoding), encoding, font)


#: The same for a word, of which a document has few different ones.
_word_in_unicode = lru_cache(maxsize=1 << 14)(_in_unicode)


def converted_lines(text: str) -> tuple[str, list[str]]:
    """*text* without fonts, judged line by line, and the encodings that were converted."""
    if not _SUSPECT.search(text):
        return text, []
    lines, used = converted([(line, "") for line in text.split("\n")])
    return "\n".join(lines), used
