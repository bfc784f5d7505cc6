"""Statements about citations for :mod:`corpus.graph.stored_graph`: edges beside some documents, counts, pages.

Every statement shows what the view shows: no hidden document, and none that was merged into another. A day is the first
that the date of a document may mean, as a number (20240611); 0 for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple

import numpy as np
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    case,
    func,
    not_,
    or_,
    select,
    type_coerce,
)

from corpus.graph.documents import day_number
from corpus.graph.edges import columns_of
from corpus.graph.links import Filter, Ints
from corpus.library import LibraryView
from corpus.library.database import chunks
from corpus.library.schema import FIRST_DAY, claims, mentions, nodes
from corpus.vocabulary import MentionState

#: An end of a citation.
End = Literal["source", "target"]

_STATED = mentions.join(claims, claims.c.id == mentions.c.claim_id)
_COLUMNS: dict[End, Column[Any]] = {"source": mentions.c.source_id, "target": claims.c.target_id}
_FAR: dict[End, End] = {"source": "target", "target": "source"}
#: How often as long a document takes to be looked up by its id as in walking from the newest on.
_LOOK_UP = 12


class Beside(NamedTuple):
    """Mentions as columns (source, target, relation, bits, whether settled, ordinal); the days of their far ends."""

    columns: Ints
    days: dict[int, int]


class CitingRow(NamedTuple):
    """All mentions of one document by another with one relation."""

    source: int
    relation: str
    legal: bool
    wide: bool


class StoredEdges:
    """The citations that *view* shows."""

    def __init__(self, view: LibraryView) -> None:
        self._view = view

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction for the questions below."""
        return self._view.reading()

    def _node_shown(self) -> list[ColumnElement[bool]]:
        return [nodes.c.merged_into.is_(None), self._view.visible]

    def _stated(self, far: End) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """Citations whose far end is shown: where they are from, and the conditions."""
        if self._view.has_graph_indexes:  # few are not: to leave them out takes less than to look up the others
            unseen = select(nodes.c.id).where(or_(not_(self._view.visible), nodes.c.merged_into.is_not(None)))
            return _STATED, [_COLUMNS[far].not_in(unseen)]
        return _STATED.join(nodes, nodes.c.id == _COLUMNS[far]), self._node_shown()

    # ------------------------------------------------------------ documents

    def days(self, connection: Connection, ids: Iterable[int]) -> dict[int, int]:
        """The days of those of *ids* that are shown."""
        found: dict[int, int] = {}
        for part in chunks(sorted(set(ids))):
            query = select(nodes.c.id, FIRST_DAY).where(nodes.c.id.in_(part), *self._node_shown())
            found.update((int(id), _day(day)) for id, day in connection.execute(query))
        return found

    def held_count(self, connection: Connection) -> int:
        """How many documents are held."""
        query = select(func.count()).select_from(nodes).where(nodes.c.held.is_(True), *self._node_shown())
        return int(connection.execute(query).scalar_one())

    def ids(self, connection: Connection) -> list[int]:
        """Every document that is shown."""
        query = select(nodes.c.id).where(*self._node_shown()).order_by(nodes.c.id)
        return [int(id) for id in connection.execute(query).scalars()]

    # ------------------------------------------------------------ edges

    def beside(
        self,
        connection: Connection,
        ids: Iterable[int],
        end: End,
        *,
        relations: Iterable[str] = (),
        far: Iterable[int] | None = None,
    ) -> Beside:
        """The mentions whose *end* is one of *ids*, which are shown.

        relations: empty for all. far: only those whose other end is one of these, no more than a few hundred.
        """
        query = self._mentions(_FAR[end])
        if relations:
            query = query.where(mentions.c.relation.in_(sorted(relations)))
        if far is not None:
            query = query.where(_COLUMNS[_FAR[end]].in_(sorted(set(far))))
        parts: list[Ints] = []
        days: dict[int, int] = {}
        for part in chunks(sorted(set(ids))):
            found = connection.execute(query.where(_COLUMNS[end].in_(part))).all()
            parts.append(columns_of(found))
            days.update((int(row[7]), _day(row[8])) for row in found)
        return Beside(np.concatenate(parts, axis=1) if parts else columns_of([]), days)

    def _mentions(self, far: End) -> Select[Any]:
        return (
            select(
                mentions.c.source_id,
                claims.c.target_id,
                mentions.c.relation,
                type_coerce(mentions.c.legal, Integer),
                type_coerce(mentions.c.wide, Integer),
                claims.c.state,
                mentions.c.ordinal,
                nodes.c.id,
                FIRST_DAY,
            )
            .select_from(_STATED.join(nodes, nodes.c.id == _COLUMNS[far]))
            .where(claims.c.target_id != mentions.c.source_id, *self._node_shown())
        )

    def steps(self, connection: Connection, front: Iterable[int], end: End, within: Filter) -> dict[int, int]:
        """What is one citation away from *front*, its *end*, which is shown: each with the first it is reached from."""
        far = _FAR[end]
        stated, shown = self._stated(far)
        found: dict[int, int] = {}
        for part in chunks(sorted(set(front))):
            query = (
                select(_COLUMNS[far], func.min(_COLUMNS[end]))
                .select_from(stated)
                .where(*self._cites(within), *shown, _COLUMNS[end].in_(part))
                .group_by(_COLUMNS[far])
            )
            for document, by in connection.execute(query):
                found.setdefault(int(document), int(by))
        return found

    def pairs(self, connection: Connection, ids: Iterable[int], end: End) -> Ints:
        """The different pairs of source and target whose *end* is one of *ids*, which are shown: two columns."""
        stated, shown = self._stated(_FAR[end])
        parts: list[Ints] = [np.empty((2, 0), np.int64)]
        for part in chunks(sorted(set(ids))):
            query = (
                select(mentions.c.source_id, claims.c.target_id)
                .distinct()
                .select_from(stated)
                .where(*self._cites(Filter()), *shown, _COLUMNS[end].in_(part))
            )
            rows = [tuple(row) for row in connection.execute(query)]
            parts.append(np.array(rows, np.int64).reshape(-1, 2).T)
        return np.concatenate(parts, axis=1)

    @staticmethod
    def _cites(within: Filter) -> list[ColumnElement[bool]]:
        return [claims.c.target_id != mentions.c.source_id, *_of_mention(within)]

    # ------------------------------------------------------------ counts

    def counts(self, connection: Connection, ids: Iterable[int], end: End, within: Filter) -> dict[int, int]:
        """How many documents stand at the far end of citations whose *end* is one of *ids*; those without: left out."""
        far = _FAR[end]
        stated, shown = self._stated(far)
        found: dict[int, int] = {}
        for part in chunks(sorted(set(ids))):
            query = (
                select(_COLUMNS[end], func.count(_COLUMNS[far].distinct()))
                .select_from(stated)
                .where(*self._cites(within), *shown, _COLUMNS[end].in_(part))
                .group_by(_COLUMNS[end])
            )
            found.update((int(id), int(count)) for id, count in connection.execute(query))
        return found

    def dependents(self, connection: Connection, ids: Iterable[int]) -> dict[int, tuple[int, bool]]:
        """How many documents have each of *ids* as their basis, and whether a mention of it is settled."""
        found: dict[int, tuple[int, bool]] = {}
        legal = case((mentions.c.legal.is_(True), mentions.c.source_id))
        stated, shown = self._stated("source")
        for part in chunks(sorted(set(ids))):
            query = (
                select(
                    claims.c.target_id,
                    func.count(legal.distinct()),
                    _any(claims.c.state == str(MentionState.SETTLED)),
                )
                .select_from(stated)
                .where(*self._cites(Filter()), *shown, claims.c.target_id.in_(part))
                .group_by(claims.c.target_id)
            )
            found.update((int(id), (int(basis), bool(sure))) for id, basis, sure in connection.execute(query))
        return found

    def most_cited(self, connection: Connection, limit: int, held: bool | None) -> list[tuple[int, int]]:
        """The *limit* documents cited most, and how many cite each; held: only held ones, or (False) the others."""
        stated, shown = self._stated("source")
        pairs = (
            select(mentions.c.source_id, claims.c.target_id)
            .distinct()
            .select_from(stated)
            .where(*self._cites(Filter()), *shown)
        )
        pair = pairs.subquery()
        query = (
            select(pair.c.target_id, func.count())
            .select_from(pair.join(nodes, nodes.c.id == pair.c.target_id))
            .where(*self._node_shown())
            .group_by(pair.c.target_id)
            .order_by(func.count().desc(), pair.c.target_id)
            .limit(limit)
        )
        if held is not None:
            query = query.where(nodes.c.held.is_(held))
        return [(int(id), int(count)) for id, count in connection.execute(query)]

    # ------------------------------------------------------------ what cites documents

    def stating(self, connection: Connection, pairs: Iterable[tuple[int, int]], within: Filter) -> set[tuple[int, int]]:
        """Those of *pairs* of source and target, a few shown documents, where the one cites the other."""
        wanted = set(pairs)
        if not wanted:
            return set()
        query = (
            select(mentions.c.source_id, claims.c.target_id)
            .select_from(_STATED)
            .where(
                *self._cites(within),
                mentions.c.source_id.in_({source for source, _ in wanted}),
                claims.c.target_id.in_({target for _, target in wanted}),
            )
        )
        return {(int(source), int(target)) for source, target in connection.execute(query)} & wanted

    def newest(
        self, connection: Connection, target: int, within: Filter, *, count: int, limit: int
    ) -> list[tuple[int, int]]:
        """The newest *limit* of the *count* documents that cite *target*, each with its day."""
        sources = select(mentions.c.source_id).select_from(_STATED)
        cites: ColumnElement[bool] = nodes.c.id.in_(sources.where(claims.c.target_id == target, *_of_mention(within)))
        if self._walks(
            connection, count, limit
        ):  # inside CASE it is no join, and the index of the newest gives the order
            cites = case((cites, True), else_=False).is_(True)
        query = (
            select(nodes.c.id, FIRST_DAY)
            .where(cites, nodes.c.id != target, *self._node_shown())
            .order_by(FIRST_DAY.desc(), nodes.c.id)
            .limit(limit)
        )
        return [(int(id), _day(day)) for id, day in connection.execute(query)]

    def _walks(self, connection: Connection, count: int, limit: int) -> bool:
        """Whether *limit* of *count* documents are found sooner by walking all from the newest on than by sorting."""
        if not self._view.has_graph_indexes or not count:
            return False
        most = int(connection.execute(select(func.max(nodes.c.id))).scalar() or 0)
        return limit * most / count < _LOOK_UP * count

    def sources(self, connection: Connection, targets: Sequence[int], within: Filter) -> dict[int, int]:
        """The documents that cite one of *targets*, each with its day."""
        found: dict[int, int] = {}
        for part in chunks(targets):
            query = (
                select(mentions.c.source_id, FIRST_DAY)
                .distinct()
                .select_from(_STATED.join(nodes, nodes.c.id == mentions.c.source_id))
                .where(*self._cites(within), *self._node_shown(), claims.c.target_id.in_(part))
            )
            found.update((int(source), _day(day)) for source, day in connection.execute(query))
        return found

    def citing(self, connection: Connection, target: int) -> list[CitingRow]:
        """What cites *target*: the newest documents first, of each its relations in order of mention."""
        query = (
            select(mentions.c.source_id, mentions.c.relation, _any(mentions.c.legal), _any(mentions.c.wide))
            .select_from(_STATED.join(nodes, nodes.c.id == mentions.c.source_id))
            .where(*self._cites(Filter()), *self._node_shown(), claims.c.target_id == target)
            .group_by(mentions.c.source_id, mentions.c.relation, FIRST_DAY)
            .order_by(FIRST_DAY.desc(), mentions.c.source_id, func.min(mentions.c.ordinal))
        )
        return [
            CitingRow(int(source), str(relation), bool(legal), bool(legal or wide))
            for source, relation, legal, wide in connection.execute(query)
        ]


def _of_mention(within: Filter) -> list[ColumnElement[bool]]:
    """The conditions of *within* on a mention."""
    found: list[ColumnElement[bool]] = []
    if within.reach == "legal":
        found.append(mentions.c.legal.is_(True))
    elif within.reach == "wide":
        found.append(or_(mentions.c.legal.is_(True), mentions.c.wide.is_(True)))
    if within.relations:
        found.append(mentions.c.relation.in_(sorted(within.relations)))
    return found


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


def _day(day: str) -> int:
    """A first day as a number; 0 for none, which SQL writes as "-01-01"."""
    return 0 if day.startswith("-") else day_number(day)
