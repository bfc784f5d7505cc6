"""WordprocessingML, the XML inside Word files, as paragraphs and tables in reading order.

The same for .docx (transitional and strict), Word 2003 XML and Word's single-file XML. Hidden and deleted text, deleted
rows, field codes and the hints in empty content controls are no text. Text boxes follow the paragraph they are anchored
in; automatic numbers are text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ingest.formats.blocks import Block, Cell, Paragraph, Table
from ingest.formats.wordml_numbering import Numbering, attribute, child_of, child_value
from ingest.formats.wordml_styles import NO_LOOK, Look, Style, Styles, is_on, list_of, look_of
from ingest.tables.flow_cells import ONE, Span

#: Namespaces of the three kinds: transitional, strict, Word 2003.
NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.microsoft.com/office/word/2003/wordml",
)
_W = NAMESPACES[0]
_AUXILIARY = "http://schemas.microsoft.com/office/word/2003/auxHint"
_ANNOTATIONS = "http://schemas.microsoft.com/aml/2001/core"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_MATHEMATICS = "http://schemas.openxmlformats.org/officeDocument/2006/math"

#: Elements that are looked at, in all three kinds; and those that are settings, deleted text or codes.
_NAMES = (
    "p r t tab ptab br cr noBreakHyphen softHyphen tbl tr tc sdt sdtContent txbxContent fldChar footnote endnote "
    "altChunk instrText"
)
_SKIPPED_NAMES = (
    "pPr rPr del moveFrom delText delInstrText sdtPr sdtEndPr tblPr tblGrid trPr tcPr sectPr binData docOleData"
)


def _names() -> dict[str, str]:
    names = {f"{{{space}}}{name}": name for space in NAMESPACES for name in _NAMES.split()}
    skipped = {f"{{{space}}}{name}": "skipped" for space in NAMESPACES for name in _SKIPPED_NAMES.split()}
    others = {
        f"{{{_COMPATIBILITY}}}Fallback": "skipped",  # the second copy of a drawing
        f"{{{_ANNOTATIONS}}}annotation": "annotation",
        f"{{{_MATHEMATICS}}}t": "t",
    }
    return {**names, **skipped, **others}


#: Tag → its local name; tags that are not listed only wrap others.
_KINDS = _names()
_DELETIONS = ("}del", "}moveFrom", "}annotation")
_INLINE_NAMES = "r t tab ptab br cr noBreakHyphen softHyphen fldChar instrText footnote endnote txbxContent"
_INLINE = frozenset(_INLINE_NAMES.split())
#: Digits of a number from which it is no count of columns.
_DIGITS = 4
#: Text that stands for an element.
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\u00ad"}


class WordText:
    """Reads the blocks of a document's parts; one object a document, since lists are counted through it."""

    def __init__(self, styles: Styles, numbering: Numbering, chunk: Callable[[str], list[Block]] | None = None) -> None:
        """chunk: gives the blocks of an embedded document (``altChunk``) by the id of its relation."""
        self._styles = styles
        self._numbering = numbering
        self._chunk = chunk
        #: Footnotes met inside the text (Word 2003 XML).
        self.notes: list[Block] = []
        #: Open fields: whether each is still at its instruction.
        self._fields: list[bool] = []
        #: Runs of paragraphs whose end is deleted: they belong to the next paragraph.
        self._joined: list[tuple[str, str]] = []
        self._dropped = False

    def part(self, parent: Any) -> list[Block]:
        """The blocks under *parent*, the root of a part or its body."""
        self._fields, self._joined = [], []
        blocks = list(self._blocks(parent))
        if self._joined:
            blocks.append(Paragraph(self._joined))
            self._joined = []
        return blocks

    def _blocks(self, parent: Any) -> Iterator[Block]:
        for child in parent:
            kind = _KINDS.get(child.tag, "") if isinstance(child.tag, str) else "skipped"
            if kind == "p":
                yield from self._paragraph(child)
            elif kind == "tbl":
                yield self._table(child)
            elif kind == "altChunk":
                if self._chunk is not None:
                    yield from self._chunk(attribute(child, "id"))
            elif not _is_no_text(child, kind):
                yield from self._blocks(child)

    # ------------------------------------------------------------ paragraphs

    def _paragraph(self, node: Any) -> Iterator[Block]:
        properties = child_of(node, "pPr")
        style = self._styles.of_paragraph(child_value(properties, "pStyle") if properties is not None else "")
        look = style.look.over(self._styles.default_look)
        boxes: list[Any] = []
        self._dropped = False
        runs = list(self._runs(node, look, boxes))
        end_deleted = _end_is_deleted(properties)
        if runs or not (self._dropped or end_deleted):
            label = self._label(properties, style)
            if label is not None:
                runs.insert(0, label)
        runs, self._joined = self._joined + runs, []
        if end_deleted:
            self._joined = runs
        else:
            yield Paragraph(runs)
        fields, self._fields = self._fields, []
        for box in boxes:
            yield from self._blocks(box)
        self._fields = fields

    def _label(self, properties: Any | None, style: Style) -> tuple[str, str] | None:
        """The automatic number of a paragraph as a run."""
        if properties is not None:
            printed = _printed_label(properties)
            if printed is not None:
                return printed
        list_id, level = list_of(properties)
        if not list_id:
            list_id, level = style.list_id, style.level
        label = self._numbering.label(list_id, level) if list_id else None
        if label is None:
            return None
        return label[0], label[1] or style.look.font or ""

    def _runs(self, node: Any, look: Look, boxes: list[Any]) -> Iterator[tuple[str, str]]:
        """(text, font) of what *node* holds; text boxes on the way are appended to *boxes*."""
        for child in node:
            kind = _KINDS.get(child.tag, "") if isinstance(child.tag, str) else "skipped"
            if kind == "r":
                yield from self._runs(child, self._run_look(child, look), boxes)
            elif kind not in _INLINE:
                if _is_no_text(child, kind):
                    self._dropped = self._dropped or child.tag.endswith(_DELETIONS)
                else:
                    yield from self._runs(child, look, boxes)
            elif kind == "fldChar":
                self._follow_field(attribute(child, "fldCharType"))
            elif kind in {"footnote", "endnote"}:
                self.notes += self._aside(child)
            elif any(self._fields) or kind == "instrText":
                continue
            elif look.hidden:
                self._dropped = True
            elif kind == "txbxContent":
                boxes.append(child)
            else:
                yield (child.text or "") if kind == "t" else _SIGNS[kind], look.font or ""

    def _aside(self, note: Any) -> list[Block]:
        """The blocks of a note inside the text, whose fields and joined paragraphs are its own."""
        outside = self._fields, self._joined, self._dropped
        self._fields, self._joined = [], []
        blocks = list(self._blocks(note))
        self._fields, self._joined, self._dropped = outside
        return blocks

    def _run_look(self, run: Any, below: Look) -> Look:
        properties = child_of(run, "rPr")
        if properties is None:
            return below
        style = child_value(properties, "rStyle")
        named = self._styles.of_run(style).look if style else NO_LOOK
        return look_of(properties).over(named).over(below)

    def _follow_field(self, step: str) -> None:
        """A field begins, comes to its result, or ends; its instruction is no text."""
        if step == "begin":
            self._fields.append(True)
        elif self._fields and step == "separate":
            self._fields[-1] = False
        elif self._fields and step == "end":
            self._fields.pop()

    # ------------------------------------------------------------ tables

    def _table(self, node: Any) -> Table:
        return Table([self._row(row) for row in _rows(node)])

    def _row(self, node: Any) -> list[Cell]:
        row = [Cell(list(self._blocks(cell)), _span_of(cell)) for cell in _cells(node)]
        properties = child_of(node, "trPr")
        before = _number(properties, "gridBefore") if properties is not None else 0
        if row and before:
            row[0].span = replace(row[0].span, before=before)
        return row


