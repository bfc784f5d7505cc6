"""Watched folders: what comes to rest in them is read into the library; nothing in them is moved or written.

What has been read is known by the library itself, by content: a restart reads nothing twice, and a file that changes is
read again. A file is copied aside before it is read, so that what is read is what was looked at, whatever happens to it
in the meantime.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from io import BufferedReader, FileIO
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy.exc import OperationalError

from corpus.errors import LibraryBusy, LibraryDamaged, OcopError, UsageError
from ingest.limits import MEGABYTE
from webui.app import duplicates
from webui.app.ingestion import FileReport, ingest
from webui.app.stable_files import QuietFiles, Rested, Unsettled

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.worker.pool import Pool
    from search.searcher import Search
    from webui.app.settings import Settings

#: Files read together, and the bytes of their copies, at most: the workers are kept busy, the disk is not filled.
BATCH_FILES = 64
BATCH_BYTES = 512 * MEGABYTE
#: Seconds after which what was stored can be searched for, while more files come.
INDEX_SECONDS = 10.0

_BLOCK = 1 << 20


class Stopped(BaseException):
    """The watch was asked to end (SIGTERM, SIGHUP, Ctrl-C)."""


@dataclass(slots=True)
class Told:
    """What a watch says. report: a file's result. say: anything else, a sentence in Vietnamese."""

    report: Callable[[FileReport], None]
    say: Callable[[str], None]


@dataclass(slots=True)
class Counts:
    """What a watch did. held: files whose content the library had already."""

    taken: int = 0
    held: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


def check_places(folders: Sequence[Path], library: Path) -> list[Path]:
    """The folders to watch, as they really lie. Raises UsageError for one that is missing, that holds the library or lies
    in it (under whatever name or mount), or that lies in another one.
    """
    home = Path(os.path.realpath(library))
    above_home = {_identity(place) for place in (home, *home.parents)} - {None}
    found: list[Path] = []
    for given in folders:
        folder = Path(os.path.realpath(given))
        if not folder.is_dir():
            raise UsageError(f"Không có thư mục “{given}”.", "Hãy kiểm tra lại đường dẫn, hoặc nối ổ mạng trước.")
        if _identity(folder) in above_home:
            raise UsageError(
                f"Thư mục “{given}” chứa chính kho văn bản ({home}) nên không theo dõi được.",
                "Hãy chọn thư mục khác, hoặc đặt kho ở nơi khác bằng --library.",
            )
        if _identity(home) is not None and _identity(home) in {_identity(place) for place in folder.parents}:
            raise UsageError(
                f"Thư mục “{given}” nằm trong kho văn bản ({home}) nên không theo dõi được.",
                "Hãy chọn một thư mục ngoài kho.",
            )
        for other in found:
            if folder == other or other in folder.parents or folder in other.parents:
                raise UsageError(f"Thư mục “{given}” trùng hoặc lồng với “{other}”.", "Chỉ cần nêu thư mục ngoài cùng.")
        found.append(folder)
    return found


def _identity(place: Path) -> tuple[int, int] | None:
    try:
        about = place.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


@contextmanager
def only_watch(library: Path) -> Iterator[Path]:
    """The folder for copies, cleared, while no other watch of the library runs. Raises LibraryBusy."""
    aside = library / "watching"
    aside.mkdir(mode=0o700, exist_ok=True)
    lock = FileLock(aside / "lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise LibraryBusy(
            "Kho này đang có một lệnh `ocop watch` khác theo dõi.",
            "Hãy dừng lệnh kia, hoặc nêu mọi thư mục trong một lệnh: ocop watch THƯ_MỤC_1 THƯ_MỤC_2.",
        ) from error
    try:
        for left in aside.iterdir():  # by a watch that was killed
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
        yield aside
    finally:
        lock.release()


