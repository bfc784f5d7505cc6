"""Form of body and end: articles, annexes, signature, Nơi nhận."""

from __future__ import annotations

import re

from corpus.checks.form.draft import FormDraft
from corpus.fold import fold
from corpus.quotations import quoted_spans

_ARTICLE = re.compile(
    r"^[^\S\n]*(?:Điều|ĐIỀU)[^\S\n]+(?P<number>\d{1,3})(?P<mark>[^\S\n]*[.:](?=\s)|(?=[^\S\n]+[A-ZĐ]))", re.M
)
_ANNEX = re.compile(r"^[^\S\n]*(?:PHỤ LỤC|Phụ lục)(?:[^\S\n]+(?:số[^\S\n]+)?(?P<label>[\w.]{1,6}))?[^\S\n]*$", re.M)
_STATE_FORM = re.compile(r"(?:^|\s)(?P<form>T/M|K/T|T/L|(?:TM|KT|TL|TUQ)(?!\.))[^\S\n]+(?=[A-ZĐỦỤÂ]{2})", re.M)
_PARTY_FORM = re.compile(r"(?:^|\s)(?P<form>(?:TM|KT|TL)\.?)[^\S\n]+(?=[A-ZĐỦỤÂ]{2})", re.M)
_DEGREE = re.compile(r"(?:(?:GS|PGS|TS|ThS|Th\.S|BS|KS|CN|NGƯT|TTƯT)\s?[.,]\s?){1,4}$")
# Bodies of education, health and science may print degrees (the same rule).
_WITH_DEGREES = re.compile(r"truong|hoc vien|vien |benh vien|trung tam y te|dai hoc")
_DEPUTY = re.compile(r"^(?:pho |thu truong|uy vien|quyen )")
# Types that a committee issues as a whole; letters and notices its chairman may sign for himself.
_COLLECTIVE = frozenset({"Kế hoạch", "Báo cáo", "Tờ trình", "Chương trình", "Đề án", "Nghị quyết", "Quyết định"})
_HEAD_OF_COMMITTEE = re.compile(r"^(?:pho )?chu tich$")
_AUTHORITY_LINE = re.compile(r"^[^\S\n]*chu tich (?:uy ban nhan dan|ubnd)", re.MULTILINE)
_ITEM = re.compile(r"^[^\S\n]*[-–+][^\S\n]*(?P<words>\S[^\n]*?)(?:[^\S\n]{3,}[^\n]*)?$")
_SIGNATURE_WORDS = re.compile(r"(?:TM|KT|TL|TUQ)\.|[A-ZĐỦỤ]{3,} [A-ZĐỊÁÍ]{3,}")
_KEEP = re.compile(r"luu\s*(?P<colon>:)?\s*(?P<what>vt|van thu|van phong|hc|h\w|vp)?")
#: Characters before and behind the end of a document in which the signature stands.
_BEFORE, _BEHIND = 400, 1500
_LETTERS = ("Công văn", "Tờ trình")


def check_ending(draft: FormDraft) -> None:
    """Note what body and end lack or write otherwise."""
    _check_articles(draft)
    _check_annexes(draft)
    _check_signature(draft)
    _check_recipients(draft)


def _check_articles(draft: FormDraft) -> None:
    """Articles of the document itself, outside quotations: numbered without gaps, "." behind the number."""
    quoted = quoted_spans(draft.text)
    before = 0
    _, end = _tail(draft)
    for match in _ARTICLE.finditer(draft.text, 0, end or len(draft.text)):
        if any(start <= match.start("number") < end for start, end in quoted):
            continue
        number, mark = int(match["number"]), match["mark"].strip()
        if (not mark and number != before + 1) or _goes_on(draft.text, match.start()):
            continue
        if number not in (before + 1, 1):
            draft.find("dieu_so", match.start(), match.end())
        if mark != ".":
            draft.find("dieu_cham", match.start(), match.end())
        before = number


def _goes_on(text: str, at: int) -> bool:
    """Whether the line before goes on at *at*: "được quy định tại ⏎ Điều 10." begins no article."""
    before = text[:at].rstrip()[-1:]
    return before.islower() or before in (",", "(")


def _check_annexes(draft: FormDraft) -> None:
    found = list(_ANNEX.finditer(draft.text))
    if len({m["label"] for m in found}) < 2:
        return
    for match in found:
        label = match["label"]
        if (
            label is not None
            and label[0].isdigit() is not draft.is_party
            and not (draft.is_party and label.isalpha() and len(label) > 4)
        ):
            draft.find("phu_luc_so", *match.span())
            return


