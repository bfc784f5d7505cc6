"""The zones of a document: header, title, preamble, body, Nơi nhận and signature, attachments.

The order is that of Nghị định 30/2020/NĐ-CP, Phụ lục I. Everything behind the signature is an attachment: annexes,
lists, blank forms, and whole documents bundled in. The zone decides whether a citation is a legal basis, and which text
cites nothing. Zones come from the lines of the text and from the header as :mod:`ingest.layout.header` reads it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.fold import cleaned_text, folded_text, squeeze
from corpus.model import Kind
from ingest.layout import cues
from ingest.layout.header import read_plain_header
from ingest.layout.header_values import Header
from ingest.layout.signer_titles import title_of
from ingest.layout.signing_forms import signing_form
from ingest.page import PAGE_BREAK

#: Long lines above a letterhead from which they are the document's text.
_RUNNING_LINES = 2


class ZoneName(StrEnum):
    """A zone of a document."""

    HEADER = "header"
    TITLE = "title"
    #: The căn cứ, from the title to the operative part.
    PREAMBLE = "preamble"
    BODY = "body"
    FOOTNOTE = "footnote"
    #: Nơi nhận and signature.
    RECIPIENTS = "recipients"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the stored text."""

    start: int
    end: int
    name: ZoneName
    #: 0 for the document, 1… for what is attached to it.
    part: int = 0


@dataclass(slots=True)
class Structure:
    """The zones of a document."""

    #: In order, without gaps.
    zones: list[Zone]
    kind: Kind = "other"
    #: Offset of each page's first character.
    page_starts: Sequence[int] = field(default_factory=lambda: [0])
    _starts: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._starts = [zone.start for zone in self.zones]

    def zone_at(self, offset: int) -> Zone:
        """The zone that holds *offset*; the last one for an offset behind the end."""
        return self.zones[max(0, bisect_right(self._starts, offset) - 1)]

    def page_at(self, offset: int) -> int:
        """The number (from 1) of the page that holds *offset*."""
        return max(1, bisect_right(self.page_starts, offset))

    def spans(self, name: ZoneName) -> list[tuple[int, int]]:
        """Start and end of the zones of that name."""
        return [(z.start, z.end) for z in self.zones if z.name == name]


@dataclass(slots=True)
class TextLine:
    """A line of the stored text. Never changed; not frozen, as there are many and a frozen one takes longer to make."""

    start: int
    end: int
    #: Cleaned, white space squeezed.
    text: str
    folded: str
    #: Number of the page and of the line on it, from 0.
    page: int
    row: int

    @property
    def is_near_page_top(self) -> bool:
        """Whether it is among the first lines of its page, where headers and titles of annexes stand."""
        return self.row < 4

    @property
    def is_short(self) -> bool:
        """Whether it may be a heading or a line of the signature block."""
        return len(self.folded) < 60

    @property
    def in_capitals(self) -> bool:
        """Whether its letters are capitals, but for a slip or two of OCR."""
        return cues.is_mostly_capitals(self.text) and sum(map(str.isalpha, self.text)) >= 2

    @property
    def is_emblem(self) -> bool:
        """Whether quốc hiệu, tiêu ngữ or the party's name stands on it."""
        return cues.is_emblem_line(self.text, self.folded)


def text_lines(text: str) -> list[TextLine]:
    """The lines of a stored text, without empty lines, page numbers and running heads of the gazette."""
    lines: list[TextLine] = []
    cleaned, whole = cleaned_text(text), folded_text(text)
    page = row = 0
    for match in re.finditer(r"[^\n\f]+|\f", text):
        start, end = match.span()
        if text[start] == PAGE_BREAK:
            page, row = page + 1, 0
            continue
        plain = squeeze(cleaned[start:end])
        if not plain:
            continue
        folded = squeeze(whole[start:end])
        if cues.MASTHEAD_LINE.match(folded) or (row < 2 and cues.PAGE_NUMBER.match(folded)):
            continue
        lines.append(TextLine(start, end, plain, folded, page, row))
        row += 1
    return lines


