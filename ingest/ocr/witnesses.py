"""Two readers of one word: which words a second one looks at, and what is believed where the two differ.

The line reader reads everything. Tesseract reads again, gathered on one picture, the words whose errors cost most
(with digits, of a ký hiệu, in a date) and those the line reader doubts. Two readers that go about it so differently
rarely make the same mistake: where they agree a word is nearly certain, where they differ it is flagged and both
readings are kept. Pure functions; reading is left to :mod:`ingest.ocr.second_look`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from corpus.fold import fold
from corpus.tables import rows
from ingest.data import DATA
from ingest.page import Witness, Word
from ingest.syllables import is_syllable

if TYPE_CHECKING:
    from ingest.ocr.reader.line_reader import ReadLine, ReadWord

#: A word read with less certainty is looked at a second time, and is not sure.
SURE = 0.95
#: Two readers that agree are both wrong this much more rarely than the surer of them alone.
AGREEMENT = 0.15
#: A word on which the two differ is never surer than this.
DISPUTED = 0.60
#: The second reader is believed against the first in a word's marks where the word's neighbours make what it says so
#: much likelier (natural logarithm).
EXPECTED = 2.0
# The second reader is believed against the first only where the first wavers and the second does not.
_WAVERS, _INSISTS = 0.45, 0.85
# The same where the first cannot be spoken and the second can; the least share of letters that both have.
_SURER, _ALIKE = 0.6, 0.5

#: Words of a line that may be a name by itself.
_LONGEST_NAME = 7

_EDGES = ".,;:()[]“”\"'’‘…"
# A figure with the letter "o" in it; brackets, and what upright strokes are read as.
_NOUGHTS = re.compile(r"(?=.*\d)(?=.*[oO])[\doO]+(?:[.,][\doO]+)+%?")
_HALF_BRACKETED = re.compile(r"[1Il|J](\d+)\]|\[(\d+)[1Il|J]")
_PAIRS = {"(": ")", "[": "]"}
_BRACKETS = frozenset("()[]")
_STROKES = frozenset("1Il|J/")
# Signs that two readers write in two ways: dashes, slashes, quotes, and the Icelandic letter that looks like "Đ".
_ONE_SIGN = str.maketrans("–—‐‑−⁄∕’‘“”Ð", "-----//''\"\"Đ")
# An upright stroke beside a digit is the digit 1: "1l", "QHI5".
_STROKE = re.compile(r"(?<=\d)[Il|!\]](?!\w*[^\W\d_Il])|[Il|!](?=\d)")
# What is so written has each of its stops and slashes, whether a reader saw them all or not: thousands, a date, a số ký
# hiệu with its year.
_MARKED = re.compile(
    r"\d{1,3}(?:\.\d{3})+|\d{1,2}/\d{1,2}/\d{4}|"  # numbers, dates
    r"\d+/(?:[12]\d{3}/)?[^\W\d_]{2,}\d{0,2}(?:-[^\W\d_]+)*"  # số ký hiệu
)
_WITH_DIGIT = re.compile(r"\d")
# "QĐ-UBND", "SYT/NV": letters joined by a dash or a slash.
_SYMBOL = re.compile(r"[^\W\d_][-/][^\W\d_]")


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What another reader made of a word; empty text where it saw nothing. confidence: its own, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Settled:
    """A word after both readers. ours, theirs: the readings; theirs is None where no second reader looked.

    agree: whether they say the same, None where there is one reading only. confidence: the chance that *text* is
    exactly what stands there, 0 to 1.
    """

    text: str
    ours: str
    theirs: str | None
    agree: bool | None
    confidence: float
    #: The second reader's own confidence, 0 to 1; 0 where there is no second reading.
    their_confidence: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether the word needs no flag."""
        return self.agree is not False and self.confidence >= SURE


def needs_second_look(word: ReadWord, line: ReadLine | None = None) -> bool:
    """Whether a word is worth a second reading: doubted, with a digit or the form of a ký hiệu, or of a name; no sign.

    A short *line* whose words all begin with a capital is a name: of an agency, a place or a person. Capitals alone
    are read without a mistake where the line reader is sure of them: such a line is asked for where it may be a
    person's name.
    """
    if not any(c.isalnum() for c in word.text):  # a sign by itself: how high it stands is not seen on the picture
        return False
    if word.confidence < SURE:
        return True
    if _WITH_DIGIT.search(word.text) or _SYMBOL.search(word.text):
        return True
    return line is not None and is_name(line) and (not line.text.isupper() or _begins_with_surname(line))


def is_name(line: ReadLine) -> bool:
    """Whether a line may be a name by itself: few words, all with a capital."""
    return 2 <= len(line.words) <= _LONGEST_NAME and all(word.text[:1].isupper() for word in line.words)


def _begins_with_surname(line: ReadLine) -> bool:
    return bare(line.words[0].text).casefold() in _surnames()


@cache
def _surnames() -> frozenset[str]:
    return frozenset(bare(row["surname"]).casefold() for row in rows("surnames", DATA))


