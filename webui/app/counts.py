"""The library's counts, kept until it changes: counting reads every citation, and the first page shows them."""

from __future__ import annotations

from corpus.library import Library, LibraryView
from corpus.library.values import Status


class Counts:
    """The last counts for each kind of visitor. Threads may share it: two that count at once get the same."""

    def __init__(self, library: Library) -> None:
        self._whole = library.view(restricted=True)
        self._status: dict[bool, Status] = {}
        #: The sequence at which it was asked whether a restricted document is held, and the answer.
        self._restricted = (-1, False)

    def status(self, reader: LibraryView) -> Status:
        """The present counts; ``failed`` may be older, as a failure does not change the library's sequence."""
        kept = self._status.get(reader.restricted)
        if kept is None or kept.sequence != self._whole.sequence():
            kept = self._status[reader.restricted] = reader.status()
        return kept

    def has_restricted(self) -> bool:
        """Whether a document of restricted circulation is held."""
        at, found = self._restricted
        now = self._whole.sequence()  # read first, so that a change meanwhile is counted next time
        if at != now:
            found = self._whole.has_restricted()
            self._restricted = (now, found)
        return found
