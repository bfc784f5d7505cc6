"""What a library knows of files by their content: held, refused, taken out, and where they were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from corpus.errors import Refused, TakenOut
from corpus.fold import nfc
from corpus.library import records as stored
from corpus.library.database import chunks
from corpus.library.places import place_of
from corpus.library.schema import failures, files, records, refused, removed
from corpus.model import Failure, Record

_HELD = select(records.c.sha256, records.c.node_id, records.c.reader_version, records.c.incomplete).where(
    records.c.sha256.in_(bindparam("hashes", expanding=True))
)
_REFUSED = select(refused.c.sha256, refused.c.reason).where(refused.c.sha256.in_(bindparam("hashes", expanding=True)))
_REMOVED = select(removed.c.sha256).where(removed.c.sha256.in_(bindparam("hashes", expanding=True)))
_PLACES = select(files.c.path, files.c.sha256).where(files.c.path.in_(bindparam("paths", expanding=True)))
_NO_FAILURE = delete(failures).where(failures.c.sha256.in_(bindparam("hashes", expanding=True)))
_LISTED = select(files.c.id).where(files.c.path == bindparam("path"), files.c.sha256 == bindparam("hash"))


class Held(NamedTuple):
    """What is looked up of a stored record. incomplete: the file was not read to its end."""

    node_id: int
    reader_version: str
    incomplete: bool


def held_by(connection: Connection, sha256: str) -> Held | None:
    """The held record of that content; None where there is none."""
    return held_of(connection, [sha256]).get(sha256)


def held_of(connection: Connection, hashes: Sequence[str]) -> dict[str, Held]:
    """The held records of these contents, by hash."""
    return {
        str(row.sha256): Held(int(row.node_id), str(row.reader_version), bool(row.incomplete))
        for part in chunks(hashes)
        for row in connection.execute(_HELD, {"hashes": part})
    }


class Known:
    """What a library knows of some records before they are put."""

    def __init__(self, connection: Connection, found: Sequence[Record]) -> None:
        self.held: dict[str, Held] = {}
        #: Path → hash of the content found there.
        self.listed: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._removed: set[str] = set()
        for part in chunks(found):
            hashes = {"hashes": [record.sha256 for record in part]}
            self.held |= held_of(connection, hashes["hashes"])
            self._refused.update((row.sha256, row.reason) for row in connection.execute(_REFUSED, hashes))
            self._removed.update(connection.execute(_REMOVED, hashes).scalars())
            places = connection.execute(_PLACES, {"paths": [place_of(one) for one in part]})
            self.listed.update((row.path, row.sha256) for row in places)

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
    for part in chunks(found):
        connection.execute(_NO_FAILURE, {"hashes": [record.sha256 for record in part]})
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
