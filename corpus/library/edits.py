"""What people change in a library: removals, merges and corrections, and the undoing of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from corpus.errors import NotFound, UsageError
from corpus.library import audit, corrections, groups, known_renewal, rows
from corpus.library import records as stored
from corpus.library.addresses import LARGEST_ID, locate
from corpus.library.database import Database
from corpus.library.resolving import resolve_if_stale
from corpus.library.schema import audit as audit_table
from corpus.library.schema import files, nodes, records, redirects, removed
from corpus.library.values import AuditEntry, Correction
from corpus.library.writing import DocumentWriter
from corpus.record_json import parse_record


class Edits:
    """The edits of one library; each call is one transaction. facts: resolve with the known-documents tables."""

    def __init__(self, database: Database, *, facts: bool) -> None:
        self._database = database
        self._facts = facts

    def remove(self, id: int, reason: str) -> int:
        """Take a held document out; where it is cited a stub remains. Returns the audit id, for :meth:`undo`.

        The original file stays in the folder until the audit entry is purged. Raises NotFound, UsageError.
        """
        if not reason.strip():
            raise UsageError("Cần nêu lý do gỡ văn bản.", "Thêm --reason.")
        with self._database.write() as connection:
            node = locate(connection, id)
            held = connection.execute(select(nodes).where(nodes.c.id == node)).mappings().one()
            if not held["held"]:
                raise UsageError("Văn bản này không có tệp trong kho (chỉ được dẫn chiếu).", "Không có gì để gỡ.")
            row = connection.execute(select(records).where(records.c.node_id == node)).mappings().one()
            record = stored.load_as_read(connection, node)
            paths = list(connection.execute(select(files.c.path).where(files.c.sha256 == row["sha256"])).scalars())
            detail = {
                "id": node,
                "documents": [held["doc_key"]],
                "names": [rows.summary(held).name],
                "record": record.as_json(),
                "reader_version": row["reader_version"],
                "paths": sorted(paths),
            }
            entry = audit.note(connection, "remove", reason, detail)
            connection.execute(insert(removed).values(sha256=row["sha256"], audit_id=entry))
            connection.execute(delete(files).where(files.c.sha256 == row["sha256"]))
            DocumentWriter(connection, facts=self._facts).take_out(node)
            return entry

    def merge(self, a: int, b: int, reason: str) -> int:
        """State that *a* and *b* are one document; *a* stays, *b*'s address leads to it. Returns the audit id.

        When only *b* is held it is *b* that stays. Raises NotFound, UsageError.
        """
        if not reason.strip():
            raise UsageError("Cần nêu lý do gộp hai văn bản.", "Thêm --reason.")
        with self._database.write() as connection:
            keep, drop = locate(connection, a), locate(connection, b)
            if keep == drop:
                raise UsageError("Hai địa chỉ này đã là một văn bản.", "Không có gì để gộp.")
            both = {
                r["id"]: r for r in connection.execute(select(nodes).where(nodes.c.id.in_([keep, drop]))).mappings()
            }
            if both[drop]["held"] and not both[keep]["held"]:
                keep, drop = drop, keep
            members = groups.add_to_group(connection, keep, drop)
            detail = {
                "keep": keep,
                "drop": drop,
                "members": members,
                "documents": [both[keep]["doc_key"], both[drop]["doc_key"]],
                "names": [rows.summary(both[keep]).name, rows.summary(both[drop]).name],
            }
            entry = audit.note(connection, "merge", reason, detail)
            DocumentWriter(connection, facts=self._facts).settle_around([keep, *members])
            groups.record_group_changes(connection, [keep, *members])
            return entry

    def correct(self, id: int, field: str, value: str | None, *, who: str) -> int:
        """Correct a field of a held document, or accept it with its own value. Returns the audit id, for :meth:`undo`.

        What was read stays in the audit list; the correction outlives every new reading of the same file. Raises
        NotFound, UsageError (see :func:`corpus.library.corrections.normal_value`).
        """
        value = corrections.normal_value(field, value)
        with self._database.write() as connection:
            return DocumentWriter(connection, facts=self._facts).correct(locate(connection, id), field, value, who)

    def confirm(self, id: int, ordinal: int, target: int, *, who: str) -> int:
        """State which document a mention means, of those it may mean. Returns the audit id, for :meth:`undo`.

        It holds for all mentions of the document that say the same, and outlives every new reading of the same file.
        Raises NotFound, UsageError.
        """
        with self._database.write() as connection:
            writer = DocumentWriter(connection, facts=self._facts)
            return writer.confirm(locate(connection, id), ordinal, locate(connection, target), who)

    def renew_known(self, text: str, reason: str, *, name: str, who: str) -> int:
        """Let *text*, a checked table of known documents, count before the program's tables. Returns the audit id.

        name: the table in words, for the audit list; who: by whom it was signed off.
        """
        with self._database.write() as connection:
            before = known_renewal.stored(connection)
            detail = {"documents": [], "names": [name], "who": who, "before": before, "after": text}
            entry = audit.note(connection, "known", reason, detail)
            _set_known(connection, text, facts=self._facts)
            return entry

    def undo(self, audit_id: int) -> int:
        """Take back a removal, a merge, a correction or a confirmation; the audit id of the undoing.

        Raises NotFound, UsageError.
        """
        with self._database.write() as connection:
            row = (
                connection.execute(select(audit_table).where(audit_table.c.id == audit_id)).mappings().first()
                if 0 <= audit_id <= LARGEST_ID
                else None
            )
            if row is None:
                raise NotFound(f"Không có việc số {audit_id} trong nhật ký.", "Xem `ocop audit`.")
            undoing = _UNDOING.get(row["action"])
            if row["undone_by"] is not None or undoing is None or "refused" in row["detail"]:
                raise UsageError("Việc này đã được hoàn tác hoặc không thể hoàn tác.", "Xem `ocop audit`.")
            detail = row["detail"]
            entry = audit.note(
                connection, "undo", f"hoàn tác {audit_id}", {"of": audit_id, "documents": detail["documents"]}
            )
            connection.execute(update(audit_table).where(audit_table.c.id == audit_id).values(undone_by=entry))
            undoing(DocumentWriter(connection, facts=self._facts), detail)
            if row["action"] == "known":
                resolve_if_stale(connection, self._facts)
            return entry

    def audit(self) -> list[AuditEntry]:
        """What was removed, merged, corrected and undone, first to last."""
        with self._database.read() as connection:
            return audit.entries(connection)

    def corrections(self) -> list[Correction]:
        """The corrections by people, latest first, undone ones included."""
        with self._database.read() as connection:
            return audit.corrections(connection)

    def lead_held(self, ids: Iterable[int]) -> None:
        """Let each held document of *ids* lead its group again, where the group is led by one that is only cited."""
        with self._database.write() as connection:
            writer = DocumentWriter(connection, facts=self._facts)
            touched: set[int] = set()
            for id in ids:
                groups.lead_group_if_held(connection, id)
                touched |= groups.group_of(connection, id)
            groups.record_group_changes(connection, touched)
            writer.settle_around(touched)


def _set_known(connection: Connection, text: str, *, facts: bool) -> None:
    known_renewal.store(connection, text)
    resolve_if_stale(connection, facts)


def _unrenew(writer: DocumentWriter, detail: Mapping[str, Any]) -> None:
    if known_renewal.stored(writer.connection) != detail["after"]:
        raise UsageError("Danh mục đã được cập nhật lần nữa sau việc này.", "Hãy hoàn tác lần cập nhật sau trước.")
    known_renewal.store(writer.connection, detail["before"])


def _unmerge(writer: DocumentWriter, detail: Mapping[str, Any]) -> None:
    writer.settle_around(groups.regroup(writer.connection, detail))


def _uncorrect(writer: DocumentWriter, detail: Mapping[str, Any]) -> None:
    row = writer.connection.execute(
        select(records.c.node_id, records.c.reader_version).where(records.c.sha256 == detail["sha256"])
    ).first()
    if row is not None:  # else removed meanwhile: nothing is left to correct
        node = int(row.node_id)
        writer.store(stored.load_as_read(writer.connection, node), row.reader_version, node)


def _restore(writer: DocumentWriter, detail: Mapping[str, Any]) -> None:
    """Restore a removed document under its id, and the groups it was in."""
    connection: Connection = writer.connection
    record = parse_record(detail["record"])
    connection.execute(delete(removed).where(removed.c.sha256 == record.sha256))
    if connection.execute(select(records.c.node_id).where(records.c.sha256 == record.sha256)).first():
        return  # it was read again meanwhile
    for path in detail["paths"]:
        stored.list_file(connection, record.sha256, path)
    node: int | None = int(detail["id"])
    if connection.execute(select(records.c.node_id).where(records.c.node_id == node)).first():
        node = None  # another file of the document took the id meanwhile
    else:
        connection.execute(delete(redirects).where(redirects.c.old_id == node))
        if connection.execute(select(nodes.c.id).where(nodes.c.id == node)).first() is None:
            connection.execute(insert(nodes).values(id=node, doc_key="", held=False, facts={}))
    writer.store(record, detail["reader_version"], node)
    if node is not None:  # back into the group it was in, where that merge was not undone
        writer.settle_around(groups.rejoin(connection, node))


#: How each action is taken back.
_UNDOING: dict[str, Callable[[DocumentWriter, Mapping[str, Any]], None]] = {
    "remove": _restore,
    "merge": _unmerge,
    "correct": _uncorrect,
    "confirm": _uncorrect,
    "known": _unrenew,
}
