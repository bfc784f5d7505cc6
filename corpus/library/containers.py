"""Files that hold documents: archives, mail messages, envelopes of e-offices, PDFs with attachments.

Each document inside is held by itself, under the hash of its own bytes. Of the container the original is kept once, and
a list of what is inside, so that it is not opened again. A mail message or a PDF with attachments may be held as a
document too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, String, cast, delete, insert, select

from corpus.library import records as stored
from corpus.library.places import place
from corpus.library.schema import containers, files, records


@dataclass(frozen=True, slots=True)
class Contained:
    """A file inside a container."""

    sha256: str
    #: Its name in the container.
    inside: str


@dataclass(frozen=True, slots=True)
class Container:
    """A container whose documents were all dealt with."""

    sha256: str
    reader_version: str
    parts: tuple[Contained, ...]
    #: Where it was met, sorted.
    paths: tuple[str, ...] = ()


def keep(connection: Connection, container: Container) -> None:
    """Store what *container* holds, in place of what was known of it, and list its parts at all its places."""
    parts = sorted([part.inside, part.sha256] for part in container.parts)
    connection.execute(delete(containers).where(containers.c.sha256 == container.sha256))
    connection.execute(
        insert(containers).values(sha256=container.sha256, reader_version=container.reader_version, parts=parts)
    )
    for path in container.paths:
        stored.list_file(connection, container.sha256, path)
    for path in _paths(connection, container.sha256):
        list_parts(connection, container.parts, path)


def find(connection: Connection, sha256: str) -> Container | None:
    """The container of that content; None where that is none, or not dealt with."""
    return next(iter(_containers(connection, [sha256])), None)


def all_containers(connection: Connection) -> list[Container]:
    """Every container, by hash."""
    return _containers(connection, connection.execute(select(containers.c.sha256)).scalars())


def _containers(connection: Connection, hashes: Iterable[str]) -> list[Container]:
    found = []
    for sha256 in sorted(hashes):
        row = connection.execute(select(containers).where(containers.c.sha256 == sha256)).first()
        if row is not None:
            parts = tuple(Contained(part, inside) for inside, part in row.parts)
            found.append(Container(sha256, row.reader_version, parts, _paths(connection, sha256)))
    return found


def _paths(connection: Connection, sha256: str) -> tuple[str, ...]:
    query = select(files.c.path).where(files.c.sha256 == sha256).order_by(files.c.path)
    return tuple(connection.execute(query).scalars())


def list_parts(connection: Connection, parts: Iterable[Contained], path: str) -> list[int]:
    """Note that the container with *parts* lies at *path*; returns the documents that got a further place."""
    nodes = []
    for part in parts:
        node = connection.execute(select(records.c.node_id).where(records.c.sha256 == part.sha256)).scalar()
        at = place(path, part.inside)
        listed = select(files.c.id).where(files.c.path == at, files.c.sha256 == part.sha256)
        if node is not None and connection.execute(listed).first() is None:
            stored.list_file(connection, part.sha256, at)
            nodes.append(int(node))
    return nodes


def holders(connection: Connection, sha256: str) -> list[str]:
    """The containers that hold a file of that content."""
    query = select(containers.c.sha256).where(cast(containers.c.parts, String).contains(sha256))
    return list(connection.execute(query.order_by(containers.c.sha256)).scalars())
