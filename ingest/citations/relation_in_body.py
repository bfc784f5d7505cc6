"""Citations of body and attachments: the words of a clause say how the document stands to what it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.fold import fold
from corpus.tables import rows
from corpus.vocabulary import Relation
from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention
from ingest.citations.same_level import is_same_level
from ingest.data import DATA

_CLAUSE_END = re.compile(
    r";|\.(?=[\s\d])|:\s|\n(?=\s?[-+•*])|\n(?=(?:dieu\s\d|\d{1,2}[.)]|[a-z]\)|can\scu|xet\s|theo\sde))"
)
# Articles and clauses between a cue and the document ("Khoản 2 Điều 5").
_ARTICLES = (
    r"(?:\s(?:cac|nhung|vao|tai|cua|khoan|diem|dieu|muc|chuong|phan|phu\sluc|tinh\sthan|noi\sdung|chi\sdao|quy\sdinh|"
    r"[a-z]|[ivx]{2,6}|\d+[a-z]?|va)[,.]?){0,12}\s?$"
)
_ARTICLES_AT_END = re.compile(_ARTICLES)
_BASIS = re.compile(r"can\scu(?:\svao)?" + _ARTICLES)
# "Căn" may be lost under a stamp.
_CU = re.compile(r"(?<!\w)cứ\s?$")
_CAN_CU = re.compile(r"căn\scứ\s?$")
_ISSUED_WITH = re.compile(r"(?:ban\shanh\s)?kem\stheo\s?$")
_LOSES_EFFECT = re.compile(r"[^;.]{0,90}?het\shieu\sluc")
_INTRODUCTION = re.compile(r"\s(?:sau|sau\sday|nhu\ssau)?\s?:[\s\d.)\-+•*]{0,6}$")
_PREPOSITION = re.compile(r"(?:theo|tai|trong|boi)\s?(?:cac\s)?$")
_AT = re.compile(r"tai\s?(?:cac\s)?$")
_APPROVES = re.compile(r"(?:dieu\s\d{1,2}\.?\s)?phe\sduyet(?:\scac|\skem\stheo)?\s?$")
_AMENDS = re.compile(r"\W{0,4}(?:sua\sdoi|bo\ssung|dieu\schinh)")
_OF = re.compile(r"cua\s?$")
# The wrong and the right wording that a correction quotes: 'đã in là "thay thế Quyết định số …"'.
_QUOTED_WORDING = re.compile(r"(?:\sla|\sthanh|\sbang)\s?:?\s?[\"“”][^\"“”]*$")
_ENUMERATION = " \n-–—+•*\"'`(_."
_BEHIND_COLON = " \n-+•*0123456789.):"
#: What a cue says even with "tại" between it and the citation ("đề nghị … tại Tờ trình").
_SAID_AT = (Relation.PROPOSED_IN, Relation.REPLACES, Relation.REPEALS)
#: Characters before a citation in which its clause begins, behind it in which "hết hiệu lực" stands, and before a căn
#: cứ of the body.
_LOOK_BACK, _LOOK_AHEAD, _MAX_BASIS = 320, 110, 60


@dataclass(frozen=True, slots=True)
class _Clause:
    """What stands before a citation in its clause."""

    start: int
    #: As printed and folded, and both without the marks of an enumeration.
    text: str
    folded: str
    opening: str
    folded_opening: str


@cache
def _cues() -> tuple[tuple[re.Pattern[str], Relation, int], ...]:
    """Pattern, what it says, and how far from the end a match can begin (a search from further back is idle)."""
    cues = []
    for row in rows("relation_cues", DATA):
        if row["where"] == "body":
            phrase = fold(row["phrase"])
            spaced = re.escape(phrase).replace(r"\ ", r"\s")
            pattern = re.compile(rf"(?<!\w){spaced}(?:\s[^\s;.]{{1,12}}){{0,{row['gap']}}}\s?$")
            cues.append((pattern, Relation(row["relation"]), len(phrase) + 13 * int(row["gap"]) + 2))
    return tuple(cues)


def classify_in_body(
    work: WorkingCopy,
    mention: Mention,
    previous: Mention | None,
    *,
    attached: bool = False,
    basis_anywhere: bool = False,
) -> None:
    """Set relation and nested of a mention.

    attached: it stands in an attachment. basis_anywhere: a căn cứ may stand deep in a sentence, as in documents that
    are no administrative ones.
    """
    if previous is not None and _is_next_item(work, mention, previous):
        mention.relation = previous.relation
        return
    clause = _clause(work, mention)
    if previous is not None and clause.start <= previous.start and is_same_level(work, mention, previous):
        mention.relation = previous.relation
        return
    if _is_legal_basis(mention, clause, anywhere=attached or basis_anywhere):
        mention.relation = Relation.LEGAL_BASIS
    elif attached and _ISSUED_WITH.search(clause.folded):
        mention.relation = Relation.ISSUED_WITH
    elif previous is not None and previous.title and previous.title[0] <= mention.start < previous.title[1]:
        mention.nested = True
        mention.relation = Relation.REFERS_TO
    else:
        mention.relation = _said(work, mention, clause)


def _is_next_item(work: WorkingCopy, mention: Mention, previous: Mention) -> bool:
    """Whether the mention is the next item of a list; a semicolon ends a list of căn cứ."""
    if not mention.linked:
        return False
    between = work.folded[previous.end : mention.start]
    return ";" not in between or previous.relation != Relation.LEGAL_BASIS


def _clause(work: WorkingCopy, mention: Mention) -> _Clause:
    start = _clause_start(work, mention.start)
    text, folded = work.text[start : mention.start], work.folded[start : mention.start]
    return _Clause(start, text, folded, text.lstrip(_ENUMERATION), folded.lstrip(_ENUMERATION))


def _clause_start(work: WorkingCopy, at: int) -> int:
    """Where the clause begins that the citation at *at* stands in."""
    start = max(0, at - _LOOK_BACK)
    before_colon = None
    for match in _CLAUSE_END.finditer(work.folded, start, at):
        # What a colon announces belongs to the clause before it, as far as its first item.
        if match.group()[0] == ":" and not work.folded[match.end() : at].strip(_BEHIND_COLON):
            before_colon = start
        start = match.end()
    return start if before_colon is None else before_colon


def _is_legal_basis(mention: Mention, clause: _Clause, *, anywhere: bool) -> bool:
    """Whether "Căn cứ", perhaps with articles, opens the clause."""
    if _CU.search(clause.text) and not _CAN_CU.search(clause.opening):
        return True
    near = anywhere or mention.start - clause.start < _MAX_BASIS
    return near and clause.opening[:1] == "C" and bool(_BASIS.fullmatch(clause.folded_opening))


def _said(work: WorkingCopy, mention: Mention, clause: _Clause) -> Relation:
    """What the words around a mention say."""
    if _QUOTED_WORDING.search(clause.folded):
        return Relation.REFERS_TO
    behind = work.folded[mention.end : mention.end + _LOOK_AHEAD]
    if not mention.linked and _LOSES_EFFECT.match(behind):
        return Relation.REPEALS
    cued = _cued(clause)
    if cued is not None:
        return cued
    if _APPROVES.match(clause.folded_opening):
        return Relation.APPROVES
    if _AMENDS.match(clause.folded_opening) and _OF.search(clause.folded):
        return Relation.AMENDS
    return Relation.REFERS_TO


def _cued(clause: _Clause) -> Relation | None:
    """What the first cue of the table says that stands right before the citation, perhaps with articles between."""
    words = _ARTICLES_AT_END.sub("", _INTRODUCTION.sub(" ", clause.folded)).rstrip() + " "
    preposition, at = _PREPOSITION.search(words), _AT.search(words)
    for pattern, relation, reach in _cues():
        if preposition and not (at and relation in _SAID_AT):
            continue
        if pattern.search(words, max(0, len(words) - reach)):
            return relation
    return None
