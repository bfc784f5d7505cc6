"""Automatic numbering of Word files: the label that Word prints before a paragraph ("Điều 1.", "a)").

After ECMA-376, part 1, 17.9: paragraphs name a list (``numId``) and a level; lists share the counters of the abstract
list they are made from, and a level's counter starts again when a higher level has been counted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.xml_parts import local_name

_MOST_LEVELS = 9
_ROMAN: tuple[tuple[int, str], ...] = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
)
_ROMAN += ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN = 4000
#: Letters of a number in letters (after z comes aa), and of a label's pattern.
_MOST_LETTERS, _MOST_PATTERN = 20, 255
#: Fonts whose letters are pictures.
_PICTURE_FONTS = ("symbol", "wingdings", "webdings", "courier")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list."""

    start: int = 1
    #: Name of the number format (``decimal``, ``upperRoman``, ``bullet``).
    number_format: str = "decimal"
    #: The label with ``%1`` for the number of the first level, ``%2`` of the second.
    text: str = ""
    font: str = ""
    #: What stands between label and text.
    suffix: str = " "
    #: Whether the numbers of all levels are printed as decimals.
    legal: bool = False


@dataclass(slots=True)
class _List:
    """A list that paragraphs name."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)
    used: bool = False


class Numbering:
    """The lists of a document and how far each has been counted."""

    def __init__(self, root: Any | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        by_style: dict[str, str] = {}
        linked: dict[str, str] = {}
        for node in root:
            name = local_name(node)
            if name == "abstractNum":
                identity = attribute(node, "abstractNumId")
                self._levels[identity] = {
                    number: level for child in node if (level := _level(child)) for number in [_integer(child, "ilvl")]
                }
                by_style[child_value(node, "styleLink")] = identity
                linked[identity] = child_value(node, "numStyleLink")
            elif name == "num":
                self._lists[attribute(node, "numId")] = _list_of(node)
        for identity, style in linked.items():
            if style and style in by_style:
                self._levels[identity] = self._levels[by_style[style]]

    def label(self, list_id: str, level: int) -> tuple[str, str] | None:
        """Count a paragraph of that list and level: its label with what follows it, and the label's font.

        None where there is no such list, or its label is a picture.
        """
        listed = self._lists.get(list_id)
        if listed is None or not 0 <= level < _MOST_LEVELS:
            return None
        levels = {**self._levels.get(listed.abstract, {}), **listed.levels}
        own = levels.get(level)
        if own is None:
            return None
        counts = self._counts.setdefault(listed.abstract, {})
        if not listed.used:
            listed.used = True
            for number in listed.starts:
                counts.pop(number, None)
        start = listed.starts.get(level, own.start)
        counts[level] = counts[level] + 1 if level in counts else start
        for deeper in [number for number in counts if number > level]:
            del counts[deeper]
        text = self._text(own, levels, counts)
        return (text + own.suffix, own.font) if text.strip() else None

    @staticmethod
    def _text(own: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
        if own.number_format == "bullet":
            return own.text if _is_printed(own) else ""
        text = own.text
        for number in range(_MOST_LEVELS):
            mark = f"%{number + 1}"
            if mark in text:
                level = levels.get(number, own)
                number_format = "decimal" if own.legal else level.number_format
                text = text.replace(mark, number_words(counts.get(number, level.start), number_format))
        return text


def _is_printed(level: Level) -> bool:
    """Whether a bullet is a sign of the text (a dash), not a picture."""
    pictured = level.font.lower().startswith(_PICTURE_FONTS)
    return not pictured and all(unicodedata.category(char)[0] in "PSZ" for char in level.text)


def number_words(number: int, number_format: str) -> str:
    """*number* in a number format of Word; decimal where the format is none of Latin letters and digits."""
    if number_format == "none":
        return ""
    if number_format == "decimalZero":
        return f"{number:02d}"
    if number_format in {"upperLetter", "lowerLetter"} and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * min(_MOST_LETTERS, (number - 1) // 26 + 1)
        return letters.upper() if number_format == "upperLetter" else letters
    if number_format in {"upperRoman", "lowerRoman"} and 0 < number < _MOST_ROMAN:
        roman, left = "", number
        for value, letters in _ROMAN:
            roman, left = roman + letters * (left // value), left % value
        return roman.upper() if number_format == "upperRoman" else roman
    return str(number)


def attribute(node: Any, name: str) -> str:
    """The attribute of that local name, whatever its namespace; "" where there is none."""
    for key, value in node.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def child_of(node: Any, name: str) -> Any | None:
    """The first child of that local name."""
    return next(node.iterchildren(f"{{*}}{name}"), None)


def child_value(node: Any, name: str) -> str:
    """The attribute ``val`` of the first child of that local name; "" where there is none."""
    child = child_of(node, name)
    return attribute(child, "val") if child is not None else ""


def _integer(node: Any, name: str) -> int:
    return _number(attribute(node, name), 0)


def _number(written: str, otherwise: int) -> int:
    try:
        return int(written[:9])
    except ValueError:
        return otherwise


def _level(node: Any) -> Level | None:
    if local_name(node) != "lvl":
        return None
    properties = child_of(node, "rPr")
    fonts = child_of(properties, "rFonts") if properties is not None else None
    suffix = child_value(node, "suff")
    return Level(
        start=_number(child_value(node, "start"), 0),
        number_format=child_value(node, "numFmt") or "decimal",
        text=child_value(node, "lvlText")[:_MOST_PATTERN],
        font="" if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi"),
        suffix="" if suffix == "nothing" else " ",
        legal=child_of(node, "isLgl") is not None,
    )


def _list_of(node: Any) -> _List:
    found = _List(child_value(node, "abstractNumId"))
    for child in node:
        if local_name(child) == "lvlOverride":
            number = _integer(child, "ilvl")
            if child_of(child, "startOverride") is not None:
                found.starts[number] = _number(child_value(child, "startOverride"), 1)
            own = child_of(child, "lvl")
            level = _level(own) if own is not None else None
            if level is not None:
                found.levels[number] = level
    return found
