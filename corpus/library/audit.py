"""The audit list: what people did to the library, each entry with what is needed to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from corpus.fold import nfc
from corpus.library.database import chunks, inserted_id
from corpus.library.schema import audit
from corpus.library.values import AuditEntry, Correction


def note(connection: Connection, action: str, reason: str, detail: dict[str, Any]) -> int:
    """Add an entry; returns its id."""
    made = connection.execute(
        insert(audit).values(
            at=datetime.now(UTC).isoformat(timespec="seconds"), action=action, reason=nfc(reason), detail=detail
        )
    )
    return inserted_id(made)


def entries(connection: Connection) -> list[AuditEntry]:
    """All entries, first to last."""
    return [
        AuditEntry(
            r.id,
            r.at,
            r.action,
            r.reason,
            r.detail.get("documents", []),
            r.undone_by is not None,
            [r.detail[name] for name in ("id", "keep", "drop", "target") if name in r.detail],
            r.detail.get("names") or r.detail.get("documents", []),
            r.detail.get("who", ""),
        )
        for r in connection.execute(select(audit).order_by(audit.c.id))
    ]


def corrections(connection: Connection) -> list[Correction]:
    """The corrections by people, latest first, undone ones included."""
    rows = connection.execute(select(audit).where(audit.c.action == "correct").order_by(audit.c.id.desc())).all()
    return [
        Correction(
            id=r.id,
            at=r.at,
            who=r.detail["who"],
            document=r.detail["id"],
            field=r.detail["field"],
            before=r.detail["before"][r.detail["field"]]["value"],
            after=r.detail["after"],
            undone=r.undone_by is not None,
        )
        for r in rows
        if "refused" not in r.detail
    ]


def standing_corrections(connection: Connection, sha256: str) -> list[dict[str, Any]]:
    """Details of the corrections of one file that were not undone, oldest first."""
    return standing(connection, ["correct"], [sha256])["correct"].get(sha256, [])


_STANDING = (
    select(audit.c.action, audit.c.detail)
    .where(
        audit.c.action.in_(bindparam("which", expanding=True)),
        audit.c.undone_by.is_(None),
        audit.c.detail["sha256"].as_string().in_(bindparam("hashes", expanding=True)),
    )
    .order_by(audit.c.id)
)


def standing(
    connection: Connection, actions: Sequence[str], hashes: Sequence[str]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Details of the entries of these actions that were not undone, oldest first, by action and by the file.

    hashes: of the files. The list has no index by file, so many files are looked up together.
    """
    found: dict[str, dict[str, list[dict[str, Any]]]] = {action: {} for action in actions}
    for part in chunks(hashes):
        for action, detail in connection.execute(_STANDING, {"which": actions, "hashes": part}):
            found[action].setdefault(detail["sha256"], []).append(detail)
    return found


def was_corrected(connection: Connection, sha256: str) -> bool:
    """Whether a correction of that file was ever made, undone or not."""
    query = select(audit.c.id).where(audit.c.action == "correct", audit.c.detail["sha256"].as_string() == sha256)
    return connection.execute(query.limit(1)).first() is not None


def forget(connection: Connection, sha256: str, node: int | None) -> None:
    """Remove the content of a file that must not be kept from the entries; the entries themselves stay."""
    rows = connection.execute(select(audit.c.id, audit.c.detail)).all()
    own = {r.id for r in rows if sha256 in (r.detail.get("sha256"), r.detail.get("record", {}).get("sha256"))}
    ids = {node, *(r.detail["id"] for r in rows if r.id in own)}
    for row in rows:
        detail = row.detail
        if row.id in own or row.detail.get("target") in ids - {None}:
            kept = {"documents": [], "refused": sha256}
        elif detail.get("of") in own or ids & {detail.get("keep"), *detail.get("members", ())} - {None}:
            kept = {**detail, "documents": []}
        else:
            continue
        connection.execute(update(audit).where(audit.c.id == row.id).values(detail=kept))
