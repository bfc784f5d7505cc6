"""What a list carries from one citation to the next: type, issuer, date (domain 3.3)."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.citations.clean import Clean
from ingest.citations.mention import Mention
from ingest.citations.tokenise import type_of_phrase, type_pattern

#: Between two items of a list: a comma, semicolon or "và", then perhaps "các", a colon, "số".
SEPARATOR = re.compile(
    r"[\s,;]{0,3}(?:va|hoac|cung|cung\svoi|va\scac|cac|dong\sthoi)?\s?(?:cac\s|so\s?:?\s|so\s?:?)?[\s:\-+]{0,3}", re.I
)
_SO = re.compile(r"\s?(?:so)?\s?[:.]?\s?$")


def link(work: Clean, mentions: list[Mention]) -> None:
    """Marks each mention that only a separator parts from the one before it."""
    for previous, mention in pairwise(mentions):
        between = work.folded[previous.end : mention.start]
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
        if mention.title is not None:
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
