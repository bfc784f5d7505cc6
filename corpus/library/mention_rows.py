"""The mentions of one document written and taken away, with the claims that they make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from corpus.library.claims import Affected, buckets_of, content_of, signature
from corpus.library.database import chunks, insert_rows, inserted_ids
from corpus.library.schema import claims, mentions, nodes
from corpus.library.values import is_wide_basis
from corpus.model import Record
from corpus.record_json import citation_values
from corpus.resolution.within_document import ReadMention
from corpus.vocabulary import MentionState

_COUNTED = (
    update(claims)
    .where(claims.c.id.in_(bindparam("ids", expanding=True)))
    .values(votes=claims.c.votes + bindparam("public"), hidden_votes=claims.c.hidden_votes + bindparam("hidden"))
)
_MADE = select(claims.c.id, claims.c.sig, claims.c.target_id).where(
    claims.c.sig.in_(bindparam("signatures", expanding=True))
)


@dataclass(frozen=True, slots=True)
class _Claim:
    content: dict[str, Any]
    bucket: str | None
    name_bucket: str | None


class Citing(NamedTuple):
    """A document whose mentions are written. restricted: its votes are counted apart."""

    node: int
    record: Record
    reads: Sequence[ReadMention]
    restricted: bool


def write_mentions(
    connection: Connection, node: int, record: Record, reads: Sequence[ReadMention], *, restricted: bool
) -> Affected:
    """Store the mentions of a document and the claims they make; returns what must be resolved again.

    restricted: whether the document is; its votes are counted apart.
    """
    return write_mentions_of(connection, [Citing(node, record, reads, restricted)])


def write_mentions_of(connection: Connection, sources: Sequence[Citing]) -> Affected:
    """:func:`write_mentions` for several documents, each named once."""
    made: dict[str, _Claim] = {}
    votes: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    signatures: list[list[str | None]] = []
    for source in sources:
        own = _claims_of(source)
        made |= {sig: claim for sig, claim in own if sig and claim}
        signatures.append([sig for sig, _ in own])
        votes[source.restricted].update({sig for sig, _ in own if sig})
    affected = Affected()
    ids, affected.changed = _vote(connection, made, votes)
    rows = [
        row
        for source, own in zip(sources, signatures, strict=True)
        for row in _rows(source, [ids[sig] if sig else None for sig in own])
    ]
    insert_rows(connection, mentions, rows)
    for claim in made.values():
        affected.add(claim.bucket, claim.name_bucket)
    return affected


def _claims_of(source: Citing) -> list[tuple[str | None, _Claim | None]]:
    """For each mention the claim that it makes, with its signature; none where it means its own document."""
    citing = source.record.date or source.record.date_inferred
    found: list[tuple[str | None, _Claim | None]] = []
    for read in source.reads:
        if read.is_self:
            found.append((None, None))
            continue
        content = content_of(source.record.sha256, citing, read)
        found.append((signature(content), _Claim(content, *buckets_of(read.facts))))
    return found


def _rows(source: Citing, claim_ids: Sequence[int | None]) -> list[dict[str, Any]]:
    """The rows of ``mentions`` of one document."""
    citations = source.record.citations
    return [
        {
            "source_id": source.node,
            "ordinal": at,
            "claim_id": claim_id,
            "citation": values,
            "antecedent": read.antecedent,
            "relation": str(citation.relation),
            "legal": citation.is_legal_basis,
            "wide": is_wide_basis(citation),
        }
        for at, (claim_id, citation, values, read) in enumerate(
            zip(claim_ids, citations, citation_values(citations), source.reads, strict=True)
        )
    ]


def _vote(
    connection: Connection, made: Mapping[str, _Claim], votes: Mapping[bool, Mapping[str, int]]
) -> tuple[dict[str, int], set[int]]:
    """Count the further documents that make these claims, storing those that are new.

    votes: restricted or not → signature → documents. Returns the ids of the claims by signature, and the documents that
    they meant until now.
    """
    ids: dict[str, int] = {}
    targets: set[int] = set()
    for part in chunks(list(made)):
        rows = connection.execute(_MADE, {"signatures": part}).all()
        ids |= {str(r.sig): int(r.id) for r in rows}
        targets |= {int(r.target_id) for r in rows if r.target_id is not None}
    more: dict[tuple[int, int], list[int]] = defaultdict(list)
    for sig, id_ in ids.items():
        more[votes[False].get(sig, 0), votes[True].get(sig, 0)].append(id_)
    for (public, hidden), known_ids in more.items():
        for some in chunks(known_ids):
            connection.execute(_COUNTED, {"ids": some, "public": public, "hidden": hidden})
    new = sorted(set(made) - set(ids))
    rows_of_new: list[dict[str, Any]] = [
        {
            "sig": sig,
            "facts": made[sig].content,
            "bucket": made[sig].bucket,
            "name_bucket": made[sig].name_bucket,
            "votes": votes[False].get(sig, 0),
            "hidden_votes": votes[True].get(sig, 0),
            "state": str(MentionState.UNRESOLVED),
            "conflicts": [],
            "candidates": [],
        }
        for sig in new
    ]
    ids |= dict(zip(new, inserted_ids(connection, claims, rows_of_new), strict=True))
    return ids, targets


def drop_mentions(connection: Connection, node: int) -> Affected:
    """Delete a document's mentions, and the claims that no document makes any more; what must be resolved again."""
    restricted = connection.execute(select(nodes.c.restricted).where(nodes.c.id == node)).scalar_one()
    rows = connection.execute(
        select(claims.c.id, claims.c.bucket, claims.c.name_bucket, claims.c.target_id)
        .where(claims.c.id.in_(select(mentions.c.claim_id).where(mentions.c.source_id == node)))
        .distinct()
    ).all()
    connection.execute(delete(mentions).where(mentions.c.source_id == node))
    ids = [r.id for r in rows]
    votes = {"hidden_votes": claims.c.hidden_votes - 1} if restricted else {"votes": claims.c.votes - 1}
    connection.execute(update(claims).where(claims.c.id.in_(ids)).values(**votes))
    connection.execute(delete(claims).where(claims.c.id.in_(ids), claims.c.votes + claims.c.hidden_votes == 0))
    affected = Affected(changed={int(r.target_id) for r in rows if r.target_id})
    for r in rows:
        affected.add(r.bucket, r.name_bucket)
    return affected
