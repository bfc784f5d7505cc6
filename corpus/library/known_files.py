"""What a library knows of files by their content: held, refused, taken out, and where they were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    Connection,
    Row,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    null,
    select,
    union_all,
)

from corpus.errors import Refused, TakenOut
from corpus.fold import nfc
from corpus.library import records as stored
from corpus.library.database import chunks
from corpus.library.places import place_of
from corpus.library.schema import failures, files, records, refused, removed
from corpus.model import Failure, Record

_HELD = select(records.c.node_id, records.c.reader_version, records.c.incomplete).where(
    records.c.sha256 == bindparam("hash")
)
_REFUSED = select(refused.c.sha256, refused.c.reason).where(refused.c.sha256.in_(bindparam("hashes", expanding=True)))
_HASHES: BindParameter[Any] = bindparam("hashes", expanding=True)
_NO_NUMBER, _NO_FLAG = cast(null(), BigInteger), cast(null(), Boolean)
#: All that is known of some files: of their contents, and what was found at their places.
_ALL = union_all(
    select(
        literal("held").label("what"),
        records.c.sha256.label("key"),
        records.c.reader_version.label("said"),
        records.c.node_id.label("node"),
        records.c.incomplete.label("incomplete"),
    ).where(records.c.sha256.in_(_HASHES)),
    *(
        select(literal(what), key, said, _NO_NUMBER, _NO_FLAG).where(condition)
        for what, key, said, condition in (
            ("refused", refused.c.sha256, refused.c.reason, refused.c.sha256.in_(_HASHES)),
            ("removed", removed.c.sha256, literal(""), removed.c.sha256.in_(_HASHES)),
            ("failed", failures.c.sha256, literal(""), failures.c.sha256.in_(_HASHES)),
            ("listed", files.c.path, files.c.sha256, files.c.path.in_(bindparam("paths", expanding=True))),
        )
    ),
)
_NO_FAILURE = delete(failures).where(failures.c.sha256.in_(bindparam("hashes", expanding=True)))
_LISTED = select(files.c.id).where(files.c.path == bindparam("path"), files.c.sha256 == bindparam("hash"))


class Held(NamedTuple):
    """What is looked up of a stored record. incomplete: the file was not read to its end."""

    node_id: int
    reader_version: str
    incomplete: bool


def held_by(connection: Connection, sha256: str) -> Held | None:
    """The held record of that content; None where there is none."""
    row = connection.execute(_HELD, {"hash": sha256}).first()
    return None if row is None else Held(int(row.node_id), str(row.reader_version), bool(row.incomplete))


class Known:
    """What a library knows of some records before they are put."""

    def __init__(self, connection: Connection, found: Sequence[Record]) -> None:
        self.held: dict[str, Held] = {}
        #: Path → hash of the content found there.
        self.listed: dict[str, str] = {}
        #: Contents that could not be read before.
        self.failed: list[str] = []
        self._refused: dict[str, str] = {}
        self._removed: set[str] = set()
        for part in chunks(found):
            values = {"hashes": [record.sha256 for record in part], "paths": [place_of(record) for record in part]}
            for row in connection.execute(_ALL, values):
                self._note(row)

    def _note(self, row: Row[Any]) -> None:
        match row.what:
            case "held":
                self.held[row.key] = Held(int(row.node), str(row.said), bool(row.incomplete))
            case "refused":
                self._refused[row.key] = row.said
            case "removed":
                self._removed.add(row.key)
            case "failed":
                self.failed.append(row.key)
            case "listed":
                self.listed[row.key] = row.said

    def is_listed(self, record: Record) -> bool:
        """Whether that content was found at that place before."""
        return self.listed.get(place_of(record)) == record.sha256

    def barred(self, sha256: str) -> Refused | TakenOut | None:
        """Why a file must not be kept: it was refused or taken out, perhaps while it was read."""
        if sha256 in self._refused:
            return _refusal(self._refused[sha256])
        if sha256 in self._removed:
            return TakenOut("Văn bản đã được gỡ khỏi kho.", "Muốn đưa lại vào kho thì hoàn tác bằng `ocop undo`.")
        return None


def note_files(connection: Connection, found: Sequence[Record], known: Known) -> None:
    """Note where these contents were found, and that they could be read."""
    read_now = {record.sha256 for record in found}
    for part in chunks([sha256 for sha256 in known.failed if sha256 in read_now]):
        connection.execute(_NO_FAILURE, {"hashes": part})
    new = [record for record in found if not known.is_listed(record)]
    for record in new:
        if place_of(record) in known.listed:  # another content was found there
            stored.list_file(connection, record.sha256, place_of(record))
    fresh = [(record.sha256, place_of(record)) for record in new if place_of(record) not in known.listed]
    stored.list_files(connection, fresh)


class Unread(NamedTuple):
    """A file that could not be read. path: its place in the library."""

    path: str
    sha256: str
    failure: Failure


def note_unread(connection: Connection, found: Sequence[Unread], reader_version: str) -> None:
    """Note that these files could not be read, each content once; those that were refused are left out."""
    for part in chunks(found):
        hashes = [one.sha256 for one in part]
        connection.execute(_NO_FAILURE, {"hashes": hashes})
        barred = {row.sha256 for row in connection.execute(_REFUSED, {"hashes": hashes})}
        rows = [
            {
                "sha256": one.sha256,
                "path": nfc(one.path),
                "error": one.failure.error,
                "verdict": str(one.failure.verdict),
                "reader_version": reader_version,
            }
            for one in part
            if one.sha256 not in barred
        ]
        if rows:
            connection.execute(insert(failures), rows)


def is_listed(connection: Connection, sha256: str, path: str) -> bool:
    """Whether that content was found at that path before."""
    return connection.execute(_LISTED, {"path": path, "hash": sha256}).first() is not None


def check_not_refused(connection: Connection, sha256: str) -> None:
    """A file that was refused, perhaps while it was read, stays so. Raises Refused."""
    for row in connection.execute(_REFUSED, {"hashes": [sha256]}):
        raise _refusal(row.reason)


def _refusal(reason: str) -> Refused:
    return Refused(
        f"Văn bản mật, không được giữ ({reason}).", "Hãy xử lý văn bản này theo quy định về bí mật nhà nước."
    )
