"""What came of a task: the value a worker left in its folder, and whether another attempt is worth while.

A worker may be controlled by the file it read. Its value is JSON of bounded size and complexity; nothing in it is run
or unpickled.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

from corpus.model import Failure
from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE
from ingest.worker import failures, progress, worker_output
from ingest.worker.rescue import rescue_after
from ingest.worker.task import Task

log = logging.getLogger("ingest")

#: The file in the task's folder in which a worker leaves its value.
VALUE_FILE = "value"
# A value holds a text at its limit (three bytes a letter), and this much besides.
_BESIDE_TEXT_BYTES = 64 * MEGABYTE
# Lists and objects in a value. Parsed, they take fifty times the bytes they are written in.
_MAX_PARTS = 2_000_000

#: Verdicts after which the pages done before are worth another attempt.
_RESCUED = frozenset({Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.DAMAGED})
_MAX_ATTEMPTS = 3
# A further attempt finds most of its work in the OCR cache: it gets this share of the time, and these seconds at least.
_RESCUE_SHARE, _RESCUE_SECONDS = 0.25, 5.0


def value_of(task: Task) -> Any:
    """What the worker left for *task*: the function's value, or a Failure."""
    try:
        written = worker_output.read(task.folder, VALUE_FILE, 3 * task.limits.text_bytes + _BESIDE_TEXT_BYTES)
        if written.count(b"[") + written.count(b"{") > _MAX_PARTS:
            raise ValueError("too many parts")
        kind, value = json.loads(written.decode("utf-8", "surrogatepass"))
        del written
    except (OSError, ValueError, RecursionError, TypeError) as error:
        return Failure(
            task.path, f"Lỗi khi nhận kết quả đọc tệp ({type(error).__name__}: {error}).", Verdict.PROGRAM_ERROR
        )
    if kind == "value":
        return value
    if not isinstance(value, list) or len(value) != 2:
        return Failure(task.path, "Lỗi khi nhận kết quả đọc tệp.", Verdict.PROGRAM_ERROR)
    message, verdict = (str(one) for one in value)
    if verdict == Verdict.OUT_OF_MEMORY:
        return failures.out_of_memory(task)
    return Failure(task.path, message, Verdict.of(verdict))


def next_attempt(value: Any, task: Task) -> tuple[Any, Task | None]:
    """The outcome so far, and the task of another attempt; None when *value* is final.

    After several attempts that failed, the outcome is how the first one failed.
    """
    verdict = _verdict_of(value)
    if verdict is None:
        return value, None
    first = task.first_failure if task.first_failure is not None else value
    if task.rescuer is None or task.attempt >= _MAX_ATTEMPTS or verdict not in _RESCUED:
        return first, None
    by_reader = isinstance(value, dict)
    rescue = rescue_after(verdict, progress.last_reached(task.folder), task.rescue, by_reader=by_reader)
    if rescue is None:
        return first, None
    arguments = task.first_arguments or task.arguments
    log.info("%s: %s; đọc lại phần đã xong.", task.path, verdict.words)
    further = replace(
        task,
        arguments=task.rescuer(arguments, rescue),
        allowed=max(_RESCUE_SECONDS, task.allowed * _RESCUE_SHARE) if task.rescue is None else task.allowed,
        rescue=rescue,
        attempt=task.attempt + 1,
        first_arguments=arguments,
        first_failure=first,
    )
    return first, further


def _verdict_of(value: Any) -> Verdict | None:
    """The verdict of a failure, whether the worker's or the reader's own; None for any other value."""
    if isinstance(value, Failure):
        return value.verdict
    verdict = value.get("verdict") if isinstance(value, dict) and "error" in value else None
    return Verdict.of(verdict) if isinstance(verdict, str) else None
