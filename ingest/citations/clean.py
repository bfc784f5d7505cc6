"""First verb: clean. A working copy in which a citation reads as one run of words, with the way back to the stored text.

White space runs become one character (a line break stays ``\\n``), page numbers and the gazette's running heads that cut a
citation in two are dropped, look-alike characters are plain. Nothing else is changed: what is shown is always the stored text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from corpus.fold import clean as plain
from corpus.fold import fold

# The gazette's running head, and the page number alone at the top of a page.
_MASTHEAD = re.compile(r"CÔNG BÁO ?/ ?Số [\d +\-]{1,24}/ ?Ngày \d{1,2}-\d{1,2}-\d{4}(?: {0,3}\d{1,4}(?=\s|$))?")
_PAGE_NUMBER = re.compile(r"\f[ \n]{0,8}(?:-? ?\d{1,3} ?-?(?=[ \n]{0,4}\n))?")
_NUMBER_BEFORE = re.compile(r"\f\s{0,8}\d{1,4} {0,3}$")
_SPACE = re.compile(r"[ \n\f]{2,}|[\n\f]")


@dataclass(slots=True)
class Clean:
    """text: the working copy. folded: the same, without case and marks, character for character."""

    text: str
    folded: str
    # Where the copy and the stored text run in step: starts of the steps in each.
    _own: list[int] = field(repr=False)
    _stored: list[int] = field(repr=False)

    def back(self, offset: int) -> int:
        """The offset in the stored text of the character at *offset* of the working copy."""
        step = bisect_right(self._own, offset) - 1
        return self._stored[step] + offset - self._own[step]

    def forward(self, offset: int) -> int:
        """The first offset of the working copy that stands for *offset* of the stored text or for what follows it."""
        step = bisect_right(self._stored, offset) - 1
        own = self._own[step] + offset - self._stored[step]
        return min(own, self._own[step + 1]) if step + 1 < len(self._own) else own

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stored span of a non-empty working span: from its first character to behind its last."""
        return self.back(start), self.back(end - 1) + 1


def clean(text: str) -> Clean:
    """The working copy of stored text. Linear in its length."""
    source = _without_furniture(plain(text))
    parts: list[str] = []
    own, stored = [0], [0]
    at = length = 0
    for match in _SPACE.finditer(source):
        start, end = match.span()
        gap = match.group()
        length += start - at
        parts.append(source[at:start])
        parts.append("\n" if "\n" in gap or "\f" in gap else " ")
        length += 1
        at = end
        if end - start > 1:
            own.append(length)
            stored.append(end)
    parts.append(source[at:])
    joined = "".join(parts)
    return Clean(joined, fold(joined), own, stored)


def _without_furniture(source: str) -> str:
    """Running heads and page numbers blanked, length kept."""
    if "\f" in source:
        source = _PAGE_NUMBER.sub(lambda m: "\f" + " " * (len(m.group()) - 1), source)
    if "CÔNG BÁO" not in source:
        return source
    parts: list[str] = []
    at = 0
    for match in _MASTHEAD.finditer(source):
        before = source[at : match.start()]
        number = _NUMBER_BEFORE.search(before[-20:])
        if number:
            cut = len(before) - len(number.group())
            before = before[:cut] + "\f" + " " * (len(number.group()) - 1)
        parts += [before, "\n" + " " * (len(match.group()) - 1)]
        at = match.end()
    return "".join([*parts, source[at:]])
