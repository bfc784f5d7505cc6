"""Presentations (.pptx): a page for each slide, its paragraphs as lines. Hidden slides are no text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.archive import check_archive
from ingest.formats.flow import flow_page, table_lines
from ingest.formats.opc import ZipPackage, relations_of
from ingest.formats.sniff import FileType
from ingest.formats.wordml_numbering import attribute
from ingest.formats.xml_parts import DAMAGED, local_name
from ingest.options import ReadOptions
from ingest.page import Page, Reading

FILE_TYPES = frozenset({FileType.PPTX})

_COMPATIBILITY_COPY = "Fallback"


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a presentation (:class:`ingest.formats.Reader`)."""
    check_archive(source.path, options.limits)
    pages: list[Page] = []
    try:
        with zipfile.ZipFile(source.path) as archive:
            for slide in _slides(ZipPackage(archive)):
                page = flow_page(list(_lines(slide)))
                page.number = len(pages) + 1
                pages.append(page)
    except DAMAGED as error:
        raise ReadFailure("Tệp trình chiếu bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error
    if not any(page.text for page in pages):
        raise ReadFailure("Tệp trình chiếu không có chữ.", Verdict.NO_TEXT, "Hãy in ra PDF rồi nạp.")
    return Reading(str(source.path), source.sha256, pages)


def _slides(package: ZipPackage) -> Iterator[Any]:
    """The root of each slide that is shown, in order."""
    main = next((r.target for r in relations_of(package, "") if r.kind == "officeDocument"), "ppt/presentation.xml")
    presentation = package.xml(main)
    if presentation is None:
        raise ValueError("no presentation")
    targets = {r.id: r.target for r in relations_of(package, main) if r.kind == "slide"}
    for node in presentation.iter("{*}sldId"):
        related = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
        slide = package.xml(targets.get(related, "")) if related in targets else None
        if slide is not None and attribute(slide, "show") not in {"0", "false"}:
            yield slide


def _lines(node: Any) -> Iterator[str]:
    """The paragraphs and tables under *node*, in order."""
    for child in node:
        name = local_name(child)
        if name == "p":
            text = "".join(_inline(child))
            yield from (line.strip() for line in text.split("\n") if line.strip())
        elif name == "tbl":
            rows = [row for row in child if local_name(row) == "tr"]
            yield from table_lines([[list(_lines(cell)) for cell in row if local_name(cell) == "tc"] for row in rows])
        elif name != _COMPATIBILITY_COPY:
            yield from _lines(child)


def _inline(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter():
        name = local_name(node)
        if name == "t":
            yield node.text or ""
        elif name == "br":
            yield "\n"
        elif name == "tab":
            yield "\t"
