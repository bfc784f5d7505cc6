"""How Whoosh stores an index: fields of ready tokens, packed positions, a codec without Whoosh's own field lengths.

The files hold Python pickles, so an index is opened only from a folder that :mod:`search.index.index_folder` trusts.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from itertools import accumulate
from operator import sub
from struct import Struct
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec

from search.engines.whoosh_postings import BLOCK, FieldWriter, OfField
from search.index.engine_document import EngineDocument
from search.index.index_fields import FOLDED_PAIR, KEYS, NUMBERS, PAIR, POSITIONS, SCORED, TEXT

#: Terms that pairs of syllables are spread over.
_BUCKETS = 4096
_BUCKET_NAMES = [f"{bucket:03x}" for bucket in range(_BUCKETS)]
#: Bytes of a pair's digest.
_DIGEST = 5
#: How often a pair occurs, as a byte.
_TIMES = [bytes((times,)) for times in range(256)]
#: Tokens of a text from which on arrays take less time than lists.
_MANY = 200
#: Gaps between positions in one, two and four bytes: type codes of :mod:`array` and NumPy.
_WIDTHS = ("B", "H", "I")
#: One position as :func:`_pack` writes it, by its width.
_BYTE, _TWO_BYTES = Struct("=cB"), Struct("=cH")
#: Pairs of syllables whose place is remembered; the common ones are in most documents.
_PLACES_KEPT = 100_000


class _WithoutPositions(formats.Format):  # type: ignore[misc]
    """Postings of one constant byte each: Whoosh loses empty values when it merges."""

    posting_size = 1


class _WithPositions(formats.Format):  # type: ignore[misc]
    """Postings whose value is the list of positions (see :func:`_pack`)."""

    posting_size = -1


class _Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a list of ready tokens."""

    def __init__(self, positions: bool) -> None:
        self.positions = positions
        super().__init__(_WithPositions() if positions else _WithoutPositions(), None)

    def add_to(self, postings: OfField, document: int, value: list[str]) -> tuple[int, int]:
        """Add the postings of a document; how many, and the bytes of their values."""
        if not self.positions:
            counts = Counter(value)
            for token, count in counts.items():
                postings[token] += (document, count, b"\0")
            return len(counts), 0
        found = 0
        for token, times, packed in _places_of_many(value) if len(value) >= _MANY else _places_of_few(value):
            postings[token] += (document, times, packed)
            found += 1
        return found, 2 * len(value)


