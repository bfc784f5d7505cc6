"""Where an id leads today: ids are permanent, and those of merged or renamed documents lead on."""

from __future__ import annotations

from sqlalchemy import Connection, select

from corpus.errors import NotFound
from corpus.library.schema import nodes, redirects

#: Ids are 64-bit integers.
LARGEST_ID = 2**63 - 1


def not_found(id: int) -> NotFound:
    """The error for an id that leads nowhere, or to what may not be seen."""
    return NotFound(f"Không có văn bản #{id} trong kho.", "Hãy tìm bằng số hiệu.")


def head_of(connection: Connection, node: int) -> int:
    """The node that *node* was merged into, itself where it was not."""
    head = connection.execute(select(nodes.c.merged_into).where(nodes.c.id == node)).scalar()
    return node if head is None else int(head)


def redirected(connection: Connection, id: int) -> int:
    """The node that took the place of the one of that id, the id itself where none did."""
    onward = connection.execute(select(redirects.c.new_id).where(redirects.c.old_id == id)).scalar()
    return id if onward is None else int(onward)


def locate(connection: Connection, id: int) -> int:
    """The node that *id* leads to today. Raises NotFound."""
    if not 0 <= id <= LARGEST_ID:  # SQLite takes no larger number
        raise not_found(id)
    row = connection.execute(
        select(nodes.c.id, nodes.c.merged_into).where(nodes.c.id == redirected(connection, id))
    ).first()
    if row is None:
        raise not_found(id)
    return int(row.id if row.merged_into is None else row.merged_into)
