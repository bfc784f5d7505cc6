"""The files as they came, each under the hash of its content, wherever they are kept.

By default in the library's folder; with ``OCOP_ORIGINALS`` in a folder that several machines share, or in an object
store (S3 and what speaks its protocol). Everything else sees :class:`Originals` alone.
"""

from corpus.library.originals.hashes import HASHED, check_hash, invalid_hashes, is_hash
from corpus.library.originals.opening import originals_of
from corpus.library.originals.originals import STRAYS, Entry, Kept, Originals

__all__ = [
    "HASHED",
    "STRAYS",
    "Entry",
    "Kept",
    "Originals",
    "check_hash",
    "invalid_hashes",
    "is_hash",
    "originals_of",
]
