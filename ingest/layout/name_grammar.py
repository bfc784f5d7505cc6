"""The grammar of agency names: what kind of word each of a name's words is, and the case it is written in.

After Nghị định 30/2020/NĐ-CP, Phụ lục II, mục IV: capitals begin the words for the kind of body, its function and its
field, and every syllable of a place. Table ``agency_vocabulary`` holds the words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from corpus import areas
from corpus.fold import canonical, letters
from corpus.tables import rows

_CONNECTIVES = frozenset({"và", "của", "các", "cho", "thuộc", "về", "trong", "với", "-", "–", "&"})
#: Abbreviations that could be read as words.
_ABBREVIATIONS = frozenset(
    {"UBND", "HĐND", "OCOP", "NTM", "TW", "TƯ", "MTTQ", "PTNT", "TP", "TP.", "TX.", "T.", "XHCN"}
)
#: Level words, the longest first; each as it is written in a name.
_LEVELS = (
    *("thành phố", "thị xã", "thị trấn", "đặc khu"),
    *("tỉnh", "huyện", "quận", "xã", "phường"),
    *("tp.", "tp", "tx.", "t.", "h.", "p."),
)
#: The kind of unit that a level word names, where it is an abbreviation.
KIND_OF_LEVEL = {"tp.": "thành phố", "tp": "thành phố", "tx.": "thị xã", "t.": "tỉnh", "h.": "huyện", "p.": "phường"}
#: Words of the longest phrase of the table, and of the longest name of a province.
_LONGEST_PHRASE, _LONGEST_PROVINCE = 6, 5
#: Bodies whose name goes on with a proper name ("Trường Tiểu học Kim Đồng").
_NAMED = ("truong", "cong ty", "hop tac xa", "doanh nghiep", "benh vien", "cau lac bo", "tap doan", "chi bo")
#: Sounds that a syllable or a foreign word may begin with; other runs of consonants make an abbreviation.
_ONSETS = frozenset(
    [
        *("CH", "GH", "GI", "KH", "NG", "NH", "PH", "QU", "TH", "TR"),
        *("BL", "BR", "CL", "CR", "DR", "FL", "FR", "GL", "GR", "PL", "PR"),
        *("SC", "SH", "SK", "SL", "SM", "SN", "SP", "ST", "SW", "TW"),
    ]
)
_VOWELS = "AEIOUY"
#: Signs around a phrase that are no part of it.
_SIGNS = " ().,;:\"'-–"


class PartKind(Enum):
    """What a part of a name is."""

    #: A kind of body: "Trung tâm".
    BODY = auto()
    #: A function or field: "Khuyến nông".
    FIELD = auto()
    #: A phrase that is always written one way: "Nhà nước".
    FIXED = auto()
    #: A level: "tỉnh".
    LEVEL = auto()
    #: The name of a unit: behind a level, or a province at the end.
    PLACE = auto()
    CONNECTIVE = auto()
    #: Any other word.
    WORD = auto()


_KIND_OF_ROW = {"loai": PartKind.BODY, "linh_vuc": PartKind.FIELD, "rieng": PartKind.FIXED}


@dataclass(slots=True)
class Part:
    """One or more words of a name."""

    kind: PartKind
    #: In the case it is written in.
    text: str
    #: As it was printed.
    printed: str

    @property
    def is_restored(self) -> bool:
        """Whether a mark or a letter differs from what was printed."""
        return canonical(self.text) != canonical(self.printed)

    @property
    def count(self) -> int:
        """How many words it has."""
        return len(self.printed.split())


@cache
def _phrases() -> dict[str, tuple[str, PartKind]]:
    """Letters of each phrase of the table → (phrase, kind)."""
    return {letters(r["phrase"]): (r["phrase"], _KIND_OF_ROW[r["kind"]]) for r in rows("agency_vocabulary")}


@cache
def _levels() -> dict[str, str]:
    return {letters(level): level for level in reversed(_LEVELS) if "." not in level and level != "tp"}


def parts(words: Sequence[str], *, ocr: bool) -> list[Part]:
    """The parts of a name printed in capitals as *words*; in a scan a phrase may have lost its marks."""
    found: list[Part] = []
    at = 0
    while at < len(words):
        part = _place_at(words, at, found, ocr) or _phrase_at(words, at, ocr) or _level_at(words, at, ocr)
        if part is None:
            word = words[at]
            is_connective = at > 0 and canonical(word) in _CONNECTIVES
            part = Part(PartKind.CONNECTIVE if is_connective else PartKind.WORD, word, word)
        at += part.count
        found.append(part)
    for index, part in enumerate(found):
        part.text = _cased(part, found[:index])
    return found


def _place_at(words: Sequence[str], at: int, before: Sequence[Part], ocr: bool) -> Part | None:
    """The name behind a level, up to a comma or a hyphen; or a province's name that ends the agency's name."""
    if before and before[-1].kind is PartKind.LEVEL:
        count = 1
        while at + count < len(words) and not words[at + count - 1].endswith(",") and words[at + count] not in "-–":
            count += 1
        printed = " ".join(words[at : at + count])
        return Part(PartKind.PLACE, printed, printed)
    count = len(words) - at
    if before and 2 <= count <= _LONGEST_PROVINCE:
        printed = " ".join(words[at:])
        province = areas.province_named(printed)
        name = areas.provinces()[province].name if province else ""
        if name and (ocr or canonical(name) == canonical(printed)):
            return Part(PartKind.PLACE, name, printed)
    return None


def _phrase_at(words: Sequence[str], at: int, ocr: bool) -> Part | None:
    """The longest phrase of the table at a word; a single word keeps its marks unless it begins the name."""
    for count in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
        printed = " ".join(words[at : at + count])
        found = _phrases().get(letters(printed))
        if found is None or not letters(words[at + count - 1]):
            continue
        phrase, kind = found
        is_same = canonical(phrase) == canonical(printed.strip(_SIGNS))
        if is_same or (ocr and (count > 1 or (at == 0 and kind is PartKind.BODY))):
            return Part(kind, _with_signs(phrase, printed), printed)
    return None


def _with_signs(phrase: str, printed: str) -> str:
    """A phrase of the table with the brackets and commas around it in print."""
    bare = printed.strip(_SIGNS)
    return printed.replace(bare, phrase, 1) if bare else phrase


def _level_at(words: Sequence[str], at: int, ocr: bool) -> Part | None:
    if at == 0:
        return None
    for count in (2, 1):
        printed = " ".join(words[at : at + count])
        if printed.lower() in _LEVELS:
            return Part(PartKind.LEVEL, printed, printed)
        level = _levels().get(letters(printed))
        if level and (ocr or canonical(level) == canonical(printed)):
            return Part(PartKind.LEVEL, level, printed)
    return None


def _cased(part: Part, before: Sequence[Part]) -> str:
    """The text of a part in the case it is written in behind the parts before it."""
    previous = before[-1].kind if before else None
    if part.kind is PartKind.LEVEL:
        return {"tp": "TP", "tp.": "TP.", "tx.": "TX.", "t.": "T."}.get(part.text.lower(), part.text.lower())
    if part.kind is PartKind.PLACE:
        return " ".join(capitalised(word) for word in part.text.split())
    if part.kind in {PartKind.BODY, PartKind.FIXED}:
        return part.text
    if part.kind is PartKind.CONNECTIVE:
        return part.text.lower()
    if part.kind is PartKind.FIELD:
        return part.text if previous is not PartKind.FIELD else part.text[:1].lower() + part.text[1:]
    if is_abbreviation(part.text):
        return part.text.upper()
    names_something = any(letters(one.text).startswith(tuple(letters(n) for n in _NAMED)) for one in before)
    begins = previous in {None, PartKind.BODY, PartKind.FIXED, PartKind.CONNECTIVE}
    if previous is PartKind.WORD and is_abbreviation(before[-1].text):
        begins = True
    return capitalised(part.text) if begins or names_something else part.text.lower()


def capitalised(word: str) -> str:
    """``R'LẤP`` → ``R'Lấp``: a capital at the start and behind an apostrophe or a hyphen."""
    return re.sub(r"[^\W\d_]+", lambda m: m.group()[:1].upper() + m.group()[1:].lower(), word)


def is_abbreviation(word: str) -> bool:
    """Whether a word in capitals is an abbreviation: one that is known, or letters that nobody can pronounce."""
    bare = word.strip("().,;")
    if bare.upper() in _ABBREVIATIONS:
        return True
    flat = letters(bare)
    if len(flat) < 2 or bare != bare.upper() or not flat.isalpha():
        return len(flat) > 1 and any(c.isdigit() for c in flat) and any(c.isalpha() for c in flat)
    if not any(c in _VOWELS for c in flat):
        return True
    runs = re.findall(rf"[^{_VOWELS}]+", flat)
    if any(len(run) >= 3 and run != "NGH" for run in runs):
        return True
    onset = re.match(rf"[^{_VOWELS}]*", flat)
    return onset is not None and len(onset.group()) == 2 and onset.group() not in _ONSETS
