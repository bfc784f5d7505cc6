"""What a title says of other documents: "sửa đổi, bổ sung một số điều của Nghị định số 27/2022/NĐ-CP".

A title that is cited in full states a fact about the cited document, never a relation of the citing one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus import dates
from corpus.fold import clean, fold, letters
from corpus.so_ky_hieu import PATTERN, SoKyHieu, from_match
from corpus.vocabulary import Relation

# Folded verbs and their relation; of several before a number the last one counts, within its clause.
_VERBS = (
    (r"thay the", Relation.REPLACES),
    (r"bai bo|huy bo", Relation.REPEALS),
    (r"dinh chinh", Relation.CORRECTS),
    (r"sua doi|bo sung|dieu chinh", Relation.AMENDS),
    (r"huong dan|quy dinh chi tiet", Relation.GUIDES),
)
_DATE = re.compile(r"\s*(?:,\s*)?ngay\s+(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a title acts on."""

    #: By the verb before it.
    relation: Relation
    so_ky_hieu: SoKyHieu
    #: The date that follows it (EDTF), if any.
    date: str | None


def named_in(title: str) -> list[Named]:
    """The documents that a title replaces, repeals, corrects, amends or guides; others are left out."""
    text = clean(title)
    if "/" not in text:
        return []
    folded = fold(text)
    found = []
    for match in PATTERN.finditer(text):
        before = folded[: match.start()]
        verbs = [(m.end(), relation) for verb, relation in _VERBS for m in re.finditer(rf"\b(?:{verb})\b", before)]
        # "phê duyệt kế hoạch … theo Nghị quyết số": no other clause may stand between the verb and the number.
        if not verbs or re.search(r"\b(theo|tai|cua uy ban|thuc hien|can cu)\b", before[max(verbs)[0] :]):
            continue
        day = _DATE.match(folded, match.end())
        date = dates.make(int(day[3]), int(day[2]), int(day[1])) if day else None
        found.append(Named(max(verbs)[1], from_match(match), date))
    return found


def fits(named: Named, sym_key: str | None, year: str | None) -> bool:
    """Whether a document of the same number, of that ký hiệu and year, can be the one named."""
    written = named.so_ky_hieu.year or (named.date or "")[:4]
    return letters(named.so_ky_hieu.symbol) == (sym_key or "") and (not written or not year or written == year)
