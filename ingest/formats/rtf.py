"""Rich Text Format (.rtf): paragraphs, tables by cells, footnotes and text boxes behind the text.

The usual libraries give one flat text: the cells of the header table run into one another, footnotes are lost, deleted
text is kept, and so is nothing of the fonts that show a legacy encoding (TCVN3, VNI).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.legacy_encodings import font_encoding
from ingest.formats.legacy_runs import paragraph_texts
from ingest.formats.legacy_stretches import Run
from ingest.formats.sniff import FileType
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.RTF})

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)"
)
# Groups without text of the document. A group marked \* is skipped as well, unless its word is in _KEPT.
_SKIPPED = frozenset(
    b"colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf ftnsep "
    b"ftnsepc "
    b"ftncn aftnsep aftnsepc aftncn fldinst listtable listoverridetable rsidtbl generator xe tc rxe txe bkmkstart "
    b"bkmkend annotation atnid atnauthor nonshppict shprslt sn sv sp pntext themedata datastore filetbl revtbl "
    b"private".split()
)
_KEPT = frozenset(b"shpinst shptxt ud".split())
#: Control words that stand for a character.
_CHARACTERS = {
    b"tab": "\t",
    b"line": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"emspace": " ",
    b"enspace": " ",
    b"qmspace": " ",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
#: Control symbols that stand for a character.
_SIGNS = {b"~": "\u00a0", b"-": "", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
#: Control words that end a paragraph.
_PARAGRAPH_ENDS = frozenset({b"par", b"sect", b"page", b"nestcell", b"nestrow"})
#: Code pages by the character set of a font (RTF 1.9.1, \fcharset).
_CODE_PAGES = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
#: The code page for text in a legacy font: the conversion tables expect its letters.
_LEGACY_CODE_PAGE = "cp1252"
_MAX_DEPTH = 4000


@dataclass(slots=True)
class _State:
    """Settings that a group inherits from the one around it."""

    #: Number of the font; -1 for the default font.
    font: int = -1
    #: Characters after ``\\u`` that only stand in for it.
    unicode_skip: int = 1
    skipped: bool = False
    hidden: bool = False
    capitals: bool = False
    in_table: bool = False
    in_font_table: bool = False
    #: Whether ``\\*`` was just read.
    starred: bool = False
    #: Index of the stream the text goes to: the document, a footnote, a text box.
    stream: int = 0


#: The number of a paragraph, or a table: rows of cells of paragraph numbers.
_Block = int | list[list[list[int]]]


@dataclass(slots=True)
class _Stream:
    """A stream of text: finished blocks, and the parts of the one under way."""

    blocks: list[_Block] = field(default_factory=list)
    #: Paragraphs of the cell under way, cells of the row, rows of the table.
    cell: list[int] = field(default_factory=list)
    row: list[list[int]] = field(default_factory=list)
    table: list[list[list[int]]] = field(default_factory=list)
    paragraph: list[Run] = field(default_factory=list)


def read(source: Source, options: ReadOptions) -> Reading:
    """Read an RTF file (:class:`ingest.formats.Reader`)."""
    limit = options.limits.unpacked_bytes
    if source.path.stat().st_size > limit:
        message = f"Tệp RTF lớn quá mức {limit // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy lưu lại dạng .docx hoặc PDF.")
    lines, encodings = rtf_lines(source.path.read_bytes())
    page = flow_page(lines, [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings])
    return Reading(str(source.path), source.sha256, [page])


def rtf_lines(data: bytes) -> tuple[list[str], list[str]]:
    """The lines of an RTF document, and the legacy encodings that were converted. Raises ReadFailure: ``hong``."""
    parser = _Parser()
    blocks = parser.parse(data)
    texts, encodings = paragraph_texts(parser.paragraphs)
    return list(_lines(blocks, [_joined_surrogates(text) for text in texts])), encodings


class _Parser:
    """Goes through the tokens of a file once and collects the runs of each paragraph."""

    def __init__(self) -> None:
        self.paragraphs: list[list[Run]] = []
        self._state = _State()
        self._stack: list[_State] = []
        self._streams = [_Stream()]
        self._font_names: dict[int, str] = {}
        self._font_charsets: dict[int, int] = {}
        self._default_font = -1
        self._code_page = "cp1252"
        #: Characters still to be skipped after ``\\u``.
        self._skip = 0
        #: Bytes of a run of ``\\'hh``: two of them may be one character.
        self._bytes = bytearray()

    def parse(self, data: bytes) -> list[_Block]:
        """The blocks of the file, document first. Raises ReadFailure: ``hong``."""
        at, end = 0, len(data)
        while at < end:
            match = _TOKEN.match(data, at)
            if match is None:  # a lone backslash at the very end
                break
            at = match.end()
            if match["hex"]:
                self._hex(match["hex"])
                continue
            self._flush_bytes()
            if match["word"] == b"bin":  # binary data follows
                at += max(0, int(match["number"] or 0))
                continue
            self._token(match)
            if match["brace"] == b"}" and not self._stack:
                break
        self._flush_bytes()
        if self._stack:
            raise ReadFailure("Tệp RTF bị cắt, thiếu phần cuối.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.")
        for stream in self._streams:
            self._end_paragraph(stream, in_table=False)
        return [block for stream in self._streams for block in stream.blocks]

    def _token(self, match: re.Match[bytes]) -> None:
        if match["brace"] == b"{":
            self._open_group()
        elif match["brace"]:
            self._close_group()
        elif match["word"]:
            self._word(match["word"], int(match["number"]) if match["number"] else None)
        elif match["sign"]:
            self._sign(match["sign"])
        elif match["text"]:
            self._plain(match["text"])

    def _hex(self, digits: bytes) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._bytes.append(int(digits, 16))

    def _open_group(self) -> None:
        if len(self._stack) > _MAX_DEPTH:
            raise ReadFailure("Tệp RTF lồng nhau quá sâu.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.")
        self._stack.append(self._state)
        self._state = replace(self._state, starred=False)
        self._skip = 0

    def _close_group(self) -> None:
        if not self._stack:
            return
        inner, self._state = self._state, self._stack.pop()
        if inner.stream != self._state.stream:
            self._end_paragraph(self._streams[inner.stream], in_table=False)
        self._skip = 0

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._state.starred = True
        elif sign in b"\r\n":
            self._word(b"par", None)
        else:
            self._put(_SIGNS.get(sign, ""))

    def _word(self, word: bytes, number: int | None) -> None:
        state = self._state
        if state.starred:
            state.starred = False
            if word not in _KEPT:
                state.skipped = True
        if state.in_font_table and word == b"fcharset":
            self._font_charsets[state.font] = number or 0
        elif word in _SKIPPED:
            state.skipped = True
        elif (setting := _SETTINGS.get(word)) is not None:
            setting(self, number)
        elif not state.skipped:
            self._place(word)

    # Settings, by control word

    def _begin_font_table(self, _: int | None) -> None:
        self._state.in_font_table = True
        self._state.font = -1

    def _begin_stream(self, _: int | None) -> None:
        """A footnote or a text box."""
        self._streams.append(_Stream())
        state = self._state
        state.stream, state.in_table, state.skipped = len(self._streams) - 1, False, False

    def _unicode(self, number: int | None) -> None:
        if number is not None:
            self._put(chr(number & 0xFFFF))
            self._skip = self._state.unicode_skip

    def _set_unicode_skip(self, number: int | None) -> None:
        self._state.unicode_skip = max(0, number or 0)

    def _set_font(self, number: int | None) -> None:
        self._state.font = number or 0

    def _set_default_font(self, number: int | None) -> None:
        self._default_font = number or 0

    def _reset_character(self, _: int | None) -> None:
        self._state.font, self._state.hidden, self._state.capitals = self._default_font, False, False

    def _set_hidden(self, number: int | None) -> None:
        self._state.hidden = number != 0

    def _set_capitals(self, number: int | None) -> None:
        self._state.capitals = number != 0

    def _set_code_page(self, number: int | None) -> None:
        self._code_page = _known_codec(f"cp{number}")

    def _set_mac(self, _: int | None) -> None:
        self._code_page = "mac_roman"

    def _reset_paragraph(self, _: int | None) -> None:
        self._state.in_table = False

    def _set_in_table(self, _: int | None) -> None:
        self._state.in_table = True

    # Text

    def _place(self, word: bytes) -> None:
        """Words that stand for a character or end a paragraph, a cell or a row."""
        stream = self._streams[self._state.stream]
        if word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif word in _PARAGRAPH_ENDS:
            self._end_paragraph(stream, in_table=self._state.in_table)
        elif word == b"cell":
            self._end_paragraph(stream, in_table=True)
            stream.row.append(stream.cell)
            stream.cell = []
        elif word == b"row":
            stream.table.append(stream.row)
            stream.row, stream.cell = [], []

    def _end_paragraph(self, stream: _Stream, *, in_table: bool) -> None:
        number = len(self.paragraphs)
        self.paragraphs.append(stream.paragraph)
        stream.paragraph = []
        if in_table:
            stream.cell.append(number)
            return
        if stream.cell or stream.row:  # a row without an end
            stream.table.append([*stream.row, stream.cell] if stream.cell else stream.row)
            stream.row, stream.cell = [], []
        if stream.table:
            stream.blocks.append(stream.table)
            stream.table = []
        stream.blocks.append(number)

    def _plain(self, data: bytes) -> None:
        if self._skip:
            data, self._skip = data[self._skip :], max(0, self._skip - len(data))
        if self._state.in_font_table:
            name = data.decode("cp1252", "replace").partition(";")[0].strip()
            if name and not self._state.skipped:
                self._font_names.setdefault(self._state.font, name)
            return
        self._put(data.decode(self._codec(), "replace"))

    def _flush_bytes(self) -> None:
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            if not self._state.in_font_table:
                self._put(data.decode(self._codec(), "replace"))

    def _font(self) -> int:
        return self._state.font if self._state.font >= 0 else self._default_font

    def _codec(self) -> str:
        font = self._font()
        if font_encoding(self._font_names.get(font, "")):
            return _LEGACY_CODE_PAGE
        return _CODE_PAGES.get(self._font_charsets.get(font, 0), self._code_page)

    def _put(self, text: str) -> None:
        state = self._state
        if not text or state.skipped or state.hidden or state.in_font_table:
            return
        font = self._font_names.get(self._font(), "")
        if state.capitals and not font_encoding(font):
            text = text.upper()
        self._streams[state.stream].paragraph.append((text, font))


#: Control words that change a setting, and how.
_SETTINGS: dict[bytes, Callable[[_Parser, int | None], None]] = {
    b"fonttbl": _Parser._begin_font_table,
    b"footnote": _Parser._begin_stream,
    b"shptxt": _Parser._begin_stream,
    b"u": _Parser._unicode,
    b"uc": _Parser._set_unicode_skip,
    b"f": _Parser._set_font,
    b"deff": _Parser._set_default_font,
    b"plain": _Parser._reset_character,
    b"v": _Parser._set_hidden,
    b"deleted": _Parser._set_hidden,
    b"caps": _Parser._set_capitals,
    b"ansicpg": _Parser._set_code_page,
    b"mac": _Parser._set_mac,
    b"pard": _Parser._reset_paragraph,
    b"intbl": _Parser._set_in_table,
}


def _joined_surrogates(text: str) -> str:
    """*text* with surrogate pairs joined: a character beyond 16 bits is written as two."""
    if text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _lines(blocks: Sequence[_Block], texts: Sequence[str]) -> Iterator[str]:
    def lines_of(number: int) -> list[str]:
        return [line.strip(" ") for line in texts[number].split("\n") if line.strip()]

    for block in blocks:
        if isinstance(block, int):
            yield from lines_of(block)
        else:
            rows = [[[line for number in cell for line in lines_of(number)] for cell in row] for row in block if row]
            yield from table_lines(rows)


def _known_codec(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
