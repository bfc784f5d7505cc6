"""Failures of a worker in words for the user: what happened, at which page, and what to do next."""

from __future__ import annotations

import signal

from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE
from ingest.worker import progress
from ingest.worker.task import Task

_MORE_TIME = "Hãy chia nhỏ tệp, hoặc tăng OCOP_FILE_SECONDS rồi nạp lại."
#: How programs end that were refused memory and cannot say so otherwise (pdfium among them).
_ABORTED = frozenset({-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL})


def timed_out(task: Task) -> Failure:
    """The file took more wall time than allowed."""
    error = f"Đọc tệp quá {task.allowed:.0f} giây nên đã dừng{_where(task)}. {_MORE_TIME}"
    return Failure(task.path, error, Verdict.TIMED_OUT)


def out_of_memory(task: Task) -> Failure:
    """The file needed more memory than allowed."""
    error = (
        f"Đọc tệp cần hơn {task.limits.memory // MEGABYTE} MB bộ nhớ nên đã dừng{_where(task)}. "
        "Hãy chia nhỏ tệp, hoặc tăng OCOP_FILE_MEMORY_MB nếu máy còn bộ nhớ."
    )
    return Failure(task.path, error, Verdict.OUT_OF_MEMORY)


def not_started(task: Task) -> Failure:
    """No worker could be started for the file."""
    return Failure(task.path, "Không khởi động được tiến trình đọc tệp. Hãy chạy lại.", Verdict.PROGRAM_ERROR)


def crashed(task: Task, exitcode: int, *, near_memory_limit: bool) -> Failure:
    """The worker ended with *exitcode* (negative: by that signal) before it was done."""
    where = _where(task)
    if exitcode in _ABORTED and near_memory_limit:
        return out_of_memory(task)
    if exitcode == -signal.SIGXCPU:
        error = f"Đọc tệp quá {task.limits.cpu_seconds:.0f} giây CPU nên đã dừng{where}. {_MORE_TIME}"
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


def _where(task: Task) -> str:
    reached = progress.last_reached(task.folder)
    if reached is None or not reached.page:
        return ""
    return f" ở trang {reached.page}/{reached.pages}" if reached.pages else f" ở trang {reached.page}"
