"""The index of one library, kept in step with its changes; :mod:`search.searcher` answers from it.

What only brings an index up to date imports this, and none of the language of queries.
"""

from __future__ import annotations

from pathlib import Path

from search.engine import EngineAddress
from search.engines import advice
from search.index.index_check import problems
from search.index.index_folder import IndexFolder
from search.index.indexer import Indexer, Progress
from search.index.open_index import OpenIndex
from search.source import Source


class KeptIndex:
    """The index of one library, for one kind of reader. May be used by many threads.

    library: the library's folder; the index is the folder ``index`` in it. source: its documents. engine: None for the
    engine the index was made with. address: of an engine on other machines.
    """

    def __init__(
        self, library: Path, source: Source, engine: str | None = None, address: EngineAddress | None = None
    ) -> None:
        #: The documents that are indexed.
        self.source = source
        #: The index's files, opened.
        self.index = OpenIndex(IndexFolder(Path(library) / "index"), engine, address)
        self._indexer = Indexer(self.index, source)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Takes in the library's changes; see :meth:`search.index.indexer.Indexer.catch_up`."""
        return self._indexer.catch_up(progress)

    def rebuild(self, engine: str | None = None, progress: Progress | None = None) -> int:
        """Makes the index again; see :meth:`search.index.indexer.Indexer.rebuild`."""
        return self._indexer.rebuild(engine, progress)

    def examine(self) -> list[str]:
        """What is wrong with the index, in Vietnamese; see :func:`search.index.index_check.problems`."""
        return problems(self.index, self.source)

    def state(self) -> dict[str, str | int | bool]:
        """Engine, documents, sequence, behind (changes not yet taken in), bytes and advice. Raises StaleIndex."""
        build = self.index.current()
        with self.index.reading():
            count, size = build.engine.count(), build.engine.size()
        return {
            "engine": build.engine.name,
            "documents": count,
            "sequence": build.stamp.sequence,
            "behind": self.source.sequence() - build.stamp.sequence,
            "bytes": size,
            "advice": advice(build.engine.name, count),
        }

    def close(self) -> None:
        """Releases the index's files."""
        self.index.close()
