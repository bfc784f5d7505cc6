"""Resolving every citation of a library again, when the rules or the known-documents tables have changed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from corpus import identity
from corpus.law import known_documents
from corpus.library import confirmations, known_renewal
from corpus.library import records as stored
from corpus.library.claims import Affected
from corpus.library.mention_rows import drop_mentions, write_mentions
from corpus.library.schema import claims, nodes, records, settings
from corpus.library.settling import Settling
from corpus.resolution.within_document import read_mentions

#: Raised when the rules of resolution change: a library that was resolved by other rules is resolved again.
RULES = "5"

#: Documents that make each claim, counted again.
_VOTES = """
    UPDATE claims SET
    votes = (SELECT count(DISTINCT m.source_id) FROM mentions m JOIN nodes n ON n.id = m.source_id
             WHERE m.claim_id = claims.id AND NOT n.restricted),
    hidden_votes = (SELECT count(DISTINCT m.source_id) FROM mentions m JOIN nodes n ON n.id = m.source_id
                    WHERE m.claim_id = claims.id AND n.restricted)
"""


_KEPT = select(settings.c.name, settings.c.value).where(settings.c.name.in_(["rules", known_renewal.NAME]))


def rules(facts: bool) -> str:
    """The rules and tables that citations are resolved by now, as one mark."""
    return f"{RULES}:{known_documents.version() if facts else '-'}"


def resolve_if_stale(connection: Connection, facts: bool) -> None:
    """Resolve everything again where it was resolved by other rules or tables."""
    kept = {row.name: row.value for row in connection.execute(_KEPT)}
    if facts:
        known_documents.renew(kept.get(known_renewal.NAME) or "")  # another process may have renewed the table
    before = kept.get("rules")
    if before == rules(facts):
        return
    connection.execute(delete(settings).where(settings.c.name == "rules"))
    connection.execute(insert(settings).values(name="rules", value=rules(facts)))
    if before is not None:
        resolve_all(connection, facts)


def resolve_all(connection: Connection, facts: bool) -> None:
    """Resolve every citation from the stored records alone."""
    affected = Affected()
    for row in connection.execute(
        select(records.c.node_id, nodes.c.restricted, nodes.c.facts).join(nodes, nodes.c.id == records.c.node_id)
    ).all():
        record = stored.load(connection, int(row.node_id))
        area = identity.area_of(record)
        own = identity.of_record(record, area)
        for citation in record.citations:
            citation.issuer_resolved = None
            citation.target = "self" if citation.target == "self" else None
        reads = read_mentions(record, facts=facts)
        confirmations.apply(connection, record.sha256, reads)
        affected |= drop_mentions(connection, row.node_id)
        affected |= write_mentions(connection, row.node_id, record, reads, restricted=row.restricted)
        values = {
            "bucket": identity.bucket(own),
            "name_bucket": identity.name_bucket(own),
            "issuer_key": own.issuer_key,
            "facts": {**row.facts, "f": own.as_json(), "number_doubtful": stored.has_doubtful_number(record)},
        }
        connection.execute(update(nodes).where(nodes.c.id == row.node_id).values(**values))
        connection.execute(update(records).where(records.c.node_id == row.node_id).values(area=area))
    connection.exec_driver_sql(_VOTES)
    connection.execute(delete(claims).where(claims.c.votes + claims.c.hidden_votes == 0))
    for table in (claims, nodes):
        for bucket, name_bucket in connection.execute(select(table.c.bucket, table.c.name_bucket).distinct()):
            affected.add(bucket, name_bucket)
    Settling(connection, facts=facts).settle(affected)
