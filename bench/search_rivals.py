"""What the search figures are compared with: tantivy-py alone, and SQLite FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from bench.timing import milliseconds, timed
from search.engine import TierPlan
from search.engines.tantivy import TantivyEngine, tantivy_document, tantivy_schema
from search.index.engine_document import EngineDocument
from search.language.tokens import exact_keys

#: Scored fields that FTS5 is given.
_FIELDS = ("exact", "syl", "title", "word")


@dataclass(slots=True)
class Queries:
    """The texts that are asked."""

    words: list[str]
    #: In quotation marks.
    phrases: list[str]


def tantivy_alone(
    engine: TantivyEngine,
    documents: list[EngineDocument],
    asked: Queries,
    plans: dict[str, list[TierPlan]],
    folder: Path,
) -> dict[str, Any]:
    """tantivy-py with the same fields and documents, and the same queries already compiled. plans: by query."""
    folder.mkdir()
    index = tantivy.Index(tantivy_schema(), path=str(folder))

    def build() -> None:
        writer = index.writer(128_000_000, 1)
        for document in documents:
            writer.add_document(tantivy_document(document))
        writer.commit()
        writer.wait_merging_threads()

    built, _ = timed(build)
    index.reload()
    searcher = index.searcher()
    ready = {text: engine.tier_queries(tiers) for text, tiers in plans.items()}

    def answer(text: str) -> list[Any]:
        ids: list[Any] = []
        for query in ready[text]:
            result = searcher.search(query, limit=max(10 - len(ids), 1))
            ids += searcher.fast_field_values("doc_id", [address for _, address in result.hits])
        return ids

    return {
        "documents_a_second": round(len(documents) / built),
        "and": milliseconds(answer, asked.words),
        "phrase": milliseconds(answer, asked.phrases),
    }


def fts5(documents: Sequence[EngineDocument], asked: Queries, folder: Path) -> dict[str, Any]:
    """SQLite FTS5 with the same tokens: the exact reading of each query only, ranked by its own BM25."""
    path = folder / "fts5.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:

        def build() -> None:
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO t(rowid, exact, syl, title, word) VALUES (?, ?, ?, ?, ?)",
                ((d.id, *(" ".join(d.text.get(field, ())) for field in _FIELDS)) for d in documents),
            )
            connection.execute("COMMIT")

        def answer(text: str) -> list[Any]:
            keys = exact_keys(text)
            if text.startswith('"'):
                match = 'exact : "' + " ".join(keys) + '"'
            else:
                match = " AND ".join(f'exact : "{key}"' for key in keys)
            return connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (match,)).fetchall()

        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute(
            "CREATE VIRTUAL TABLE t USING fts5(exact, syl, title, word, content='', "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
        )
        built, _ = timed(build)
        return {
            "documents_a_second": round(len(documents) / built),
            "bytes": path.stat().st_size,
            "and": milliseconds(answer, asked.words),
            "phrase": milliseconds(answer, asked.phrases),
        }
