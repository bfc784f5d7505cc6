"""The words of a record's text, kept with it: segmenting takes longer than reading most files.

A worker that read a file segments its text too (:func:`corpus.segment.words`). The words hold for that text and that
version of the segmenter alone; :func:`text_key` names both, and words of another key are not used.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from importlib.metadata import version

from sqlalchemy import Connection, bindparam, delete, insert, select

from corpus.library.database import chunks
from corpus.library.schema import records, words

#: Characters of one word; longer ones are no words.
_LONGEST = 200
#: Bytes of the words of one text, unpacked.
_MOST_BYTES = 64 << 20


_FORMER = delete(words).where(words.c.sha256.in_(bindparam("hashes", expanding=True)))


@cache
def _segmenter() -> bytes:
    return version("underthesea").encode()[:64]


def text_key(text: str) -> str:
    """The key of a text and of the segmenter that is installed."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=_segmenter()).hexdigest()


def checked(found: object) -> list[str] | None:
    """*found*, which came from a worker, where it has the shape of words; else None."""
    if not isinstance(found, list):
        return None
    try:
        joined = "\n".join(found)
    except TypeError:
        return None
    sound = joined.count("\n") == max(len(found) - 1, 0) and max(map(len, found), default=0) <= _LONGEST
    return found if sound else None


def keep(connection: Connection, sha256: str, text: str, found: Sequence[str] | None) -> None:
    """Keep the words of the record *sha256* with that text. found: None where they are not known.

    Words that are kept of another text are removed.
    """
    keep_all(connection, [(sha256, text, found)])


def keep_all(connection: Connection, records: Iterable[tuple[str, str, Sequence[str] | None]]) -> None:
    """:func:`keep` for several records: (hash, text, words) of each."""
    made = []
    for sha256, text, found in records:
        key = text_key(text)
        if found is None:
            connection.execute(delete(words).where(words.c.sha256 == sha256, words.c.text_key != key))
        else:
            packed = zlib.compress("\n".join(found).encode("utf-8", "surrogatepass"), 1)
            made.append({"sha256": sha256, "text_key": key, "words": packed})
    for part in chunks(made):
        connection.execute(_FORMER, {"hashes": [row["sha256"] for row in part]})
        connection.execute(insert(words), part)


def of_nodes(connection: Connection, nodes: Sequence[int]) -> dict[int, tuple[str, bytes]]:
    """What is kept of the records of *nodes*: key and packed words."""
    found: dict[int, tuple[str, bytes]] = {}
    for part in chunks(nodes):
        own = words.c.sha256 == records.c.sha256
        query = select(records.c.node_id, words.c.text_key, words.c.words).join(words, own)
        for row in connection.execute(query.where(records.c.node_id.in_(part))):
            found[int(row.node_id)] = (row.text_key, row.words)
    return found


def unpacked(kept: tuple[str, bytes] | None, text: str) -> list[str] | None:
    """The words kept, where they are of *text* and of the segmenter that is installed; None otherwise."""
    if kept is None or kept[0] != text_key(text):
        return None
    try:
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(kept[1], _MOST_BYTES)
        if unpacker.unconsumed_tail:
            return None
        listed = plain.decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError):
        return None
    return listed.split("\n") if listed else []
