"""Files into a library: what is known of their content, what was read of them, what must not be kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, literal, select, union_all

from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, Refused, TakenOut
from corpus.fold import nfc
from corpus.library import audit, containers, schema
from corpus.library import records as stored
from corpus.library.changes import last_change, record_changes
from corpus.library.claims import Affected
from corpus.library.containers import Container
from corpus.library.database import Database, chunks
from corpus.library.known_files import (
    Held,
    Known,
    Unread,
    check_not_refused,
    held_by,
    is_listed,
    note_files,
    note_unread,
)
from corpus.library.originals import Kept, Originals, check_hash
from corpus.library.places import place, place_of
from corpus.library.resolving import resolve_if_stale
from corpus.library.schema import failures, files, nodes, ocr_modes, records, refused, removed, settings
from corpus.library.status import failed_files
from corpus.library.values import Added, Corrected, Failed
from corpus.library.writing import DocumentWriter, Incoming
from corpus.model import Failure, Record, is_secret, pages_with_text

#: What is known of a file by its content: held and failed by the same reader, refused as secret, taken out by a person.
Seen = Literal["held", "failed", "refused", "removed"]

_Status = Literal["new", "updated", "unchanged", "duplicate"]

#: Errors that are of no document: they end a run.
_LIBRARY_TROUBLE = (LibraryBusy, LibraryDamaged, DiskFull)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file. original, words: as of :meth:`Intake.add`."""

    record: Record
    original: Path | None = None
    words: Sequence[str] | None = None


#: What became of a document in a transaction: its node and what it is to the library, or why it cannot be stored.
_Put = tuple[int, _Status] | Refused | TakenOut

#: What is known of a content, "held" and "failed" with the version of the reader; of most there is nothing.
_KNOWN = union_all(
    select(literal("failed").label("what"), failures.c.reader_version.label("version")).where(
        failures.c.sha256 == bindparam("hash")
    ),
    select(literal("held"), records.c.reader_version).where(records.c.sha256 == bindparam("hash")),
    select(literal("held"), schema.containers.c.reader_version).where(schema.containers.c.sha256 == bindparam("hash")),
    select(literal("refused"), literal("")).where(refused.c.sha256 == bindparam("hash")),
    select(literal("removed"), literal("")).where(removed.c.sha256 == bindparam("hash")),
)

