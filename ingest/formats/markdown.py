"""Markdown in text files, as converters and crawlers write it: marks are taken off, tables become lines.

Only text that shows itself to be Markdown is touched: a ruled table, or several lines with emphasis or headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.fold import fold
from ingest.formats.flow import table_lines

_RULE_ROW = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?=\S)")
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)[^\n]{1,200}?(?<=\S)\1")
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?!\*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\((?:https?:|/|#|\.)[^)\s]{0,2000}\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: Where two emphasised pieces meet, or a piece ends at a rule, a cell had a line break.
_PIECES = re.compile(r"(?<=\*)\s+(?=\*)|\s+-{3,}(?=\s|$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
#: Lines with marks that show a text to be Markdown.
_ENOUGH_LINES = 3


def is_markdown(text: str) -> bool:
    """Whether *text* is Markdown."""
    lines = text.split("\n")
    if any("|" in line and _RULE_ROW.match(line) for line in lines) and any(_ROW.match(line) for line in lines):
        return True
    return sum(1 for line in lines if _HEADING.match(line) or _BOLD_LINE.search(line)) >= _ENOUGH_LINES


def plain_text(text: str) -> str:
    """*text*, which is Markdown, without its marks."""
    lines: list[str] = []
    rows: list[list[list[str]]] = []
    adjacent = 0  # lines of the table since an empty line
    for line in _COMMENT.sub("", text).split("\n"):
        if _ROW.match(line) or (rows and "|" in line and _RULE_ROW.match(line)):
            adjacent += 1
            if not _RULE_ROW.match(line):
                rows.append(list(_cells(line)))
            continue
        if not line.strip():
            if adjacent != 1:  # some converters leave a line empty between any two rows of a table
                lines += [*table_lines(rows), ""]
                rows = []
            adjacent = 0
            continue
        lines += table_lines(rows)
        rows, adjacent = [], 0
        if not _FENCE.match(line):
            lines.append(_unmarked(_HEADING.sub("", line)))
    return "\n".join([*lines, *table_lines(rows)])


def _cells(row: str) -> Iterator[list[str]]:
    for cell in re.split(r"(?<!\\)\|", row.strip()[1:-1]):
        pieces = [piece for broken in _BREAK.split(cell) for piece in _PIECES.split(broken)]
        texts = [_unmarked(piece).strip() for piece in pieces]
        if fold(" ".join(texts).strip()).startswith("noi nhan"):
            texts = [item for text in texts for item in re.split(r"\s+(?=-\s)", text)]
        yield [text for text in texts if text]


def _unmarked(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _BREAK.sub(" ", text)))
    for _ in range(2):  # bold inside italics
        text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text.replace("**", "")).rstrip()
