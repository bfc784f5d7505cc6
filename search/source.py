"""What the search room asks of a library: its documents, and their changes (``corpus.library.view.LibraryView``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from corpus.errors import NotFound
from corpus.library.indexed import Indexed


class Change(Protocol):
    """One entry of the list of changes."""

    @property
    def seq(self) -> int:
        """Its number; greater than those before it."""

    @property
    def id(self) -> int:
        """The document's id."""

    @property
    def kind(self) -> str:
        """``put`` or ``delete``."""


class Source(Protocol):
    """A library as seen by one kind of reader: documents that are hidden from that reader never come out of it."""

    def sequence(self) -> int:
        """The number of the last change."""

    def forgotten(self) -> int:
        """The change at which a document was last erased for good; 0 if none ever was.

        Engines keep the words of deleted documents until they merge files, so an index older than this is made again.
        """

    def changes(self, since: int = 0) -> Sequence[Change]:
        """The documents changed after *since*, in order, each with its last change only."""

    def indexed(self, id: int) -> Indexed:
        """One document. Raises NotFound; a document merged into another gives the other."""

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """Several documents by id; those that are hidden, gone or merged are left out."""

    def shown(self, id: int) -> Indexed:
        """The document of :meth:`indexed`, which may lack its words and what it cites: results do not show them."""

    def shown_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """Several documents as :meth:`shown` gives them."""


def find(source: Source, id_: int) -> Indexed | None:
    """The document with exactly that id; None where it is gone, hidden, or merged into another."""
    try:
        found = source.indexed(id_)
    except NotFound:
        return None
    return found if found.id == id_ else None
