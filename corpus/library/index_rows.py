"""Documents as the search room wants them: one query each for nodes, links, counts and effects of several documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, distinct, func, select

from corpus.law import effect
from corpus.library import rows
from corpus.library.indexed import Indexed
from corpus.library.schema import claims, mentions, nodes, records

_CITED = mentions.join(claims, claims.c.id == mentions.c.claim_id)


def indexed(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, Indexed]:
    """Those of *ids* that are there, not merged, and visible."""
    found = connection.execute(
        select(nodes, records.c.record, records.c.text, records.c.area)
        .select_from(nodes.outerjoin(records, records.c.node_id == nodes.c.id))
        .where(nodes.c.id.in_(ids), nodes.c.merged_into.is_(None), visible)
    ).mappings()
    linked = _links_from(connection, ids, visible)
    cited_by = _citing_counts(connection, ids, visible)
    proofs = _proofs(connection, ids, visible)
    return {
        row["id"]: rows.indexed(row, linked[row["id"]], cited_by.get(row["id"], 0), proofs[row["id"]]) for row in found
    }


def _links_from(
    connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]
) -> dict[int, list[tuple[int, bool]]]:
    """What each document cites, in order of mention: (target, whether as a legal basis)."""
    linked: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for link in connection.execute(
        select(mentions.c.source_id, claims.c.target_id, mentions.c.legal)
        .select_from(_CITED.join(nodes, nodes.c.id == claims.c.target_id))
        .where(mentions.c.source_id.in_(ids), claims.c.target_id != mentions.c.source_id, visible)
        .order_by(mentions.c.source_id, mentions.c.ordinal)
    ):
        linked[link.source_id].append((link.target_id, link.legal))
    return linked


def _is_citing(ids: Sequence[int], visible: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a mention, its claim and its source: a visible document cites one of *ids*."""
    return (
        claims.c.target_id.in_(ids),
        mentions.c.source_id != claims.c.target_id,
        visible,
        (nodes.c.merged_into + 0).is_(None),  # a sum, so that SQLite begins with the claims, which are few
    )


def _citing_counts(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, int]:
    return {
        int(target): int(count)
        for target, count in connection.execute(
            select(claims.c.target_id, func.count(distinct(mentions.c.source_id)))
            .select_from(_CITED.join(nodes, nodes.c.id == mentions.c.source_id))
            .where(*_is_citing(ids, visible))
            .group_by(claims.c.target_id)
        )
    }


def _proofs(connection: Connection, ids: Sequence[int], visible: ColumnElement[bool]) -> dict[int, list[effect.Proof]]:
    """What other documents say of the effect of each."""
    found: dict[int, list[effect.Proof]] = defaultdict(list)
    for r in connection.execute(
        select(claims.c.target_id, mentions.c.relation, nodes.c.date, nodes.c.id)
        .select_from(_CITED.join(nodes, nodes.c.id == mentions.c.source_id))
        .where(*_is_citing(ids, visible), claims.c.state == "settled", mentions.c.relation.in_(effect.BY_RELATION))
    ):
        found[r.target_id].append(effect.Proof(effect.BY_RELATION[r.relation], r.date, r.id, "", "van_ban"))
    return found
