"""What is sent to a worker: one file, the function that reads it, and how long it may take."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.model import Failure
from ingest.limits import Limits
from ingest.worker.rescue import Rescue

#: A worker's function: takes the file's path and further arguments, returns JSON data.
Function = Callable[..., Any]

#: Gives the arguments of a further attempt from those of the first and what the attempt leaves out.
Rescuer = Callable[[tuple[Any, ...], Rescue], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Task:
    """One attempt at one file."""

    #: What the caller waits for.
    outer: Future[Any]
    function: Function
    path: str
    arguments: tuple[Any, ...]
    #: Seconds of wall time allowed.
    allowed: float
    limits: Limits
    #: Where the worker leaves its progress and its value, inside the worker's own folder.
    folder: Path
    rescuer: Rescuer | None
    #: What this attempt leaves out; None in the first one.
    rescue: Rescue | None = None
    #: Which attempt this is, from 1.
    attempt: int = 1
    #: The arguments of the first attempt.
    first_arguments: tuple[Any, ...] = ()
    #: How the first attempt failed: a Failure, or the reader's own failure as JSON data.
    first_failure: Failure | dict[str, Any] | None = None
