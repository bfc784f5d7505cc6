"""Files handed in on the page: kept aside, read one batch at a time in the background, told file by file.

What a clerk was told is taken is on disk, with its list beside it (``batch.json``): a server that was killed reads it when
it starts again. A batch leaves the disk only when every file of it has its outcome. Each upload's folder is held by a lock
that dies with its server, so that several servers of one library know whose it is.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import queue
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from corpus import durable, storage_errors
from corpus.errors import OcopError
from corpus.fold import nfc
from corpus.library import Library
from search.searcher import Search
from webui.app import duplicates
from webui.app.document_reader import pool_of
from webui.app.ingestion import FileReport, ingest
from webui.app.settings import Settings

if TYPE_CHECKING:
    from ingest.worker.pool import Pool

log = logging.getLogger("webui")

#: Batches whose report can still be seen.
KEPT = 100
#: Times a batch is begun: one that brings the server down each time must not do so for ever.
TRIES = 3
LIST = "batch.json"
#: Characters of a file's name.
LONGEST_NAME = 120


@dataclass(slots=True)
class Batch:
    """Files of one upload. reports: of the files done so far. error: why the whole batch stopped."""

    id: str
    who: str
    names: list[str]
    folder: Path
    began: float = field(default_factory=time.time)
    reports: list[FileReport] = field(default_factory=list)
    done: bool = False
    error: str = ""
    tries: int = 0

    @property
    def stuck(self) -> bool:
        """Whether it was begun so often that no server begins it again."""
        return self.tries >= TRIES

    def keep(self) -> None:
        """Put the list on disk, where it is found again. Raises DiskFull."""
        told = {"id": self.id, "who": self.who, "names": self.names, "began": self.began, "tries": self.tries}
        with storage_errors.translated():
            durable.write(self.folder / LIST, json.dumps(told, ensure_ascii=False).encode())


class Uploads:
    """Takes batches and reads them in a thread of its own, with one worker: readers of the page come first."""

    def __init__(self, library: Library, search: Search, settings: Settings) -> None:
        self._library = library
        self._search = search
        self._settings = settings
        self._batches: dict[str, Batch] = {}
        self._waiting: queue.Queue[Batch | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._root = library.folder / "uploads"
        self._held: dict[Path, int] = {}
        self._resume()

    def new_folder(self) -> Path:
        """A folder for the files of one upload, on the library's own disk. Raises DiskFull."""
        with storage_errors.translated():
            durable.make_folder(self._root, 0o700)
        while True:
            with storage_errors.translated():
                folder = Path(tempfile.mkdtemp(dir=self._root))
            if self._hold(folder):  # else another server, just starting, took it for a left one
                return folder

    def write(self, folder: Path, number: int, source: IO[bytes]) -> None:
        """Write file *number* of an upload. Raises DiskFull; nothing of the upload is kept then."""
        try:
            with storage_errors.translated(), (folder / str(number)).open("wb") as out:
                shutil.copyfileobj(source, out)
        except BaseException:
            self._clear(folder)
            raise

    def take(self, folder: Path, names: list[str], who: str) -> Batch:
        """Queue the files ``0``, ``1``, … of *folder*, which were handed in under *names*; see :func:`distinct`.

        When it returns they are on disk for good. Raises DiskFull; nothing of the upload is kept then.
        """
        batch = Batch(secrets.token_urlsafe(12), who, distinct(names), folder)
        try:
            with storage_errors.translated():
                for number in range(len(names)):
                    _sync(folder / str(number))
                batch.keep()
                durable.sync_folder(self._root)
        except BaseException:
            self._clear(folder)
            raise
        self._queue(batch)
        return batch

    def _queue(self, batch: Batch) -> None:
        with self._lock:
            self._batches[batch.id] = batch
            for old in list(self._batches)[:-KEPT]:
                if self._batches[old].done:
                    del self._batches[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
                self._thread.start()
        self._waiting.put(batch)

    def _resume(self) -> None:
        """Take up what an earlier server left; an upload it had not yet taken is cleared away."""
        left = []
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if not self._hold(folder):
                continue
            batch = read_list(folder)
            if batch is not None:
                left.append(batch)
            elif not (folder / LIST).exists():
                self._clear(folder)
            else:  # somebody was told that these files are taken
                log.error("the list of upload %s cannot be read; its files are left aside", folder.name)
                self._let_go(folder)
        for batch in sorted(left, key=lambda b: b.began):
            if not batch.stuck:
                self._queue(batch)
            else:
                log.error("upload %s was begun %d times and is left aside", batch.id, batch.tries)
                batch.done, batch.error = True, f"Đã thử {TRIES} lần không xong; tệp vẫn nằm trong {batch.folder}."
                self._batches[batch.id] = batch
                self._let_go(batch.folder)

    def _hold(self, folder: Path) -> bool:
        """Make *folder* this server's, until it ends; False where it is another's, is gone, or is no folder."""
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.stat(folder)):  # else cleared away before it was locked
                self._held[folder] = handle
                return True
        except OSError:
            pass
        os.close(handle)
        return False

    def _let_go(self, folder: Path) -> None:
        if (handle := self._held.pop(folder, None)) is not None:
            os.close(handle)

    def _clear(self, folder: Path) -> None:
        """Take *folder* off the disk, and only then let go of it."""
        shutil.rmtree(folder, ignore_errors=True)
        self._let_go(folder)

    def batch(self, id: str) -> Batch | None:
        return self._batches.get(id)

    def recent(self) -> list[Batch]:
        """Newest first."""
        with self._lock:
            return list(self._batches.values())[::-1]

    def close(self) -> None:
        """Stop after the file at hand; what is not done stays on disk for the next server."""
        self._stopping.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(timeout=10)
            if self._thread.is_alive():
                return  # it still reads: its folders stay its own until the process ends
        for folder in list(self._held):
            self._let_go(folder)

    def _run(self) -> None:
        with pool_of(self._settings, jobs=1) as pool:
            while (batch := self._waiting.get()) is not None and not self._stopping.is_set():
                try:
                    self._read(batch, pool)
                except OcopError as error:
                    batch.error = f"{error} Tệp vẫn được giữ và sẽ được nạp khi máy chủ chạy lại."
                except Exception as error:  # the thread must live on for the next batch
                    log.exception("upload %s", batch.id)
                    batch.error = f"Lỗi chương trình ({type(error).__name__}). Hãy báo người quản trị."
                finally:
                    batch.done = True

    def _read(self, batch: Batch, pool: Pool) -> None:
        batch.tries += 1
        batch.keep()
        paths = [batch.folder / str(n) for n in range(len(batch.names))]
        names = {path: f"tải lên/{batch.id}/{name}" for path, name in zip(paths, batch.names, strict=True)}
        reports = ingest(self._library, paths, self._settings, pool, follow=self._search.catch_up, names=names)
        for report in duplicates.told(self._library.view(), reports):
            batch.reports.append(report)
            if self._stopping.is_set():
                batch.tries -= 1  # it did not bring the server down
                batch.keep()
                return
        self._clear(batch.folder)


def read_list(folder: Path) -> Batch | None:
    """The batch that waits in *folder*; None where there is no list (an upload never taken) or none that can be read."""
    try:
        told = json.loads((folder / LIST).read_bytes())
        names = distinct(plain_name(name) for name in told["names"])
        return Batch(str(told["id"]), str(told["who"]), names, folder, float(told["began"]), tries=int(told["tries"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def plain_name(name: str | None) -> str:
    """A file's own name as handed in, without folders or signs that do harm in a list."""
    last = PurePosixPath(nfc(name or "").replace("\\", "/")).name
    cleaned = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", last).strip(" .")
    return cleaned[-LONGEST_NAME:].strip(" .") or "tep"


def distinct(names: Iterable[str]) -> list[str]:
    """*names* in their order, each once: a further ``a.txt`` is ``a (2).txt``. What became of a file is told by its name."""
    found: dict[str, None] = {}
    for name in names:
        one, number = PurePosixPath(name), 1
        while name in found:
            number += 1
            mark = f" ({number}){one.suffix}"
            name = one.stem[-max(1, LONGEST_NAME - len(mark)) :] + mark
        found[name] = None
    return list(found)
