"""Files that hold documents and are none themselves: ZIP archives, envelopes of e-office programs.

What is inside is read by :mod:`ingest.contained`; as a document of its own such a file is refused.
"""

from __future__ import annotations

from corpus.errors import ReadFailure
from corpus.vocabulary import Verdict
from ingest.formats import Source
from ingest.formats.sniff import FileType
from ingest.options import ReadOptions
from ingest.page import Reading

FILE_TYPES = frozenset({FileType.ZIP, FileType.EDXML})

_WORDS = {
    FileType.ZIP: ("tệp nén ZIP", "Hãy giải nén rồi nạp từng tệp."),
    FileType.EDXML: ("gói văn bản điện tử (.edxml)", "Hãy lưu riêng tệp đính kèm rồi nạp."),
}


def read(source: Source, options: ReadOptions) -> Reading:
    """Refuse the file (:class:`ingest.formats.Reader`): it is not one document. Raises ReadFailure."""
    what, next_step = _WORDS[source.file_type]
    message = f"Đây là {what}, chứa các văn bản bên trong."
    raise ReadFailure(message, Verdict.UNSUPPORTED, next_step)
