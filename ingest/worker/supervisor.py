"""Worker processes that read files, and the supervisor that can kill each alone with all its children.

A worker leads its own session and is confined by the kernel (:mod:`ingest.worker.sandbox`). Whatever happens in it (a crash
of pdfium, a hang, memory run out) costs its file and nothing else: the supervisor kills the session, tells why, and
starts another worker. The only thing that comes back is one JSON-able value or a :class:`corpus.model.Failure`. Pages
that were done before the failure are read once more without the rest (:mod:`ingest.progress`).
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import pickle
import queue
import shutil
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import util
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Self

from corpus.errors import MissingTool, OcopError, ReadFailure, Refused
from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest import limits as limits_
from ingest import progress
from ingest.limits import FILE_SECONDS, MEGABYTE, Limits
from ingest.progress import Reached, Rescue
from ingest.worker import sandbox, worker_output

#: What a worker's function looks like: the file's path and further arguments in, a JSON-able value out.
Function = Callable[..., Any]

#: Gives the arguments of a further attempt, which leaves out what the first failed at.
Rescuer = Callable[[tuple[Any, ...], Rescue], tuple[Any, ...]]

log = logging.getLogger("ingest")

# Names of the supervisor's folder in the system's temporary folder, and of a worker's folder within it.
_FOLDER, _SCRATCH = "ocop-workers-", "scratch-"
# Where sockets go when the temporary folder's own name is longer than this: 107 bytes less those of our folder and socket.
_SHORT_PLACES, _PLACE_BYTES = ("/tmp", "/dev/shm"), 55
# Failures after which the pages done before are kept.
_RESCUED = frozenset({Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.DAMAGED})
_ATTEMPTS = 3
# A further attempt finds most of its work done, so it gets a quarter of the time, and this many seconds at least.
_RESCUE_SHARE, _RESCUE_SECONDS = 0.25, 5.0
# A worker is replaced after so many files, so that what libraries leak never adds up.
_FILES_A_WORKER = 200


class Pool:
    """Workers for reading files. Use as a context manager; leaving it ends every worker and its children.

    jobs: worker processes (default: one a core). timeout: seconds for one file. memory: bytes of address space a
    worker may use, in place of that of *limits*. preload: modules imported once, before the workers fork off, so that
    a new worker starts at once. writable: the only folders workers may write in besides their own; None: anywhere.
    """

    def __init__(
        self,
        jobs: int | None = None,
        *,
        timeout: float = FILE_SECONDS,
        memory: int | None = None,
        limits: Limits | None = None,
        preload: Iterable[str] = (),
        writable: Iterable[Path] | None = None,
    ) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.timeout = timeout
        self._limits = limits or Limits()
        if memory is not None:
            self._limits = replace(self._limits, memory=memory)
        self._preload = list(preload)
        self._writable = None if writable is None else [str(folder) for folder in writable]
        self._running: Path | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._slots: list[_Slot] = []
        self._next = 0
        self._told = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> Path:
        """The folder of the run. Workers start with their first task: a run with nothing to read starts none."""
        with self._lock:
            if self._running is None:
                _sweep()
                self._folder = tempfile.TemporaryDirectory(prefix=f"{_FOLDER}{os.getpid()}-")
                self._running = Path(self._folder.name)
                for kept in self._writable or ():
                    _make(Path(kept))
                start = (self._limits, self._writable)
                # Neither fork (pdfium and locks of the parent's threads come along) nor plain spawn (each new worker
                # would import everything again).
                _own_socket_folder()
                context = multiprocessing.get_context("forkserver")
                context.set_forkserver_preload([__name__, *self._preload])
                folders = [self._running / f"slot-{number}" for number in range(self.jobs)]
                self._slots = [_Slot(self._tasks, context, folder, start) for folder in folders]
            return self._running

    def submit(
        self,
        function: Function,
        path: str | Path,
        *args: Any,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Future[Any]:
        """Run ``function(str(path), *args)`` in a worker; the future's result is its value or a Failure.

        The future raises nothing but CancelledError. *function* must be importable by name. rescuer: after a timeout,
        a crash or memory run out, tried once more with the arguments it gives.
        """
        self._start()
        with self._lock:
            self._next += 1
            folder = Path(f"file-{self._next}")
        outer: Future[Any] = Future()
        allowed = self.timeout if timeout is None else timeout
        task = _Task(outer, function, str(path), args, allowed, self._limits, folder, rescuer)
        outer.add_done_callback(lambda _: self._tell_refused())
        outer.add_done_callback(self._give_up)
        self._tasks.put(task)
        return outer

    def _give_up(self, done: Future[Any]) -> None:
        if done.cancelled():
            for slot in self._slots:
                slot.drop(done)

    def _tell_refused(self) -> None:
        """Once in a run: what the kernel would not do for us."""
        if self._told:
            return
        self._told = True
        for slot in self._slots:
            with suppress(OSError, ValueError, RecursionError, TypeError):
                for what in json.loads(worker_output.read(slot.folder, _REFUSED, 4096)):
                    log.info("Hạt nhân của máy không cho: %s. Tệp vẫn được đọc.", str(what)[:200])
                return

    def call(
        self,
        function: Function,
        path: str | Path,
        *args: Any,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Any:
        """Run one file and wait: its value or a Failure."""
        return self.submit(function, path, *args, timeout=timeout, rescuer=rescuer).result()

    def map_files(
        self,
        paths: Iterable[str | Path],
        function: Function,
        *args: Any,
        timeout: float | None = None,
        rescuer: Rescuer | None = None,
    ) -> Generator[Any, None, None]:
        """``function`` over *paths*: a value or a Failure for each, in the order given.

        Only a few files are ahead of the one awaited, so a million paths need no more memory than ten.
        """
        ahead = 4 * self.jobs
        waiting: deque[Future[Any]] = deque()
        try:
            for path in paths:
                waiting.append(self.submit(function, path, *args, timeout=timeout, rescuer=rescuer))
                if len(waiting) >= ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End all workers and their children now."""
        slots, self._slots = self._slots, []
        for slot in slots:
            slot.stop()
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is not None:
                task.outer.cancel()
        for _ in slots:
            self._tasks.put(None)
        for slot in slots:
            slot.thread.join()
            worker_output.uproot(slot.folder)
        if self._folder is not None:
            self._folder.cleanup()
        self._tasks = queue.SimpleQueue()
        self._folder = self._running = None


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


