"""Quoted text: the new wording that an amending document gives, and phrases that it replaces.

What stands in quotation marks belongs to another document; no sentence of this one is read there.
"""

from __future__ import annotations

import re

_MARK = re.compile('[“”„"]')
# A sentence that only the amending document itself can hold: an earlier quotation was not closed.
_INSTRUCTION = re.compile(
    r"\n(?:Điều \d{1,3}[a-zđ]?\. |\d{1,2}\. |[a-zđ]\) )(?:Sửa đổi|Bổ sung|Bãi bỏ|Thay thế)"
    r"[^\n“\"]{0,80}(?:Điều|[Kk]hoản|[Đđ]iểm) \w"
)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """The outermost quotations of a stored text as spans between their marks, in order.

    A quotation that is never closed ends before the next sentence that amends something, else at its line's end.
    """
    instructions = [match.start() for match in _INSTRUCTION.finditer(text)]
    spans: list[tuple[int, int]] = []
    depth = opened = 0
    for match in _MARK.finditer(text):
        at = match.start()
        begins_line = text[at] in "“„" and text[max(0, at - 1) : at] in ("", "\n")
        broken = next((i for i in instructions if opened < i < at), None) if depth and begins_line else None
        if broken is not None:
            spans.append((opened, broken))
            depth = 0
        if _opens(text, at, depth):
            depth += 1
            opened = match.end() if depth == 1 else opened
        elif depth:
            depth -= 1
            if depth == 0:
                spans.append((opened, at))
    if depth:
        line_end = text.find("\n", opened)
        broken = next((i for i in instructions if i > opened), None)
        spans.append((opened, broken or (line_end if line_end >= 0 else len(text))))
    return spans


def _opens(text: str, at: int, depth: int) -> bool:
    """Whether a mark opens a quotation: a straight one by what stands around it."""
    if text[at] != '"':
        return text[at] in "“„"
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    return depth == 0 and (before.isspace() or before in "(:") and not after.isspace()
