"""Temporary folders of the supervisor and its workers, and the removal of those a killed supervisor left behind."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from contextlib import suppress
from multiprocessing import util
from pathlib import Path

from ingest.worker import worker_output

#: Names begin so: a run's folder in the system's temporary folder, and a worker's folder for its own temporary files.
RUN_PREFIX, SCRATCH_PREFIX = "ocop-workers-", "scratch-"
# A socket's name has at most 107 bytes. A temporary folder with a longer name than this leaves too few for our part of
# it, so sockets go to one of the short places.
_SHORT_PLACES, _PLACE_BYTES = ("/tmp", "/dev/shm"), 55


def make_if_parent_exists(folder: Path) -> None:
    """Create *folder* where its parent exists; otherwise do nothing."""
    with suppress(OSError):
        if folder.parent.is_dir():
            folder.mkdir(exist_ok=True)


def new_run_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for one run of this process, named so that :func:`remove_abandoned` recognises it."""
    return tempfile.TemporaryDirectory(prefix=f"{RUN_PREFIX}{os.getpid()}-")


def use_own_socket_folder() -> None:
    """Give multiprocessing a folder for its sockets that :func:`remove_abandoned` recognises.

    It is not inside the run's folder: it serves all pools of this process, and no worker may write in it.
    """
    settings = getattr(multiprocessing.current_process(), "_config", None)
    if isinstance(settings, dict) and settings.get("tempdir") is None:
        folder = tempfile.mkdtemp(prefix=f"{RUN_PREFIX}{os.getpid()}-", dir=_socket_place())
        settings["tempdir"] = folder
        # Removed as late as multiprocessing removes a folder that it made itself.
        util.Finalize(None, shutil.rmtree, args=(folder, True), exitpriority=-100)


def _socket_place() -> str:
    """The temporary folder, or a shorter one where a socket's name would not fit behind it."""
    usual = tempfile.gettempdir()
    others = [place for place in _SHORT_PLACES if os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK)]
    return usual if len(os.fsencode(usual)) <= _PLACE_BYTES or not others else others[0]


def remove_abandoned() -> None:
    """Remove the folders of supervisors that were killed outright."""
    places = {tempfile.gettempdir(), _socket_place()}
    for folder in (found for place in places for found in Path(place).glob(f"{RUN_PREFIX}*-*")):
        owner = folder.name.removeprefix(RUN_PREFIX).partition("-")[0]
        if not owner.isdigit():
            continue
        try:
            os.kill(int(owner), 0)
        except ProcessLookupError:
            worker_output.remove(folder)
        except OSError:
            continue
