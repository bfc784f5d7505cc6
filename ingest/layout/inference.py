"""What a document does not print but lets one conclude: its issuer, its year, its parent agency (domain rules of §1.5.6).

Everything here is marked inferred and carries its reason; nothing of it is ever given as printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus import areas, dates
from corpus.fold import clean, fold, squeeze
from corpus.model import Citation, Evidence
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout.header import Found

_LEVEL = r"(?:tỉnh|thành phố|thị xã|huyện|quận|phường|xã|thị trấn|đặc khu)"
_BODY = r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND|Hội đồng nhân dân)"
_AGENCY = r"(?:Sở|Bộ|Phòng|Ban|Chi cục|Cục|Trung tâm|Văn phòng|Liên minh|Hội|UBND|Ủy ban|Uỷ ban)"
# "… của Sở Kế hoạch và Đầu tư./." closes a plan; "Sở X xây dựng kế hoạch …" opens one.
_CLOSING = re.compile(rf"\bcủa\s+({_AGENCY}\s[^.;:/\n]{{2,80}}?)\s*\.\s?/\s?\.")
_OPENING = re.compile(
    rf"(?:^|[.;\n]\s*)({_AGENCY}\s[^.,;:\n]{{2,70}}?)\s+(?:xây dựng|ban hành|tổ chức)\s+(?:kế\s+hoạch|chương trình|báo cáo|hội nghị|tập huấn)",
    re.IGNORECASE,
)


def issuer(text: str, *, symbol: str | None, place: str | None) -> Found | None:
    """The issuer where the header names none, from the ký hiệu with the địa danh, or from how the text speaks of itself.

    *text* is the stored text; offsets of the evidence point into it.
    """
    if symbol and place:
        body = next(
            (name for code, name in (("UBND", "UBND"), ("HĐND", "HĐND")) if code in re.split(r"[-/]", symbol)), None
        )
        if body:
            bare = re.sub(r"^(TP\.?|TX\.?|Tp\.?|Thành phố|Thị xã)\s*", "", place).strip()
            pattern = re.compile(rf"{_BODY}\s+({_LEVEL})\s+{_spaced(bare)}", re.IGNORECASE)
            match = pattern.search(clean(text))
            if match:
                return _found(
                    f"{body} {squeeze(match[1]).lower()} {bare}",
                    match.start(),
                    match.end(),
                    0.85,
                    "suy từ ký hiệu và địa danh",
                )
    cleaned = clean(text)
    for pattern, confidence, reason in ((_CLOSING, 0.8, "suy từ câu kết"), (_OPENING, 0.7, "suy từ câu mở đầu")):
        match = pattern.search(cleaned)
        if match:
            return _found(_with_province(squeeze(match[1]), text), match.start(1), match.end(1), confidence, reason)
    return None


def _with_province(name: str, text: str) -> str:
    """``Sở Y tế`` alone is sixty agencies: the province the text names most is added."""
    if not name.startswith("Sở ") or areas.split(name)[2]:
        return name
    named = areas.mentioned(text)
    return f"{name.removesuffix(' tỉnh')} {areas.full_name(named[0][0])}" if named else name


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(w) for w in words.split())


def _found(value: object, start: int | None, end: int | None, confidence: float, reason: str) -> Found:
    return Found(value, Evidence(confidence, True, True, None, None, start, end, [reason]))


def year(title: str | None, citations: Sequence[Citation]) -> Found | None:
    """The year of a document that prints no date: the last year of its title, not before the last thing it cites."""
    cited = max((c.date for c in citations if c.date and c.zone in {"preamble", "body", "footnote"}), default=None)
    years = [int(y) for y in re.findall(r"\b(20\d\d)\b", title or "")]
    if years and (cited is None or max(years) >= int(cited[:4])):
        return _found(dates.make(max(years)), None, None, 0.6, "suy từ năm trong trích yếu")
    if cited:
        return _found(cited[:4], None, None, 0.5, "suy từ văn bản được dẫn gần nhất")
    return None


@cache
def _parents() -> tuple[tuple[str, str], ...]:
    return tuple((r["start"], r["parent"]) for r in rows("parents", DATA))


def parent(name: str | None, text: str) -> Found | None:
    """The agency above *name* by its kind (Sở → UBND tỉnh), its province the one the text names most."""
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
        return _found(
            f"UBND {areas.full_name(named[0][0])}", None, None, 0.7, "suy từ loại cơ quan và tỉnh được nhắc nhiều nhất"
        )
    return _found(above, None, None, 0.6, "suy từ loại cơ quan")
