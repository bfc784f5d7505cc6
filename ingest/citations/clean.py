"""First verb: clean. A working copy in which a citation reads as one run of words, with the way back to the stored text.

White space runs become one character (a line break stays ``\\n``), page numbers and the gazette's running heads that cut a
citation in two are dropped, look-alike characters are plain. Nothing else is changed: what is shown is always the stored text.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from corpus.fold import clean as plain
from corpus.fold import fold

# A page break with the running head and page number around it. Every quantifier is bounded: hostile text stays linear.
_FURNITURE = re.compile(
    r"[ \n]{0,8}(?:\f[ \n]{0,8}\d{1,3}(?=[ \n]{1,8})|\f)?"
    r"[ \n]{0,8}(?:\d{1,4} {0,3})?CÔNG BÁO ?/ ?Số [\d +\-]{1,24}/ ?Ngày \d{1,2}-\d{1,2}-\d{4}(?: {0,3}\d{1,4})?[ \n]{0,8}"
    r"|[ \n]{0,8}\f[ \n]{0,8}(?:-? ?\d{1,3} ?-?(?=[ \n]{0,4}\n))?"
    r"|[ \n\r]{2,}"
    r"|\n"
)


@dataclass(slots=True)
class Clean:
    """text: the working copy. folded: the same, without case and marks, character for character.

    page_breaks: offsets in the working copy at which a page began.
    """

    text: str
    folded: str
    _map: array[int] = field(repr=False)

    def back(self, offset: int) -> int:
        """The offset in the stored text of the character at *offset* of the working copy."""
        return self._map[offset]

    def forward(self, offset: int) -> int:
        """The first offset of the working copy that stands for *offset* of the stored text or for what follows it."""
        return bisect_left(self._map, offset)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stored span of a non-empty working span: from its first character to behind its last."""
        return self._map[start], self._map[end - 1] + 1


def clean(text: str) -> Clean:
    """The working copy of stored text. Linear in its length."""
    source = plain(text)
    parts: list[str] = []
    places: array[int] = array("l")
    at = 0
    for match in _FURNITURE.finditer(source):
        start, end = match.span()
        if start == end:
            continue
        parts.append(source[at:start])
        places.extend(range(at, start))
        parts.append("\n" if "\n" in match.group() or "\f" in match.group() or end - start > 8 else " ")
        places.append(start)
        at = end
    parts.append(source[at:])
    places.extend(range(at, len(source)))
    places.append(len(source))
    joined = "".join(parts)
    return Clean(joined, fold(joined), places)
