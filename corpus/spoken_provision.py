"""Reads a provision and the document it is of as a person types them: ``Điều 5 Nghị định 30/2020/NĐ-CP``.

With or without diacritics, before or behind the document, the smaller unit first or last.
"""

from __future__ import annotations

import re

from corpus.fold import clean, fold, nfc, squeeze
from corpus.model import Pinpoint

_UNIT = re.compile(
    r"(?:(?P<point>diem) (?P<point_label>[a-z]{1,2}|\d{1,2})|(?P<clause>khoan) (?P<clause_label>\d{1,3}[a-z]?)"
    r"|(?P<article>dieu) (?P<article_label>\d{1,3}[a-z]?)"
    r"|(?P<appendix>phu luc)(?: (?:so )?(?P<appendix_label>[ivxl]{1,6}|\d{1,2}[a-z]?|[a-h]))?)(?!\w)[ ,]{0,2}"
)
_OF = re.compile(r"(?:(?:cua|tai|trong|ban hanh|kem theo) ){1,3}")
_LABELS = ("point", "clause", "article", "appendix")


def split_provision(typed: str) -> tuple[Pinpoint | None, str]:
    """(the provision that *typed* names, the rest: the document); (None, *typed*) where it names none."""
    text = squeeze(clean(nfc(typed)))
    folded = fold(text)
    for start in _starts(folded):
        found, end = _units(text, folded, start)
        if not found or (start and not found.keys() & {"article", "appendix"}):  # "thời điểm a" is none
            continue
        of = _OF.match(folded, end)
        rest = text[of.end() if of else end :].strip(" ,") if start == 0 else text[:start].strip(" ,:(")
        if rest and (start == 0 or not folded[end:].strip(" ).")):
            article, clause, point = (found.get(name) for name in ("article", "clause", "point"))
            return Pinpoint(start, end, article, clause, point, appendix=found.get("appendix")), rest
    return None, typed


def _starts(folded: str) -> list[int]:
    """Where the provision may begin: at the beginning, or at the first unit after other words."""
    first = next((m.start() for m in _UNIT.finditer(folded) if m.start() and not folded[m.start() - 1].isalnum()), None)
    return [0] if first is None else [0, first]


def _units(text: str, folded: str, at: int) -> tuple[dict[str, str], int]:
    """The labels by unit of the row of units that begins at *at*, and its end; each unit once."""
    found: dict[str, str] = {}
    while match := _UNIT.match(folded, at):
        name = next(name for name in _LABELS if match[name])
        if name in found:
            break
        label = text[slice(*match.span(f"{name}_label"))] if match[f"{name}_label"] else ""
        found[name] = label.upper() if name == "appendix" else label.lower()
        at = match.end()
        joint = _OF.match(folded, at)
        if joint and _UNIT.match(folded, joint.end()):
            at = joint.end()
    return found, at
