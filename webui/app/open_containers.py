"""Containers of a run (archives, mail messages, PDFs with attachments): their documents are read like files of the run.

A worker leaves what is inside a container as files. They are copied to a folder of this process, and their hashes taken
here: a hostile container may control the worker. When every document inside has an outcome, the container is stored
with its original. A run that is broken off before opens it again, and knows the documents that it had read.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus import durable
from corpus.errors import ReadFailure, Refused
from corpus.library.containers import Contained, Container
from corpus.library.places import place
from corpus.vocabulary import Verdict
from ingest.worker import worker_output
from webui.app.document_reader import SourceFile, Unpacked
from webui.app.ingest_report import FileReport

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.library import Library

#: Documents of one container at most; a worker refuses a container with more.
_MOST_DOCUMENTS = 500
_SECRET = "Bên trong có văn bản mật nên không giữ tệp này; các văn bản khác bên trong được giữ riêng."


@dataclass(slots=True)
class _Open:
    """A container whose documents are being read."""

    file: SourceFile
    #: What became of the file itself; None where it is no document.
    own: FileReport | None
    parts: list[Contained] = field(default_factory=list)
    #: Places of documents that have no outcome yet.
    waiting: set[str] = field(default_factory=set)
    reports: list[FileReport] = field(default_factory=list)


class OpenContainers:
    """The containers of one run. Close it when the run ends.

    unpacked_bytes: what may be taken out of one container. temporary: verdicts after which a document is read again in
    the next run.
    """

    def __init__(
        self, library: Library, reader_version: str, unpacked_bytes: int, temporary: frozenset[Verdict]
    ) -> None:
        self._library = library
        self._reader_version = reader_version
        self._unpacked_bytes = unpacked_bytes
        self._temporary = temporary
        self._by_place: dict[str, _Open] = {}
        self._resources = ExitStack()
        self._folder: Path | None = None
        self._copies = 0
        #: Documents that are to be read before any other file.
        self.found: deque[SourceFile] = deque()

    def close(self) -> None:
        """Delete the copies."""
        self._resources.close()

    def open(self, file: SourceFile, unpacked: Unpacked, own: FileReport | None) -> FileReport | None:
        """Take over what is inside *file*; a report where nothing is.

        own: what became of the file itself.
        """
        opened = _Open(file, own)
        left = self._unpacked_bytes
        try:
            for number, name in enumerate(unpacked.names[:_MOST_DOCUMENTS]):
                copy = self._next_copy()
                sha256 = worker_output.copy(unpacked.folder, str(number), copy, left)
                left -= copy.stat().st_size
                part = SourceFile(copy, place(file.name, name), sha256)
                self.found.append(part)
                opened.parts.append(Contained(sha256, name))
                opened.waiting.add(part.name)
                self._by_place[part.name] = opened
        except (OSError, ValueError):
            message = "Không lấy được hết văn bản bên trong tệp. Hãy nạp lại tệp, hoặc lưu riêng từng văn bản."
            opened.reports.append(FileReport(file.name, "failed", None, message, Verdict.PROGRAM_ERROR))
        finally:
            worker_output.remove(unpacked.folder)
        return None if opened.waiting else self._finish(opened)

    def note(self, report: FileReport) -> FileReport | None:
        """Note what became of a file of the run; the report of a container whose last document it was."""
        opened = self._by_place.pop(report.path, None)
        if opened is None:
            return None
        opened.reports.append(report)
        opened.waiting.discard(report.path)
        return None if opened.waiting else self._finish(opened)

    def _next_copy(self) -> Path:
        if self._folder is None:
            self._folder = self._resources.enter_context(durable.scratch(self._library.folder))
        self._copies += 1
        return self._folder / str(self._copies)

    def _finish(self, opened: _Open) -> FileReport:
        file, intake = opened.file, self._library.intake
        assert file.sha256 is not None
        if any(report.outcome == "refused" for report in opened.reports):
            intake.refuse(file.sha256, "bên trong có văn bản mật")
            return FileReport(file.name, "refused", None, _SECRET, Verdict.SECRET)
        lost = next((report for report in opened.reports if report.path == file.name), None)
        if lost is not None:
            return lost
        count = len(opened.parts)
        report = opened.own or FileReport(file.name, "opened", None, f"{count} văn bản bên trong")
        if any(r.verdict in self._temporary for r in [*opened.reports, report]):
            return report  # opened again in the next run
        container = Container(file.sha256, self._reader_version, tuple(opened.parts), (file.name,))
        try:
            intake.add_container(container, file.path)
        except Refused as refusal:
            return FileReport(file.name, "refused", None, str(refusal), Verdict.SECRET)
        except (ReadFailure, FileNotFoundError) as changed:
            return FileReport(file.name, "failed", None, str(changed), Verdict.CHANGED)
        return report

    def forget_copy(self, file: SourceFile) -> None:
        """Delete the copy of a document that has its outcome."""
        if self._folder is not None and file.path.parent == self._folder:
            with suppress(OSError):
                file.path.unlink()
