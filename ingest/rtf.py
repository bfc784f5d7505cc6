"""Rich Text Format (.rtf): its text, without pictures, style tables and headers; tables as in Word files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import ReadFailure
from ingest.flow import flow_page, table_lines
from ingest.legacy_encodings import convert_font, detect
from ingest.limits import MAX_TEXT_BYTES, MEGABYTE
from ingest.page import Page

_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]+)(?P<number>-?\d+)? ?|\\(?P<symbol>[^a-zA-Z'])|(?P<group>[{}])"
    rb"|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
_SKIPPED = {
    "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "xmlnstbl",
    "colorschememapping", "datastore", "latentstyles", "filetbl", "fldinst", "annotation", "atnid", "atnauthor",
}  # fmt: skip
_SPECIAL = {
    "par": "\n", "sect": "\n", "page": "\n", "line": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_CHARSETS = {0: "cp1252", 163: "cp1258", 238: "cp1250", 204: "cp1251"}


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits. fallback: characters after ``\\u`` that stand in for it and are not text."""

    skip: bool = False
    fonts: bool = False
    font: int = 0
    fallback: int = 1
    table: bool = False
    deleted: bool = False


class _Reader:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._codepage = "cp1252"
        self._fonts: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._state = _State()
        self._stack: list[_State] = []
        self._run, self._run_font = "", 0
        self._paragraph = ""
        self._rows: list[list[list[str]]] = []
        self._cells: list[list[str]] = []
        self._cell: list[str] = []
        self._pending = 0

    def read(self, data: bytes) -> None:
        for token in _TOKEN.finditer(data):
            if token["group"] == b"{":
                self._stack.append(self._state)
            elif token["group"] == b"}":
                if self._stack:
                    self._state = self._stack.pop()
            elif token["word"]:
                number = int(token["number"]) if token["number"] else None
                self._word(token["word"].decode("ascii"), number)
            elif token["symbol"]:
                self._symbol(token["symbol"])
            elif token["hex"]:
                self._bytes(bytes([int(token["hex"], 16)]))
            elif token["text"]:
                self._bytes(token["text"])
        self._end_paragraph()
        self._end_table()

    def _word(self, word: str, number: int | None) -> None:
        if word in _SKIPPED:
            self._state = replace(self._state, skip=True)
        elif word == "fonttbl":
            self._state = replace(self._state, fonts=True)
        elif word == "ansicpg" and number:
            self._codepage = f"cp{number}"
        elif word == "f" and number is not None:
            self._state = replace(self._state, font=number)
        elif word == "fcharset" and self._state.fonts and number in _CHARSETS and number:
            self._fonts[self._state.font] = _CHARSETS[number]
        elif word == "deleted":
            self._state = replace(self._state, deleted=number != 0)
        elif word == "uc" and number is not None:
            self._state = replace(self._state, fallback=max(0, number))
        elif word == "u" and number is not None:
            self._text(chr(number % 65536))
            self._pending = self._state.fallback
        elif word == "bin":
            self._state = replace(self._state, skip=True)
        elif self._state.skip or self._state.fonts:
            return
        elif word == "pard":
            self._state = replace(self._state, table=False)
        elif word == "intbl":
            self._state = replace(self._state, table=True)
        elif word in {"cell", "nestcell"}:
            self._end_paragraph(in_cell=True)
            self._cells.append(self._cell)
            self._cell = []
        elif word in {"row", "nestrow"}:
            if self._cells:
                self._rows.append(self._cells)
            self._cells = []
        elif word in _SPECIAL:
            self._text(_SPECIAL[word])

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._state = replace(self._state, skip=True)
        elif symbol == b"~":
            self._text(" ")
        elif symbol == b"_":
            self._text("-")
        elif symbol in b"\\{}":
            self._text(symbol.decode("ascii"))
        elif symbol in b"\r\n":
            self._text("\n")

    def _bytes(self, data: bytes) -> None:
        if self._pending:
            dropped = min(self._pending, len(data))
            self._pending -= dropped
            data = data[dropped:]
        if self._state.fonts:
            name = data.decode("latin-1").strip(" ;")
            if name and not self._state.skip:
                self._names[self._state.font] = name
            return
        codepage = self._fonts.get(self._state.font, self._codepage)
        try:
            text = data.decode(codepage, errors="replace")
        except LookupError:
            text = data.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            text = data.decode("latin-1")
        self._text(text)

    def _text(self, text: str) -> None:
        if self._state.skip or self._state.fonts or self._state.deleted:
            return
        if self._state.font != self._run_font:
            self._end_run()
            self._run_font = self._state.font
        for piece in re.split(r"(\n)", text):
            if piece == "\n":
                self._end_paragraph(in_cell=self._state.table)
            else:
                self._run += piece

    def _end_run(self) -> None:
        if self._run:
            self._paragraph += convert_font(self._run, self._names.get(self._run_font, "")) or self._run
        self._run = ""

    def _end_paragraph(self, *, in_cell: bool = False) -> None:
        self._end_run()
        line, self._paragraph = self._paragraph.strip(" "), ""
        if in_cell:
            if line:
                self._cell.append(line)
        else:
            self._end_table()
            if line:
                self.lines.append(line)

    def _end_table(self) -> None:
        if self._cell:
            self._cells.append(self._cell)
        if self._cells:
            self._rows.append(self._cells)
        self.lines.extend(table_lines(self._rows))
        self._rows, self._cells, self._cell = [], [], []


def read_rtf(path: Path) -> list[Page]:
    """The one page of an RTF file. Raises ReadFailure: ``qua_lon``."""
    if path.stat().st_size > MAX_TEXT_BYTES * 4:  # pictures inside are written in hexadecimal
        raise ReadFailure(f"Tệp RTF lớn hơn {MAX_TEXT_BYTES * 4 // MEGABYTE} MB.", "qua_lon", "Hãy chia nhỏ tệp.")
    reader = _Reader()
    reader.read(path.read_bytes())
    text = "\n".join(reader.lines)
    found = detect(text)
    if found:
        return [flow_page(found[1].split("\n"), [f"đã chuyển từ bảng mã {found[0].upper()}"])]
    return [flow_page(reader.lines)]
