"""Hands files to reading workers on any machine: a job each in PostgreSQL (procrastinate), the file in the library.

The folder of the library must be shared by all machines. A file waits there, in ``queue/``, under the hash of its
content, and is deleted when it was read; nothing of it becomes an original before it is stored.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from corpus import durable, storage_errors
from corpus.errors import MissingTool, UsageError
from corpus.library.store import Store
from webui.app.reading_jobs import ReadingJobs

if TYPE_CHECKING:
    from procrastinate import App

    from webui.app.settings import Settings

#: The name of the task and of the queue.
TASK, QUEUE = "read_file", "reading"
#: Jobs that may wait; whoever hands in more waits until some are done.
MOST_WAITING = 10_000
_BLOCK = 1 << 20
#: The advisory lock under which the tables of the queue are made ("queue" as bytes).
_LOCK = int.from_bytes(b"queue", "big")


def url_of(store: Store) -> str:
    """The address of the queue's database. Raises UsageError for a library in a file."""
    if store.url is None:
        raise UsageError(
            "Hàng đợi đọc tệp cần kho ở PostgreSQL.", "Hãy đặt OCOP_DATABASE (xem docs/scale.md), hoặc bỏ --queue."
        )
    return store.url


def queue_app(store: Store) -> App:
    """The queue, closed; its tables are made where they are missing. Raises UsageError, MissingTool."""
    url = url_of(store)
    try:
        from procrastinate import App, PsycopgConnector
    except ImportError as error:
        raise MissingTool("Chưa cài hàng đợi (procrastinate).", "Hãy cài: pip install 'can-cu[cluster]'.") from error
    _make_tables(url)
    return App(connector=PsycopgConnector(conninfo=_conninfo(url), min_size=1, max_size=4))


def _conninfo(url: str) -> str:
    """*url* as libpq takes it."""
    from corpus.library.dialects.postgresql import address_of

    return address_of(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _make_tables(url: str) -> None:
    from procrastinate.schema import SchemaManager

    from corpus.library.dialects.postgresql import address_of, engine_of

    engine = engine_of(address_of(url))
    try:
        with storage_errors.translated(), engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if not inspect(connection).has_table("procrastinate_jobs"):
                cursor: Any = connection.connection.cursor()
                cursor.execute(SchemaManager.get_schema())
    finally:
        engine.dispose()


def place_of(folder: Path, sha256: str) -> Path:
    """Where a file of that content waits."""
    return folder / "queue" / sha256[:2] / sha256


def hand_in(settings: Settings, files: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Hand in *files* one by one: the file, and whether it was new to the queue. Waits while too many wait.

    Raises UsageError, MissingTool, LibraryUnreachable, DiskFull; a file that cannot be opened is an OSError.
    """
    from procrastinate.exceptions import AlreadyEnqueued

    from webui.app.ingestion import printable

    app = queue_app(settings.store)
    with closing(ReadingJobs(settings.library, settings.store)) as jobs, app.open():
        for file in files:
            while jobs.unfinished() >= MOST_WAITING:
                time.sleep(1.0)
            sha256 = _keep(settings.library, file)
            job = jobs.add(sha256, printable(file))
            deferrer = app.configure_task(TASK, queue=QUEUE, lock=sha256, queueing_lock=sha256)
            fresh = False
            with suppress(AlreadyEnqueued):
                deferrer.defer(job=job.id)
                fresh = True
            yield file, fresh


def _keep(folder: Path, file: Path) -> str:
    """Copy *file* to where it waits; its hash."""
    waiting = folder / "queue"
    with storage_errors.translated():
        durable.make_folder(waiting, 0o700)
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            target = place_of(folder, sha256)
            if target.exists():
                return sha256
            durable.make_folder(target.parent)
            opened.seek(0)
            copied = hashlib.sha256()
            with durable.writing(target) as out:
                while block := opened.read(_BLOCK):
                    copied.update(block)
                    out.write(block)
                if copied.hexdigest() != sha256:
                    raise UsageError(f"Tệp {file} đang đổi trong lúc được đưa vào hàng đợi.", "Hãy chạy lại lệnh này.")
    return sha256
