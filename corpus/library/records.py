"""Stored records: a row of ``records`` with its citations and paths, and the record that it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, exc, insert, select

from corpus.errors import LibraryDamaged
from corpus.library import corrections, segmented
from corpus.library.places import place, split_place
from corpus.library.schema import files, mentions, records
from corpus.model import Record
from corpus.record_json import parse_record, record_values

#: Keys of a record that are kept outside the JSON column.
_APART = frozenset({"text", "citations", "path", "inside"})


def has_doubtful_number(record: Record) -> bool:
    """Whether the số ký hiệu of a record, or its number, needs review."""
    found = (record.fields.get(name) for name in ("so_ky_hieu", "number"))
    return any(evidence is not None and evidence.needs_review for evidence in found)


_ROW = select(records).where(records.c.node_id == bindparam("node"))
_BARE = select(records.c.node_id, records.c.record, records.c.text).where(
    records.c.node_id.in_(bindparam("ids", expanding=True))
)
_CITATIONS = select(mentions.c.citation).where(mentions.c.source_id == bindparam("node")).order_by(mentions.c.ordinal)
_PATH = select(files.c.path).where(files.c.sha256 == bindparam("sha256")).order_by(files.c.path)


def load(connection: Connection, node: int) -> Record:
    """The record of a held document, with the corrections by people. Raises LibraryDamaged."""
    return load_with_version(connection, node)[0]


def load_with_version(connection: Connection, node: int) -> tuple[Record, str]:
    """The same, and the version of the reader that read it. Raises LibraryDamaged."""
    try:
        row = connection.execute(_ROW, {"node": node}).mappings().one()
        citations = connection.execute(_CITATIONS, {"node": node}).scalars()
        at = connection.execute(_PATH, {"sha256": row["sha256"]}).scalar()
        path, inside = split_place(at or "")
        apart = {"path": path, "inside": inside, "text": row["text"], "citations": list(citations)}
        return parse_record({**row["record"], **apart}), str(row["reader_version"])
    except (exc.NoResultFound, ValueError, TypeError, KeyError) as error:
        raise _damaged(node) from error


def load_bare(connection: Connection, ids: Sequence[int]) -> dict[int, Record]:
    """The records of several held documents by node, without their citations and paths. Raises LibraryDamaged."""
    found: dict[int, Record] = {}
    for row in connection.execute(_BARE, {"ids": ids}):
        try:
            found[row.node_id] = parse_record({**row.record, "path": "", "text": row.text, "citations": []})
        except (ValueError, TypeError, KeyError) as error:
            raise _damaged(row.node_id) from error
    return found


def _damaged(node: int) -> LibraryDamaged:
    return LibraryDamaged(
        f"Bản ghi của văn bản #{node} trong kho bị hỏng.", "Hãy chạy `ocop doctor`, rồi nạp lại tệp đó."
    )


def load_as_read(connection: Connection, node: int) -> Record:
    """The record of a held document without the corrections by people. Raises LibraryDamaged."""
    record = load(connection, node)
    covered = connection.execute(select(records.c.covered).where(records.c.node_id == node)).scalar_one()
    corrections.restore(record, covered)
    return record


class Kept(NamedTuple):
    """What is kept of a record besides itself."""

    reader_version: str
    #: What was read where a correction stands (:func:`corpus.library.corrections.apply`).
    covered: dict[str, Any]
    #: See :func:`corpus.identity.area_of`.
    area: str
    #: The words of its text; None where they are not known.
    words: Sequence[str] | None


def store(connection: Connection, made: Sequence[tuple[int, Record, Kept]]) -> None:
    """Insert the rows of records: the node of each, and what is kept; citations and paths are stored by others."""
    rows = [
        {
            "node_id": node,
            "sha256": record.sha256,
            "reader_version": kept.reader_version,
            "incomplete": record.incomplete is not None,
            "record": record_values(record, _APART),  # each citation is kept with its mention
            "covered": kept.covered,
            "text": record.text,
            "area": kept.area,
        }
        for node, record, kept in made
    ]
    connection.execute(insert(records), rows)
    segmented.keep_all(connection, [(record.sha256, record.text, kept.words) for _, record, kept in made])


def list_files(connection: Connection, found: Iterable[tuple[str, str]]) -> None:
    """Note several files: (hash, path) of each, where nothing was found before."""
    rows = [{"sha256": sha256, "path": path} for sha256, path in found]
    if rows:
        connection.execute(insert(files), rows)


def list_file(connection: Connection, sha256: str, path: str) -> None:
    """Note that the file of that content was found at *path*, instead of another content found there before.

    path: a place (:mod:`corpus.library.places`). What was inside another file at that path is no longer there.
    """
    known = connection.execute(select(files.c.sha256).where(files.c.path == path)).scalar()
    if known == sha256:
        return
    if known is not None:
        within = files.c.path.startswith(place(path, "_")[:-1], autoescape=True)
        connection.execute(delete(files).where(within))
    connection.execute(delete(files).where(files.c.path == path))
    connection.execute(insert(files).values(sha256=sha256, path=path))
