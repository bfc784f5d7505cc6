"""Tells the document on a saved web page from the frame the site puts around it: menus, tables of attributes, links.

A document shows itself by quốc hiệu and by what follows it: căn cứ, articles, Nơi nhận, annexes. The innermost element
that holds them all is the document; what stands beside it is the frame. A page without quốc hiệu is left whole.
"""

from __future__ import annotations

import re

from corpus.fold import fold
from ingest.formats.html_elements import BLOCKS, UNSHOWN, Attributes, ElementParser

_MOTTO = re.compile(r"cong h\w* xa hoi chu nghia|dang cong san viet nam$")
#: Lines that belong to a document (folded), besides annexes, whose headings are in capitals.
_BELONGING = re.compile(r"can cu |kinh gui\s*:|dieu \d+\s*[.:]|noi nhan\s*:|theo de nghi |xet (?:de nghi|to trinh)")
_ANNEX = re.compile(r"(?:PHỤ LỤC|PHỤ BIỂU|BIỂU MẪU|MẪU SỐ)\b")
#: Elements that sites use for their frame.
_FRAME_TAGS = frozenset({"nav", "aside", "footer", "menu"})
_TABLE_TAGS = frozenset(["td", "th", "tr", "tbody", "thead", "tfoot", "table"])
_BODY_TAGS = frozenset({"html", "body"})
_MOST_LINE = 400


class _Outline(ElementParser):
    """The tree of a page's elements, and the elements in which a document's own lines stand."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[int, str] = {0: ""}
        self.parents: dict[int, int] = {0: 0}
        self.children: dict[int, list[int]] = {0: []}
        #: Elements of the lines that belong to the document, that of quốc hiệu first.
        self.anchors: list[int] = []
        self._line = ""
        self._line_at = 0

    def opened(self, tag: str, attrs: Attributes) -> None:
        """Add the element to the tree."""
        parent = self.open[-2][1] if len(self.open) > 1 else 0
        self.tags[self.count], self.parents[self.count] = tag, parent
        self.children[self.count] = []
        self.children[parent].append(self.count)
        if tag in BLOCKS or tag in _TABLE_TAGS:
            self._end_line()

    def passed(self, tag: str) -> None:
        """A line break ends a line."""
        if tag in {"br", "hr"}:
            self._end_line()

    def closed(self, tag: str, number: int) -> None:
        """A block ends a line."""
        if tag in BLOCKS or tag in _TABLE_TAGS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Add text to the line under way."""
        if any(tag in UNSHOWN for tag, _ in self.open[-3:]):
            return
        if not self._line.strip():
            self._line_at = self.open[-1][1] if self.open else 0
        if len(self._line) < _MOST_LINE:
            self._line += data

    def close(self) -> None:
        """End the last line."""
        super().close()
        self._end_line()

    def _end_line(self) -> None:
        line, self._line = " ".join(self._line.split()), ""
        if not line:
            return
        folded = fold(line)
        starts = bool(_MOTTO.match(folded))
        if starts if not self.anchors else starts or _BELONGING.match(folded) or _ANNEX.match(line):
            self.anchors.append(self._line_at)

    def path(self, number: int) -> list[int]:
        """The element and what it is inside of, innermost first, without the page itself."""
        found = []
        while number:
            found.append(number)
            number = self.parents[number]
        return found


def frame_elements(page: str) -> frozenset[int]:
    """The numbers of the elements (start tags, from 1) that are the site's frame; none where no document is found."""
    outline = _Outline()
    outline.feed(page)
    outline.close()
    if not outline.anchors:
        return frozenset()
    common = _common_path(outline)
    frame: set[int] = set()
    if common:
        inside = set(common)
        for number in common:
            for sibling in outline.children[outline.parents[number]]:
                if sibling not in inside:
                    frame.add(sibling)
    kept = {number for anchor in outline.anchors for number in outline.path(anchor)}
    frame |= {number for number, tag in outline.tags.items() if tag in _FRAME_TAGS and number not in kept}
    frame |= _before_letterhead(outline, common[0] if common else 0)
    return frozenset(frame - kept)


def _common_path(outline: _Outline) -> list[int]:
    """The element that holds all anchors and what it is inside of, innermost first; empty for the page as a whole."""
    common = outline.path(outline.anchors[0])
    for anchor in outline.anchors[1:]:
        others = set(outline.path(anchor))
        common = [number for number in common if number in others]
    while common and (outline.tags[common[0]] in _TABLE_TAGS or outline.tags[common[0]] not in BLOCKS | _BODY_TAGS):
        common = common[1:]  # the left column of the letterhead is beside the cell of quốc hiệu
    if len(outline.anchors) == 1 and common:  # quốc hiệu alone: the document is around it, how far is unknown
        return []
    return [number for number in common if outline.tags[number] not in _BODY_TAGS]


def _before_letterhead(outline: _Outline, root: int) -> set[int]:
    """The blocks of the document's element that precede the one with quốc hiệu and do not touch it."""
    path = outline.path(outline.anchors[0])
    if root:
        path = path[: path.index(root)] if root in path else []
    else:
        path = [number for number in path if outline.tags[number] not in _BODY_TAGS]
    if not path or outline.tags[path[-1]] != "table":
        return set()  # letterheads in lines: the agency stands before quốc hiệu
    siblings = outline.children[outline.parents[path[-1]]]
    return set(siblings[: siblings.index(path[-1])])
