"""What a list carries from one citation to the next: type, issuer, date (domain 3.3)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ingest.citations.clean import Clean
from ingest.citations.mention import Mention
from ingest.citations.tokenise import type_of_phrase, type_pattern

#: Between two items of a list: a comma, semicolon or "và", then perhaps "các", a colon, "số".
SEPARATOR = re.compile(
    r"[\s,;]{0,3}(?:va|hoac|cung|cung\svoi|va\scac|cac|dong\sthoi)?\s?(?:cac\s|so\s?:?\s|so\s?:?)?[\s:\-+]{0,3}", re.I
)
_SO = re.compile(r"\s?(?:so)?\s?[:.]?\s?$")


_LEADING = re.compile(r"(?:\d{1,5}(?:,\s|\sva\s|,\sva\s)){1,12}$")


def leading(text: str, folded: str, mention: Mention) -> list[Mention]:
    """``các Quyết định số: 318, 319, 320, 321/QĐ-TTg``: the ký hiệu of the last number holds for those before it.

    Only where a type word or "số" opens the row. The row's head takes the type word into its text.
    """
    if mention.number is None or mention.own_type:
        return []
    begin = max(0, mention.start - 100)
    row = _LEADING.search(folded, begin, mention.start)
    opening = row and _OPENING.search(folded, max(0, row.start() - 40), row.start())
    if not row or not opening:
        return []
    typed = opening["type"] and type_of_phrase(opening["type"])
    found: list[Mention] = []
    for digits in re.finditer(r"\d{1,5}", folded[row.start() : row.end()]):
        start, end = row.start() + digits.start(), row.start() + digits.end()
        item = Mention(start, end, end, None, False, replace(mention.number, number=digits.group()))
        if not found and typed:
            item.start, item.doc_type, item.own_type = opening.start("type"), typed.doc_type, True
        item.doubtful = True
        found.append(item)
    return found


_OPENING = re.compile(rf"(?:(?P<type>{type_pattern().pattern})\s)?s[o0]\s?[:.]?\s?$")


def link(work: Clean, mentions: list[Mention]) -> None:
    """Marks each mention that only a separator parts from the one before it."""
    for previous, mention in pairwise(mentions):
        between = work.folded[previous.end : mention.start]
        mention.parted = ";" in between
        mention.linked = len(between) <= 24 and bool(SEPARATOR.fullmatch(between)) and bool(between.strip(" \n"))


def carry(work: Clean, mentions: list[Mention]) -> None:
    """Fills what an item leaves out from its neighbours in the list."""
    _types(work, mentions)
    groups: list[list[Mention]] = []
    for mention in mentions:
        if mention.linked and groups:
            groups[-1].append(mention)
        else:
            groups.append([mention])
    for group in groups:
        if len(group) > 1:
            _backward(group)
            _forward(group)


def _types(work: Clean, mentions: list[Mention]) -> None:
    """A number without a type word: what its ký hiệu names, else the type of the list's head."""
    previous: Mention | None = None
    for mention in mentions:
        number = mention.number
        if not mention.own_type and number is not None:
            named = number.doc_type
            carried = _head_type(work, mention, previous)
            if named and carried and _same_code(named, carried):
                mention.doc_type = carried
            else:
                mention.doc_type = named or (carried if carried != "Văn bản" else None) or carried
                if mention.doc_type is None and not number.segments[0].startswith("QH"):
                    mention.doc_type = "Công văn"
                    mention.doubtful = True
        previous = mention
    for previous, mention in pairwise(mentions):
        same = not mention.own_type and previous.issuer_before and mention.issuer is None
        if same and _agency(previous) == _agency(mention) and mention.start - previous.end < 600:
            mention.issuer, mention.issuer_before = previous.issuer, True
    for mention in mentions:
        if mention.doc_type == "Thông tư" and mention.number and mention.number.symbol.startswith("TTLT"):
            mention.doc_type = "Thông tư liên tịch"


def _head_type(work: Clean, mention: Mention, previous: Mention | None) -> str | None:
    intro = work.folded[max(0, mention.start - 60) : mention.start]
    last = None
    for match in type_pattern().finditer(intro):
        last = match
    if last and re.fullmatch(r"\s?(?:sau|sau\sday|nhu\ssau)?\s?:?\s?[-+*]?\s?(?:so\s?:?\s?)?", intro[last.end() :]):
        word = type_of_phrase(last.group())
        return word.doc_type if word else None
    if previous is None:
        return None
    between = work.folded[previous.core_end : mention.start]
    if len(between) > 400 or re.search(r"\.\s", between):
        return None
    return previous.doc_type


def _same_code(a: str, b: str) -> bool:
    return {a, b} in (
        {"Quyết định", "Quy định"},
        {"Thông tư", "Thông tri"},
        {"Thông tư", "Thông tư liên tịch"},
    ) or a == b


def _agency(mention: Mention) -> str | None:
    number = mention.number
    if number is None:
        return None
    return number.segments[0] if number.doc_type is None else number.segments[1] if len(number.segments) > 1 else None


def _backward(group: list[Mention]) -> None:
    """``số A ngày a và số B ngày b của CQ``: issuer and date after the last item hold for those without."""
    for index in range(len(group) - 2, -1, -1):
        mention, following = group[index], group[index + 1]
        if mention.title is not None or following.parted:
            continue
        if (
            mention.issuer is None
            and following.issuer
            and not following.issuer_before
            and _agency(mention) == _agency(following)
        ):
            mention.issuer = following.issuer
        if (
            mention.date is None
            and following.date
            and len(following.date) == 10
            and mention.number is not None
            and (mention.number.year is None or following.date.startswith(mention.number.year))
            and mention.doc_type not in ("Luật", "Bộ luật", "Pháp lệnh")
        ):
            mention.date = following.date


def _forward(group: list[Mention]) -> None:
    """``CQ tại các Tờ trình số A, số B``: an issuer before the list holds for all of it."""
    for previous, mention in pairwise(group):
        if (
            mention.issuer is None
            and previous.issuer
            and previous.issuer_before
            and _agency(mention) == _agency(previous)
        ):
            mention.issuer = previous.issuer
            mention.issuer_before = True