def settle(ours: ReadWord, theirs: SecondReading | None) -> Settled:
    """What is believed of a word read by the line reader and perhaps by a second one."""
    text = mended(ours.text)
    confidence = ours.confidence if text == ours.text else min(ours.confidence, DISPUTED)
    if theirs is None:
        return Settled(text, ours.text, None, None, confidence)
    if confirms(theirs.text, text):
        doubt = (1 - ours.confidence) * AGREEMENT
        return Settled(text, ours.text, theirs.text, True, 1 - doubt, theirs.confidence)
    if balances(theirs.text, ours.text) or _completes(theirs.text, text):
        return Settled(theirs.text, ours.text, theirs.text, False, min(theirs.confidence, DISPUTED), theirs.confidence)
    if ours.expected.by > EXPECTED and same(theirs.text, ours.expected.text):  # the second reader and the neighbours
        return Settled(ours.expected.text, ours.text, theirs.text, False, DISPUTED, theirs.confidence)
    believed = text
    insists = theirs.confidence > _INSISTS and _likely(theirs.text, ours)
    if theirs.text and ours.confidence < _WAVERS and (insists or _makes_sense(theirs, ours)):
        believed, confidence = theirs.text, theirs.confidence
    return Settled(believed, ours.text, theirs.text, False, min(confidence, DISPUTED), theirs.confidence)


def same(first: str, second: str) -> bool:
    """Whether two readings are one word: case and letters alike; stops and quotes at the edges do not count, nor the
    kind of dash."""
    return bare(first) == bare(second)


def confirms(theirs: str, ours: str) -> bool:
    """Whether *theirs* has the letters and digits of *ours*.

    The second reader takes a 1 beside a digit for an upright letter, and loses stops and slashes, which are thin: that
    is no difference where *ours* is written as numbers, dates and số ký hiệu are.
    """
    first, second = bare(ours), _STROKE.sub("1", bare(theirs))
    return first == second or (bool(_MARKED.fullmatch(first)) and _lacks_marks(second, first))


def _lacks_marks(text: str, whole: str) -> bool:
    """Whether *text* is *whole* but for stops and slashes that it has not."""
    (letters, marks), (all_letters, all_marks) = _taken_apart(text), _taken_apart(whole)
    return letters == all_letters and marks < all_marks


def _taken_apart(text: str) -> tuple[str, set[int]]:
    """The letters and digits of *text*, and after how many of them other signs stand."""
    letters, marks = [], set()
    for sign in text:
        if sign.isalnum():
            letters.append(sign)
        else:
            marks.add(len(letters))
    return "".join(letters), marks


def mended(text: str) -> str:
    """*text* as it must have been printed where no word is written as it was read: noughts for the letter "o" among
    digits with stops between them ("1,o"), and the partner of a square bracket for an upright stroke in its place
    ("117]", "[171").
    """
    if _NOUGHTS.fullmatch(text):
        return text.replace("o", "0").replace("O", "0")
    return f"[{found[1] or found[2]}]" if (found := _HALF_BRACKETED.fullmatch(text)) else text


def balances(theirs: str, ours: str) -> bool:
    """Whether *theirs* is *ours* with brackets in pairs, for upright strokes that stand in their place: "[17]" for
    "117]"."""
    if len(theirs) != len(ours) or not (_is_balanced(theirs) and any(sign in _BRACKETS for sign in theirs)):
        return False
    differ = [(a, b) for a, b in zip(theirs, ours, strict=True) if a != b]
    return all(a in _BRACKETS and (b in _STROKES or b in _BRACKETS) for a, b in differ)


def _completes(theirs: str, ours: str) -> bool:
    """Whether *theirs* is *ours* with the slashes that a date or a số ký hiệu has: "64/2014/NĐ-CP" for
    "642014/NĐ-CP"."""
    first, second = bare(ours), bare(theirs)
    return "/" in second and bool(_MARKED.fullmatch(second)) and _lacks_marks(first, second)


def _is_balanced(text: str) -> bool:
    """Whether every bracket of *text* has its partner; none inside another of its kind."""
    opened: list[str] = []
    for sign in text:
        if sign in _PAIRS:
            opened.append(_PAIRS[sign])
        elif sign in _BRACKETS and (not opened or opened.pop() != sign):
            return False
    return not opened


def disputed(word: Word) -> bool:
    """Whether two readers saw *word* and read it differently."""
    first, *others = word.witnesses or (Witness("", "", 0.0),)
    return any(not confirms(other.text, mended(first.text)) for other in others)


def bare(text: str) -> str:
    """*text* for comparison: NFC, one sign of a kind, without stops and quotes at its edges."""
    return unicodedata.normalize("NFC", text).translate(_ONE_SIGN).strip(_EDGES + " ")


def _makes_sense(theirs: SecondReading, ours: ReadWord) -> bool:
    """Whether only the second reading can be spoken ("Số:" for "S6"), is the surer one, and much like the first."""
    first, second = bare(ours.text), bare(theirs.text)
    speakable = is_syllable(second) and not is_syllable(first)
    alike = _likeness(first, second) >= _ALIKE
    return speakable and alike and theirs.confidence > max(_SURER, ours.confidence) and not first.isdigit()


def _likely(text: str, ours: ReadWord) -> bool:
    """Whether the line reader too thought of *text*, or read something of the same length with a letter of it."""
    if not any(c.isalnum() for c in text):
        return False
    alike = abs(len(text) - len(ours.text)) <= 1 and _likeness(ours.text, text) > 0
    return alike or same(text, ours.other)


def _likeness(first: str, second: str) -> float:
    """The share of letters, without marks, that two readings have in one order."""
    return SequenceMatcher(None, fold(first), fold(second), autojunk=False).ratio()
