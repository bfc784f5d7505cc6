"""Files into the library: plan which are to be read, read them, store those that are done together, report.

Content that is known is recognised by its hash and not read again, so an interrupted run is simply run again.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import LibraryBusy, OcopError, ReadFailure, Refused, TakenOut
from corpus.library.intake import Reading
from corpus.library.known_files import Unread
from corpus.library.values import Added, Failed
from corpus.model import Failure, Record
from corpus.vocabulary import Verdict
from ingest.worker import worker_output
from ingest.worker.pool import Batching
from webui.app.document_reader import (
    DocumentReader,
    Secret,
    SourceFile,
    Unpacked,
    forget_ocr,
    ocr_cache_folder,
)
from webui.app.index_process import IndexProcess
from webui.app.ingest_report import FileReport
from webui.app.open_containers import OpenContainers

if TYPE_CHECKING:
    from corpus.library import Library
    from corpus.library.intake import Seen
    from ingest.worker.pool import Pool
    from webui.app.document_reader import Outcome
    from webui.app.settings import Settings

#: Verdicts that may be due to the machine and not to the file: such a file is read again in the next run.
TEMPORARY = frozenset(
    {
        Verdict.PROGRAM_ERROR,
        Verdict.TIMED_OUT,
        Verdict.OUT_OF_MEMORY,
        Verdict.MISSING_TOOL,
        Verdict.NOT_OPENED,
        Verdict.CHANGED,
    }
)

#: Attempts to write to a busy library; each waits as long as the library itself does (a minute).
STORE_ATTEMPTS = 5

#: Documents stored in one transaction at most, and the seconds that one waits for others: each such transaction reads
#: and writes for all of them together.
BATCHING = Batching(32, 1.5)

#: Files whose content is looked up in the library at once.
LOOKED_UP_TOGETHER = 32

#: Documents stored before the index is brought up to date, besides once at the end.
INDEX_EVERY = 200

_NEW = frozenset({"new", "updated", "duplicate"})


def ingest(
    library: Library,
    files: Iterable[Path | SourceFile],
    settings: Settings,
    pool: Pool,
    *,
    follow: Callable[[], object] | IndexProcess | None = None,
    left: list[FileReport] | None = None,
) -> Generator[FileReport]:
    """Read and store *files*; a report for each as it is done. A file that cannot be read does not stop the run.

    files: paths, or files whose name in the library is not their path. follow: brings the index up to date; called now
    and then and at the end, or a process that does so meanwhile. left: takes the reports of what was stored together
    with the last file reported, where the run is ended early. Raises OcopError for trouble of the library or its disk.
    """
    run = _Run(library, settings, pool)
    beside = follow if isinstance(follow, IndexProcess) else None
    stored = 0
    try:
        with closing(run.reports(files)) as reports:
            for report in reports:
                yield report
                stored += report.outcome in _NEW
                if beside is not None:
                    beside.note(stored=report.outcome in _NEW)
                elif callable(follow) and stored >= INDEX_EVERY:
                    follow()
                    stored = 0
    finally:
        if left is not None:
            left.extend(run.unreported)
        if beside is not None:
            beside.close()
        elif callable(follow):
            follow()


def printable(path: Path) -> str:
    """*path* as text that can be stored: bytes that are not UTF-8 are written as ``\\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Run:
    """One run over some files."""

    def __init__(self, library: Library, settings: Settings, pool: Pool) -> None:
        from ingest.limits import MEGABYTE
        from ingest.reader_version import READER_VERSION

        self._library = library
        self._most_bytes = settings.file_mb * MEGABYTE
        self._reader_version = READER_VERSION
        self._reader = DocumentReader(pool, settings, ocr_cache_folder(settings, library), library.intake.ocr_modes())
        #: Reports of files that need no reading, until they are passed on.
        self._ready: list[FileReport] = []
        self._containers = OpenContainers(library, READER_VERSION, settings.unpacked_mb * MEGABYTE, TEMPORARY)
        #: Files whose content another file of this run has, with its hash.
        self._repeated: list[tuple[SourceFile, str]] = []
        #: Hashes of the files that were sent to be read.
        self._underway: set[str] = set()
        #: Reports of what is stored, until they are passed on.
        self.unreported: deque[FileReport] = deque()
        #: Failures by content hash, once asked for.
        self._failures: dict[str, Failed] | None = None

    def reports(self, files: Iterable[Path | SourceFile]) -> Generator[FileReport]:
        """A report for each file: those read in their order, those known at once, repeated content at the end.

        Documents inside a file come before the file itself.
        """
        with closing(self._containers):
            for report in self._single_reports(files):
                yield report
                if (finished := self._containers.note(report)) is not None:
                    yield finished

    def _single_reports(self, files: Iterable[Path | SourceFile]) -> Generator[FileReport]:
        """The reports, those of containers left out whose documents are still to be read."""
        incoming: Iterable[Path | SourceFile] = files
        while True:
            unread = self._unread(self._with_found(incoming))
            with closing(self._reader.read_batches(unread, BATCHING)) as batches:
                for batch in batches:
                    for together in _pieces(batch):
                        yield from self._take_ready()
                        yield from self._stored(together)
            yield from self._take_ready()
            if not self._containers.found:
                break
            incoming = ()
        self._failures = None  # those of this run count as well
        for file, sha256 in self._repeated:
            yield self._report_repeated(file, sha256)

    def _with_found(self, files: Iterable[Path | SourceFile]) -> Iterator[SourceFile]:
        """*files*, and before each what was found inside others meanwhile."""
        found = self._containers.found
        for given in files:
            while found:
                yield found.popleft()
            file = given if isinstance(given, SourceFile) else SourceFile(given, printable(given))
            yield replace(file, unpack=True)
        while found:
            yield found.popleft()

    def _take_ready(self) -> list[FileReport]:
        ready, self._ready = self._ready, []
        return ready

    # ------------------------------------------------------------ what is to be read

    def _unread(self, files: Iterable[SourceFile]) -> Iterator[SourceFile]:
        """Passes on the files that are to be read; reports of the others are put in ``_ready``."""
        for file, new in self._looked_up(files):
            if file.sha256 is None:
                yield file
            elif file.sha256 in self._underway:
                self._repeated.append((file, file.sha256))
            elif not new and (report := self._report_known(file, file.sha256)) is not None:
                self._ready.append(report)
            else:
                self._underway.add(file.sha256)
                yield file

    def _looked_up(self, files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, bool]]:
        """Each file with its hash, and whether nothing is known of that; several are looked up together."""
        remaining, together = iter(files), 1  # the first reading begins at once
        while several := [self._hashed(file) for file in islice(remaining, together)]:
            unknown = self._library.intake.unknown({file.sha256 for file in several if file.sha256 is not None})
            yield from ((file, file.sha256 in unknown) for file in several)
            together = min(2 * together, LOOKED_UP_TOGETHER)

    def _hashed(self, file: SourceFile) -> SourceFile:
        from ingest.read import file_sha256

        if file.sha256 is None:
            with suppress(OSError):  # the worker gives the reason
                return replace(file, sha256=file_sha256(file.path, self._most_bytes))
        return file

    def _report_known(self, file: SourceFile, sha256: str) -> FileReport | None:
        """The report of a file whose content is known; None where it is to be read."""
        listed, seen = self._look_up(file, sha256)
        if seen is None or (seen == "failed" and self._failure(sha256).verdict in TEMPORARY):
            return None
        if seen in {"held", "removed"}:  # a document taken out may be asked back, so its original is kept too
            with suppress(ReadFailure, OSError):  # the file is changing or gone; what is held stays
                self._library.originals.keep_if_missing(sha256, file.path)
        return self._known(file, sha256, seen, listed)

    def _look_up(self, file: SourceFile, sha256: str) -> tuple[bool, Seen | None]:
        """Whether that content was met at this place before, and what is known of it."""
        intake = self._library.intake
        return intake.listed(sha256, file.name), intake.seen(sha256, self._reader_version, file.name)

    def _report_repeated(self, file: SourceFile, sha256: str) -> FileReport:
        """The report of a file whose content another file of this run had."""
        listed, seen = self._look_up(file, sha256)
        if seen is None and not self._failure(sha256).error:  # the other file changed while it was read
            error = "Tệp giống hệt một tệp đã đổi trong lúc đọc. Hãy nạp lại."
            self._failures = None  # this one counts for the next file of the same content
            return self._fail(file, Failure(file.name, error, Verdict.CHANGED))
        return self._known(file, sha256, seen or "failed", listed)

    def _failure(self, sha256: str) -> Failed:
        """Why that content could not be read; with an empty error where it is not known to have failed."""
        if self._failures is None:
            self._failures = {f.sha256: f for f in self._library.intake.failures()}
        return self._failures.get(sha256) or Failed(sha256, "", "", Verdict.NOT_PRESENT)

    def _known(self, file: SourceFile, sha256: str, seen: Seen, listed: bool) -> FileReport:
        """The report of known content. listed: it was met at this very place before."""
        if seen == "held":
            return FileReport(file.name, "unchanged" if listed else "duplicate")
        if seen == "removed":
            return _removed(file.name)
        failed = self._failure(sha256)
        if seen == "refused":
            return FileReport(
                file.name, "refused", None, f"Văn bản mật, không được giữ ({failed.error}).", Verdict.SECRET
            )
        return FileReport(file.name, "failed", None, failed.error, failed.verdict)

    # ------------------------------------------------------------ what was read

    def _stored(self, together: list[tuple[SourceFile, Outcome]]) -> Iterator[FileReport]:
        """Keep what was read: several records and failures, or one file that gave something else; the reports."""
        plain = [(file, outcome) for file, outcome in together if isinstance(outcome, Record | Failure)]
        if len(plain) > 1:
            reports: list[FileReport | None] = list(self._store_together(plain))
        else:
            reports = [self._store(file, outcome) for file, outcome in together]
        self.unreported.extend(report for report in reports if report is not None)
        for file, _ in together:
            self._containers.forget_copy(file)
        while self.unreported:
            yield self.unreported.popleft()

    def _store(self, file: SourceFile, outcome: Outcome) -> FileReport | None:
        """Keep what reading *file* gave; None for a container whose documents are still to be read."""
        if not isinstance(outcome, Unpacked):
            return self._keep(file, outcome)
        if isinstance(outcome.own, Secret):  # nothing of it is kept, nor of what is inside
            worker_output.remove(outcome.folder)
            return self._keep(file, outcome.own)
        own = None if outcome.own is None else self._keep(file, outcome.own)
        if own is not None and own.outcome == "refused":
            worker_output.remove(outcome.folder)
            return own
        return self._containers.open(file, outcome, own)

    def _keep(self, file: SourceFile, outcome: Record | Failure | Secret) -> FileReport:
        match outcome:
            case Secret():
                return self._refuse(file, outcome)
            case _:
                return self._store_together([(file, outcome)])[0]

    def _refuse(self, file: SourceFile, secret: Secret) -> FileReport:
        if file.sha256 is not None:
            forget_ocr(self._reader.ocr_cache, file.sha256)
            self._library.intake.refuse(file.sha256, secret.reason)
        return FileReport(file.name, "refused", None, secret.message, Verdict.SECRET)

    def _fail(self, file: SourceFile, failure: Failure) -> FileReport:
        return self._store_together([(file, failure)])[0]

    def _store_together(self, found: Sequence[tuple[SourceFile, Record | Failure]]) -> list[FileReport]:
        """Store records, and note the files that could not be read, in one transaction; the report of each."""
        readings = [Reading(one, file.path, file.words) for file, one in found if isinstance(one, Record)]
        failed = [
            Unread(file.name, file.sha256, one)
            for file, one in found
            if isinstance(one, Failure) and file.sha256 is not None
        ]
        outcomes = iter(self._add_all(readings, failed))
        return [
            self._report_stored(file, one, next(outcomes))
            if isinstance(one, Record)
            else FileReport(file.name, "failed", None, one.error, one.verdict)
            for file, one in found
        ]

    def _report_stored(self, file: SourceFile, record: Record, outcome: Added | Exception) -> FileReport:
        """The report of a record; outcome: what became of it. Raises what is the library's trouble."""
        match outcome:
            case Added() as added:
                kept = "Giữ phần đã đọc" if added.status in {"new", "updated"} else "Giữ lần đọc trước, đủ hơn lần này"
                message = f"{kept}: {record.missing}." if record.incomplete else ""
                return FileReport(file.name, added.status, added.id, message, pages=record.pages)
            case Refused() as refusal:
                forget_ocr(self._reader.ocr_cache, record.sha256)
                return FileReport(file.name, "refused", None, str(refusal), Verdict.SECRET)
            case TakenOut():  # by a person, while it was read
                return _removed(file.name)
            case ReadFailure() as changed:  # while it was copied: not listed as failed, so the next run reads it
                return FileReport(file.name, "failed", None, str(changed), changed.verdict)
            case OSError() if not file.path.is_file():
                error = "Tệp biến mất trong lúc đọc. Hãy kiểm tra lại đường dẫn."
                return FileReport(file.name, "failed", None, error, Verdict.NOT_OPENED)
            case OSError() | OcopError():  # the library's trouble
                raise outcome
            case _:  # a fault of our rules in one document must not stop the others
                message = f"Lỗi chương trình khi lưu văn bản ({type(outcome).__name__}: {outcome})."
                return self._fail(file, Failure(file.name, message, Verdict.PROGRAM_ERROR))

    def _add_all(self, readings: Sequence[Reading], failed: Sequence[Unread]) -> list[Added | Exception]:
        """Store these; a library that another process keeps busy is tried :data:`STORE_ATTEMPTS` times."""
        for _ in range(STORE_ATTEMPTS - 1):
            with suppress(LibraryBusy):
                return self._library.intake.add_all(readings, failed, reader_version=self._reader_version)
        return self._library.intake.add_all(readings, failed, reader_version=self._reader_version)


def _pieces(batch: list[tuple[SourceFile, Outcome]]) -> Iterator[list[tuple[SourceFile, Outcome]]]:
    """*batch* in pieces: records and failures that follow each other together, everything else by itself."""
    for are_plain, found in groupby(batch, key=lambda one: isinstance(one[1], Record | Failure)):
        if are_plain:
            yield list(found)
        else:
            yield from ([one] for one in found)


def _removed(path: str) -> FileReport:
    return FileReport(path, "removed", None, "Văn bản đã được gỡ khỏi kho; hoàn tác bằng `ocop undo`.")