_REFUSED = "refused.json"
# Where a worker leaves its value. How large that may be: a text at its limit (three bytes a letter) with all that is
# known of it; and of how many lists and objects: what is made of them takes fifty times the bytes they are written in.
_VALUE, _BESIDE_TEXT, _VALUE_PARTS = "value", 64 * MEGABYTE, 2_000_000
_STARTS, _START_SECONDS = 3, 60.0
_starting = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Task:
    """One file on its way. allowed: seconds. folder: where its progress and its value lie, below its worker's.

    rescue, attempt, first, failure: which attempt this is, what it leaves out, the arguments and the end of the first.
    """

    outer: Future[Any]
    function: Function
    path: str
    arguments: tuple[Any, ...]
    allowed: float
    limits: Limits
    folder: Path
    rescuer: Rescuer | None
    rescue: Rescue | None = None
    attempt: int = 1
    first: tuple[Any, ...] = ()
    failure: Any = None


# --- in the supervisor -------------------------------------------------------------------------------------------


class _Slot:
    """One worker after another, each with a thread of the supervisor that gives it tasks and watches over it.

    All that ever comes from a worker is a byte that says it is done, and a file of JSON: a worker that a hostile file
    has taken over can tell lies of that file, not run anything here.
    """

    def __init__(
        self, tasks: queue.SimpleQueue[_Task | None], context: Any, folder: Path, start: tuple[Any, ...]
    ) -> None:
        self._tasks = tasks
        self._context = context
        self._start = start
        self.folder = folder  # of its workers alone: none writes in another's
        folder.mkdir()
        self._process: Any = None
        self._channel: Connection | None = None
        self._files = 0
        self._under_way: Future[Any] | None = None
        self._stopped = False
        self._lock = threading.Lock()
        self.thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End the worker; the thread ends once it is given None."""
        self._stopped = True
        with self._lock:
            self._kill()

    def drop(self, outer: Future[Any]) -> None:
        """End the worker if it is at the task of that future, which nobody waits for any more."""
        with self._lock:
            if self._under_way is outer:
                self._kill()

    def _work(self) -> None:
        while (given := self._tasks.get()) is not None:
            task = replace(given, folder=self.folder / given.folder)
            further: _Task | None = task
            result: Any = None
            while further is not None and not task.outer.done() and not self._stopped:
                this = further
                try:
                    result, further = _rescued(self._attempt(this), this)
                except Exception as error:  # the value cannot travel or has no sense, or no process can be started
                    result = Failure(
                        task.path, f"Lỗi khi đọc tệp ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR
                    )
                    result, further = this.failure or result, None
            if self._stopped:
                task.outer.cancel()
            with suppress(InvalidStateError):  # cancelled meanwhile by the caller
                task.outer.set_result(result)
            if not worker_output.remove(task.folder):
                self._end()  # while it lives it could make the folder another one under our hands
                worker_output.uproot(task.folder)
        with self._lock:
            self._kill()

    def _attempt(self, task: _Task) -> Any:
        """The task's value or Failure."""
        cpu = min(task.limits.cpu_seconds, task.allowed) if task.rescue else task.limits.cpu_seconds
        order = pickle.dumps((str(task.folder), cpu, task.function, task.path, task.arguments))
        for _ in range(_STARTS):
            progress.forget(task.folder)
            worker_output.forget(task.folder, _VALUE)
            process, channel = self._worker(task.outer)
            if task.outer.done() or self._stopped:
                return None
            with suppress(OSError):  # it died while idle
                channel.send_bytes(order)
                ended = self._watch(task, process, channel)
                if ended is not None:
                    return ended[0]
            self._end()
        return Failure(task.path, "Không khởi động được tiến trình đọc tệp. Hãy chạy lại.", Verdict.PROGRAM_ERROR)

    def _watch(self, task: _Task, process: Any, channel: Connection) -> tuple[Any] | None:
        """The task's value or Failure in a tuple; None when the worker ended before it began."""
        until = time.monotonic() + task.allowed
        memory = _Memory(process.pid, task.limits.memory)
        while not (ready := wait([channel, process.sentinel], timeout=min(_LOOK, max(0.0, until - time.monotonic())))):
            if time.monotonic() >= until - 0.01:
                break
            memory.look()
        if not ready:
            self._end()
            error = f"Đọc tệp quá {task.allowed:.0f} giây nên đã dừng{_where(task)}. {_LONGER}"
            return (Failure(task.path, error, Verdict.TIMED_OUT),)
        if channel in ready and _signalled(channel):
            self._under_way = None
            value = _value(task)
            self._files += 1
            if self._files >= _FILES_A_WORKER:
                self._end()
            return (value,)
        process.join(5)
        code = process.exitcode or 0
        self._end()
        if progress.last_reached(task.folder) is None:
            return None
        return (_crashed(task, code, memory.ran_out),)

    def _worker(self, outer: Future[Any]) -> tuple[Any, Connection]:
        """The worker, started when there is none alive; what it does from here on is for *outer*."""
        with self._lock:
            self._under_way = outer
            if self._process is not None and self._process.is_alive() and self._channel is not None:
                return self._process, self._channel
            self._kill()
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=_worker_main, args=(theirs, str(self.folder), *self._start), daemon=True
            )
            with _starting:
                process.start()
            theirs.close()
            self._process, self._channel, self._files = process, ours, 0
            if self._stopped:
                self._kill()
        # What starting takes, the imports above all, is not the file's time.
        if ours in wait([ours, process.sentinel], timeout=_START_SECONDS):
            _signalled(ours)
        return process, ours

    def _end(self) -> None:
        with self._lock:
            self._kill()

    def _kill(self) -> None:
        """Kill the worker with every child (tesseract) of its session, and what it left on disk."""
        process, self._process = self._process, None
        channel, self._channel = self._channel, None
        self._under_way = None
        if channel is not None and threading.current_thread() is self.thread:
            channel.close()
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()  # where it had no session of its own yet
        process.join(5)
        with suppress(ProcessLookupError, PermissionError):  # a child born meanwhile
            os.killpg(process.pid, signal.SIGKILL)
        worker_output.uproot(self.folder / f"{_SCRATCH}{process.pid}")


