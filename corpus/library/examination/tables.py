"""Whether the tables agree with one another, and with what settling the records again would give."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from corpus import durable, storage_errors
from corpus.errors import LibraryDamaged
from corpus.library import records
from corpus.library.changes import record_changes
from corpus.library.dialects import Dialect
from corpus.library.dialects.sqlite import FILE
from corpus.library.examination.report import Visit
from corpus.library.library import Library
from corpus.library.resolving import rules

_LOST = "Hãy phục hồi từ bản sao lưu, hoặc gỡ rồi nạp lại văn bản ấy."

#: Message → query for the ids of rows that must not be. All of it follows from the records: resolving again repairs it.
_RESOLVED = {
    "Dẫn chiếu chỉ đến văn bản không có trong kho": """
        SELECT c.id FROM claims c, {candidates} LEFT JOIN nodes n ON n.id = j.value WHERE n.id IS NULL
        UNION SELECT c.id FROM claims c LEFT JOIN nodes n ON n.id = c.target_id
              WHERE c.target_id IS NOT NULL AND n.id IS NULL""",
    "Số lần dẫn chiếu đếm sai": """
        SELECT c.id FROM claims c
        LEFT JOIN (SELECT claim_id, count(DISTINCT source_id) AS n FROM mentions GROUP BY claim_id) m
            ON m.claim_id = c.id
        WHERE coalesce(m.n, 0) <> c.votes + c.hidden_votes""",
    "Mục chỉ được dẫn chiếu mà không còn văn bản nào dẫn": """
        SELECT n.id FROM nodes n WHERE NOT n.held AND NOT n.known_only AND n.merged_into IS NULL
        AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.target_id = n.id)
        AND NOT EXISTS (SELECT 1 FROM nodes m WHERE m.merged_into = n.id)
        AND n.id NOT IN (SELECT j.value FROM claims c, {candidates})""",
}
#: The same, of what nothing can make again.
_KEPT = {
    "Văn bản có trong kho mà mất bản ghi": """
        SELECT n.id FROM nodes n LEFT JOIN records r ON r.node_id = n.id WHERE n.held AND r.node_id IS NULL
        UNION SELECT r.node_id FROM records r JOIN nodes n ON n.id = r.node_id WHERE NOT n.held""",
    "Dẫn chiếu của văn bản không có bản ghi": """
        SELECT DISTINCT m.source_id FROM mentions m LEFT JOIN records r ON r.node_id = m.source_id
        WHERE r.node_id IS NULL""",
    "Văn bản gộp vào một văn bản đã gộp": """
        SELECT n.id FROM nodes n JOIN nodes h ON h.id = n.merged_into WHERE h.merged_into IS NOT NULL""",
}
#: Held documents that cannot be reached, as their group is led by one that is only cited.
_LED_BY_STUB = """
    SELECT n.id FROM nodes n JOIN nodes h ON h.id = n.merged_into WHERE n.held AND NOT h.held"""
#: Documents whose last change is recorded wrongly; recording them again repairs it.
_CHANGES = """
    SELECT n.id FROM nodes n LEFT JOIN changes c ON c.node_id = n.id
    WHERE n.merged_into IS NULL AND (c.node_id IS NULL OR c.kind <> 'put')
    UNION SELECT c.node_id FROM changes c LEFT JOIN nodes n ON n.id = c.node_id WHERE c.kind = 'put' AND n.id IS NULL
    UNION SELECT c.node_id FROM changes c WHERE c.seq > (SELECT value FROM counter)"""
_COUNTER = """
    UPDATE counter SET value = (SELECT max(seq) FROM changes) WHERE value < (SELECT max(seq) FROM changes)"""
_UNHELD_PATHS = """FROM files WHERE sha256 NOT IN (SELECT sha256 FROM records UNION SELECT sha256 FROM containers)"""


def examine_tables(visit: Visit) -> None:
    """Records, citations, merges, changes and places, by queries alone."""
    kept = dict(_KEPT)
    if (not_json := visit.library.database.dialect.not_json) is not None:
        kept["Bản ghi không phải JSON"] = not_json
    for message, query in kept.items():
        visit.add("ban_ghi", message, (f"#{id_}" for id_ in visit.ask(query)), _LOST)
    _examine_citations(visit)
    led = visit.ask(_LED_BY_STUB)
    visit.add(
        "gop",
        "Văn bản có trong kho bị gộp vào một mục chỉ được dẫn chiếu",
        led,
        fix=lambda: visit.library.edits.lead_held(led),
    )
    wrong = visit.ask(_CHANGES)
    visit.add("thay_doi", "Số thay đổi ghi sai", wrong, fix=lambda: _record_again(visit.library, wrong))
    visit.add(
        "duong_dan",
        "Đường dẫn của văn bản không có trong kho",
        visit.ask(f"SELECT path {_UNHELD_PATHS}"),
        fix=lambda: _forget_unheld_paths(visit.library),
    )
    for name in ("nodes", "records", "claims", "mentions"):
        visit.found.counts[name] = int(visit.ask(f"SELECT count(*) FROM {name}")[0])


def _examine_citations(visit: Visit) -> None:
    queries = _resolved(visit.library.database.dialect)
    wrong = {message: ids for message, query in queries.items() if (ids := visit.ask(query))}
    resolved_by = visit.ask("SELECT value FROM settings WHERE name = 'rules'")
    outdated = bool(resolved_by) and resolved_by[0] != rules(visit.library.facts)
    if (wrong or outdated) and visit.repair:
        visit.library.resolve_again()
    for message, ids in wrong.items():
        left = visit.ask(queries[message]) if visit.repair else []
        visit.add("dan_chieu", message, ids, fix=(lambda: None) if not left else None)
    if outdated:
        visit.add("dan_chieu", "Quy tắc hoặc bảng văn bản đã biết mới hơn kho", resolved_by, fix=lambda: None)


def _resolved(dialect: Dialect) -> dict[str, str]:
    """The queries of :data:`_RESOLVED` for one database."""
    return {message: query.format(candidates=dialect.candidates) for message, query in _RESOLVED.items()}


def _record_again(library: Library, ids: Sequence[int]) -> None:
    with library.database.write() as connection:
        there = _unmerged(connection)
        connection.exec_driver_sql(_COUNTER)
        record_changes(connection, [i for i in ids if i in there])
        record_changes(connection, [i for i in ids if i not in there], "delete")


def _unmerged(connection: Connection) -> set[int]:
    return {row[0] for row in connection.exec_driver_sql("SELECT id FROM nodes WHERE merged_into IS NULL")}


def _forget_unheld_paths(library: Library) -> None:
    with library.database.write() as connection:
        connection.exec_driver_sql(f"DELETE {_UNHELD_PATHS}")


def examine_records(visit: Visit) -> None:
    """Every record can be read, and its citations are within its text."""
    bad = []
    for id_ in visit.ask("SELECT node_id FROM records ORDER BY node_id"):
        try:
            with visit.library.database.read() as connection:
                record = records.load(connection, id_)
            if any(not 0 <= c.start <= c.end <= len(record.text) for c in record.citations):
                bad.append(f"#{id_}")
        except LibraryDamaged:
            bad.append(f"#{id_}")
    visit.add("ban_ghi", "Bản ghi không đọc được", bad, _LOST)


def examine_resolution(visit: Visit) -> None:
    """A copy of the library whose citations are resolved again from its records has the same content."""
    if any(f.code == "ban_ghi" for f in visit.found.findings):
        return
    library = visit.library
    with storage_errors.translated(), durable.scratch(library.folder) as place:
        library.database.snapshot(place / FILE)
        with Library.open(place, facts=library.facts) as copy:
            before = list(copy.view(restricted=True).dump())
            copy.resolve_again()
            changed = set(before) ^ set(copy.view(restricted=True).dump())
    keys = sorted({str(line.get("key") or line.get("source")) for line in map(json.loads, changed)})
    visit.add("dan_chieu", "Dẫn chiếu khác với khi định lại từ đầu", keys, fix=library.resolve_again)
