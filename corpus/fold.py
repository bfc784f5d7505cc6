"""One way of cleaning and folding text, for index, query and highlight alike.

Three steps, each with its own promise:

* :func:`nfc` makes *stored text*: NFC, one kind of line end, no invisible characters. Offsets point into it.
* :func:`clean` maps look-alikes (``Ð``, no-break space, long dashes) one character to one character, so an
  offset into cleaned text is an offset into stored text.
* :func:`fold` drops case and marks, one character to one character as well; :func:`canonical` keeps the marks but
  settles the spelling variants that are not differences (``hoà``/``hòa``, ``uỷ``/``ủy``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from corpus.character_table import CharacterTable

# Characters that are never printed: soft hyphen, zero-width characters, byte order mark, direction marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x0b|\x85")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
# Lone surrogates are no characters; text that holds one cannot be encoded.
_SURROGATES = re.compile("[\ud800-\udfff]")
# Any of these; nearly every text has none, and one search is cheaper than four substitutions.
_UNPRINTED = re.compile("|".join(one.pattern for one in (_INVISIBLE, _LINE_ENDS, _CONTROL, _SURROGATES)))

# Normalising a run of n combining marks takes n² steps. Stream-safe text has at most 30 (Unicode Standard Annex 15);
# no writing system uses more than a few.
_MOST_MARKS = 30
_MARKS = "".join(char for char in map(chr, range(0x300, 0x1E950)) if unicodedata.combining(char))
_TOO_MANY_MARKS = re.compile(f"[{re.escape(_MARKS)}][{re.escape(_MARKS)}]{{{_MOST_MARKS},}}")
# A run that is too long shows two marks in a row in every fifteenth character: that sample costs next to nothing.
_SAMPLE = _MOST_MARKS // 2
_TWO_MARKS = re.compile(f"[{re.escape(_MARKS)}][{re.escape(_MARKS)}]")


class _LookAlikes(dict[int, str]):
    """A table for ``str.translate`` in which other characters stand for themselves once they were met.

    Without that, every letter outside the table raises and catches a LookupError.
    """

    def __missing__(self, code: int) -> str:
        self[code] = chr(code)
        return self[code]


_LOOK_ALIKES = _LookAlikes(
    str.maketrans(
        {
            **dict.fromkeys(
                "\t\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " "
            ),
            **dict.fromkeys("‐‑‒–—―−\uf02d\ufffe", "-"),
            # Letters that look like Đ; Vietnamese has U+0110 only.
            **dict.fromkeys("\u00d0\u0189", "Đ"),
            "\u00f0": "đ",
            **dict.fromkeys("\u2044\u2215", "/"),
            **dict.fromkeys("\u2018\u2019", "'"),
            **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
            # Digits of every script, as \d and int() accept them all; full-width forms of East Asian keyboards.
            **{char: str(unicodedata.decimal(char)) for char in map(chr, range(0x80, 0x20000)) if char.isdecimal()},
            **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
            # Cyrillic capitals typed in the middle of a ký hiệu (TT-BTС).
            **dict(zip("АВСЕНКМОРТХ", "ABCEHKMOPTX", strict=True)),
        }
    )
)

# Tone marks stand on the first letter of oa, oe, uy when no consonant follows (hòa, not hoà), but not after q.
_TONE_PAIRS = dict(
    zip(
        ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"),
        ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"),
        strict=True,
    )
)
_TONE = re.compile(r"(?<!q)(" + "|".join(_TONE_PAIRS) + r")(?![^\W\d_])")


_SYLLABLE = re.compile(r"[^\W_]+")
_IN_SYLLABLE = re.compile(r"[^\W_]")
# Vietnamese has some 7,000 syllables; the bound is for junk.
_SYLLABLES_KEPT = 200_000
# The one capital that is lowered by what stands beside it.
_SIGMA = "Σ"

# What :func:`letters` leaves out, but for line ends.
_BESIDE_LETTERS = re.compile(r"[^A-Z0-9\n]+")

# Several parts of a reading clean and fold the same lines; these many of up to so many characters are remembered.
_LINES_KEPT, _LONGEST_LINE = 2048, 200


def nfc(text: str) -> str:
    """Stored text: NFC, ``\\n`` line ends, no invisible or control characters (form feed kept: it ends a page).

    A lone surrogate becomes U+FFFD; of more than thirty combining marks in a row the first thirty are kept. Composition
    comes last, as an invisible character may have stood between a letter and its mark.
    """
    if len(text) <= _MOST_MARKS and text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text  # a word, as nearly all are: none of what follows is printable
    if not text.replace("\n", "").isprintable() and _UNPRINTED.search(text):
        text = _CONTROL.sub("", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
        text = _SURROGATES.sub("\ufffd", text)
    if _TWO_MARKS.search(text[::_SAMPLE]):
        text = _TOO_MANY_MARKS.sub(lambda run: run[0][:_MOST_MARKS], text)
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Look-alike characters made plain, one for one: ``len(clean(t)) == len(t)``."""
    return _clean_line(text) if len(text) <= _LONGEST_LINE else _CLEAN_LONG(text)


