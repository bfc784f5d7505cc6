"""A renewed table of known documents, kept in the library: set when it is opened and before it is written to."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from corpus.law import known_documents
from corpus.library.schema import settings

#: The setting that holds it.
NAME = "known"


def stored(connection: Connection) -> str:
    """The table as text; "" where the library has none."""
    return str(connection.execute(select(settings.c.value).where(settings.c.name == NAME)).scalar() or "")


def apply(connection: Connection) -> None:
    """Let the library's table count in this process."""
    known_documents.renew(stored(connection))


def store(connection: Connection, text: str) -> None:
    """Keep *text* as the library's table ("" for none), and let it count."""
    connection.execute(delete(settings).where(settings.c.name == NAME))
    if text:
        connection.execute(insert(settings).values(name=NAME, value=text))
    known_documents.renew(text)
