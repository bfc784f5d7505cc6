"""What the library's own words teach: marks for a query typed without, a better spelling, and how a query may go on.

A bigram model over exact syllables, counted from each document once, when it is first indexed; kept in one SQLite file
beside the engine's and made anew with it. Source of the idea: marks restored by a model of the very texts searched find
0.97 of what the accented query finds, folding alone 0.74.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from corpus.fold import fold, nfc, squeeze
from corpus.library.indexed import Indexed
from search.document import issuer_label, year_of
from search.tokens import Token, folded_key, folded_keys, tokens

#: Readings of one unmarked syllable that are tried (Vietnamese has at most some thirty).
MAX_READINGS = 40
#: Weight of the plain frequency beside that of the pair.
_BACKOFF = 0.05
#: A text with fewer marked syllables than this was typed without marks and teaches nothing.
_MARKED_AT_LEAST = 0.15
#: How much likelier a reading must be before an unmarked syllable is changed in a query that has marks.
_KEEP_TYPED = math.log(8.0)
#: Words at which a title or an agency may begin to be typed, and letters of a key.
_STARTS, _KEY = 6, 48

_SCHEMA = """
CREATE TABLE IF NOT EXISTS syllable (exact TEXT PRIMARY KEY, folded TEXT NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS syllable_folded ON syllable (folded);
CREATE TABLE IF NOT EXISTS pair (first TEXT, second TEXT, times INTEGER NOT NULL, PRIMARY KEY (first, second)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counted (id INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS entry (id INTEGER, kind TEXT, key TEXT, text TEXT, note TEXT, weight INTEGER);
CREATE INDEX IF NOT EXISTS entry_key ON entry (key);
CREATE INDEX IF NOT EXISTS entry_id ON entry (id);
"""

_TELEX_TONES = dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_TELEX_LETTERS = (
    ("dd", "đ"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("aw", "ă"),
    ("uow", "ươ"),
    ("ow", "ơ"),
    ("uw", "ư"),
)


class Lexicon:
    """The model in a file, which is made when it is not there. Used by many threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=10, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._total = 0
        self._vocabulary: dict[int, list[tuple[str, int]]] | None = None
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def whole(self) -> bool:
        """Whether the file is sound: reads all of it."""
        with self._lock:
            return bool(self._connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))

    # Learning

    def learn(self, documents: Iterable[tuple[Indexed, Sequence[str]]], gone: Sequence[int] = ()) -> None:
        """Takes in documents with the exact keys of their syllables. Counts each document once, however often it comes.

        Suggestions of a document follow its last state; those of *gone* go. Counts stay until the model is made anew.
        """
        singles: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        entries: list[tuple[int, str, str, str, str, int]] = []
        ids: list[int] = []
        fresh: list[int] = []
        with self._lock:
            for found, syllables in documents:
                ids.append(found.id)
                entries.extend(_entries(found))
                if self._connection.execute("SELECT 1 FROM counted WHERE id = ?", (found.id,)).fetchone():
                    continue
                if found.held:
                    fresh.append(found.id)
                if _teaches(syllables):
                    singles.update(s for s in syllables if s.isalpha())
                    pairs.update(pair for pair in pairwise(syllables) if pair[0].isalpha() and pair[1].isalpha())
            run = self._connection
            run.execute("BEGIN IMMEDIATE")
            try:
                run.executemany("DELETE FROM entry WHERE id = ?", [(id_,) for id_ in (*ids, *gone)])
                run.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", entries)
                run.executemany(
                    "INSERT INTO syllable VALUES (?, ?, ?) ON CONFLICT (exact) DO UPDATE SET times = times + excluded.times",
                    [(s, folded_key(s), times) for s, times in singles.items()],
                )
                run.executemany(
                    "INSERT INTO pair VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
                    [(a, b, times) for (a, b), times in pairs.items()],
                )
                run.executemany("INSERT OR IGNORE INTO counted VALUES (?)", [(id_,) for id_ in fresh])
                run.execute("COMMIT")
            except BaseException:
                run.execute("ROLLBACK")
                raise
            self._total, self._vocabulary = 0, None

    def prune(self) -> None:
        """Drops pairs seen once, where there are very many: they are mostly slips, and most of the file. Ends the log."""
        with self._lock:
            (count,) = self._connection.execute("SELECT count(*) FROM pair").fetchone()
            if count > 500_000:
                self._connection.execute("DELETE FROM pair WHERE times = 1")
                self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _query(self, sql: str, values: Sequence[object]) -> list[tuple[str, str, int]]:
        return self._connection.execute(sql, tuple(values)).fetchall()

    # Marks

    def restore(self, typed: list[Token]) -> list[str] | None:
        """The likeliest exact keys of syllables typed without marks; marks given are kept. None where all stay.

        A query that has marks already is changed only where the model is sure.
        """
        if not any(not token.marked and token.folded.isalpha() for token in typed):
            return None
        with self._lock:
            readings = [self._readings(token) for token in typed]
            if all(len(own) == 1 for own in readings):
                best = [next(iter(own)) for own in readings]
            else:
                best = self._best_path(typed, readings)
        return best if best != [token.exact for token in typed] else None

    def _readings(self, token: Token) -> dict[str, int]:
        """Exact key → times seen, of all that fold to what was typed."""
        if token.marked or not token.folded.isalpha():
            return {token.exact: 1}
        found = self._connection.execute(
            "SELECT exact, times FROM syllable WHERE folded = ? ORDER BY times DESC LIMIT ?",
            (token.folded, MAX_READINGS),
        ).fetchall()
        return dict(found) or {token.exact: 1}

    def _best_path(self, typed: list[Token], readings: list[dict[str, int]]) -> list[str]:
        if not self._total:
            (total,) = self._connection.execute("SELECT coalesce(sum(times), 0) FROM syllable").fetchone()
            self._total = max(int(total), 1)
        keep = _KEEP_TYPED if any(token.marked for token in typed) else 0.0

        def alone(exact: str, times: int) -> float:
            return times / self._total

        def bonus(i: int, exact: str) -> float:
            return keep if exact == typed[i].exact else 0.0

        scores = {exact: math.log(alone(exact, times)) + bonus(0, exact) for exact, times in readings[0].items()}
        steps: list[dict[str, str]] = []
        for i in range(1, len(readings)):
            pairs = self._pairs(list(readings[i - 1]), list(readings[i]))
            after: dict[str, float] = {}
            step: dict[str, str] = {}
            for exact, times in readings[i].items():
                best, origin = -math.inf, ""
                for before, score in scores.items():
                    together = pairs.get((before, exact), 0) / max(readings[i - 1][before], 1)
                    likely = score + math.log((1 - _BACKOFF) * min(together, 1.0) + _BACKOFF * alone(exact, times))
                    if likely > best:
                        best, origin = likely, before
                after[exact], step[exact] = best + bonus(i, exact), origin
            scores = after
            steps.append(step)
        path = [max(scores, key=lambda exact: scores[exact])]
        for step in reversed(steps):
            path.append(step[path[-1]])
        return path[::-1]

    def _pairs(self, first: list[str], second: list[str]) -> dict[tuple[str, str], int]:
        marks = ",".join("?" * len(first)), ",".join("?" * len(second))
        sql = f"SELECT first, second, times FROM pair WHERE first IN ({marks[0]}) AND second IN ({marks[1]})"
        return {(a, b): times for a, b, times in self._query(sql, [*first, *second])}

    # Spelling

    def better(self, text: str) -> str | None:
        """*text* with syllables that no document has put right, marks restored; None where there is nothing better."""
        typed = tokens(text)
        changed: list[Token] = []
        hit = False
        with self._lock:
            for token in typed:
                corrected = self._corrected(token)
                hit = hit or corrected is not None
                changed.append(corrected or token)
        if not hit:
            return None
        restored = self.restore(changed) or [token.exact for token in changed]
        parts, at = [], 0
        for token, was, exact in zip(changed, typed, restored, strict=True):
            parts += [text[at : was.start], exact if exact != was.exact else text[was.start : was.end]]
            at = token.end
        return nfc("".join([*parts, text[at:]]))  # a lone mark may stand behind what was put right

    def _corrected(self, token: Token) -> Token | None:
        if not token.folded.isalpha() or len(token.folded) < 2:
            return None
        if self._connection.execute("SELECT 1 FROM syllable WHERE folded = ? LIMIT 1", (token.folded,)).fetchone():
            return None
        meant = telex(token.exact)
        if meant and self._connection.execute("SELECT 1 FROM syllable WHERE exact = ?", (meant,)).fetchone():
            return Token(meant, folded_key(meant), token.start, token.end)
        from search.engines.whoosh import edits

        if self._vocabulary is None:
            self._vocabulary = {}
            for folded, times in self._connection.execute("SELECT folded, sum(times) FROM syllable GROUP BY folded"):
                self._vocabulary.setdefault(len(folded), []).append((folded, times))
        near = [
            (edits(token.folded, folded, 1), -times, folded)
            for length in range(len(token.folded) - 1, len(token.folded) + 2)
            for folded, times in self._vocabulary.get(length, ())
        ]
        near = [found for found in near if found[0] <= 1]
        return Token(min(near)[2], min(near)[2], token.start, token.end) if near else None

    # Suggestions

    def suggest(self, typed: str, most: int) -> list[tuple[str, str, str, int]]:
        """(text, kind, note, id) of entries that go on from what is typed: numbers first, then by weight."""
        key = entry_key(typed)
        if len(key) < 2:
            return []
        with self._lock:
            found = self._connection.execute(
                "SELECT text, kind, note, min(id), max(weight) AS w FROM entry WHERE key >= ? AND key < ? "
                "GROUP BY text, kind, note ORDER BY kind = 'so_hieu' DESC, w DESC, text LIMIT ?",
                (key, key + "\U0010ffff", most),
            ).fetchall()
        return [(text, kind, note, int(id_)) for text, kind, note, id_, _ in found]


def entry_key(text: str) -> str:
    """How a beginning is compared: folded, single spaces, none around the marks of a số hiệu."""
    key = squeeze(fold(nfc(text)))
    if key[:1].isdigit():
        key = key.replace(" ", "")
    return key[:_KEY]


def _entries(found: Indexed) -> list[tuple[int, str, str, str, str, int]]:
    weight = found.cited_by + (2 if found.held else 0)
    made = []
    label = issuer_label(found) or ""
    year = year_of(found)
    note = ", ".join(part for part in (label, str(year) if year else "") if part)
    if found.so_ky_hieu:
        made.append((found.id, "so_hieu", entry_key(found.so_ky_hieu), found.so_ky_hieu, note, weight))
    for kind, text in (("trich_yeu", found.title), ("co_quan", label)):
        if text:
            words = squeeze(text).split(" ")
            keys = {entry_key(" ".join(words[at:])) for at in range(min(len(words), _STARTS))}
            keys = {key for key in keys if key[:1].isalpha()}
            shown = squeeze(text)
            made.extend((found.id, kind, key, shown, "" if kind == "co_quan" else note, weight) for key in keys)
    return made


def _teaches(syllables: Sequence[str]) -> bool:
    marked = sum(1 for s in syllables if folded_key(s) != s)
    return marked >= _MARKED_AT_LEAST * len(syllables)


def telex(typed: str) -> str | None:
    """``quyeets`` → ``quyết``: letters left over from a keyboard in Telex; None where there are none."""
    text, tone = typed.lower(), ""
    if len(text) > 2 and text[-1] in _TELEX_TONES:
        text, tone = text[:-1], _TELEX_TONES[text[-1]]
    for letters, meant in _TELEX_LETTERS:
        text = text.replace(letters, meant)
    if tone:
        place = _tone_place(text)
        if place is None:
            return None
        text = text[: place + 1] + tone + text[place + 1 :]
    text = nfc(text)
    return text if text != typed else None


def _tone_place(syllable: str) -> int | None:
    """The letter that carries the tone mark."""
    begin = 2 if syllable.startswith(("qu", "gi")) and len(syllable) > 2 and folded_keys(syllable[2:3]) else 0
    vowels = [i for i, char in enumerate(syllable) if i >= begin and fold(char) in "aeiouy"]
    if not vowels:
        return None
    hatted = [i for i in vowels if syllable[i] in "âêôăơư"]
    if hatted:
        return hatted[-1]
    if len(vowels) == 1 or (vowels[-1] == len(syllable) - 1 and len(vowels) == 2):
        return vowels[0]
    return vowels[1]
