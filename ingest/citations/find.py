"""Third verb: find. From the words to mentions: type word, number, date, issuer, title.

Anchors are the numbers, the laws named, the type words before a bare or a blank number; everything else is read forward and
backward from an anchor over a bounded stretch.
"""

from __future__ import annotations

import re

from corpus import so_ky_hieu
from corpus.so_ky_hieu import SoKyHieu
from ingest.citations import issuers, repair
from ingest.citations.clean import Clean
from ingest.citations.laws import Law, dated_end, laws_in
from ingest.citations.mention import Mention
from ingest.citations.tokenise import (
    Number,
    date_at,
    dates_in,
    mended_date_at,
    type_of_phrase,
    type_pattern,
    types_in,
    unread_date_at,
)

_BACK = 150
# Forms, standards and the like: a number behind these words is none of a document.
_NOT_DOCUMENT = re.compile(
    r"(?:mau|bieu|ke|quyet\stoan(?:\s\w{1,8}){0,4}|phu\sluc|to\skhai|phieu|bang|don|qcvn|tcvn|tcxdvn|tcxd|tcn|tcvs|iso|iec|hs|ma|ma\sso|muc|so\shieu|seri|ky\shieu|dien\sthoai|dt|sdt|fax|cmnd|cccd|"
    r"tai\skhoan|bien\sso|hop\sdong)\s?(?:so|bieu|mau)?\s?[:.]?\s?$"
)
_SO = re.compile(r"(?<!\w)(?P<so>s[o0]|se|sd)\s?[:.;,]{0,2}\s?$")
_MODIFIER = re.compile(r"(?:\s[^\W\d_]{1,10}){0,4}\s?$")
_NO_MODIFIER = re.compile(
    r"(?<!\w)(?:nay|do|cua|va|theo|tai|ngay|co|la|cac|duoc|ban|hanh|so|nhu|sau|tren|hoac|trong|ve|ho|bao|gom)(?!\w)"
)
_INTRO = re.compile(r"\s?(?:sau(?:\sday)?|nhu\ssau)?\s?:\s?[-+*]?\s?$")
_BREAK = re.compile(r"[;:]|\.\s|\n\s?[-+•*]\s")


def mentions_in(work: Clean) -> list[Mention]:
    """Every mention in the working copy, in reading order."""
    text, folded = work.text, work.folded
    laws = laws_in(text, folded)
    inside = [law for law in laws if law.amending]
    mentions: list[Mention] = []
    by_law = {law.number[0]: law for law in laws if law.number}
    absorbed = _Spans([(law.start, law.end) for law in inside])
    form_end = -1
    for number in _numbers(text, folded):
        if number.start in by_law or absorbed.holds(number.start):
            continue
        if _is_form(folded, number.start) or _LISTED.fullmatch(folded, max(0, form_end), number.start):
            form_end = number.end
            continue
        mention = _from_number(text, folded, number)
        if mention:
            mentions.append(mention)
    for law in laws:
        mentions.append(_from_law(text, folded, law))
    taken = _Spans([(m.start, m.end) for m in mentions])
    mentions += [m for m in _short(text, folded) if not taken.holds(m.start)]
    mentions += [m for m in _blank(text, folded) if not taken.holds(m.start)]
    mentions += [m for m in _attached(text, folded) if not taken.holds(m.start)]
    mentions += [m for m in _named(text, folded) if not taken.meets(m.start, m.end)]
    return _in_order(mentions)


_LISTED = re.compile(r"\s?(?:,|va|hoac)\s(?:so\s)?")


def _is_form(folded: str, start: int) -> bool:
    """Whether a number names a form, a standard, a telephone … (``mẫu số 01/MGTH``, ``QCVN 12:2008/BTNMT``)."""
    return bool(_NOT_DOCUMENT.search(folded[max(0, start - 40) : start]))


