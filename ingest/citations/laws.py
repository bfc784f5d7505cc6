"""Laws, codes and ordinances: documents that are cited by name, with a number, a date, both or neither.

Nghị định 30/2020/NĐ-CP: "riêng Luật, Pháp lệnh không ghi số, ký hiệu, cơ quan ban hành". The law that amends others is one
citation, the names (and numbers) inside its name are not (domain 3.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.fold import fold
from corpus.so_ky_hieu import OLDER, PATTERN
from corpus.tables import rows
from ingest.data import DATA

_LAW = re.compile(r"(?<!\w)(?P<type>bo\sluat|luat|phap\slenh|hien\sphap)(?!\w)")
_AMENDING = re.compile(r"(?:bo\s)?(?:luat|phap\slenh)\s(?:sua\sdoi|bo\ssung)(?:,?\s(?:bo\ssung|va\sbo\ssung))?(?!\w)")
_TYPES = {"bo luat": "Bộ luật", "luat": "Luật", "phap lenh": "Pháp lệnh", "hien phap": "Hiến pháp"}
_MAX_NAME = 420
# What ends a law's name wherever it stands.
_END = re.compile(
    r"[;:()\"“”./\[\]]|\s(?:so|ngay|nam)\s|\s(?:duoc|da|va|ve\sviec|quy\sdinh|co|do|tai|theo|de|thi|khi|trong|cua\squoc|nay|hien\shanh|"
    r"so|bi|hoac|la|voi|cung|ban\shanh|thi\shanh|cho|tren|den|nhu|khong|phai|sau|truoc|va\scac|can\scu)(?!\w)|\n(?=can\scu)|,|\svoi\s|$"
)
_HIEN_PHAP = re.compile(r"\s(?:nuoc\s)?(?:cong\shoa\sxa\shoi\schu\snghia\sviet\snam|viet\snam|chxhcn\sviet\snam)")
_YEAR = re.compile(r"\snam\s((?:19|20)\d\d)(?!\d)")
_SO = re.compile(r"\s(?:so\s?[:.]?\s?)?(?=\d)")


@dataclass(frozen=True, slots=True)
class Law:
    """A law's name at start…end of the working copy; name: without the type word. amending: it amends the laws named in it.

    number: the span of its own số ký hiệu. year: as in "Luật Đất đai năm 2024". known: the name is in the table.
    """

    start: int
    end: int
    doc_type: str
    name: str
    amending: bool = False
    number: tuple[int, int] | None = None
    year: str | None = None
    known: bool = False


@cache
def _names() -> re.Pattern[str]:
    names = {fold(row["name"]) for row in rows("law_names", DATA)}
    spaced = "|".join(re.escape(n).replace(r"\ ", r"\s") for n in sorted(names, key=len, reverse=True))
    return re.compile(rf"\s(?:luat\s)?(?:{spaced})(?!\w)")


def laws_in(text: str, folded: str) -> list[Law]:
    """Every law named in the working copy, in order, none inside another."""
    found: list[Law] = []
    at = 0
    while match := _LAW.search(folded, at):
        at = match.end()
        start = match.start()
        if not text[start].isupper() or folded[max(0, start - 5) : start] in ("phap ", "phap\n", " du an luat "):
            continue
        law = _amending(text, folded, start) or _plain(text, folded, match)
        if law:
            found.append(law)
            at = max(at, law.end)
    return found


def _plain(text: str, folded: str, match: re.Match[str]) -> Law | None:
    doc_type = _TYPES[" ".join(match["type"].split())]
    end = match.end()
    known = False
    if doc_type == "Hiến pháp":
        name = _HIEN_PHAP.match(folded, end)
        end = name.end() if name else end
        known = True
    else:
        name = _names().match(folded, end)
        if name:
            end, known = name.end(), True
            longer = _to_number(text, folded, end)
            if longer:
                end = longer
        else:
            end = _generic(text, folded, end)
        if end == match.end():
            number = _own_number(text, folded, end)
            if not number:
                return None
            return Law(match.start(), number[1], doc_type, "", number=number)
    year = _YEAR.match(folded, end)
    number = _own_number(text, folded, end)
    title = " ".join(text[match.end() : end].split())
    if year:
        return Law(match.start(), year.end(), doc_type, title, year=year.group(1), known=known)
    if number:
        return Law(match.start(), number[1], doc_type, title, number=number, known=known)
    return Law(match.start(), end, doc_type, title, known=known)


def _own_number(text: str, folded: str, end: int) -> tuple[int, int] | None:
    so = _SO.match(folded, end)
    if not so:
        return None
    number = PATTERN.match(text, so.end()) or (OLDER.match(text, so.end()) if "so" in so.group() else None)
    return number.span() if number else None


_WORDS_TO_NUMBER = re.compile(r"[^;:().\"“”\d]{1,100}?\sso\s?:?\s?(?=\d)")


def _to_number(text: str, folded: str, end: int) -> int | None:
    """The name goes on to its own ``số 45/2005/QH11`` when only words and commas stand between."""
    match = _WORDS_TO_NUMBER.match(folded, end)
    if (
        not match
        or _LAW.search(match.group())
        or re.search(r"\b(?:nghi|quyet|thong|chi\sthi|theo|tai|boi|ngay)\b", match.group())
    ):
        return None
    so = re.search(r"\sso\s?:?\s?$", match.group())
    if not so or not so.start() or not (PATTERN.match(text, match.end()) or OLDER.match(text, match.end())):
        return None
    return end + so.start()


def _generic(text: str, folded: str, end: int) -> int:
    """A law that is in no table: to its number if only words stand between, else to the first word no name holds."""
    if not folded[end : end + 1].isspace() or not text[end + 1 : end + 2].isalpha():
        return end
    longer = _to_number(text, folded, end)
    if longer:
        return longer
    if not text[end + 1].isupper():
        dated = re.compile(r"\s[^;:().\"“”\d]{3,90}?\sngay\s(?=\d)").match(folded, end)
        if dated and not re.search(r"\s(?:nay|nay\sdoc|theo|tai)\s", dated.group()):
            return dated.end() - 6
        return end
    at = end
    stop = _END.search(folded, at + 1, min(len(folded), at + 160))
    while stop and stop.group().startswith(","):
        dated = re.compile(r",\s[^;:().,\"“”\d]{2,50}?\s(?:so|ngay)\s(?=\d)").match(folded, stop.start())
        if dated and not _LAW.search(dated.group()):
            return dated.end() - len(re.search(r"\s(?:so|ngay)\s$", dated.group()).group())  # type: ignore[union-attr]
        break
    limit = stop.start() if stop else min(len(folded), at + 80)
    return limit if limit - at >= 4 else end


def _amending(text: str, folded: str, start: int) -> Law | None:
    """``Luật sửa đổi, bổ sung một số điều của Luật A, Luật B và Luật C số N``: one citation.

    When each law named inside has its own number, the amending law has none (``… của Luật A số 1 và Luật B số 2``).
    """
    head = _AMENDING.match(folded, start)
    if not head:
        return None
    limit = min(len(folded), head.end() + _MAX_NAME)
    end = head.end()
    numbers: list[tuple[int, int]] = []
    inner = 0
    at = head.end()
    intro = re.compile(r"[^;:()\"“”]{0,120}?\s(?:cua|boi)\s(?:cac\s)?(?=(?:bo\s)?luat|phap\slenh)").match(folded, at)
    if not intro:
        intro = re.compile(r"[^;:()\"“”]{0,40}?\scua\s(?:cac|\d{1,3})\sluat(?!\w)").match(folded, at)
        if not intro:
            return None
        end = at = intro.end()
        wider = re.compile(r"[^;:()\"“”\d]{0,100}?\sso\s(?=\d)").match(folded, at)
        if wider:
            number = PATTERN.match(text, wider.end())
            if number:
                name = " ".join(text[start + len("Luật") : wider.end() - 4].split())
                return Law(start, number.end(), "Luật", name, True, number.span())
    else:
        at = intro.end()
        while at < limit:
            law = _LAW.match(folded, at)
            if not law:
                break
            plain = _plain(text, folded, law)
            if not plain:
                break
            inner += 1
            end = plain.end
            if plain.number:
                numbers.append(plain.number)
            joint = re.compile(r"(?:,\s|\sva\s|,\sva\s|,?\n)(?=(?:bo\s)?luat|phap\slenh)").match(folded, end)
            if not joint or _AMENDING.match(folded, joint.end()) or not text[joint.end()].isupper():
                break
            at = joint.end()
    own = numbers[-1] if len(numbers) == 1 and numbers[0][1] == end else None
    further = _own_number(text, folded, end)
    if further:
        own, end = further, further[1]
    _, _, behind = " ".join(text[start:end].split()).partition(" ")
    return Law(start, end, "Luật", behind, True, own)