_KEYS = select(nodes.c.id, nodes.c.doc_key).where(nodes.c.id.in_(bindparam("ids", expanding=True)))
_HASHES: BindParameter[Any] = bindparam("hashes", expanding=True)
#: Those of some contents of which something is known.
_KNOWN_ONES = union_all(
    *(
        select(table.c.sha256).where(table.c.sha256.in_(_HASHES))
        for table in (failures, records, schema.containers, refused, removed)
    )
)

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def _again(
    method: Callable[Concatenate[Intake, _Arguments], _Result],
) -> Callable[Concatenate[Intake, _Arguments], _Result]:
    """*method*, done again where the database's server is lost meanwhile. What is stored already is recognised."""

    @wraps(method)
    def repeated(self: Intake, /, *arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        return self.database.carried_out(lambda: method(self, *arguments, **options))

    return repeated


class Intake:
    """The way into one library. facts: resolve with the known-documents tables."""

    def __init__(self, database: Database, originals: Originals, *, facts: bool) -> None:
        #: Where it writes.
        self.database = database
        self._originals = originals
        self._facts = facts

    # ------------------------------------------------------------ what is known of a file

    @_again
    def seen(self, sha256: str, reader_version: str, path: str | None = None) -> Seen | None:
        """What is known of this content; None if it is to be read: not yet, by another reader, or not to its end.

        With *path*, a held file's further place is listed as a duplicate.
        """
        with self.database.read() as connection:
            known = {str(row.what): row.version for row in connection.execute(_KNOWN, {"hash": sha256})}
            if "held" not in known:
                return _seen_without_record(known, reader_version)
            row, container = held_by(connection, sha256), containers.find(connection, sha256)
            if row is not None and (row.reader_version != reader_version or row.incomplete):
                return None
            if container is not None and container.reader_version != reader_version:
                return None
            listed = path is None or is_listed(connection, sha256, nfc(path))
        if path is not None and not listed:
            with self.database.write() as connection:
                node = connection.execute(select(records.c.node_id).where(records.c.sha256 == sha256)).scalar()
                container = containers.find(connection, sha256)
                if node is not None or container is not None:
                    stored.list_file(connection, sha256, nfc(path))
                    nodes_changed = [] if node is None else [int(node)]
                    if container is not None:
                        nodes_changed += containers.list_parts(connection, container.parts, nfc(path))
                    record_changes(connection, nodes_changed)
        return "held"

    @_again
    def unknown(self, hashes: Collection[str]) -> set[str]:
        """The contents of which nothing is known: :meth:`seen` gives None of each, whatever the reader."""
        with self.database.read() as connection:
            found = [connection.execute(_KNOWN_ONES, {"hashes": part}).scalars().all() for part in chunks([*hashes])]
            return set(hashes).difference(*found)

    @_again
    def listed(self, sha256: str, path: str) -> bool:
        """Whether that content was found at that place before."""
        with self.database.read() as connection:
            return is_listed(connection, sha256, nfc(path))

    def reader_version_of(self, sha256: str) -> str | None:
        """The version of the reader that read that content; None where it is not held, or not to its end."""
        with self.database.read() as connection:
            row = held_by(connection, sha256)
            return None if row is None or row.incomplete else row.reader_version

    def count(self) -> int:
        """How many documents are held."""
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(records)).scalar_one())

    @_again
    def failures(self) -> list[Failed]:
        """The files that could not be read, and the documents refused (hash and reason alone)."""
        with self.database.read() as connection:
            return failed_files(connection)

    # ------------------------------------------------------------ documents

    @_again
    def add(
        self,
        record: Record,
        original: Path | None = None,
        *,
        reader_version: str = "1",
        again: bool = False,
        corrected: Iterable[Corrected] = (),
        words: Sequence[str] | None = None,
    ) -> Added:
        """Store what was read of one file, in one transaction; the same content again changes nothing.

        original: the file, copied under its hash; None leaves it out (tests). corrected: corrections made in another
        library, which are taken over where none was ever made here. words: of the text, where it was segmented already
        (:func:`corpus.segment.words`). A newer *reader_version*, or *again* (read
        with other settings), replaces what was read and keeps the id and the corrections; of two incomplete readings
        the one with more pages stays. Raises Refused for a secret document (only its hash and the reason stay),
        ReadFailure (the file changed while it was read), LibraryBusy, DiskFull, TakenOut (a person took it out).
        """
        reading = Reading(record, original, words)
        self._refuse_secret(record)
        kept = self._begin_to_keep([reading])
        _raise_first(kept())
        try:
            with self.database.write() as connection:
                resolve_if_stale(connection, self._facts)
                writer = DocumentWriter(connection, facts=self._facts)
                (put,), affected = self._put(writer, [reading], reader_version, again=again)
                if isinstance(put, Exception):
                    raise put
                node, status = put
                writer.settle(affected)
                corrections = tuple(corrected)
                if corrections and not audit.was_corrected(connection, record.sha256):
                    for one in corrections:
                        writer.correct(node, one.field, one.after, one.who)
                self._make_sure_of_originals([reading], [put], kept())
                return Added(node, status, _keys_of(connection, [node])[node])
        except Refused:
            self._originals.remove([record.sha256])  # copied before the refusal was seen
            raise

    @_again
    def add_all(
        self, readings: Sequence[Reading], failed: Sequence[Unread] = (), *, reader_version: str = "1"
    ) -> list[Added | Exception]:
        """Store several as :meth:`add` does, in one transaction; for each what became of it, or why it was not stored.

        failed: files that could not be read, which are noted with them (:meth:`fail`); no content is in both. What the
        documents affect is settled once. Where that cannot be done for all together, each is stored by itself. Raises
        LibraryBusy, DiskFull and LibraryDamaged; then none of them is stored that is not by another process.
        """
        outcomes: list[Added | Exception | None] = [self._problem(self._refuse_secret, one.record) for one in readings]
        waiting = [at for at, outcome in enumerate(outcomes) if outcome is None]
        noted = not failed
        if len(waiting) + len(failed) > 1:
            ready = [readings[at] for at in waiting]
            kept = self._begin_to_keep(ready)
            added: list[Added | None] = []
            try:
                noted = self._problem(self._add_together, ready, kept, added, failed, reader_version) is None
            finally:
                kept()  # nothing may be copied any more when a document turns out to be one that must not be kept
            for at, one_added in zip(waiting, added, strict=False):  # there are none where it could not be done
                outcomes[at] = one_added
        for at, one in enumerate(readings):
            if outcomes[at] is None:
                try:
                    outcomes[at] = self.add(one.record, one.original, reader_version=reader_version, words=one.words)
                except _LIBRARY_TROUBLE:
                    raise
                except Exception as error:
                    outcomes[at] = error
        for unread in () if noted else failed:
            self.fail(unread.path, unread.sha256, unread.failure, reader_version=reader_version)
        return [outcome for outcome in outcomes if outcome is not None]

    @staticmethod
    def _problem(work: Callable[..., None], *arguments: object) -> Exception | None:
        """Why *work* could not be done; None where it was. Trouble of the library is raised."""
        try:
            work(*arguments)
        except _LIBRARY_TROUBLE:
            raise
        except Exception as error:
            return error
        return None

    def _begin_to_keep(self, readings: Sequence[Reading]) -> Callable[[], list[Kept | Exception | None]]:
        """Begin to keep the originals of what was read. What is returned waits until that is done.

        It gives for each what tells it from another file, None for none, or why it could not be kept.
        """
        wanted = [(one.record.sha256, one.original) for one in readings if one.original is not None]
        begun = self._originals.begin_to_keep(wanted)

        def kept() -> list[Kept | Exception | None]:
            found = iter(begun())
            return [None if one.original is None else next(found) for one in readings]

        return cache(kept)

    def _make_sure_of_originals(
        self, readings: Sequence[Reading], put: Sequence[_Put], kept: Sequence[Kept | Exception | None]
    ) -> None:
        """Make sure that the originals of the documents just *put* are kept, before the transaction ends.

        They may have been deleted since they were copied, as no record had them yet. Raises what keeping them raises.
        """
        _raise_first(kept)
        for reading, one, what in zip(readings, kept, put, strict=True):
            is_stored = not isinstance(what, Exception) and what[1] in {"new", "updated"}
            if is_stored and reading.original is not None:
                self._originals.keep_again(reading.record.sha256, reading.original, one)

    def _refuse_secret(self, record: Record) -> None:
        """Raises Refused for a secret document, once that is noted."""
        if is_secret(record.secrecy):
            self.refuse(record.sha256, f"độ mật: {record.secrecy}")
            raise Refused(
                "Văn bản có dấu độ mật nên không được đưa vào kho; chỉ giữ mã băm và lý do.",
                "Hãy xử lý văn bản này theo quy định về bí mật nhà nước.",
            )

    def _add_together(
        self,
        readings: Sequence[Reading],
        kept: Callable[[], list[Kept | Exception | None]],
        added: list[Added | None],
        failed: Sequence[Unread],
        reader_version: str,
    ) -> None:
        """Store *readings* in one transaction, note the files that *failed* in it, and fill in *added*.

        kept: waits for the originals. A document that is refused meanwhile, or that cannot be stored, is left out; None
        is filled in for it.
        """
        put: list[_Put] = []
        affected = Affected()
        with self.database.write() as connection:
            resolve_if_stale(connection, self._facts)
            writer = DocumentWriter(connection, facts=self._facts)
            for round_ in _rounds(readings):
                done, own = self._put(writer, round_, reader_version)
                put += done
                affected |= own
            if put:
                writer.settle(affected)
            note_unread(connection, failed, reader_version)
            keys = _keys_of(connection, [one[0] for one in put if not isinstance(one, Exception)])
            self._make_sure_of_originals(readings, put, kept())
        added += [None if isinstance(one, Exception) else Added(*one, keys[one[0]]) for one in put]

    def _put(
        self, writer: DocumentWriter, readings: Sequence[Reading], reader_version: str, *, again: bool = False
    ) -> tuple[list[_Put], Affected]:
        """Store documents, each file and place once; for each what became of it, and what must be settled.

        Of one that cannot be stored (Refused, TakenOut) nothing is written.
        """
        connection = writer.connection
        known = Known(connection, [reading.record for reading in readings])
        put: list[_Put | None] = []
        affected = Affected()
        incoming: list[Incoming] = []
        for reading in readings:
            record, held = reading.record, known.held.get(reading.record.sha256)
            barred = None if held is not None else known.barred(record.sha256)
            newer = again or held is None or held.reader_version != reader_version
            if barred is not None:
                put.append(barred)
            elif held is not None and not _is_superseded_by(connection, held, record, newer):
                put.append((held.node_id, "unchanged" if known.is_listed(record) else "duplicate"))
                affected.changed |= set() if known.is_listed(record) else {held.node_id}
            else:
                incoming.append(Incoming(record, reader_version, held.node_id if held else None, reading.words))
                put.append(None)
        stored_now = [one.record for one, done in zip(readings, put, strict=True) if not isinstance(done, Exception)]
        note_files(connection, stored_now, known)
        if not incoming:
            return [one for one in put if one is not None], affected
        nodes_put, own = writer.put(incoming)
        affected |= own
        placed = iter(zip(incoming, nodes_put, strict=True))
        return [one or _placed(*next(placed)) for one in put], affected

    @_again
    def add_container(self, container: Container, original: Path) -> None:
        """Store a container whose documents were all dealt with; the same again changes nothing.

        original: the container, copied under its hash. Raises Refused (it, or a document in it, is refused),
        ReadFailure (the file changed meanwhile), LibraryBusy, DiskFull.
        """
        self._originals.keep(container.sha256, original)
        try:
            with self.database.write() as connection:
                for sha256 in (container.sha256, *(part.sha256 for part in container.parts)):
                    check_not_refused(connection, sha256)
                self._originals.keep(container.sha256, original)  # deleted meanwhile, as no row had it yet
                connection.execute(delete(failures).where(failures.c.sha256 == container.sha256))
                containers.keep(connection, container)
        except Refused:
            self._originals.remove([container.sha256])
            raise

    @_again
    def containers(self) -> list[Container]:
        """The containers whose documents were all dealt with, by hash."""
        with self.database.read() as connection:
            return containers.all_containers(connection)

    @_again
    def fail(self, path: str, sha256: str, failure: Failure, *, reader_version: str = "1") -> None:
        """Record that a file could not be read; a later good reading of the same content takes its place."""
        with self.database.write() as connection:
            note_unread(connection, [Unread(path, sha256, failure)], reader_version)

    @_again
    def refuse(self, sha256: str, reason: str) -> None:
        """Note a document that must not be kept: its hash and the reason alone. Raises LibraryDamaged (no hash).

        A container that holds it is refused with it.
        """
        check_hash(sha256)
        with self.database.read() as connection:
            holders = containers.holders(connection, sha256)
        for holder in holders:
            if holder != sha256:
                self.refuse(holder, f"bên trong có văn bản mật ({reason})")
        with self.database.write() as connection:
            self.database.overwrite_deleted(connection)
            node = connection.execute(select(records.c.node_id).where(records.c.sha256 == sha256)).scalar()
            if node is not None:  # an older reader had not seen the mark
                DocumentWriter(connection, facts=self._facts).take_out(int(node))
            audit.forget(connection, sha256, node)
            for table in (failures, refused, removed, files, ocr_modes, schema.containers, schema.words):
                connection.execute(delete(table).where(table.c.sha256 == sha256))
            connection.execute(insert(refused).values(sha256=sha256, reason=reason))
            if node is not None:
                connection.execute(delete(settings).where(settings.c.name == "forgotten"))
                connection.execute(insert(settings).values(name="forgotten", value=str(last_change(connection))))
        if node is not None:  # the names of pictures do not show to which document they belong
            for picture in (self.database.folder / "pictures").glob("*"):
                picture.unlink(missing_ok=True)
        self._originals.remove([sha256])  # should the process be killed here, the next opening does it
        self.database.forget_deleted()  # nor may its text stay in the log

    def remove_refused_originals(self) -> None:
        """Delete the originals of documents refused by a process that was killed before it could."""
        with self.database.read() as connection:
            hashes = list(connection.execute(select(refused.c.sha256)).scalars())
        self._originals.remove(hashes)

    # ------------------------------------------------------------ reading modes

    def ocr_modes(self) -> dict[str, str]:
        """Files that are to be read in a mode of their own: content hash → mode (auto, redo, force, off)."""
        with self.database.read() as connection:
            return {row.sha256: row.mode for row in connection.execute(select(ocr_modes))}

    def set_ocr_mode(self, sha256: str, mode: str) -> None:
        """Remember the mode in which the file of that content is to be read whenever it is read again."""
        with self.database.write() as connection:
            connection.execute(delete(ocr_modes).where(ocr_modes.c.sha256 == sha256))
            connection.execute(insert(ocr_modes).values(sha256=sha256, mode=mode))


