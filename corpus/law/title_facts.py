"""What a title says of other documents: "sửa đổi, bổ sung một số điều của Nghị định số 27/2022/NĐ-CP".

Such a title, cited in full, makes a fact about the *cited* document, never a relation of the citing one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus import dates
from corpus.fold import clean, fold, letters
from corpus.so_ky_hieu import PATTERN, SoKyHieu, from_match

# Verb (folded) → relation; the last one before the number counts, within a clause.
_VERBS = (
    (r"thay the", "thay_the"),
    (r"bai bo|huy bo", "bai_bo"),
    (r"dinh chinh", "dinh_chinh"),
    (r"sua doi|bo sung|dieu chinh", "sua_doi_bo_sung"),
    (r"huong dan|quy dinh chi tiet", "huong_dan"),
)
_DATE = re.compile(r"\s*(?:,\s*)?ngay\s+(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a title names, with the verb's relation and the date that follows, if any."""

    relation: str
    so_ky_hieu: SoKyHieu
    date: str | None


def named_in(title: str) -> list[Named]:
    """The documents a title acts on; none for a number that no verb of :data:`_VERBS` governs."""
    text = clean(title)
    if "/" not in text:
        return []
    folded = fold(text)
    found = []
    for match in PATTERN.finditer(text):
        before = folded[: match.start()]
        verbs = [(m.end(), relation) for verb, relation in _VERBS for m in re.finditer(rf"\b(?:{verb})\b", before)]
        # "phê duyệt kế hoạch … theo Nghị quyết số": the verb must reach the number without another clause between.
        if not verbs or re.search(r"\b(theo|tai|cua uy ban|thuc hien|can cu)\b", before[max(verbs)[0] :]):
            continue
        day = _DATE.match(folded, match.end())
        date = dates.make(int(day[3]), int(day[2]), int(day[1])) if day else None
        found.append(Named(max(verbs)[1], from_match(match), date))
    return found


def fits(named: Named, sym_key: str | None, year: str | None) -> bool:
    """Whether a document of that ký hiệu and year can be the one named (their numbers being equal)."""
    said = named.so_ky_hieu.year or (named.date or "")[:4]
    return letters(named.so_ky_hieu.symbol) == (sym_key or "") and (not said or not year or said == year)
