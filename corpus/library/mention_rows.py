"""The mentions of one document written and taken away, with the claims that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from corpus.library.claims import Affected, buckets_of, content_of, signature
from corpus.library.database import chunks, inserted_ids
from corpus.library.schema import claims, mentions, nodes
from corpus.library.values import is_wide_basis
from corpus.model import Record
from corpus.resolution.within_document import ReadMention
from corpus.vocabulary import MentionState


@dataclass(frozen=True, slots=True)
class _Claim:
    content: dict[str, Any]
    bucket: str | None
    name_bucket: str | None


def write_mentions(
    connection: Connection, node: int, record: Record, reads: Sequence[ReadMention], *, restricted: bool
) -> Affected:
    """Store the mentions of a document and the claims they make; returns what must be resolved again.

    restricted: whether the document is; its votes are counted apart.
    """
    citing = record.date or record.date_inferred
    made: dict[str, _Claim] = {}
    signatures: list[str | None] = []
    for read in reads:
        if read.is_self:
            signatures.append(None)
            continue
        content = content_of(record.sha256, citing, read)
        made[signature(content)] = _Claim(content, *buckets_of(read.facts))
        signatures.append(signature(content))
    affected = Affected()
    ids, affected.changed = _vote(connection, made, restricted=restricted)
    if reads:
        rows = [
            {
                "source_id": node,
                "ordinal": at,
                "claim_id": ids[sig] if sig else None,
                "citation": record.citations[at].as_json(),
                "antecedent": reads[at].antecedent,
                "relation": str(record.citations[at].relation),
                "legal": record.citations[at].is_legal_basis,
                "wide": is_wide_basis(record.citations[at]),
            }
            for at, sig in enumerate(signatures)
        ]
        connection.execute(insert(mentions), rows)
    for claim in made.values():
        affected.add(claim.bucket, claim.name_bucket)
    return affected


def _vote(connection: Connection, made: Mapping[str, _Claim], *, restricted: bool) -> tuple[dict[str, int], set[int]]:
    """Count one more document that makes these claims, storing those that are new.

    Returns their ids by signature, and the documents that they meant until now.
    """
    ids: dict[str, int] = {}
    targets: set[int] = set()
    for part in chunks(list(made)):
        known = select(claims.c.id, claims.c.sig, claims.c.target_id).where(claims.c.sig.in_(part))
        rows = connection.execute(known).all()
        ids |= {str(r.sig): int(r.id) for r in rows}
        targets |= {int(r.target_id) for r in rows if r.target_id is not None}
    for known_ids in chunks(list(ids.values())):
        votes = {"hidden_votes": claims.c.hidden_votes + 1} if restricted else {"votes": claims.c.votes + 1}
        connection.execute(update(claims).where(claims.c.id.in_(known_ids)).values(**votes))
    new = sorted(set(made) - set(ids))
    rows_of_new: list[dict[str, Any]] = [
        {
            "sig": sig,
            "facts": made[sig].content,
            "bucket": made[sig].bucket,
            "name_bucket": made[sig].name_bucket,
            "votes": int(not restricted),
            "hidden_votes": int(restricted),
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
