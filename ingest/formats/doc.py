"""Word 97–2003 files (.doc): text in reading order, tables by cells, footnotes at the end, struck words apart.

How the file is laid out is in :mod:`ingest.formats.doc_streams`; here its paragraphs become lines.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import nfc, squeeze
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.doc_streams import CELL_END, DocumentStreams, Paragraph, is_encrypted, is_word_97, table_name
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.legacy_runs import paragraph_texts
from ingest.formats.sniff import FileType
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.DOC})

#: Characters with a meaning of their own: line break, no-break and optional hyphen, anchors of pictures and notes.
_SIGNS = {0x0B: "\n", 0x1E: "-", 0x1F: "", 0x01: "", 0x02: "", 0x03: "", 0x04: "", 0x05: "", 0x08: ""}
#: Begin of a field's instruction, begin of its result, end of the field.
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
#: What a damaged file raises while it is taken apart.
_DAMAGED = (OSError, ValueError, IndexError, struct.error, RecursionError, TypeError, AttributeError)


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a Word 97–2003 file (:class:`ingest.formats.Reader`)."""
    limit = options.limits.unpacked_bytes
    if source.path.stat().st_size > limit:
        raise ReadFailure(f"Tệp Word lớn hơn {limit // MEGABYTE} MB.", Verdict.TOO_LARGE, "Hãy lưu lại từ Word.")
    try:
        paragraphs = list(_streams(source.path).paragraphs())
    except _DAMAGED as error:
        raise ReadFailure("Tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error
    texts, encodings = paragraph_texts([*(p.runs for p in paragraphs), *(p.struck for p in paragraphs)])
    texts, struck = texts[: len(paragraphs)], texts[len(paragraphs) :]
    notes = [f"đã chuyển từ bảng mã {name.upper()}" for name in encodings]
    page = flow_page(list(_lines(paragraphs, texts)), notes)
    return Reading(str(source.path), source.sha256, [page], struck=_struck_text(struck))


def _streams(path: Path) -> DocumentStreams:
    import olefile

    with olefile.OleFileIO(str(path)) as container:
        main = _stream(container, "WordDocument")
        if not is_word_97(main):
            message = "Tệp Word 95 hoặc cũ hơn, chưa đọc được."
            raise ReadFailure(message, Verdict.UNSUPPORTED, "Hãy lưu lại dạng .docx hoặc PDF.")
        if is_encrypted(main):
            raise ReadFailure("Tệp Word có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
        return DocumentStreams(main, _stream(container, table_name(main)))


def _stream(container: Any, name: str) -> bytes:
    with container.openstream(name) as stream:
        data: bytes = stream.read()
        return data


def _lines(paragraphs: list[Paragraph], texts: list[str]) -> Iterator[str]:
    """Lines of the paragraphs, those of tables by :func:`ingest.formats.flow.table_lines`."""
    rows: list[list[list[str]]] = []
    row: list[list[str]] = []
    cell: list[str] = []

    def table() -> Iterator[str]:
        yield from table_lines([r for r in [*rows, [*row, cell] if cell else row] if r])

    for paragraph, text in zip(paragraphs, _without_fields(texts), strict=True):
        lines = [line.strip(" ") for line in text.translate(_SIGNS).split("\n") if line.strip()]
        if paragraph.row_end:
            rows.append(row)
            row, cell = [], []
        elif paragraph.end == CELL_END:
            row.append(cell + lines)
            cell = []
        elif paragraph.in_table:
            cell += lines
        else:
            if rows or row or cell:
                yield from table()
                rows, row, cell = [], [], []
            yield from lines
    yield from table()


def _struck_text(texts: list[str]) -> str:
    """What is struck out under tracked changes, a line for each paragraph."""
    lines = (nfc(squeeze(text.translate(_SIGNS))) for text in _without_fields(texts))
    return "\n".join(line.replace("\f", " ") for line in lines if line)


def _without_fields(texts: list[str]) -> list[str]:
    """The texts without the instructions of fields; a field's result may span several paragraphs."""
    kept, depth, shown = [], 0, [True]
    for text in texts:
        if depth == 0 and not any(mark in text for mark in (_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END)):
            kept.append(text)
            continue
        out = []
        for char in text:
            if char == _FIELD_BEGIN:
                depth += 1
                shown.append(False)
            elif char == _FIELD_RESULT and depth:
                shown[-1] = True
            elif char == _FIELD_END and depth:
                depth -= 1
                shown.pop()
            elif all(shown):
                out.append(char)
        kept.append("".join(out))
    return kept
