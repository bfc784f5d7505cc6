"""Counts of a library, and the files that it could not take in."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select

from corpus.library.changes import last_change
from corpus.library.schema import claims, failures, files, mentions, nodes, records, refused
from corpus.library.values import Failed, Status
from corpus.vocabulary import Verdict


def status(connection: Connection, visible: ColumnElement[bool], *, restricted: bool) -> Status:
    """Counts of what *visible* shows; *restricted*: count the restricted documents as well."""
    by_state = _citations_by_state(connection, visible)

    def count(*where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(nodes).where(nodes.c.merged_into.is_(None), *where)
        return int(connection.execute(query).scalar_one())

    return Status(
        held=count(nodes.c.held.is_(True), visible),
        stubs=count(nodes.c.held.is_(False), nodes.c.known_only.is_(False), visible),
        known=count(nodes.c.known_only.is_(True), visible),
        citations=sum(by_state.values()),
        failed=int(connection.execute(select(func.count()).select_from(failures)).scalar_one()),
        refused=int(connection.execute(select(func.count()).select_from(refused)).scalar_one()),
        duplicates=_duplicates(connection, visible),
        unsure=count(nodes.c.held.is_(True), nodes.c.unsure.is_(True), visible),
        ambiguous=by_state.get("ambiguous", 0),
        unresolved=by_state.get("unresolved", 0),
        restricted=count(nodes.c.restricted.is_(True)) if restricted else 0,
        sequence=last_change(connection),
    )


def _citations_by_state(connection: Connection, visible: ColumnElement[bool]) -> dict[str | None, int]:
    """Mentions by state, None for those that mean their own document; all are counted in one walk, as they are many."""
    query = (
        select(claims.c.state, func.count())
        .select_from(mentions)
        .join(nodes, nodes.c.id == mentions.c.source_id)
        .outerjoin(claims, claims.c.id == mentions.c.claim_id)
        .where(nodes.c.merged_into.is_(None), visible)
        .group_by(claims.c.state)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _duplicates(connection: Connection, visible: ColumnElement[bool]) -> int:
    """Further places at which the content of a held document was found."""
    per_hash = (
        select(func.count(files.c.id).label("n"))
        .join(records, records.c.sha256 == files.c.sha256)
        .join(nodes, nodes.c.id == records.c.node_id)
        .where(visible)
        .group_by(files.c.sha256)
        .subquery()
    )
    return int(connection.execute(select(func.coalesce(func.sum(per_hash.c.n - 1), 0))).scalar_one())


def failed_files(connection: Connection) -> list[Failed]:
    """The files that could not be read, and the documents refused (hash and reason alone)."""
    found = [
        Failed(r.sha256, r.path, r.error, Verdict.of(r.verdict))
        for r in connection.execute(select(failures).order_by(failures.c.path))
    ]
    found += [
        Failed(r.sha256, "", r.reason, Verdict.REFUSED)
        for r in connection.execute(select(refused).order_by(refused.c.sha256))
    ]
    return found
