"""The change number: each document that is written or deleted gets the next one.

Only the last change of a document is kept. The index and the graph read the changes since the number they have.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, select, update

from corpus.library.database import chunks, insert_rows
from corpus.library.schema import changes, counter

_FORMER = delete(changes).where(changes.c.node_id.in_(bindparam("ids", expanding=True)))


def record_changes(connection: Connection, ids: Iterable[int], kind: Literal["put", "delete"] = "put") -> None:
    """Give each document the next change number, in order of id."""
    wanted = sorted(set(ids))
    if not wanted:
        return
    last = connection.execute(
        update(counter).values(value=counter.c.value + len(wanted)).returning(counter.c.value)
    ).scalar_one()
    for part in chunks(wanted):
        connection.execute(_FORMER, {"ids": part})
    first = int(last) - len(wanted) + 1
    insert_rows(
        connection, changes, [{"node_id": node, "seq": first + at, "kind": kind} for at, node in enumerate(wanted)]
    )


_LAST = select(counter.c.value)


def last_change(connection: Connection) -> int:
    """The number of the last change, 0 in a new library."""
    return int(connection.execute(_LAST).scalar_one())
