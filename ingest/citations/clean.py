"""First step: clean. A working copy in which a citation reads as one run of words, with the way back to the text.

Runs of white space become one character (a line break stays ``\\n``), page numbers and the gazette's running heads that
cut a citation in two are dropped, look-alike characters are plain. Nothing else is changed; what is shown to a user is
always the stored text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from corpus.fold import cleaned_text, fold

# The gazette's running head, and the page number alone at the top of a page.
_MASTHEAD = re.compile(r"CÔNG BÁO ?/ ?Số [\d +\-]{1,24}/ ?Ngày \d{1,2}-\d{1,2}-\d{4}(?: {0,3}\d{1,4}(?=\s|$))?")
_PAGE_NUMBER = re.compile(r"\f[ \n]{0,8}(?:-? ?\d{1,3} ?-?(?=[ \n]{0,4}\n))?")
_NUMBER_BEFORE = re.compile(r"\f\s{0,8}\d{1,4} {0,3}$")
_SPACE = re.compile(r"[ \n\f]{2,}|[\n\f]")


@dataclass(slots=True)
class WorkingCopy:
    """A text in which citations are found, with a map to the stored text."""

    text: str
    #: The same, folded, character for character.
    folded: str
    #: Where copy and stored text run in step: the starts of the steps in each.
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
        """The stored span of a working span that is not empty: from its first character to behind its last."""
        return self.back(start), self.back(end - 1) + 1


def working_copy(text: str) -> WorkingCopy:
    """The working copy of a stored text, in time linear in its length."""
    source = _without_furniture(cleaned_text(text))
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
    return WorkingCopy(joined, fold(joined), own, stored)


def _without_furniture(source: str) -> str:
    """*source* with running heads and page numbers blanked, its length unchanged."""
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
