"""Web pages saved as one file (.mhtml, .mht, also under .doc): the page's own part is read, pictures are not."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.flow import flow_page
from ingest.formats.html import WebText, html_lines
from ingest.formats.sniff import FileType
from ingest.limits import MEGABYTE
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.MHTML})

#: Parts of a message that are looked at; a page with its pictures has some hundreds.
_MOST_PARTS = 5000


def read(source: Source, options: ReadOptions) -> Reading:
    """Read a saved page (:class:`ingest.formats.Reader`)."""
    limit = options.limits.unpacked_bytes
    if source.path.stat().st_size > limit:
        message = f"Trang web lớn hơn {limit // MEGABYTE} MB."
        raise ReadFailure(message, Verdict.TOO_LARGE, "Hãy in trang ra PDF.")
    found = mhtml_lines(source.path.read_bytes())
    return Reading(str(source.path), source.sha256, [flow_page(found.lines, found.notes)])


def mhtml_lines(data: bytes) -> WebText:
    """The text of the page in the message *data*. Raises ReadFailure (``hong``) where there is none."""
    try:
        message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
        part = _page_of(message)
        content = part.get_payload(decode=True) if part is not None else None
        charset = part.get_content_charset("") if part is not None else ""
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged() from error
    if not isinstance(content, bytes):
        raise _damaged()
    return html_lines(content, charset)


def _damaged() -> ReadFailure:
    return ReadFailure("Tệp trang web (.mhtml) bị hỏng, không thấy trang.", Verdict.DAMAGED, "Hãy lưu lại trang.")


def _page_of(message: Message) -> Message | None:
    """The part that is the page: the one the message names as its start, else the first of HTML, else of text."""
    parts = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False) if not part.is_multipart()]
    start = message.get_param("start")
    for part in parts:
        if isinstance(start, str) and part.get("Content-ID") == start and part.get_content_type() == "text/html":
            return part
    for wanted in ("text/html", "application/xhtml+xml", "text/plain"):
        for part in parts:
            if part.get_content_type() == wanted:
                return part
    return None
