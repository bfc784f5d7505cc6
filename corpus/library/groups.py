"""Nodes that people merged: groups made of the merges that were not undone, each led by one node.

A merge is an entry of the audit list. Undoing one of several must leave what the others say, so the groups that it
touches are made again from the entries that remain, oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, or_, select, update

from corpus.library.addresses import head_of, redirected
from corpus.library.changes import record_changes
from corpus.library.schema import audit, nodes


def group_of(connection: Connection, node: int) -> set[int]:
    """*node* and all that are one document with it."""
    head = head_of(connection, node)
    query = select(nodes.c.id).where(or_(nodes.c.id == head, nodes.c.merged_into == head))
    return set(connection.execute(query).scalars())


def lead_group(connection: Connection, node: int) -> None:
    """Make *node*, which is held, the head of its group, unless the group has a head that is held."""
    head = connection.execute(select(nodes.c.merged_into).where(nodes.c.id == node)).scalar()
    if head is None or _is_held(connection, head):
        return
    connection.execute(update(nodes).where(nodes.c.id == node).values(merged_into=None))
    members = or_(nodes.c.id == head, nodes.c.merged_into == head)
    connection.execute(update(nodes).where(members).values(merged_into=node))
    record_changes(connection, [head], "delete")


def lead_group_if_held(connection: Connection, node: int) -> None:
    """The same for a node that may be a stub, which leads nothing."""
    if _is_held(connection, node):
        lead_group(connection, node)


def _is_held(connection: Connection, node: int) -> bool:
    return bool(connection.execute(select(nodes.c.held).where(nodes.c.id == node)).scalar())


def regroup(connection: Connection, detail: Mapping[str, Any]) -> set[int]:
    """Make the groups again that the merge of *detail* is or was part of; returns their nodes, recorded as changed."""
    touched: set[int] = set()
    for member in (detail["keep"], *detail["members"]):
        if (node := _current(connection, member)) is not None:
            touched |= group_of(connection, node)
    connection.execute(update(nodes).where(nodes.c.id.in_(touched)).values(merged_into=None))
    for merge in _merges(connection):
        ends = [_current(connection, merge.get(end)) for end in ("keep", "drop")]
        if all(end in touched for end in ends):
            keep, drop = (head_of(connection, int(end or 0)) for end in ends)
            if keep != drop:
                add_to_group(connection, keep, drop)
    for node in sorted(touched):
        lead_group_if_held(connection, node)
    record_group_changes(connection, touched)
    return touched


def rejoin(connection: Connection, node: int) -> set[int]:
    """Return a restored *node* to the groups of its merges; the nodes of these groups."""
    touched: set[int] = set()
    for merge in _merges(connection):
        if node in (merge.get("keep"), merge.get("drop")):
            touched |= regroup(connection, merge)
    return touched


def _merges(connection: Connection) -> list[dict[str, Any]]:
    """Details of the merges that were not undone, oldest first; those of a document refused since name no nodes."""
    query = select(audit.c.detail).where(audit.c.action == "merge", audit.c.undone_by.is_(None)).order_by(audit.c.id)
    return [detail for detail in connection.execute(query).scalars() if "members" in detail]


def add_to_group(connection: Connection, keep: int, drop: int) -> list[int]:
    """Add the group that *drop* leads to that of *keep*; its members."""
    members = [drop, *connection.execute(select(nodes.c.id).where(nodes.c.merged_into == drop)).scalars()]
    connection.execute(update(nodes).where(nodes.c.id.in_(members)).values(merged_into=keep))
    return members


def record_group_changes(connection: Connection, ids: Iterable[int]) -> None:
    """Record *ids* as changed: the head of a group as written, its other members as deleted."""
    rows = connection.execute(select(nodes.c.id, nodes.c.merged_into).where(nodes.c.id.in_(list(ids)))).all()
    record_changes(connection, [r.id for r in rows if r.merged_into is None])
    record_changes(connection, [r.id for r in rows if r.merged_into is not None], "delete")


def _current(connection: Connection, node: int | None) -> int | None:
    """Where the node that an entry names is now; None where it is gone."""
    if node is None:
        return None
    found = connection.execute(select(nodes.c.id).where(nodes.c.id == redirected(connection, node))).scalar()
    return None if found is None else int(found)
