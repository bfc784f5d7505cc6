"""Third verb: find. From the words to mentions: type word, number, date, issuer, title.

Anchors are the numbers, the laws named, the type words before a bare or a blank number; everything else is read forward and
backward from an anchor over a bounded stretch.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from corpus import so_ky_hieu
from corpus.fold import canonical
from ingest.citations import issuers, lists, numberless, repair
from ingest.citations.clean import Clean
from ingest.citations.context import backward, forward, words
from ingest.citations.laws import Law, laws_in
from ingest.citations.mention import Mention
from ingest.citations.tokenise import Number, Types

_BACK = 150
# Forms, standards and the like: a number behind these words is none of a document.
_NOT_DOCUMENT = re.compile(
    r"(?<!\w)(?:mẫu|mâu|biểu|biêu|tờ\skhai|phiếu|phụ\slục|bảng|kê|đơn|quyết\stoán(?:\s\w{1,8}){0,4}|qcvn|tcvn|tcxdvn|tcxd|tcn|tccs|iso|iec|"
    r"mã|mục|số\shiệu|seri|điện\sthoại|đt|sđt|fax|cmnd|cccd|tài\skhoản|biển)(?:\s(?:số|biểu|mẫu))?\s?[:.]?\s?$"
)
_SO = re.compile(r"(?<!\w)(?P<so>s[o0ed])\s?[:.;,]{0,2}\s?$")
_MODIFIER = re.compile(r"(?:\s[^\W\d_]{1,10}){0,4}\s?$")
_NO_MODIFIER = re.compile(
    r"(?<!\w)(?:nay|do|cua|va|theo|tai|ngay|co|la|cac|duoc|ban|hanh|so|nhu|sau|tren|hoac|trong|ve|ho|bao|gom)(?!\w)"
)
_INTRO = re.compile(r"\s?(?:sau(?:\sday)?|nhu\ssau)?\s?:\s?[-+*]?\s?$")


def mentions_in(work: Clean) -> list[Mention]:
    """Every mention in the working copy, in reading order."""
    text, folded = work.text, work.folded
    types = Types(text, folded)
    laws = laws_in(text, folded)
    inside = [law for law in laws if law.amending]
    mentions: list[Mention] = []
    by_law = {law.number[0]: law for law in laws if law.number}
    absorbed = _Spans([(law.start, law.end) for law in inside])
    form_end = -1
    for number in _numbers(text, folded):
        if number.start in by_law or absorbed.holds(number.start):
            continue
        if _is_form(text, number.start) or _LISTED.fullmatch(folded, max(0, form_end), number.start):
            form_end = number.end
            continue
        mention = _from_number(text, folded, types, number)
        if mention:
            mentions += lists.leading(text, folded, mention)
            mentions.append(mention)
    for law in laws:
        mentions.append(_from_law(text, folded, law))
    taken = _Spans([(m.start, m.end) for m in mentions])
    mentions += [m for m in numberless.short(text, folded, types) if not taken.holds(m.start)]
    mentions += [m for m in numberless.blank(text, folded, types) if not taken.holds(m.start)]
    mentions += [m for m in numberless.attached(text, folded) if not taken.holds(m.start)]
    mentions += [m for m in numberless.named(text, folded) if not taken.meets(m.start, m.end)]
    return _in_order(mentions)


_LISTED = re.compile(r"\s?(?:,|va|hoac)\s(?:so\s)?")


def _is_form(text: str, start: int) -> bool:
    """Whether a number names a form, a standard, a telephone … (``mẫu số 01/MGTH``, ``QCVN 12:2008/BTNMT``)."""
    return bool(_NOT_DOCUMENT.search(canonical(text[max(0, start - 44) : start])))


class _Spans:
    """Sorted, non-overlapping spans; asks whether an offset lies in one."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def holds(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and self._spans[index][1] > offset

    def meets(self, start: int, end: int) -> bool:
        index = bisect_left(self._starts, start)
        return self.holds(start) or (index < len(self._starts) and self._starts[index] < end)


def _in_order(mentions: list[Mention]) -> list[Mention]:
    """Sorted, without those that lie inside the core of another."""
    ordered: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if ordered and mention.start < ordered[-1].end:
            if mention.core_end <= ordered[-1].end:
                continue
            ordered[-1].end = max(ordered[-1].core_end, min(ordered[-1].end, mention.start))
        ordered.append(mention)
    return ordered


