"""Form of the head: Quốc hiệu, Tiêu ngữ, agency, number and ký hiệu, place and day, type and trích yếu."""

from __future__ import annotations

import re
from functools import cache

from corpus.checks.form.draft import FormDraft
from corpus.fold import letters
from corpus.tables import rows

_NATION = re.compile(r"cong\s+hoa\s+xa\s+hoi\s+chu\s+nghia\s+viet\s+nam")
_MOTTO = re.compile(r"doc\s+lap(?P<a>\s*[-–—]?\s*)tu\s+do(?P<b>\s*[-–—]?\s*)hanh\s+phuc")
_PARTY_TITLE = re.compile(r"dang\s+cong\s+san\s+viet\s+nam")
_SEGMENT = r"[a-z][a-z0-9&]{0,14}"
_NUMBER = re.compile(
    r"(?:^|\s)so[^\S\n]?(?P<colon>:)?[^\S\n]*(?P<number>\d{1,5}[a-z]?|[.…_]{1,30})?(?P<before>[^\S\n]*)(?P<mark>[/\-–])"
    rf"(?P<behind>[^\S\n]*)(?P<symbol>{_SEGMENT}(?:[^\S\n]?[-–/][^\S\n]?{_SEGMENT}){{0,5}})",
    re.MULTILINE,
)
_NUMBER_WORD = re.compile(r"(?:^|\s)so[^\S\n]?:", re.MULTILINE)
_DAY = re.compile(
    r"(?P<comma>,)?[^\S\n]*ngay[^\S\n]*(?P<day>\d{1,2}|[.…_]{0,20})[^\S\n]*thang[^\S\n]*(?P<month>\d{1,2}|[.…_]{0,20})"
    r"[^\S\n]*nam(?!\w)"
)
_SLASHED_DAY = re.compile(r",[^\S\n]*(?:ngay[^\S\n]*)?\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}")
_ABOUT = re.compile(r"^[^\S\n]*v/v\s", re.MULTILINE)
#: Types whose documents have a trích yếu in any case; an invitation or a certificate may have none.
_WITH_TITLE = frozenset(
    {"Nghị quyết", "Quyết định", "Chỉ thị", "Kế hoạch", "Báo cáo", "Tờ trình", "Thông báo", "Chương trình", "Đề án"}
    | {"Hướng dẫn", "Phương án", "Quy chế", "Quy định", "Dự án"}
)
_LETTER = "Công văn"


def check_header(draft: FormDraft) -> None:
    """Note what the head lacks or writes otherwise."""
    end = draft.head_end()
    places = _check_titles(draft, end)
    if draft.record.issuer is None or draft.record.fields["issuer"].inferred:
        draft.find("co_quan")
    _check_number(draft, end)
    places += _check_day(draft, end)
    _check_type(draft, end)
    if not draft.is_party:
        _check_order(draft, places)


def _check_titles(draft: FormDraft, end: int) -> list[int]:
    """Quốc hiệu and Tiêu ngữ, or the party's title; (where they stand) in the order they should have."""
    nation, motto = _NATION.search(draft.folded, 0, end), _MOTTO.search(draft.folded, 0, end)
    if draft.is_party:
        if not _PARTY_TITLE.search(draft.folded, 0, end):
            draft.find("tieu_de")
        if nation:
            draft.find("quoc_hieu", *nation.span())
        return []
    if nation is None:
        draft.find("quoc_hieu")
    elif not draft.text[slice(*nation.span())].isupper():
        draft.find("quoc_hieu", *nation.span())
    if motto is None:
        draft.find("tieu_ngu")
    elif not all(_is_spaced_dash(motto[name]) for name in ("a", "b")):
        draft.find("tieu_ngu", *motto.span())
    return [found.start() for found in (nation, motto) if found]


def _is_spaced_dash(between: str) -> bool:
    return len(between.strip()) == 1 and between[0].isspace() and between[-1].isspace()


