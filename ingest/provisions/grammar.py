"""Reads rows of provisions: ``điểm a, c khoản 1 và khoản 3 Điều 5, các Điều 7, 9 và Điều 12``.

A row is a chain of groups, each of a unit and its labels ("khoản 1, 2"). Vietnamese names the smaller unit first: a
khoản belongs to the Điều behind it. "Điều 5 khoản 1", the other order, is read where nothing separates the two.
All patterns work on the folded working copy of :mod:`ingest.citations.clean` and are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from corpus.fold import canonical


class Unit(IntEnum):
    """The units of a document, the smallest first (Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, 5)."""

    POINT = 0
    CLAUSE = 1
    ARTICLE = 2
    SECTION = 3
    APPENDIX = 4


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a group, at start…end of the working copy."""

    #: As printed ("5a", "đ", "II"); "" for an annex without a number; "này" for the one that contains the text.
    value: str
    start: int
    end: int
    #: Between the ends of a range ("Điều 5 đến Điều 9"), not printed itself.
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A unit with its labels."""

    unit: Unit
    labels: tuple[Label, ...]
    start: int
    end: int
    #: The unit as printed for a section ("Mục", "Chương", "Phần"), else "".
    word: str = ""
    #: What joins it to the group before it, folded: " ", ", ", " cua ".
    joint: str = ""

    @property
    def is_close(self) -> bool:
        """Whether nothing, or "của", separates it from the group before it."""
        return not self.joint.strip() or self.joint.split()[-1] in ("cua", "thuoc", "tai", "trong")


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision that is named; start and end span its own label in the working copy."""

    start: int
    end: int
    article: str | None = None
    clause: str | None = None
    point: str | None = None
    section: str | None = None
    appendix: str | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A chain of provisions at start…end of the working copy."""

    start: int
    end: int
    groups: tuple[Group, ...]

    @property
    def is_of_the_text(self) -> bool:
        """Whether it names a unit that contains it ("khoản 2 Điều này")."""
        return any(label.value == HERE for group in self.groups for label in group.labels)

    def provisions(self) -> list[Provision]:
        """The provisions named, in reading order."""
        return _provisions(self.groups)


#: The label of a unit that contains the text ("Điều này").
HERE = "này"

_UNITS = {
    "diem": Unit.POINT,
    "tiet": Unit.POINT,
    "khoan": Unit.CLAUSE,
    "dieu": Unit.ARTICLE,
    "muc": Unit.SECTION,
    "tieu muc": Unit.SECTION,
    "chuong": Unit.SECTION,
    "phan": Unit.SECTION,
    "phu luc": Unit.APPENDIX,
}
#: How each unit is written: "diều", "điếm" are other words.
_SPELLINGS = {
    "diem": ("điểm",),
    "tiet": ("tiết",),
    "khoan": ("khoản",),
    "dieu": ("điều",),
    "muc": ("mục",),
    "tieu muc": ("tiểu mục",),
    "chuong": ("chương",),
    "phan": ("phần",),
    "phu luc": ("phụ lục",),
}
# Syllables with which the unit's word makes another word: "thời điểm", "tài khoản", "danh mục".
_COMPOUND = re.compile(
    r"(?:(?:thời|địa|quan|số|đặc|ưu|nhược|chấm|tổng|cao|thí|luận|tiêu|trọng|yếu|giao|cộng|thang|tâm)\sđiểm"
    r"|(?:tài|điều)\skhoản|(?:danh|hạng|chuyên|đề|tiểu)\smục|"
    r"(?:thành|cổ|một|từng|nhiều|bộ|học|góp|vốn)\sphần|(?:chi|thời|tình)\stiết)$",
    re.IGNORECASE,
)
_DIGITS = r"\d{1,4}(?:\.\d{1,3}){0,4}(?:[a-z]\d?)?(?!\w)"
_ROMAN = r"[ivx]{1,6}(?:\.\d{1,2}|-?[a-h](?!\w))?(?!\w)"
_LABELS = {
    Unit.POINT: r"(?:[a-z]{1,2}\d{0,2}(?!\w)|\d{1,3}(?:\.\d{1,3}){0,4}[a-z]?(?!\w))",
    Unit.CLAUSE: _DIGITS,
    Unit.ARTICLE: _DIGITS,
    Unit.SECTION: rf"(?:{_ROMAN}|\d{{1,3}}(?:\.\d{{1,3}}){{0,3}}[a-z]?(?!\w)|[a-h](?!\w))",
    Unit.APPENDIX: rf"(?:so\s)?(?:{_ROMAN}|\d{{1,3}}(?:[./\-]?\d{{1,2}}|[a-h])?(?!\w)|[a-h](?!\w))",
}
_UNIT = re.compile(r"(?<!\w)(?P<unit>tieu\smuc|phu\sluc|dieu|khoan|diem|tiet|muc|chuong|phan)(?P<gap>(?:\s?:)?\s?)")
_HERE = re.compile(r"nay(?!\w)")
_LABEL = {unit: re.compile(pattern) for unit, pattern in _LABELS.items()}
_BETWEEN = re.compile(r"\)?(?:\s?[,;]\s?(?:va\s|hoac\s)?|\s(?:va|hoac|den|toi)\s)(?:so\s)?")
_RANGE = re.compile(r"\)?\s(?:den|toi)\s(?:het\s)?$")
# What may stand behind the last of several bare labels: anything else shows that it counts something.
_AFTER_BARE = re.compile(
    r"\)?(?:\s?[,;.)\n:\]]|\s?$|\s?[-–]\s|\s(?:va|hoac|den|cua|tai|thuoc|theo|"
    r"trong|o|ban\shanh|kem\stheo|nay|nghi|thong\stu|luat|bo\sluat|"
    r"phap\slenh|quyet\sdinh|quy|dieu|khoan|diem|muc|"
    r"chuong|phan|phu\sluc|tiet|hien\sphap|van\sban|chi\sthi|hd|bl|duoc|noi|neu|nhu)(?!\w))"
)
_JOINT = re.compile(
    r"\)?(?:\s?[,;]\s?|\s)?(?:(?:va|hoac|den|toi|cua|thuoc|tai|"
    r"cung|tu|het|quy\sdinh\stai|trong)\s){0,3}(?:(?:cac|tung|ca)\s)?"
)
#: Letters of điểm; a letter with another mark is a word ("điểm ở …").
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzđ")
#: Articles, at most, that a range may stand for.
_MAX_RANGE = 60
#: The words of sections, the smallest first.
_SECTIONS = ("Tiểu mục", "Mục", "Chương", "Phần")
#: Groups of the longest row.
_MAX_GROUPS = 60


def rows_in(text: str, folded: str) -> Iterator[Row]:
    """Every row of provisions of the working copy, in order."""
    at = 0
    while True:
        group = _next_group(text, folded, at)
        if group is None:
            return
        groups = [group]
        while len(groups) < _MAX_GROUPS:
            joint = _JOINT.match(folded, groups[-1].end)
            assert joint is not None
            following = _group_at(text, folded, joint.end()) if joint.end() > groups[-1].end else None
            if following is None or _begins_anew(groups, following, joint.group()):
                break
            groups.append(replace(following, joint=joint.group()))
        groups = _with_ranges(folded, groups)
        at = groups[-1].end
        yield Row(groups[0].start, groups[-1].end, tuple(groups))


def _begins_anew(groups: list[Group], following: Group, joint: str) -> bool:
    """Whether a group cannot continue the row: "của Điều" after an Điều names something else."""
    return "cua" in joint.split() and following.unit <= groups[-1].unit


def _next_group(text: str, folded: str, at: int) -> Group | None:
    for match in _UNIT.finditer(folded, at):
        group = _group_at(text, folded, match.start())
        if group is not None:
            return group
    return None


def _group_at(text: str, folded: str, at: int) -> Group | None:
    """The group whose unit begins at *at*; None where the word is no unit or has no label."""
    match = _UNIT.match(folded, at)
    if match is None or _COMPOUND.search(text, max(0, at - 8), match.end("unit")):
        return None
    word = " ".join(match["unit"].split())
    printed = _printed_unit(text[at : match.end("unit")])
    if printed not in _SPELLINGS[word]:
        return None
    unit = _UNITS[word]
    shown = word_of(printed) if unit is Unit.SECTION else ""
    here = _HERE.match(folded, match.end()) if match["gap"] else None
    if here:
        return Group(unit, (Label(HERE, here.start(), here.end()),), at, here.end(), shown)
    labels = _labels(text, folded, match.end(), unit)
    if labels and (match["gap"] or labels[0].value[0].isdigit()):
        return Group(unit, tuple(labels), at, labels[-1].end, shown)
    if unit is Unit.APPENDIX:
        return Group(unit, (Label("", at, match.end("unit")),), at, match.end("unit"), shown)
    return None


@lru_cache(maxsize=256)
def _printed_unit(word: str) -> str:
    """A unit's word in lower case with its marks in their places."""
    return " ".join(canonical(word).split())


