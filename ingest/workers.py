"""Worker processes that read files, and the supervisor that can kill each alone with all its children.

A worker leads its own session. Whatever happens in it (a crash of pdfium, a hang, memory run out) costs its file and
nothing else: the supervisor kills the session, tells why, and starts another worker. The only thing that comes back
is one JSON-able value or a :class:`corpus.model.Failure`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from corpus.errors import MissingTool, OcopError, ReadFailure, Refused
from corpus.model import Failure
from ingest.limits import FILE_SECONDS, MEGABYTE, WORKER_BYTES

#: What a worker's function looks like: the file's path and further arguments in, a JSON-able value out.
Function = Callable[..., Any]

# Names of the supervisor's folder in the system's temporary folder, and of a worker's folder within it.
_FOLDER, _SCRATCH = "ocop-workers-", "scratch-"
# A worker is replaced after so many files, so that what libraries leak never adds up.
_FILES_A_WORKER = 200


class Pool:
    """Workers for reading files. Use as a context manager; leaving it ends every worker and its children.

    jobs: worker processes (default: one a core). timeout: seconds for one file. memory: bytes of address space a
    worker may use. preload: modules imported once, before the workers fork off, so that a new worker starts at once.
    """

    def __init__(
        self,
        jobs: int | None = None,
        *,
        timeout: float = FILE_SECONDS,
        memory: int = WORKER_BYTES,
        preload: Iterable[str] = (),
    ) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.timeout = timeout
        self._memory = memory
        self._preload = list(preload)
        self._running: Path | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._pool: Any = None
        self._next = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> Any:
        """The pebble pool, started at its first task: a run that finds nothing to read starts no process."""
        with self._lock:
            if self._pool is not None and not self._pool.active:
                self._pool = None  # a worker died while idle, which pebble takes for the end of the pool
            if self._pool is None:
                from pebble import ProcessPool

                # Neither fork (pdfium and locks of the parent's threads come along) nor plain spawn (each new worker
                # would import everything again).
                context = multiprocessing.get_context("forkserver")
                context.set_forkserver_preload([__name__, *self._preload])
                if self._running is None:
                    _sweep()
                    self._folder = tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-")
                    self._running = Path(self._folder.name)
                self._pool = ProcessPool(
                    max_workers=self.jobs,
                    max_tasks=_FILES_A_WORKER,
                    initializer=_start_worker,
                    initargs=(self._memory, str(self._running)),
                    context=context,
                )
            return self._pool

    def submit(self, function: Function, path: str | Path, *args: Any, timeout: float | None = None) -> Future[Any]:
        """Run ``function(str(path), *args)`` in a worker; the future's result is its value or a Failure.

        The future raises nothing but CancelledError. *function* must be importable by name.
        """
        outer: Future[Any] = Future()
        self._schedule(outer, function, str(path), args, self.timeout if timeout is None else timeout, retries=1)
        return outer

    def _schedule(
        self, outer: Future[Any], function: Function, path: str, args: tuple[Any, ...], allowed: float, retries: int
    ) -> None:
        pool = self._started()
        with self._lock:
            self._next += 1
            task = self._next
        assert self._running is not None
        note = self._running / str(task)
        inner = pool.schedule(_run, args=(str(note), function, path, args), timeout=allowed)

        def settle(done: Any) -> None:
            value = _outcome(done, note, path, allowed)
            if value is _AGAIN and retries and not outer.cancelled():
                self._schedule(outer, function, path, args, allowed, retries - 1)
                return
            with suppress(InvalidStateError):  # cancelled meanwhile by the caller
                if value is None:
                    outer.cancel()
                elif value is _AGAIN:
                    outer.set_result(Failure(path, "Không khởi động được tiến trình đọc tệp. Hãy chạy lại.", "loi"))
                else:
                    outer.set_result(value[0])

        def give_up(done: Future[Any]) -> None:
            if done.cancelled():
                inner.cancel()

        inner.add_done_callback(settle)
        outer.add_done_callback(give_up)

    def call(self, function: Function, path: str | Path, *args: Any, timeout: float | None = None) -> Any:
        """Run one file and wait: its value or a Failure."""
        return self.submit(function, path, *args, timeout=timeout).result()

    def map_files(
        self, paths: Iterable[str | Path], function: Function, *args: Any, timeout: float | None = None
    ) -> Generator[Any, None, None]:
        """``function`` over *paths*: a value or a Failure for each, in the order given.

        Only a few files are ahead of the one awaited, so a million paths need no more memory than ten.
        """
        ahead = 4 * self.jobs
        waiting: deque[Future[Any]] = deque()
        try:
            for path in paths:
                waiting.append(self.submit(function, path, *args, timeout=timeout))
                if len(waiting) >= ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End all workers and their children now."""
        if self._pool is None:
            return
        self._pool.stop()
        self._kill_all()
        self._pool.join()
        self._kill_all()
        if self._folder is not None:
            self._folder.cleanup()
        self._pool = self._folder = self._running = None

    def _kill_all(self) -> None:
        if self._running is not None:
            for note in self._running.iterdir():
                if note.name.isdigit():
                    _kill_session(note)


