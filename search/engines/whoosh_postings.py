"""Writes the postings of a Whoosh segment: the bytes that Whoosh's own writers make, term by term.

Whoosh hands each posting through four methods that serve any kind of field. Ours have no field lengths, spelling or
vectors, so that a term can be written at once, which takes half the time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter, sub
from pickle import dumps
from struct import Struct
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter
from whoosh.writing import SegmentWriter

#: Postings of a block; large, because lists are read whole.
BLOCK = 1024
#: Blocks of fewer postings and bytes are not compressed: most terms have one such block, which zlib makes no smaller.
_LEAST_POSTINGS, _LEAST_BYTES = 16, 128
_COMPRESSION = 3
_PICKLE_PROTOCOL = 2
#: What the pool of postings takes in memory for one, besides its strings; Whoosh's estimate.
_BYTES_OF_POSTING = 150

_FIELD_NUMBER = Struct("!H")
_BLOCK_LENGTH = Struct("!i")
#: Of a term: 0 (it is in the file of postings), weight, documents, shortest and longest field, greatest weight, first
#: and last document; where its postings begin, and how many bytes they are.
_TERM = Struct("!BfIBBfIIqi")

#: (field, term, document, weight, value)
_Posting = tuple[str, bytes, int, float, bytes]


class FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """The writer of a segment's terms and their postings."""

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[_Posting]) -> None:
        """Write all postings, which come in order of field, term and document; called by Whoosh."""
        at = self._postfile.tell()
        for name, of_field in groupby(items, key=itemgetter(0)):
            self.start_field(name, schema[name])
            number = _FIELD_NUMBER.pack(self._fieldid)
            fixed = schema[name].format.posting_size > 0
            for text, of_term in groupby(of_field, key=itemgetter(1)):
                _, _, documents, weights, values = zip(*of_term, strict=True)
                written = _postings(documents, weights, values, fixed=fixed)
                self._postfile.write(written)
                most = max(weights)
                extent = (documents[0], documents[-1], at, len(written))
                self._tindex.add(number + text, _TERM.pack(0, sum(weights), len(documents), 0, 0, most, *extent))
                at += len(written)
            self.finish_field()


def _postings(documents: Sequence[int], weights: Sequence[float], values: Sequence[bytes], *, fixed: bool) -> bytes:
    """The postings of one term. fixed: all values are of one length."""
    parts = [WHOOSH3_HEADER_MAGIC]
    for at in range(0, len(documents), BLOCK):
        own = slice(at, at + BLOCK)
        parts += _block(documents[own], weights[own], values[own], fixed=fixed, last=at + BLOCK >= len(documents))
    return b"".join(parts)


def _block(
    documents: Sequence[int], weights: Sequence[float], values: Sequence[bytes], *, fixed: bool, last: bool
) -> tuple[bytes, bytes, bytes]:
    """One block: its length (negative for the last one), what it is, and its postings."""
    most = max(weights)
    gaps = (documents[0], *map(sub, documents[1:], documents))
    alike = most == min(weights)
    kept_weights = None if alike and most == 1.0 else most if alike else tuple(weights)
    data = dumps((gaps, kept_weights, b"".join(values) if fixed else tuple(values)), _PICKLE_PROTOCOL)
    small = len(documents) < _LEAST_POSTINGS and sum(map(len, values)) < _LEAST_BYTES
    compression = 0 if small else _COMPRESSION
    if compression:
        data = zlib.compress(data, compression)
    about = dumps((len(documents), documents[-1], most, compression, 0, 0), _PICKLE_PROTOCOL)
    length = len(about) + len(data)
    return _BLOCK_LENGTH.pack(-length if last else length), about, data


class DocumentWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer of a segment; what it is given has an index or a column, and no more."""

    def add_document(self, **fields: Any) -> None:
        """Add one document; see :func:`search.engines.whoosh_format.values`."""
        columns, pool, number = self.perdocwriter, self.pool, self.docnum
        columns.start_doc(number)
        for name in sorted(fields):
            field, value = self.schema[name], fields[name]
            if field.indexed:
                made = [(name, text, number, weight, kept) for text, _, weight, kept in field.index(value)]
                pool.current += made
                pool.fieldnames.add(name)
                pool.currentsize += sum(len(text) * 2 + len(kept) + _BYTES_OF_POSTING for _, text, _, _, kept in made)
                if pool.currentsize > pool.limit:
                    pool.save()
            if field.column_type:
                columns.add_column_value(name, field.column_type, field.to_column_value(value))
        columns.finish_doc()
        self._added = True
        self.docnum += 1
