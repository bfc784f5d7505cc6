"""Rich Text Format (.rtf): paragraphs, tables by cells, footnotes and text boxes behind the text, fonts for TCVN3 and VNI.

A flat text, as the usual libraries give it, lets the cells of the header table run into one another, loses footnotes and
the fonts that tell a legacy encoding, and keeps what was deleted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.legacy_runs import Run, font_encoding, paragraph_texts
from ingest.limits import MEGABYTE, now
from ingest.page import Page

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)"
)
# Groups that hold no text of the document. Every group marked \* is skipped as well, unless named in _KEPT.
_SKIPPED = frozenset(
    b"colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc "
    b"ftncn aftnsep aftnsepc aftncn fldinst listtable listoverridetable rsidtbl generator xe tc rxe txe bkmkstart "
    b"bkmkend annotation atnid atnauthor nonshppict shprslt sn sv sp pntext themedata datastore filetbl revtbl "
    b"private".split()
)
_KEPT = frozenset(b"shpinst shptxt ud".split())
_CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
    b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"-": "", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
# Code pages by the character set of a font.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_MAX_DEPTH = 4000


@dataclass(slots=True)
class _State:
    """What a group inherits from the one around it. unicode_skip: characters after ``\\u`` that only stand in for it."""

    font: int = -1
    unicode_skip: int = 1
    skipped: bool = False
    hidden: bool = False
    capitals: bool = False
    in_table: bool = False
    fonts: bool = False
    starred: bool = False
    flow: int = 0  # index of the flow the text goes to: the document, a footnote, a text box


#: The number of a paragraph, or a table: rows of cells of paragraph numbers.
_Block = int | list[list[list[int]]]


@dataclass(slots=True)
class _Flow:
    """A stream of text: blocks done, and what is under way: paragraphs of a cell, cells of a row, rows, a paragraph."""

    blocks: list[_Block] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    row: list[list[int]] = field(default_factory=list)
    table: list[list[list[int]]] = field(default_factory=list)
    paragraph: list[Run] = field(default_factory=list)


def read_rtf(path: Path) -> list[Page]:
    """The one page of an RTF file. Raises ReadFailure: ``hong``, ``qua_lon``."""
    if path.stat().st_size > now().unpacked_bytes:
        raise ReadFailure(
            f"Tệp RTF lớn quá mức {now().unpacked_bytes // MEGABYTE} MB.",
            Verdict.TOO_LARGE,
            "Hãy lưu lại dạng .docx hoặc PDF.",
        )
    reader = _Reader()
    blocks = reader.read(path.read_bytes())
    texts, encodings = paragraph_texts(reader.paragraphs)
    lines = list(_lines(blocks, [_whole(text) for text in texts]))
    return [flow_page(lines, [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings])]


class _Reader:
    def __init__(self) -> None:
        self.state = _State()
        self.stack: list[_State] = []
        self.paragraphs: list[list[Run]] = []
        self.flows = [_Flow()]
        self.font_names: dict[int, str] = {}
        self.font_charsets: dict[int, int] = {}
        self.default_font = -1
        self.codepage = "cp1252"
        self.skip = 0  # characters still standing in for the last \u
        self.bytes = bytearray()  # of one run of \'hh: two of them may be one character

    def read(self, data: bytes) -> list[_Block]:
        at, end = 0, len(data)
        while at < end:
            match = _TOKEN.match(data, at)
            if match is None:  # a lone backslash at the very end
                break
            at = match.end()
            if match["hex"]:
                if self.skip:
                    self.skip -= 1
                else:
                    self.bytes.append(int(match["hex"], 16))
                continue
            self._flush()
            if match["brace"] == b"{":
                if len(self.stack) > _MAX_DEPTH:
                    raise ReadFailure("Tệp RTF lồng nhau quá sâu.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.")
                self.stack.append(self.state)
                self.state = replace(self.state, starred=False)
                self.skip = 0
            elif match["brace"]:
                self._close()
                if not self.stack:
                    break
            elif match["word"]:
                if match["word"] == b"bin":
                    at += max(0, int(match["number"] or 0))
                else:
                    self._word(match["word"], int(match["number"]) if match["number"] else None)
            elif match["sign"]:
                self._sign(match["sign"])
            elif match["text"]:
                self._plain(match["text"])
        self._flush()
        if self.stack:
            raise ReadFailure("Tệp RTF bị cắt, thiếu phần cuối.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.")
        for flow in self.flows:
            self._end_paragraph(flow, in_table=False)
        return [block for flow in self.flows for block in flow.blocks]

    def _close(self) -> None:
        if not self.stack:
            return
        inner, self.state = self.state, self.stack.pop()
        if inner.flow != self.state.flow:
            self._end_paragraph(self.flows[inner.flow], in_table=False)
        self.skip = 0

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.state.starred = True
        elif sign in b"\r\n":
            self._word(b"par", None)
        else:
            self._put(_SIGNS.get(sign, ""))

    def _word(self, word: bytes, number: int | None) -> None:
        state = self.state
        if state.starred:
            state.starred = False
            if word not in _KEPT:
                state.skipped = True
        if state.fonts and word in {b"f", b"fcharset"}:
            if word == b"f":
                state.font = number or 0
            else:
                self.font_charsets[state.font] = number or 0
            return
        if word in _SKIPPED:
            state.skipped = True
        elif word == b"fonttbl":
            state.fonts = True
            state.font = -1
        elif word in {b"footnote", b"shptxt"}:
            self.flows.append(_Flow())
            state.flow, state.in_table, state.skipped = len(self.flows) - 1, False, False
        elif word == b"u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self.skip = state.unicode_skip
        elif word == b"uc":
            state.unicode_skip = max(0, number or 0)
        elif word == b"f":
            state.font = number or 0
        elif word == b"deff":
            self.default_font = number or 0
        elif word == b"plain":
            state.font, state.hidden, state.capitals = self.default_font, False, False
        elif word in {b"v", b"deleted"}:
            state.hidden = number != 0
        elif word == b"caps":
            state.capitals = number != 0
        elif word == b"ansicpg":
            self.codepage = _codec(f"cp{number}")
        elif word == b"mac":
            self.codepage = "mac_roman"
        elif word == b"pard":
            state.in_table = False
        elif word == b"intbl":
            state.in_table = True
        elif not state.skipped:
            self._place(word)

    def _place(self, word: bytes) -> None:
        """Words that stand for a character or end a paragraph, a cell, a row."""
        flow = self.flows[self.state.flow]
        if word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word in {b"par", b"sect", b"page", b"nestcell", b"nestrow"}:
            self._end_paragraph(flow, in_table=self.state.in_table)
        elif word == b"cell":
            self._end_paragraph(flow, in_table=True)
            flow.row.append(flow.pending)
            flow.pending = []
        elif word == b"row":
            flow.table.append(flow.row)
            flow.row, flow.pending = [], []

    def _end_paragraph(self, flow: _Flow, *, in_table: bool) -> None:
        number = len(self.paragraphs)
        self.paragraphs.append(flow.paragraph)
        flow.paragraph = []
        if in_table:
            flow.pending.append(number)
            return
        if flow.pending or flow.row:  # a row that never ended
            flow.table.append([*flow.row, flow.pending] if flow.pending else flow.row)
            flow.row, flow.pending = [], []
        if flow.table:
            flow.blocks.append(flow.table)
            flow.table = []
        flow.blocks.append(number)

    def _plain(self, data: bytes) -> None:
        if self.skip:
            data, self.skip = data[self.skip :], max(0, self.skip - len(data))
        if self.state.fonts:
            name = data.decode("cp1252", "replace").partition(";")[0].strip()
            if name and not self.state.skipped:
                self.font_names.setdefault(self.state.font, name)
            return
        self._put(data.decode(self._codec(), "replace"))

    def _flush(self) -> None:
        if self.bytes:
            data, self.bytes = bytes(self.bytes), bytearray()
            if not self.state.fonts:
                self._put(data.decode(self._codec(), "replace"))

    def _codec(self) -> str:
        font = self.state.font if self.state.font >= 0 else self.default_font
        if font_encoding(self.font_names.get(font, "")):
            return "cp1252"  # in which the tables of legacy letters are written, whatever the font claims
        return _CHARSETS.get(self.font_charsets.get(font, 0), self.codepage)

    def _put(self, text: str) -> None:
        state = self.state
        if not text or state.skipped or state.hidden or state.fonts:
            return
        font = self.font_names.get(state.font if state.font >= 0 else self.default_font, "")
        if state.capitals and not font_encoding(font):
            text = text.upper()
        self.flows[state.flow].paragraph.append((text, font))


def _whole(text: str) -> str:
    """*text* with the halves joined in which a character beyond 16 bits is written."""
    if text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _lines(blocks: Sequence[_Block], texts: Sequence[str]) -> Iterator[str]:
    def of(number: int) -> list[str]:
        return [line.strip(" ") for line in texts[number].split("\n") if line.strip()]

    for block in blocks:
        if isinstance(block, int):
            yield from of(block)
        else:
            rows = [[[line for number in cell for line in of(number)] for cell in row] for row in block if row]
            yield from table_lines(rows)


def _codec(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