class _Spans:
    """Sorted, non-overlapping spans; asks whether an offset lies in one."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def holds(self, offset: int) -> bool:
        from bisect import bisect_right

        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and self._spans[index][1] > offset

    def meets(self, start: int, end: int) -> bool:
        from bisect import bisect_left

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
    r"(?<!\w)(?:(?P<so>(?:[^\W\d_]{1,8}\s)?s[o0e])|(?:nghi\sdinh|quyet\sdinh|thong\stu|nghi\squyet|chi\sthi|cong\svan|ke\shoach|to\strinh|cong\sdien|thong\sbao))"
    r"\s?[:.;,]{0,2}\s?(?=\S)(?!so\s)"
)


def _from_number(text: str, folded: str, number: Number) -> Mention | None:
    start, doc_type, own, issuer, has_so = _type_before(text, folded, number.start)
    if not own:
        window = folded[max(0, number.start - 24) : number.start]
        value = number.value
        if value.joint is not None or number.repaired:
            return None
        if not value.year and value.doc_type is None and not has_so:
            return None
        if re.search(r"\d\s?$", window) and not has_so:
            return None
        start = number.start if not has_so else start
    mention = Mention(start, number.end, number.end, doc_type, own, number.value, repaired=number.repaired)
    mention.issuer = issuer
    mention.issuer_before = issuer is not None
    _forward(text, folded, mention)
    if own and mention.issuer is None:
        _backward(text, folded, mention)
    return mention


def _type_before(text: str, folded: str, at: int) -> tuple[int, str | None, bool, str | None, bool]:
    """What stands before a number: (start of the mention, loại, type word is here, issuer in between, "số" is here)."""
    so = _SO.search(folded, max(0, at - 8), at)
    edge = so.start() if so else at
    start = edge if so else at
    floor = max(0, edge - _BACK)
    last = None
    for match in types_in(text, folded, floor, edge):
        last = match
    if last is None:
        near = repair.type_before(text, folded, edge) if so else None
        return (near[0], near[1], True, None, True) if near else (start, None, False, None, so is not None)
    gap = folded[last.end() : edge]
    word = type_of_phrase(last.group())
    doc_type = word.doc_type if word else None
    if not gap.strip():
        return last.start(), doc_type, True, None, so is not None
    if so and _INTRO.fullmatch(gap):
        return start, doc_type, False, None, True
    if so and not re.search(r"[,;.:()\d]", gap) and _MODIFIER.fullmatch(gap) and not _NO_MODIFIER.search(gap):
        return last.start(), doc_type, True, None, True
    of = re.match(r"\s(?:cua|do)\s", gap)
    if so and of:
        begin = last.end() + of.end()
        end = issuers.read(text, folded, begin)
        if end is not None and not folded[end:edge].strip(" \n:,"):
            return last.start(), doc_type, True, issuers.spelled(_words(text, begin, end))[0], True
    near = repair.type_before(text, folded, edge) if so else None
    if near:
        return near[0], near[1], True, None, True
    return start, None, False, None, so is not None


def _from_law(text: str, folded: str, law: Law) -> Mention:
    number = so_ky_hieu.PATTERN.match(text, law.number[0]) if law.number else None
    mention = Mention(
        law.start, law.end, law.end, law.doc_type, True, so_ky_hieu.from_match(number) if number else None
    )
    mention.name = law.name or None
    mention.date = law.year
    if not law.year:
        _forward(text, folded, mention)
    mention.doubtful = not law.known and number is None and mention.date is None
    return mention


def _words(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split()).strip(" ,;:.")


def _issuer(text: str, start: int, end: int, mention: Mention) -> str:
    """The issuer's name as printed; marks the OCR changed are put right, with a flag."""
    name, mended = issuers.spelled(_words(text, start, end))
    if mended:
        mention.reasons.append("tên cơ quan đọc lại")
    return name


# --- around an anchor --------------------------------------------------------------------------------------------------------
_OF = re.compile(r"\s?,?\s?(?:\.\s)?(?:cua|do)\s(?:cac\s)?")
# A letter group in brackets ("(A11)"), a stray "của" or digits may stand between number and date.
_GAP = re.compile(r"(?:\s?\([a-z]{1,3}\d{0,3}\))?(?:\scua(?=\sngay))?(?:\s\d{1,2}(?=\sngay))?\s?[,.]?\s?")


