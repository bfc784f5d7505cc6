"""Which nodes are one document by what people said: groups made of the merges that stand, each led by one node.

A merge is an entry of the audit list. Undoing one in the middle of several must leave what the others say, so the groups
it touches are made anew from the entries that stand, oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, or_, select, update

from corpus.library.addresses import head_of
from corpus.library.changes import record_changes
from corpus.library.schema import audit, nodes, redirects
from corpus.library.settling import Settling


def group_of(connection: Connection, node: int) -> set[int]:
    """*node* and all that are one with it."""
    head = head_of(connection, node)
    return set(
        connection.execute(select(nodes.c.id).where(or_(nodes.c.id == head, nodes.c.merged_into == head))).scalars()
    )


def regroup(settling: Settling, detail: Mapping[str, Any]) -> set[int]:
    """Make the groups that the merge of *detail* is or was in anew; the nodes in them, told as changed."""
    connection = settling.connection
    touched: set[int] = set()
    for said in (detail["keep"], *detail["members"]):
        if (node := _today(connection, said)) is not None:
            touched |= group_of(connection, node)
    connection.execute(update(nodes).where(nodes.c.id.in_(touched)).values(merged_into=None))
    for merge in _standing(connection):
        ends = [_today(connection, merge.get(end)) for end in ("keep", "drop")]
        if all(end in touched for end in ends):
            keep, drop = (head_of(connection, int(end or 0)) for end in ends)
            if keep != drop:
                add_to_group(connection, keep, drop)
    for node in sorted(touched):
        settling.lead_group(node, if_held=True)
    record_group_changes(connection, touched)
    return touched


def rejoin(settling: Settling, node: int) -> set[int]:
    """Put *node*, which came back, into the groups that the merges which name it say; the nodes touched."""
    touched: set[int] = set()
    for merge in _standing(settling.connection):
        if node in (merge.get("keep"), merge.get("drop")):
            touched |= regroup(settling, merge)
    return touched


def _standing(connection: Connection) -> list[dict[str, Any]]:
    """Details of the merges that stand, oldest first; those of a paper refused since name no nodes any more."""
    query = select(audit.c.detail).where(audit.c.action == "merge", audit.c.undone_by.is_(None)).order_by(audit.c.id)
    return [detail for detail in connection.execute(query).scalars() if "members" in detail]


def add_to_group(connection: Connection, keep: int, drop: int) -> list[int]:
    """Put the group that *drop* leads under *keep*; its members."""
    members = [drop, *connection.execute(select(nodes.c.id).where(nodes.c.merged_into == drop)).scalars()]
    connection.execute(update(nodes).where(nodes.c.id.in_(members)).values(merged_into=keep))
    return members


def record_group_changes(connection: Connection, ids: Iterable[int]) -> None:
    """Tell the index of *ids*: who leads stands for the group, the others are gone."""
    rows = connection.execute(select(nodes.c.id, nodes.c.merged_into).where(nodes.c.id.in_(list(ids)))).all()
    record_changes(connection, [r.id for r in rows if r.merged_into is None])
    record_changes(connection, [r.id for r in rows if r.merged_into is not None], "delete")


def _today(connection: Connection, node: int | None) -> int | None:
    """Where the node an entry speaks of is now; None when it is gone."""
    onward = connection.execute(select(redirects.c.new_id).where(redirects.c.old_id == node)).scalar()
    found = connection.execute(select(nodes.c.id).where(nodes.c.id == (onward or node))).scalar()
    return None if found is None else int(found)
