"""Reads stored citations: mentions with their sentences, and the values that documents give one another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, func, select
from sqlalchemy.sql.util import find_tables

from corpus.library import rows
from corpus.library.claims import Outcome
from corpus.library.database import chunks
from corpus.library.public_resolution import PublicResolution
from corpus.library.schema import claims, mentions, nodes, records
from corpus.library.values import Attribution, Mention
from corpus.model import Citation, Pinpoint
from corpus.sentences import sentence
from corpus.vocabulary import MentionState, Relation, Zone


@cache
def _all(where: ColumnElement[bool], visible: ColumnElement[bool]) -> Select[Any]:
    """Mentions of *where*, a condition that is kept, by source and ordinal."""
    found = rows.CLAIMING if claims in find_tables(where, check_columns=True) else rows.MENTIONS
    return (
        found.join(nodes, nodes.c.id == mentions.c.source_id)
        .where(where, nodes.c.merged_into.is_(None), visible)
        .order_by(mentions.c.source_id, mentions.c.ordinal)
    )


@cache
def _keys_of(visible: ColumnElement[bool]) -> Select[Any]:
    return select(nodes.c.id, nodes.c.doc_key).where(nodes.c.id.in_(bindparam("ids", expanding=True)), visible)


_TEXT = select(records.c.text).where(records.c.node_id == bindparam("node"))
#: Claims whose target is one of :targets, of which it is doubtful what they mean.
_DOUBTFUL = claims.c.target_id.in_(bindparam("targets", expanding=True)) & (
    func.json_array_length(claims.c.candidates) > 0
)


class CitationReader:
    """Reads mentions on one connection for those who may see the nodes of *visible*."""

    def __init__(self, connection: Connection, visible: ColumnElement[bool], *, facts: bool) -> None:
        self._connection = connection
        self._visible = visible
        self._public = PublicResolution(connection, visible, facts=facts)

    def mentions(self, where: ColumnElement[bool], *, sentences: bool = True, **values: object) -> list[Mention]:
        """The mentions of *where* by source and ordinal; those of hidden or merged documents are left out.

        where: a condition that a module keeps, as the query made of it is kept; values: of its parameters. sentences:
        False leaves them empty, and the texts unread.
        """
        found = self._connection.execute(_all(where, self._visible), values).mappings().all()
        shown = self._keys(
            {r["target_id"] for r in found if r["target_id"]} | {c for r in found for c in r["candidates"] or []}
        )
        made, text, text_of = [], "", None
        for row in found:
            if sentences and text_of != row["source_id"]:
                text_of = row["source_id"]
                text = self._text(text_of)
            outcome = self.outcome(row, shown)
            citation = _citation(row["citation"])
            citation.target = "self" if outcome.state == MentionState.SELF else shown.get(outcome.target or 0)
            made.append(
                Mention(
                    source=int(row["source_id"]),
                    ordinal=int(row["ordinal"]),
                    citation=citation,
                    target=outcome.target if outcome.target in shown else None,
                    state=MentionState(outcome.state),
                    method=outcome.method,
                    confidence=1.0 if outcome.state == MentionState.SELF else float(outcome.confidence),
                    sentence=sentence(text, citation.start, citation.end) if sentences else "",
                    conflicts=outcome.conflicts,
                    candidates=[c for c in outcome.candidates if c in shown],
                    antecedent=row["antecedent"],
                )
            )
        return made

    def _keys(self, ids: set[int]) -> dict[int, str]:
        """Key by id of those of *ids* that may be seen."""
        if not ids:
            return {}
        found = self._connection.execute(_keys_of(self._visible), {"ids": sorted(ids)})
        return {int(id): key for id, key in found}

    def _text(self, node: int) -> str:
        return self._connection.execute(_TEXT, {"node": node}).scalar() or ""

    def outcome(self, row: RowMapping, shown: dict[int, str]) -> Outcome:
        """What became of a mention, to those who see the documents of *shown* (id → key; more may be added).

        A document that they do not see has no part in it.
        """
        state, target = rows.outcome(row)
        candidates = list(row["candidates"] or [])
        if state != MentionState.SELF and not shown.keys() >= {*candidates, *([] if target is None else [target])}:
            found = self._public.outcome(row["claim_id"])
            shown.update(self._public.keys)
            return found
        conflicts = list(row["conflicts"] or [])
        return Outcome(target, state, str(row["method"] or ""), row["resolution"], conflicts, candidates)

    def attributions(self, ids: Iterable[int]) -> dict[int, set[Attribution]]:
        """The date, issuer and title that documents give each of *ids* where they cite it."""
        found: dict[int, set[Attribution]] = {id: set() for id in ids}
        of = mentions.c.citation
        words = (of["date"], func.coalesce(of["issuer_resolved"].as_string(), of["issuer"].as_string()), of["title"])
        query = (
            select(claims.c.target_id, mentions.c.source_id, words[0].as_string(), words[1], words[2].as_string())
            .distinct()
            .select_from(mentions.join(claims, claims.c.id == mentions.c.claim_id))
            .join(nodes, nodes.c.id == mentions.c.source_id)
            .where(nodes.c.merged_into.is_(None), self._visible, mentions.c.source_id != claims.c.target_id)
        )
        doubtful = func.json_array_length(claims.c.candidates) > 0
        for part in chunks(sorted(found)):
            here = claims.c.target_id.in_(part)
            for target, *attribution in self._connection.execute(query.where(here, ~doubtful)):
                found[target].add(Attribution(*attribution))
            for mention in self.mentions(_DOUBTFUL, sentences=False, targets=part):
                if mention.target in found and mention.target != mention.source:
                    cited = mention.citation
                    issuer = cited.issuer_resolved or cited.issuer
                    found[mention.target].add(Attribution(mention.source, cited.date, issuer, cited.title))
        return found


def _citation(stored: dict[str, object]) -> Citation:
    """A citation of the database; it was checked when its record was stored."""
    citation = Citation(**stored)  # type: ignore[arg-type]
    for name in ("pinpoints", "reported_pinpoints"):
        setattr(citation, name, [Pinpoint(**one) for one in stored.get(name, ())])  # type: ignore[attr-defined]
    citation.relation, citation.zone = Relation(citation.relation), Zone(citation.zone)
    return citation
