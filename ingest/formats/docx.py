"""Word files (.docx, .docm, Strict Open XML, Word 2003 XML): the text in reading order.

Header and signature of an official document are two-column tables without borders; their left column comes whole
before the right one. Other tables come row by row. A letterhead that stands in Word's header part comes first; embedded
documents (``altChunk``) come where they are embedded; footnotes and endnotes come last. Line and page breaks depend on
the printer, so the file is one page.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import fold, squeeze
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.archive import check_archive
from ingest.formats.blocks import Block, Paragraph, blocks_page
from ingest.formats.embedded import embedded_blocks
from ingest.formats.opc import FlatPackage, Package, Relation, ZipPackage, relations_of
from ingest.formats.sniff import FileType
from ingest.formats.wordml import NAMESPACES, WordText
from ingest.formats.wordml_numbering import Numbering, attribute, child_of
from ingest.formats.wordml_styles import Styles
from ingest.formats.xml_parts import DAMAGED, local_name, parse_xml
from ingest.limits import MEGABYTE, Limits
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.DOCX, FileType.WORD_XML})

#: Embedded documents may embed further ones this deep.
_MOST_DEPTH = 3
#: What a letterhead has and a running header has not (folded): quốc hiệu, tiêu ngữ, a number line.
_LETTERHEAD = re.compile(
    r"cong h\w* xa hoi chu nghia|doc lap\s*-\s*tu do|dang cong san viet nam|^so\s*:.*[/-]", re.MULTILINE
)
#: Paragraphs at the top of a document among which its own letterhead stands.
_TOP_PARAGRAPHS = 40


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a Word file (:class:`ingest.formats.Reader`)."""
    limits = options.limits
    try:
        if source.file_type is FileType.DOCX:
            check_archive(source.path, limits)
            with zipfile.ZipFile(source.path) as archive:
                blocks = _package_blocks(ZipPackage(archive), limits, 0)
        else:
            blocks = _single_file_blocks(_bytes_within(source, limits), limits)
        page = blocks_page(blocks)
    except DAMAGED as error:
        raise ReadFailure("Tệp Word bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error
    return Reading(str(source.path), source.sha256, [page])


def _bytes_within(source: Source, limits: Limits) -> bytes:
    limit = limits.unpacked_bytes
    if source.path.stat().st_size > limit:
        raise ReadFailure(f"Tệp Word lớn hơn {limit // MEGABYTE} MB.", Verdict.TOO_LARGE, "Hãy lưu lại dạng .docx.")
    return source.path.read_bytes()


def docx_blocks(data: bytes, limits: Limits, depth: int) -> list[Block]:
    """The blocks of a .docx inside another file. Raises ReadFailure and what damaged files raise."""
    check_archive(BytesIO(data), limits)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return _package_blocks(ZipPackage(archive), limits, depth)


def _single_file_blocks(data: bytes, limits: Limits) -> list[Block]:
    """The blocks of Word 2003 XML or of a package written as one XML file."""
    root = parse_xml(data)
    if local_name(root) == "package":
        return _package_blocks(FlatPackage(root), limits, 0)
    text = WordText(Styles(child_of(root, "styles")), Numbering(None))
    body = child_of(root, "body")
    if body is None:
        raise ValueError("no body")
    blocks = text.part(body)
    sections = [node for space in NAMESPACES for node in body.iter(f"{{{space}}}sectPr")]
    headers = [node for node in sections[:1] for node in node if local_name(node) == "hdr"]
    first = [node for node in headers if attribute(node, "type") == "first"] if _has_title_page(sections) else []
    shown = first or [node for node in headers if attribute(node, "type") == "odd"]
    return [*_letterhead(text, shown, blocks), *blocks, *text.notes]


def _package_blocks(package: Package, limits: Limits, depth: int) -> list[Block]:
    """The blocks of a Word package."""
    main = next((r.target for r in relations_of(package, "") if r.kind == "officeDocument"), "word/document.xml")
    document = package.xml(main)
    body = child_of(document, "body") if document is not None else None
    if body is None:
        raise ValueError("no body")
    relations = relations_of(package, main)
    text = WordText(
        Styles(_related(package, relations, "styles")),
        Numbering(_related(package, relations, "numbering")),
        partial(_chunk, package, relations, limits, depth) if depth < _MOST_DEPTH else None,
    )
    blocks = text.part(body)
    headers = [part for part in (package.xml(name) for name in _first_headers(body, relations)) if part is not None]
    blocks = [*_letterhead(text, headers, blocks), *blocks, *text.notes]
    for kind in ("footnotes", "endnotes"):
        notes = _related(package, relations, kind)
        for note in notes if notes is not None else ():
            if not attribute(note, "type"):  # the others are separator lines
                blocks += text.part(note)
    return blocks


def _related(package: Package, relations: list[Relation], kind: str) -> Any | None:
    """The root of the first related part of that kind."""
    return next((package.xml(r.target) for r in relations if r.kind == kind), None)


def _chunk(package: Package, relations: list[Relation], limits: Limits, depth: int, identity: str) -> list[Block]:
    """The blocks of the embedded document behind a relation; none where it is not readable text."""
    target = next((r.target for r in relations if r.id == identity and r.kind == "aFChunk"), None)
    data = package.data(target) if target is not None else None
    if data is None:
        return []
    return embedded_blocks(data, limits, depth + 1)


# ---------------------------------------------------------------- letterheads in header parts


def _first_headers(body: Any, relations: list[Relation]) -> list[str]:
    """The names of the header parts that the first page shows."""
    sections = list(body.iter(*(f"{{{space}}}sectPr" for space in NAMESPACES[:2])))
    by_type: dict[str, str] = {}
    targets = {r.id: r.target for r in relations if r.kind == "header"}
    for node in sections[0] if sections else ():
        if local_name(node) == "headerReference":
            by_type[attribute(node, "type")] = targets.get(attribute(node, "id"), "")
    shown = by_type.get("first") if _has_title_page(sections) else None
    name = shown if shown is not None else by_type.get("default")
    return [name] if name else []


def _has_title_page(sections: list[Any]) -> bool:
    """Whether the first page has a header of its own."""
    return bool(sections) and child_of(sections[0], "titlePg") is not None


def _letterhead(text: WordText, headers: list[Any], body: list[Block]) -> list[Block]:
    """The blocks of the first page's header where they hold the letterhead that the text itself lacks."""
    blocks = [block for header in headers for block in text.part(header)]
    if not _LETTERHEAD.search(_folded(blocks)) or _LETTERHEAD.search(_folded(body)):
        return []
    return blocks


def _folded(blocks: list[Block]) -> str:
    """The text at the top of *blocks* without diacritics, a line for each paragraph."""
    lines: list[str] = []
    for paragraph in _paragraphs(blocks):
        lines.append(squeeze(fold("".join(text for text, _ in paragraph.runs))))
        if len(lines) >= _TOP_PARAGRAPHS:
            break
    return "\n".join(lines)


def _paragraphs(blocks: list[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row:
                    yield from _paragraphs(cell.blocks)
