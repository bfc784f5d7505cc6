"""Saved web pages (.html): what a browser would show as text, tables as in Word files. Nothing is fetched or run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.flow import Row, flow_page, table_lines
from ingest.formats.html_elements import BLOCKS, Attributes, ElementParser, hidden_by_sheets, is_hidden
from ingest.formats.sniff import FileType
from ingest.formats.text import decode
from ingest.formats.web_frame import frame_elements
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import Reading
from ingest.tables.flow_cells import CellLines, Span

FILE_TYPES = frozenset({FileType.HTML})

# A table inside a table is laid out again for each table around it; tables nested deeper than this are plain text.
_MAX_NESTED_TABLES = 30
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_CHARSET_BYTES = 4096
#: Digits of a number from which it is no count of rows or columns.
_DIGITS = 5
#: Encodings recognised by statistics, which a declaration in the page overrides.
_GUESSED = frozenset({"cp1258", "tcvn3", "vni"})


@dataclass(frozen=True, slots=True)
class WebText:
    """The text of a web page."""

    lines: list[str]
    #: What was repaired, converted or left out, in Vietnamese.
    notes: list[str]


class _TextCollector(ElementParser):
    """Collects lines of text; the cells of a table collect their own until the table ends."""

    def __init__(self, frame: frozenset[int], sheets: frozenset[str]) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._frame, self._sheets = frame, sheets
        #: Where text goes: the innermost open cell, or the page.
        self._targets: list[list[str]] = [self.lines]
        #: Open tables: rows of cells of lines.
        self._tables: list[list[list[list[str]]]] = []
        #: Numbers of the open elements that are tables or cells of their own.
        self._own: set[int] = set()
        self._line = ""
        #: The number of the outermost element that is not shown; 0 for none.
        self._hidden = 0

    def opened(self, tag: str, attrs: Attributes) -> None:
        """Open a block, a table, a row or a cell."""
        if self._hidden:
            return
        if self.count in self._frame or is_hidden(tag, attrs, self._sheets):
            self._end_line()
            self._hidden = self.count
            return
        if tag in BLOCKS:
            self._end_line()
        if tag == "table" and len(self._tables) < _MAX_NESTED_TABLES:
            self._tables.append([])
            self._own.add(self.count)
        elif tag == "tr" and self._tables:
            self._tables[-1].append([])
        elif tag in {"td", "th"} and self._tables:
            self._open_cell(attrs)

    def passed(self, tag: str) -> None:
        """A line break."""
        if tag in {"br", "hr"} and not self._hidden:
            self._end_line()

    def closed(self, tag: str, number: int) -> None:
        """Close a block, a cell or a table."""
        if self._hidden:
            if number == self._hidden:
                self._hidden = 0
            return
        if tag in BLOCKS or tag in {"td", "th"}:
            self._end_line()
        if number not in self._own:
            return
        self._own.discard(number)
        if tag == "table":
            rows: list[Row] = list(self._tables.pop())
            self._targets[-1].extend(table_lines(rows))
        else:
            self._targets.pop()

    def handle_data(self, data: str) -> None:
        """Add text to the line under way."""
        if not self._hidden:
            self._line += re.sub(r"[ \t\r\n]+", " ", data)

    def _end_line(self) -> None:
        line = " ".join(self._line.split(" ")).strip()
        if line:
            self._targets[-1].append(line)
        self._line = ""

    def _open_cell(self, attrs: Attributes) -> None:
        self._end_line()
        if not self._tables[-1]:
            self._tables[-1].append([])
        cell = CellLines(span=Span(rows=_count(attrs, "rowspan"), columns=_count(attrs, "colspan")))
        self._tables[-1][-1].append(cell)
        self._targets.append(cell)
        self._own.add(self.count)


def _count(attrs: Attributes, name: str) -> int:
    """The rows or columns that a cell takes."""
    value = (dict(attrs).get(name) or "").strip()
    return max(1, int(value)) if value.isdecimal() and len(value) < _DIGITS else 1


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a web page (:class:`ingest.formats.Reader`)."""
    limits = options.limits
    if source.path.stat().st_size > limits.text_bytes:
        message = f"Trang web lớn hơn {limits.text_bytes // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy in trang ra PDF.")
    found = html_lines(source.path.read_bytes())
    return Reading(str(source.path), source.sha256, [flow_page(found.lines, found.notes)])


def html_lines(data: bytes, charset: str = "") -> WebText:
    """The text of the page *data*. charset: what the page's envelope says of its encoding. Raises ReadFailure."""
    decoded = decode(data)
    text = decoded.text
    declared = _CHARSET.search(data[:_CHARSET_BYTES])
    name = declared.group(1).decode("ascii", "replace") if declared else charset
    if name and decoded.encoding in _GUESSED:
        try:
            text = data.decode(name)
        except (LookupError, UnicodeDecodeError):
            text = decoded.text
    frame = frame_elements(text)
    collector = _TextCollector(frame, hidden_by_sheets(text))
    collector.feed(text)
    collector.close()
    notes = [decoded.note] if decoded.note else []
    return WebText(collector.lines, [*notes, "đã bỏ khung của trang web"] if frame else notes)
