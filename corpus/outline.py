"""The outline of a document: Phần, Chương, Mục, Điều, khoản, điểm and Phụ lục, with their places in the stored text.

Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, 5: Phần and Chương have Roman numbers, Mục and Điều Arabic ones, a khoản
"1.", a điểm "a)". Numbers run on: a line that begins with a number out of its order is running text. Quoted text is
the wording of another document and has no part in the outline.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.fold import clean, fold
from corpus.model import Pinpoint
from corpus.quotations import quoted_spans


class UnitKind(StrEnum):
    """A kind of unit; its value is the word in addresses."""

    APPENDIX = "phu-luc"
    PART = "phan"
    CHAPTER = "chuong"
    SECTION = "muc"
    ARTICLE = "dieu"
    CLAUSE = "khoan"
    POINT = "diem"


#: From the largest unit to the smallest.
_ORDER = list(UnitKind)
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}
_WORDS = {
    UnitKind.APPENDIX: "Phụ lục",
    UnitKind.PART: "Phần",
    UnitKind.CHAPTER: "Chương",
    UnitKind.SECTION: "Mục",
    UnitKind.ARTICLE: "Điều",
    UnitKind.CLAUSE: "khoản",
    UnitKind.POINT: "điểm",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a document, with the units that contain it."""

    kind: UnitKind
    #: As printed: "5a", "II", "đ"; "" for an annex without a number.
    label: str
    start: int
    end: int
    #: The words behind the number on its line.
    heading: str
    #: Index of the unit that contains it.
    parent: int | None
    #: Its address within the document: "dieu-5.khoan-1", unique.
    anchor: str

    @property
    def name(self) -> str:
        """``Điều 5``, ``khoản 1``, ``Phụ lục II``."""
        return f"{_WORDS[self.kind]} {self.label}".strip()


_LINE = re.compile(r"[^\n\f]+")
_HEADS = (
    (
        UnitKind.APPENDIX,
        re.compile(
            r"\s*(?:PHỤ LỤC|Phụ lục)(?:\s+(?:SỐ|số))?\s*(?P<label>[IVXL]{1,6}|\d{1,2}|[A-Z])?\s*[.:]?\s*(?P<rest>)$"
        ),
    ),
    (
        UnitKind.PART,
        re.compile(r"\s*(?:PHẦN|Phần)\s+(?P<label>[IVXL]{1,6}|THỨ \w+|thứ \w+)\b[.:]?\s*(?P<rest>.{0,120})$"),
    ),
    (
        UnitKind.CHAPTER,
        re.compile(r"\s*(?:CHƯƠNG|Chương)\s+(?P<label>[IVXL]{1,6}|\d{1,2})\b[.:]?\s*(?P<rest>.{0,120})$"),
    ),
    (
        UnitKind.SECTION,
        re.compile(r"\s*(?:MỤC|Mục)\s+(?P<label>[IVXL]{1,6}|\d{1,2}[a-z]?)\b[.:]?\s*(?P<rest>[A-ZĐ].{0,120})?$"),
    ),
    (UnitKind.SECTION, re.compile(r"\s*(?P<label>[IVXL]{1,6})\s?[.\-]\s+(?P<rest>\S.*)$")),
    (UnitKind.ARTICLE, re.compile(r"\s*Điều\s+(?P<label>\d{1,3}[a-zđ]?)\s?[.:]\s*(?P<rest>.*)$")),
    (UnitKind.CLAUSE, re.compile(r"\s*(?P<label>\d{1,3})\.\s+(?P<rest>\S.*)$")),
    (UnitKind.POINT, re.compile(r"\s*(?P<label>[a-zđ])\)\s*(?P<rest>\S.*)$")),
)
# How each of these lines, and "(Kèm theo", begins; asked before each of them is tried.
_MAY_BE_HEAD = re.compile(r"\s*(?:P[Hh]|C[Hh]|M[ỤụUu]|Đi|[IVXL]{1,6}\s?[.\-]|\d{1,3}\.|[a-zđ]\)|\()")
_ATTACHED = re.compile(r"\s*\((?:Ban hành )?[Kk]èm theo\s")
#: The letters of điểm in order (Nghị định 30/2020/NĐ-CP: the Vietnamese alphabet, without the marked vowels).
_ALPHABET = "abcdđeghiklmnopqrstuvxy"
#: How far the next number may lie from the last: a heading may have been read badly.
_MAX_SKIP = 3
#: Characters of the longest heading that is kept.
_MAX_HEADING = 160


@dataclass(slots=True)
class _Open:
    """A unit while the text is read; its end is not known yet."""

    kind: UnitKind
    label: str
    start: int
    heading: str
    parent: int | None
    anchor: str
    end: int = 0


