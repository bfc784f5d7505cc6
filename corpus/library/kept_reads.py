"""What a thread has read in one moment of a library, so that nothing is read twice there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import RowMapping

from corpus.library.values import Document, Summary


@dataclass(slots=True)
class Kept:
    """Values by id. They are shared by all who read in the moment, and not to be changed."""

    summaries: dict[int, Summary] = field(default_factory=dict)
    documents: dict[int, Document] = field(default_factory=dict)
    #: Rows of ``nodes``, by the id that was asked for.
    rows: dict[int, RowMapping] = field(default_factory=dict)


class KeptReads:
    """What each thread keeps while it is :meth:`keeping`; outside of that nothing is kept."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """This thread keeps what it reads until the end."""
        before = getattr(self._of_thread, "kept", None)
        self._of_thread.kept = Kept()
        try:
            yield
        finally:
            self._of_thread.kept = before

    def kept(self) -> Kept:
        """What is kept, to read and to add to; empty outside of :meth:`keeping`."""
        found: Kept | None = getattr(self._of_thread, "kept", None)
        return found or Kept()
