"""OpenDocument text (.odt): the text in reading order, tables as in Word files, footnotes at the end."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.archive import check_archive
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.sniff import FileType
from ingest.formats.xml_parts import DAMAGED, parse_xml
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.ODT})

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SKIPPED = {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note", f"{_OFFICE}forms"}
_MAX_SPACES = 200


def read(source: Source, options: ReadOptions) -> Reading:
    """Read an OpenDocument file (:class:`ingest.formats.Reader`)."""
    check_archive(source.path, options.limits)

    try:
        with zipfile.ZipFile(source.path) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise ReadFailure("Tệp có mật khẩu.", Verdict.ENCRYPTED, "Hãy bỏ mật khẩu rồi nạp lại.")
            root = parse_xml(archive.read("content.xml"))
        body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        lines = list(_lines(body))
        for note in body.iter(f"{_TEXT}note-body"):
            lines += _lines(note)
    except DAMAGED as error:
        raise ReadFailure(
            "Tệp OpenDocument bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc."
        ) from error
    return Reading(str(source.path), source.sha256, [flow_page(lines)])


def _lines(parent: Any) -> Iterator[str]:
    """Lines of the paragraphs and tables under *parent*, in order."""
    for child in parent:
        if child.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            boxes: list[Any] = []
            yield from (line.strip(" ") for line in "".join(_inline(child, boxes)).split("\n") if line.strip())
            for box in boxes:
                yield from _lines(box)
        elif child.tag == f"{_TABLE}table":
            rows = [[list(_lines(cell)) for cell in _cells(row)] for row in _rows(child)]
            yield from table_lines(rows)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _lines(child)


def _inline(node: Any, boxes: list[Any]) -> Iterator[str]:
    """Pieces of a paragraph's text; text boxes on the way are appended to *boxes*."""
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_MAX_SPACES, int(child.get(f"{_TEXT}c", "1")))
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag == f"{_DRAW}text-box":
            boxes.append(child)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _inline(child, boxes)
        yield child.tail or ""


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in {f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"}:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in row if cell.tag == f"{_TABLE}table-cell")