def divide(text: str, page_starts: Sequence[int], header: Header) -> Structure:
    """The zones of a stored text whose header was read as *header*."""
    lines = text_lines(text)
    if not lines:
        return Structure([Zone(0, len(text), ZoneName.BODY)], page_starts=page_starts)
    kind: Kind = "administrative" if _is_administrative(lines, header) else "other"
    marks = _Divider(text, lines, is_administrative=kind == "administrative").marks(header)
    marks = [(0, *marks[0][1:]), *marks[1:]] if marks else [(0, ZoneName.BODY, 0)]
    zones = []
    for (start, name, part), following in zip(marks, [*marks[1:], None], strict=True):
        end = following[0] if following else len(text)
        if end > start:
            zones.append(Zone(start, end, name, part))
    return Structure(zones or [Zone(0, len(text), ZoneName.BODY)], kind, page_starts)


def _is_administrative(lines: Sequence[TextLine], header: Header) -> bool:
    """Whether quốc hiệu, số ký hiệu, Nơi nhận or a signing form shows an administrative document."""
    if header.has_emblem or header.has_number:
        return True
    return any(
        (line.is_short and cues.opens_recipients(line.folded, ocr=False)) or _is_signing_form(line) for line in lines
    )


def _is_signing_form(line: TextLine) -> bool:
    return line.is_short and line.in_capitals and signing_form(line.text, ocr=False) is not None


#: Where a zone begins: offset, name, part.
_Mark = tuple[int, ZoneName, int]


