"""The library as one visitor may see it: papers of restricted circulation only for the signed-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from corpus.errors import VERDICT_WORDS
from corpus.library.indexed import Indexed
from corpus.library.store import Library
from corpus.library.values import (
    Change,
    Document,
    Edge,
    Failed,
    Mention,
    Status,
    Summary,
)


class Reader:
    """The reading half of a :class:`corpus.library.store.Library`. restricted: show papers of restricted circulation too."""

    def __init__(self, library: Library, *, restricted: bool = False) -> None:
        self.library = library
        self.restricted = restricted

    @property
    def folder(self) -> Path:
        return self.library.folder

    def sequence(self) -> int:
        return self.library.sequence()

    def forgotten(self) -> int:
        return self.library.forgotten()

    def original(self, sha256: str) -> Path:
        return self.library.original(sha256)

    def where(self, id: int) -> int:
        return self.library.where(id)

    def document(self, id: int) -> Document:
        return self.library.document(id, include_restricted=self.restricted)

    def summary(self, id: int) -> Summary:
        return self.library.summary(id, include_restricted=self.restricted)

    def summaries(self, ids: Iterable[int]) -> dict[int, Summary]:
        return self.library.summaries(ids, include_restricted=self.restricted)

    def documents(self, *, held: bool | None = True) -> list[Summary]:
        return self.library.documents(held=held, include_restricted=self.restricted)

    def find(self, said: str) -> list[Summary]:
        return self.library.find(said, include_restricted=self.restricted)

    def mentions(self, id: int) -> list[Mention]:
        return self.library.mentions(id, include_restricted=self.restricted)

    def cites(self, id: int) -> list[Edge]:
        return self.library.cites(id, include_restricted=self.restricted)

    def cited_by(self, id: int) -> list[Edge]:
        return self.library.cited_by(id, include_restricted=self.restricted)

    def cited_from(self, id: int, sources: Sequence[int]) -> list[Edge]:
        return self.library.cited_from(id, sources, include_restricted=self.restricted)

    def failures(self) -> list[Failed]:
        """What could not be read. A file that was not read may be a restricted paper: its name is for the signed-in."""
        found = self.library.failures()
        if self.restricted:
            return found
        return sorted((_nameless(f) for f in found), key=lambda f: (f.verdict, f.error))

    def status(self) -> Status:
        return self.library.status(include_restricted=self.restricted)

    def changes(self, since: int = 0) -> Sequence[Change]:
        """For an index of what this visitor may see."""
        return self.library.changes(since, include_restricted=self.restricted)

    def indexed(self, id: int) -> Indexed:
        return self.library.indexed(id, include_restricted=self.restricted)

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        return self.library.indexed_some(ids, include_restricted=self.restricted)


def _nameless(failed: Failed) -> Failed:
    """Why a file was not read, and nothing else: what a fault of the program says may quote the file."""
    name = PurePath(failed.path).name
    if failed.verdict == "loi" or (name and name in failed.error):
        words = VERDICT_WORDS.get(failed.verdict, VERDICT_WORDS["loi"])
        return Failed("", "", f"Không đọc được: {words}.", failed.verdict)
    return Failed("", "", failed.error, failed.verdict)


#: What shapes and tracings need: both have the methods they call.
Readable = Library | Reader