def _places_of_few(tokens: list[str]) -> Iterator[tuple[str, int, bytes]]:
    """Each token, in order of appearance, with how often it occurs and its positions as :func:`_pack` writes them."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, token in enumerate(tokens):
        places[token].append(position)
    for token, found in places.items():
        yield token, len(found), _pack(found)


def _places_of_many(tokens: list[str]) -> Iterator[tuple[str, int, bytes]]:
    """The same in less time, where they are many."""
    import numpy as np  # not before a long text comes

    codes = {token: code for code, token in enumerate(dict.fromkeys(tokens))}
    small = len(codes) <= 1 << 16
    of_each = np.fromiter(map(codes.__getitem__, tokens), np.uint16 if small else np.uint32, len(tokens))
    positions = np.argsort(of_each, kind="stable").astype(np.uint32)  # those of a token side by side
    ends = np.cumsum(np.bincount(of_each))
    begins = np.concatenate(([0], ends[:-1]))
    gaps = np.diff(positions, prepend=np.uint32(0))
    gaps[begins] = positions[begins]
    bytes_of = {code: gaps.astype(code).tobytes() for code in _WIDTHS}
    narrow, wide = bytes_of["B"], bytes_of["H"]
    for token, begin, end, largest in zip(
        codes, begins.tolist(), ends.tolist(), np.maximum.reduceat(gaps, begins).tolist(), strict=True
    ):
        if largest < 1 << 8:
            yield token, end - begin, b"B" + narrow[begin:end]
        elif largest < 1 << 16:
            yield token, end - begin, b"H" + wide[2 * begin : 2 * end]
        else:
            yield token, end - begin, b"I" + bytes_of["I"][4 * begin : 4 * end]


class _Pairs(fields.FieldType):  # type: ignore[misc]
    """A field of pairs of syllables, stored in :data:`_BUCKETS` terms instead of one for each pair.

    Whoosh needs some 190 bytes for a term, and most pairs are in one or two documents. A posting's value is the
    documents' pairs of that bucket, each as its digest and the times it occurs.
    """

    positions = False

    def __init__(self) -> None:
        super().__init__(_WithPositions(), None)

    def add_to(self, postings: OfField, document: int, value: list[str]) -> tuple[int, int]:
        """Add the postings of a document, one for each bucket; how many, and the bytes of their values."""
        counts = Counter(value)
        found: dict[str, bytes] = {}
        for pair, count in counts.items():
            bucket, packed = _PLACES[pair]
            if count > 1:
                packed = packed[:_DIGEST] + _TIMES[count if count < 256 else 255]
            if bucket in found:
                found[bucket] += packed
            else:
                found[bucket] = packed
        for bucket, packed in found.items():
            postings[bucket] += (document, 1, packed)
        return len(found), len(counts) * (_DIGEST + 1)


class _Places(dict[str, tuple[str, bytes]]):
    """The bucket of each pair of syllables, and what is stored there of a pair that occurs once.

    That any two of a million pairs are alike in both has a chance of one in ten thousand.
    """

    def __missing__(self, pair: str) -> tuple[str, bytes]:
        found = blake2b(pair.encode(), digest_size=_DIGEST + 2).digest()
        made = _BUCKET_NAMES[(found[0] << 8 | found[1]) % _BUCKETS], found[2:] + _TIMES[1]
        if len(self) < _PLACES_KEPT:
            self[pair] = made
        return made


_PLACES = _Places()


def pair_place(pair: str) -> tuple[str, bytes]:
    """The bucket of a pair of syllables, and its digest there."""
    bucket, packed = _PLACES[pair]
    return bucket, packed[:_DIGEST]


def times_of_pair(value: bytes, digest: bytes) -> int:
    """How often a pair occurs, by the posting value of its bucket; 0 where it is not there."""
    at = value.find(digest)
    while at >= 0:
        if at % (_DIGEST + 1) == 0:
            return value[at + _DIGEST]
        at = value.find(digest, at + 1)
    return 0


def _pack(positions: list[int]) -> bytes:
    """Ascending positions as a type code of :mod:`array` and the gaps, in the least width that holds them."""
    if len(positions) == 1 and positions[0] < 1 << 16:  # as most are
        return _BYTE.pack(b"B", positions[0]) if positions[0] < 1 << 8 else _TWO_BYTES.pack(b"H", positions[0])
    gaps = [positions[0], *map(sub, positions[1:], positions)]
    largest = max(gaps)
    if largest < 1 << 8:
        return b"B" + bytes(gaps)
    code = "H" if largest < 1 << 16 else "I"
    return code.encode() + array(code, gaps).tobytes()


def unpack(value: bytes) -> list[int]:
    """The positions that a posting value of a field with positions holds."""
    code = chr(value[0])
    if code == "B":
        return list(accumulate(value[1:]))
    gaps = array(code)
    gaps.frombytes(value[1:])
    return list(accumulate(gaps))


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with our writer of postings."""

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        """A writer of *segment*; called by Whoosh."""
        return FieldWriter(self, storage, segment)


def codec() -> W3Codec:
    """Whoosh's codec without its own field lengths, for which it opens a file at every posting; ours are columns."""
    made = _Codec(blocklimit=BLOCK)
    made.length_stats = False
    return made


def schema() -> fields.Schema:
    """The fields of :mod:`search.index.index_fields` in Whoosh's terms, and a column for each scored field's length."""
    made = fields.Schema()
    for name in TEXT:
        made.add(name, _Pairs() if name in (PAIR, FOLDED_PAIR) else _Tokens(name in POSITIONS))
    for name in KEYS:
        made.add(name, _Tokens(False))
    for name in (*NUMBERS, *(length_column(name) for name in SCORED)):
        made.add(name, fields.COLUMN(columns.NumericColumn("q")))
    return made


def length_column(field: str) -> str:
    """The column that holds the length of a scored field."""
    return f"len_{field}"


def values(document: EngineDocument) -> dict[str, Any]:
    """A document in Whoosh's terms."""
    made: dict[str, Any] = {name: tokens for name, tokens in (document.text | document.keys).items() if tokens}
    made.update({name: number for name, number in document.numbers.items() if number})
    for name in SCORED:
        if document.text.get(name):
            made[length_column(name)] = len(document.text[name])
    return made
