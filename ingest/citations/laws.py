"""Laws, codes and ordinances: documents that are cited by name, with a number, a date, both or neither.

Nghị định 30/2020/NĐ-CP: "riêng Luật, Pháp lệnh không ghi số, ký hiệu, cơ quan ban hành". The law that amends others is
one citation; the names and numbers inside its name are none (domain 3.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.fold import fold
from corpus.so_ky_hieu import OLDER, PATTERN
from corpus.tables import rows
from ingest.citations.tokenise import alternatives
from ingest.data import DATA

_LAW = re.compile(r"(?<!\w)(?P<type>bo\sluat|luat|phap\slenh|hien\sphap)(?!\w)")
_AMENDING = re.compile(r"(?:bo\s)?(?:luat|phap\slenh)\s(?:sua\sdoi|bo\ssung)(?:,?\s(?:bo\ssung|va\sbo\ssung))?(?!\w)")
_TYPES = {"bo luat": "Bộ luật", "luat": "Luật", "phap lenh": "Pháp lệnh", "hien phap": "Hiến pháp"}
_CONSTITUTION = "Hiến pháp"
# What stands before "luật" where it names no law: "pháp luật", "kỷ luật".
_NO_LAW_BEHIND = re.compile(r"(?:ph[áa]p|kỷ|kỉ|quy)\s$", re.IGNORECASE)
# Words that begin with "luật" and name no law: "Đoàn Luật sư", "Hội Luật gia". "Luật Luật sư" is a law.
_NO_LAW = re.compile(r"luật\s(?:sư|gia|lệ)(?!\w)", re.IGNORECASE)
# What ends a law's name wherever it stands.
_ENDS_NAME = re.compile(
    r"[;:()\"“”./\[\]]|\s(?:so|ngay|nam)\s|\s(?:duoc|da|va|ve\sviec|quy\sdinh|co|do|tai|theo|de|thi|"
    r"khi|trong|cua\squoc|nay|hien\shanh|"
    r"so|bi|hoac|la|voi|cung|ban\shanh|thi\shanh|cho|tren|den|nhu|khong|phai|sau|truoc|va\scac|"
    r"can\scu)(?!\w)|\n(?=can\scu)|,|\svoi\s|$"
)
_CONSTITUTION_OF = re.compile(r"\s(?:nuoc\s)?(?:cong\shoa\sxa\shoi\schu\snghia\sviet\snam|viet\snam|chxhcn\sviet\snam)")
_YEAR = re.compile(r"\snam\s((?:19|20)\d\d)(?!\d)")
_SO = re.compile(r"\s(?:so\s?[:.]?\s?)?(?=\d)")
# Words and commas between a name and its own number, and words of a sentence, which no name holds.
_WORDS_TO_NUMBER = re.compile(r"[^;:().\"“”\d]{1,100}?\sso\s?:?\s?(?=\d)")
_SENTENCE_WORD = re.compile(r"\b(?:can\scu|nghi|quyet|thong|chi\sthi|theo|tai|boi|ngay)\b")
_SO_AT_END = re.compile(r"\sso\s?:?\s?$")
# Words between a name and its date.
_WORDS_TO_DATE = re.compile(r"\s[^;:().\"“”\d]{3,90}?(?=\sngay\s\d)")
_NOT_IN_NAME = re.compile(r"\s(?:nay|nay\sdoc|theo|tai)\s")
_COMMA_TO_NUMBER = re.compile(r",\s[^;:().,\"“”\d]{2,50}?(?=\s(?:so|ngay)\s\d)")
# The names of several amended laws ("của Luật A, Luật B"), or their count ("của 11 luật").
_OF_NAMED_LAWS = re.compile(r"[^;:()\"“”]{0,120}?\s(?:cua|boi)\s(?:cac\s)?(?=(?:bo\s)?luat|phap\slenh)")
_OF_COUNTED_LAWS = re.compile(r"[^;:()\"“”]{0,40}?\scua\s(?:cac|\d{1,3})\sluat(?!\w)")
_TO_OWN_NUMBER = re.compile(r"[^;:()\"“”\d]{0,100}?(?=(?P<so>\sso\s)\d)")
_NEXT_LAW = re.compile(r"(?:,\s|\sva\s|,\sva\s|,?\n)(?=(?:bo\s)?luat|phap\slenh)")
#: Characters of the longest row of amended laws, and of the longest name with and without an end mark.
_MAX_AMENDED, _MAX_NAME, _MAX_UNENDED_NAME = 420, 160, 80
#: Characters of the shortest name that is in no table.
_MIN_NAME = 4


@dataclass(frozen=True, slots=True)
class Law:
    """A law named at start…end of the working copy."""

    start: int
    end: int
    doc_type: str
    #: Without the type word.
    name: str
    #: Whether it amends the laws named in it.
    amending: bool = False
    #: The span of its own số ký hiệu.
    number: tuple[int, int] | None = None
    #: As in "Luật Đất đai năm 2024".
    year: str | None = None
    #: Whether the table has the name.
    known: bool = False


@cache
def _names() -> re.Pattern[str]:
    names = {fold(row["name"]) for row in rows("law_names", DATA)}
    return re.compile(rf"\s(?:luat\s)?(?:{alternatives(list(names))})(?!\w)")


def laws_in(text: str, folded: str) -> list[Law]:
    """Every law named in the working copy, in order, none inside another."""
    found: list[Law] = []
    at = 0
    while match := _LAW.search(folded, at):
        at, start = match.end(), match.start()
        if not text[start].isupper() or _NO_LAW_BEHIND.search(text, max(0, start - 5), start):
            continue
        if _NO_LAW.match(text, start):
            continue
        law = _amending_law(text, folded, start) or _law(text, folded, match)
        if law:
            found.append(law)
            at = max(at, law.end)
    return found


def _law(text: str, folded: str, match: re.Match[str]) -> Law | None:
    """The law whose type word was matched; None where neither name nor number follows."""
    doc_type = _TYPES[" ".join(match["type"].split())]
    start = match.start()
    end, known = _name_end(text, folded, match.end(), doc_type)
    number = _own_number(text, folded, end)
    if end == match.end() and doc_type != _CONSTITUTION:
        return Law(start, number[1], doc_type, "", number=number) if number else None
    name = " ".join(text[match.end() : end].split())
    year = _YEAR.match(folded, end)
    if year:
        return Law(start, year.end(), doc_type, name, year=year.group(1), known=known)
    return Law(start, number[1] if number else end, doc_type, name, number=number, known=known)


def _name_end(text: str, folded: str, at: int, doc_type: str) -> tuple[int, bool]:
    """(where the name behind the type word ends, whether it is known); *at* itself where no name follows."""
    if doc_type == _CONSTITUTION:
        name = _CONSTITUTION_OF.match(folded, at)
        return (name.end() if name else at), True
    name = _names().match(folded, at)
    if name:
        return _name_end_before_number(text, folded, name.end()) or name.end(), True
    return _unknown_name_end(text, folded, at), False


def _own_number(text: str, folded: str, end: int) -> tuple[int, int] | None:
    """The span of the số ký hiệu directly behind a name."""
    so = _SO.match(folded, end)
    if not so:
        return None
    number = PATTERN.match(text, so.end()) or (OLDER.match(text, so.end()) if "so" in so.group() else None)
    return number.span() if number else None


def _name_end_before_number(text: str, folded: str, at: int) -> int | None:
    """Where the name ends that goes on from *at* to its own ``số 45/2005/QH11``, only words and commas between."""
    match = _WORDS_TO_NUMBER.match(folded, at)
    if not match or _LAW.search(match.group()) or _SENTENCE_WORD.search(match.group()):
        return None
    so = _SO_AT_END.search(match.group())
    if not so or not so.start() or not (PATTERN.match(text, match.end()) or OLDER.match(text, match.end())):
        return None
    return at + so.start()


def _unknown_name_end(text: str, folded: str, at: int) -> int:
    """Where a name ends that is in no table: before its number or date, else at the first word that no name holds."""
    if not folded[at : at + 1].isspace() or not text[at + 1 : at + 2].isalpha():
        return at
    end = _name_end_before_number(text, folded, at)
    if end is not None:
        return end
    if not text[at + 1].isupper():
        dated = _WORDS_TO_DATE.match(folded, at)
        return dated.end() if dated and not _NOT_IN_NAME.search(f"{dated.group()} ngay ") else at
    stop = _ENDS_NAME.search(folded, at + 1, min(len(folded), at + _MAX_NAME))
    if stop and stop.group() == ",":
        further = _COMMA_TO_NUMBER.match(folded, stop.start())
        if further and not _LAW.search(further.group()):
            return further.end()
    limit = stop.start() if stop else min(len(folded), at + _MAX_UNENDED_NAME)
    return limit if limit - at >= _MIN_NAME else at


def _amending_law(text: str, folded: str, start: int) -> Law | None:
    """``Luật sửa đổi, bổ sung một số điều của Luật A, Luật B và Luật C số N``: one citation."""
    head = _AMENDING.match(folded, start)
    if not head:
        return None
    named = _OF_NAMED_LAWS.match(folded, head.end())
    if named:
        end, number = _amended_laws_end(text, folded, named.end(), head.end())
    else:
        counted = _OF_COUNTED_LAWS.match(folded, head.end())
        if not counted:
            return None
        to_number = _TO_OWN_NUMBER.match(folded, counted.end())
        printed = PATTERN.match(text, to_number.end("so")) if to_number else None
        if to_number and printed:
            name = " ".join(text[start + len("Luật") : to_number.end()].split())
            return Law(start, printed.end(), "Luật", name, True, printed.span())
        end, number = counted.end(), None
    further = _own_number(text, folded, end)
    if further:
        number, end = further, further[1]
    _, _, name = " ".join(text[start:end].split()).partition(" ")
    return Law(start, end, "Luật", name, True, number)


def _amended_laws_end(text: str, folded: str, at: int, head_end: int) -> tuple[int, tuple[int, int] | None]:
    """(where the row of amended laws at *at* ends, the amending law's own number at its end).

    Where each law named inside has its own number, the amending law has none (``… của Luật A số 1 và Luật B số 2``).
    """
    end = head_end
    numbers: list[tuple[int, int]] = []
    while at < head_end + _MAX_AMENDED:
        match = _LAW.match(folded, at)
        law = _law(text, folded, match) if match else None
        if not law:
            break
        end = law.end
        if law.number:
            numbers.append(law.number)
        joint = _NEXT_LAW.match(folded, end)
        if not joint or _AMENDING.match(folded, joint.end()) or not text[joint.end()].isupper():
            break
        at = joint.end()
    is_own = len(numbers) == 1 and numbers[0][1] == end
    return end, numbers[0] if is_own else None
