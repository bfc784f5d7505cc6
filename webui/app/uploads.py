"""Uploaded files: kept on disk, read one batch at a time in the background, reported file by file.

A batch is on disk before the user is told that it was accepted: after a kill the next server reads it. It leaves the
disk only when each of its files has an outcome.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpus.errors import OcopError
from corpus.library import Library
from search.searcher import Search
from webui.app.document_reader import SourceFile, pool_of
from webui.app.duplicates import with_duplicate_notice
from webui.app.ingestion import ingest
from webui.app.settings import Settings
from webui.app.upload_files import LIST, MAX_TRIES, Batch, UploadFolders, distinct_names, read_list

if TYPE_CHECKING:
    from ingest.worker.pool import Pool
    from ingest.worker.progress import Reached

log = logging.getLogger("webui")

#: Batches whose report can still be seen.
MAX_BATCHES = 100


class Uploads:
    """Accepts batches and reads them in a thread of its own, with one worker: people who read pages come first."""

    def __init__(self, library: Library, search: Search, settings: Settings) -> None:
        self._library = library
        self._search = search
        self._settings = settings
        self._batches: dict[str, Batch] = {}
        self._waiting: queue.Queue[Batch | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._pool: Pool | None = None  # while the thread runs
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._folders = UploadFolders(library.folder / "uploads")
        self._resume()

    def new_folder(self) -> Path:
        """A folder for the files of one upload, on the library's own disk. Raises DiskFull."""
        return self._folders.new()

    def write(self, folder: Path, number: int, source: IO[bytes]) -> None:
        """Write file *number* of an upload. Raises DiskFull; nothing of the upload is kept then."""
        self._folders.write(folder, number, source)

    def accept(self, folder: Path, names: list[str], who: str) -> Batch:
        """Queue the files ``0``, ``1``, … of *folder*, uploaded under *names* by *who*.

        When it returns they are on disk for good. Raises DiskFull; nothing of the upload is kept then.
        """
        batch = Batch(secrets.token_urlsafe(12), who, distinct_names(names), folder)
        self._folders.accept(batch)
        self._queue(batch)
        return batch

    def batch(self, id: str) -> Batch | None:
        """The batch with that id; None when it is unknown or too long ago."""
        return self._batches.get(id)

    def reached(self, batch: Batch) -> dict[str, Reached]:
        """How far the reading of the files under way has come: name → page."""
        pool = self._pool
        if pool is None or batch.done:
            return {}
        found = {name: pool.reached(batch.folder / str(number)) for number, name in enumerate(batch.names)}
        return {name: one for name, one in found.items() if one is not None}

    def recent(self) -> list[Batch]:
        """The batches of late, newest first."""
        with self._lock:
            return list(self._batches.values())[::-1]

    def close(self) -> None:
        """Stop after the file being read; what is not done stays on disk for the next server."""
        self.request_stop()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(timeout=10)
            if self._thread.is_alive():
                return  # still reading: its folders stay locked until the process ends
        self._folders.close()

    def request_stop(self) -> None:
        """Begin no further file."""
        self._stopping.set()

    # ------------------------------------------------------------ inside

    def _queue(self, batch: Batch) -> None:
        with self._lock:
            self._batches[batch.id] = batch
            for old in list(self._batches)[:-MAX_BATCHES]:
                if self._batches[old].done:
                    del self._batches[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
                self._thread.start()
        self._waiting.put(batch)

    def _resume(self) -> None:
        """Queue what an earlier server accepted; delete an upload that it had not accepted yet."""
        accepted = []
        for folder in self._folders.abandoned():
            batch = read_list(folder)
            if batch is not None:
                accepted.append(batch)
            elif not (folder / LIST).exists():
                self._folders.delete(folder)
            else:  # somebody was told that these files were accepted
                log.error("the list of upload %s cannot be read; its files are left alone", folder.name)
                self._folders.release(folder)
        for batch in sorted(accepted, key=lambda b: b.began):
            if not batch.stuck:
                self._queue(batch)
                continue
            log.error("upload %s was begun %d times and is left alone", batch.id, batch.tries)
            batch.done, batch.error = True, f"Đã thử {MAX_TRIES} lần không xong; tệp vẫn nằm trong {batch.folder}."
            self._batches[batch.id] = batch
            self._folders.release(batch.folder)

    def _run(self) -> None:
        with pool_of(self._settings, jobs=1) as pool:
            self._pool = pool
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
        batch.started = time.time()
        batch.save()
        files = [
            SourceFile(batch.folder / str(number), f"tải lên/{batch.id}/{name}")
            for number, name in enumerate(batch.names)
        ]
        reports = ingest(self._library, files, self._settings, pool, follow=self._search.catch_up)
        for report in with_duplicate_notice(self._library.view(), reports):
            batch.reports.append(report)
            if self._stopping.is_set():
                batch.tries -= 1  # it was not the batch that ended the server
                batch.save()
                return
        self._folders.delete(batch.folder)
