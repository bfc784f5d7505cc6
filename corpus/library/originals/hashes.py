"""The hashes by which originals are named."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.errors import LibraryDamaged

#: Tables of the database that hold hashes of files.
HASHED = ("records", "refused", "removed", "failures", "files", "containers")
_HASH = re.compile(r"[0-9a-f]{64}")


def is_hash(value: object) -> bool:
    """Whether *value* is a SHA-256 in lower-case hexadecimal; a path made of anything else leads anywhere."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def invalid_hashes(values: Iterable[object]) -> list[str]:
    """Those of *values* that are no hashes."""
    return [str(value) for value in values if not is_hash(value)]


def check_hash(sha256: str) -> None:
    """Raise LibraryDamaged for what is no hash."""
    if not is_hash(sha256):
        raise LibraryDamaged(
            f"Mã băm không hợp lệ: {sha256[:80]!r}.", "Hãy chạy `ocop doctor`, hoặc phục hồi từ bản sao lưu."
        )
