"""Saved web pages (.html): what a browser would show as text, tables as in Word files. Nothing is fetched or run."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.flow import Row, flow_page, table_lines
from ingest.formats.sniff import FileType
from ingest.formats.text import decode
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.HTML})

_HIDDEN_TAGS = "script style head template noscript svg select button iframe object"
_BLOCK_TAGS = (
    "p div li ul ol h1 h2 h3 h4 h5 h6 section article header footer main nav aside blockquote pre hr dl dt dd figure "
    "figcaption form fieldset address center caption table tr"
)
_HIDDEN, _BLOCKS = frozenset(_HIDDEN_TAGS.split()), frozenset(_BLOCK_TAGS.split())
# A table inside a table is laid out again for each table around it; tables nested deeper than this are plain text.
_MAX_NESTED_TABLES = 30
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_CHARSET_BYTES = 4096
#: Encodings recognised by statistics, which a declaration in the page overrides.
_GUESSED = frozenset({"cp1258", "tcvn3", "vni"})


class _TextCollector(HTMLParser):
    """Collects lines of text; the cells of a table collect their own until the table ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        #: Where text goes: the innermost open cell, or the page.
        self._targets: list[list[str]] = [self.lines]
        #: Open tables: rows of cells of lines; and whether each has an open cell.
        self._tables: list[list[list[list[str]]]] = []
        self._has_open_cell: list[bool] = []
        self._line = ""
        self._hidden_depth = 0
        self._tables_too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block, a table, a row or a cell."""
        if tag in _HIDDEN:
            self._hidden_depth += 1
        elif tag == "br" or tag in _BLOCKS:
            self._end_line()
        if tag == "table" and len(self._tables) >= _MAX_NESTED_TABLES:
            self._tables_too_deep += 1
        elif tag == "table":
            self._tables.append([])
            self._has_open_cell.append(False)
        elif tag == "tr" and self._tables:
            self._close_cell()
            self._tables[-1].append([])
        elif tag in {"td", "th"} and self._tables:
            self._open_cell()

    def handle_endtag(self, tag: str) -> None:
        """Close a block, a cell or a table."""
        if tag in _HIDDEN:
            self._hidden_depth = max(0, self._hidden_depth - 1)
        elif tag in {"td", "th"}:
            self._close_cell()
        elif tag == "table" and self._tables_too_deep:
            self._tables_too_deep -= 1
            self._end_line()
        elif tag == "table" and self._tables:
            self._close_cell()
            self._has_open_cell.pop()
            rows: list[Row] = list(self._tables.pop())
            self._targets[-1].extend(table_lines(rows))
        elif tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Add text to the line under way."""
        if not self._hidden_depth:
            self._line += re.sub(r"[ \t\r\n]+", " ", data)

    def close(self) -> None:
        """Close what the page left open."""
        super().close()
        self._tables_too_deep = 0
        while self._tables:
            self.handle_endtag("table")
        self._end_line()

    def _end_line(self) -> None:
        line = " ".join(self._line.split(" ")).strip()
        if line:
            self._targets[-1].append(line)
        self._line = ""

    def _open_cell(self) -> None:
        self._close_cell()
        if not self._tables[-1]:
            self._tables[-1].append([])
        cell: list[str] = []
        self._tables[-1][-1].append(cell)
        self._targets.append(cell)
        self._has_open_cell[-1] = True

    def _close_cell(self) -> None:
        self._end_line()
        if self._has_open_cell and self._has_open_cell[-1]:
            self._targets.pop()
            self._has_open_cell[-1] = False


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a web page (:class:`ingest.formats.Reader`)."""
    limits = options.limits
    if source.path.stat().st_size > limits.text_bytes:
        message = f"Trang web lớn hơn {limits.text_bytes // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy in trang ra PDF.")
    data = source.path.read_bytes()
    decoded = decode(data)
    text = decoded.text
    declared = _CHARSET.search(data[:_CHARSET_BYTES])
    if declared and decoded.encoding in _GUESSED:
        try:
            text = data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            text = decoded.text
    parser = _TextCollector()
    parser.feed(text)
    parser.close()
    page = flow_page(parser.lines, [decoded.note] if decoded.note else [])
    return Reading(str(source.path), source.sha256, [page])
