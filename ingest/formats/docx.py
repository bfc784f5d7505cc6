"""Word files (.docx): the text in reading order, with what python-docx alone leaves out.

The header and the signature of an official document are two-column tables without borders; their left column is
read whole before the right one. Other tables are read row by row. Deleted text of tracked changes is left out, text
boxes and footnotes are kept. Line and page breaks depend on the printer, so the file is one page.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.flow import flow_page, table_lines
from ingest.limits import MEGABYTE, now
from ingest.page import Page

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def read_docx(path: Path) -> list[Page]:
    """The one page of a Word file. Raises ReadFailure: ``hong``, ``qua_lon``."""
    check_unpacked_size(path)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
        lines = list(_block_lines(document.element.body))
        lines += _footnote_lines(document)
    except (
        PackageNotFoundError, SyntaxError, LookupError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, OSError,
        NotImplementedError, zlib.error, RecursionError,
    ) as error:  # fmt: skip
        raise ReadFailure("Tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error
    return [flow_page(lines)]


def check_unpacked_size(path: Path) -> None:
    """Unpack every entry into nothing, counting: the sizes a zip declares are its author's word."""
    total, most = 0, now().unpacked_bytes
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > now().entries:
                raise ReadFailure(
                    f"Tệp có {len(entries)} phần, quá nhiều.",
                    Verdict.TOO_LARGE,
                    "Hãy lưu lại tệp từ chương trình soạn thảo.",
                )
            for entry in entries:
                if entry.flag_bits & 1:
                    raise ReadFailure("Tệp có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
                with archive.open(entry) as part:
                    while chunk := part.read(MEGABYTE):
                        total += len(chunk)
                        if total > most:
                            raise ReadFailure(
                                f"Tệp giải nén ra hơn {most // MEGABYTE} MB.",
                                Verdict.TOO_LARGE,
                                "Hãy kiểm tra tệp gốc.",
                            )
    except (
        zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError
    ) as error:  # fmt: skip
        raise ReadFailure("Tệp bị hỏng hoặc bị cắt.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error


def _block_lines(parent: Any) -> Iterator[str]:
    """Lines of the paragraphs and tables under *parent*, in order."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph_lines(child)
        elif child.tag == f"{_W}tbl":
            yield from _table_lines(child)
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}:
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
    """Text pieces of a paragraph; text boxes met on the way are put aside in *boxes*."""
    for child in node:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in {f"{_W}tab", f"{_W}ptab"}:
            # A tab stop's definition (in w:pPr) has the same name as the tab itself; w:pPr is skipped below.
            yield "\t"
        elif tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag == f"{_W}txbxContent":
            boxes.append(child)
        elif tag in {f"{_W}pPr", f"{_W}rPr", f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_MC}Fallback"}:
            continue  # settings, deleted text, field codes, the second copy of a drawing
        elif isinstance(tag, str):
            yield from _inline(child, boxes)


def _table_lines(table: Any) -> Iterator[str]:
    rows = [[list(_block_lines(cell)) for cell in _cells(row)] for row in table.iter(f"{_W}tr") if _owner(row) is table]
    yield from table_lines(rows)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _cells(child)


def _owner(row: Any) -> Any:
    """The table a row belongs to: nested tables hold rows of their own."""
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
