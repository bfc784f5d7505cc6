"""Whose provisions a row names: a document cited behind it, one cited before it, or the document itself."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.citations.clean import WorkingCopy
from ingest.citations.mention import Mention
from ingest.provisions.grammar import Provision, Row, rows_in

# Between a row and the document that it is of: "của", "tại", "ban hành kèm theo", a dash.
_OF = re.compile(
    r"\)?[\s,:]{0,2}[-–]?\s?(?:(?:cua|tai|trong|thuoc|theo|o|cac|ve|ban\shanh|duoc|kem|va|quy\sdinh|dinh\skem)\s){0,5}"
)
_JOINS_ANOTHER = re.compile(r"(?:^|\s)(?:va|theo|quy\sdinh)\s")
_ATTACHED = re.compile(r"\skem\stheo\s|\sban\shanh\stai\s|\sban\shanh\stheo\s|\sdinh\skem\s")
# A text that a document promulgates: "Điều 6 Quy chế … ban hành kèm theo Quyết định số …".
_PROMULGATED = re.compile(
    r"\s?,?\s?(?:cua\s|tai\s|trong\s|thuoc\s)?"
    r"(?P<what>quy\sche|quy\sdinh|dieu\sle|quy\strinh|chuong\strinh|de\san|ke\shoach|huong\sdan|danh\smuc|"
    r"bo\stieu\schi|"
    r"quy\schuan|dinh\smuc|phu\sluc)(?!\w)[^;.:(]{0,260}?\s(?:kem\stheo|ban\shanh\s(?:theo|tai))\s(?:cac\s)?$"
)
# "quy định chi tiết Điều 5 và biện pháp thi hành Luật …"
_DETAILS = re.compile(r"\sva\s(?:cac\s|mot\sso\s)?(?:bien\sphap|noi\sdung)(?!\w)[^.;:()]{0,80}?\s(?:thi\shanh|cua)\s$")
_ITSELF = re.compile(
    r"\)?,?\s?(?:cua\s|tai\s|trong\s|thuoc\s|ban\shanh\s|kem\stheo\s|cua\scac\s){0,3}"
    r"(?P<what>bo\sluat|luat|phap\slenh|nghi\sdinh|nghi\squyet|quyet\sdinh|"
    r"thong\stu(?:\slien\stich)?|chi\sthi|ke\shoach|quy\sche|quy\sdinh|"
    r"quy\strinh|dieu\sle|huong\sdan|chuong\strinh|de\san|"
    r"thong\sbao|van\sban|cong\svan|bo\stieu\schi|hiep\sdinh|hop\sdong)\snay(?!\w)"
)
_KEM_THEO = re.compile(
    r"\s(?:dinh\s|ban\shanh\s)?kem\stheo(?!\s(?:nghi|quyet|thong|cong|luat|ke|van|to|quy|chi|bao|huong)\w*)"
)
# Between a document and the row behind it: "(Điều 5)", "tại Điều 5", ": Điều 5".
_BEHIND = re.compile(r"(?:\s?\((?:tai\s)?|,?\s(?:tai|o)\s|[ ]|\s?:[ ])(?:cac\s)?")
_AFTER = re.compile(r"\s?(?:[,;.)\n]|$|(?:quy\sdinh|neu|ve|da|duoc|va|nhu|thi|co)(?!\w))")
#: Characters between a row and the document that promulgated its text, and to the document before it.
_FAR, _NEAR = 330, 16


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row that names provisions of the document itself, with the words that say so."""

    start: int
    end: int
    provisions: tuple[Provision, ...]
    #: Whether it names a unit that contains it ("khoản 2 Điều này").
    is_of_the_text: bool = False


def attach(work: WorkingCopy, mentions: Sequence[Mention]) -> tuple[dict[int, list[Provision]], list[OwnRow]]:
    """(provisions by the index of the mention they belong to, references of the document to itself).

    A row that names nothing whose it is ("theo khoản 2") belongs to neither.
    """
    starts = [mention.start for mention in mentions]
    found: dict[int, list[Provision]] = {}
    own: list[OwnRow] = []
    for row in rows_in(work.text, work.folded):
        itself = _ITSELF.match(work.folded, row.end)
        if itself:
            own.append(OwnRow(row.start, itself.end(), tuple(row.provisions()), row.is_of_the_text))
            continue
        index = _owner_behind(work, mentions, starts, row)
        if index is None:
            index = _owner_before(work, mentions, starts, row)
        if index is not None:
            found.setdefault(index, []).extend(row.provisions())
        elif row.is_of_the_text:
            own.append(OwnRow(row.start, row.end, tuple(row.provisions()), is_of_the_text=True))
        elif row.groups[-1].labels[0].value and _KEM_THEO.match(work.folded, row.end):
            own.append(OwnRow(row.start, row.end, tuple(row.provisions())))
    return found, own


def _owner_behind(work: WorkingCopy, mentions: Sequence[Mention], starts: Sequence[int], row: Row) -> int | None:
    """The document behind the row, where only words of belonging stand between."""
    if row.is_of_the_text:
        return None
    index = bisect_left(starts, row.end)
    if index == len(mentions) or starts[index] - row.end > _FAR:
        return None
    gap = work.folded[row.end : starts[index]]
    if _OF.fullmatch(gap) and (not _JOINS_ANOTHER.search(gap) or _ATTACHED.search(gap)):
        return index
    return index if _PROMULGATED.fullmatch(gap) or _DETAILS.fullmatch(gap) else None


def _owner_before(work: WorkingCopy, mentions: Sequence[Mention], starts: Sequence[int], row: Row) -> int | None:
    """The document before the row: "Luật Đất đai (Điều 5)", "Nghị định số 98 tại khoản 1 Điều 3"."""
    index = bisect_left(starts, row.start) - 1
    if index < 0 or row.is_of_the_text:
        return None
    gap = work.folded[mentions[index].end : row.start]
    if len(gap) > _NEAR or not _BEHIND.fullmatch(gap) or not _AFTER.match(work.folded, row.end):
        return None
    return index
