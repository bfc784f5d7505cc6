"""Third step: find. From the words to mentions: type word, number, date, issuer, title.

Anchors are the numbers, the names of laws, and type words before a bare or a blank number. Everything else is read
forward and backward from an anchor, over a bounded distance.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from corpus import so_ky_hieu
from corpus.fold import canonical
from ingest.citations import lists, numberless, repair
from ingest.citations.clean import WorkingCopy
from ingest.citations.context import one_line, read_backward, read_forward
from ingest.citations.issuer_spelling import corrected_spelling
from ingest.citations.issuers import name_end
from ingest.citations.laws import Law, laws_in
from ingest.citations.mention import Mention
from ingest.citations.tokenise import Number, Types, date_at

#: Characters before a number in which its type word is looked for.
_LOOK_BACK = 150
# Forms, standards and the like: a number behind these words is not a document's.
_NOT_DOCUMENT = re.compile(
    r"(?<!\w)(?:mẫu|mâu|biểu|biêu|tờ\skhai|phiếu|phụ\slục|bảng|kê|đơn|quyết\stoán(?:\s\w{1,8}){0,4}|"
    r"qcvn|tcvn|tcxdvn|tcxd|tcn|tccs|iso|iec|"
    r"mã|mục|số\shiệu|seri|điện\sthoại|đt|sđt|fax|cmnd|cccd|tài\skhoản|biển)(?:\s(?:số|biểu|mẫu))?\s?[:.]?\s?$"
)
_SO = re.compile(r"(?<!\w)(?P<so>s[o0ed])\s?[:.;,]{0,2}\s?$")
# Words between type word and "số" ("Quyết định phê duyệt số"), but for those that begin a clause.
_MODIFIER = re.compile(r"(?:\s[^\W\d_]{1,10}){0,4}\s?$")
_NO_MODIFIER = re.compile(
    r"(?<!\w)(?:nay|do|cua|va|theo|tai|ngay|co|la|cac|duoc|ban|hanh|so|nhu|sau|tren|hoac|trong|ve|ho|bao|gom)(?!\w)"
)
_INTRODUCTION = re.compile(r"\s?(?:sau(?:\sday)?|nhu\ssau)?\s?:\s?[-+*]?\s?$")
_BETWEEN_FORMS = re.compile(r"\s?(?:,|va|hoac)\s(?:so\s)?")
_BEFORE_NUMBER = re.compile(
    r"(?<!\w)(?:(?P<so>s[o0ed])|(?:nghi\sdinh|quyet\sdinh|thong\stu|nghi\squyet|chi\sthi|cong\svan|"
    r"ke\shoach|to\strinh|cong\sdien|thong\sbao))"
    r"\s?[:.;,]{0,2}\s?(?=\S)(?!so\s)"
)
# The number of a table's row, before the row's first cell.
_ROW_NUMBER = re.compile(r"(?:^|\n)\s?\d{1,3}[.)]?\s$")
_NEXT_ROW = re.compile(r"\n\s?\d{1,3}[.)]?\s")
# "Số: 496/UBND-KTCN" at the head of a line is the number of a document bundled in.
_HEADER_NUMBER = re.compile(r"(?:^|[^:]\n|^\n)\W{0,2}S\w{1,2}\s?[:.;]\s?$")


def mentions_in(work: WorkingCopy) -> list[Mention]:
    """Every mention in the working copy, in reading order."""
    text, folded = work.text, work.folded
    types = Types(text, folded)
    laws = laws_in(text, folded)
    numbers_of_laws = {law.number[0] for law in laws if law.number}
    inside_laws = _Spans([(law.start, law.end) for law in laws if law.amending])
    mentions: list[Mention] = []
    form_end = -1
    for number in _numbers(text, folded):
        if number.start in numbers_of_laws or inside_laws.holds(number.start):
            continue
        if _is_form(text, number.start) or _BETWEEN_FORMS.fullmatch(folded, max(0, form_end), number.start):
            form_end = number.end
            continue
        mention = _from_number(text, folded, types, number)
        if mention:
            mentions += lists.numbers_before(folded, mention)
            mentions.append(mention)
    mentions += [_from_law(text, folded, law) for law in laws]
    taken = _Spans([(m.start, m.end) for m in mentions])
    mentions += [m for m in numberless.short(text, folded, types) if not taken.holds(m.start)]
    mentions += [m for m in numberless.blank(text, folded, types) if not taken.holds(m.start)]
    mentions += [m for m in numberless.attached(text, folded) if not taken.holds(m.start)]
    mentions += [m for m in numberless.named(text, folded) if not taken.meets(m.start, m.end)]
    return _in_order(mentions)


def _is_form(text: str, start: int) -> bool:
    """Whether a number names a form, a standard, a telephone (``mẫu số 01/MGTH``, ``QCVN 12:2008/BTNMT``)."""
    return bool(_NOT_DOCUMENT.search(canonical(text[max(0, start - 44) : start])))


class _Spans:
    """Sorted spans that do not overlap."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def holds(self, offset: int) -> bool:
        """Whether an offset lies in a span."""
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and self._spans[index][1] > offset

    def meets(self, start: int, end: int) -> bool:
        """Whether a span begins or lies within start…end."""
        index = bisect_left(self._starts, start)
        return self.holds(start) or (index < len(self._starts) and self._starts[index] < end)


def _in_order(mentions: list[Mention]) -> list[Mention]:
    """The mentions sorted, without those that lie inside the core of another."""
    ordered: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if ordered and mention.start < ordered[-1].end:
            if mention.core_end <= ordered[-1].end:
                continue
            ordered[-1].end = max(ordered[-1].core_end, min(ordered[-1].end, mention.start))
        ordered.append(mention)
    return ordered


