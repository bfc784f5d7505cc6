"""Completions of what is being typed: numbers with their loại, titles, agencies; in the file of the lexicon.

First what begins as typed ("ke hoach 96", "96/kh", "96 ke hoach"), then documents that have a word beginning with each
syllable typed, in any order ("ocop thach dam"), the most cited first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from corpus.fold import fold, nfc, squeeze
from corpus.library.indexed import Indexed
from corpus.so_ky_hieu import code_of_type
from search.index.engine_document import agency_keys, issuer_label, year_of
from search.language import synonyms
from search.language.tokens import folded_keys

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (id INTEGER, kind TEXT, key TEXT, text TEXT, note TEXT, weight INTEGER);
CREATE INDEX IF NOT EXISTS entry_key ON entry (key);
CREATE INDEX IF NOT EXISTS entry_id ON entry (id);
CREATE TABLE IF NOT EXISTS document (id INTEGER PRIMARY KEY, kind TEXT, text TEXT, note TEXT, weight INTEGER);
CREATE VIRTUAL TABLE IF NOT EXISTS said USING fts5 (words, detail = none, prefix = '2 3');
"""

#: Words of a title or an agency at which a completion may begin.
_MAX_STARTS = 6
#: Characters of a completion's key.
_MAX_KEY = 48
#: The greatest character: ends the range of keys that share a beginning.
_LAST_CHARACTER = "\U0010ffff"
#: Documents with all syllables typed that are looked at, and syllables that count.
_MOST_FOUND, _MOST_TYPED = 200, 12

#: (document id, kind, key, text, note, weight) of a completion.
Entry = tuple[int, str, str, str, str, int]
#: (text, kind, note, document id)
Completion = tuple[str, str, str, int]


def completion_key(text: str) -> str:
    """The key by which beginnings are compared: folded, with single spaces, and without spaces in a số hiệu."""
    key = squeeze(fold(nfc(text)))
    if key[:1].isdigit():
        key = key.replace(" ", "")
    return key[:_MAX_KEY]


def replace(run: sqlite3.Connection, documents: Sequence[Indexed], gone: Sequence[int]) -> None:
    """Puts the completions of *documents* in place of those they had, and removes those of *gone*."""
    ids = [(id_,) for id_ in (*(one.id for one in documents), *gone)]
    run.executemany("DELETE FROM entry WHERE id = ?", ids)
    run.executemany("DELETE FROM document WHERE id = ?", ids)
    run.executemany("DELETE FROM said WHERE rowid = ?", ids)
    made = [entries(one) for one in documents]
    run.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", [entry for own in made for entry in own])
    shown = [entry for own in made if (entry := _shown_of_document(own))]
    run.executemany(
        "INSERT INTO document VALUES (?, ?, ?, ?, ?)",
        [(id_, kind, text, note, weight) for id_, kind, _, text, note, weight in shown],
    )
    said = {one.id: " ".join(_said(one)) for one in documents}
    run.executemany("INSERT INTO said (rowid, words) VALUES (?, ?)", list(said.items()))


def entries(found: Indexed) -> list[Entry]:
    """The completions of a document: its number, its title and its agency, from each of their first words on."""
    weight = found.cited_by + (2 if found.held else 0)
    made: list[Entry] = []
    label = issuer_label(found) or ""
    year = year_of(found)
    note = ", ".join(part for part in (label, str(year) if year else "") if part)
    if found.so_ky_hieu:
        for key in _number_keys(found):
            made.append((found.id, "so_hieu", completion_key(key), found.so_ky_hieu, note, weight))
    for kind, text in (("trich_yeu", found.title), ("co_quan", label)):
        if text:
            shown = squeeze(text)
            words = shown.split(" ")
            keys = {completion_key(" ".join(words[at:])) for at in range(min(len(words), _MAX_STARTS))}
            if kind == "trich_yeu" and found.doc_type:
                keys.add(completion_key(f"{found.doc_type} {shown}"))
            keys = {key for key in keys if key[:1].isalpha()}
            made.extend((found.id, kind, key, shown, "" if kind == "co_quan" else note, weight) for key in keys)
    return made


def _shown_of_document(made: Sequence[Entry]) -> Entry | None:
    """What is shown of a document that is found by its words: its title, or its number where it has none."""
    of_kind = {entry[1]: entry for entry in reversed(made)}
    return of_kind.get("trich_yeu") or of_kind.get("so_hieu")


def _number_keys(found: Indexed) -> list[str]:
    """The ways in which a number may be begun: alone, behind its loại or the loại's code, before its loại."""
    number = found.so_ky_hieu or ""
    if not found.doc_type:
        return [number]
    ways = [number, f"{found.doc_type} {number}"]
    code = code_of_type(found.doc_type)
    if code:
        ways.append(f"{code} {number}")
    if found.number:
        ways.append(f"{found.number} {found.doc_type}")
    return ways


def _said(found: Indexed) -> list[str]:
    """The syllables by which a document is found in any order: loại, number, title, agency, and their other ways."""
    syllables = folded_keys(" ".join(part for part in (found.doc_type, found.so_ky_hieu, found.title) if part))
    if found.issuer:
        _, abbreviated, in_full = agency_keys(found.issuer)
        syllables += [*abbreviated, *in_full]
    ways = (way for at in range(len(syllables)) for way in synonyms.longest_at(syllables, at)[1])
    return list(dict.fromkeys([*syllables, *(syllable for way in ways for syllable in way)]))


def complete(run: sqlite3.Connection, typed: str, limit: int) -> list[Completion]:
    """What may be meant by *typed*: what begins so, numbers first, then documents with all its syllables."""
    key = completion_key(_without_so(typed))
    if len(key) < 2:
        return []
    found = run.execute(
        "SELECT text, kind, note, min(id), max(weight) AS w FROM entry WHERE key >= ? AND key < ? "
        "GROUP BY text, kind, note ORDER BY kind = 'so_hieu' DESC, w DESC, text LIMIT ?",
        (key, key + _LAST_CHARACTER, limit),
    ).fetchall()
    if len(found) < limit:
        listed = {id_ for _, kind, _, id_, _ in found if kind != "co_quan"}
        found += [row for row in _having_all(run, typed, limit + len(listed)) if row[3] not in listed]
    return [(text, kind, note, int(id_)) for text, kind, note, id_, _ in found[:limit]]


def _having_all(run: sqlite3.Connection, typed: str, limit: int) -> list[tuple[str, str, str, int, int]]:
    """The documents that have a word beginning with each syllable typed: their titles, or numbers without one."""
    syllables = [key for key in folded_keys(typed)[:_MOST_TYPED] if key != "so"]
    if not syllables:
        return []
    asked = " ".join(f'"{syllable}" *' for syllable in syllables)
    return run.execute(
        "SELECT text, kind, note, id, weight FROM document "
        "WHERE id IN (SELECT rowid FROM said WHERE said MATCH ? LIMIT ?) ORDER BY weight DESC, id LIMIT ?",
        (asked, _MOST_FOUND, limit),
    ).fetchall()


def _without_so(typed: str) -> str:
    """``kế hoạch số 9`` → ``kế hoạch 9``: as the keys are written."""
    words = typed.split(" ")
    return " ".join(word for at, word in enumerate(words) if not (at and fold(word) == "so" and at + 1 < len(words)))