def _make(folder: Path) -> None:
    """*folder*, if what it is to lie in is there."""
    with suppress(OSError):
        if folder.parent.is_dir():
            folder.mkdir(exist_ok=True)


def _signalled(channel: Connection) -> bool:
    """Whether the worker said that it is done; the end of the channel is not."""
    try:
        return os.read(channel.fileno(), 1) != b""
    except OSError:
        return False


def _value(task: _Task) -> Any:
    """What the worker left: the value or the Failure."""
    try:
        said = worker_output.read(task.folder, _VALUE, 3 * task.limits.text_bytes + _BESIDE_TEXT)
        if said.count(b"[") + said.count(b"{") > _VALUE_PARTS:
            raise ValueError("too many parts")
        kind, value = json.loads(said.decode("utf-8", "surrogatepass"))
        del said
    except (OSError, ValueError, RecursionError, TypeError) as error:
        return Failure(
            task.path, f"Lỗi khi nhận kết quả đọc tệp ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR
        )
    if kind == "value":
        return value
    if not isinstance(value, list) or len(value) != 2:
        return Failure(task.path, "Lỗi khi nhận kết quả đọc tệp.", Verdict.PROGRAM_ERROR)
    told, verdict = (str(one) for one in value)
    return _out_of_memory(task) if verdict == Verdict.OUT_OF_MEMORY else Failure(task.path, told, Verdict.of(verdict))