def _span_of(cell: Any) -> Span:
    """The rows and columns that a cell takes (``gridSpan``, ``vMerge``)."""
    properties = child_of(cell, "tcPr")
    if properties is None:
        return ONE
    merged = child_of(properties, "vMerge")
    if merged is None:
        merged = child_of(properties, "vmerge")  # Word 2003 XML
    continued = merged is not None and attribute(merged, "val") != "restart"
    return Span(columns=max(1, _number(properties, "gridSpan")), continued=continued)


def _number(properties: Any, name: str) -> int:
    """The number of a setting; 0 where there is none."""
    value = child_value(properties, name)
    return int(value) if value.isdecimal() and len(value) < _DIGITS else 0


def _is_no_text(node: Any, kind: str) -> bool:
    """Whether nothing under *node* is text: settings, deleted text, the hint of an empty content control."""
    if kind == "annotation":  # tracked changes of Word 2003 XML
        return attribute(node, "type") in {"Word.Deletion", "Word.Formatting", "Word.Comment"}
    if kind == "sdt":
        properties = child_of(node, "sdtPr")
        hint = child_of(properties, "showingPlcHdr") if properties is not None else None
        return hint is not None and is_on(hint)
    return kind == "skipped"


def _end_is_deleted(properties: Any | None) -> bool:
    """Whether the end of a paragraph was deleted under tracked changes, so that the next one joins it."""
    run = child_of(properties, "rPr") if properties is not None else None
    return run is not None and (child_of(run, "del") is not None or child_of(run, "moveFrom") is not None)


def _printed_label(properties: Any) -> tuple[str, str] | None:
    """The label as Word 2003 XML gives it, ready made."""
    numbers = child_of(properties, "listPr")
    hint = numbers.find(f"{{{_AUXILIARY}}}t") if numbers is not None else None
    if numbers is None or hint is None:
        return None
    font = numbers.find(f"{{{_AUXILIARY}}}font")
    label = attribute(hint, "val")
    if not label.strip() or not all(char.isprintable() for char in label):
        return None
    return label + " ", "" if font is None else attribute(font, "val")


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table but those that are deleted or hidden."""
    for child in table:
        kind = _KINDS.get(child.tag, "") if isinstance(child.tag, str) else "skipped"
        if kind == "tr":
            properties = child_of(child, "trPr")
            if properties is None or not any(child_of(properties, name) is not None for name in ("del", "hidden")):
                yield child
        elif kind not in {"p", "tc"} and not _is_no_text(child, kind):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        kind = _KINDS.get(child.tag, "") if isinstance(child.tag, str) else "skipped"
        if kind == "tc":
            properties = child_of(child, "tcPr")
            if properties is None or child_of(properties, "cellDel") is None:
                yield child
        elif kind not in {"p", "tbl"} and not _is_no_text(child, kind):
            yield from _cells(child)
