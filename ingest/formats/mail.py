"""Mail messages (.eml, and .msg of Outlook): the text of the message, and what is attached to it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message, MIMEPart
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.flow import flow_page
from ingest.formats.html import html_lines
from ingest.formats.sniff import FileType
from ingest.limits import Limits
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.EML, FileType.MSG})

#: Parts of a message that are looked at, and messages inside each other.
_MOST_PARTS, _MOST_DEPTH = 2000, 3
#: What a damaged message raises while it is taken apart.
_DAMAGED = (
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RecursionError,
    struct.error,
    AssertionError,
)
# Streams of a message of Outlook ([MS-OXMSG]): a property's id and type, 001F for UTF-16, 001E for 8 bits, 0102 binary.
_STREAM = "__substg1.0_"
_TEXT, _HTML_TEXT, _DATA, _MESSAGE = "1000", "10130102", "37010102", "3701000D"
_LONG_NAME, _SHORT_NAME = "3707", "3704"
_ATTACHED = "__attach_version1.0_"


@dataclass(slots=True)
class Mail:
    """A message taken apart."""

    lines: list[str] = field(default_factory=list)
    #: (name, content) of what is attached.
    attached: list[tuple[str, bytes]] = field(default_factory=list)


def read(source: Source, options: ReadOptions) -> Reading:
    """Read the text of a message (:class:`ingest.formats.Reader`)."""
    mail = open_mail(source.path, source.file_type, options.limits)
    return Reading(str(source.path), source.sha256, [flow_page(mail.lines)])


def open_mail(path: Path, file_type: FileType, limits: Limits) -> Mail:
    """The message at *path*, of type EML or MSG. Raises ReadFailure (``hong``, ``qua_lon``)."""
    if path.stat().st_size > limits.unpacked_bytes:
        raise ReadFailure("Thư quá lớn.", Verdict.TOO_LARGE, "Hãy lưu riêng tệp đính kèm.")
    try:
        return _eml(path.read_bytes()) if file_type is FileType.EML else _msg(path)
    except _DAMAGED as error:
        raise ReadFailure("Thư bị hỏng, không mở được.", Verdict.DAMAGED, "Hãy lưu lại thư.") from error


def _eml(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=default_policy)
    body = message.get_body(("plain", "html"))
    mail = Mail()
    if body is not None:
        text = _body_text(body)
        is_page = body.get_content_subtype() == "html"
        mail.lines = list(html_lines(text.encode(), "utf-8").lines) if is_page else text.splitlines()
    for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False):
        content = part.get_payload(decode=True) if _is_attached(part) else None
        if isinstance(content, bytes) and content:
            mail.attached.append((part.get_filename() or "tệp đính kèm", content))
    return mail


def _body_text(body: MIMEPart) -> str:
    try:
        return str(body.get_content())
    except LookupError:  # of a character set that is none
        content = body.get_payload(decode=True)
        return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _is_attached(part: Message) -> bool:
    return not part.is_multipart() and part.get_content_disposition() == "attachment"


def _msg(path: Path) -> Mail:
    import olefile

    with olefile.OleFileIO(str(path)) as container:
        names = container.listdir(streams=True, storages=True)
        if len(names) > _MOST_PARTS * 20:
            raise ValueError("too many streams")
        mail = Mail(_msg_lines(container, []))
        mail.attached = list(_msg_attached(container, names, [], 0))
        return mail


def _msg_lines(container: Any, place: list[str]) -> list[str]:
    text = _msg_text(container, place, _TEXT)
    if text is None and (data := _msg_data(container, [*place, _STREAM + _HTML_TEXT])) is not None:
        return list(html_lines(data.rstrip(b"\0")).lines)
    return (text or "").replace("\r\n", "\n").split("\n")


def _msg_attached(container: Any, names: list[list[str]], place: list[str], depth: int) -> Iterator[tuple[str, bytes]]:
    """What is attached to the message at *place*: files, and of messages their text and what is attached to them."""
    storages = {tuple(n[: len(place) + 1]) for n in names if n[: len(place)] == place and len(n) > len(place)}
    for storage in sorted(s for s in storages if s[-1].startswith(_ATTACHED)):
        at = list(storage)
        name = _msg_text(container, at, _LONG_NAME) or _msg_text(container, at, _SHORT_NAME) or "tệp đính kèm"
        inner = [*at, _STREAM + _MESSAGE]
        data = _msg_data(container, [*at, _STREAM + _DATA])
        if data:
            yield name, data
        elif depth < _MOST_DEPTH and container.exists(inner):
            text = "\n".join(_msg_lines(container, inner)).strip()
            if text:
                yield f"{name}/thư.txt", text.encode()
            for own, content in _msg_attached(container, names, inner, depth + 1):
                yield f"{name}/{own}", content


def _msg_text(container: Any, place: list[str], code: str) -> str | None:
    data = _msg_data(container, [*place, f"{_STREAM}{code}001F"])
    if data is not None:
        return data.decode("utf-16-le", "replace").rstrip("\0")
    data = _msg_data(container, [*place, f"{_STREAM}{code}001E"])
    if data is None:
        return None
    try:
        return data.decode("utf-8").rstrip("\0")
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace").rstrip("\0")


def _msg_data(container: Any, name: list[str]) -> bytes | None:
    if container.get_type(name) != 2:  # a stream
        return None
    with container.openstream(name) as stream:
        data: bytes = stream.read()
        return data
