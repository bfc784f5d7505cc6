"""Mentions without a whole number: a bare number, a blank one, an attachment's parent, a căn cứ told by its name."""

from __future__ import annotations

import re

from corpus import so_ky_hieu
from ingest.citations import issuers
from ingest.citations.context import forward, words
from ingest.citations.mention import Mention
from ingest.citations.tokenise import Types, dates_in, type_of_phrase, type_pattern

_BARE = re.compile(r"\s(?:so\s)?(?P<n>\d{1,4}[a-z]?)(?![\w]|\s?[/\-–]\s?[\w]|[.,:]\d|\s?%)")
_SO = re.compile(r"\sso\s?:?\s?\d")
_UNIT = re.compile(
    r"\s?(?:thang|nam|ngay|quy|tuan|dieu|khoan|muc|chuong|phan|nguoi|dong|trieu|ty|noi\sdung|nhiem\svu|don\svi|xa|huyen|tinh|lop|buoi|san\spham|"
    r"chi\stieu|tieu\schi|diem|ban|to|trang|lan|giai\sdoan|nhom|nganh|ho\b|gio|dot|bo|co\squan|thanh\svien|du\san|de\san|chuong|loai|km|ha|m2|tan|kg|cap)(?!\w)"
)


def short(text: str, folded: str, types: Types) -> list[Mention]:
    """``Quyết định 148``, ``Nghị định 68``, ``Đề án 1816``: a type word with a capital and a bare number."""
    found: list[Mention] = []
    for typed in types.all:
        word = typed.word
        numbered = bool(_SO.match(folded, typed.end))
        if not (word.short or numbered) or not text[typed.start].isupper():
            continue
        bare = _BARE.match(folded, typed.end)
        if not bare or _UNIT.match(folded, bare.end()):
            continue
        if len(bare["n"]) == 1 and not numbered and word.doc_type in ("Chương trình", "Đề án", "Kết luận"):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", bare["n"]) and word.doc_type in ("Chương trình", "Đề án"):
            continue
        mention = Mention(typed.start, bare.end(), bare.end(), word.doc_type, True, None, bare["n"])
        forward(text, folded, mention)
        mention.doubtful = mention.date is None
        found.append(mention)
    return found


_BLANK = re.compile(
    r"\s(?:so)?\s?:?\s?(?:[.…_\s]{0,40})(?P<symbol>/\s?[^\s/]{2,20})?\s?,?\s?(?=ngay[\s.…_]{0,30}\d{0,2}[\s.…_]{0,30}thang[\s.…_]{0,20}\d{0,2}[\s.…_]{0,20}nam)"
)


def blank(text: str, folded: str, types: Types) -> list[Mention]:
    """``Công văn số     /BYT-KCB ngày   tháng 10 năm 2017``: a document whose number was left blank."""
    found: list[Mention] = []
    for typed in types.all:
        hole = _BLANK.match(folded, typed.end)
        if not hole or not (hole["symbol"] or re.search(r"\sso", hole.group())):
            continue
        symbol = None
        end = hole.end()
        if hole["symbol"]:
            raw = text[hole.start("symbol") + 1 : hole.end("symbol")]
            symbol = so_ky_hieu.normal_symbol(raw) if re.fullmatch(so_ky_hieu.CHAIN, raw.strip()) else None
        mention = Mention(typed.start, max(typed.end, end), end, typed.word.doc_type, True)
        mention.symbol = symbol
        mention.doubtful = True
        forward(text, folded, mention)
        while mention.end > mention.start and text[mention.end - 1] in " \n,.:;":
            mention.end -= 1
        mention.core_end = min(mention.core_end, mention.end)
        found.append(mention)
    return found


_ATTACHED_TO = re.compile(r"kem\sth[a-z]{2}\s")


def attached(text: str, folded: str) -> list[Mention]:
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


def named(text: str, folded: str) -> list[Mention]:
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
        mention.name = words(text, match.end(), mention.end)
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
            return words(text, head.end(), stop)
    return None