def _out_of_memory(task: _Task) -> Failure:
    error = (
        f"Đọc tệp cần hơn {task.limits.memory // MEGABYTE} MB bộ nhớ nên đã dừng{_where(task)}. "
        "Hãy chia nhỏ tệp, hoặc tăng OCOP_FILE_MEMORY_MB nếu máy còn bộ nhớ."
    )
    return Failure(task.path, error, Verdict.OUT_OF_MEMORY)


#: Seconds between two looks at a worker's memory.
_LOOK = 0.1
#: How programs end that were refused memory and have no other way to say so (pdfium among them).
_GAVE_UP = frozenset({-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL})


class _Memory:
    """How near its limit of address space a worker came with one file."""

    def __init__(self, pid: int, limit: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._limit = limit
        self._first = self._most = self._now()

    def _now(self) -> int:
        with suppress(OSError, ValueError, IndexError):
            size = self._status.read_text(encoding="ascii", errors="replace").partition("VmSize:")[2]
            return int(size.split()[0]) * 1024
        return 0

    def look(self) -> None:
        self._most = max(self._most, self._now())

    @property
    def ran_out(self) -> bool:
        """Whether most of what was left at the beginning was taken up at some time."""
        return self._most - self._first > (self._limit - self._first) / 2


_LONGER = "Hãy chia nhỏ tệp, hoặc tăng OCOP_FILE_SECONDS rồi nạp lại."


def _where(task: _Task) -> str:
    seen = progress.last_reached(task.folder)
    if seen is None or not seen.page:
        return ""
    return f" ở trang {seen.page}/{seen.pages}" if seen.pages else f" ở trang {seen.page}"


def _crashed(task: _Task, exitcode: int, ran_out: bool) -> Failure:
    if exitcode in _GAVE_UP and ran_out:
        return _out_of_memory(task)
    where = _where(task)
    if exitcode == -signal.SIGXCPU:
        error = f"Đọc tệp quá {task.limits.cpu_seconds:.0f} giây CPU nên đã dừng{where}. {_LONGER}"
        return Failure(task.path, error, Verdict.TIMED_OUT)
    if exitcode == -signal.SIGKILL:
        error = (
            f"Tiến trình đọc tệp bị hệ thống dừng{where} (thường do hết bộ nhớ). "
            "Hãy chia nhỏ tệp hoặc giảm số tiến trình."
        )
        return Failure(task.path, error, Verdict.OUT_OF_MEMORY)
    cause = signal.Signals(-exitcode).name if exitcode < 0 else f"mã {exitcode}"
    error = f"Chương trình đọc bị sập vì tệp này{where} ({cause}). Tệp có thể hỏng; hãy lấy lại tệp gốc."
    return Failure(task.path, error, Verdict.DAMAGED)


def _rescued(value: Any, task: _Task) -> tuple[Any, _Task | None]:
    """(the outcome, no further task), or (that outcome, the task of another attempt for the pages done)."""
    failed = None
    if isinstance(value, Failure):
        failed = value.verdict
    elif isinstance(value, dict) and "error" in value:
        failed = value.get("verdict")
    if not isinstance(failed, str):
        return value, None
    first = task.failure if task.failure is not None else value
    if task.rescuer is None or task.attempt >= _ATTEMPTS or failed not in _RESCUED:
        return first, None
    told = isinstance(value, dict)  # by the reader itself, which goes on
    seen: Reached | None = progress.last_reached(task.folder)
    rescue = progress.rescue_after(failed, seen, task.rescue, told=told)
    if rescue is None:
        return first, None
    arguments = task.first or task.arguments
    log.info("%s: %s; đọc lại phần đã xong.", task.path, Verdict.of(failed).words)
    further = replace(
        task,
        arguments=task.rescuer(arguments, rescue),
        allowed=max(_RESCUE_SECONDS, task.allowed * _RESCUE_SHARE) if task.rescue is None else task.allowed,
        rescue=rescue,
        attempt=task.attempt + 1,
        first=arguments,
        failure=first,
    )
    return first, further


def _own_socket_folder() -> None:
    """Give multiprocessing a folder for its sockets that is known for ours, so that :func:`_sweep` finds it.

    It is not in the run's folder, for it serves all pools of this process and no worker may write in it.
    """
    settings = getattr(multiprocessing.current_process(), "_config", None)
    if isinstance(settings, dict) and settings.get("tempdir") is None:
        folder = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=_socket_place())
        settings["tempdir"] = folder
        # As late as multiprocessing removes a folder that it made itself.
        util.Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-100)


