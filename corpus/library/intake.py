"""Files into a library: what is known of their content, what was read of them, what must not be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import Connection, delete, insert, select

from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, ReadFailure, Refused, TakenOut
from corpus.fold import nfc
from corpus.library import audit, containers, schema
from corpus.library import records as stored
from corpus.library.changes import last_change, record_changes
from corpus.library.claims import Affected
from corpus.library.containers import Container
from corpus.library.database import Database
from corpus.library.originals import Originals
from corpus.library.places import place_of
from corpus.library.resolving import resolve_if_stale
from corpus.library.schema import failures, files, nodes, ocr_modes, records, refused, removed, settings
from corpus.library.status import failed_files
from corpus.library.values import Added, Corrected, Failed
from corpus.library.writing import DocumentWriter
from corpus.model import Failure, Record, is_secret, pages_with_text

#: What is known of a file by its content: held and failed by the same reader, refused as secret, taken out by a person.
Seen = Literal["held", "failed", "refused", "removed"]


class _Held(NamedTuple):
    """What is looked up of a stored record. incomplete: the file was not read to its end."""

    node_id: int
    reader_version: str
    incomplete: bool


_Status = Literal["new", "updated", "unchanged", "duplicate"]

#: Errors that are of no document: they end a run.
_LIBRARY_TROUBLE = (LibraryBusy, LibraryDamaged, DiskFull)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file. original, words: as of :meth:`Intake.add`."""

    record: Record
    original: Path | None = None
    words: Sequence[str] | None = None


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
            row, container = _held(connection, sha256), containers.find(connection, sha256)
            if row is None and container is None:
                return _seen_without_record(connection, sha256, reader_version)
            if row is not None and (row.reader_version != reader_version or row.incomplete):
                return None
            if container is not None and container.reader_version != reader_version:
                return None
            listed = path is None or _is_listed(connection, sha256, nfc(path))
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
    def listed(self, sha256: str, path: str) -> bool:
        """Whether that content was found at that place before."""
        with self.database.read() as connection:
            return _is_listed(connection, sha256, nfc(path))

    def reader_version_of(self, sha256: str) -> str | None:
        """The version of the reader that read that content; None where it is not held, or not to its end."""
        with self.database.read() as connection:
            row = _held(connection, sha256)
            return None if row is None or row.incomplete else row.reader_version

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
        self._keep_original(reading)
        try:
            with self.database.write() as connection:
                resolve_if_stale(connection, self._facts)
                writer = DocumentWriter(connection, facts=self._facts)
                node, status, affected = self._put(writer, reading, reader_version, again=again)
                writer.settle(affected)
                corrections = tuple(corrected)
                if corrections and not audit.was_corrected(connection, record.sha256):
                    for one in corrections:
                        writer.correct(node, one.field, one.after, one.who)
                return Added(node, status, _keys_of(connection, [node])[node])
        except Refused:
            self._originals.remove(record.sha256)  # copied before the refusal was seen
            raise

    @_again
    def add_all(self, readings: Sequence[Reading], *, reader_version: str = "1") -> list[Added | Exception]:
        """Store several as :meth:`add` does, in one transaction; for each what became of it, or why it was not stored.

        What they affect is settled once. Where that cannot be done for all together, each is stored by itself. Raises
        LibraryBusy, DiskFull and LibraryDamaged; then none of them is stored that is not by another process.
        """
        outcomes: list[Added | Exception | None] = [self._problem(self._keep_original, one) for one in readings]
        waiting = [at for at, outcome in enumerate(outcomes) if outcome is None]
        if len(waiting) > 1:
            together = self._problem(self._add_together, readings, waiting, outcomes, reader_version)
            if together is not None:
                outcomes = [None if at in waiting else outcome for at, outcome in enumerate(outcomes)]
        for at, one in enumerate(readings):
            if outcomes[at] is None:
                try:
                    outcomes[at] = self.add(one.record, one.original, reader_version=reader_version, words=one.words)
                except _LIBRARY_TROUBLE:
                    raise
                except Exception as error:
                    outcomes[at] = error
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

    def _keep_original(self, reading: Reading) -> None:
        """Keep the original of what was read. Raises Refused, ReadFailure, DiskFull, OSError."""
        record = reading.record
        if is_secret(record.secrecy):
            self.refuse(record.sha256, f"độ mật: {record.secrecy}")
            raise Refused(
                "Văn bản có dấu độ mật nên không được đưa vào kho; chỉ giữ mã băm và lý do.",
                "Hãy xử lý văn bản này theo quy định về bí mật nhà nước.",
            )
        if reading.original is not None:
            self._originals.keep(record.sha256, reading.original)

    def _add_together(
        self,
        readings: Sequence[Reading],
        waiting: Sequence[int],
        outcomes: list[Added | Exception | None],
        reader_version: str,
    ) -> None:
        """Store those of *readings* that are *waiting*, in one transaction, and fill in their outcomes.

        One that is refused meanwhile, or that cannot be stored, is left out; its outcome is not filled in.
        """
        put: dict[int, tuple[int, _Status]] = {}
        with self.database.write() as connection:
            resolve_if_stale(connection, self._facts)
            writer = DocumentWriter(connection, facts=self._facts)
            affected = Affected()
            for at in waiting:
                with suppress(Refused, TakenOut, ReadFailure), connection.begin_nested():
                    node, status, own = self._put(writer, readings[at], reader_version)
                    put[at] = (node, status)
                    affected |= own
            writer.settle(affected)
            keys = _keys_of(connection, [node for node, _ in put.values()])
        for at, (node, status) in put.items():
            outcomes[at] = Added(node, status, keys[node])

    def _put(
        self, writer: DocumentWriter, reading: Reading, reader_version: str, *, again: bool = False
    ) -> tuple[int, _Status, Affected]:
        """Store one document; its node, what it is to the library, and what must be settled."""
        connection, record, original = writer.connection, reading.record, reading.original
        held = _held(connection, record.sha256)
        if held is None:
            _check_not_refused(connection, record.sha256)
        connection.execute(delete(failures).where(failures.c.sha256 == record.sha256))
        met = _is_listed(connection, record.sha256, place_of(record))
        stored.list_file(connection, record.sha256, place_of(record))
        newer = again or held is None or held.reader_version != reader_version
        if held is not None and not _is_superseded_by(connection, held, record, newer):
            if met:
                return held.node_id, "unchanged", Affected()
            return held.node_id, "duplicate", Affected(changed={held.node_id})
        if original is not None:  # deleted meanwhile, as no record had it yet
            self._originals.keep(record.sha256, original)
        node, affected = writer.put(record, reader_version, None if held is None else held.node_id, reading.words)
        return node, "new" if held is None else "updated", affected

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
                    _check_not_refused(connection, sha256, taken_out=False)
                self._originals.keep(container.sha256, original)  # deleted meanwhile, as no row had it yet
                connection.execute(delete(failures).where(failures.c.sha256 == container.sha256))
                containers.keep(connection, container)
        except Refused:
            self._originals.remove(container.sha256)
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
            connection.execute(delete(failures).where(failures.c.sha256 == sha256))
            if connection.execute(select(refused.c.sha256).where(refused.c.sha256 == sha256)).first():
                return
            connection.execute(
                insert(failures).values(
                    sha256=sha256,
                    path=nfc(path),
                    error=failure.error,
                    verdict=str(failure.verdict),
                    reader_version=reader_version,
                )
            )

    @_again
    def refuse(self, sha256: str, reason: str) -> None:
        """Note a document that must not be kept: its hash and the reason alone. Raises LibraryDamaged (no hash).

        A container that holds it is refused with it.
        """
        self._originals.path(sha256)  # raises for what is no hash
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
        self._originals.remove(sha256)  # should the process be killed here, the next opening does it
        self.database.forget_deleted()  # nor may its text stay in the log

    def remove_refused_originals(self) -> None:
        """Delete the originals of documents refused by a process that was killed before it could."""
        with self.database.read() as connection:
            hashes = list(connection.execute(select(refused.c.sha256)).scalars())
        for sha256 in hashes:
            self._originals.remove(sha256)

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


