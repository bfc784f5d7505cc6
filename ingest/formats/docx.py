"""Word files (.docx): the text in reading order, with what python-docx alone leaves out.

Header and signature of an official document are two-column tables without borders; their left column comes whole
before the right one. Other tables come row by row. Text deleted in tracked changes is left out; text boxes and
footnotes are kept. Line and page breaks depend on the printer, so the file is one page.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.archive import check_archive
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.sniff import FileType
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.DOCX})

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
#: Elements that only wrap paragraphs and tables.
_WRAPPERS = {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}
#: Settings, deleted text, field codes, and the second copy of a drawing.
_SKIPPED = {f"{_W}pPr", f"{_W}rPr", f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_MC}Fallback"}
#: What a damaged Word file raises in python-docx and lxml, besides PackageNotFoundError.
_DAMAGED = (
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    zipfile.BadZipFile,
    OSError,
    NotImplementedError,
    zlib.error,
    RecursionError,
)


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a Word file (:class:`ingest.formats.Reader`)."""
    check_archive(source.path, options.limits)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(source.path))
        lines = list(_block_lines(document.element.body))
        lines += _footnote_lines(document)
    except (PackageNotFoundError, *_DAMAGED) as error:
        raise ReadFailure("Tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error
    return Reading(str(source.path), source.sha256, [flow_page(lines)])


def _block_lines(parent: Any) -> Iterator[str]:
    """Lines of the paragraphs and tables under *parent*, in order."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph_lines(child)
        elif child.tag == f"{_W}tbl":
            yield from _table_lines(child)
        elif child.tag in _WRAPPERS:
            yield from _block_lines(child)


def _paragraph_lines(paragraph: Any) -> Iterator[str]:
    boxes: list[Any] = []
    text = "".join(_inline(paragraph, boxes))
    for line in text.split("\n"):
        if line.strip():
            yield line.strip(" ")
    for box in boxes:
        yield from _block_lines(box)


def _inline(node: Any, boxes: list[Any]) -> Iterator[str]:
    """Pieces of a paragraph's text; text boxes on the way are appended to *boxes*."""
    for child in node:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in {f"{_W}tab", f"{_W}ptab"}:
            # The definition of a tab stop has the same name, but only inside w:pPr, which is skipped.
            yield "\t"
        elif tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag == f"{_W}txbxContent":
            boxes.append(child)
        elif tag not in _SKIPPED and isinstance(tag, str):
            yield from _inline(child, boxes)


def _table_lines(table: Any) -> Iterator[str]:
    own = (row for row in table.iter(f"{_W}tr") if _table_of(row) is table)
    rows = [[list(_block_lines(cell)) for cell in _cells(row)] for row in own]
    yield from table_lines(rows)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _cells(child)


def _table_of(row: Any) -> Any:
    """The table a row belongs to; a table inside a cell has rows of its own."""
    node = row.getparent()
    while node is not None and node.tag != f"{_W}tbl":
        node = node.getparent()
    return node


def _footnote_lines(document: Any) -> Iterator[str]:
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype == _FOOTNOTES and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_W}type") is None:  # the others are separator lines
                    yield from _block_lines(note)
