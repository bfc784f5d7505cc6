"""A library as its index sees it while documents come in: what will change again soon is left for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.indexed import Indexed
    from corpus.library.values import Change


class Settled:
    """The source of an index (:class:`search.source.Source`) that is brought up to date by :meth:`move_on`.

    A document that many others cite changes with each of them. It is indexed once they are through, not every time.
    """

    def __init__(self, view: LibraryView) -> None:
        self._view = view
        #: Changes up to this one are listed, and those up to the other one the next time.
        self._until = self._next = 0
        self._only_new = False
        #: The largest id that was listed before this time, and until now.
        self._known = self._largest = 0
        #: The change that the index stands at once it has taken in what was listed.
        self._reached = 0
        #: Document → its change, of those that were listed although they come after one that was left.
        self._ahead: dict[int, int] = {}

    def move_on(self, *, everything: bool, only_new: bool = False) -> None:
        """List what changed until the last call of this, or with *everything* all.

        only_new: leave documents that were there the last time and have changed lately (in the later half of what
        changed since). They count as not taken in.
        """
        self._until, self._next = self._next, self._view.sequence()
        if everything:
            self._until = self._next
        self._only_new, self._known = only_new, self._largest

    def forget(self) -> None:
        """What was listed may not have been indexed: list it again."""
        self._ahead.clear()

    def changes(self, since: int = 0) -> Sequence[Change]:
        """See :class:`search.source.Source`."""
        every = [change for change in self._view.changes(since) if change.seq <= self._until]
        if since < self._reached:  # it is made again
            self._ahead.clear()
            self._known = 0
        # The last one is listed in any case: the index moves on to it.
        found = [change for change in every[:-1] if self._ahead.get(change.id) != change.seq] + every[-1:]
        self._ahead = {id: seq for id, seq in self._ahead.items() if seq > since}
        left = self._left(found, since) if self._only_new else {}
        if left:
            place = min(left.values()) - 1
            found = [change for change in found if change.id not in left]
            self._ahead |= {change.id: change.seq for change in found if change.seq > place}
            found = [replace(change, seq=min(change.seq, place)) for change in found]
        self._largest = max((self._largest, *(change.id for change in found)))
        self._reached = found[-1].seq if found else since
        return found

    def _left(self, found: Sequence[Change], since: int) -> dict[int, int]:
        """Of those *found* the documents that are left, each with its change."""
        lately = (since + self._until) // 2
        return {change.id: change.seq for change in found if change.id <= self._known and change.seq > lately}

    def sequence(self) -> int:
        """See :class:`search.source.Source`."""
        return self._view.sequence()

    def forgotten(self) -> int:
        """See :class:`search.source.Source`."""
        return self._view.forgotten()

    def indexed(self, id: int) -> Indexed:
        """See :class:`search.source.Source`."""
        return self._view.indexed(id)

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """See :class:`search.source.Source`."""
        return self._view.indexed_some(ids)

    def shown(self, id: int) -> Indexed:
        """See :class:`search.source.Source`."""
        return self._view.shown(id)

    def shown_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """See :class:`search.source.Source`."""
        return self._view.shown_some(ids)
