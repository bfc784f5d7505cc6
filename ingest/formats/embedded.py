"""Documents embedded in a Word file (``altChunk``), as e-office programs compose them: .docx, RTF, web pages, text."""

from __future__ import annotations

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats.blocks import Block, plain_paragraphs
from ingest.formats.sniff import FileType, text_type_of
from ingest.limits import MEGABYTE, Limits


def embedded_blocks(data: bytes, limits: Limits, depth: int) -> list[Block]:
    """The blocks of the embedded document *data*; none where it is no text.

    depth: how many documents it is inside of. Raises ReadFailure for a document over the limits, and what damaged
    files raise.
    """
    if data.startswith(b"PK\x03\x04"):
        from ingest.formats.docx import docx_blocks

        return docx_blocks(data, limits, depth)
    if len(data) > limits.text_bytes:
        message = f"Phần nhúng trong tệp lớn hơn {limits.text_bytes // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy lưu lại tệp từ Word.")
    try:
        kind = text_type_of(data)
    except ReadFailure:  # a picture or another object
        return []
    return plain_paragraphs(_lines(data, kind))


def _lines(data: bytes, kind: FileType) -> list[str]:
    if kind is FileType.RTF:
        from ingest.formats.rtf import rtf_lines

        return rtf_lines(data)[0]
    if kind is FileType.HTML:
        from ingest.formats.html import html_lines

        return html_lines(data).lines
    if kind is FileType.MHTML:
        from ingest.formats.mhtml import mhtml_lines

        return mhtml_lines(data).lines
    if kind is FileType.TEXT:
        from ingest.formats.text import decode

        return decode(data).text.splitlines()
    return []