def _check_number(draft: FormDraft, end: int) -> None:
    """The line "Số: 15/QĐ-UBND" or "Số 15-QĐ/TU"."""
    found = next(
        (m for m in _NUMBER.finditer(draft.folded, 0, end) if draft.text[m.start("symbol")].isupper()),
        None,
    )
    if found is None:
        if draft.record.symbol is None and not _NUMBER_WORD.search(draft.folded, 0, end):
            draft.find("so")
        return
    span = (found.start() + found.group()[:1].isspace(), found.end())
    number = found["number"] or ""
    if number.isdigit() and len(number) == 1:
        draft.find("so_khong", *span)
    if draft.is_party:
        _check_party_number(draft, found, span)
        return
    if not found["colon"]:
        draft.find("so_hai_cham", *span)
    written = bool(number) and number[0].isdigit()
    if found["mark"] != "/" or found["behind"] or (written and found["before"]) or re.search(r"\s|/", found["symbol"]):
        draft.find("so_gach_cheo", *span)
    _check_symbol(draft, found, span)


def _check_party_number(draft: FormDraft, found: re.Match[str], span: tuple[int, int]) -> None:
    if found["mark"] == "/" or "/" not in found["symbol"]:
        draft.find("so", *span)


@cache
def _codes() -> dict[str, str]:
    """The abbreviation of each type of administrative documents, folded to letters."""
    return {r["name"]: letters(r["code"]) for r in rows("document_types") if r["family"] == "hanh_chinh" and r["code"]}


def _check_symbol(draft: FormDraft, found: re.Match[str], span: tuple[int, int]) -> None:
    """Whether the ký hiệu begins with the abbreviation of the type."""
    doc_type = draft.record.doc_type
    code = _codes().get(doc_type or "")
    first = letters(re.split(r"\s?[-–/]\s?", draft.text[found.start("symbol") : found.end("symbol")])[0])
    about = _ABOUT.search(draft.folded, 0, draft.head_end())
    is_named_letter = doc_type == _LETTER and about is not None and first in _codes().values()
    if is_named_letter or (code is not None and not first.startswith(code)):
        draft.find("ky_hieu_loai", *span)


def _check_day(draft: FormDraft, end: int) -> list[int]:
    """Place and day; (where they stand)."""
    found = _DAY.search(draft.folded, 0, end)
    if found is None:
        slashed = _SLASHED_DAY.search(draft.folded, 0, end)
        draft.find("dia_danh", *(slashed.span() if slashed else ()))
        return []
    if not found["comma"]:
        draft.find("dia_danh", max(0, found.start() - 20), found.end())
    day, month = found["day"], found["month"]
    if (len(day) == 1 and day.isdigit()) or month in ("1", "2"):
        draft.find("ngay_khong", *found.span())
    return [found.start("day")]


def _check_type(draft: FormDraft, end: int) -> None:
    """Type and trích yếu."""
    record = draft.record
    about = _ABOUT.search(draft.folded, 0, end)
    is_letter = record.doc_type in (None, _LETTER)
    if is_letter:
        if not about and (record.doc_type == _LETTER or not record.addressees):
            draft.find("ten_loai")
        return
    if draft.is_party:
        if record.title is None and record.doc_type in _WITH_TITLE:
            draft.find("ten_loai")
        return
    if about and record.doc_type in _WITH_TITLE:
        draft.find("trich_yeu_vv", *about.span())
    elif record.title is None and record.doc_type in _WITH_TITLE:
        draft.find("trich_yeu")


def _check_order(draft: FormDraft, places: list[int]) -> None:
    """Quốc hiệu, Tiêu ngữ, place and day, type, trích yếu follow each other."""
    fields = draft.record.fields
    for name in ("doc_type", "title"):
        evidence = fields.get(name)
        if evidence is not None and evidence.start is not None and draft.record.doc_type != _LETTER:
            places.append(evidence.start)
    if places != sorted(places):
        draft.find("thu_tu")
