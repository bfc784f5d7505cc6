"""Around an anchor: date, issuer and title behind it, issuer and date before it."""

from __future__ import annotations

import re

from ingest.citations import issuers
from ingest.citations.mention import Mention
from ingest.citations.tokenise import date_at, dates_in, mended_date_at, unread_date_at

_BREAK = re.compile(r"[;:]|\.\s|\n\s?[-+•*]\s")


def words(text: str, start: int, end: int) -> str:
    """A stretch as one line, without end marks around it."""
    return " ".join(text[start:end].split()).strip(" ,;:.")


def _issuer(text: str, start: int, end: int, mention: Mention) -> str:
    """The issuer's name as printed; marks the OCR changed are put right, with a flag."""
    whole, torn = issuers.LEFT_SPECKS.subn("\n", text[start:end])
    if torn:
        mention.reasons.append("tên cơ quan bị ngắt dòng")
    name, mended = issuers.spelled(words(whole, 0, len(whole)))
    if mended:
        mention.reasons.append("tên cơ quan đọc lại")
    return name


_OF = re.compile(r"\s?,?\s?(?:\.\s)?(?:cua|do)\s(?:cac\s)?")
# A letter group in brackets ("(A11)"), a stray "của" or digits may stand between number and date.
_GAP = re.compile(r"(?:\s?\([a-z]{1,3}\d{0,3}\))?(?:\scua(?=\sngay))?(?:\s\d{1,2}(?=\sngay))?\s?[,.]?\s?")


def _contradicts(mention: Mention, issuer: str) -> bool:
    """Whether the words behind "của" cannot be the agency the ký hiệu names: a line was lost between them."""
    if mention.number is None:
        return False
    named = {"CP": ("chinh phu",), "TTg": ("thu tuong", "chinh phu")}.get(mention.number.segments[-1])
    return named is not None and not any(name in " ".join(issuer.split()) for name in named)


_UNREAD = re.compile(r"\s?,?\s?\w{0,3}gay\W{0,3}\d")
_COMMA = re.compile(r"\s?,?\s?")


def forward(text: str, folded: str, mention: Mention) -> None:
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
            if end is not None and _contradicts(mention, folded[of.end() : end]):
                mention.reasons.append("cơ quan không khớp ký hiệu")
                end = None
            if end is not None and issuers.is_common(text[of.end() : end]):
                mention.reasons.append("cơ quan không ghi đủ tên")
                end = None
            if end is not None:
                mention.issuer = _issuer(text, of.end(), end, mention)
                at = mention.end = end
                continue
        break
    if mention.date is None and _UNREAD.match(folded, mention.end):
        mention.reasons.append("ngày không đọc được")
    cue = _COMMA.match(folded, mention.end)
    assert cue is not None
    title = issuers.title_starts(text, folded, cue.end())
    if title is not None and not issuers.type_ahead(text, folded, cue.end()):
        mention.title = (cue.end(), _title_end(text, folded, title))


_TITLE_END = re.compile(
    r";|\.(?=\s|/|$)|\n(?=can\scu|xet\s|theo\sde)|\)(?=[\s;,.])"
    r"|,\s(?=(?:uy\sban|ubnd|chu\stich|so|bo|giam\sdoc|ban\sthuong\svu|thuong\struc|hoi\sdong\snhan\sdan|hdnd)\s)"
)
_JOINT = re.compile(r"\sva\s")
_NUMBERED = re.compile(r"(?<!\w)so\s?:?\s?\d")
# A full stop behind these is none: "TP. Hồ Chí Minh", "TX. Đức Phổ".
_SHORT_WORD = re.compile(r"(?<!\w)(?:tp|tx|tt|q|h|p|ths|ts|gs|pgs|st|no|so)$")


def _title_end(text: str, folded: str, at: int) -> int:
    limit = min(len(text), at + 700)
    for stop in _TITLE_END.finditer(folded, at, limit):
        if stop.group() == ".":
            behind = re.compile(r"\s?").match(folded, stop.end())
            assert behind is not None
            letter = text[behind.end() : behind.end() + 1]
            # A sentence begins with a capital; a speck of the scan stands before a small letter.
            if letter.islower() or _SHORT_WORD.search(folded, max(at, stop.start() - 4), stop.start()):
                continue
        limit = stop.start()
        break
    for joint in _JOINT.finditer(folded, at, limit):
        # "… và Quyết định số 919" is the next citation, unless the title itself names documents ("sửa đổi … và …").
        if _NUMBERED.search(folded, at, joint.start()):
            break
        if issuers.type_ahead(text, folded, joint.end()) and _NUMBERED.search(folded, joint.end(), limit):
            return joint.start()
    return limit


def backward(text: str, folded: str, mention: Mention) -> None:
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
