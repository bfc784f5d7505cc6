"""Files into the library: only what is new is read, one document a transaction, and the index follows.

An interrupted run is simply run again: what is stored is seen by its content hash and not read a second time.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corpus.errors import LibraryBusy, OcopError, ReadFailure, Refused, TakenOut, exit_code_of
from corpus.library.values import Failed
from corpus.model import Failure, Record
from corpus.record_json import parse_record
from corpus.vocabulary import Verdict
from webui.app.document_reader import map_records, ocr_cache_of, options_of, read_for_library

if TYPE_CHECKING:
    from corpus.library import Library
    from corpus.library.values import Added
    from ingest.worker.pool import Pool
    from webui.app.settings import Settings

Outcome = Literal["new", "updated", "duplicate", "unchanged", "failed", "refused", "removed"]

#: Verdicts that were the machine's trouble, not the file's: such a file is tried again.
PASSING = frozenset(
    {
        Verdict.PROGRAM_ERROR,
        Verdict.TIMED_OUT,
        Verdict.OUT_OF_MEMORY,
        Verdict.MISSING_TOOL,
        Verdict.NOT_OPENED,
        Verdict.CHANGED,
    }
)

#: Times a busy library is tried, each as long as it waits by itself (a minute).
PATIENCE = 5

#: The index follows after so many stored documents, and at the end.
INDEX_EVERY = 200


@dataclass(slots=True)
class FileReport:
    """What became of one file. id: the document's, None where none is held. message: why not, in Vietnamese.

    verdict: why it was not read, None where it was.
    """

    path: str
    outcome: Outcome
    id: int | None = None
    message: str = ""
    verdict: Verdict | None = None

    def as_json(self) -> dict[str, Any]:
        verdict = str(self.verdict or "")
        return {
            "path": self.path, "outcome": self.outcome, "id": self.id, "message": self.message, "verdict": verdict
        }  # fmt: skip


@dataclass(slots=True)
class IngestReport:
    """Counts of a run by outcome, and the files that need a look. stopped: by Ctrl-C, before the last file."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[FileReport] = field(default_factory=list)
    stopped: bool = False

    @property
    def exit_code(self) -> int:
        """130 when stopped; that of what could not be read (see :func:`corpus.errors.exit_code_of`), 0 for nothing."""
        return 130 if self.stopped else exit_code_of(p.verdict or "" for p in self.problems)

    def add(self, report: FileReport) -> None:
        self.counts[report.outcome] = self.counts.get(report.outcome, 0) + 1
        if report.outcome in {"failed", "refused"}:
            self.problems.append(report)

    def as_json(self) -> dict[str, Any]:
        return {"counts": self.counts, "problems": [p.as_json() for p in self.problems]}


def ingest(
    library: Library,
    paths: Iterable[Path],
    settings: Settings,
    pool: Pool,
    *,
    follow: Callable[[], object] | None = None,
    names: dict[Path, str] | None = None,
) -> Iterator[FileReport]:
    """Read and store *paths*, one report a file as it is done; problems of a file never stop the run.

    follow: brings the index up to date; called now and then and at the end. names: what a file is called in the library
    (an upload) where that is not its path.
    """
    from ingest.extract import READER_VERSION
    from ingest.limits import MEGABYTE
    from ingest.read import file_sha256

    options = options_of(settings)
    cache: Path = options.cache or (library.folder / "ocr").absolute()
    options, modes = replace(options, cache=cache), library.intake.ocr_modes()
    hashes: dict[str, str] = {}
    done: list[FileReport] = []
    again: list[Path] = []
    before: dict[str, Failed] = {}
    sent: deque[Path] = deque()
    stored = 0

    def called(path: Path) -> str:
        return (names or {}).get(path) or printable(path)

    def failure(sha256: str) -> Failed:
        if not before:
            before.update((f.sha256, f) for f in library.intake.failures())
        return before.get(sha256) or Failed(sha256, "", "", Verdict.NOT_PRESENT)

    def unread() -> Iterator[Path]:
        """Passes on what must be read; the rest is reported at once."""
        underway: set[str] = set()
        for path in paths:
            try:
                sha256 = file_sha256(path, settings.file_mb * MEGABYTE)
            except OSError:
                sha256 = ""  # the worker says why
            hashes[str(path)] = sha256
            if sha256 in underway:
                again.append(path)
                continue
            met = bool(sha256) and library.intake.listed(sha256, called(path))
            known = library.intake.seen(sha256, READER_VERSION, called(path)) if sha256 else None
            if known == "failed" and failure(sha256).verdict in PASSING:
                known = None
            if known in {"held", "removed"}:  # of one taken out as well: it may be asked back
                with suppress(ReadFailure, OSError):  # it changes or goes just now: it is held all the same
                    library.originals.keep_if_missing(sha256, path)
            if known is not None:
                done.append(_known(called(path), known, met, failure(sha256) if known != "held" else None))
                continue
            if sha256:
                underway.add(sha256)
            sent.append(path)
            yield path

    try:
        for value in map_records(pool, unread(), read_for_library, modes, options):
            yield from _drained(done)
            path = sent.popleft()  # values come in the order of the files; what a worker says of that is not asked
            report = _store(library, value, path, called(path), hashes[str(path)], READER_VERSION, cache)
            yield report
            stored += report.outcome in {"new", "updated", "duplicate"}
            if follow and stored >= INDEX_EVERY:
                follow()
                stored = 0
        before.clear()  # what failed in this run counts as well
        for path in again:  # the same content twice in one run
            sha256 = hashes[str(path)]
            met = library.intake.listed(sha256, called(path))
            known = library.intake.seen(sha256, READER_VERSION, called(path))
            if known is None and not failure(sha256).error:  # its twin became another file while it was read
                changed = Failure(
                    called(path), "Tệp giống hệt một tệp đã đổi trong lúc đọc. Hãy nạp lại.", Verdict.CHANGED
                )
                library.intake.fail(called(path), sha256, changed, reader_version=READER_VERSION)
                before[sha256] = Failed(sha256, called(path), changed.error, changed.verdict)
            done.append(_known(called(path), known or "failed", met, failure(sha256)))
        yield from _drained(done)
    finally:
        if follow:
            follow()


