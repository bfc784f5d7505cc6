"""Documents inside other files: ZIP archives, mail messages, envelopes of e-office programs, PDFs with attachments.

Each is read by itself and keeps the container's path; ``inside`` is its name in the container. A mail message and a PDF
are documents themselves and come first; an archive and the cover of a PDF portfolio are none.
"""

from __future__ import annotations

import binascii
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.fold import nfc
from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.extract import read_record
from ingest.formats.archive import check_archive
from ingest.formats.mail import FILE_TYPES as MAIL
from ingest.formats.mail import open_mail
from ingest.formats.sniff import FileType, file_type_of
from ingest.formats.xml_parts import DAMAGED, local_name, parse_xml
from ingest.limits import Limits
from ingest.options import DEFAULT_OPTIONS, PARTS_FOLDER, ReadOptions

#: Documents that are read of one container, and containers inside each other.
MOST_DOCUMENTS, MOST_DEPTH = 500, 3
#: Characters of the page that a PDF portfolio shows where a program cannot open it.
_COVER_CHARACTERS = 600
#: Entries of archives that operating systems add.
_NO_DOCUMENTS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
#: Attachments of a PDF that are documents; others are data of the program that made it.
_DOCUMENT_NAMES = (
    ".pdf",
    ".doc",
    ".docx",
    ".rtf",
    ".odt",
    ".xls",
    ".xlsx",
    ".jpg",
    ".jpeg",
    ".png",
    ".tif",
    ".tiff",
    ".heic",
)
#: Files that hold documents and are none themselves.
_BARE = frozenset({FileType.ZIP, FileType.EDXML})
_NAME_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Part:
    """A document inside a container."""

    name: str
    data: bytes


def read_documents(path: str, options: ReadOptions = DEFAULT_OPTIONS) -> dict[str, Any]:
    """The record of the file, as :func:`ingest.extract.read_record` gives it; of a container {"documents": [...]}.

    Each document is a record or a failure as JSON data. Raises MissingTool.
    """
    own, parts = _taken_apart(Path(path), options)
    documents = [own] if own is not None else []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "part"
        for part in parts:
            file.write_bytes(part.data)
            documents.append(_named(read_record(str(file), options), path, part.name))
    return documents[0] if len(documents) == 1 else {"documents": documents}


def _named(value: dict[str, Any], path: str, name: str) -> dict[str, Any]:
    """The record or failure of a document called *name* inside the file at *path*."""
    value["path"] = path
    if "error" in value:
        value["error"] = f"“{name}” trong tệp: {value['error']}"
    else:
        value["inside"] = name
    return value


def read_and_unpack(path: str, options: ReadOptions = DEFAULT_OPTIONS) -> dict[str, Any]:
    """As :func:`ingest.extract.read_record`; of a container {"own": its record, or null; "inside": names}.

    What is inside is left unread in the folder :data:`~ingest.options.PARTS_FOLDER` of the OCR cache. Raises
    MissingTool.
    """
    own, parts = _taken_apart(Path(path), options)
    if not parts and own is not None:
        return own
    if options.cache is None:
        raise ValueError("no folder for what is inside")
    folder = options.cache / PARTS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(parts):
        (folder / str(number)).write_bytes(part.data)
    return {"own": own, "inside": [part.name for part in parts]}


def _taken_apart(path: Path, options: ReadOptions) -> tuple[dict[str, Any] | None, list[Part]]:
    """(the record or failure of the file itself, None where it is no document; the documents inside, none of them a
    container as far as that can be opened). A file is a document, or holds some, or there is a failure."""
    own, parts = None, []
    try:
        file_type = file_type_of(path)
        if file_type not in _BARE:
            own = read_record(str(path), options)
        if own is None or "text" in own or own["verdict"] in {Verdict.UNSUPPORTED, Verdict.NO_TEXT}:
            parts = _distinct(_leaves(path, file_type, options.limits, 0, [options.limits.unpacked_bytes]))
    except ReadFailure as failure:
        if own is None or "error" in own:
            return Failure(str(path), str(failure), failure.verdict).as_json(), []
        seen = own["fields"]["kind"]
        seen["needs_review"] = True
        seen["reasons"].append(f"không lấy được văn bản bên trong: {failure}")
        return own, []
    if own is not None and parts and _is_cover(own, file_type):
        return None, parts
    if own is None and not parts:
        own = Failure(str(path), "Tệp không chứa văn bản nào.", Verdict.NO_TEXT).as_json()
    return own, parts


def _is_cover(own: dict[str, Any], file_type: FileType) -> bool:
    """Whether the file itself says nothing: a message without text, or the page that a PDF portfolio shows."""
    cover = file_type is FileType.PDF and own.get("kind") == "other" and len(own["text"]) < _COVER_CHARACTERS
    return "error" in own or cover


def _distinct(parts: Iterator[Part]) -> list[Part]:
    """*parts* with a name of its own each, at most :data:`MOST_DOCUMENTS`. Raises ReadFailure."""
    found: dict[str, Part] = {}
    for part in parts:
        name, number = part.name, 1
        while name in found:
            number += 1
            name = f"{part.name} ({number})"
        found[name] = Part(name, part.data)
        _check_count(len(found))
    return list(found.values())


def _leaves(path: Path, file_type: FileType, limits: Limits, depth: int, left: list[int]) -> Iterator[Part]:
    """What is inside the file at *path*, and inside that, down to :data:`MOST_DEPTH` containers in each other.

    left: the bytes that may still be taken out. A container that does not open is given as it is.
    """
    for part in _parts(path, file_type, limits):
        left[0] -= len(part.data)
        if left[0] < 0:
            raise ReadFailure("Các tệp bên trong quá lớn.", Verdict.TOO_LARGE, "Hãy lưu riêng từng tệp.")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "part"
            file.write_bytes(part.data)
            inner: list[Part] = []
            bare = False
            try:
                inner_type = file_type_of(file)
                bare = inner_type in _BARE
                inner = list(_leaves(file, inner_type, limits, depth + 1, left)) if depth < MOST_DEPTH - 1 else []
            except ReadFailure as failure:
                if failure.verdict is Verdict.TOO_LARGE:
                    raise
            if not inner or not bare:
                yield part
            for own in inner:
                yield Part(f"{part.name}/{own.name}"[-_NAME_CHARACTERS:], own.data)


def _parts(path: Path, file_type: FileType, limits: Limits) -> Iterator[Part]:
    """The documents right inside a file. Raises ReadFailure."""
    try:
        if file_type is FileType.ZIP:
            yield from _zip_parts(path, limits)
        elif file_type is FileType.PDF:
            yield from _attachments(path, limits)
        elif file_type in MAIL:
            for name, data in open_mail(path, file_type, limits).attached:
                yield Part(_printable(name), data)
        elif file_type is FileType.EDXML:
            if path.stat().st_size > limits.unpacked_bytes:
                raise ReadFailure("Tệp quá lớn.", Verdict.TOO_LARGE, "Hãy lưu riêng tệp đính kèm.")
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
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return  # its own failure says why
    with closing(document):
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


def _check_count(count: int) -> None:
    if count > MOST_DOCUMENTS:
        message = f"Tệp chứa {count} văn bản, quá mức {MOST_DOCUMENTS}."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy chia nhỏ tệp.")


def _printable(name: str) -> str:
    """*name* without signs that do not print, and without empty folders: they would end the container's name."""
    text = "".join(char if char.isprintable() else "?" for char in nfc(name).replace("\\", "/"))
    return "/".join(part for part in text.split("/") if part)[-_NAME_CHARACTERS:] or "tệp đính kèm"