# --- anchors: numbers ------------------------------------------------------------------------------------------------------
def _numbers(text: str, folded: str) -> list[Number]:
    numbers = [
        Number(match.start(), match.end(), so_ky_hieu.from_match(match)) for match in so_ky_hieu.PATTERN.finditer(text)
    ]
    taken = {number.start for number in numbers}
    for anchor in _AFTER_SO.finditer(folded):
        at = anchor.end()
        if at in taken:
            continue
        older = so_ky_hieu.OLDER.match(text, at) if anchor["so"] else None
        if older:
            numbers.append(Number(at, older.end(), so_ky_hieu.from_older(older)))
            continue
        mended = repair.number_at(text, at)
        if mended:
            numbers.append(mended)
    return _kept(text, numbers)


def _kept(text: str, numbers: list[Number]) -> list[Number]:
    """In order, none inside another, each with its ký hiệu mended where the OCR slipped."""
    numbers.sort(key=lambda number: number.start)
    kept: list[Number] = []
    for number in numbers:
        if kept and number.start < kept[-1].end:
            continue
        value, mended_symbol = repair.symbol(number.value)
        number = repair.tail(text, Number(number.start, number.end, value, number.repaired or mended_symbol))
        kept.append(number)
    return kept


_AFTER_SO = re.compile(
    r"(?<!\w)(?:(?P<so>s[o0ed])|(?:nghi\sdinh|quyet\sdinh|thong\stu|nghi\squyet|chi\sthi|cong\svan|ke\shoach|to\strinh|cong\sdien|thong\sbao))"
    r"\s?[:.;,]{0,2}\s?(?=\S)(?!so\s)"
)


# "Số: 496/UBND-KTCN" at the head of a line is the number of a paper bundled here, no citation.
_HEADER_NUMBER = re.compile(r"(?:^|[^:]\n|^\n)\W{0,2}S\w{1,2}\s?[:.;]\s?$")


def _from_number(text: str, folded: str, types: Types, number: Number) -> Mention | None:
    start, doc_type, own, issuer, has_so = _type_before(text, folded, types, number.start)
    if not own:
        window = folded[max(0, number.start - 24) : number.start]
        value = number.value
        if value.joint is not None or number.repaired:
            return None
        if has_so and _HEADER_NUMBER.search(text[max(0, start - 3) : number.start]):
            return None
        if not value.year and value.doc_type is None and not has_so:
            return None
        if re.search(r"\d\s?$", window) and not has_so:
            return None
        start = number.start if not has_so else start
    mention = Mention(start, number.end, number.end, doc_type, own, number.value, repaired=number.repaired)
    mention.issuer = issuer
    mention.issuer_before = issuer is not None
    forward(text, folded, mention)
    if own and mention.issuer is None:
        backward(text, folded, mention)
    return mention


def _type_before(text: str, folded: str, types: Types, at: int) -> tuple[int, str | None, bool, str | None, bool]:
    """What stands before a number: (start of the mention, loại, type word is here, issuer in between, "số" is here)."""
    so = _SO.search(folded, max(0, at - 8), at)
    edge = so.start() if so else at
    start = edge if so else at
    floor = max(0, edge - _BACK)
    last = types.before(edge, floor)
    if last is None:
        near = repair.type_before(text, folded, edge) if so else None
        return (near[0], near[1], True, None, True) if near else (start, None, False, None, so is not None)
    gap = folded[last.end : edge]
    doc_type = last.word.doc_type
    if not gap.strip():
        return last.start, doc_type, True, None, so is not None
    if so and _INTRO.fullmatch(gap):
        return start, doc_type, False, None, True
    if so and not re.search(r"[,;.:()\d]", gap) and _MODIFIER.fullmatch(gap) and not _NO_MODIFIER.search(gap):
        return last.start, doc_type, True, None, True
    of = re.match(r"\s(?:cua|do)\s", gap)
    if so and of:
        begin = last.end + of.end()
        end = issuers.read(text, folded, begin)
        if end is not None and not folded[end:edge].strip(" \n:,"):
            return last.start, doc_type, True, issuers.spelled(words(text, begin, end))[0], True
    near = repair.type_before(text, folded, edge) if so else None
    if near:
        return near[0], near[1], True, None, True
    return start, None, False, None, so is not None


def _from_law(text: str, folded: str, law: Law) -> Mention:
    number = so_ky_hieu.parse(text[slice(*law.number)]) if law.number else None
    mention = Mention(law.start, law.end, law.end, law.doc_type, True, number)
    mention.name = (law.name or None) if law.doc_type != "Hiến pháp" else None
    mention.date = law.year
    if not law.year:
        forward(text, folded, mention)
    mention.doubtful |= not law.known and number is None and mention.date is None
    return mention