def _forward(text: str, folded: str, mention: Mention) -> None:
    """Reads date and issuer, in either order, behind the core."""
    at = mention.end
    for _ in range(2):
        if mention.date is None:
            gap = _GAP.match(folded, at)
            assert gap is not None
            date = date_at(folded, gap.end())
            if date is None or date.partial:
                date = mended_date_at(text, gap.end()) or date
            date = date or unread_date_at(folded, gap.end())
            if date and (date.edtf or not date.partial):
                mention.date = date.edtf
                if date.edtf is None:
                    mention.reasons.append("ngày không hợp lệ")
                mention.doubtful |= date.partial or date.edtf is None
                at = mention.end = date.end
                continue
        of = _OF.match(folded, at)
        if of and mention.issuer is None:
            end = issuers.read(text, folded, of.end())
            if end is not None:
                mention.issuer = _issuer(text, of.end(), end, mention)
                at = mention.end = end
                continue
        break
    cue = re.compile(r"\s?,?\s?").match(folded, mention.end)
    assert cue is not None
    title = issuers.title_starts(text, folded, cue.end())
    if title is not None:
        mention.title = (cue.end(), _title_end(text, folded, title))


def _title_end(text: str, folded: str, at: int) -> int:
    limit = min(len(text), at + 700)
    stop = re.compile(
        r";|\.(?=\s[^a-z])|\.$|\n(?=can\scu|xet\s|theo\sde)|,\s(?=(?:uy\sban|ubnd|chu\stich|so|bo|giam\sdoc)\s)|\)(?=[\s;,.])"
    ).search(folded, at, limit)
    return stop.start() if stop else limit


def _backward(text: str, folded: str, mention: Mention) -> None:
    """Issuer (and date) before the type word: ``Ngày 17/10/2017 Sở Y tế ban hành Công văn số 1985``."""
    floor = max(0, mention.start - 170)
    for match in _BREAK.finditer(folded, floor, mention.start):
        floor = match.end()
    found = issuers.before(text, folded, mention.start, floor)
    if not found:
        return
    mention.issuer = _issuer(text, *found, mention)
    mention.issuer_before = True
    if mention.date is None:
        earlier = [d for d in dates_in(folded, floor, found[0]) if found[0] - d.end <= 3 and not d.partial]
        if earlier and earlier[-1].edtf:
            mention.date = earlier[-1].edtf


# --- mentions without a whole number ---------------------------------------------------------------------------------------
_BARE = re.compile(r"\s(?:so\s)?(?P<n>\d{1,4}[a-z]?)(?![\w]|\s?[/\-–]\s?[\w]|[.,:]\d|\s?%)")
_UNIT = re.compile(
    r"\s?(?:thang|nam|ngay|quy|tuan|dieu|khoan|muc|chuong|phan|nguoi|dong|trieu|ty|noi\sdung|nhiem\svu|don\svi|xa|huyen|tinh|lop|buoi|san\spham|"
    r"chi\stieu|tieu\schi|diem|ban|to|trang|lan|giai\sdoan|nhom|nganh|ho\b|gio|dot|bo|co\squan|thanh\svien|du\san|de\san|chuong|loai|km|ha|m2|tan|kg|cap)(?!\w)"
)


def _short(text: str, folded: str) -> list[Mention]:
    """``Quyết định 148``, ``Nghị định 68``, ``Đề án 1816``: a type word with a capital and a bare number."""
    found: list[Mention] = []
    for match in types_in(text, folded, 0, len(folded)):
        word = type_of_phrase(match.group())
        if not word or not word.short or not text[match.start()].isupper():
            continue
        bare = _BARE.match(folded, match.end())
        if not bare or _UNIT.match(folded, bare.end()):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", bare["n"]) and word.doc_type in ("Chương trình", "Đề án"):
            continue
        mention = Mention(match.start(), bare.end(), bare.end(), word.doc_type, True, None, bare["n"])
        _forward(text, folded, mention)
        mention.doubtful = mention.date is None
        found.append(mention)
    return found


_BLANK = re.compile(
    r"\s(?:so)?\s?:?\s?(?:[.…_\s]{0,40})(?P<symbol>/\s?[^\s/]{2,20})?\s?,?\s?(?=ngay[\s.…_]{0,30}\d{0,2}[\s.…_]{0,30}thang[\s.…_]{0,20}\d{0,2}[\s.…_]{0,20}nam)"
)


