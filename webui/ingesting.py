"""Files into the library: only what is new is read, one document a transaction, and the index follows.

An interrupted run is simply run again: what is stored is seen by its content hash and not read a second time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import OcopError, ReadFailure, Refused, exit_code_of
from corpus.model import Failure, Record, unfinished
from corpus.views import Failed
from webui.reading import map_records, ocr_cache_of, options_of, read_for_library

if TYPE_CHECKING:
    from corpus.store import Library
    from ingest.workers import Pool
    from webui.settings import Settings

Outcome = Literal["new", "updated", "duplicate", "unchanged", "failed", "refused", "removed"]

#: Verdicts that were the machine's trouble, not the file's: such a file is tried again.
PASSING = frozenset({"loi", "het_gio", "het_bo_nho", "thieu_cong_cu", "mat_tep", "thay_doi"})

#: Put behind the reader's version of a record whose file was not read to its end: the next run reads it again.
UNFINISHED = " dở dang"

#: The index follows after so many stored documents, and at the end.
INDEX_EVERY = 200


@dataclass(slots=True)
class FileReport:
    """What became of one file. id: the document's, None where none is held. message: why not, in Vietnamese.

    verdict: why it was not read, as :data:`corpus.errors.VERDICT_CODES` has it, "" where it was.
    """

    path: str
    outcome: Outcome
    id: int | None = None
    message: str = ""
    verdict: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path, "outcome": self.outcome, "id": self.id, "message": self.message, "verdict": self.verdict
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
        return 130 if self.stopped else exit_code_of(p.verdict for p in self.problems)

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
    options["cache"] = options["cache"] or (library.folder / "ocr").absolute()
    options["modes"] = library.ocr_modes()
    hashes: dict[str, str] = {}
    done: list[FileReport] = []
    again: list[Path] = []
    before: dict[str, Failed] = {}
    stored = 0

    def called(path: Path) -> str:
        return (names or {}).get(path) or printable(path)

    def failure(sha256: str) -> Failed:
        if not before:
            before.update((f.sha256, f) for f in library.failures())
        return before.get(sha256) or Failed(sha256, "", "", "")

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
            met = bool(sha256) and library.listed(sha256, called(path))
            known = library.seen(sha256, READER_VERSION, called(path)) if sha256 else None
            if known == "failed" and failure(sha256).verdict in PASSING:
                known = None
            if known == "held":
                with suppress(ReadFailure, OSError):  # it changes or goes just now: it is held all the same
                    library.mend_original(sha256, path)
            if known is not None:
                done.append(_known(called(path), known, met, failure(sha256) if known != "held" else None))
                continue
            if sha256:
                underway.add(sha256)
            yield path

    try:
        for value in map_records(pool, unread(), read_for_library, options):
            yield from _drained(done)
            report = _store(library, value, hashes[value["path"]], READER_VERSION, options["cache"], names)
            yield report
            stored += report.outcome in {"new", "updated", "duplicate"}
            if follow and stored >= INDEX_EVERY:
                follow()
                stored = 0
        for path in again:  # the same content twice in one run
            sha256 = hashes[str(path)]
            met = library.listed(sha256, called(path))
            known = library.seen(sha256, READER_VERSION, called(path))
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
        return FileReport(path, "removed", None, "Văn bản đã được gỡ khỏi kho; hoàn tác bằng `ocop undo`.")
    if known == "refused":
        why = failed.error if failed else "độ mật"
        return FileReport(path, "refused", None, f"Văn bản mật, không được giữ ({why}).", "mat")
    return FileReport(path, "failed", None, failed.error if failed else "", failed.verdict if failed else "loi")


def _store(
    library: Library,
    value: dict[str, Any],
    sha256: str,
    reader_version: str,
    cache: Path,
    names: dict[Path, str] | None,
) -> FileReport:
    source = Path(value["path"])
    path = (names or {}).get(source) or printable(source)
    if "error" in value:
        if value["verdict"] == "mat":
            forget_ocr(cache, sha256)
            library.refuse(sha256, "độ mật")
            return FileReport(path, "refused", None, value["error"], "mat")
        if sha256:
            failure = Failure(path, value["error"], value["verdict"])
            library.fail(path, sha256, failure, reader_version=reader_version)
        return FileReport(path, "failed", None, value["error"], value["verdict"])
    record = Record.from_json(value)
    record.path = path
    missing = unfinished(record)
    try:
        added = library.add(record, source, reader_version=reader_version + (UNFINISHED if missing else ""))
    except Refused as refusal:
        forget_ocr(cache, record.sha256)
        return FileReport(path, "refused", None, str(refusal), "mat")
    except ReadFailure as failed:  # the file changed meanwhile: next time it is read again
        return FileReport(path, "failed", None, str(failed), failed.verdict)
    except OSError:
        if source.is_file():  # the library's trouble
            raise
        return FileReport(path, "failed", None, "Tệp biến mất trong lúc đọc. Hãy kiểm tra lại đường dẫn.", "mat_tep")
    except (OcopError, SQLAlchemyError):  # the library's trouble, not the file's
        raise
    except Exception as error:  # one document that our rules stumble over must not stop the others
        failure = Failure(path, f"Lỗi chương trình khi lưu văn bản ({type(error).__name__}: {error}).", "loi")
        library.fail(path, record.sha256, failure, reader_version=reader_version)
        return FileReport(path, "failed", None, failure.error, "loi")
    return FileReport(path, added.status, added.id, f"Giữ phần đã đọc: {missing}." if missing else "")


def forget_ocr(cache: Path, sha256: str) -> None:
    """Throw away what OCR read of the file of that content."""
    if sha256:
        shutil.rmtree(ocr_cache_of(cache, sha256), ignore_errors=True)