def _seen_without_record(found: Mapping[str, str], reader_version: str) -> Seen | None:
    """What is *found* of a content that is not held: what it is, with the version of the reader."""
    if found.get("failed") == reader_version:
        return "failed"
    return "refused" if "refused" in found else "removed" if "removed" in found else None


def _placed(incoming: Incoming, node: int) -> tuple[int, _Status]:
    """What became of a document that was put."""
    return node, "new" if incoming.node is None else "updated"


def _rounds(readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """*readings* in pieces, in order: in none is a content or a place twice, or a file beside documents inside it."""
    piece: list[Reading] = []
    met: set[str] = set()
    around: set[str] = set()
    for one in readings:
        outer, own = place(one.record.path, None), {one.record.sha256, place_of(one.record)}
        if met & own or (outer in met if one.record.inside else outer in around):
            yield piece
            piece, met, around = [], set(), set()
        piece.append(one)
        met |= own
        around |= {outer} if one.record.inside else set()
    if piece:
        yield piece


def _raise_first(kept: Iterable[Kept | Exception | None]) -> None:
    """Raise the first of *kept* that is an error."""
    for one in kept:
        if isinstance(one, Exception):
            raise one


def _keys_of(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    return {int(row.id): str(row.doc_key) for row in connection.execute(_KEYS, {"ids": ids})}


def _is_superseded_by(connection: Connection, held: Held, record: Record, newer: bool) -> bool:
    """Whether *record* takes the place of the *held* row of the same file.

    newer: it was read by another reader or in another mode. A complete reading never gives way to an incomplete one.
    """
    if record.incomplete is None:
        return newer or held.incomplete
    if not held.incomplete:
        return False
    more = pages_with_text(record) - pages_with_text(stored.load(connection, held.node_id))
    return more > 0 or (newer and more == 0)