def _blank(text: str, folded: str) -> list[Mention]:
    """``Công văn số     /BYT-KCB ngày   tháng 10 năm 2017``: a document whose number was left blank."""
    found: list[Mention] = []
    for match in types_in(text, folded, 0, len(folded)):
        blank = _BLANK.match(folded, match.end())
        if not blank or not (blank["symbol"] or re.search(r"\sso", blank.group())):
            continue
        word = type_of_phrase(match.group())
        symbol = None
        end = blank.end()
        if blank["symbol"]:
            raw = text[blank.start("symbol") + 1 : blank.end("symbol")]
            symbol = so_ky_hieu.normal_symbol(raw) if re.fullmatch(so_ky_hieu.CHAIN, raw.strip()) else None
        mention = Mention(match.start(), max(match.end(), end), end, word.doc_type if word else None, True)
        mention.symbol = symbol
        mention.doubtful = True
        _forward(text, folded, mention)
        while mention.end > mention.start and text[mention.end - 1] in " \n,.:;":
            mention.end -= 1
        mention.core_end = min(mention.core_end, mention.end)
        found.append(mention)
    return found


_ATTACHED_TO = re.compile(r"kem\s(?:theo|thoo|thoc|thco)\s")


def _attached(text: str, folded: str) -> list[Mention]:
    """``(Kèm theo Công văn …)`` over an attachment cites a document even where its number is blank or unreadable."""
    found: list[Mention] = []
    for cue in _ATTACHED_TO.finditer(folded):
        if "(" not in folded[max(0, cue.start() - 14) : cue.start()]:
            continue
        match = type_pattern().match(folded, cue.end())
        word = type_of_phrase(match.group()) if match else None
        if not match or not word or re.match(r"\snay", folded[match.end() : match.end() + 5]):
            continue
        stop = re.compile(r"[)\n;]|$").search(folded, match.end(), min(len(folded), match.end() + 90))
        end = stop.start() if stop else match.end()
        while end > match.end() and text[end - 1] in " ,.:;":
            end -= 1
        mention = Mention(match.start(), end, end, word.doc_type)
        mention.doubtful = True
        dates = [d for d in dates_in(folded, match.end(), end) if d.edtf]
        mention.date = dates[0].edtf if dates else None
        found.append(mention)
    return found


_NAMED = re.compile(r"(?:^|(?<=[\n;.:\-–(]\s)|(?<=[\n;.:(]))can\scu\s(?:vao\s)?")
_NAME_END = re.compile(
    r"[;]|\.(?=\s|$)|\n(?=can\scu|xet\s|theo\s)|,?\s(?=ve\sviec)|,\s?\n|,\s(?=(?:uy\sban|ubnd|so|chu\stich|ban)\s)"
)


def _named(text: str, folded: str) -> list[Mention]:
    """A căn cứ without any number, told by its name or date: ``Căn cứ Biên bản cuộc họp … ngày 20/12/2017;``."""
    found: list[Mention] = []
    for cue in _NAMED.finditer(folded):
        match = type_pattern().match(folded, cue.end())
        if not match or not text[match.start()].isupper():
            continue
        word = type_of_phrase(match.group())
        if not word:
            continue
        limit = min(len(folded), match.end() + 260)
        stop = _NAME_END.search(folded, match.end(), limit)
        end = stop.start() if stop else limit
        dates = dates_in(folded, match.end(), end)
        first = text[match.end() : match.end() + 2].strip()
        if not dates and not first[:1].isupper():
            continue
        if re.search(r"\d\s?/\s?[a-z]", folded[match.end() : end]):
            continue
        mention = Mention(match.start(), end, end, word.doc_type)
        if dates:
            mention.date = dates[-1].edtf
            if dates[-1].end < end and re.match(r"\s(?:cua|ve)", folded[dates[-1].end : dates[-1].end + 6]):
                mention.end = mention.core_end = dates[-1].end
        mention.name = _words(text, match.end(), mention.end)
        mention.doubtful = True
        agency = _agency_in(text, folded, match.end(), mention.end)
        if agency:
            mention.issuer = agency
        found.append(mention)
    return found


def _agency_in(text: str, folded: str, start: int, end: int) -> str | None:
    for head in re.compile(r"(?:cua\s|\s)(?=(?:hoi\sdong|so|ubnd|uy\sban|ban|bo)\s)").finditer(folded, start, end):
        stop = issuers.read(text, folded, head.end())
        if stop is not None and stop <= end:
            return _words(text, head.end(), stop)
    return None


__all__ = ["SoKyHieu", "dated_end", "mentions_in"]