def map_files(
    paths: Iterable[str | Path],
    function: Function,
    *args: Any,
    jobs: int | None = None,
    timeout: float = FILE_SECONDS,
    preload: Iterable[str] = (),
) -> Iterator[Any]:
    """:meth:`Pool.map_files` with a pool of its own."""
    with Pool(jobs, timeout=timeout, preload=preload) as pool:
        yield from pool.map_files(paths, function, *args)


_AGAIN: tuple[Any] = ("again",)


# --- in the supervisor -------------------------------------------------------------------------------------------


def _outcome(done: Any, note: Path, path: str, allowed: float) -> tuple[Any] | None:
    """The task's value or Failure in a tuple; None when it was cancelled, _AGAIN when the pool broke under it."""
    from pebble import ProcessExpired

    try:
        state, value = done.result()
    except CancelledError:
        _kill_session(note)
        return None
    except FutureTimeoutError:
        _kill_session(note)
        error = f"Đọc tệp quá {allowed:.0f} giây nên đã dừng. Hãy tăng giới hạn thời gian hoặc chia nhỏ tệp."
        return (Failure(path, error, "het_gio"),)
    except ProcessExpired as expired:
        _kill_session(note)
        return (_crashed(path, getattr(expired, "exitcode", 0) or 0),)
    except BrokenProcessPool:
        _kill_session(note)
        return _AGAIN
    except Exception as error:  # the value could not travel back, or pebble itself failed
        _kill_session(note)
        return (Failure(path, f"Lỗi khi nhận kết quả đọc tệp ({type(error).__name__}: {error}).", "loi"),)
    note.unlink(missing_ok=True)
    return (json.loads(value),) if state == "value" else (Failure(path, *value),)


def _crashed(path: str, exitcode: int) -> Failure:
    if exitcode == -signal.SIGKILL:
        error = "Tiến trình đọc tệp bị hệ thống dừng (thường do hết bộ nhớ). Hãy chia nhỏ tệp hoặc giảm số tiến trình."
        return Failure(path, error, "het_bo_nho")
    cause = signal.Signals(-exitcode).name if exitcode < 0 else f"mã {exitcode}"
    return Failure(path, f"Chương trình đọc bị sập vì tệp này ({cause}). Tệp có thể hỏng; hãy lấy lại tệp gốc.", "hong")


def _kill_session(note: Path) -> None:
    """Kill what is left of the worker that wrote *note*: itself and every child (tesseract) of its session."""
    try:
        leader = int(note.read_text())
    except (OSError, ValueError):
        return
    note.unlink(missing_ok=True)
    if leader > 1:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
        shutil.rmtree(note.with_name(f"{_SCRATCH}{leader}"), ignore_errors=True)


def _sweep() -> None:
    """Remove what supervisors that were killed outright have left in the temporary folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if not owner.isdigit():
            continue
        try:
            os.kill(int(owner), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


# --- in the worker -----------------------------------------------------------------------------------------------


def _start_worker(memory: int, folder: str) -> None:
    # Page images lie in the worker's own folder, which the supervisor removes when it has to kill the worker.
    own = Path(folder) / f"{_SCRATCH}{os.getpid()}"
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)
    os.setsid()  # a session of its own: killed as one, and Ctrl-C at the terminal is the supervisor's to handle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_when_orphaned, daemon=True).start()


def _end_when_orphaned() -> None:
    """A supervisor killed outright cannot clean up; its workers end themselves and their children."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os.killpg(0, signal.SIGKILL)


def _run(note: str, function: Function, path: str, args: tuple[Any, ...]) -> tuple[str, Any]:
    """("value", its JSON) or ("failure", (error, verdict)): exceptions are told in words, never sent as objects."""
    Path(note).write_text(str(os.getpid()))
    try:
        # Packed here, so that a value that cannot travel is this file's failure and not the worker's end.
        return "value", json.dumps(function(path, *args), ensure_ascii=False)
    except ReadFailure as error:
        return "failure", (str(error), error.verdict)
    except Refused as error:
        return "failure", (str(error), "mat")
    except MissingTool as error:
        return "failure", (str(error), "thieu_cong_cu")
    except OcopError as error:
        return "failure", (str(error), "loi")
    except MemoryError:
        limit = resource.getrlimit(resource.RLIMIT_AS)[0] // MEGABYTE
        return "failure", (f"Đọc tệp cần hơn {limit} MB bộ nhớ nên đã dừng. Hãy chia nhỏ tệp.", "het_bo_nho")
    except FileNotFoundError:
        return "failure", ("Tệp biến mất trong lúc đọc. Hãy kiểm tra lại đường dẫn.", "mat_tep")
    except Exception as error:
        return "failure", (f"Lỗi chương trình khi đọc tệp ({type(error).__name__}: {error}).", "loi")
