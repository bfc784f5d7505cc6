"""Questions about citations, asked of the tables level by level: for a library whose graph does not fit into memory.

The answers are those of :class:`corpus.graph.graph.Graph` without the edges that only tables or titles state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from corpus.graph.links import Branch, Impact, Link
from corpus.library import LibraryView
from corpus.library.database import chunks
from corpus.library.schema import FIRST_DAY, claims, mentions, nodes
from corpus.vocabulary import MentionState

_Reach = Literal["legal", "all"]

_STATED = mentions.join(claims, claims.c.id == mentions.c.claim_id)
#: Citing documents from which on a page of the newest is found by walking all documents from the newest on.
_MANY = 2_000


class StoredGraph:
    """The citations that a view shows."""

    def __init__(self, view: LibraryView) -> None:
        self._view = view

    def cites(self, id: int, *, reach: _Reach = "all") -> list[Link]:
        """The links from *id*, in order of first mention. Raises NotFound."""
        node = self._view.summary(id).id
        with self._view.reading() as connection:
            return self._out(connection, [node], reach)[node]

    def cited_by(self, id: int, *, reach: _Reach = "all", offset: int = 0, limit: int = 50) -> tuple[int, list[Link]]:
        """How many documents cite *id*, and a page of their links, newest first. Raises NotFound."""
        node = self._view.summary(id).id
        with self._view.reading() as connection:
            count = self._count(connection, node, reach)
            page = self._newest(connection, node, reach, many=count > _MANY, offset=offset, limit=limit)
            links = self._out(connection, page, reach, to=node)
            return count, [links[source][0] for source in page]

    def tree(self, id: int, *, depth: int = 3, reach: _Reach = "all", size: int = 500) -> Branch:
        """What *id* cites, level by level to *depth*, at most *size* documents. Raises NotFound."""
        root = Branch(self._view.summary(id).id, None)
        with self._view.reading() as connection:
            seen, count = {root.id}, 1
            front = [root]
            for level in range(depth + 1):
                links = self._out(connection, [branch.id for branch in front], reach)
                following: list[Branch] = []
                for branch in front:
                    targets = dict.fromkeys(link.target for link in links[branch.id])
                    if level == depth:
                        branch.more = len(targets)
                        continue
                    first = {link.target: link for link in reversed(links[branch.id])}
                    for at, target in enumerate(targets):
                        if count >= size:
                            branch.more = len(targets) - at
                            break
                        child = Branch(target, first[target], again=target in seen)
                        branch.children.append(child)
                        count += 1
                        if not child.again:
                            seen.add(target)
                            following.append(child)
                front = following
            return root

    def impact(self, id: int, *, limit: int | None = 200) -> Impact:
        """The documents that rest on *id* as a legal basis, directly or through others, nearest first, then newest.

        direct is exact whatever *limit*; limit None reaches all. Raises NotFound.
        """
        node = self._view.summary(id).id
        with self._view.reading() as connection:
            direct = self._count(connection, node, "legal")
            if limit is not None and direct > limit:  # of a hub, only the page that is shown is sorted and fetched
                page = self._newest(connection, node, "legal", many=direct > _MANY, offset=0, limit=limit)
                return Impact(direct, [(source, 1) for source in page], False)
            return self._spread(connection, node, direct, limit)

    def _spread(self, connection: Connection, node: int, direct: int, limit: int | None) -> Impact:
        seen, front, distance = {node}, [node], 1
        reached: list[tuple[int, int]] = []
        while front:
            fresh = self._citing(connection, front, "legal", seen)
            seen.update(source for source, _ in fresh)
            ordered = [source for source, _ in sorted(fresh, key=lambda one: (_descending(one[1]), one[0]))]
            reached += [(source, distance) for source in ordered]
            if limit is not None and len(reached) >= limit:
                complete = len(reached) == limit and not self._citing(connection, ordered, "legal", seen)
                return Impact(direct, reached[:limit], complete)
            front, distance = ordered, distance + 1
        return Impact(direct, reached, True)

    # ------------------------------------------------------------ statements

    def _citing(
        self, connection: Connection, targets: Sequence[int], reach: _Reach, known: set[int]
    ) -> list[tuple[int, str]]:
        """The documents, not yet *known*, that cite one of *targets*, each with its first day."""
        found: dict[int, str] = {}
        for part in chunks(targets):
            query = (
                select(mentions.c.source_id, FIRST_DAY)
                .distinct()
                .select_from(_STATED.join(nodes, nodes.c.id == mentions.c.source_id))
                .where(*self._shown(reach), claims.c.target_id.in_(part))
            )
            found.update((int(source), str(day)) for source, day in connection.execute(query))
        return [(source, day) for source, day in found.items() if source not in known]

    def _count(self, connection: Connection, target: int, reach: _Reach) -> int:
        """How many documents cite *target*."""
        query = (
            select(func.count(mentions.c.source_id.distinct()))
            .select_from(_STATED.join(nodes, nodes.c.id == mentions.c.source_id))
            .where(*self._shown(reach), claims.c.target_id == target)
        )
        return int(connection.execute(query).scalar_one())

    def _newest(
        self, connection: Connection, target: int, reach: _Reach, *, many: bool, offset: int, limit: int
    ) -> list[int]:
        """A page of the documents that cite *target*, newest first."""
        citing = [claims.c.target_id == target, *([mentions.c.legal.is_(True)] if reach == "legal" else [])]
        cites: ColumnElement[bool]
        if many and self._view.walks_by_day:
            cites = exists().select_from(_STATED).where(mentions.c.source_id == nodes.c.id, *citing)
        else:
            cites = nodes.c.id.in_(select(mentions.c.source_id).select_from(_STATED).where(*citing))
        query = (
            select(nodes.c.id)
            .where(cites, nodes.c.id != target, nodes.c.merged_into.is_(None), self._view.visible)
            .order_by(FIRST_DAY.desc(), nodes.c.id)
            .limit(limit)
            .offset(offset)
        )
        return [int(id) for id in connection.execute(query).scalars()]

    def _out(
        self, connection: Connection, sources: Iterable[int], reach: _Reach, *, to: int | None = None
    ) -> dict[int, list[Link]]:
        """The links from each of *sources*, which the view shows, (to one document), in order of first mention."""
        found: dict[int, list[Link]] = defaultdict(list)
        first = func.min(mentions.c.ordinal)
        for part in chunks(list(dict.fromkeys(sources))):
            query = (
                select(
                    mentions.c.source_id,
                    claims.c.target_id,
                    mentions.c.relation,
                    _any(mentions.c.legal),
                    _any(mentions.c.wide),
                    _any(claims.c.state == str(MentionState.SETTLED)),
                )
                .select_from(_STATED.join(nodes, nodes.c.id == claims.c.target_id))
                .where(*self._shown(reach), mentions.c.source_id.in_(part))
                .group_by(mentions.c.source_id, claims.c.target_id, mentions.c.relation)
                .order_by(mentions.c.source_id, first)
            )
            if to is not None:
                query = query.where(claims.c.target_id == to)
            for source, target, relation, legal, wide, settled in connection.execute(query):
                link = Link(source, target, relation, bool(legal), bool(legal or wide), not settled, False, True)
                found[source].append(link)
        return found

    def _shown(self, reach: _Reach) -> list[ColumnElement[bool]]:
        """Conditions on a mention, its claim and the document at the end that is asked for."""
        shown = [claims.c.target_id != mentions.c.source_id, nodes.c.merged_into.is_(None), self._view.visible]
        return [*shown, mentions.c.legal.is_(True)] if reach == "legal" else shown


def _any(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.max(case((condition, 1), else_=0))


def _descending(day: str) -> tuple[int, ...]:
    """Sorts days from the latest to the earliest."""
    return tuple(-ord(letter) for letter in day)
