"""Writes the postings of a Whoosh segment: what Whoosh's own writers make, term by term.

Whoosh gathers postings one by one, sorts them, and hands each through four methods that serve any kind of field. Ours
have no field lengths, spelling or vectors: postings are gathered by term, in the order of their documents, and a term
is written at once, which takes a fourth of the time. Whoosh itself reads what is written here.
"""

from __future__ import annotations

import heapq
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import md5
from itertools import groupby
from operator import itemgetter, sub
from pickle import dumps
from struct import Struct
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.writing import PostingPool, SegmentWriter

#: Postings of a block; large, because lists are read whole.
BLOCK = 1024
#: Blocks of fewer postings and bytes are not compressed: most terms have one such block, which zlib makes no smaller.
_LEAST_POSTINGS, _LEAST_BYTES = 16, 256
_COMPRESSION = 3
#: Pickles of bytes are small from the third protocol on; those of the fourth are for longer ones.
_PROTOCOL, _PROTOCOL_OF_MANY = 3, 4
#: Before a term in a file of postings: bytes of its field's name and of its text, and how many postings follow.
_SAVED = Struct("!HII")
#: What the pool of postings takes in memory for one, besides its strings.
_BYTES_OF_POSTING = 120
#: Descriptions of blocks that are remembered; those of one posting are often alike.
_ABOUTS_KEPT = 10_000

_FIELD_NUMBER = Struct("!H")
_BLOCK_LENGTH = Struct("!i")
#: Of a term: its hash, and where it is.
_HASHED = Struct("!Iq")
#: Terms that are written at once.
_WRITTEN_TOGETHER = 4096
#: Of a term and what is written of it.
_LENGTHS = Struct("!ii")
#: Of a term: 0 (it is in the file of postings), weight, documents, shortest and longest field, greatest weight, first
#: and last document; where its postings begin, and how many bytes they are.
_TERM = Struct("!BfIBBfIIqi")

#: The postings of a term, one after the other: document, times, value, document, times, value …
Flat = list[Any]
#: The postings of a field, by term.
OfField = defaultdict[str, Flat]
#: (field, term, postings)
_Term = tuple[str, str, Flat]


class TermPool(PostingPool):  # type: ignore[misc]
    """The postings of a segment until they are written, by field and term; more than fit in memory go to disk."""

    def __init__(self, storage: Any, segment: Any, limit: int) -> None:
        """limit: bytes in memory."""
        super().__init__(storage, segment)
        self.limit = limit
        self.fields: defaultdict[str, OfField] = defaultdict(lambda: defaultdict(list))
        #: Names of the files of what went to disk.
        self._parts: list[str] = []

    def grow(self, size: int) -> None:
        """So many bytes came in, by estimate: a full pool is emptied to disk."""
        self.currentsize += size
        if self.currentsize > self.limit:
            self.save()

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """One posting of a segment that is merged into this one; called by Whoosh, in order of documents for a term."""
        name, text, number, weight, value = posting
        self.fields[name][text.decode()] += (number, int(weight), value)
        self.grow(_BYTES_OF_POSTING + len(value))

    def save(self) -> None:
        """Empty the pool to a file."""
        self._parts.append(f"{len(self._parts)}.part")
        with self.tempstore.create_file(self._parts[-1]) as part:
            for term in self._in_memory():
                part.write(_packed(term))
        self.fields.clear()
        self.currentsize = 0

    def iter_postings(self) -> Iterator[_Term]:
        """All terms, in order; called by Whoosh."""
        parts = [self._saved(name) for name in self._parts]
        place = itemgetter(0, 1)
        for (name, text), same in groupby(heapq.merge(*parts, self._in_memory(), key=place), key=place):
            postings: Flat = []
            for _, _, own in same:
                postings += own
            yield name, text, postings

    def _in_memory(self) -> Iterator[_Term]:
        for name in sorted(self.fields):
            terms = self.fields[name]
            for text in sorted(terms):
                yield name, text, terms[text]

    def _saved(self, name: str) -> Iterator[_Term]:
        with self.tempstore.open_file(name) as part:
            while head := part.read(_SAVED.size):
                yield _unpacked(part, *_SAVED.unpack(head))


def _packed(term: _Term) -> bytes:
    """A term with its postings as bytes; :func:`_unpacked` makes it again."""
    name, text, flat = term
    field, word, values = name.encode(), text.encode(), flat[2::3]
    numbers = array("q", [*flat[::3], *flat[1::3], *map(len, values)])
    return b"".join([_SAVED.pack(len(field), len(word), len(values)), field, word, numbers.tobytes(), *values])


def _unpacked(part: Any, field: int, word: int, count: int) -> _Term:
    """The term whose bytes come next in *part*, behind their lengths and the number of its postings."""
    name, text = part.read(field).decode(), part.read(word).decode()
    numbers = array("q")
    numbers.frombytes(part.read(3 * count * numbers.itemsize))
    flat: Flat = [None] * (3 * count)
    flat[::3], flat[1::3] = numbers[:count], numbers[count : 2 * count]
    flat[2::3] = [part.read(length) for length in numbers[2 * count :]]
    return name, text, flat


class FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """The writer of a segment's terms and their postings."""

    def __init__(self, codec: Any, storage: Any, segment: Any) -> None:
        super().__init__(codec, storage, segment)
        file = self._tindex.dbfile
        file.seek(0)  # what was written there is written again
        self._tindex: Any = _TermIndex(file)
        self._fieldmap: dict[str, int] = {}
        self._tindex.extras["fieldmap"] = self._fieldmap

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[_Term]) -> None:
        """Write all postings, which come in order of field and term; called by Whoosh."""
        at, waiting = self._postfile.tell(), list[bytes]()
        for name, of_field in groupby(items, key=itemgetter(0)):
            self.start_field(name, schema[name])
            number = _FIELD_NUMBER.pack(self._fieldid)
            fixed = schema[name].format.posting_size > 0
            for _, text, flat in of_field:
                documents, times, values = flat[::3], flat[1::3], flat[2::3]
                written = _postings(documents, times, values, fixed=fixed)
                waiting.append(written)
                extent = (documents[0], documents[-1], at, len(written))
                info = _TERM.pack(0, sum(times), len(documents), 0, 0, max(times), *extent)
                self._tindex.add(number + text.encode(), info)
                at += len(written)
                if len(waiting) >= _WRITTEN_TOGETHER:
                    self._postfile.write(b"".join(waiting))
                    waiting.clear()
            self.finish_field()
        self._postfile.write(b"".join(waiting))


class _TermIndex(OrderedHashWriter):  # type: ignore[misc]
    """Writes what Whoosh's own class writes, many entries at once."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self._at = file.tell()
        self._waiting: list[bytes] = []

    def add(self, key: bytes, value: bytes) -> None:
        """Write a term, which comes behind those before it."""
        entry = b"".join((_LENGTHS.pack(len(key), len(value)), key, value))
        self._waiting.append(entry)
        hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:])
        self.buckets[hashed & 255].append((hashed, self._at))
        self.index.append(self._at)
        self._at += len(entry)
        if len(self._waiting) >= _WRITTEN_TOGETHER:
            self._write_waiting()

    def _write_waiting(self) -> None:
        self.dbfile.write(b"".join(self._waiting))
        self._waiting.clear()

    def _write_hashes(self) -> None:
        """Write the tables of hashes; called by Whoosh."""
        self._write_waiting()
        for entries in self.buckets:
            places = 2 * len(entries)
            self.directory.append((self._at, places))
            table = bytearray(places * _HASHED.size)
            taken = bytearray(places)
            for hashed, at in entries:
                place = (hashed >> 8) % places
                while taken[place]:
                    place = (place + 1) % places
                taken[place] = 1
                _HASHED.pack_into(table, place * _HASHED.size, hashed, at)
            self.dbfile.write(table)
            self._at += len(table)


def _postings(documents: Sequence[int], times: Sequence[int], values: Sequence[bytes], *, fixed: bool) -> bytes:
    """The postings of one term. fixed: all values are of one length."""
    if len(documents) == 1:
        lone = _lone_posting if fixed else _short_block
        return lone(documents[0], times[0], values[0], fixed=fixed)
    parts = [WHOOSH3_HEADER_MAGIC]
    for at in range(0, len(documents), BLOCK):
        own = slice(at, at + BLOCK)
        parts += _block(documents[own], times[own], values[own], fixed=fixed, last=at + BLOCK >= len(documents))
    return b"".join(parts)


def _block(
    documents: Sequence[int], times: Sequence[int], values: Sequence[bytes], *, fixed: bool, last: bool
) -> tuple[bytes, bytes, bytes]:
    """One block: its length (negative for the last one), what it is, and its postings."""
    most = max(times)
    gaps = (documents[0], *map(sub, documents[1:], documents))
    alike = most == min(times)
    weights = None if alike and most == 1 else float(most) if alike else tuple(map(float, times))
    data = dumps((gaps, weights, b"".join(values) if fixed else tuple(values)), _PROTOCOL_OF_MANY)
    small = len(documents) < _LEAST_POSTINGS and len(data) < _LEAST_BYTES
    compression = 0 if small else _COMPRESSION
    if compression:
        data = zlib.compress(data, compression)
    about = _about(len(documents), documents[-1], most, compression)
    length = len(about) + len(data)
    return _BLOCK_LENGTH.pack(-length if last else length), about, data


def _short_block(document: int, times: int, value: bytes, *, fixed: bool) -> bytes:
    """All that is written of a term with one posting: a block as :func:`_block` makes it."""
    data = dumps(((document,), None if times == 1 else float(times), value if fixed else (value,)), _PROTOCOL)
    about = _about(1, document, times, 0)
    return b"".join((WHOOSH3_HEADER_MAGIC, _BLOCK_LENGTH.pack(-len(about) - len(data)), about, data))


#: The same of fixed values: many terms of a document differ in nothing else.
_lone_posting = lru_cache(_ABOUTS_KEPT)(_short_block)


@lru_cache(_ABOUTS_KEPT)
def _about(postings: int, last: int, most: int, compression: int) -> bytes:
    """What a block is, for its reader."""
    return dumps((postings, last, float(most), compression, 0, 0), _PROTOCOL)


class DocumentWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer of a segment; what it is given has an index or a column, and no more."""

    def __init__(self, index: Any, *, codec: Any, limit: int) -> None:
        """limit: bytes of postings that are gathered in memory. Raises LockError."""
        super().__init__(index, codec=codec)
        self.pool = TermPool(self.temp_storage(), self.newsegment, limit)

    def add_document(self, **fields: Any) -> None:
        """Add one document; see :func:`search.engines.whoosh_format.values`."""
        columns, pool, number = self.perdocwriter, self.pool, self.docnum
        columns.start_doc(number)
        for name in sorted(fields):
            field, value = self.schema[name], fields[name]
            if field.indexed:
                postings, size = field.add_to(pool.fields[name], number, value)
                pool.grow(postings * _BYTES_OF_POSTING + size)
            if field.column_type:
                columns.add_column_value(name, field.column_type, field.to_column_value(value))
        columns.finish_doc()
        self._added = True
        self.docnum += 1