def word_of(printed: str) -> str:
    """A unit's word with a capital ("Mục")."""
    return printed[:1].upper() + printed[1:]


def _labels(text: str, folded: str, at: int, unit: Unit) -> list[Label]:
    """The labels that begin at *at*, and those that follow without the unit's word ("Điều 7, 9")."""
    found: list[Label] = []
    while True:
        match = _LABEL[unit].match(folded, at)
        if match is None or not _is_label(text, folded, match, unit):
            return found
        if found and not _AFTER_BARE.match(folded, match.end()):
            return found
        label = Label(_printed(text, match, unit), match.start(), match.end())
        if found and _RANGE.search(folded, found[-1].end, match.start()):
            found += _inside(found[-1], label)
        found.append(label)
        between = _BETWEEN.match(folded, match.end())
        if between is None:
            return found
        at = between.end()


def _is_label(text: str, folded: str, match: re.Match[str], unit: Unit) -> bool:
    """Whether a match is a label and not the beginning of a word, a date, a share or a number of another kind."""
    after = folded[match.end() : match.end() + 2]
    if after.startswith(("/", "%")):
        return False
    if unit is Unit.POINT and match.group().isalpha():
        printed = text[match.start() : match.end()].lower()
        return set(printed) <= _LETTERS and len(set(printed)) == 1
    if unit in (Unit.SECTION, Unit.APPENDIX) and match.group().split()[-1][0].isalpha():
        return text[match.start() : match.end()].rsplit(" ", 1)[-1][:1].isupper()
    return True


