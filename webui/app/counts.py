"""The library's counts, remembered until it changes: counting walks every citation, and each visit of the first page asks."""

from __future__ import annotations

from corpus.library import Library, LibraryView
from corpus.library.values import Status


class Counts:
    """What was last counted, by what a visitor may see. Threads may share it: two that count at once count the same."""

    def __init__(self, library: Library) -> None:
        self._whole = library.view(restricted=True)
        self._status: dict[bool, Status] = {}
        self._restricted = (-1, False)

    def status(self, reader: LibraryView) -> Status:
        """The counts of documents and citations as of now; ``failed`` may be older, since a failure changes nothing."""
        kept = self._status.get(reader.restricted)
        if kept is None or kept.sequence != self._whole.sequence():
            kept = self._status[reader.restricted] = reader.status()
        return kept

    def has_restricted(self) -> bool:
        """Whether a paper of restricted circulation is held."""
        at, found = self._restricted
        now = self._whole.sequence()  # asked first: what comes in meanwhile is looked at again
        if at != now:
            found = self._whole.has_restricted()
            self._restricted = (now, found)
        return found