# --- anchors: numbers


def _numbers(text: str, folded: str) -> list[Number]:
    """All số ký hiệu: as printed, of older forms, and with repaired digits; in order, none inside another."""
    numbers = [
        Number(match.start(), match.end(), so_ky_hieu.from_match(match)) for match in so_ky_hieu.PATTERN.finditer(text)
    ]
    taken = {number.start for number in numbers}
    for anchor in _BEFORE_NUMBER.finditer(folded):
        at = anchor.end()
        if at in taken:
            continue
        older = so_ky_hieu.OLDER.match(text, at) if anchor["so"] else None
        if older:
            numbers.append(Number(at, older.end(), so_ky_hieu.from_older(older)))
            continue
        repaired = repair.number_at(text, at)
        if repaired:
            numbers.append(repaired)
    return _with_repaired_symbols(text, sorted(numbers, key=lambda number: number.start))


def _with_repaired_symbols(text: str, numbers: list[Number]) -> list[Number]:
    kept: list[Number] = []
    for number in numbers:
        if kept and number.start < kept[-1].end:
            continue
        value, repaired = repair.repaired_symbol(number.value)
        kept.append(repair.with_tail(text, Number(number.start, number.end, value, number.repaired or repaired)))
    return kept


@dataclass(frozen=True, slots=True)
class _Before:
    """What stands before a number."""

    #: Where the mention begins.
    start: int
    doc_type: str | None = None
    #: Whether the type word stands directly before it.
    own_type: bool = False
    #: An issuer between type word and number.
    issuer: str | None = None
    #: Whether "số" stands before it.
    has_so: bool = False


def _from_number(text: str, folded: str, types: Types, number: Number) -> Mention | None:
    """The mention of a number; None where the number is no citation."""
    before = _before(text, folded, types, number.start)
    if not before.own_type and not _may_stand_alone(text, folded, number, before):
        return None
    start = before.start if before.own_type or before.has_so else number.start
    mention = Mention(
        start, number.end, number.end, before.doc_type, before.own_type, number.value, repaired=number.repaired
    )
    mention.issuer = before.issuer
    mention.issuer_before = before.issuer is not None
    read_forward(text, folded, mention)
    if mention.title is not None and not before.own_type and _is_in_table_row(folded, number):
        following = _NEXT_ROW.search(folded, *mention.title)
        mention.title = (mention.title[0], following.start()) if following else mention.title
    if before.own_type and mention.issuer is None:
        read_backward(text, folded, mention)
    return mention


def _may_stand_alone(text: str, folded: str, number: Number, before: _Before) -> bool:
    """Whether a number without a type word may be a citation, as in a list."""
    value = number.value
    if value.joint is not None or number.repaired:
        return False
    if before.has_so:
        return not _HEADER_NUMBER.search(text[max(0, before.start - 3) : number.start])
    if not value.year and value.doc_type is None:
        return False
    behind_digit = re.search(r"\d\s?$", folded[max(0, number.start - 24) : number.start])
    return not behind_digit or _is_in_table_row(folded, number)


def _is_in_table_row(folded: str, number: Number) -> bool:
    """Whether a number stands in the row of a list of documents: behind the row's own number, before its day."""
    row = _ROW_NUMBER.search(folded, max(0, number.start - 8), number.start)
    if row is None:
        return False
    day = date_at(folded, number.end + 1) if folded[number.end : number.end + 1].isspace() else None
    return day is not None and day.edtf is not None and not day.partial


def _before(text: str, folded: str, types: Types, at: int) -> _Before:
    """What stands before the number at *at*."""
    so = _SO.search(folded, max(0, at - 8), at)
    edge = so.start() if so else at
    last = types.before(edge, max(0, edge - _LOOK_BACK))
    if last is not None:
        gap = folded[last.end : edge]
        doc_type = last.word.doc_type
        if not gap.strip():
            return _Before(last.start, doc_type, True, has_so=so is not None)
        if so and _INTRODUCTION.fullmatch(gap):
            return _Before(edge, doc_type, False, has_so=True)
        if so and not re.search(r"[,;.:()\d]", gap) and _MODIFIER.fullmatch(gap) and not _NO_MODIFIER.search(gap):
            return _Before(last.start, doc_type, True, has_so=True)
        issuer = _issuer_between(text, folded, last.end, edge) if so else None
        if issuer is not None:
            return _Before(last.start, doc_type, True, issuer, True)
    misread = repair.type_before(text, folded, edge) if so else None
    if misread:
        return _Before(misread[0], misread[1], True, has_so=True)
    return _Before(edge, has_so=so is not None)


def _issuer_between(text: str, folded: str, type_end: int, edge: int) -> str | None:
    """The issuer between type word and "số" (``Quyết định của Thủ tướng Chính phủ số``); None where there is none."""
    of = re.match(r"\s(?:cua|do)\s", folded[type_end:edge])
    if not of:
        return None
    begin = type_end + of.end()
    end = name_end(text, folded, begin)
    if end is None or folded[end:edge].strip(" \n:,"):
        return None
    return corrected_spelling(one_line(text, begin, end))[0]


# --- anchors: laws


def _from_law(text: str, folded: str, law: Law) -> Mention:
    number = so_ky_hieu.parse(text[slice(*law.number)]) if law.number else None
    repaired = False
    if number is not None:
        number, repaired = repair.repaired_symbol(number)
    mention = Mention(law.start, law.end, law.end, law.doc_type, True, number, repaired=repaired)
    mention.name = (law.name or None) if law.doc_type != "Hiến pháp" else None
    mention.date = law.year
    if not law.year:
        read_forward(text, folded, mention)
    mention.doubtful |= not law.known and number is None and mention.date is None
    return mention
