"""Citations of a preamble: each Căn cứ or Xét says how the document stands to what it names (domain 3.1)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache

from corpus.fold import fold
from corpus.tables import rows
from corpus.vocabulary import Relation
from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention
from ingest.citations.relation_in_body import classify_in_body
from ingest.citations.same_level import SEPARATED, is_full
from ingest.citations.tokenise import alternatives
from ingest.data import DATA

_AMENDS = re.compile(r"(?:sua\sdoi|bo\ssung|thay\sthe|bai\sbo|dinh\schinh|dieu\schinh)[^;]{0,90}$")
# What may stand before a cue: at the start of a line, behind the end of a clause, behind a full stop.
_LINE_STARTS = re.compile(r"\n[-–—+•*_\"'`. ]{0,3}$")
_CLAUSE_ENDED = re.compile(r"[;.,:]\s?\n\W{0,3}$")
_SEMICOLON = re.compile(r";\s?$")
_FULL_STOP = re.compile(r"[.]\s?$")
#: The rest of an item of a preamble: each căn cứ is a paragraph of its own and ends in a semicolon (Nghị định
#: 30/2020/NĐ-CP, phụ lục I).
_REST_OF_ITEM = re.compile(r"[^;]{0,400};\s?(?:\n|$)")
_ENUMERATION = "-–—+•*_ \n\"'`.,:0123456789)"
#: Characters of the preamble's start in which a cue opens it.
_AT_START = 6
# What adds a second proposal ("theo đề nghị của … tại Công văn … và Giám đốc Sở Nội vụ tại Công văn …").
_AND_PROPOSED_IN = re.compile(r",?\sva\s[^;,]{3,90}\stai\s?$")
#: Words that lead into a list of amending documents, and the mark for the objects of an amending title.
_LEADS_INTO_LIST = ("boi", "tai", "theo")
_OBJECT_OF_AMENDMENT = "sua"


@cache
def _cues() -> dict[str, Relation]:
    """Folded phrase that opens a paragraph of a preamble → what it says; of two rows the first holds."""
    cues: dict[str, Relation] = {}
    for row in rows("relation_cues", DATA):
        if row["where"] == "preamble":
            cues.setdefault(fold(row["phrase"]), Relation(row["relation"]))
    return cues


@cache
def _cue_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(list(_cues()))})(?!\w)")


def classify_in_preamble(
    work: WorkingCopy, mentions: list[Mention], span: tuple[int, int], *, has_legal_basis: bool
) -> None:
    """Set relation, nested and basis of the mentions of one preamble at *span*."""
    cues = _cues_in(work, span)
    starts = [start for start, _ in cues]
    previous: Mention | None = None
    governing = -1
    lead = ""
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        if index < 0 and _is_item(work, mention, span[0], starts):
            mention.relation = Relation.LEGAL_BASIS
        elif index < 0 and previous is None:
            classify_in_body(work, mention, None)
        else:
            if index == governing and previous is not None:
                mention.nested, lead = _is_nested(work, mention, previous, lead)
            else:
                lead = ""
            says = cues[index][1] if index >= 0 else Relation.REFERS_TO
            mention.relation = Relation.REFERS_TO if mention.nested else says
        mention.basis = has_legal_basis and mention.relation == Relation.LEGAL_BASIS
        governing, previous = index, mention


def _is_item(work: WorkingCopy, mention: Mention, start: int, cues: list[int]) -> bool:
    """Whether a mention opens a paragraph that ends in a semicolon: a căn cứ whose words "Căn cứ" were left out.

    start: where the preamble begins. cues: where the words stand that open its other paragraphs.
    """
    before = work.folded[max(start, mention.start - 4) : mention.start]
    opens = mention.start - start <= _AT_START or bool(_LINE_STARTS.search(before))
    rest = _REST_OF_ITEM.match(work.folded, mention.end)
    return opens and rest is not None and not any(mention.end <= cue < rest.end() for cue in cues)


def _cues_in(work: WorkingCopy, span: tuple[int, int]) -> list[tuple[int, Relation]]:
    """(start, what it says) of the cues that open a paragraph, or a part behind a semicolon."""
    return [
        (match.start(), _cues()[" ".join(match.group().split())])
        for match in _cue_pattern().finditer(work.folded, *span)
        if _opens(work, match.start(), span[0])
    ]


def _opens(work: WorkingCopy, at: int, start: int) -> bool:
    """Whether the cue at *at* opens a paragraph or a part of the preamble that begins at *start*."""
    folded = work.folded
    before = folded[max(start, at - 4) : at]
    capital = work.text[at].isupper()
    if _LINE_STARTS.search(before):
        opens = capital or bool(_CLAUSE_ENDED.search(folded[max(0, at - 6) : at]))
    else:
        opens = at - start <= _AT_START and not before.strip(_ENUMERATION)
    if _SEMICOLON.search(before) or _FULL_STOP.search(before):
        opens = opens or capital or ";" in before
    return opens


def _is_nested(work: WorkingCopy, mention: Mention, previous: Mention, lead: str) -> tuple[bool, str]:
    """(whether a mention of a căn cứ stands inside the name or history of the one before, the word that leads into it).

    lead: the word that led into the nested mention before ("bởi": a list of amending documents follows).
    """
    between = work.folded[previous.end : mention.start]
    if _is_bracket_open(work.folded, previous.start, mention.start):
        return True, _LEADS_INTO_LIST[0]
    if ";" in between or (previous.relation == Relation.PROPOSED_IN and _AND_PROPOSED_IN.match(between)):
        return False, ""
    full = is_full(mention)
    in_list = lead in _LEADS_INTO_LIST
    if mention.linked:
        ends_nesting = previous.nested and full and not in_list
        return (False, "") if ends_nesting else (previous.nested, lead)
    separated = bool(SEPARATED.search(between))
    goes_on = previous.nested and (lead == _OBJECT_OF_AMENDMENT or (in_list and mention.title is None))
    if separated and full and not goes_on:
        return False, ""
    words = between.split()
    if previous.end >= mention.start or not words:
        return previous.nested, lead
    if _AMENDS.search(between):
        return True, _OBJECT_OF_AMENDMENT  # what "và" adds is one more object
    if separated and len(words) >= 2:
        return True, lead or words[-2]
    return True, words[-1]


def _is_bracket_open(folded: str, start: int, end: int) -> bool:
    """Whether a bracket that opens within start…end does not close there."""
    depth = 0
    for char in folded[start:end]:
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
    return depth > 0
