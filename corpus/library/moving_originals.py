"""Copies a library's originals to another place. Those of the old place stay, for whoever deletes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select, union

from corpus.errors import DamagedOriginal, ReadFailure, UsageError
from corpus.library.library import Library
from corpus.library.originals import originals_of
from corpus.library.schema import containers, records, removed
from corpus.library.store import Store


@dataclass(slots=True)
class Copied:
    """What became of the originals."""

    #: How many are at the new place now.
    copied: int = 0
    #: Hashes of those that are gone or damaged at the old place.
    missing: tuple[str, ...] = ()


def copy_originals(
    folder: Path, source: Store, place: str | None, progress: Callable[[int, int], None] | None = None
) -> Copied:
    """Copy the originals of the library in *folder* from where *source* says to *place*, each checked by its hash.

    What is there already is not copied again, so that a run that was broken off goes on. progress: called with how
    many are dealt with and how many there are. Raises UsageError, OriginalsUnreachable, DiskFull, LibraryBusy and what
    opening a library raises.
    """
    if source.originals == place:
        raise UsageError("Tệp gốc đã ở nơi ấy rồi.", "Hãy kiểm tra --originals-to và OCOP_ORIGINALS.")
    made = Copied()
    with Library.open(folder, store=source) as library:
        wanted = union(select(records.c.sha256), select(removed.c.sha256), select(containers.c.sha256))
        with library.database.read() as connection:
            hashes = sorted(connection.execute(wanted).scalars())
        target = originals_of(folder, replace(source, originals=place))
        target.prepare(new=True)
        lost = []
        for number, sha256 in enumerate(hashes, 1):
            try:
                if not target.holds(sha256):
                    target.keep(sha256, library.originals.local(sha256))
                made.copied += 1
            except (FileNotFoundError, ReadFailure, DamagedOriginal):
                lost.append(sha256)
            if progress:
                progress(number, len(hashes))
        made.missing = tuple(lost)
    return made
