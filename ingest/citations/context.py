"""Around an anchor: date, issuer and title behind it, issuer and date before it."""

from __future__ import annotations

import re

from ingest.citations.issuer_name import LEFT_SPECKS
from ingest.citations.issuer_spelling import corrected_spelling, spelling_by_symbol
from ingest.citations.issuer_words import citation_begins, is_common_noun, title_start_end
from ingest.citations.issuers import agency_before, name_end
from ingest.citations.mention import Mention
from ingest.citations.tokenise import Date, date_at, dates_in, repaired_date_at, unread_date_at

_BREAK = re.compile(r"[;:]|\.\s|\n\s?[-+•*]\s")
_OF = re.compile(r"\s?,?\s?(?:\.\s)?(?:cua|do)\s(?:cac\s)?")
# Letters in brackets ("(A11)"), a stray "của" or digits may stand between number and date.
_GAP = re.compile(r"(?:\s?\([a-z]{1,3}\d{0,3}\))?(?:\scua(?=\sngay))?(?:\s\d{1,2}(?=\sngay))?\s?[,.]?\s?")
_UNREAD = re.compile(r"\s?,?\s?\w{0,3}gay\W{0,3}\d")
_COMMA = re.compile(r"\s?,?\s?")
_TITLE_END = re.compile(
    r";|\.(?=\s|/|$)|\n(?=can\scu|xet\s|theo\sde)|\)(?=[\s;,.])"
    r"|,\s(?=(?:uy\sban|ubnd|chu\stich|so|bo|giam\sdoc|ban\sthuong\svu|thuong\struc|hoi\sdong\snhan\sdan|hdnd)\s)"
)
_AND = re.compile(r"\sva\s")
_NUMBERED = re.compile(r"(?<!\w)so\s?:?\s?\d")
# A full stop behind these does not end a sentence: "TP. Hồ Chí Minh", "TX. Đức Phổ".
_ABBREVIATION = re.compile(r"(?<!\w)(?:tp|tx|tt|q|h|p|ths|ts|gs|pgs|st|no|so)$")
#: What the last segment of a ký hiệu requires of the issuer's name (folded).
_ISSUERS_OF_SYMBOLS = {"CP": ("chinh phu",), "TTg": ("thu tuong", "chinh phu")}
#: Characters of the longest title, and before a mention in which its issuer is looked for.
_MAX_TITLE, _LOOK_BACK = 700, 170


def one_line(text: str, start: int, end: int) -> str:
    """A part of the text as one line, without end marks around it."""
    return " ".join(text[start:end].split()).strip(" ,;:.")


def read_forward(text: str, folded: str, mention: Mention) -> None:
    """Read date and issuer, in either order, and the title behind the core."""
    for _ in range(2):
        if not _read_date(text, folded, mention) and not _read_issuer(text, folded, mention):
            break
    if mention.date is None and _UNREAD.match(folded, mention.end):
        mention.reasons.append("ngày không đọc được")
    comma = _COMMA.match(folded, mention.end)
    assert comma is not None
    title = title_start_end(text, folded, comma.end())
    if title is not None and not citation_begins(text, folded, comma.end()):
        mention.title = (comma.end(), _title_end(text, folded, title))


def _read_date(text: str, folded: str, mention: Mention) -> bool:
    """Read the date directly behind the mention; whether there is one."""
    if mention.date is not None:
        return False
    date = _date_behind(text, folded, mention.end)
    if date is None or not (date.edtf or not date.partial):
        return False
    mention.date = date.edtf
    if date.edtf is None:
        mention.reasons.append("ngày không hợp lệ")
    mention.doubtful |= date.partial or date.edtf is None
    mention.end = date.end
    return True


def _date_behind(text: str, folded: str, end: int) -> Date | None:
    gap = _GAP.match(folded, end)
    assert gap is not None
    date = date_at(folded, gap.end())
    if date is None or date.partial:
        date = repaired_date_at(text, gap.end()) or date
    return date or unread_date_at(folded, gap.end())


def _read_issuer(text: str, folded: str, mention: Mention) -> bool:
    """Read the issuer directly behind the mention ("của …"); whether there is one."""
    of = _OF.match(folded, mention.end)
    if not of or mention.issuer is not None:
        return False
    end = name_end(text, folded, of.end())
    if end is not None and _contradicts_symbol(mention, folded[of.end() : end]):
        mention.reasons.append("cơ quan không khớp ký hiệu")
        end = None
    if end is not None and is_common_noun(text[of.end() : end]):
        mention.reasons.append("cơ quan không ghi đủ tên")
        end = None
    if end is None:
        return False
    mention.issuer = _issuer(text, of.end(), end, mention)
    mention.end = end
    return True


def _contradicts_symbol(mention: Mention, issuer: str) -> bool:
    """Whether the words behind "của" cannot be the agency of the ký hiệu: a line was lost between them."""
    if mention.number is None:
        return False
    required = _ISSUERS_OF_SYMBOLS.get(mention.number.segments[-1])
    return required is not None and not any(name in " ".join(issuer.split()) for name in required)


def _issuer(text: str, start: int, end: int, mention: Mention) -> str:
    """The issuer's name as printed, with marks changed by OCR corrected; the mention says so."""
    whole, torn = LEFT_SPECKS.subn("\n", text[start:end])
    if torn:
        mention.reasons.append("tên cơ quan bị ngắt dòng")
    name, corrected = corrected_spelling(one_line(whole, 0, len(whole)))
    by_symbol = spelling_by_symbol(name, "-".join(mention.number.segments)) if mention.number is not None else name
    if corrected or by_symbol != name:
        mention.reasons.append("tên cơ quan đọc lại")
    return by_symbol


def _title_end(text: str, folded: str, at: int) -> int:
    """Where the title that begins at *at* ends."""
    limit = min(len(text), at + _MAX_TITLE)
    for stop in _TITLE_END.finditer(folded, at, limit):
        if stop.group() == "." and not _ends_sentence(text, folded, stop, at):
            continue
        limit = stop.start()
        break
    for joint in _AND.finditer(folded, at, limit):
        # "… và Quyết định số 919" is the next citation, unless the title itself names documents ("sửa đổi … và …").
        if _NUMBERED.search(folded, at, joint.start()):
            break
        if citation_begins(text, folded, joint.end()) and _NUMBERED.search(folded, joint.end(), limit):
            return joint.start()
    return limit


def _ends_sentence(text: str, folded: str, stop: re.Match[str], at: int) -> bool:
    """Whether a full stop ends a sentence: a capital follows, and it does not belong to an abbreviation."""
    behind = stop.end() + (folded[stop.end() : stop.end() + 1].isspace())
    if text[behind : behind + 1].islower():
        return False
    return not _ABBREVIATION.search(folded, max(at, stop.start() - 4), stop.start())


def read_backward(text: str, folded: str, mention: Mention) -> None:
    """Read issuer and date before the type word: ``Ngày 17/10/2017 Sở Y tế ban hành Công văn số 1985``."""
    floor = max(0, mention.start - _LOOK_BACK)
    for match in _BREAK.finditer(folded, floor, mention.start):
        floor = match.end()
    found = agency_before(text, folded, mention.start, floor)
    if not found:
        return
    mention.issuer = _issuer(text, *found, mention)
    mention.issuer_before = True
    if mention.date is None:
        earlier = [d for d in dates_in(folded, floor, found[0]) if found[0] - d.end <= 3 and not d.partial]
        if earlier and earlier[-1].edtf:
            mention.date = earlier[-1].edtf