class _Builder:
    """Goes through the lines once and keeps the units that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._units: list[_Open] = []
        #: The open unit of each kind.
        self._open: dict[UnitKind, int] = {}
        #: The last unit of each kind where the count of its kind goes on.
        self._counted: dict[UnitKind, int] = {}
        self._anchors: dict[str, int] = {}
        self._quoted = quoted_spans(text)
        self._quote_starts = [start for start, _ in self._quoted]

    def build(self) -> list[Unit]:
        """The units of the whole text."""
        for match in _LINE.finditer(self._text):
            line = clean(match.group())
            if _MAY_BE_HEAD.match(line) and not self._is_quoted(match.start() + len(line) - len(line.lstrip())):
                self._read(line, match.start())
        for index in self._open.values():
            self._units[index].end = len(self._text)
        return [Unit(u.kind, u.label, u.start, u.end, u.heading, u.parent, u.anchor) for u in self._units]

    def _is_quoted(self, offset: int) -> bool:
        index = bisect_right(self._quote_starts, offset) - 1
        return index >= 0 and offset < self._quoted[index][1]

    def _read(self, line: str, start: int) -> None:
        start += len(line) - len(line.lstrip())
        if _ATTACHED.match(line) and UnitKind.ARTICLE in self._counted and UnitKind.APPENDIX not in self._open:
            self._add(UnitKind.APPENDIX, "", start, "")
            return
        for kind, pattern in _HEADS:
            match = pattern.match(line)
            if match and self._fits(kind, match["label"] or ""):
                self._add(kind, match["label"] or "", start, (match["rest"] or "").strip()[:_MAX_HEADING])
                return

    def _fits(self, kind: UnitKind, label: str) -> bool:
        """Whether the unit is the next of its kind where it stands."""
        index = self._counted.get(kind)
        last = self._units[index].label if index is not None else ""
        if kind is UnitKind.ARTICLE:
            return _number(label) == 1 or _number(last) <= _number(label) <= _number(last) + _MAX_SKIP
        if kind is UnitKind.SECTION:
            in_articles = UnitKind.ARTICLE in self._open and UnitKind.APPENDIX not in self._open
            return not (label.isalpha() and in_articles)
        if kind is UnitKind.CLAUSE:
            return _number(last) < _number(label) <= _number(last) + (_MAX_SKIP if last else 1)
        if kind is UnitKind.POINT:
            place = _ALPHABET.find(label)
            return place > _ALPHABET.find(last) if last else place in (0, 1)
        return True

    def _add(self, kind: UnitKind, label: str, start: int, heading: str) -> None:
        if kind is UnitKind.ARTICLE and label == "1" and UnitKind.APPENDIX not in self._open:
            counted = self._counted.get(kind)
            if counted is not None and self._units[counted].label != "1":
                self._add(UnitKind.APPENDIX, "", start, "")  # articles that begin anew are those of an attached text
        rank = _RANK[kind]
        for other in _ORDER[rank:]:
            closed = self._open.pop(other, None)
            if closed is not None:
                self._units[closed].end = start
            if kind is UnitKind.APPENDIX or other is not UnitKind.ARTICLE:
                self._counted.pop(other, None)
        parent = next((self._open[other] for other in reversed(_ORDER[:rank]) if other in self._open), None)
        self._open[kind] = self._counted[kind] = len(self._units)
        self._units.append(_Open(kind, label, start, heading, parent, self._anchor(kind, label, parent)))

    def _anchor(self, kind: UnitKind, label: str, parent: int | None) -> str:
        """The address of a unit: an article needs no chapter, as its number is unique; a second one is counted."""
        while kind is UnitKind.ARTICLE and parent is not None and self._units[parent].kind is not UnitKind.APPENDIX:
            parent = self._units[parent].parent
        anchor = _address(kind, label)
        if parent is not None:
            anchor = f"{self._units[parent].anchor}.{anchor}"
        count = self._anchors[anchor] = self._anchors.get(anchor, 0) + 1
        return anchor if count == 1 else f"{anchor}_{count}"


def _number(label: str) -> int:
    """The number of a label, 0 for none."""
    return int(re.sub(r"\D", "", label) or 0)


def _address(kind: UnitKind, label: str) -> str:
    """``dieu-5a``; "đ" becomes "dd", so that it stays apart from "d"."""
    plain = "".join(c for c in fold(label.lower().replace("đ", "dd")) if c.isalnum())
    return f"{kind}-{plain}" if plain else str(kind)


def outline(text: str) -> list[Unit]:
    """The units of a stored text in reading order; empty for a text without any."""
    return _Builder(text).build()


def containing(units: Sequence[Unit], offset: int) -> list[Unit]:
    """The units that hold *offset*, from the smallest to the largest."""
    index = bisect_right([unit.start for unit in units], offset) - 1
    found: list[Unit] = []
    while 0 <= index < len(units):
        unit = units[index]
        if unit.start <= offset < unit.end:
            found.append(unit)
            index = unit.parent if unit.parent is not None else -1
        else:
            index = index - 1 if not found else -1
    return found


def anchor_of(pinpoint: Pinpoint) -> str:
    """The address at which a document has a provision, if it has it: "dieu-5.khoan-1", "phu-luc-ii.khoan-1"."""
    parts = []
    if pinpoint.appendix is not None:
        parts.append(_address(UnitKind.APPENDIX, pinpoint.appendix))
    if pinpoint.section and not pinpoint.article:
        for section in reversed(pinpoint.section.split(", ")):
            word, _, label = section.rpartition(" ")
            kind = next((kind for kind, name in _WORDS.items() if name == word), UnitKind.SECTION)
            parts.append(_address(kind, label))
    smaller = (
        (UnitKind.ARTICLE, pinpoint.article),
        (UnitKind.CLAUSE, pinpoint.clause),
        (UnitKind.POINT, pinpoint.point),
    )
    parts += [_address(kind, label) for kind, label in smaller if label]
    return ".".join(parts)


def addresses_of(pinpoint: Pinpoint) -> list[str]:
    """The addresses of a provision and of all that contain it, the largest first: "dieu-5", "dieu-5.khoan-1"."""
    parts = anchor_of(pinpoint).split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))] if parts != [""] else []


def find(units: Sequence[Unit], pinpoint: Pinpoint) -> Unit | None:
    """The unit that a pinpoint names; None where the text has it not, or not in that place."""
    wanted = anchor_of(pinpoint)
    return next((unit for unit in units if unit.anchor == wanted), None) if wanted else None
