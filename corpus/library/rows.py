"""Rows of the database as values that several modules read."""

from __future__ import annotations

from sqlalchemy import RowMapping, select

from corpus.library.schema import claims, mentions
from corpus.library.values import Summary

_MENTIONS = select(
    mentions.c.source_id,
    mentions.c.ordinal,
    mentions.c.citation,
    mentions.c.antecedent,
    mentions.c.claim_id,
    claims.c.target_id,
    claims.c.state,
    claims.c.method,
    claims.c.confidence.label("resolution"),
    claims.c.conflicts,
    claims.c.candidates,
)
_CLAIM_OF = claims.c.id == mentions.c.claim_id
#: Mentions with the claim of each, which is null where the document itself is meant.
MENTIONS = _MENTIONS.select_from(mentions.outerjoin(claims, _CLAIM_OF))
#: Those that have a claim. For conditions on claims: SQLite does not begin with them in an outer join.
CLAIMING = _MENTIONS.select_from(mentions.join(claims, _CLAIM_OF))


def outcome(row: RowMapping) -> tuple[str, int | None]:
    """State and target of a row of :data:`MENTIONS`: one that means its own document cites no other."""
    if row["state"] is None or row["target_id"] == row["source_id"]:
        return "self", None
    return str(row["state"]), row["target_id"]


def summary(row: RowMapping) -> Summary:
    """A row of ``nodes``."""
    return Summary(
        id=int(row["id"]),
        doc_key=str(row["doc_key"]),
        held=bool(row["held"]),
        doc_type=row["doc_type"],
        so_ky_hieu=row["so_ky_hieu"],
        date=row["date"],
        issuer=row["issuer"],
        issuer_key=row["issuer_key"],
        title=row["title"],
        unsure=bool(row["unsure"]),
        restricted=bool(row["restricted"]),
        known=row["known"],
        known_only=bool(row["known_only"]),
        number_unsure=bool((row["facts"] or {}).get("number_doubtful")),
    )
