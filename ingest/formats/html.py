"""Saved web pages (.html): what a browser would show as text, tables as in Word files. Nothing is fetched or run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.flow import Row, flow_page, table_lines
from ingest.formats.text import decode
from ingest.limits import MEGABYTE, now
from ingest.page import Page

_HIDDEN = {"script", "style", "head", "template", "noscript", "svg", "select", "button", "iframe", "object"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "main",
    "nav", "aside", "blockquote", "pre", "hr", "dl", "dt", "dd", "figure", "figcaption", "form", "fieldset", "address",
    "center", "caption", "table", "tr",
}  # fmt: skip
# A table in a table is laid out anew with each one around it; deeper than this a table is only text.
_DEEPEST = 30
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)


class _Text(HTMLParser):
    """Collects lines; a table's cells collect their own until the table ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._stack: list[list[str]] = [self.lines]
        self._tables: list[list[list[list[str]]]] = []
        self._open_cells: list[bool] = []
        self._text = ""
        self._hidden = 0
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br" or tag in _BLOCKS:
            self._end_line()
        if tag == "table" and len(self._tables) >= _DEEPEST:
            self._too_deep += 1
        elif tag == "table":
            self._tables.append([])
            self._open_cells.append(False)
        elif tag == "tr" and self._tables:
            self._close_cell()
            self._tables[-1].append([])
        elif tag in {"td", "th"} and self._tables:
            self._close_cell()
            if not self._tables[-1]:
                self._tables[-1].append([])
            cell: list[str] = []
            self._tables[-1][-1].append(cell)
            self._stack.append(cell)
            self._open_cells[-1] = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in {"td", "th"}:
            self._close_cell()
        elif tag == "table" and self._too_deep:
            self._too_deep -= 1
            self._end_line()
        elif tag == "table" and self._tables:
            self._close_cell()
            self._open_cells.pop()
            rows: list[Row] = list(self._tables.pop())
            self._stack[-1].extend(table_lines(rows))
        elif tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text += re.sub(r"[ \t\r\n]+", " ", data)

    def close(self) -> None:
        super().close()
        self._too_deep = 0
        while self._tables:
            self.handle_endtag("table")
        self._end_line()

    def _end_line(self) -> None:
        line = " ".join(self._text.split(" ")).strip()
        if line:
            self._stack[-1].append(line)
        self._text = ""

    def _close_cell(self) -> None:
        self._end_line()
        if self._open_cells and self._open_cells[-1]:
            self._stack.pop()
            self._open_cells[-1] = False


def read_html(path: Path) -> list[Page]:
    """The one page of a web page. Raises ReadFailure: ``khong_ho_tro`` (encoding), ``qua_lon``."""
    if path.stat().st_size > now().text_bytes:
        raise ReadFailure(
            f"Trang web lớn hơn {now().text_bytes // MEGABYTE} MB.", Verdict.TOO_LARGE, "Hãy in trang ra PDF."
        )
    data = path.read_bytes()
    decoded = decode(data)
    text = decoded.text
    declared = _CHARSET.search(data[:4096])
    if declared and decoded.encoding in {"cp1258", "tcvn3", "vni"}:
        try:
            text = data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            text = decoded.text
    parser = _Text()
    parser.feed(text)
    parser.close()
    return [flow_page(parser.lines, [decoded.note] if decoded.note else [])]
