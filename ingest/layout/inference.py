"""What a document does not print but lets one conclude: its issuer, its year, its parent agency.

Everything here is marked as inferred and carries its reason; none of it is ever given as printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus import areas, dates
from corpus.fold import clean, fold, squeeze
from corpus.model import Citation, Evidence
from corpus.tables import rows
from corpus.vocabulary import Zone
from ingest.data import DATA
from ingest.layout.found import Found
from ingest.layout.signer_titles import deputy_of

_LEVEL = r"(?:tỉnh|thành phố|thị xã|huyện|quận|phường|xã|thị trấn|đặc khu)"
_BODY = r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND|Hội đồng nhân dân)"
_AGENCY = r"(?:Sở|Bộ|Phòng|Ban|Chi cục|Cục|Trung tâm|Văn phòng|Liên minh|Hội|UBND|Ủy ban|Uỷ ban)"
# "… của Sở Kế hoạch và Đầu tư./." closes a plan; "Sở X xây dựng kế hoạch …" opens one.
_CLOSING = re.compile(rf"\bcủa\s+({_AGENCY}\s[^.;:/\n]{{2,80}}?)\s*\.\s?/\s?\.")
_OPENING = re.compile(
    rf"(?:^|[.;\n]\s*)({_AGENCY}\s[^.,;:\n]{{2,70}}?)\s+(?:xây dựng|ban hành|tổ chức)\s+(?:kế\s+hoạch|chương trình|"
    rf"báo cáo|hội nghị|tập huấn)",
    re.IGNORECASE,
)
#: Abbreviations that a địa danh may begin with.
_PLACE_PREFIX = re.compile(r"^(TP\.?|TX\.?|Tp\.?|Thành phố|Thị xã)\s*")
#: Bodies whose ký hiệu names no area.
_BODIES = ("UBND", "HĐND")
#: Zones whose citations bound the year from below.
_OWN_ZONES = frozenset({Zone.PREAMBLE, Zone.BODY, Zone.FOOTNOTE})


def issuer(text: str, *, symbol: str | None, place: str | None) -> Found | None:
    """The issuer where the header names none: from ký hiệu and địa danh, or from how the text speaks of itself.

    text: the stored text, into which offsets of the evidence point.
    """
    cleaned = clean(text)
    by_place = _issuer_by_place(cleaned, symbol, place) if symbol and place else None
    if by_place is not None:
        return by_place
    for pattern, confidence, reason in ((_CLOSING, 0.8, "suy từ câu kết"), (_OPENING, 0.7, "suy từ câu mở đầu")):
        match = pattern.search(cleaned)
        if match:
            name = _with_province(squeeze(match[1]), text)
            return _inferred(name, confidence, reason, match.start(1), match.end(1))
    return None


def _issuer_by_place(cleaned: str, symbol: str, place: str) -> Found | None:
    """The UBND or HĐND that the ký hiệu names, of the place at which it issues; its level is found in the text."""
    body = next((name for name in _BODIES if name in re.split(r"[-/]", symbol)), None)
    if body is None:
        return None
    bare = _PLACE_PREFIX.sub("", place).strip()
    spaced = r"\s+".join(re.escape(w) for w in bare.split())
    match = re.search(rf"{_BODY}\s+({_LEVEL})\s+{spaced}", cleaned, re.IGNORECASE)
    if match is None:
        return None
    name = f"{body} {squeeze(match[1]).lower()} {bare}"
    return _inferred(name, 0.85, "suy từ ký hiệu và địa danh", match.start(), match.end())


def _with_province(name: str, text: str) -> str:
    """``Sở Y tế`` alone is sixty agencies: the province that the text names most often is added."""
    if not name.startswith("Sở ") or areas.split(name)[2]:
        return name
    named = areas.mentioned(text)
    return f"{name.removesuffix(' tỉnh')} {areas.full_name(named[0][0])}" if named else name


def _inferred(value: object, confidence: float, reason: str, start: int | None = None, end: int | None = None) -> Found:
    return Found(value, Evidence(confidence, True, True, start=start, end=end, reasons=[reason]))


def year(title: str | None, citations: Sequence[Citation]) -> Found | None:
    """The year of a document without a date: the last year in its title, if not before the last document it cites."""
    cited = max((c.date for c in citations if c.date and c.zone in _OWN_ZONES), default=None)
    years = [int(y) for y in re.findall(r"\b(20\d\d)\b", title or "")]
    if years and (cited is None or max(years) >= int(cited[:4])):
        return _inferred(dates.make(max(years)), 0.6, "suy từ năm trong trích yếu")
    if cited:
        return _inferred(cited[:4], 0.5, "suy từ văn bản được dẫn gần nhất")
    return None


@cache
def _parents() -> tuple[tuple[str, str], ...]:
    return tuple((r["start"], r["parent"]) for r in rows("parents", DATA))


@cache
def _head_titles() -> tuple[tuple[str, str], ...]:
    return tuple((r["start"], r["title"]) for r in rows("head_titles", DATA))


def signer_title(issuer_name: str | None, forms: Sequence[str]) -> Found | None:
    """The title of who signs where it was not read: the head of the issuer, or the deputy where KT. was read.

    None where the form names another office (TL., TUQ.), and for an agency whose head the table does not have.
    """
    if not issuer_name or not {"TL.", "TUQ."}.isdisjoint(forms):
        return None
    folded = fold(issuer_name)
    title = next((t for start, t in _head_titles() if folded.startswith(start)), None)
    if title is None:
        return None
    value = deputy_of(title) if "KT." in forms else title
    return _inferred(value, 0.3, "chức vụ không đọc được, suy từ cơ quan và thể thức ký")


def parent(name: str | None, text: str) -> Found | None:
    """The agency above *name* by its kind (Sở → UBND tỉnh), of the province that the text names most often."""
    if not name:
        return None
    folded = fold(name)
    above = next((p for start, p in _parents() if folded.startswith(start)), None)
    if above is None:
        return None
    if above == "UBND tỉnh":
        named = areas.mentioned(text)
        if not named:
            return None
        reason = "suy từ loại cơ quan và tỉnh được nhắc nhiều nhất"
        return _inferred(f"UBND {areas.full_name(named[0][0])}", 0.7, reason)
    return _inferred(above, 0.6, "suy từ loại cơ quan")
