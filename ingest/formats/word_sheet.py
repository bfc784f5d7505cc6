"""Paper, margins, fonts, sizes and page numbers of a .docx, as its properties state them (ECMA-376, part 1, 17)."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.checks.form.sheet import PageNumbers, Sheet
from ingest.formats.archive import check_archive
from ingest.formats.opc import Package, Relation, ZipPackage, relations_of
from ingest.formats.wordml_numbering import attribute, child_of, child_value
from ingest.formats.xml_parts import local_name
from ingest.limits import Limits

#: Twentieths of a point in a millimetre.
_TWIPS = 1440 / 25.4
_MOST_ANCESTORS = 20
#: Word's size where nothing is said, in points.
_DEFAULT_SIZE = 10.0
#: Letters of the shortest paragraph whose size counts as that of running text.
_RUNNING = 60


def sheet_of(path: Path, limits: Limits) -> Sheet | None:
    """The sheet of a Word package; None where it has no body. Raises ReadFailure and what damaged files raise."""
    check_archive(path, limits)
    with zipfile.ZipFile(path) as archive:
        package = ZipPackage(archive)
        main = next((r.target for r in relations_of(package, "") if r.kind == "officeDocument"), "word/document.xml")
        document = package.xml(main)
        body = child_of(document, "body") if document is not None else None
        if body is None:
            return None
        relations = relations_of(package, main)
        sheet = Sheet(pages=_pages(package))
        section = next(body.iter("{*}sectPr"), None)
        if section is not None:
            _measure(sheet, section)
            _read_page_numbers(sheet, section, package, relations)
        _read_letters(sheet, body, _Fonts(package, relations))
    return sheet


def _pages(package: Package) -> int | None:
    """The number of pages that Word counted when it saved the file."""
    root = package.xml("docProps/app.xml")
    found = child_of(root, "Pages") if root is not None else None
    text = (found.text or "").strip() if found is not None else ""
    return int(text) if text.isdigit() and len(text) < 6 else None


def _measure(sheet: Sheet, section: Any) -> None:
    size, margins = child_of(section, "pgSz"), child_of(section, "pgMar")
    if size is not None:
        sheet.width, sheet.height = _length(size, "w"), _length(size, "h")
    if margins is not None:
        sheet.top, sheet.bottom = _length(margins, "top"), _length(margins, "bottom")
        sheet.left, sheet.right = _length(margins, "left"), _length(margins, "right")
        if sheet.left is None:  # strict files
            sheet.left, sheet.right = _length(margins, "start"), _length(margins, "end")


def _length(node: Any, name: str) -> float | None:
    """A length in millimetres."""
    value = attribute(node, name)
    return round(abs(int(value)) / _TWIPS, 1) if value.lstrip("-").isdigit() and len(value) < 7 else None


# ---------------------------------------------------------------- page numbers


def _read_page_numbers(sheet: Sheet, section: Any, package: Package, relations: list[Relation]) -> None:
    targets = {r.id: r.target for r in relations if r.kind in ("header", "footer")}
    parts: dict[tuple[str, str], Any] = {}
    for node in section:
        name = local_name(node)
        if name in ("headerReference", "footerReference") and attribute(node, "id") in targets:
            parts[name, attribute(node, "type") or "default"] = package.xml(targets[attribute(node, "id")])
    header, footer = parts.get(("headerReference", "default")), parts.get(("footerReference", "default"))
    if (numbered := _numbered_paragraph(header)) is not None:
        sheet.page_numbers = PageNumbers.TOP_CENTRE if _is_centred(numbered) else PageNumbers.TOP_SIDE
    elif _numbered_paragraph(footer) is not None:
        sheet.page_numbers = PageNumbers.BOTTOM
    own_first = child_of(section, "titlePg") is not None
    first = [parts.get((name, "first")) for name in ("headerReference", "footerReference")] if own_first else []
    shown = first if own_first else [header, footer]
    sheet.first_numbered = any(_numbered_paragraph(part) is not None for part in shown)


def _numbered_paragraph(part: Any | None) -> Any | None:
    """The paragraph of a header or footer that holds a PAGE field."""
    for paragraph in part.iter("{*}p") if part is not None else ():
        codes = [node.text or "" for node in paragraph.iter("{*}instrText")]
        codes += [attribute(node, "instr") for node in paragraph.iter("{*}fldSimple")]
        if any(code.split()[:1] == ["PAGE"] for code in codes):
            return paragraph
    return None


def _is_centred(paragraph: Any) -> bool:
    """Whether a paragraph is centred, by itself or in its frame."""
    properties = child_of(paragraph, "pPr")
    if properties is None:
        return False
    frame = child_of(properties, "framePr")
    return child_value(properties, "jc") == "center" or (frame is not None and attribute(frame, "xAlign") == "center")


# ---------------------------------------------------------------- fonts and sizes


class _Fonts:
    """Fonts and sizes of styles, with what they take from the styles they are based on."""

    def __init__(self, package: Package, relations: list[Relation]) -> None:
        self._nodes: dict[str, Any] = {}
        self._default = ""
        self._base: tuple[str | None, float | None] = (None, None)
        self._theme = _theme_font(package, relations)
        root = next((package.xml(r.target) for r in relations if r.kind == "styles"), None)
        for node in root if root is not None else ():
            if local_name(node) == "style":
                self._nodes[attribute(node, "styleId")] = node
                if attribute(node, "type") == "paragraph" and attribute(node, "default") in ("1", "true", "on"):
                    self._default = attribute(node, "styleId")
            elif local_name(node) == "docDefaults":
                default = child_of(node, "rPrDefault")
                self._base = self.said(child_of(default, "rPr") if default is not None else None)

    def said(self, properties: Any | None) -> tuple[str | None, float | None]:
        """(font, size in points) that run properties state themselves."""
        if properties is None:
            return None, None
        fonts, size = child_of(properties, "rFonts"), child_value(properties, "sz")
        name = None
        if fonts is not None:
            name = attribute(fonts, "ascii") or attribute(fonts, "hAnsi")
            if not name and (attribute(fonts, "asciiTheme") or attribute(fonts, "hAnsiTheme")):
                name = self._theme
        return name or None, int(size) / 2 if size.isdigit() and len(size) < 5 else None

    def of(self, style: str, run: Any | None) -> tuple[str | None, float]:
        """(font, size in points) of a run in a paragraph of that style."""
        font, size = self.said(run)
        identity: str = style or self._default
        for _ in range(_MOST_ANCESTORS):
            node = self._nodes.get(identity)
            if node is None or (font is not None and size is not None):
                break
            of_style = self.said(child_of(node, "rPr"))
            font, size = font or of_style[0], size or of_style[1]
            identity = child_value(node, "basedOn")
        return font or self._base[0], size or self._base[1] or _DEFAULT_SIZE


def _theme_font(package: Package, relations: list[Relation]) -> str | None:
    """The font of running text in the theme."""
    root = next((package.xml(r.target) for r in relations if r.kind == "theme"), None)
    for node in root.iter() if root is not None else ():
        if local_name(node) == "minorFont":
            latin = child_of(node, "latin")
            return attribute(latin, "typeface") or None if latin is not None else None
    return None


def _read_letters(sheet: Sheet, body: Any, fonts: _Fonts) -> None:
    """Count letters by font, and by size those of running text outside tables."""
    names: Counter[str] = Counter()
    sizes: Counter[float] = Counter()
    for paragraph, in_table in _paragraphs(body):
        properties = child_of(paragraph, "pPr")
        style = child_value(properties, "pStyle") if properties is not None else ""
        found: Counter[tuple[str | None, float]] = Counter()
        for run in paragraph.iter():
            if local_name(run) == "r":
                text = "".join(node.text or "" for node in run if local_name(node) == "t")
                found[fonts.of(style, child_of(run, "rPr"))] += sum(c.isalpha() for c in text)
        running = not in_table and sum(found.values()) >= _RUNNING
        for (name, size), count in found.items():
            if name and count:
                names[name] += count
            if running and count:
                sizes[size] += count
    sheet.fonts, sheet.sizes = dict(names), dict(sizes)


def _paragraphs(body: Any) -> Iterator[tuple[Any, bool]]:
    """Each paragraph, and whether it stands in a table."""
    for node in body.iter("{*}p"):
        yield node, next(node.iterancestors("{*}tbl"), None) is not None