def _seen_without_record(connection: Connection, sha256: str, reader_version: str) -> Seen | None:
    failed = connection.execute(select(failures.c.reader_version).where(failures.c.sha256 == sha256)).scalar()
    if failed == reader_version:
        return "failed"
    if connection.execute(select(refused.c.sha256).where(refused.c.sha256 == sha256)).first():
        return "refused"
    if connection.execute(select(removed.c.sha256).where(removed.c.sha256 == sha256)).first():
        return "removed"
    return None


def _held(connection: Connection, sha256: str) -> _Held | None:
    """The held record of that content; None where there is none."""
    query = select(records.c.node_id, records.c.reader_version, records.c.incomplete)
    row = connection.execute(query.where(records.c.sha256 == sha256)).first()
    return None if row is None else _Held(int(row.node_id), str(row.reader_version), bool(row.incomplete))


def _keys_of(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    query = select(nodes.c.id, nodes.c.doc_key).where(nodes.c.id.in_(ids))
    return {int(row.id): str(row.doc_key) for row in connection.execute(query)}


def _is_listed(connection: Connection, sha256: str, path: str) -> bool:
    query = select(files.c.id).where(files.c.path == path, files.c.sha256 == sha256)
    return connection.execute(query).first() is not None


def _check_not_refused(connection: Connection, sha256: str, *, taken_out: bool = True) -> None:
    """A file that was refused or taken out, perhaps while it was read, stays so. Raises Refused, TakenOut.

    taken_out: look whether it was taken out, too.
    """
    reason = connection.execute(select(refused.c.reason).where(refused.c.sha256 == sha256)).scalar()
    if reason is not None:
        raise Refused(
            f"Văn bản mật, không được giữ ({reason}).", "Hãy xử lý văn bản này theo quy định về bí mật nhà nước."
        )
    if taken_out and connection.execute(select(removed.c.sha256).where(removed.c.sha256 == sha256)).first():
        raise TakenOut("Văn bản đã được gỡ khỏi kho.", "Muốn đưa lại vào kho thì hoàn tác bằng `ocop undo`.")


def _is_superseded_by(connection: Connection, held: _Held, record: Record, newer: bool) -> bool:
    """Whether *record* takes the place of the *held* row of the same file.

    newer: it was read by another reader or in another mode. A complete reading never gives way to an incomplete one.
    """
    if record.incomplete is None:
        return newer or held.incomplete
    if not held.incomplete:
        return False
    more = pages_with_text(record) - pages_with_text(stored.load(connection, held.node_id))
    return more > 0 or (newer and more == 0)
