"""Good files of each type, and ways to change one part of them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from tests.ingest.formats.test_odt import write_odt
from tests.support.reading_files import BODY, picture, scan_pdf, text_pdf
from tests.support.word_files import Piece, WordFile

_WORD_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@cache
def good_files() -> dict[str, bytes]:
    """A good file of each type, by its ending; ``scan.pdf`` is a scanned page."""
    import docx

    made = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made["pdf"] = text_pdf(folder / "a.pdf", [BODY] * 4).read_bytes()
        small = picture(BODY[:3], dpi=72)
        made["scan.pdf"] = scan_pdf(folder / "b.pdf", [small]).read_bytes()
        for ending, form in (("png", "PNG"), ("jpg", "JPEG"), ("tif", "TIFF")):
            out = io.BytesIO()
            small.convert("L").save(out, form)
            made[ending] = out.getvalue()
        document = docx.Document()
        for line in BODY:
            document.add_paragraph(line)
        document.save(str(folder / "a.docx"))
        made["docx"] = (folder / "a.docx").read_bytes()
        paragraphs = "".join(f"<text:p>{line}</text:p>" for line in BODY)
        made["odt"] = write_odt(folder / "a.odt", paragraphs).read_bytes()
        made["doc"] = WordFile([Piece(line + "\r") for line in BODY]).write(folder / "a.doc").read_bytes()
    made["rtf"] = b"{\\rtf1\\ansi " + b"".join(rtf_text(line) + b"\\par\n" for line in BODY) + b"}"
    made["html"] = ("<html><body>" + "".join(f"<p>{line}</p>" for line in BODY) + "</body></html>").encode()
    made["txt"] = "\n".join(BODY).encode()
    return made


def rtf_text(text: str) -> bytes:
    """*text* as RTF writes it."""
    return b"".join(c.encode() if ord(c) < 128 else b"\\u%d?" % ord(c) for c in text)


def zipped(entries: dict[str, bytes], base: str = "docx") -> bytes:
    """The good file of type *base* with *entries* added or in place of its own."""
    out = io.BytesIO()
    good = io.BytesIO(good_files()[base])
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            if entry.filename not in entries:
                made.writestr(entry, source.read(entry))
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def paragraph(text: str) -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


#: The body of a good Word file.
WORD_BODY = "".join(paragraph(line) for line in BODY)


def word(body: str, head: str = "") -> bytes:
    """A Word file with that body. head: stands before the root element."""
    text = f'<?xml version="1.0"?>{head}<w:document {_WORD_NAMESPACE}><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": text.encode()})