def _printed(text: str, match: re.Match[str], unit: Unit) -> str:
    value = "".join(text[match.start() : match.end()].split())
    if unit is Unit.APPENDIX:
        return re.sub(r"(?i)^số", "", value)
    return value if unit is Unit.SECTION else value.lower()


def _inside(first: Label, last: Label) -> list[Label]:
    """The numbers strictly between the ends of a range; none where the ends are no numbers or lie too far apart."""
    if not (first.value.isdigit() and last.value.isdigit()):
        return []
    numbers = range(int(first.value) + 1, int(last.value))
    if len(numbers) > _MAX_RANGE:
        return []
    return [Label(str(n), first.start, last.end, inferred=True) for n in numbers]


def _with_ranges(folded: str, groups: list[Group]) -> list[Group]:
    """``Điều 5 đến Điều 9``: the second group takes the numbers between the two."""
    made = groups[:1]
    for group in groups[1:]:
        before = made[-1]
        joint = folded[before.end : group.labels[0].start]
        if before.unit == group.unit and re.match(r"\)?\s(?:den|toi)\s", joint):
            between = _inside(before.labels[-1], group.labels[0])
            group = replace(group, labels=(*between, *group.labels))
        made.append(group)
    return made


# --- from groups to provisions


def _provisions(groups: tuple[Group, ...]) -> list[Provision]:
    """Each label that is no container of a smaller unit, with the units that contain it."""
    parents = [_parent(groups, index) for index in range(len(groups))]
    containers = {parent for parent in parents if parent is not None}
    found: list[Provision] = []
    for index, group in enumerate(groups):
        first = 1 if index in containers else 0
        for label in group.labels[first:]:
            found.append(_provision(groups, parents, index, label))
    return found


def _provision(groups: tuple[Group, ...], parents: list[int | None], index: int, label: Label) -> Provision:
    values: dict[str, str | None] = {}
    group = groups[index]
    _set(values, group, label.value)
    above = parents[index]
    while above is not None:
        _set(values, groups[above], groups[above].labels[0].value)
        above = parents[above]
    start = group.start if label is group.labels[0] and not label.inferred else label.start
    return Provision(start, label.end, inferred=label.inferred, **values)


_KEYS = {
    Unit.POINT: "point",
    Unit.CLAUSE: "clause",
    Unit.ARTICLE: "article",
    Unit.SECTION: "section",
    Unit.APPENDIX: "appendix",
}


def _set(values: dict[str, str | None], group: Group, value: str) -> None:
    key = _KEYS[group.unit]
    if group.unit is Unit.SECTION:
        value = f"{group.word} {value}"
        outer = values.get(key)
        values[key] = f"{outer}, {value}" if outer else value
    elif key not in values:
        values[key] = value


def _parent(groups: tuple[Group, ...], index: int) -> int | None:
    """The group that contains a group: the next larger one behind it, or the one before it in "Điều 5 khoản 1"."""
    before = _container_before(groups, index)
    if before is not None:
        return before
    unit = groups[index].unit
    if unit is Unit.SECTION:
        return _outer_section(groups, index)
    for other in range(index + 1, len(groups)):
        found = groups[other].unit
        if found is Unit.ARTICLE and unit < Unit.ARTICLE:
            return other
        if found > unit:
            joined = groups[other].is_close or (found is Unit.SECTION and groups[other].joint.strip() == ",")
            return other if joined or found < Unit.ARTICLE else None
    return next((o for o in range(index - 1, -1, -1) if unit < groups[o].unit <= Unit.ARTICLE), None)


def _outer_section(groups: tuple[Group, ...], index: int) -> int | None:
    """The Chương of a Mục, the annex of both: "Mục 1, Mục 2 Chương I"."""
    own = groups[index]
    for other in range(index + 1, len(groups)):
        group = groups[other]
        if group.unit is Unit.SECTION and group.word == own.word:
            continue
        outer = group.unit is Unit.APPENDIX or (
            group.unit is Unit.SECTION and _SECTIONS.index(group.word) > _SECTIONS.index(own.word)
        )
        return other if outer and group.is_close else None
    return None


def _container_before(groups: tuple[Group, ...], index: int) -> int | None:
    """The larger group directly before, where only a space lies between and no larger one follows directly."""
    if index == 0 or not groups[index - 1].unit > groups[index].unit or groups[index].joint.strip():
        return None
    following = groups[index + 1] if index + 1 < len(groups) else None
    if following is not None and following.unit > groups[index].unit and following.is_close:
        return None
    return index - 1
