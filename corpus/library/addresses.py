"""Where an id leads today: ids are permanent, and those of merged or renamed documents lead on."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, bindparam, func, select

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


#: The row of the node that took the place of the one of an id, or of the one itself.
_PLACE = select(nodes).where(
    nodes.c.id
    == func.coalesce(
        select(redirects.c.new_id).where(redirects.c.old_id == bindparam("id")).scalar_subquery(), bindparam("id")
    )
)
_NODE = select(nodes).where(nodes.c.id == bindparam("id"))


def locate_row(connection: Connection, id: int) -> RowMapping:
    """The row of the node that *id* leads to today. Raises NotFound."""
    if not 0 <= id <= LARGEST_ID:  # SQLite takes no larger number
        raise not_found(id)
    row = connection.execute(_PLACE, {"id": id}).mappings().first()
    if row is not None and row["merged_into"] is not None:
        row = connection.execute(_NODE, {"id": row["merged_into"]}).mappings().first()
    if row is None:
        raise not_found(id)
    return row


def locate(connection: Connection, id: int) -> int:
    """The node that *id* leads to today. Raises NotFound."""
    return int(locate_row(connection, id)["id"])
