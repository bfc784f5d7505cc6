"""Answers of one process while another commits documents into the same index."""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import articles
from bench.timing import percentiles
from corpus.errors import NotFound
from corpus.library.indexed import Indexed
from search.request import SearchRequest
from search.searcher import Search

SEED = 919
#: Seconds between two questions.
_PAUSE = 0.005


@dataclass(frozen=True, slots=True)
class _Change:
    seq: int
    id: int
    kind: str


class _GrowingSource:
    """Documents of which the first *known* are there; see :class:`search.source.Source`."""

    def __init__(self, documents: list[Indexed], known: int) -> None:
        self._documents = documents
        self.known = known

    def sequence(self) -> int:
        return self.known

    def forgotten(self) -> int:
        return 0

    def changes(self, since: int = 0) -> list[_Change]:
        return [_Change(number, number, "put") for number in range(since + 1, self.known + 1)]

    def indexed(self, id: int) -> Indexed:
        if not 0 < id <= len(self._documents):
            raise NotFound("không có", "")
        return self._documents[id - 1]

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        return {id: self._documents[id - 1] for id in ids if 0 < id <= len(self._documents)}

    shown, shown_some = indexed, indexed_some


def _write(folder: Path, count: int, batch: int) -> None:
    """Commits *count* further documents, *batch* at a time; runs in a process of its own."""
    source = _GrowingSource(articles.documents(count * 2), count)
    with closing(Search(folder, source)) as search:
        while source.known < count * 2:
            source.known = min(source.known + batch, count * 2)
            search.catch_up()


def measure(engine: str, count: int, queries: Sequence[str]) -> dict[str, Any]:
    """Answers over *count* documents while *count* more are committed in ten commits."""
    documents = articles.documents(count * 2)
    spent: list[float] = []
    errors = 0
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with closing(Search(folder, _GrowingSource(documents, count), engine)) as search:
            search.catch_up()
            writer = multiprocessing.get_context("spawn").Process(target=_write, args=(folder, count, count // 10))
            writer.start()
            while writer.is_alive():
                began = time.perf_counter()
                try:
                    search.search(SearchRequest(chance.choice(queries), facets=False, snippets=0))
                except Exception as error:  # any error counts
                    errors += 1
                    print(f"  {type(error).__name__}: {error}")
                spent.append((time.perf_counter() - began) * 1_000)
                time.sleep(_PAUSE)
            writer.join()
            indexed = search.state()["documents"]
    return {"answers": len(spent), "errors": errors, "documents": indexed, **percentiles(spent)}
