"""The elements of a web page while it is parsed: which are open, and which a browser would not show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

Attributes = Sequence[tuple[str, str | None]]

#: Elements without content, which have no end tag.
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
#: Elements that are shown as text or not at all, whatever their style.
UNSHOWN = frozenset(["script", "style", "head", "template", "noscript", "svg", "select", "button", "iframe", "object"])
_BLOCK_NAMES = (
    "p div li ul ol h1 h2 h3 h4 h5 h6 section article header footer main nav aside blockquote pre hr dl dt dd figure "
    "figcaption form fieldset address center caption table tr"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
#: Elements whose start ends an open element of the listed names, which have no end tag of their own.
_ENDED_BY = {
    **dict.fromkeys(BLOCKS - {"li", "dt", "dd", "tr", "caption"}, frozenset({"p"})),
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": frozenset({"td", "th", "p"}),
    "th": frozenset({"td", "th", "p"}),
    "tr": frozenset({"td", "th", "tr", "p"}),
}
#: Elements beyond which no end tag and no start tag reaches.
_BARRIERS = frozenset({"table"})
_NOT_DISPLAYED = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
#: A rule of a style sheet that hides one class or one element.
_HIDING_RULE = re.compile(r"(?:^|[}\s,/])([.#][\w-]+)\s*\{([^}]*)\}")
_MOST_DEPTH = 2000


def hidden_by_sheets(page: str) -> frozenset[str]:
    """The classes (``.x``) and elements (``#x``) that the page's own style sheets hide."""
    found: set[str] = set()
    for sheet in re.findall(r"<style[^>]*>(.*?)</style", page, re.IGNORECASE | re.DOTALL):
        found |= {selector for selector, rules in _HIDING_RULE.findall(sheet) if _NOT_DISPLAYED.search(rules)}
    return frozenset(found)


class ElementParser(HTMLParser):
    """Follows the open elements of a page; subclasses take the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        #: Open elements, outermost first: their names and their numbers.
        self.open: list[tuple[str, int]] = []
        #: Start tags met so far: an element's number.
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, after those that its start ends."""
        self._end_implied(_ENDED_BY.get(tag, frozenset()))
        self.count += 1
        if tag not in VOID and len(self.open) < _MOST_DEPTH:
            self.open.append((tag, self.count))
            self.opened(tag, attrs)
        else:
            self.passed(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """``<br/>``; browsers take ``<div/>`` for ``<div>``."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element with all that is open inside it; an end tag without a start is passed over."""
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                self._close_to(place)
                return
            if self.open[place][0] in _BARRIERS and tag not in _BARRIERS:
                return

    def close(self) -> None:
        """Close what the page left open."""
        super().close()
        self._close_to(0)

    def _end_implied(self, names: frozenset[str]) -> None:
        place = len(self.open)
        for index in range(len(self.open) - 1, -1, -1):
            name = self.open[index][0]
            if name in names:
                place = index
            elif name in BLOCKS | {"td", "th"}:
                break
        self._close_to(place)

    def _close_to(self, place: int) -> None:
        while len(self.open) > place:
            tag, number = self.open.pop()
            self.closed(tag, number)

    def opened(self, tag: str, attrs: Attributes) -> None:
        """Called when an element has opened."""

    def passed(self, tag: str) -> None:
        """Called for an element without content."""

    def closed(self, tag: str, number: int) -> None:
        """Called when an element has closed."""


def is_hidden(tag: str, attrs: Attributes, sheets: frozenset[str]) -> bool:
    """Whether a browser shows nothing of an element with these attributes."""
    if tag in UNSHOWN:
        return True
    for name, value in attrs:
        if name == "hidden":
            return True
        if name == "style" and value and _NOT_DISPLAYED.search(value):
            return True
        if sheets and name == "class" and any(f".{word}" in sheets for word in (value or "").split()):
            return True
        if sheets and name == "id" and f"#{value}" in sheets:
            return True
    return False
