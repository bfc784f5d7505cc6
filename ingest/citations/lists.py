"""What a list carries from one citation to the next: type, issuer, date."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention
from ingest.citations.tokenise import type_of_phrase, type_pattern

#: Between two items of a list: a comma, semicolon or "và", then perhaps "các", a colon, "số".
SEPARATOR = re.compile(
    r"[\s,;]{0,3}(?:va|hoac|cung|cung\svoi|va\scac|cac|dong\sthoi)?\s?(?:cac\s|so\s?:?\s|so\s?:?)?[\s:\-+]{0,3}", re.I
)
#: Characters of the longest separator.
_MAX_SEPARATOR = 24
_NUMBERS = re.compile(r"(?:\d{1,5}(?:,\s|\sva\s|,\sva\s)){1,12}$")
_OPENING = re.compile(rf"(?:(?P<type>{type_pattern().pattern})\s)?s[o0]\s?[:.]?\s?$")
_AFTER_HEAD = re.compile(r"\s?(?:sau|sau\sday|nhu\ssau)?\s?:?\s?[-+*]?\s?(?:so\s?:?\s?)?")
#: Characters over which the issuer before a citation holds for the next one, and a list's type for its items.
_ISSUER_REACH, _TYPE_REACH = 600, 400
#: Types that share a code or name the same kind of document.
_SAME_CODE = (
    {"Quyết định", "Quy định"},
    {"Thông tư", "Thông tri"},
    {"Thông tư", "Thông tư liên tịch"},
)
#: Documents whose date a list never carries.
_DATED_BY_NAME = ("Luật", "Bộ luật", "Pháp lệnh")


def numbers_before(folded: str, mention: Mention) -> list[Mention]:
    """The bare numbers before a mention in ``các Quyết định số: 318, 319, 320, 321/QĐ-TTg``, with its ký hiệu.

    Only where a type word or "số" opens the row; the first number takes the type word into its text.
    """
    if mention.number is None or mention.own_type:
        return []
    row = _NUMBERS.search(folded, max(0, mention.start - 100), mention.start)
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


def mark_linked(work: WorkingCopy, mentions: list[Mention]) -> None:
    """Mark each mention that only a separator separates from the one before it."""
    for previous, mention in pairwise(mentions):
        between = work.folded[previous.end : mention.start]
        mention.separated = ";" in between
        only_separator = len(between) <= _MAX_SEPARATOR and bool(SEPARATOR.fullmatch(between))
        mention.linked = only_separator and bool(between.strip(" \n"))


def carry_over(work: WorkingCopy, mentions: list[Mention]) -> None:
    """Fill what an item of a list leaves out from its neighbours."""
    _carry_types(work, mentions)
    _carry_issuers_before(mentions)
    for mention in mentions:
        if mention.doc_type == "Thông tư" and mention.number and mention.number.symbol.startswith("TTLT"):
            mention.doc_type = "Thông tư liên tịch"
    groups: list[list[Mention]] = []
    for mention in mentions:
        if mention.linked and groups:
            groups[-1].append(mention)
        else:
            groups.append([mention])
    for group in groups:
        if len(group) > 1:
            _carry_backward(group)
            _carry_forward(group)


def _carry_types(work: WorkingCopy, mentions: list[Mention]) -> None:
    """The type of a number without a type word: what its ký hiệu names, else the type of the list's head."""
    previous: Mention | None = None
    for mention in mentions:
        number = mention.number
        if not mention.own_type and number is not None:
            named = number.doc_type
            carried = _head_type(work, mention, previous)
            if named and carried and _is_same_code(named, carried):
                mention.doc_type = carried
            else:
                mention.doc_type = named or (carried if carried != "Văn bản" else None) or carried
                if mention.doc_type is None and not number.segments[0].startswith("QH"):
                    mention.doc_type = "Công văn"
                    mention.doubtful = True
        previous = mention


def _carry_issuers_before(mentions: list[Mention]) -> None:
    """An issuer that stands before a citation holds for the next one of the same agency, wherever it stands."""
    for previous, mention in pairwise(mentions):
        same = not mention.own_type and previous.issuer_before and mention.issuer is None
        if same and _agency(previous) == _agency(mention) and mention.start - previous.end < _ISSUER_REACH:
            mention.issuer, mention.issuer_before = previous.issuer, True


def _head_type(work: WorkingCopy, mention: Mention, previous: Mention | None) -> str | None:
    """The type that the head of a list gives a mention: the type word before the list, else that of the item before."""
    intro = work.folded[max(0, mention.start - 60) : mention.start]
    last = None
    for match in type_pattern().finditer(intro):
        last = match
    if last and _AFTER_HEAD.fullmatch(intro[last.end() :]):
        word = type_of_phrase(last.group())
        return word.doc_type if word else None
    if previous is None:
        return None
    between = work.folded[previous.core_end : mention.start]
    if len(between) > _TYPE_REACH or re.search(r"\.\s", between):
        return None
    return previous.doc_type


def _is_same_code(a: str, b: str) -> bool:
    return {a, b} in _SAME_CODE or a == b


def _agency(mention: Mention) -> str | None:
    """The first segment of the ký hiệu that names an agency."""
    number = mention.number
    if number is None:
        return None
    return number.segments[0] if number.doc_type is None else number.segments[1] if len(number.segments) > 1 else None


def _carry_backward(group: list[Mention]) -> None:
    """``số A ngày a và số B ngày b của CQ``: issuer and date behind the last item hold for those without."""
    for index in range(len(group) - 2, -1, -1):
        mention, following = group[index], group[index + 1]
        if mention.title is not None or following.separated:
            continue
        has_issuer = following.issuer and not following.issuer_before
        if mention.issuer is None and has_issuer and _agency(mention) == _agency(following):
            mention.issuer = following.issuer
        if mention.date is None and _may_share_date(mention, following):
            mention.date = following.date


def _may_share_date(mention: Mention, following: Mention) -> bool:
    """Whether the date of the item that follows may be the mention's too."""
    date = following.date
    if not date or len(date) != 10 or mention.number is None or mention.doc_type in _DATED_BY_NAME:
        return False
    return mention.number.year is None or date.startswith(mention.number.year)


def _carry_forward(group: list[Mention]) -> None:
    """``CQ tại các Tờ trình số A, số B``: an issuer before the list holds for all of it."""
    for previous, mention in pairwise(group):
        has_issuer = previous.issuer and previous.issuer_before
        if mention.issuer is None and has_issuer and _agency(mention) == _agency(previous):
            mention.issuer = previous.issuer
            mention.issuer_before = True
