"""Writes Word files part by part, with what python-docx cannot write: header parts, lists, tracked changes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of one run; properties and run: the XML of their properties."""
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def word_file(path: Path, body: str, parts: Mapping[str, str | bytes] | None = None, *, strict: bool = False) -> Path:
    """A .docx whose body holds the XML *body*.

    parts: the content of further parts by name; ``numbering``, ``styles``, ``footnotes`` and ``header…`` are
    WordprocessingML without its root element, others are stored as they are and related as ``aFChunk``.
    """
    space, relations = (STRICT, _STRICT_RELATIONS) if strict else (TRANSITIONAL, _RELATIONS)
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    related = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{relations}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", _root("document", f"<w:body>{body}</w:body>", space, relations))
        for name, content in (parts or {}).items():
            stem = name.partition(".")[0]
            root = "hdr" if stem.startswith("header") else roots.get(stem)
            if root is not None:
                assert isinstance(content, str)
                kind, name, content = (
                    ("header" if root == "hdr" else stem),
                    f"{stem}.xml",
                    _root(root, content, space, relations),
                )
            else:
                kind = "aFChunk"
            archive.writestr(f"word/{name}", content)
            related.append(f'<Relationship Id="{stem}" Type="{relations}/{kind}" Target="{name}"/>')
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{"".join(related)}</Relationships>'
        )
    return path


def _root(name: str, content: str, space: str, relations: str) -> str:
    return f'<w:{name} xmlns:w="{space}" xmlns:r="{relations}">{content}</w:{name}>'
