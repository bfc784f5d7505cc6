"""The text of a document as HTML, page by page: citations are links, stretches that were asked for are highlighted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from corpus.library.values import Mention
from corpus.outline import anchor_of, outline
from webui.app.labels import STATES

if TYPE_CHECKING:
    from corpus.model import Record

#: Highlights that an address may ask for.
MAX_MARKS = 50

#: [start, end) offsets in the stored text.
Span = tuple[int, int]
_Link = tuple[int, int, Mention]
#: Offset and address of a unit of the outline.
_Anchor = tuple[int, str]


def marks(values: Sequence[str]) -> list[Span]:
    """``to=120-130`` parameters of an address as spans in order that do not overlap; others are left out."""
    found: list[Span] = []
    for value in values[:MAX_MARKS]:
        start, dash, end = value.partition("-")
        if dash and start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(value) < 24:
            found.append((int(start), int(end)))
    kept: list[Span] = []
    for span in sorted(found):
        if span[0] < span[1] and (not kept or span[0] >= kept[-1][1]):
            kept.append(span)
    return kept


def pages_of(record: Record, spans: Sequence[Span]) -> set[int]:
    """The numbers (from 1) of the pages on which the spans begin."""
    return {record.text.count("\f", 0, start) + 1 for start, _ in spans if start < len(record.text)}


def text_pages(record: Record, mentions: Sequence[Mention], *, marks: Sequence[Span] = ()) -> list[Markup]:
    """Every page, citations linked to their documents; marks: spans to highlight, in order."""
    starts, links = _by_page(record, mentions)
    texts = record.text.split("\f")
    anchors = _anchors(record, starts)
    pages = zip(texts, starts, links, anchors, strict=True)
    return [_PageMarkup(text, at, marks, units).render(found) for text, at, found, units in pages]


def text_page(record: Record, mentions: Sequence[Mention], number: int, *, marks: Sequence[Span] = ()) -> Markup:
    """Page *number* (from 1) alone, as :func:`text_pages` gives it."""
    starts, links = _by_page(record, mentions)
    text = record.text.split("\f")[number - 1]
    anchors = _anchors(record, starts)[number - 1]
    return _PageMarkup(text, starts[number - 1], marks, anchors).render(links[number - 1])


def _anchors(record: Record, starts: Sequence[int]) -> list[list[_Anchor]]:
    """The units of the document's outline by page: where each begins, and its address."""
    found: list[list[_Anchor]] = [[] for _ in starts]
    for unit in outline(record.text):
        found[bisect_right(starts, unit.start) - 1].append((unit.start, unit.anchor))
    return found


def _by_page(record: Record, mentions: Sequence[Mention]) -> tuple[list[int], list[list[_Link]]]:
    """Where each page begins, and the links on it; a citation that runs over a page's end has none."""
    starts = [0, *(m.end() for m in re.finditer("\f", record.text))]
    ends = [*(at - 1 for at in starts[1:]), len(record.text)]
    links: list[list[_Link]] = [[] for _ in starts]
    for link in sorted(((m.citation.start, m.citation.end, m) for m in mentions), key=lambda x: (x[0], -x[1])):
        page = bisect_right(starts, link[0]) - 1
        if link[1] <= ends[page]:
            links[page].append(link)
    return starts, links


class _PageMarkup:
    """Makes the HTML of one page. offset: of its first character in the stored text; anchors: in order."""

    def __init__(self, text: str, offset: int, marks: Sequence[Span], anchors: Sequence[_Anchor] = ()) -> None:
        self._text = text
        self._offset = offset
        self._marks = marks
        self._anchors = anchors
        self._anchor_starts = [start for start, _ in anchors]

    def render(self, links: Sequence[_Link]) -> Markup:
        parts: list[Markup] = []
        at = self._offset
        for start, end, mention in links:
            if start < at:
                continue  # inside the citation before it
            parts += [self._highlighted(at, start), self._linked(start, end, mention)]
            at = end
        parts.append(self._highlighted(at, self._offset + len(self._text)))
        return Markup("").join(parts)

    def _linked(self, start: int, end: int, mention: Mention) -> Markup:
        """A citation: a link to its document, or a span that says why there is none."""
        anchor, inside = f"d{mention.ordinal}", self._highlighted(start, end)
        if mention.target is not None:
            kind = "can-cu" if mention.citation.is_legal_basis else "dan"
            kind += " suy-ra" if mention.state == "inferred" else ""
            link = Markup('<a id="{}" class="{}" href="/van-ban/{}">{}</a>')
            return link.format(anchor, kind, _address(mention), inside)
        kind = "chinh-no" if mention.state == "self" else "chua-ro"
        title = STATES.get(mention.state, "")
        return Markup('<span id="{}" class="{}" title="{}">{}</span>').format(anchor, kind, title, inside)

    def _highlighted(self, start: int, end: int) -> Markup:
        """text[start:end] escaped, the marks in it inside ``<mark>``; the first mark of all gets the id ``to``."""
        parts, at = [], start
        for number, (mark_start, mark_end) in enumerate(self._marks):
            anchor = Markup(' id="to"') if number == 0 and start <= mark_start else Markup()
            left, right = max(mark_start, start), min(mark_end, end)
            if left < right and left >= at:
                parts += [self._escaped(at, left), Markup("<mark{}>").format(anchor)]
                parts += [self._escaped(left, right), Markup("</mark>")]
                at = right
        return Markup("").join([*parts, self._escaped(at, end)])

    def _escaped(self, start: int, end: int) -> Markup:
        """text[start:end] escaped, with an empty element at each address that begins in it."""
        parts: list[Markup] = []
        for index in range(bisect_left(self._anchor_starts, start), bisect_left(self._anchor_starts, end)):
            at, address = self._anchors[index]
            parts += [escape(self._text[start - self._offset : at - self._offset])]
            parts += [Markup('<span id="{}"></span>').format(address)]
            start = at
        return Markup("").join([*parts, escape(self._text[start - self._offset : end - self._offset])])


def _address(mention: Mention) -> str:
    """The page of the document meant, at the provision where one alone is cited."""
    pinpoints = mention.citation.pinpoints + mention.citation.reported_pinpoints
    provision = anchor_of(pinpoints[0]) if len(pinpoints) == 1 else ""
    return f"{mention.target}#{provision}" if provision else str(mention.target)