def printable(path: Path) -> str:
    """*path* as text that can be kept: bytes of a name that are not UTF-8 are written out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _drained(done: list[FileReport]) -> list[FileReport]:
    ready = list(done)
    done.clear()
    return ready


def _known(path: str, known: str, met: bool, failed: Failed | None) -> FileReport:
    """The report of a file whose content was met before. met: at this very place."""
    if known == "held":
        return FileReport(path, "unchanged" if met else "duplicate")
    if known == "removed":
        return _removed(path)
    if known == "refused":
        why = failed.error if failed else "độ mật"
        return FileReport(path, "refused", None, f"Văn bản mật, không được giữ ({why}).", Verdict.SECRET)
    return FileReport(
        path, "failed", None, failed.error if failed else "", failed.verdict if failed else Verdict.PROGRAM_ERROR
    )


def _removed(path: str) -> FileReport:
    return FileReport(path, "removed", None, "Văn bản đã được gỡ khỏi kho; hoàn tác bằng `ocop undo`.")


def record_of(value: Mapping[str, Any], sha256: str) -> Record:
    """The record that a worker read of the content *sha256*. Raises ReadFailure.

    A worker may be in the hands of the file it reads: it is believed of that file alone, and the hash, which leads to
    originals and to other papers' records, is the one we reckoned ourselves.
    """
    if not sha256 or value.get("sha256") != sha256:
        raise ReadFailure(
            "Kết quả đọc không phải của nội dung tệp này (tệp đổi trong lúc đọc, hoặc tệp làm sai chương trình đọc).",
            Verdict.PROGRAM_ERROR,
            _AGAIN,
        )
    try:
        return parse_record(value)
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise ReadFailure(
            f"Kết quả đọc tệp không đúng dạng ({type(error).__name__}).", Verdict.PROGRAM_ERROR, _AGAIN
        ) from error


def _is_other(source: Path, sha256: str) -> bool:
    """Whether the file is by now another than the one whose hash was taken."""
    from ingest.read import file_sha256

    try:
        return file_sha256(source) != sha256
    except (OSError, ReadFailure):
        return True


_AGAIN = "Hãy nạp lại tệp; nếu vẫn vậy, hãy lấy lại tệp gốc từ nơi gửi."


def _store(
    library: Library,
    value: dict[str, Any],
    source: Path,
    path: str,
    sha256: str,
    reader_version: str,
    cache: Path,
) -> FileReport:
    """Keep what was read of *source*, called *path* in the library, whose content is *sha256* ("": not to be read)."""

    def failed(error: str, verdict: Verdict) -> FileReport:
        if sha256:
            library.intake.fail(path, sha256, Failure(path, error, verdict), reader_version=reader_version)
        return FileReport(path, "failed", None, error, verdict)

    if "error" in value:
        error, verdict = str(value["error"]), Verdict.of(value.get("verdict"))
        if verdict is Verdict.SECRET:
            if sha256:
                forget_ocr(cache, sha256)
                library.intake.refuse(sha256, "độ mật")
            return FileReport(path, "refused", None, error, Verdict.SECRET)
        return failed(error, verdict)
    try:
        record = record_of(value, sha256)
    except ReadFailure as strange:
        if _is_other(source, sha256):
            return failed("Tệp thay đổi trong lúc đọc. Hãy chờ chép xong rồi nạp lại.", Verdict.CHANGED)
        return failed(str(strange), strange.verdict)
    record.path = path
    try:
        added = _added(library, record, source, reader_version)
    except Refused as refusal:
        forget_ocr(cache, sha256)
        return FileReport(path, "refused", None, str(refusal), Verdict.SECRET)
    except TakenOut:  # by a person, while it was read
        return _removed(path)
    except ReadFailure as changed:  # the file changed meanwhile: next time it is read again
        return FileReport(path, "failed", None, str(changed), changed.verdict)
    except OSError:
        if source.is_file():  # the library's trouble
            raise
        return FileReport(
            path, "failed", None, "Tệp biến mất trong lúc đọc. Hãy kiểm tra lại đường dẫn.", Verdict.NOT_OPENED
        )
    except OcopError:  # the library's trouble, not the file's
        raise
    except Exception as error:  # one document that our rules stumble over must not stop the others
        return failed(f"Lỗi chương trình khi lưu văn bản ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR)
    kept = "Giữ phần đã đọc" if added.status in {"new", "updated"} else "Giữ lần đọc trước, đủ hơn lần này"
    return FileReport(path, added.status, added.id, f"{kept}: {record.missing}." if record.incomplete else "")


def _added(library: Library, record: Record, source: Path, version: str) -> Added:
    """Store it; a library that somebody else writes to for long is waited for, :data:`PATIENCE` times over."""
    for _ in range(PATIENCE - 1):
        with suppress(LibraryBusy):
            return library.intake.add(record, source, reader_version=version)
    return library.intake.add(record, source, reader_version=version)


def forget_ocr(cache: Path, sha256: str) -> None:
    """Throw away what OCR read of the file of that content."""
    if sha256:
        shutil.rmtree(ocr_cache_of(cache, sha256), ignore_errors=True)
