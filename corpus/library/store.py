"""Where the database of a library is: in its folder, or on a server."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Store:
    """The database of a library."""

    #: ``postgresql://…``; None for ``library.db`` in the folder. It may hold a password, so it is never shown.
    url: str | None = field(default=None, repr=False)
    #: Seconds for which a command goes on trying to reach a server.
    reach_seconds: float = 60.0


#: The file in the library's folder.
HERE = Store()