class Watch:
    """Watches *folders* (of :func:`check_places`) for one library. Make it inside :func:`only_watch`."""

    def __init__(
        self,
        folders: Sequence[Path],
        aside: Path,
        library: Library,
        search: Search,
        settings: Settings,
        pool: Pool,
        told: Told,
    ) -> None:
        avoid = frozenset({identity} if (identity := _identity(library.folder)) else ())
        self._watched = [QuietFiles(folder, settings.watch_quiet, avoid) for folder in folders]
        self._aside = aside
        self._library = library
        self._search = search
        self._settings = settings
        self._pool = pool
        self._told = told
        self._troubles: dict[str, str] = {}
        self._behind = True
        self._indexed = time.monotonic()
        self._guard = _Guard()
        self._first = True
        self.counts = Counts()

    def run(self) -> None:
        """Watch until asked to end; then what was stored is in the index, and nothing else is begun."""
        with self._guard:
            try:
                while True:
                    self._round()
                    self._guard.check()
                    time.sleep(self._settings.watch_interval)
            except Stopped:
                self._told.say("Đang dừng…")
                self._follow()

    # ------------------------------------------------------------ a round

    def _round(self) -> None:
        """One look at every folder. Trouble of the library or its disk is told once, and the next round tries again."""
        try:
            for watched in self._watched:
                self._look(watched)
        except LibraryDamaged:
            raise
        except (OcopError, OSError, OperationalError) as error:
            said = str(error) if isinstance(error, OcopError) else f"Không ghi được vào kho ({error})."
            self._trouble("kho", f"{said} Lệnh vẫn chạy và sẽ thử lại.")
            return
        self._trouble("kho", "")
        self._follow()
        if self._first and not any(watched.waited_for for watched in self._watched):
            self._first = False
            held = self.counts.held
            self._told.say(f"Đã xem hết những tệp có sẵn; {held} tệp đã có trong kho. Đang chờ tệp mới.")

    def _trouble(self, where: str, said: str) -> None:
        """Tells trouble when it is new, and its end."""
        before = self._troubles.get(where, "")
        self._troubles[where] = said
        if said and said != before:
            self._told.say(said)
        elif before and not said:
            self._told.say(f"Đã hết lỗi: {before}")

    def _look(self, watched: QuietFiles) -> None:
        batch: list[tuple[Rested, Path]] = []
        size = 0
        folder = Path(tempfile.mkdtemp(dir=self._aside))
        try:
            with closing(watched.look()) as looked:
                for file in self._present(watched, looked):
                    self._guard.check()
                    copy = self._copied(watched, file, folder / str(len(batch)))
                    if copy is None:
                        continue
                    batch.append((file, copy))
                    size += file.size
                    if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
                        self._read(watched, batch)
                        batch, size = [], 0
            self._read(watched, batch)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _present(self, watched: QuietFiles, looked: Iterator[Rested]) -> Iterator[Rested]:
        """Passes on what the look finds; a folder that is not there now, or is there again, is told once."""
        while True:
            try:
                file = next(looked, None)
            except OSError:
                self._trouble(f"thư mục {watched.folder}", f"Không thấy thư mục {watched.folder}; đang chờ nó trở lại.")
                return
            self._trouble(f"thư mục {watched.folder}", "")
            if file is None:
                return
            yield file

    # ------------------------------------------------------------ one file

    def _copied(self, watched: QuietFiles, file: Rested, copy: Path) -> Path | None:
        """A copy of *file* to read, None where it need not or cannot be read now."""
        from ingest.extract import READER_VERSION

        name = watched.path(file)
        if file.size > self._settings.file_mb * MEGABYTE:
            error = f"Tệp lớn {file.size / MEGABYTE:.0f} MB, quá mức {self._settings.file_mb} MB. Hãy chia nhỏ tệp."
            watched.done(file)
            self._tell(FileReport(name, "failed", None, error))
            return None
        try:
            with watched.open(file) as source:
                sha256 = _hash_of(source)
            if self._library.intake.seen(sha256, READER_VERSION, name) == "held":
                watched.done(file)
                self.counts.held += 1
                self._behind = True  # a further place of a paper is part of what is indexed
                if not self._first:
                    self._tell(FileReport(name, "unchanged"))
                return None
            with watched.open(file) as source:
                same = _copy(source, copy) == sha256
        except PermissionError:
            watched.done(file)
            self._tell(
                FileReport(name, "failed", None, "Không có quyền đọc tệp này. Hãy cấp quyền đọc cho lệnh watch.")
            )
            return None
        except Unsettled as change:
            same = False
            if change.__cause__ is not None:
                self._trouble("đọc tệp", f"Chưa đọc được {name} ({change.__cause__}); sẽ thử lại.")
        if not same:
            copy.unlink(missing_ok=True)
            watched.again(file)
            return None
        return copy

    def _read(self, watched: QuietFiles, batch: list[tuple[Rested, Path]]) -> None:
        if not batch:
            return
        names = {copy: watched.path(file) for file, copy in batch}
        files = {name: found for found, name in zip(batch, names.values(), strict=True)}
        paths = [copy for _, copy in batch]
        reports = duplicates.told(
            self._library.view(), ingest(self._library, paths, self._settings, self._pool, names=names)
        )
        with closing(reports):
            for report in reports:
                file, copy = files[report.path]
                watched.done(file)
                copy.unlink(missing_ok=True)
                self._behind = True
                self._tell(report)
                self._guard.check()
                if time.monotonic() - self._indexed >= INDEX_SECONDS:
                    self._follow()

    def _tell(self, report: FileReport) -> None:
        self.counts.taken += 1
        self.counts.outcomes[report.outcome] = self.counts.outcomes.get(report.outcome, 0) + 1
        self._told.report(report)

    def _follow(self) -> None:
        """Brings the index up to date; a request to end waits for it. Its trouble does not keep files from the library."""
        if not self._behind:
            return
        self._indexed = time.monotonic()
        try:
            with self._guard.held():
                self._search.catch_up()
        except (OcopError, OSError) as error:
            self._trouble("chỉ mục", f"Chưa đưa được vào chỉ mục: {error}")
            return
        self._trouble("chỉ mục", "")
        self._behind = False


class _Guard:
    """Turns the signals that ask for an end into Stopped; while :meth:`held`, they wait."""

    SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def __init__(self) -> None:
        self._holding = False
        self._asked = False
        self._stopping = False

    def __enter__(self) -> None:
        for number in self.SIGNALS:
            signal.signal(number, self._handle)

    def __exit__(self, *_: object) -> None:
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            return  # asked twice is asked once: the end is under way
        self._asked = True
        if not self._holding:
            self.check()

    def check(self) -> None:
        """Raises Stopped when asked to end: what a signal raises may be lost in somebody's destructor."""
        if self._asked and not self._stopping:
            self._stopping = True
            raise Stopped

    @contextmanager
    def held(self) -> Iterator[None]:
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        self.check()


def _hash_of(source: BufferedReader[FileIO]) -> str:
    try:
        return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise Unsettled from error


def _copy(source: BufferedReader[FileIO], target: Path) -> str:
    """Copies and gives the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with target.open("xb") as out:
        while block := _block(source):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


def _block(source: BufferedReader[FileIO]) -> bytes:
    try:
        return source.read(_BLOCK)
    except OSError as error:
        raise Unsettled from error