@lru_cache(maxsize=_LINES_KEPT)
def _clean_line(text: str) -> str:
    return text.translate(_LOOK_ALIKES)


@cache
def _fold_char(char: str) -> str:
    if char in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


class _FoldTable(dict[int, str]):
    """A table for ``str.translate`` that fills itself; look-alikes are folded as well."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code).translate(_LOOK_ALIKES))
        self[code] = folded
        return folded


_FOLD = _FoldTable()
#: The same two steps for long texts.
_CLEAN_LONG = CharacterTable(lambda char: char.translate(_LOOK_ALIKES))
_FOLD_LONG = CharacterTable(lambda char: char.translate(_FOLD))


def fold(text: str) -> str:
    """Lower case without marks, ``đ`` as ``d``, one character for one: offsets stay valid.

    Expects NFC text (a lone combining mark folds to itself). The look-alikes of :func:`clean` are folded too.
    """
    return _fold_line(text) if len(text) <= _LONGEST_LINE else _FOLD_LONG(text)


@lru_cache(maxsize=_LINES_KEPT)
def _fold_line(text: str) -> str:
    return text.translate(_FOLD)


@lru_cache(maxsize=1)
def cleaned_text(text: str) -> str:
    """:func:`clean` for the whole text of a document, which several parts of a reading ask for: the last is kept."""
    return clean(text)


@lru_cache(maxsize=1)
def folded_text(text: str) -> str:
    """:func:`fold` for the whole text of a document, in the same way."""
    return fold(text)


def canonical(text: str) -> str:
    """Lower case, each tone mark in its standard place, one character for one: spellings of a word are equal."""
    return _with_tones_placed(_lowered(text))


def _lowered(text: str) -> str:
    cleaned = clean(text)
    lowered = cleaned.lower()
    if len(lowered) != len(text):  # a few foreign capitals lower to two characters
        lowered = "".join(map(_lower_char, cleaned))
    return lowered


def _lower_char(char: str) -> str:
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


def _with_tones_placed(lowered: str) -> str:
    return _TONE.sub(lambda m: _TONE_PAIRS[m.group(1)], lowered)


def _lower_in_syllable(char: str) -> str:
    lowered = _lower_char(char.translate(_LOOK_ALIKES))
    return lowered if _IN_SYLLABLE.fullmatch(lowered) else " "


_LOWER_SYLLABLES = CharacterTable(_lower_in_syllable)


class _Canonical(dict[str, str]):
    """The canonical form of syllables in lower case: looked up, and made at the first sight of one."""

    def __missing__(self, lowered: str) -> str:
        made = _with_tones_placed(lowered)
        if len(self) < _SYLLABLES_KEPT:
            self[lowered] = made
        return made


_CANONICAL = _Canonical().__getitem__


def canonical_syllables(text: str) -> list[str]:
    """The runs of letters and digits in ``canonical(text)``, in order."""
    if len(text) <= _LONGEST_LINE or _SIGMA in text:
        return list(map(_CANONICAL, _SYLLABLE.findall(_lowered(text))))
    return list(map(_CANONICAL, _LOWER_SYLLABLES(text).split()))


@lru_cache(maxsize=_LINES_KEPT)
def letters(text: str) -> str:
    """Folded capitals and digits alone, so that hyphens, case and Đ/Ð/D do not matter: ``QĐ-VPĐP`` → ``QDVPDP``."""
    return re.sub(r"[^A-Z0-9]", "", fold(text).upper())


def letters_of_each(texts: Sequence[str]) -> list[str]:
    """:func:`letters` of many texts without line ends, which takes a fourth of the time."""
    return _BESIDE_LETTERS.sub("", fold("\n".join(texts)).upper()).split("\n") if texts else []


def squeeze(text: str) -> str:
    """Runs of white space become one space; none is left at the ends."""
    return " ".join(text.split())