def _socket_place() -> str:
    """The temporary folder, or a shorter one where a socket's name (107 bytes) would not fit behind it."""
    usual = tempfile.gettempdir()
    others = [place for place in _SHORT_PLACES if os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK)]
    return usual if len(os.fsencode(usual)) <= _PLACE_BYTES or not others else others[0]


def _sweep() -> None:
    """Remove what supervisors that were killed outright have left in the temporary folders."""
    places = {tempfile.gettempdir(), _socket_place()}
    for folder in (found for place in places for found in Path(place).glob(f"{_FOLDER}*-*")):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if not owner.isdigit():
            continue
        try:
            os.kill(int(owner), 0)
        except ProcessLookupError:
            worker_output.remove(folder)
        except OSError:
            continue


# --- in the worker -----------------------------------------------------------------------------------------------


def _worker_main(channel: Connection, folder: str, limits: Limits, writable: list[str] | None) -> None:
    """A worker's life: one task after another until the supervisor ends it."""
    supervisor = multiprocessing.parent_process()
    _confine(limits, folder, writable, {channel.fileno(), *([supervisor.sentinel] if supervisor else [])})
    os.write(channel.fileno(), b".")
    while True:
        try:
            task, cpu_seconds, function, path, arguments = pickle.loads(channel.recv_bytes())
        except (EOFError, OSError):
            return
        _run(Path(task), cpu_seconds, function, path, arguments)
        os.write(channel.fileno(), b".")


