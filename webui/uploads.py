"""Files handed in on the page: kept aside, read one batch at a time in the background, told file by file."""

from __future__ import annotations

import logging
import queue
import re
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from corpus.errors import OcopError
from corpus.fold import nfc
from corpus.store import Library
from search.service import Search
from webui.ingesting import FileReport, ingest
from webui.reading import pool_of
from webui.settings import Settings

log = logging.getLogger("webui")

#: Batches whose report can still be seen.
KEPT = 100


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

    def new_folder(self) -> Path:
        """A folder for the files of one upload, on the library's own disk."""
        parent = self._library.folder / "uploads"
        parent.mkdir(mode=0o700, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=parent))

    def take(self, folder: Path, names: list[str], who: str) -> Batch:
        """Queue the files ``0``, ``1``, … of *folder*, which were handed in under *names*."""
        batch = Batch(secrets.token_urlsafe(12), who, names, folder)
        with self._lock:
            self._batches[batch.id] = batch
            for old in list(self._batches)[:-KEPT]:
                if self._batches[old].done:
                    del self._batches[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)
                self._thread.start()
        self._waiting.put(batch)
        return batch

    def batch(self, id: str) -> Batch | None:
        return self._batches.get(id)

    def recent(self) -> list[Batch]:
        """Newest first."""
        with self._lock:
            return list(self._batches.values())[::-1]

    def close(self) -> None:
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        with pool_of(self._settings, jobs=1) as pool:
            while (batch := self._waiting.get()) is not None:
                paths = [batch.folder / str(n) for n in range(len(batch.names))]
                names = {path: f"tải lên/{batch.id}/{name}" for path, name in zip(paths, batch.names, strict=True)}
                try:
                    for report in ingest(
                        self._library, paths, self._settings, pool, follow=self._search.catch_up, names=names
                    ):
                        batch.reports.append(report)
                except OcopError as error:
                    batch.error = str(error)
                except Exception as error:  # the thread must live on for the next batch
                    log.exception("upload %s", batch.id)
                    batch.error = f"Lỗi chương trình ({type(error).__name__}). Hãy báo người quản trị."
                finally:
                    batch.done = True
                    shutil.rmtree(batch.folder, ignore_errors=True)


def plain_name(name: str | None) -> str:
    """A file's own name as handed in, without folders or signs that do harm in a list."""
    last = PurePosixPath(nfc(name or "").replace("\\", "/")).name
    cleaned = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", last).strip(" .")
    return cleaned[-120:] or "tep"
