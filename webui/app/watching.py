"""Watched folders: files that have become stable are read into the library; nothing in the folders is changed.

The library knows by content what has been read: a restart reads nothing twice, and a file that changes is read again.
A file is copied before it is read, so that what is read is what was scanned, whatever happens to the file meanwhile.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BufferedReader, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from corpus.errors import LibraryDamaged, OcopError
from ingest.limits import MEGABYTE
from webui.app.document_reader import SourceFile
from webui.app.duplicates import with_duplicate_notice
from webui.app.ingest_report import FileReport
from webui.app.ingestion import ingest
from webui.app.stable_files import FileChanged, StableFile, StableFiles
from webui.app.stop_signals import Stopped, StopSignals
from webui.app.watch_setup import identity

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.worker.pool import Pool
    from search.searcher import Search
    from webui.app.settings import Settings

#: Files read together, and the bytes of their copies, at most: the workers are kept busy, the disk is not filled.
BATCH_FILES = 64
BATCH_BYTES = 512 * MEGABYTE
#: Seconds after which stored documents are brought into the index while more files come.
INDEX_SECONDS = 10.0

_BLOCK = 1 << 20


@dataclass(slots=True)
class WatchListener:
    """Receives what a watch reports."""

    #: The result of a file.
    report: Callable[[FileReport], None]
    #: Anything else, a sentence in Vietnamese.
    notify: Callable[[str], None]


@dataclass(slots=True)
class WatchCounts:
    """What a watch did."""

    #: Files whose content the library had already.
    held: int = 0
    #: Outcome → number of files.
    outcomes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WatchParts:
    """What a watch works with."""

    library: Library
    search: Search
    settings: Settings
    pool: Pool


class WatchTroubles:
    """Reports each trouble once when it begins and once when it ends."""

    def __init__(self, notify: Callable[[str], None]) -> None:
        self._notify = notify
        self._present: dict[str, str] = {}

    def begin(self, place: str, words: str) -> None:
        """There is trouble at *place*; *words* say which."""
        if self._present.get(place) != words:
            self._notify(words)
        self._present[place] = words

    def end(self, place: str) -> None:
        """There is no trouble at *place* any more."""
        before = self._present.pop(place, None)
        if before is not None:
            self._notify(f"Đã hết lỗi: {before}")


@dataclass(slots=True)
class _Batch:
    """Copies of stable files that are read together."""

    folder: Path
    files: dict[str, tuple[StableFile, SourceFile]] = field(default_factory=dict)
    size: int = 0

    @property
    def full(self) -> bool:
        return len(self.files) >= BATCH_FILES or self.size >= BATCH_BYTES

    def add(self, file: StableFile, copy: SourceFile) -> None:
        self.files[copy.name] = (file, copy)
        self.size += file.size


class Watch:
    """Watches *folders* (of :func:`webui.app.watch_setup.check_folders`) for one library.

    copies: the folder of :func:`webui.app.watch_setup.exclusive_watch`, inside which it must run.
    """

    def __init__(self, folders: Sequence[Path], copies: Path, parts: WatchParts, listener: WatchListener) -> None:
        library_folder = identity(parts.library.folder)
        avoid = frozenset({library_folder} if library_folder else ())
        self._folders = [StableFiles(folder, parts.settings.watch_quiet, avoid) for folder in folders]
        self._copies = copies
        self._library, self._search = parts.library, parts.search
        self._settings, self._pool = parts.settings, parts.pool
        self._listener = listener
        self._troubles = WatchTroubles(listener.notify)
        self._signals = StopSignals()
        #: Whether the index lacks something, and when it was last brought up to date.
        self._index_behind = True
        self._indexed_at = time.monotonic()
        #: Whether files that were there at the start are still being gone through.
        self._starting = True
        self.counts = WatchCounts()

    def run(self) -> None:
        """Watch until asked to end; then what was stored is brought into the index, and nothing else is begun."""
        with self._signals:
            try:
                while True:
                    self._scan_all()
                    self._signals.check()
                    time.sleep(self._settings.watch_interval)
            except Stopped:
                self._listener.notify("Đang dừng…")
                self._follow()

    # ------------------------------------------------------------ one scan

    def _scan_all(self) -> None:
        """Scan every folder once. Trouble of the library or its disk is reported once; the next scan tries again."""
        try:
            for folder in self._folders:
                self._scan(folder)
        except LibraryDamaged:
            raise
        except (OcopError, OSError, OperationalError) as error:
            words = str(error) if isinstance(error, OcopError) else f"Không ghi được vào kho ({error})."
            self._troubles.begin("kho", f"{words} Lệnh vẫn chạy và sẽ thử lại.")
            return
        self._troubles.end("kho")
        self._follow()
        if self._starting and not any(folder.waiting for folder in self._folders):
            self._starting = False
            held = self.counts.held
            self._listener.notify(f"Đã xem hết những tệp có sẵn; {held} tệp đã có trong kho. Đang chờ tệp mới.")

    def _scan(self, folder: StableFiles) -> None:
        batch = _Batch(Path(tempfile.mkdtemp(dir=self._copies)))
        try:
            with closing(folder.scan()) as scan:
                for number, file in enumerate(self._present(folder, scan)):
                    self._signals.check()
                    copy = self._copied(folder, file, batch.folder / str(number))
                    if copy is not None:
                        batch.add(file, copy)
                    if batch.full:
                        self._read(folder, batch)
                        batch = _Batch(batch.folder)
            self._read(folder, batch)
        finally:
            shutil.rmtree(batch.folder, ignore_errors=True)

    def _present(self, folder: StableFiles, scan: Iterator[StableFile]) -> Iterator[StableFile]:
        """Passes on what the scan finds; reports once that the folder is away, and that it is back."""
        place = f"thư mục {folder.folder}"
        while True:
            try:
                file = next(scan, None)
            except OSError:
                self._troubles.begin(place, f"Không thấy {place}; đang chờ nó trở lại.")
                return
            self._troubles.end(place)
            if file is None:
                return
            yield file

    # ------------------------------------------------------------ one file

    def _copied(self, folder: StableFiles, file: StableFile, copy: Path) -> SourceFile | None:
        """A copy of *file* to read; None where it need not or cannot be read now."""
        name = folder.path(file)
        if file.size > self._settings.file_mb * MEGABYTE:
            error = f"Tệp lớn {file.size / MEGABYTE:.0f} MB, quá mức {self._settings.file_mb} MB. Hãy chia nhỏ tệp."
            self._give_up(folder, file, error)
            return None
        try:
            with folder.open(file) as source:
                sha256 = _hash_of(source)
            if self._is_held(name, sha256):
                folder.finish(file)
                return None
            with folder.open(file) as source:
                if _copy(source, copy) == sha256:
                    return SourceFile(copy, name, sha256)
        except PermissionError:
            self._give_up(folder, file, "Không có quyền đọc tệp này. Hãy cấp quyền đọc cho lệnh watch.")
            return None
        except FileChanged as change:
            if change.__cause__ is not None:
                self._troubles.begin("đọc tệp", f"Chưa đọc được {name} ({change.__cause__}); sẽ thử lại.")
        copy.unlink(missing_ok=True)
        folder.wait_again(file)
        return None

    def _give_up(self, folder: StableFiles, file: StableFile, error: str) -> None:
        """Report that *file* cannot be read; it is tried again when it changes."""
        folder.finish(file)
        self._report(FileReport(folder.path(file), "failed", None, error))

    def _is_held(self, name: str, sha256: str) -> bool:
        """Whether the library holds that content; if so it lists the place."""
        from ingest.reader_version import READER_VERSION

        if self._library.intake.seen(sha256, READER_VERSION, name) != "held":
            return False
        self.counts.held += 1
        self._index_behind = True  # the places of a document are indexed too
        if not self._starting:
            self._report(FileReport(name, "unchanged"))
        return True

    def _read(self, folder: StableFiles, batch: _Batch) -> None:
        if not batch.files:
            return
        copies = [copy for _, copy in batch.files.values()]
        reports = ingest(self._library, copies, self._settings, self._pool)
        with closing(with_duplicate_notice(self._library.view(), reports)) as noticed:
            for report in noticed:
                if report.path in batch.files:  # else of a document inside such a file
                    file, copy = batch.files[report.path]
                    folder.finish(file)
                    copy.path.unlink(missing_ok=True)
                self._index_behind = True
                self._report(report)
                self._signals.check()
                if time.monotonic() - self._indexed_at >= INDEX_SECONDS:
                    self._follow()

    def _report(self, report: FileReport) -> None:
        self.counts.outcomes[report.outcome] = self.counts.outcomes.get(report.outcome, 0) + 1
        self._listener.report(report)

    def _follow(self) -> None:
        """Bring the index up to date; a request to end waits for it. Its trouble is reported; the watch goes on."""
        if not self._index_behind:
            return
        self._indexed_at = time.monotonic()
        try:
            with self._signals.deferred():
                self._search.catch_up()
        except (OcopError, OSError) as error:
            self._troubles.begin("chỉ mục", f"Chưa đưa được vào chỉ mục: {error}")
            return
        self._troubles.end("chỉ mục")
        self._index_behind = False


def _hash_of(source: BufferedReader[FileIO]) -> str:
    try:
        return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise FileChanged from error


def _copy(source: BufferedReader[FileIO], target: Path) -> str:
    """Copy *source* and return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with target.open("xb") as out:
        while block := _next_block(source):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _next_block(source: BufferedReader[FileIO]) -> bytes:
    try:
        return source.read(_BLOCK)
    except OSError as error:
        raise FileChanged from error
