"""The process that workers fork off from; what they need is imported there once.

It imports little itself, so that this process can be started before anything else is imported.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from multiprocessing import forkserver
from typing import Any

from ingest.worker import folders
from ingest.worker.interrupts import kept_from_started

#: What each worker runs.
_CHILD = "ingest.worker.child"


def context_with(preload: Iterable[str]) -> Any:
    """multiprocessing's way to start workers, whose parent imports *preload* if it was not started before.

    Not fork: pdfium and the locks of the parent's threads would come along. Not spawn: each new worker would import
    everything again.
    """
    folders.use_own_socket_folder()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a second thread of a worker takes the core of another
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_CHILD, *preload])
    return context


def start(preload: Iterable[str]) -> None:
    """Begin to import *preload* in the process that workers fork off from, if it was not started before."""
    context_with(preload)
    with kept_from_started():
        forkserver.ensure_running()
