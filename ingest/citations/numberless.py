"""Mentions without a whole number: a bare number, a blank one, an attachment's parent, a căn cứ cited by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus import so_ky_hieu
from ingest.citations.context import one_line, read_forward
from ingest.citations.issuers import name_end
from ingest.citations.mention import Mention
from ingest.citations.tokenise import Typed, Types, TypeWord, dates_in, type_of_phrase, type_pattern

_BARE = re.compile(r"\s(?:so\s)?(?P<n>\d{1,4}[a-z]?)(?![\w]|\s?[/\-–]\s?[\w]|[.,:]\d|\s?%)")
_SO = re.compile(r"\sso\s?:?\s?\d")
_UNIT = re.compile(
    r"\s?(?:thang|nam|ngay|quy|tuan|dieu|khoan|muc|chuong|phan|nguoi|dong|trieu|ty|noi\sdung|"
    r"nhiem\svu|don\svi|xa|huyen|tinh|lop|buoi|san\spham|"
    r"chi\stieu|tieu\schi|diem|ban|to|trang|lan|giai\sdoan|nhom|nganh|ho\b|gio|dot|bo|co\squan|"
    r"thanh\svien|du\san|de\san|chuong|loai|km|ha|m2|tan|kg|cap)(?!\w)"
)
#: Types behind which a single digit or a year is part of a name.
_NAMED_BY_DIGIT = ("Chương trình", "Đề án", "Kết luận")
_NAMED_BY_YEAR = ("Chương trình", "Đề án")
_BLANK = re.compile(
    r"\s(?:so)?\s?:?\s?(?:[.…_\s]{0,40})(?P<symbol>/\s?[^\s/]{2,20})?\s?,?"
    r"\s?(?=ngay[\s.…_]{0,30}\d{0,2}[\s.…_]{0,30}thang[\s.…_]{0,20}\d{0,2}[\s.…_]{0,20}nam)"
)
_ATTACHED_TO = re.compile(r"kem\sth[a-z]{2}\s")
_BASIS = re.compile(r"(?:^|(?<=[\n;.:\-–(]\s)|(?<=[\n;.:(]))can\scu\s(?:vao\s)?")
_NAME_END = re.compile(
    r"[;]|\.(?=\s|$)|\n(?=can\scu|xet\s|theo\s)|,?\s(?=ve\sviec)|,\s?\n|,\s(?=(?:uy\sban|ubnd|so|chu\stich|ban)\s)"
)
_AGENCY_IN_NAME = re.compile(r"(?:cua\s|\s)(?=(?:hoi\sdong|so|ubnd|uy\sban|ban|bo)\s)")
#: Characters of the longest name, and of the line that names an attachment's parent.
_MAX_NAME, _MAX_PARENT = 260, 90


def short(text: str, folded: str, types: Types) -> Iterator[Mention]:
    """``Quyết định 148``, ``Nghị định 68``, ``Đề án 1816``: a type word with a capital and a bare number."""
    for typed in types.all:
        bare = _bare_number(text, folded, typed)
        if bare is not None:
            mention = Mention(typed.start, bare.end(), bare.end(), typed.word.doc_type, True, None, bare["n"])
            read_forward(text, folded, mention)
            mention.doubtful = mention.date is None
            yield mention


def _bare_number(text: str, folded: str, typed: Typed) -> re.Match[str] | None:
    """The bare number behind a type word; None where there is none, or it counts something."""
    word = typed.word
    has_so = bool(_SO.match(folded, typed.end))
    if not (word.short or has_so) or not text[typed.start].isupper():
        return None
    bare = _BARE.match(folded, typed.end)
    if not bare or _UNIT.match(folded, bare.end()):
        return None
    if len(bare["n"]) == 1 and not has_so and word.doc_type in _NAMED_BY_DIGIT:
        return None
    if re.fullmatch(r"(?:19|20)\d\d", bare["n"]) and word.doc_type in _NAMED_BY_YEAR:
        return None
    return bare


def blank(text: str, folded: str, types: Types) -> Iterator[Mention]:
    """``Công văn số     /BYT-KCB ngày   tháng 10 năm 2017``: a document whose number was left blank."""
    for typed in types.all:
        hole = _BLANK.match(folded, typed.end)
        if not hole or not (hole["symbol"] or re.search(r"\sso", hole.group())):
            continue
        end = hole.end()
        mention = Mention(typed.start, max(typed.end, end), end, typed.word.doc_type, True)
        if hole["symbol"]:
            raw = text[hole.start("symbol") + 1 : hole.end("symbol")]
            is_symbol = re.fullmatch(so_ky_hieu.CHAIN, raw.strip())
            mention.symbol = so_ky_hieu.normal_symbol(raw) if is_symbol else None
        mention.doubtful = True
        read_forward(text, folded, mention)
        while mention.end > mention.start and text[mention.end - 1] in " \n,.:;":
            mention.end -= 1
        mention.core_end = min(mention.core_end, mention.end)
        yield mention


def attached(text: str, folded: str) -> Iterator[Mention]:
    """``(Kèm theo Công văn …)`` over an attachment cites a document even where its number is blank or unreadable."""
    for cue in _ATTACHED_TO.finditer(folded):
        if "(" not in folded[max(0, cue.start() - 14) : cue.start()]:
            continue
        found = _type_at(folded, cue.end())
        if found is None or re.match(r"\snay", folded[found[0].end() : found[0].end() + 5]):
            continue
        match, word = found
        stop = re.compile(r"[)\n;]|$").search(folded, match.end(), min(len(folded), match.end() + _MAX_PARENT))
        end = stop.start() if stop else match.end()
        while end > match.end() and text[end - 1] in " ,.:;":
            end -= 1
        mention = Mention(match.start(), end, end, word.doc_type)
        mention.doubtful = True
        mention.date = next((d.edtf for d in dates_in(folded, match.end(), end) if d.edtf), None)
        yield mention


def named(text: str, folded: str) -> Iterator[Mention]:
    """A căn cứ without any number, cited by name or date: ``Căn cứ Biên bản cuộc họp … ngày 20/12/2017;``."""
    for cue in _BASIS.finditer(folded):
        found = _type_at(folded, cue.end())
        if found is None or not text[found[0].start()].isupper():
            continue
        match, word = found
        limit = min(len(folded), match.end() + _MAX_NAME)
        stop = _NAME_END.search(folded, match.end(), limit)
        end = stop.start() if stop else limit
        dates = dates_in(folded, match.end(), end)
        first = text[match.end() : match.end() + 2].strip()
        if (not dates and not first[:1].isupper()) or re.search(r"\d\s?/\s?[a-z]", folded[match.end() : end]):
            continue
        mention = Mention(match.start(), end, end, word.doc_type)
        if dates:
            mention.date = dates[-1].edtf
            if dates[-1].end < end and re.match(r"\s(?:cua|ve)", folded[dates[-1].end : dates[-1].end + 6]):
                mention.end = mention.core_end = dates[-1].end
        mention.name = one_line(text, match.end(), mention.end)
        mention.doubtful = True
        mention.issuer = _agency_in(text, folded, match.end(), mention.end)
        yield mention


def _type_at(folded: str, at: int) -> tuple[re.Match[str], TypeWord] | None:
    """The type word that begins at *at*."""
    match = type_pattern().match(folded, at)
    word = type_of_phrase(match.group()) if match else None
    return (match, word) if match and word else None


def _agency_in(text: str, folded: str, start: int, end: int) -> str | None:
    """The first agency named within start…end."""
    for head in _AGENCY_IN_NAME.finditer(folded, start, end):
        stop = name_end(text, folded, head.end())
        if stop is not None and stop <= end:
            return one_line(text, head.end(), stop)
    return None
