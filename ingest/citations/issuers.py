"""Who issued: an agency's name, read forward from its first word or found before the type word."""

from __future__ import annotations

import re

from corpus.fold import fold
from ingest.citations.issuer_name import rest_of_name
from ingest.citations.issuer_spelling import name_of, spelling_pattern
from ingest.citations.issuer_words import head_pattern, is_common_noun, is_whole_name, known_name_end

#: Characters before a type word in which its issuer is looked for.
_LOOK_BACK = 170
# The term of an elected body: "(khóa XII)", "khóa XV".
_TERM = re.compile(r"\s?\(?khoa\s[ivxl\d]{1,6}\b\)?")
_BEFORE = re.compile(
    r"(?:\s|^)(?:da\s|cung\s|vua\s)?(?:(?:ban\shanh|phe\sduyet|quy\sdinh|huong\sdan|neu|thong\sbao|"
    r"de\snghi|y\skien|chi\sdao)?"
    r"\s?(?:tai|theo|kem\stheo|trong)|ban\shanh|co|gui|ky|trinh)(?:\scac|\snhung|\s02|\s2)?(?:\s|:\s?)*$"
)
_PROPOSED = re.compile(r"(?:de\snghi|y\skien|chi\sdao|de\sxuat)\scua\s$")
_SEVERAL_NAMES = re.compile(r"[;:.()]|\btai\b")


def name_end(text: str, folded: str, start: int) -> int | None:
    """Where the agency's name that begins at *start* ends; None where no agency begins there."""
    capital = text[start : start + 1].isupper()
    head = head_pattern().match(folded, start)
    if not head:
        return _glued_name_end(text, folded, start) if capital else None
    if not (capital or folded.startswith("lien", start)):
        return None
    known = known_name_end(folded, start, head.end())
    if known is None and not is_whole_name(head.group()):
        return rest_of_name(text, folded, head.end())
    end = known or head.end()
    term = _TERM.match(folded, end)
    return term.end() if term else end


def _glued_name_end(text: str, folded: str, start: int) -> int | None:
    """The end of a name whose first words lost the space between them (``SởY tế``)."""
    glued = spelling_pattern().match(folded, start)
    if not glued or not head_pattern().match(fold(name_of(glued.group()))):
        return None
    return rest_of_name(text, folded, glued.end())


def agency_before(text: str, folded: str, start: int, floor: int) -> tuple[int, int] | None:
    """The agency that stands before the type word at *start* (``Sở … tại Công văn số``); None without one.

    Looks back over a bounded distance, and not past *floor*.
    """
    floor = max(floor, start - _LOOK_BACK, 0)
    joint = _BEFORE.search(folded[floor:start])
    if not joint:
        return None
    limit = floor + joint.start()
    for head in head_pattern().finditer(folded, floor, limit):
        begin = head.start()
        if not text[begin].isupper() or is_common_noun(text[begin:limit]):
            continue
        end = name_end(text, folded, begin)
        if end is not None and end >= limit and limit - begin > 2:
            return begin, limit
        # Between "của" and "tại" stands one name, whatever words it has ("đề nghị của Hội đồng đánh giá, phân hạng …").
        if _PROPOSED.search(folded, floor, begin) and not _SEVERAL_NAMES.search(folded[begin:limit]):
            return begin, limit
    return None
