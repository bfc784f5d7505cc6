"""Documents that are read again in the background, one at a time, as people on the pages asked."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.errors import OcopError
from webui.app.document_reader import pool_of
from webui.app.rereading import reread

if TYPE_CHECKING:
    from corpus.library import Library
    from search.searcher import Search
    from webui.app.settings import Settings

log = logging.getLogger("webui")

#: Documents whose outcome can still be seen.
KEPT = 100


@dataclass(slots=True)
class Rereading:
    """One document that is, or was, read again."""

    done: bool = False
    #: Why it was not, in Vietnamese.
    error: str = ""
    #: Field → ``{"before", "after"}``.
    changed: dict[str, Any] = field(default_factory=dict)


class Rereadings:
    """Reads in a thread of its own; a server that ends leaves the documents as they were."""

    def __init__(self, library: Library, search: Search, settings: Settings) -> None:
        self._library = library
        self._search = search
        self._settings = settings
        self._known: OrderedDict[int, Rereading] = OrderedDict()
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "reread")

    def of(self, id: int) -> Rereading | None:
        """What became of the last reading of a document; None where nobody asked for one of late."""
        return self._known.get(id)

    def add(self, id: int, mode: str) -> None:
        """Read a document again in a mode of :data:`webui.app.rereading.MODES`, unless that is under way."""
        with self._lock:
            known = self._known.get(id)
            if known is not None and not known.done:
                return
            one = self._known[id] = Rereading()
            self._known.move_to_end(id)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._thread.submit(self._read, id, mode, one)

    def _read(self, id: int, mode: str, one: Rereading) -> None:
        try:
            with pool_of(self._settings, jobs=1) as pool:
                one.changed = reread(self._library, id, mode, self._settings, pool)["changed"]
            self._search.catch_up()
        except OcopError as error:
            one.error = str(error)
        except Exception as error:  # the thread must live on for the next document
            log.exception("reading document %d again", id)
            one.error = f"Lỗi chương trình ({type(error).__name__}). Hãy báo người quản trị."
        finally:
            one.done = True

    def close(self) -> None:
        """Wait for the document that is being read; those that wait are not read."""
        self._thread.shutdown(cancel_futures=True)