def _confine(limits: Limits, folder: str, writable: list[str] | None, kept: set[int]) -> None:
    # Page images lie in the worker's own folder, which the supervisor removes when it has to kill the worker.
    own = Path(folder) / f"{_SCRATCH}{os.getpid()}"
    own.mkdir(exist_ok=True)
    tempfile.tempdir = str(own)
    os.setsid()  # a session of its own: killed as one, and Ctrl-C at the terminal is the supervisor's to handle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    limits_.use(limits)
    _let_go(kept)
    refused = sandbox.confine(limits, [] if writable is None else [Path(folder), *map(Path, writable)])
    if refused:
        with suppress(OSError):
            (Path(folder) / _REFUSED).write_text(json.dumps(refused), encoding="utf-8")
    threading.Thread(target=_end_when_orphaned, daemon=True).start()


def _let_go(kept: set[int]) -> None:
    """Pipes and sockets that came along lead to processes outside the sandbox: all but *kept* now lead nowhere.

    So does what the command prints on: what is said of a file comes back in its value alone.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the listing's own
            leads = os.readlink(f"/proc/self/fd/{name}")
            if int(name) > 2 and int(name) not in kept and leads.startswith(("pipe:", "socket:")):
                os.dup2(nowhere, int(name), inheritable=False)
    os.close(nowhere)


def _end_when_orphaned() -> None:
    """A supervisor killed outright cannot clean up; its workers end themselves and their children."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os.killpg(0, signal.SIGKILL)


def _run(folder: Path, cpu_seconds: float, function: Function, path: str, arguments: tuple[Any, ...]) -> None:
    """Leave ["value", it] or ["failure", [error, verdict]]: exceptions are told in words, never sent as objects."""
    progress.begin(folder)
    sandbox.allow_cpu(cpu_seconds)
    try:
        # Packed here, so that a value that cannot travel is this file's failure and not the worker's end.
        value = json.dumps(["value", function(path, *arguments)], ensure_ascii=False).encode("utf-8", "surrogatepass")
        (folder / _VALUE).write_bytes(value)
    except MemoryError:
        _leave(folder, "", Verdict.OUT_OF_MEMORY)  # the supervisor says at which page
    except Exception as error:
        _leave(folder, *_told(error))
    finally:
        progress.end()


def _leave(folder: Path, error: str, verdict: Verdict) -> None:
    value = json.dumps(["failure", [error, verdict]])
    (folder / _VALUE).write_bytes(value.encode())


def _told(error: Exception) -> tuple[str, Verdict]:
    """(what went wrong, its verdict)."""
    match error:
        case ReadFailure():
            return str(error), error.verdict
        case Refused():
            return str(error), Verdict.SECRET
        case MissingTool():
            return str(error), Verdict.MISSING_TOOL
        case OcopError():
            return str(error), Verdict.PROGRAM_ERROR
        case FileNotFoundError():
            return "Tệp biến mất trong lúc đọc. Hãy kiểm tra lại đường dẫn.", Verdict.NOT_OPENED
        case RecursionError():
            return "Tệp lồng nhau quá sâu nên không đọc được. Hãy lấy lại tệp gốc.", Verdict.DAMAGED
    return f"Lỗi chương trình khi đọc tệp ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR
