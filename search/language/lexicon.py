"""The words of the library as a model: restores diacritics, corrects spelling, completes what is being typed.

A bigram model over exact syllables (:mod:`search.language.tokens`), counted from each document once, when it is first
indexed; one SQLite file beside the engine's files, made again with them. The idea: in the library's own texts a model
that restores diacritics finds 0.97 of what the accented query finds, ignoring diacritics 0.74 (``python -m
bench.accents``).
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import OSA

from corpus.library.indexed import Indexed
from search.language import completions, spelling
from search.language.completions import Completion
from search.language.diacritics import Bigrams, best_path
from search.language.tokens import Token, folded_key

#: Readings of an unmarked syllable that are tried (Vietnamese has some thirty at most).
MAX_READINGS = 40
#: Pairs seen once are dropped when a model has more pairs than this: most are slips, and most of the file.
_MANY_PAIRS = 500_000
#: Pairs that one query looks up.
_PAIRS_AT_ONCE = 400
#: A text with a smaller share of marked syllables was typed without diacritics and is not counted.
_MIN_MARKED_SHARE = 0.15
#: Syllables one edit away that are tried.
_MOST_NEAR = 8

_SCHEMA = """
CREATE TABLE IF NOT EXISTS syllable
    (exact TEXT PRIMARY KEY, folded TEXT NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS syllable_folded ON syllable (folded);
CREATE TABLE IF NOT EXISTS pair
    (first TEXT, second TEXT, times INTEGER NOT NULL, PRIMARY KEY (first, second)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counted (id INTEGER PRIMARY KEY);
"""


class Lexicon:
    """The model in a file, which is made when it is not there. May be used by many threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._total = 0
        self._vocabulary: dict[int, list[tuple[str, int]]] | None = None
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA + completions.SCHEMA)

    def close(self) -> None:
        """Releases the file."""
        with self._lock:
            self._connection.close()

    def is_sound(self) -> bool:
        """Whether the file is undamaged; reads all of it."""
        with self._lock:
            return bool(self._connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))

    # Learning

    def learn(self, documents: Iterable[tuple[Indexed, Sequence[str]]], gone: Sequence[int] = ()) -> None:
        """Takes in documents with the exact keys of their syllables; *gone* are ids removed.

        Each document is counted once, however often it comes; counts stay until the model is made again. Completions
        follow a document's last state and go with it.
        """
        singles: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        listed: list[Indexed] = []
        fresh: list[int] = []
        with self._lock:
            for found, syllables in documents:
                listed.append(replace(found, text="", page_starts=[]))
                if self._connection.execute("SELECT 1 FROM counted WHERE id = ?", (found.id,)).fetchone():
                    continue
                if found.held:
                    fresh.append(found.id)
                own = Counter(syllables)
                if _is_marked(own):
                    singles.update(own)
                    pairs.update(pairwise(syllables))
            run = self._connection
            run.execute("BEGIN IMMEDIATE")
            try:
                completions.replace(run, listed, gone)
                run.executemany(
                    "INSERT INTO syllable VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
                    [(s, folded_key(s), times) for s, times in singles.items() if s.isalpha()],
                )
                run.executemany(
                    "INSERT INTO pair VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
                    [(a, b, times) for (a, b), times in pairs.items() if a.isalpha() and b.isalpha()],
                )
                run.executemany("INSERT OR IGNORE INTO counted VALUES (?)", [(id_,) for id_ in fresh])
                run.execute("COMMIT")
            except BaseException:
                run.execute("ROLLBACK")
                raise
            self._total, self._vocabulary = 0, None

    def prune(self) -> None:
        """Drops the pairs seen once from a large model, and empties SQLite's log into the file."""
        with self._lock:
            (count,) = self._connection.execute("SELECT count(*) FROM pair").fetchone()
            if count > _MANY_PAIRS:
                self._connection.execute("DELETE FROM pair WHERE times = 1")
                self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # Diacritics

    def restore(self, typed: list[Token]) -> list[str] | None:
        """The likeliest exact keys of *typed*; syllables typed with diacritics stay. None where nothing changes.

        In a query that has some diacritics, an unmarked syllable is changed only where the model is sure.
        """
        if not any(not token.marked and token.folded.isalpha() for token in typed):
            return None
        with self._lock:
            readings = [self._readings(token) for token in typed]
            if all(len(own) == 1 for own in readings):
                best = [next(iter(own)) for own in readings]
            else:
                best = best_path(typed, readings, Bigrams(self._syllables_counted(), self._pairs))
        return best if best != [token.exact for token in typed] else None

    def _readings(self, token: Token) -> dict[str, int]:
        """The exact keys that fold to what was typed → times seen."""
        if token.marked or not token.folded.isalpha():
            return {token.exact: 1}
        return self._readings_of(token.folded) or {token.exact: 1}

    def _readings_of(self, folded: str) -> dict[str, int]:
        """The exact keys of a folded one → times seen, most frequent first."""
        sql = "SELECT exact, times FROM syllable WHERE folded = ? ORDER BY times DESC LIMIT ?"
        return dict(self._connection.execute(sql, (folded, MAX_READINGS)).fetchall())

    def _syllables_counted(self) -> int:
        if not self._total:
            (total,) = self._connection.execute("SELECT coalesce(sum(times), 0) FROM syllable").fetchone()
            self._total = max(int(total), 1)
        return self._total

    def _pairs(self, first: list[str], second: list[str]) -> dict[tuple[str, str], int]:
        """Times each of *first* was seen just before each of *second*."""
        marks = ",".join("?" * len(first)), ",".join("?" * len(second))
        sql = f"SELECT first, second, times FROM pair WHERE first IN ({marks[0]}) AND second IN ({marks[1]})"
        return {(a, b): times for a, b, times in self._connection.execute(sql, [*first, *second]).fetchall()}

    def pair_times(self, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """How often each pair of exact keys was seen; those never seen are left out."""
        found: dict[tuple[str, str], int] = {}
        with self._lock:
            for at in range(0, len(pairs), _PAIRS_AT_ONCE):
                part = pairs[at : at + _PAIRS_AT_ONCE]
                asked_for = ",".join(["(?, ?)"] * len(part))
                sql = (
                    f"WITH asked (one, other) AS (VALUES {asked_for})"
                    " SELECT first, second, times FROM asked JOIN pair ON first = one AND second = other"
                )
                asked = [key for pair in part for key in pair]
                found |= {(a, b): int(times) for a, b, times in self._connection.execute(sql, asked)}
        return found

    # Spelling

    def corrected(self, text: str) -> str | None:
        """*text* with wrong syllables corrected and diacritics restored (:mod:`search.language.spelling`).

        None where there is nothing better.
        """
        with self._lock:
            bigrams = Bigrams(self._syllables_counted(), self._pairs)
            return spelling.corrected(spelling.SpellingModel(self._readings_of, self._near, bigrams), text)

    def _near(self, folded: str) -> list[str]:
        """The folded syllables one edit away, most frequent first."""
        found = [
            (-times, other)
            for length in range(len(folded) - 1, len(folded) + 2)
            for other, times in self._syllables_by_length().get(length, ())
            if other != folded and OSA.distance(folded, other, score_cutoff=1) <= 1
        ]
        return [other for _, other in sorted(found)[:_MOST_NEAR]]

    def _syllables_by_length(self) -> dict[int, list[tuple[str, int]]]:
        """Length → the folded syllables of that length with the times they were seen."""
        if self._vocabulary is None:
            self._vocabulary = {}
            for folded, times in self._connection.execute("SELECT folded, sum(times) FROM syllable GROUP BY folded"):
                self._vocabulary.setdefault(len(folded), []).append((folded, times))
        return self._vocabulary

    # Completions

    def complete(self, typed: str, limit: int) -> list[Completion]:
        """What may be meant by *typed* (:mod:`search.language.completions`)."""
        with self._lock:
            return completions.complete(self._connection, typed, limit)


def _is_marked(syllables: Counter[str]) -> bool:
    """Whether a text of these syllables is written with diacritics."""
    marked = sum(times for syllable, times in syllables.items() if folded_key(syllable) != syllable)
    return marked >= _MIN_MARKED_SHARE * syllables.total()
