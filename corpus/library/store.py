"""Where the database and the originals of a library are: in its folder, or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the originals of a library."""

    #: ``postgresql://…``; None for ``library.db`` in the folder. It may hold a password, so it is never shown.
    url: str | None = field(default=None, repr=False)
    #: Seconds for which a command goes on trying to reach a server.
    reach_seconds: float = 60.0
    #: Of the originals: a folder that several machines share, or ``s3://bucket/prefix``; None for the library's folder.
    originals: str | None = None
    #: Bytes of the copies on this machine of originals that are in an object store.
    fetched_bytes: int = 2 << 30


#: In the library's folder.
HERE = Store()
