"""Documents inside other files: ZIP archives, mail messages, envelopes of e-office programs, PDFs with attachments.

Each is read by itself and keeps the container's path; ``inside`` is its name in the container. The container's own
document (a mail's text, a PDF's pages) comes first; an archive and the cover of a PDF portfolio are none.
"""

from __future__ import annotations

import binascii
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import nfc
from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.extract import read_record
from ingest.formats.archive import check_archive
from ingest.formats.sniff import FileType, file_type_of
from ingest.formats.xml_parts import DAMAGED, local_name, parse_xml
from ingest.limits import Limits
from ingest.options import DEFAULT_OPTIONS, ReadOptions

#: Documents that are read of one container, and containers inside each other.
MOST_DOCUMENTS, MOST_DEPTH = 500, 3
#: Characters of the page that a PDF portfolio shows where a program cannot open it.
_COVER_CHARACTERS = 600
#: Entries of archives that operating systems add.
_NO_DOCUMENTS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
#: Parts of a mail message that are looked at.
_MOST_PARTS = 2000
_CONTAINERS = frozenset({FileType.ZIP, FileType.EML, FileType.EDXML})


@dataclass(frozen=True, slots=True)
class Part:
    """A document inside a container."""

    #: "" for the container's own text.
    name: str
    data: bytes


def read_documents(path: str, options: ReadOptions = DEFAULT_OPTIONS) -> dict[str, Any]:
    """The record of the file, as :func:`ingest.extract.read_record` gives it; of a container {"documents": [...]}.

    Each document is a record or a failure as JSON data. Raises MissingTool.
    """
    documents = list(_documents(Path(path), options, 0))
    return documents[0] if len(documents) == 1 else {"documents": documents}


def _documents(path: Path, options: ReadOptions, depth: int) -> Iterator[dict[str, Any]]:
    """The documents of the file at *path*, itself among them where it is one."""
    try:
        file_type = file_type_of(path)
        if file_type in _CONTAINERS:
            parts, own = list(_parts(path, file_type, options.limits)), None
        else:
            own = read_record(str(path), options)
            opened = "text" in own or own["verdict"] == Verdict.UNSUPPORTED
            parts = list(_attachments(path, options.limits)) if file_type is FileType.PDF and opened else []
    except ReadFailure as failure:
        yield Failure(str(path), str(failure), failure.verdict).as_json()
        return
    if own is not None and not (parts and _is_cover(own)):
        yield own
    elif not parts:
        message = "Tệp không chứa văn bản nào."
        yield Failure(str(path), message, Verdict.NO_TEXT).as_json()
    for part in parts if depth < MOST_DEPTH else ():
        yield from _inside(path, part, options, depth)


def _is_cover(record: dict[str, Any]) -> bool:
    """Whether the pages of a PDF with attachments only say that a portfolio is to be opened by another program."""
    return "error" in record or (record["kind"] == "other" and len(record["text"]) < _COVER_CHARACTERS)


def _inside(path: Path, part: Part, options: ReadOptions, depth: int) -> Iterator[dict[str, Any]]:
    """The documents of a part, under the container's path."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "part"
        file.write_bytes(part.data)
        for value in _documents(file, options, depth + 1):
            value["path"] = str(path)
            names = "/".join(name for name in (part.name, value.get("inside")) if name)
            if "error" in value:
                value["error"] = f"“{names}” trong tệp: {value['error']}"
            else:
                value["inside"] = names or None
            yield value


def _parts(path: Path, file_type: FileType, limits: Limits) -> Iterator[Part]:
    """The documents inside a container. Raises ReadFailure."""
    try:
        if file_type is FileType.ZIP:
            yield from _zip_parts(path, limits)
        elif path.stat().st_size > limits.unpacked_bytes:
            raise ReadFailure("Tệp quá lớn.", Verdict.TOO_LARGE, "Hãy lưu riêng tệp đính kèm.")
        elif file_type is FileType.EML:
            yield from _mail_parts(path.read_bytes())
        else:
            yield from _envelope_parts(path.read_bytes())
    except DAMAGED as error:
        raise ReadFailure("Tệp bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lấy lại tệp gốc.") from error


def _zip_parts(path: Path, limits: Limits) -> Iterator[Part]:
    check_archive(path, limits)
    with zipfile.ZipFile(path) as archive:
        entries = [e for e in archive.infolist() if not e.is_dir() and not e.filename.endswith(_NO_DOCUMENTS)]
        entries = [entry for entry in entries if not entry.filename.startswith(_NO_DOCUMENTS)]
        _check_count(len(entries))
        for entry in entries:
            yield Part(_printable(entry.filename), archive.read(entry))


def _mail_parts(data: bytes) -> Iterator[Part]:
    """The text of a message, then its attachments."""
    message = message_from_bytes(data, policy=default_policy)
    body = message.get_body(("plain", "html"))
    if body is not None:
        text = str(body.get_content())
        if text.strip():
            yield Part("", text.encode())
    attached = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False) if _is_attached(part)]
    _check_count(len(attached))
    for part in attached:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield Part(_printable(part.get_filename() or "tệp đính kèm"), content)


def _is_attached(part: Message) -> bool:
    return not part.is_multipart() and part.get_content_disposition() == "attachment"


def _envelope_parts(data: bytes) -> Iterator[Part]:
    """The attachments of an edXML envelope (QCVN 102:2016/BTTTT): base64 beside their names."""
    found = []
    for node in parse_xml(data).iter("{*}Attachment"):
        values = {local_name(child): (child.text or "").strip() for child in node.iter()}
        content = next((values[name] for name in ("AttachmentContent", "Content", "Value") if values.get(name)), "")
        name = next((values[n] for n in ("AttachmentName", "FileName", "Name") if values.get(n)), "tệp đính kèm")
        if content:
            found.append(Part(_printable(name), binascii.a2b_base64("".join(content.split()))))
    _check_count(len(found))
    yield from found


def _attachments(path: Path, limits: Limits) -> Iterator[Part]:
    """The documents attached to a PDF. Attachments that do not open are passed over."""
    import pypdfium2 as pdfium

    left = limits.unpacked_bytes
    with closing(pdfium.PdfDocument(path)) as document:
        for index in range(min(document.count_attachments(), MOST_DOCUMENTS)):
            try:
                attachment = document.get_attachment(index)
                name, data = attachment.get_name(), bytes(attachment.get_data())
            except pdfium.PdfiumError:
                continue
            left -= len(data)
            if left < 0:
                raise ReadFailure("Tệp đính kèm trong PDF quá lớn.", Verdict.TOO_LARGE, "Hãy lưu riêng từng tệp.")
            if name.lower().endswith(_DOCUMENT_NAMES):
                yield Part(_printable(name), data)


#: Attachments of a PDF that are documents; others are data of the program that made it.
_DOCUMENT_NAMES = (".pdf", ".doc", ".docx", ".rtf", ".odt", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".tif", ".tiff")


def _check_count(count: int) -> None:
    if count > MOST_DOCUMENTS:
        message = f"Tệp chứa {count} văn bản, quá mức {MOST_DOCUMENTS}."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in nfc(name))[:300]