class _Divider:
    """Goes through the lines once, document by document, and notes where each zone begins."""

    def __init__(self, text: str, lines: Sequence[TextLine], *, is_administrative: bool) -> None:
        self._text = text
        self._lines = lines
        self._is_administrative = is_administrative
        self._marks: list[_Mark] = []

    def marks(self, header: Header) -> list[_Mark]:
        """Where the zones of the document and of its attachments begin, in order."""
        at = self._document(header)
        part = 1
        while at < len(self._lines):
            at = self._attachment(at, part)
            part += 1
        return sorted(self._marks, key=lambda mark: mark[0])

    def _mark(self, index: int, name: ZoneName, part: int = 0) -> None:
        """Begin a zone at line *index*."""
        offset = self._lines[index].start if index < len(self._lines) else self._lines[-1].end
        self._marks.append((offset, name, part))

    def _document(self, header: Header) -> int:
        """Mark the document itself; the index of the line at which attachments begin."""
        head, title = self._header_and_title(header) if self._is_administrative else (0, 0)
        if head > 0:
            self._mark(0, ZoneName.HEADER)
        if title > head:
            self._mark(head, ZoneName.TITLE)
        span = header.title_span
        if (
            self._is_administrative
            and span
            and head > 0
            and span[0] < self._lines[min(head, len(self._lines) - 1)].start
        ):
            self._marks += [(span[0], ZoneName.TITLE, 0), (span[1], ZoneName.HEADER, 0)]
        if head > 0:
            self._text_above_letterhead(head)
        body = self._preamble(title) if self._is_administrative else title
        if body > title:
            self._mark(title, ZoneName.PREAMBLE)
        end = self._end_of_body(body, is_attachment=False)
        if 0 < body < len(self._lines) and self._opens_page(body) and self._is_attachment_head(body):
            end = body
        if body < end:
            self._mark(body, ZoneName.BODY)
        self._mark_footnotes(body, end)
        following = self._next_part(end)
        if following > end:
            self._mark(end, ZoneName.RECIPIENTS)
        return max(following, 1)

    def _text_above_letterhead(self, head: int) -> None:
        """Mark the text that a file holds above its letterhead, which stands in a frame or a table of its own."""
        lines = self._lines
        emblem = next((i for i in range(head) if lines[i].is_emblem), 0)
        above = emblem
        while above > 0 and lines[above - 1].in_capitals:
            above -= 1
        if sum(not line.is_short for line in lines[:above]) < _RUNNING_LINES:
            return
        first = 1 if cues.ADDRESSEE.search(lines[0].folded) else 0
        body = min(above, self._preamble(first))
        recipients = next((i for i in range(body, above) if cues.opens_recipients(lines[i].folded, ocr=False)), above)
        for index, name in ((first, ZoneName.PREAMBLE), (body, ZoneName.BODY), (recipients, ZoneName.RECIPIENTS)):
            self._mark(index, name)
        self._mark(above, ZoneName.HEADER)

    def _header_and_title(self, header: Header) -> tuple[int, int]:
        """Indexes of the first line below the header, and below the title."""
        span = header.title_span
        if header.anchored:
            head = self._line_from(header.end)
            title = next((i for i in range(head, len(self._lines)) if _begins_text(self._lines[i])), head)
        else:
            head = title = self._line_from(span[0]) if span else 0
        return head, self._line_from(span[1]) if span else title

    def _line_from(self, offset: int) -> int:
        """The index of the first line at or behind *offset*."""
        return next((i for i, line in enumerate(self._lines) if line.start >= offset), len(self._lines))

    def _attachment(self, first: int, part: int) -> int:
        """Mark an attachment that begins at line *first*; the index of the line at which the next one begins."""
        letterhead, title = self._attached_header(first)
        self._mark(first, ZoneName.HEADER if letterhead > first else ZoneName.ATTACHMENT, part)
        if first < letterhead < len(self._lines):
            self._mark(letterhead, ZoneName.ATTACHMENT, part)
        body = self._preamble(title) if self._is_administrative else title
        end = self._end_of_body(body, is_attachment=True)
        if first < body < len(self._lines) and self._opens_page(body) and self._is_attachment_head(body):
            end = body
        following = self._next_part(end)
        if following > end:
            self._mark(end, ZoneName.RECIPIENTS, part)
        return max(following, first + 1)

    def _attached_header(self, first: int) -> tuple[int, int]:
        """Indexes of the first line below the letterhead of a document bundled in, and below its title.

        Both are *first* for an attachment without a header of its own.
        """
        header = read_plain_header(self._text, self._lines[first].start)
        letterhead = first
        if header.has_emblem:
            letterhead = self._line_from(header.columns_end)
            if any(cues.ATTACHED_TO.match(line.folded) for line in self._lines[first:letterhead]):
                letterhead = first
        return letterhead, self._line_from(header.end) if header.anchored else letterhead

    # The preamble

    def _preamble(self, first: int) -> int:
        """The index of the first line after the preamble: paragraphs that each begin with a cue.

        In a letter without căn cứ, the first paragraph is the preamble.
        """
        lines = self._lines
        index, seen = first, False
        limit = min(len(lines), first + 160)
        while index < limit:
            line = lines[index]
            if self._ends_preamble(index, first):
                return index
            if index == first or self._starts_paragraph(index):
                if cues.PREAMBLE.match(line.folded):
                    seen = True
                elif (seen or index > first) and not self._preamble_continues(index):
                    return index
            if cues.AS_FOLLOWS.search(line.folded) and (index + 1 >= limit or self._starts_paragraph(index + 1)):
                return index + 1
            index += 1
        return index

    def _ends_preamble(self, index: int, first: int) -> bool:
        """Whether a line ends the preamble whatever comes before it."""
        line = self._lines[index]
        if (cues.OPERATIVE.match(line.folded) and line.in_capitals) or cues.NUMBERED.match(line.folded):
            return True
        if cues.opens_recipients(line.folded, ocr=True):
            return True
        if index == first:
            return False
        too_far = line.page > self._lines[first].page + 3
        return too_far or (self._opens_page(index) and self._is_attachment_head(index))

    def _preamble_continues(self, index: int) -> bool:
        """Whether a căn cứ still follows a paragraph without a cue, before anything operative does.

        "…; ⏎ Luật sửa đổi … ;" continues a chain; stamps and stray marks of OCR may stand between.
        """
        for line in self._lines[index + 1 : index + 12]:
            folded = line.folded
            if cues.NUMBERED.match(folded) or cues.OPERATIVE.match(folded) or cues.AS_FOLLOWS.search(folded):
                return False
            if cues.SURE_PREAMBLE.match(folded) and line.text.lstrip(" \"'-–—+*•_.`")[:1].isupper():
                return not folded.startswith(("kinh gui", "noi nhan"))
        return False

    def _starts_paragraph(self, index: int) -> bool:
        """Whether a paragraph starts: with a cue, a bullet, or after an end mark; blank lines mean nothing here."""
        line, previous = self._lines[index], self._lines[index - 1].text.rstrip(" \"'”“`_")
        initial = line.text.lstrip(" \"'“”-–—+*•_.`")[:1]
        bulleted = line.text[:1] in "-–—+*•"
        if not (initial.isupper() or initial.isdigit() or bulleted):
            return False
        if bulleted and not previous.endswith("-"):
            return True
        has_cue = cues.PREAMBLE.match(line.folded) and initial.isupper()
        if has_cue and not previous.endswith((" và", " của", "-")):
            return True
        if previous.endswith(","):
            return len(previous) < 60 or initial.isupper()
        return previous.endswith((";", ".", ":"))

    # The end of the body, and what follows

    def _end_of_body(self, first: int, *, is_attachment: bool) -> int:
        """The index of the first line of Nơi nhận or the signature; for an attachment also of the next one."""
        closed = False
        for index in range(first, len(self._lines)):
            line = self._lines[index]
            if index > first and line.is_near_page_top and line.is_emblem:
                return index
            if (line.is_short and cues.opens_recipients(line.folded, ocr=True)) or _is_signing_form(line):
                return index
            if closed and self._follows_closing(index):
                return index
            if is_attachment and index > first and self._opens_page(index) and self._is_attachment_head(index):
                return index
            if cues.CLOSING.search(line.text):
                closed = True
        return len(self._lines)

    def _follows_closing(self, index: int) -> bool:
        """Whether a line behind "./." belongs to Nơi nhận, to the signature, or to an attachment."""
        line = self._lines[index]
        if cues.FIRST_RECIPIENT.match(line.folded) or (line.in_capitals and title_of(line.text)):
            return True
        return line.is_near_page_top and self._is_attachment_head(index)

    def _is_attachment_head(self, index: int) -> bool:
        line = self._lines[index]
        if cues.ATTACHED_TO.match(line.folded):
            return True
        named = cues.ATTACHMENT.match(line.folded)
        return bool(named and (line.in_capitals or line.folded.startswith(("phu luc", "mau so"))))

    def _next_part(self, end: int) -> int:
        """Behind Nơi nhận and signature: the index of the first line of the next attachment, or of the end."""
        for index in range(end, len(self._lines)):
            line = self._lines[index]
            if self._is_attachment_head(index):
                return index
            if index > end and self._opens_page(index):
                return index
            if line.is_emblem and (index == end or not self._lines[index - 1].is_emblem):
                return index
        return len(self._lines)

    def _opens_page(self, index: int) -> bool:
        return self._lines[index].page != self._lines[index - 1].page

    def _mark_footnotes(self, first: int, end: int) -> None:
        """Mark notes: a number alone on a line, seen before, opens one; it runs to the end of its page or sentence."""
        seen: set[str] = set()
        index = first
        while index < end:
            text = self._lines[index].text
            number = re.sub(r"\D", "", text)
            if not cues.FOOTNOTE_NUMBER.match(text) or not text.startswith(("(", "[")):
                index += 1
            elif number not in seen:
                seen.add(number)
                index += 1
            else:
                after = self._end_of_footnote(index, end)
                self._mark(index, ZoneName.FOOTNOTE)
                if after < end:
                    self._mark(after, ZoneName.BODY)
                index = after

    def _end_of_footnote(self, index: int, end: int) -> int:
        lines = self._lines
        after = index + 1
        while (
            after < end and lines[after].page == lines[index].page and not cues.FOOTNOTE_NUMBER.match(lines[after].text)
        ):
            if after > index + 1 and lines[after - 1].text.endswith(".") and self._starts_paragraph(after):
                break
            after += 1
        return after


def _begins_text(line: TextLine) -> bool:
    return bool(
        cues.PREAMBLE.match(line.folded) or cues.opens_addressees(line.folded) or cues.NUMBERED.match(line.folded)
    )