def _tail(draft: FormDraft) -> tuple[int, int]:
    """Where the signature of the document itself stands."""
    recipients = draft.recipients()
    places = [e.start for name in ("signer_title", "signer") if (e := draft.record.fields.get(name)) and e.start]
    if recipients:
        places.append(recipients.start())
    if not places:
        return 0, 0
    return max(draft.head_end(), min(places) - _BEFORE), min(len(draft.text), min(places) + _BEHIND)


def _check_signature(draft: FormDraft) -> None:
    record = draft.record
    start, end = _tail(draft)
    pattern = _PARTY_FORM if draft.is_party else _STATE_FORM
    wrong = pattern.search(draft.text, start, end)
    if wrong:
        draft.find("viet_tat_ky", wrong.start("form"), min(wrong.end("form") + 40, end))
    if record.signer_title is None and record.signer is None:
        draft.find("nguoi_ky")
        return
    if draft.is_party:
        return
    title = fold(record.signer_title or "")
    forms = record.signing_form or []
    if title and not wrong:
        _check_form(draft, title, forms)
    _check_degree(draft)


def _check_form(draft: FormDraft, title: str, forms: list[str]) -> None:
    """TM. for a committee, KT. for a deputy."""
    place = draft.record.fields["signer_title"]
    span = (place.start, place.end) if place.start is not None else (None, None)
    by_order = {"TL.", "TUQ.", "Q."} & set(forms)
    if title.startswith(("pho ", "thu truong")) and not {"KT.", *by_order} & set(forms):
        draft.find("kt", *span)
    if "KT." in forms and not _DEPUTY.search(title):
        draft.find("kt_pho", *span)
    issuer = fold(draft.record.issuer or "")
    alone = _AUTHORITY_LINE.search(draft.folded, 0, draft.preamble_end())
    is_head = issuer.startswith("uy ban nhan dan") and bool(_HEAD_OF_COMMITTEE.search(title)) and not alone
    if is_head and draft.record.doc_type in _COLLECTIVE and not {"TM.", *by_order} & set(forms):
        draft.find("tm", *span)


def _check_degree(draft: FormDraft) -> None:
    place = draft.record.fields.get("signer")
    if place is None or place.start is None or _WITH_DEGREES.search(fold(draft.record.issuer or "")):
        return
    before = _DEGREE.search(draft.text, max(0, place.start - 20), place.start)
    if before:
        draft.find("hoc_ham", before.start(), place.end)


def _check_recipients(draft: FormDraft) -> None:
    """Kính gửi, Nơi nhận, Lưu."""
    record = draft.record
    if record.doc_type in _LETTERS and not record.addressees:
        draft.find("kinh_gui")
    found = draft.recipients()
    if found is None:
        if not draft.is_of_gazette:
            draft.find("noi_nhan")
        return
    items = _items(draft, found.end())
    keep = _KEEP.search(draft.folded, found.end(), min(len(draft.text), found.end() + _BEHIND))
    if keep is None:
        draft.find("luu")
    if not found["colon"]:
        draft.find("noi_nhan_hai_cham", *found.span())
    if record.doc_type in _LETTERS and record.recipients and "nhu tren" not in fold(" ".join(record.recipients)):
        draft.find("nhu_tren", *found.span())
    wrongly_kept = keep and (not keep["colon"] or keep["what"] not in ("vt", "van thu"))
    if keep and wrongly_kept and not draft.is_party:
        draft.find("luu", keep.start(), keep.end())
    if not items and record.recipients:
        draft.find("noi_nhan_dong", *found.span())
    _check_items(draft, items)


def _items(draft: FormDraft, at: int) -> list[tuple[int, int, bool]]:
    """(start, end, is followed at once by the next) of each line of the list that begins with a dash."""
    items: list[tuple[int, int, bool]] = []
    lines = draft.text[at : at + _BEHIND].split("\n")
    offset = at
    for number, line in enumerate(lines):
        match = _ITEM.match(line)
        if match:
            following = lines[number + 1] if number + 1 < len(lines) else ""
            items.append((offset + match.start("words"), offset + match.end("words"), bool(_ITEM.match(following))))
        elif items and line.strip() and fold(draft.text[items[-1][0] : items[-1][1]]).startswith("luu"):
            break
        offset += len(line) + 1
    return items


def _check_items(draft: FormDraft, items: list[tuple[int, int, bool]]) -> None:
    """The end mark: ";" (party: ",") behind each, "." behind the last; those of several lines are left."""
    mark = "," if draft.is_party else ";"
    for start, end, followed in items:
        words = draft.text[start:end].rstrip()
        is_last = fold(words).startswith("luu")
        if _SIGNATURE_WORDS.search(words):
            continue
        if is_last and not words.endswith("."):
            draft.find("luu", start, end)
            return
        if not is_last and followed and not words.endswith(mark):
            draft.find("noi_nhan_dong", start, end)
            return
