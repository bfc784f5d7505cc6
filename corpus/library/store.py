"""The library: one folder with the originals, the database and (the search room's) index.

::

    originals/<sha256[:2]>/<sha256>   the files as they came
    library.db                        SQLite, WAL
    index/                            kept by the search room from :meth:`Library.changes`

Many readers, one writer at a time (others wait ``busy_seconds``); one document a transaction. An open
:class:`Library` may be used from several threads: each call takes a connection of its own.

Reading::

    with Library.open(folder) as library:
        document = library.document(library.find("490/QĐ-TTg")[0].id)
        for edge in library.cites(document.id): ...

Documents marked LƯU HÀNH NỘI BỘ or XEM XONG TRẢ LẠI, and what only they cite, show only with
``include_restricted=True``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from filelock import FileLock
from sqlalchemy import (
    Connection,
    RowMapping,
    create_engine,
    delete,
    distinct,
    event,
    exc,
    func,
    insert,
    or_,
    select,
    update,
)

from corpus import durable, identity, storage_errors
from corpus.errors import Ambiguous, LibraryDamaged, NotFound, ReadFailure, Refused, TakenOut, UsageError
from corpus.fold import clean, letters, nfc, squeeze
from corpus.identity import Facts
from corpus.law import effect
from corpus.law import known_documents as known
from corpus.library import corrections, groups, lookup, resolve, schema
from corpus.library import rows as view
from corpus.library.indexed import Indexed
from corpus.library.schema import (
    audit,
    changes,
    claims,
    counter,
    failures,
    files,
    mentions,
    nodes,
    records,
    redirects,
    refused,
    removed,
    settings,
)
from corpus.library.settling import Outcome, Settling, Strangers, mark, new_id
from corpus.library.values import (
    Added,
    AuditEntry,
    Change,
    Considered,
    Corrected,
    Correction,
    Document,
    Edge,
    Failed,
    Held,
    Mention,
    Reference,
    Said,
    Status,
    Summary,
)
from corpus.model import Citation, Failure, Record, is_secret, pages_read, unfinished

#: Raised when the rules of resolution change: a library settled by other rules is settled again.
RULES = "3"

_HASH = re.compile(r"[0-9a-f]{64}")
#: Where the doctor puts originals that no paper stands for: perhaps the only copies of what an older database lacks.
STRAYS = "mo-coi"
#: Tables of which a file's hash leads to files of the folder.
HASHED = ("records", "refused", "removed", "failures", "files")
_RESTRICTED = {"LUUHANHNOIBO", "XEMXONGTRALAI"}
_RELATION_ORDER = ("can_cu", "theo_de_nghi", "thuc_hien", "trien_khai", "thay_the", "bai_bo", "sua_doi_bo_sung")

#: Ids are 64-bit integers.
_LARGEST_ID = 2**63 - 1


#: Documents that say each claim, counted anew.
_VOTES = """
    UPDATE claims SET
    votes = (SELECT count(DISTINCT m.source_id) FROM mentions m JOIN nodes n ON n.id = m.source_id
             WHERE m.claim_id = claims.id AND NOT n.restricted),
    hidden_votes = (SELECT count(DISTINCT m.source_id) FROM mentions m JOIN nodes n ON n.id = m.source_id
                    WHERE m.claim_id = claims.id AND n.restricted)
"""


class Library:
    """A library folder. Use :meth:`open`; close it, or use it as a context manager."""

    def __init__(self, folder: Path, *, facts: bool, busy_seconds: float) -> None:
        self.folder = folder
        self.facts = facts
        self._engine = create_engine(
            f"sqlite:///{folder / 'library.db'}",
            connect_args={"timeout": busy_seconds},
            pool_size=8,
            max_overflow=64,
            pool_use_lifo=True,  # the last one used has the pages that are asked for; others need not keep them too
            hide_parameters=True,  # what a paper says does not belong in a log
        )

        @event.listens_for(self._engine, "connect")
        def _connect(raw: sqlite3.Connection, _: object) -> None:
            raw.isolation_level = None  # transactions are begun below, not by the driver
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF"):
                raw.execute(f"PRAGMA {pragma}").close()

        @event.listens_for(self._engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    # ------------------------------------------------------------ opening

    @classmethod
    def open(
        cls,
        folder: Path | str,
        create: bool = False,
        *,
        facts: bool = True,
        busy_seconds: float = 60.0,
        look: bool = False,
    ) -> Library:
        """Open the library in *folder*, bringing an older schema up to date and clearing away what killed programs left.

        create: make it when there is none. facts: resolve with the known-documents tables. look: leave all as it is, to
        read it only; an older schema counts as damage then.
        Raises NotFound (no library there), LibraryDamaged, LibraryBusy.
        """
        folder = Path(folder)
        if not (folder / "library.db").exists() and not create:
            raise NotFound(f"Chưa có kho văn bản ở {folder}.", "Hãy chạy `ocop ingest` để lập kho.")
        library = cls(folder, facts=facts, busy_seconds=busy_seconds)
        try:
            if look:
                library._must_be_current()
            else:
                with storage_errors.told():
                    durable.make_folder(folder / "originals")
                library._migrate()
                library._sweep()
        except (exc.DatabaseError, LookupError) as error:
            library.close()
            raise LibraryDamaged(
                f"Không mở được kho ở {folder}: tệp library.db hỏng hoặc do phiên bản mới hơn lập.",
                "Hãy dùng bản sao lưu (`ocop restore`), hoặc cập nhật chương trình.",
            ) from error
        except BaseException:
            library.close()
            raise
        return library

    def _sweep(self) -> None:
        """Clear away what a killed process left: files half copied, and originals of papers refused since."""
        for half in (self.folder / "originals").glob(f"*/{durable.ASIDE}*"):
            if durable.spare(half):
                with contextlib.suppress(OSError):
                    half.unlink()
        with self._read() as connection:
            for sha256 in connection.execute(select(refused.c.sha256)).scalars():
                self._unlink(sha256)

    def _unlink(self, sha256: str) -> None:
        """Take the file of that content off the disk, wherever it lies."""
        for path in (self.original(sha256), self.folder / STRAYS / sha256):
            path.unlink(missing_ok=True)

    def _must_be_current(self) -> None:
        with self._read() as connection:
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if at != schema.REVISION:
            raise LookupError(at)

    def _migrate(self) -> None:
        with self._read() as connection, contextlib.suppress(exc.OperationalError):
            at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if at == schema.REVISION:
                return
        from corpus.library import migrations  # Alembic is slow to import and seldom needed

        with FileLock(self.folder / "library.lock"), self._write() as connection:
            if migrations.revision(connection) is None and self._has_originals():
                raise LibraryDamaged(
                    f"Thư mục {self.folder} còn tệp gốc nhưng library.db trống hoặc đã mất.",
                    "Hãy phục hồi từ bản sao lưu: ocop restore TỆP --library THƯ_MỤC_MỚI; hoặc dời thư mục originals đi.",
                )
            migrations.upgrade(connection)
            if connection.execute(select(counter.c.value)).first() is None:
                connection.execute(insert(counter).values(name="changes", value=0))

    def _has_originals(self) -> bool:
        return next((self.folder / "originals").glob("[0-9a-f][0-9a-f]/[0-9a-f]*"), None) is not None

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with storage_errors.told(), self._engine.connect() as connection, connection.begin():
                yield connection
        except json.JSONDecodeError as error:  # a column of the database: nothing else is decoded in here
            raise LibraryDamaged(
                "Có bản ghi trong kho bị hỏng.", "Hãy chạy `ocop doctor` để biết là văn bản nào."
            ) from error

    @contextlib.contextmanager
    def _write(self) -> Iterator[Connection]:
        with storage_errors.told():
            writer = self._engine.connect().execution_options(begin="BEGIN IMMEDIATE")
            with writer as connection, connection.begin():
                yield connection

    # ------------------------------------------------------------ writing

    def original(self, sha256: str) -> Path:
        """Where the file of that content is kept. Raises LibraryDamaged for what is no hash: it would lead elsewhere."""
        if strange_hashes([sha256]):
            raise LibraryDamaged(
                f"Mã băm không hợp lệ: {sha256[:80]!r}.", "Hãy chạy `ocop doctor`, hoặc phục hồi từ bản sao lưu."
            )
        return self.folder / "originals" / sha256[:2] / sha256

    def seen(self, sha256: str, reader_version: str, path: str | None = None) -> str | None:
        """What is known of this content: "held", "failed" (both by this reader), "refused", "removed"; None if not yet
        read. With *path*, a held file's further place is listed as a duplicate.
        """
        with self._read() as connection:
            version = connection.execute(select(records.c.reader_version).where(records.c.sha256 == sha256)).scalar()
            if version == reader_version:
                place = nfc(path) if path else None
                listed = (
                    place is None
                    or connection.execute(
                        select(files.c.id).where(files.c.path == place, files.c.sha256 == sha256)
                    ).first()
                )
                answer = "held"
            elif version is not None:
                return None
            else:
                failed = connection.execute(
                    select(failures.c.reader_version).where(failures.c.sha256 == sha256)
                ).scalar()
                if failed == reader_version:
                    return "failed"
                for table, word in ((refused, "refused"), (removed, "removed")):
                    if connection.execute(select(table.c.sha256).where(table.c.sha256 == sha256)).first():
                        return word
                return None
        if not listed:
            with self._write() as connection:
                node = connection.execute(select(records.c.node_id).where(records.c.sha256 == sha256)).scalar()
                if node is not None:
                    _list_file(connection, sha256, str(place))
                    mark(connection, [node])
        return answer

    def listed(self, sha256: str, path: str) -> bool:
        """Whether that content was met at that place before."""
        with self._read() as connection:
            query = select(files.c.id).where(files.c.path == nfc(path), files.c.sha256 == sha256)
            return connection.execute(query).first() is not None

    def add(
        self,
        record: Record,
        original: Path | None = None,
        *,
        reader_version: str = "1",
        again: bool = False,
        corrected: Iterable[Corrected] = (),
    ) -> Added:
        """Keep what was read of one file, in one transaction; the same content again changes nothing.

        original: the file, copied under its hash; None leaves it out (tests). corrected: what people put right in another
        library; it comes along where nobody here put anything right. A newer *reader_version*, or *again* (read
        with other settings), replaces what was read and keeps the id and the corrections. Raises Refused for a secret
        paper (nothing of it stays but hash and reason), ReadFailure (the file changed while it was read), LibraryBusy,
        DiskFull, TakenOut (a person took it out). Of two readings one of which was broken off the one with more pages stays.
        """
        if is_secret(record.secrecy):
            self._refuse(record.sha256, f"độ mật: {record.secrecy}")
            raise Refused(
                "Văn bản có dấu độ mật nên không được đưa vào kho; chỉ giữ mã băm và lý do.",
                "Hãy xử lý văn bản này theo quy định về bí mật nhà nước.",
            )
        if original is not None:
            self._keep_original(record.sha256, original)
        try:
            return self._added(record, original, nfc(record.path), reader_version, again, tuple(corrected))
        except Refused:
            self._unlink(record.sha256)  # copied before the refusal was seen
            raise

    def _added(
        self,
        record: Record,
        original: Path | None,
        path: str,
        reader_version: str,
        again: bool,
        corrected: Sequence[Corrected],
    ) -> Added:
        with self._write() as connection:
            self._settle_if_stale(connection)
            held = connection.execute(
                select(records.c.node_id, records.c.reader_version).where(records.c.sha256 == record.sha256)
            ).first()
            if held is None:
                self._must_be_welcome(connection, record.sha256)
            connection.execute(delete(failures).where(failures.c.sha256 == record.sha256))
            known_paths = set(
                connection.execute(select(files.c.path).where(files.c.sha256 == record.sha256)).scalars().all()
            )
            _list_file(connection, record.sha256, path)
            newer = again or held is None or held.reader_version != reader_version
            if held is not None and not self._gives_way(connection, held.node_id, record, newer):
                status = "unchanged" if path in known_paths else "duplicate"
                node = int(held.node_id)
                if status == "duplicate":
                    mark(connection, [node])
            else:
                if original is not None:  # swept away before the record stood for it
                    self._keep_original(record.sha256, original)
                status = "new" if held is None else "updated"
                node = self._lay(connection, record, reader_version, None if held is None else int(held.node_id))
            if corrected and not self._was_corrected(connection, record.sha256):
                for one in corrected:
                    self._correct(connection, node, one.field, one.after, one.who)
            key = connection.execute(select(nodes.c.doc_key).where(nodes.c.id == node)).scalar_one()
            return Added(node, cast(Any, status), key)

    def _must_be_welcome(self, connection: Connection, sha256: str) -> None:
        """A file may have been refused or taken out by somebody else while it was read: that stands."""
        reason = connection.execute(select(refused.c.reason).where(refused.c.sha256 == sha256)).scalar()
        if reason is not None:
            raise Refused(
                f"Văn bản mật, không được giữ ({reason}).", "Hãy xử lý văn bản này theo quy định về bí mật nhà nước."
            )
        if connection.execute(select(removed.c.sha256).where(removed.c.sha256 == sha256)).first():
            raise TakenOut("Văn bản đã được gỡ khỏi kho.", "Muốn đưa lại vào kho thì hoàn tác bằng `ocop undo`.")

    def _gives_way(self, connection: Connection, node: int, record: Record, newer: bool) -> bool:
        """Whether what is held of a file gives way to *record*: a whole reading to no part, a part to no smaller one."""
        if not unfinished(record):
            return newer
        held = self._record(connection, node)
        more = pages_read(record) - pages_read(held)
        return bool(unfinished(held)) and (more > 0 or (newer and more == 0))

    def version_of(self, sha256: str) -> str | None:
        """The version of the reader that read the file of that content; None where it is not held, or not to its end."""
        with self._read() as connection:
            row = connection.execute(
                select(records.c.node_id, records.c.reader_version).where(records.c.sha256 == sha256)
            ).first()
            return None if row is None or unfinished(self._record(connection, row.node_id)) else row.reader_version

    def readings(self) -> Iterator[Held]:
        """Every file that is held, as it was read and with what people put right, in the order it came."""
        with self._read() as connection:
            ids = connection.execute(select(records.c.node_id).order_by(records.c.node_id)).scalars().all()
        for id in ids:
            with self._read() as connection:
                row = connection.execute(
                    select(records.c.sha256, records.c.reader_version).where(records.c.node_id == id)
                ).first()
                if row is not None:
                    rows = self._corrections(connection, row.sha256)
                    yield Held(
                        self._as_read(connection, id), row.reader_version,
                        [Corrected(r["field"], r["after"], r["who"]) for r in rows],
                    )  # fmt: skip

    def ocr_modes(self) -> dict[str, str]:
        """Files that are to be read in a way of their own: content hash → mode (auto, redo, force, off)."""
        with self._read() as connection:
            rows = connection.execute(
                select(settings.c.name, settings.c.value).where(settings.c.name.like("ocr_mode %"))
            )
            return {row.name.removeprefix("ocr_mode "): row.value for row in rows}

    def keep_ocr_mode(self, sha256: str, mode: str) -> None:
        """Remember how the file of that content is to be read whenever it is read again."""
        with self._write() as connection:
            connection.execute(delete(settings).where(settings.c.name == f"ocr_mode {sha256}"))
            connection.execute(insert(settings).values(name=f"ocr_mode {sha256}", value=mode))

    def fail(self, path: str, sha256: str, failure: Failure, *, reader_version: str = "1") -> None:
        """Record that a file could not be read; a later good reading of the same content takes its place."""
        with self._write() as connection:
            connection.execute(delete(failures).where(failures.c.sha256 == sha256))
            if connection.execute(select(refused.c.sha256).where(refused.c.sha256 == sha256)).first():
                return
            connection.execute(
                insert(failures).values(
                    sha256=sha256,
                    path=nfc(path),
                    error=failure.error,
                    verdict=failure.verdict,
                    reader_version=reader_version,
                )
            )

    def refuse(self, sha256: str, reason: str) -> None:
        """Note a paper that must not be kept: its hash and the reason, nothing else."""
        self._refuse(sha256, reason)

    def _refuse(self, sha256: str, reason: str) -> None:
        self.original(sha256)  # raises for what is no hash
        with self._write() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")  # what is deleted is overwritten with zeros
            node = connection.execute(select(records.c.node_id).where(records.c.sha256 == sha256)).scalar()
            if node is not None:  # an older reader had not seen the mark
                self._take_out(connection, int(node))
            _forget_audited(connection, sha256, node)
            for table in (failures, refused, removed):
                connection.execute(delete(table).where(table.c.sha256 == sha256))
            connection.execute(delete(files).where(files.c.sha256 == sha256))
            connection.execute(delete(settings).where(settings.c.name == f"ocr_mode {sha256}"))
            connection.execute(insert(refused).values(sha256=sha256, reason=reason))
            if node is not None:
                last = connection.execute(select(counter.c.value)).scalar_one()
                connection.execute(delete(settings).where(settings.c.name == "forgotten"))
                connection.execute(insert(settings).values(name="forgotten", value=str(last)))
        if node is not None:  # pictures of pages do not tell whose they are
            for picture in (self.folder / "pictures").glob("*"):
                picture.unlink(missing_ok=True)
        self._unlink(sha256)  # should we be killed here, the next opening does it
        with self._engine.connect() as raw, contextlib.suppress(exc.OperationalError):
            raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # its text is not to stay in the log either

    def _keep_original(self, sha256: str, original: Path) -> None:
        target = self.original(sha256)
        if target.exists():
            with storage_errors.told():  # whoever put it there may not have come to this
                for place in (target.parent, target.parent.parent):
                    durable.sync_folder(place)
            return
        found = hashlib.sha256()
        with storage_errors.told():
            durable.make_folder(target.parent)
            with original.open("rb") as source, durable.writing(target) as out:
                while block := source.read(1 << 20):
                    found.update(block)
                    out.write(block)
                if found.hexdigest() != sha256:
                    raise ReadFailure("Tệp đã đổi trong khi được đọc.", "thay_doi", "Hãy nạp lại tệp.")

    def _lay(self, connection: Connection, read: Record, reader_version: str, node: int | None) -> int:
        """Store what was *read*, the corrections that stand laid over it; see :meth:`_put`."""
        corrections.forget_conclusions(read)
        made, covered = corrections.over(read, self._corrections(connection, read.sha256))
        return self._put(connection, made, covered, reader_version, node)

    def _put(
        self, connection: Connection, record: Record, covered: dict[str, Any], reader_version: str, node: int | None
    ) -> int:
        """Store a record under *node* (None: the stub it turns out to be, else a new id) and settle around it.

        covered: what was read where a person's word stands (:func:`corpus.library.corrections.over`).
        """
        settling = Settling(connection, self.facts)
        area = identity.area_of(record)
        own = identity.of_record(record, area)
        reads = resolve.within(record, facts=self.facts)
        restricted = bool(record.circulation) and letters(record.circulation or "") in _RESTRICTED
        unsure = any(e.needs_review for e in record.fields.values())
        doubtful = any(
            (e := record.fields.get(name)) is not None and e.needs_review for name in ("so_ky_hieu", "number", "issuer")
        )
        bucket, name_bucket = identity.bucket(own), identity.name_bucket(own)
        touched: set[str] = {b for b in (bucket,) if b}
        touched_names: set[str] = {b for b in (name_bucket,) if b}
        facts = {"f": own.as_json(), "source": record.sha256, "doubtful": doubtful, "conflicts": {}}
        values: dict[str, Any] = {
            "doc_key": identity.key_of(own) if bucket else identity.draft_key(own, record.sha256),
            "held": True,
            "restricted": restricted,
            "bucket": bucket,
            "name_bucket": name_bucket,
            "doc_type": record.doc_type,
            "so_ky_hieu": record.so_ky_hieu,
            "number_key": own.number,
            "sym_key": own.sym_key,
            "date": record.date,
            "issuer": record.issuer,
            "issuer_key": own.issuer_key,
            "title": record.title,
            "unsure": unsure,
            "known_only": False,
            "facts": facts,
        }
        if node is None and bucket:
            node = settling.stub_of(bucket, own, record.sha256, doubtful)
        elif node is not None:
            old = connection.execute(select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id == node)).one()
            touched |= {b for b in (old.bucket,) if b}
            touched_names |= {b for b in (old.name_bucket,) if b}
            touched_o, names_o = settling.drop_mentions(node)
            touched |= touched_o
            touched_names |= names_o
            # Of this file alone: another's record is nobody's to overwrite.
            connection.execute(delete(records).where(records.c.node_id == node, records.c.sha256 == record.sha256))
        if node is None:
            node = new_id(connection.execute(insert(nodes).values(**values)))
        else:
            connection.execute(update(nodes).where(nodes.c.id == node).values(**values))
            settling.lead_group(node)
        body = record.as_json()
        for name in ("text", "citations", "path"):
            del body[name]
        connection.execute(
            insert(records).values(
                node_id=node,
                sha256=record.sha256,
                reader_version=reader_version,
                record=body,
                covered=covered,
                text=record.text,
                area=area,
            )
        )
        citing = record.date or record.date_inferred
        claimed, names = settling.say(node, record, reads, citing, restricted)
        touched |= claimed
        touched_names |= names
        mark(connection, [node])
        settling.settle(touched, touched_names)
        return node

    def _rules(self) -> str:
        return f"{RULES}:{known.version() if self.facts else '-'}"

    def _settle_if_stale(self, connection: Connection) -> None:
        """The known-documents tables or the rules changed since the library was settled: settle it all again."""
        before = connection.execute(select(settings.c.value).where(settings.c.name == "rules")).scalar()
        if before == self._rules():
            return
        connection.execute(delete(settings).where(settings.c.name == "rules"))
        connection.execute(insert(settings).values(name="rules", value=self._rules()))
        if before is not None:
            self._settle_all(connection)

    def settle(self) -> None:
        """Resolve every citation again, as when the known-documents tables have changed."""
        with self._write() as connection:
            self._settle_if_stale(connection)
            self._settle_all(connection)

    def mend_original(self, sha256: str, source: Path) -> None:
        """Keep the original of that content again where it is gone. Raises ReadFailure, DiskFull."""
        if not self.original(sha256).exists():
            self._keep_original(sha256, source)

    def _settle_all(self, connection: Connection) -> None:
        settling = Settling(connection, self.facts)
        touched: set[str] = set()
        names: set[str] = set()
        for row in connection.execute(
            select(records.c.node_id, nodes.c.restricted, nodes.c.facts).join(nodes, nodes.c.id == records.c.node_id)
        ).all():
            record = self._record(connection, int(row.node_id))
            area = identity.area_of(record)
            own = identity.of_record(record, area)
            for citation in record.citations:
                citation.issuer_resolved = None
                citation.target = "self" if citation.target == "self" else None
            reads = resolve.within(record, facts=self.facts)
            dropped = settling.drop_mentions(row.node_id)
            touched |= dropped[0]
            names |= dropped[1]
            claimed = settling.say(row.node_id, record, reads, record.date or record.date_inferred, row.restricted)
            touched |= claimed[0]
            names |= claimed[1]
            bucket, name = identity.bucket(own), identity.name_bucket(own)
            values = {"bucket": bucket, "name_bucket": name, "issuer_key": own.issuer_key}
            connection.execute(
                update(nodes).where(nodes.c.id == row.node_id).values(facts={**row.facts, "f": own.as_json()}, **values)
            )
            connection.execute(update(records).where(records.c.node_id == row.node_id).values(area=area))
        connection.exec_driver_sql(_VOTES)
        connection.execute(delete(claims).where(claims.c.votes + claims.c.hidden_votes == 0))
        for table in (claims, nodes):
            touched |= {b for b in connection.execute(select(table.c.bucket).distinct()).scalars() if b}
            names |= {n for n in connection.execute(select(table.c.name_bucket).distinct()).scalars() if n}
        settling.settle(touched, names)

    # ------------------------------------------------------------ what a person does

    def remove(self, id: int, reason: str) -> int:
        """Take a held document out; where it is cited a stub remains. Returns the audit id, for :meth:`undo`.

        The original file stays in the folder until the audit entry is purged. Raises NotFound, UsageError.
        """
        if not reason.strip():
            raise UsageError("Cần nêu lý do gỡ văn bản.", "Thêm --reason.")
        with self._write() as connection:
            node = self._locate(connection, id)
            held = connection.execute(select(nodes).where(nodes.c.id == node)).mappings().one()
            if not held["held"]:
                raise UsageError("Văn bản này không có tệp trong kho (chỉ được dẫn chiếu).", "Không có gì để gỡ.")
            row = connection.execute(select(records).where(records.c.node_id == node)).mappings().one()
            record = self._as_read(connection, node)
            paths = list(connection.execute(select(files.c.path).where(files.c.sha256 == row["sha256"])).scalars())
            detail = {
                "id": node,
                "documents": [held["doc_key"]],
                "names": [view.summary(held).name],
                "record": record.as_json(),
                "reader_version": row["reader_version"],
                "paths": sorted(paths),
            }
            entry = _note(connection, "remove", reason, detail)
            connection.execute(insert(removed).values(sha256=row["sha256"], audit_id=entry))
            connection.execute(delete(files).where(files.c.sha256 == row["sha256"]))
            self._take_out(connection, node)
            return entry

    def _take_out(self, connection: Connection, node: int) -> None:
        settling = Settling(connection, self.facts)
        row = connection.execute(select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id == node)).one()
        touched, names = settling.drop_mentions(node)
        connection.execute(delete(records).where(records.c.node_id == node))
        connection.execute(
            update(nodes).where(nodes.c.id == node).values(held=False, restricted=False, unsure=False, facts={})
        )
        mark(connection, [node])
        members = groups.group_of(connection, node) - {node}
        heir = self._heir(connection, settling, node)
        if row.bucket:
            settling.settle(touched | {row.bucket}, names | {n for n in (row.name_bucket,) if n})
        else:
            settling.settle(touched, names)
            connection.execute(update(nodes).where(nodes.c.merged_into == node).values(merged_into=None))
        if members:  # what was said of them was said of the one that led them
            self._resettle_nodes(connection, members)
            groups.tell(connection, members)
        if not row.bucket:
            connection.execute(delete(nodes).where(nodes.c.id == node))
            if heir is not None:
                connection.execute(insert(redirects).values(old_id=node, new_id=heir))
            mark(connection, [node], "delete")

    def _heir(self, connection: Connection, settling: Settling, node: int) -> int | None:
        """Of the scans of one paper that *node* led another leads now; its id, None where none is held."""
        query = select(nodes.c.id).where(nodes.c.merged_into == node, nodes.c.held.is_(True)).order_by(nodes.c.id)
        heir = connection.execute(query).scalar()
        if heir is None:
            return None
        settling.lead_group(int(heir))
        return int(heir)

    def lead_held(self, ids: Iterable[int]) -> None:
        """Let each held document of *ids* lead its group again, where the group is led by one that is only cited."""
        with self._write() as connection:
            settling = Settling(connection, self.facts)
            touched: set[int] = set()
            for id in ids:
                settling.lead_group(id, if_held=True)
                touched |= groups.group_of(connection, id)
            groups.tell(connection, touched)
            self._resettle_nodes(connection, touched)

    def merge(self, a: int, b: int, reason: str) -> int:
        """Say that *a* and *b* are one document; *a* stays, *b*'s address leads to it. Returns the audit id.

        When only *b* is held it is *b* that stays. Raises NotFound, UsageError.
        """
        if not reason.strip():
            raise UsageError("Cần nêu lý do gộp hai văn bản.", "Thêm --reason.")
        with self._write() as connection:
            keep, drop = self._locate(connection, a), self._locate(connection, b)
            if keep == drop:
                raise UsageError("Hai địa chỉ này đã là một văn bản.", "Không có gì để gộp.")
            rows = {
                r["id"]: r for r in connection.execute(select(nodes).where(nodes.c.id.in_([keep, drop]))).mappings()
            }
            if rows[drop]["held"] and not rows[keep]["held"]:
                keep, drop = drop, keep
            members = groups.join(connection, keep, drop)
            detail = {
                "keep": keep,
                "drop": drop,
                "members": members,
                "documents": [rows[keep]["doc_key"], rows[drop]["doc_key"]],
                "names": [view.summary(rows[keep]).name, view.summary(rows[drop]).name],
            }
            entry = _note(connection, "merge", reason, detail)
            self._resettle_nodes(connection, [keep, *members])
            groups.tell(connection, [keep, *members])
            return entry

    def correct(self, id: int, field: str, value: str | None, *, who: str) -> int:
        """Put a field of a held document right (or, with its own value, accept it). Returns the audit id, for undo.

        What was read stays in the audit list; the correction outlives every new reading of the same file. Raises
        NotFound, UsageError (see :func:`corpus.library.corrections.normal`).
        """
        value = corrections.normal(field, value)
        with self._write() as connection:
            return self._correct(connection, self._locate(connection, id), field, value, who)

    def _correct(self, connection: Connection, node: int, field: str, value: str | None, who: str) -> int:
        row = connection.execute(
            select(records.c.sha256, records.c.reader_version).where(records.c.node_id == node)
        ).first()
        if row is None:
            raise UsageError("Văn bản này không có tệp trong kho.", "Không có gì để sửa.")
        was = corrections.before(self._record(connection, node), field)
        name = connection.execute(select(nodes.c.doc_key).where(nodes.c.id == node)).scalar_one()
        detail = {
            "documents": [name], "id": node, "sha256": row.sha256, "field": field, "who": who,
            "before": was, "after": value,
        }  # fmt: skip
        entry = _note(connection, "correct", f"{who}: {field}", detail)
        self._lay(connection, self._as_read(connection, node), row.reader_version, node)
        return entry

    def _was_corrected(self, connection: Connection, sha256: str) -> bool:
        """Whether anybody put anything right in that file, undone or not."""
        query = select(audit.c.id).where(audit.c.action == "correct", audit.c.detail["sha256"].as_string() == sha256)
        return connection.execute(query.limit(1)).first() is not None

    def _corrections(self, connection: Connection, sha256: str) -> list[dict[str, Any]]:
        """Details of the corrections of one file that stand, oldest first."""
        query = select(audit.c.detail).where(
            audit.c.action == "correct",
            audit.c.undone_by.is_(None),
            audit.c.detail["sha256"].as_string() == sha256,
        )
        return list(connection.execute(query.order_by(audit.c.id)).scalars())

    def _uncorrect(self, connection: Connection, detail: dict[str, Any]) -> None:
        row = connection.execute(
            select(records.c.node_id, records.c.reader_version).where(records.c.sha256 == detail["sha256"])
        ).first()
        if row is None:
            return  # removed meanwhile: the correction is simply no more
        node = int(row.node_id)
        self._lay(connection, self._as_read(connection, node), row.reader_version, node)

    def _as_read(self, connection: Connection, node: int) -> Record:
        """The record of a held document without what people put right."""
        record = self._record(connection, node)
        covered = connection.execute(select(records.c.covered).where(records.c.node_id == node)).scalar_one()
        corrections.restore(record, covered)
        return record

    def corrections(self) -> list[Correction]:
        """What people put right, latest first, undone ones included."""
        with self._read() as connection:
            rows = connection.execute(
                select(audit).where(audit.c.action == "correct").order_by(audit.c.id.desc())
            ).all()
            rows = [r for r in rows if "refused" not in r.detail]
            return [
                Correction(
                    r.id, r.at, r.detail["who"], r.detail["id"], r.detail["field"],
                    r.detail["before"][r.detail["field"]]["value"], r.detail["after"], r.undone_by is not None,
                )
                for r in rows
            ]  # fmt: skip

    def undo(self, audit_id: int) -> int:
        """Take back a removal, a merge or a correction; returns the audit id of the undoing. Raises NotFound, UsageError."""
        with self._write() as connection:
            known = 0 <= audit_id <= _LARGEST_ID
            row = connection.execute(select(audit).where(audit.c.id == audit_id)).mappings().first() if known else None
            if row is None:
                raise NotFound(f"Không có việc số {audit_id} trong nhật ký.", "Xem `ocop audit`.")
            undoable = row["action"] in {"remove", "merge", "correct"} and "refused" not in row["detail"]
            if row["undone_by"] is not None or not undoable:
                raise UsageError("Việc này đã được hoàn tác hoặc không thể hoàn tác.", "Xem `ocop audit`.")
            detail = row["detail"]
            entry = _note(
                connection, "undo", f"hoàn tác {audit_id}", {"of": audit_id, "documents": detail["documents"]}
            )
            connection.execute(update(audit).where(audit.c.id == audit_id).values(undone_by=entry))
            if row["action"] == "merge":
                self._resettle_nodes(connection, groups.regroup(Settling(connection, self.facts), detail))
            elif row["action"] == "correct":
                self._uncorrect(connection, detail)
            else:
                self._restore(connection, detail)
            return entry

    def _restore(self, connection: Connection, detail: dict[str, Any]) -> None:
        record = Record.from_json(detail["record"])
        connection.execute(delete(removed).where(removed.c.sha256 == record.sha256))
        if connection.execute(select(records.c.node_id).where(records.c.sha256 == record.sha256)).first():
            return  # it was read again meanwhile
        for path in detail["paths"]:
            _list_file(connection, record.sha256, path)
        node: int | None = int(detail["id"])
        if connection.execute(select(records.c.node_id).where(records.c.node_id == node)).first():
            node = None  # another file of the paper came to stand there meanwhile
        else:
            connection.execute(delete(redirects).where(redirects.c.old_id == node))
            if connection.execute(select(nodes.c.id).where(nodes.c.id == node)).first() is None:
                connection.execute(insert(nodes).values(id=node, doc_key="", held=False, facts={}))
        self._lay(connection, record, detail["reader_version"], node)
        if node is not None:  # back into the group it was in, where that merge still stands
            self._resettle_nodes(connection, groups.rejoin(Settling(connection, self.facts), node))

    def _resettle_nodes(self, connection: Connection, ids: Iterable[int]) -> None:
        rows = connection.execute(select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id.in_(list(ids)))).all()
        Settling(connection, self.facts).settle(
            {r.bucket for r in rows if r.bucket}, {r.name_bucket for r in rows if r.name_bucket}
        )

    def audit(self) -> list[AuditEntry]:
        """What was removed, merged and undone, first to last."""
        with self._read() as connection:
            return [
                AuditEntry(
                    r.id,
                    r.at,
                    r.action,
                    r.reason,
                    r.detail.get("documents", []),
                    r.undone_by is not None,
                    [r.detail[name] for name in ("id", "keep", "drop") if name in r.detail],
                    r.detail.get("names") or r.detail.get("documents", []),
                )
                for r in connection.execute(select(audit).order_by(audit.c.id))
            ]

    # ------------------------------------------------------------ reading

    def sequence(self) -> int:
        """The number of the last change."""
        with self._read() as connection:
            return int(connection.execute(select(counter.c.value)).scalar_one())

    def forgotten(self) -> int:
        """The change at which a paper that must not be kept was last taken out; 0 if none ever was.

        What was derived before it (an index keeps deleted words for a while) is to be made anew, not carried on.
        """
        with self._read() as connection:
            value = connection.execute(select(settings.c.value).where(settings.c.name == "forgotten")).scalar()
            return int(value or 0)

    def changes(self, since: int = 0, *, limit: int | None = None, include_restricted: bool = False) -> list[Change]:
        """The documents changed after *since*, in commit order, each with its last change only."""
        with self._read() as connection:
            query = (
                select(changes.c.seq, changes.c.node_id, changes.c.kind, nodes.c.restricted)
                .outerjoin(nodes, nodes.c.id == changes.c.node_id)
                .where(changes.c.seq > since)
                .order_by(changes.c.seq)
            )
            return [
                Change(r.seq, r.node_id, "delete" if r.restricted and not include_restricted else r.kind)
                for r in connection.execute(query.limit(limit) if limit else query)
            ]

    def where(self, id: int) -> int:
        """The id that *id* leads to today (merged and renamed addresses redirect). Raises NotFound."""
        with self._read() as connection:
            return self._locate(connection, id)

    def document(self, id: int, *, include_restricted: bool = False) -> Document:
        """All that is known of one document. Raises NotFound."""
        with self._read() as connection:
            node = self._locate(connection, id)
            row = self._row(connection, node, include_restricted)
            joined = select(nodes.c.id).where(nodes.c.merged_into == node, view.visible(include_restricted))
            merged = list(connection.execute(joined).scalars())
            conflicts = (row["facts"] or {}).get("conflicts", {})
            if not row["held"]:
                return Document(view.summary(row), None, None, [], None, conflicts, merged)
            kept = connection.execute(
                select(records.c.sha256, records.c.reader_version).where(records.c.node_id == node)
            ).one()
            hashes = [kept.sha256]
            hashes += connection.execute(select(records.c.sha256).where(records.c.node_id.in_(merged))).scalars()
            paths = list(connection.execute(select(files.c.path).where(files.c.sha256.in_(hashes))).scalars())
            copies = connection.execute(
                select(nodes.c.id).where(
                    nodes.c.doc_key == row["doc_key"],
                    nodes.c.held.is_(True),
                    nodes.c.id != node,
                    nodes.c.merged_into.is_(None),
                    view.visible(include_restricted),
                )
            ).scalars()
            record = self._record(connection, node)
            return Document(
                view.summary(row),
                record,
                kept.sha256,
                sorted(paths),
                kept.reader_version,
                conflicts,
                merged,
                sorted(copies),
            )

    def summary(self, id: int, *, include_restricted: bool = False) -> Summary:
        """One document in short. Raises NotFound."""
        with self._read() as connection:
            return view.summary(self._row(connection, self._locate(connection, id), include_restricted))

    def summaries(self, ids: Iterable[int], *, include_restricted: bool = False) -> dict[int, Summary]:
        """Several documents in short, by id; ids that are not there (or hidden) are left out."""
        wanted = list(ids)
        found: dict[int, Summary] = {}
        if not wanted:
            return found
        with self._read() as connection:
            for at in range(0, len(wanted), 500):
                query = select(nodes).where(nodes.c.id.in_(wanted[at : at + 500]), view.visible(include_restricted))
                for row in connection.execute(query).mappings():
                    found[int(row["id"])] = view.summary(row)
        return found

    def kinds(self, ids: Sequence[int]) -> dict[int, str]:
        """Which kind of paper each held document is."""
        with self._read() as connection:
            query = select(records.c.node_id, records.c.record["kind"].as_string()).where(records.c.node_id.in_(ids))
            return {int(id): str(kind) for id, kind in connection.execute(query)} if ids else {}

    def tells_own_effect(self, id: int) -> bool:
        """Whether a held document says on which day it begins or ends to have effect."""
        told = [records.c.record[name].as_string().is_not(None) for name in ("effective_date", "expiry")]
        with self._read() as connection:
            query = select(records.c.node_id).where(records.c.node_id == id, or_(*told))
            return connection.execute(query).first() is not None

    def documents(self, *, held: bool | None = True, include_restricted: bool = False) -> list[Summary]:
        """The documents in order of id: held ones, stubs (held=False) or all (held=None)."""
        with self._read() as connection:
            query = (
                select(nodes)
                .where(nodes.c.merged_into.is_(None), view.visible(include_restricted))
                .order_by(nodes.c.id)
            )
            if held is not None:
                query = query.where(nodes.c.held.is_(held))
            return [view.summary(row) for row in connection.execute(query).mappings()]

    def find(self, said: str, *, include_restricted: bool = False) -> list[Summary]:
        """The documents *said* may name: a số hiệu in any spelling, a key, a path, ``#12`` or an id.

        Exact matches if there are any, else near ones (``1084/QĐ-UBND`` for ``1084/QĐ-UBND-HC``); never picks one.
        """
        said = squeeze(clean(nfc(said)))
        with self._read() as connection:
            rows = lookup.by_words(connection, said, view.visible(include_restricted))
            rows.sort(key=lambda r: (not r["held"], r["date"] or "", r["doc_key"]))
            return [view.summary(r) for r in rows]

    def one(self, said: str, *, include_restricted: bool = False) -> Summary:
        """The one document *said* names. Raises NotFound, Ambiguous (the message lists them)."""
        found = self.find(said, include_restricted=include_restricted)
        if not found:
            raise NotFound(f"Không có văn bản nào ứng với “{said}” trong kho.", "Hãy thử `ocop search`.")
        if len(found) > 1:
            listed = "; ".join(
                f"#{s.id} {s.name} ({s.issuer or 'chưa rõ cơ quan'}, {s.date or '?'})" for s in found[:10]
            )
            raise Ambiguous(f"Có {len(found)} văn bản ứng với “{said}”: {listed}.", "Hãy chọn bằng #số.")
        return found[0]

    def mentions(self, id: int, *, include_restricted: bool = False) -> list[Mention]:
        """Every citation in the document, in reading order, whatever became of it. Raises NotFound."""
        with self._read() as connection:
            node = self._locate(connection, id)
            self._row(connection, node, include_restricted)
            return self._mentions(connection, mentions.c.source_id == node, include_restricted)

    def cites(self, id: int, *, include_restricted: bool = False) -> list[Edge]:
        """The documents it mentions, in order of first mention, each with all its mentions. Raises NotFound."""
        return view.edges(m for m in self.mentions(id, include_restricted=include_restricted) if m.target is not None)

    def cited_from(
        self, id: int, sources: Sequence[int], *, include_restricted: bool = False, sentences: bool = False
    ) -> list[Edge]:
        """How some documents mention it, in their order; *sentences* only where asked for. Raises NotFound."""
        if not sources:
            return []
        with self._read() as connection:
            node = self._locate(connection, id)
            self._row(connection, node, include_restricted)
            found: list[Mention] = []
            for at in range(0, len(sources), 500):
                where = (claims.c.target_id == node) & mentions.c.source_id.in_(sources[at : at + 500])
                found += self._mentions(connection, where, include_restricted, sentences=sentences)
        found = [m for m in found if m.target == node]
        order = {source: at for at, source in enumerate(sources)}
        return sorted(view.edges(found), key=lambda edge: order[edge.source])

    def cited_by(
        self, id: int, *, include_restricted: bool = False, offset: int = 0, limit: int | None = None
    ) -> list[Edge]:
        """The documents that mention it, newest first; a page of them with *limit*. Raises NotFound."""
        with self._read() as connection:
            node = self._locate(connection, id)
            self._row(connection, node, include_restricted)
            query = (
                select(nodes.c.id)
                .where(
                    nodes.c.id.in_(
                        select(mentions.c.source_id)
                        .join(claims, claims.c.id == mentions.c.claim_id)
                        .where(claims.c.target_id == node, mentions.c.source_id != node)
                    ),
                    nodes.c.merged_into.is_(None),
                    view.visible(include_restricted),
                )
                .order_by(func.coalesce(nodes.c.date, "").desc(), nodes.c.id)
            )
            if limit is not None:
                query = query.limit(limit).offset(offset)
            order = {int(source): at for at, source in enumerate(connection.execute(query).scalars())}
            found: list[Mention] = []
            sources = list(order)
            for at in range(0, len(sources), 500):
                part = mentions.c.source_id.in_(sources[at : at + 500])
                found += self._mentions(connection, (claims.c.target_id == node) & part, include_restricted)
        found = [m for m in found if m.target == node]
        return sorted(view.edges(found), key=lambda edge: order[edge.source])

    def said_of(self, ids: Iterable[int], *, include_restricted: bool = False) -> dict[int, set[Said]]:
        """What documents say of each of *ids* where they cite it; only who and what is looked up, so it is fast."""
        said: dict[int, set[Said]] = {id: set() for id in ids}
        of = mentions.c.citation
        words = (of["date"], func.coalesce(of["issuer_resolved"].as_string(), of["issuer"].as_string()), of["title"])
        query = (
            select(claims.c.target_id, mentions.c.source_id, words[0].as_string(), words[1], words[2].as_string())
            .distinct()
            .select_from(mentions.join(claims, claims.c.id == mentions.c.claim_id))
            .join(nodes, nodes.c.id == mentions.c.source_id)
            .where(
                nodes.c.merged_into.is_(None),
                view.visible(include_restricted),
                mentions.c.source_id != claims.c.target_id,
            )
        )
        doubtful = func.json_array_length(claims.c.candidates) > 0
        with self._read() as connection:
            wanted = sorted(said)
            for at in range(0, len(wanted), 500):
                here = claims.c.target_id.in_(wanted[at : at + 500])
                for target, *saying in connection.execute(query.where(here, ~doubtful)):
                    said[target].add(Said(*saying))
                for mention in self._mentions(connection, here & doubtful, include_restricted, sentences=False):
                    if mention.target in said and mention.target != mention.source:
                        cited = mention.citation
                        issuer = cited.issuer_resolved or cited.issuer
                        said[mention.target].add(Said(mention.source, cited.date, issuer, cited.title))
        return said

    def indexed(self, id: int, *, include_restricted: bool = False) -> Indexed:
        """The document as the search room wants it. Raises NotFound."""
        with self._read() as connection:
            node = self._locate(connection, id)
            self._row(connection, node, include_restricted)
            return self._indexed(connection, [node], include_restricted)[node]

    def indexed_some(self, ids: Sequence[int], *, include_restricted: bool = False) -> dict[int, Indexed]:
        """Several documents as :meth:`indexed` gives them; those that are hidden, gone or moved are left out."""
        found: dict[int, Indexed] = {}
        with self._read() as connection:
            for at in range(0, len(ids), 200):
                found |= self._indexed(connection, ids[at : at + 200], include_restricted)
        return found

    def _indexed(self, connection: Connection, ids: Sequence[int], include_restricted: bool) -> dict[int, Indexed]:
        visible = view.visible(include_restricted)
        rows = connection.execute(
            select(nodes, records.c.record, records.c.text, records.c.area)
            .select_from(nodes.outerjoin(records, records.c.node_id == nodes.c.id))
            .where(nodes.c.id.in_(ids), nodes.c.merged_into.is_(None), visible)
        ).mappings()
        linked: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for link in connection.execute(
            select(mentions.c.source_id, claims.c.target_id, mentions.c.legal)
            .select_from(mentions)
            .join(claims, claims.c.id == mentions.c.claim_id)
            .join(nodes, nodes.c.id == claims.c.target_id)
            .where(mentions.c.source_id.in_(ids), claims.c.target_id != mentions.c.source_id, visible)
            .order_by(mentions.c.source_id, mentions.c.ordinal)
        ):
            linked[link.source_id].append((link.target_id, link.legal))
        citing = (
            mentions.join(claims, claims.c.id == mentions.c.claim_id).join(nodes, nodes.c.id == mentions.c.source_id),
            (
                claims.c.target_id.in_(ids), mentions.c.source_id != claims.c.target_id, visible,
                (nodes.c.merged_into + 0).is_(None),  # a sum, so that SQLite begins with the claims, which are few
            ),
        )  # fmt: skip
        cited_by = {
            int(target): int(count)
            for target, count in connection.execute(
                select(claims.c.target_id, func.count(distinct(mentions.c.source_id)))
                .select_from(citing[0])
                .where(*citing[1])
                .group_by(claims.c.target_id)
            )
        }
        worth: dict[int, list[effect.Proof]] = defaultdict(list)
        for r in connection.execute(
            select(claims.c.target_id, mentions.c.relation, nodes.c.date, nodes.c.id)
            .select_from(citing[0])
            .where(*citing[1], claims.c.state == "settled", mentions.c.relation.in_(effect.BY_RELATION))
        ):
            worth[r.target_id].append(effect.Proof(effect.BY_RELATION[r.relation], r.date, r.id, "", "van_ban"))
        return {
            row["id"]: view.indexed(row, linked[row["id"]], cited_by.get(row["id"], 0), worth[row["id"]])
            for row in rows
        }

    def contested(self, *, include_restricted: bool = False) -> list[Summary]:
        """The documents of which citing ones do not all say the same, in order of key."""
        clash = (
            select(claims.c.target_id)
            .where(claims.c.target_id.is_not(None), claims.c.votes + claims.c.hidden_votes > 0)
            .group_by(claims.c.target_id)
            .having(func.count() > 1)
        )
        with self._read() as connection:
            query = (
                select(nodes).where(nodes.c.id.in_(clash), view.visible(include_restricted)).order_by(nodes.c.doc_key)
            )
            rows = connection.execute(query).mappings().all()
            return [view.summary(r) for r in rows if r["held"] or (r["facts"].get("conflicts") or {})]

    def consider(self, record: Record) -> list[Considered]:
        """What each citation of a paper *not* in the library would mean in it; stores nothing.

        A paper of restricted circulation is unknown here: whoever may hand in a draft could ask for it so.
        Fills ``issuer_resolved`` and ``target="self"`` of the record's citations, as reading does.
        """
        reads = resolve.within(record, facts=self.facts)
        citing = record.date or record.date_inferred
        found = []
        with self._read() as connection:
            settling = Settling(connection, self.facts)
            for ordinal, read in enumerate(reads):
                if read.is_self:
                    found.append(Considered(ordinal, read.facts, "self", 1.0, None))
                    continue
                found.append(settling.consider(ordinal, record.sha256, citing, read))
            meant = {r.id for c in found for r in (c.reference, *c.candidates) if r is not None and r.id is not None}
            query = select(nodes.c.id).where(nodes.c.id.in_(meant), ~view.visible(False))
            hidden = {int(id) for id in connection.execute(query).scalars()}
        return [_without(considered, hidden) for considered in found]

    def alike(self, facts: Facts) -> list[Reference]:
        """Documents of the same full day, ký hiệu and issuer, whatever their number: held, cited, or in the tables."""
        if not facts.sym_key or not facts.date or len(facts.date) < 10:
            return []
        with self._read() as connection:
            query = select(nodes).where(
                nodes.c.date == facts.date,
                nodes.c.sym_key == facts.sym_key,
                nodes.c.merged_into.is_(None),
                view.visible(False),
            )
            rows = connection.execute(query.order_by(nodes.c.doc_key)).mappings().all()
        found = [
            Reference(Facts(**r["facts"]["f"]), int(r["id"]), bool(r["held"]), r["known"], 0, {})
            for r in rows
            if r["issuer_key"] == facts.issuer_key
        ]
        listed = {r.known for r in found}
        if self.facts:
            found += [
                Reference(k.facts, None, False, k.key, 0, {})
                for k in known.dated(facts.date)
                if k.facts.sym_key == facts.sym_key and k.facts.issuer_key == facts.issuer_key and k.key not in listed
            ]
        return found

    def failures(self) -> list[Failed]:
        """The files that could not be read, and the papers refused (hash and reason alone)."""
        with self._read() as connection:
            found = [
                Failed(r.sha256, r.path, r.error, r.verdict)
                for r in connection.execute(select(failures).order_by(failures.c.path))
            ]
            found += [
                Failed(r.sha256, "", r.reason, "tu_choi")
                for r in connection.execute(select(refused).order_by(refused.c.sha256))
            ]
        return found

    def has_restricted(self) -> bool:
        """Whether a paper of restricted circulation is held: what `status` counts, without counting."""
        query = select(nodes.c.id).where(nodes.c.restricted.is_(True), nodes.c.merged_into.is_(None)).limit(1)
        with self._read() as connection:
            return connection.execute(query).first() is not None

    def status(self, *, include_restricted: bool = False) -> Status:
        """Counts of the library."""
        visible = view.visible(include_restricted)
        with self._read() as connection:

            def count(*where: Any) -> int:
                query = select(func.count()).select_from(nodes).where(nodes.c.merged_into.is_(None), *where)
                return int(connection.execute(query).scalar_one())

            # All mentions are walked once: they are by far the most.
            states = (
                select(claims.c.state, func.count())
                .select_from(mentions)
                .join(nodes, nodes.c.id == mentions.c.source_id)
                .outerjoin(claims, claims.c.id == mentions.c.claim_id)
                .where(nodes.c.merged_into.is_(None), visible)
                .group_by(claims.c.state)
            )
            by_state = {row[0]: int(row[1]) for row in connection.execute(states)}

            per_hash = (
                select(func.count(files.c.id).label("n"))
                .join(records, records.c.sha256 == files.c.sha256)
                .join(nodes, nodes.c.id == records.c.node_id)
                .where(visible)
                .group_by(files.c.sha256)
                .subquery()
            )
            return Status(
                held=count(nodes.c.held.is_(True), visible),
                stubs=count(nodes.c.held.is_(False), nodes.c.known_only.is_(False), visible),
                known=count(nodes.c.known_only.is_(True), visible),
                citations=sum(by_state.values()),
                failed=int(connection.execute(select(func.count()).select_from(failures)).scalar_one()),
                refused=int(connection.execute(select(func.count()).select_from(refused)).scalar_one()),
                duplicates=int(connection.execute(select(func.coalesce(func.sum(per_hash.c.n - 1), 0))).scalar_one()),
                unsure=count(nodes.c.held.is_(True), nodes.c.unsure.is_(True), visible),
                ambiguous=by_state.get("ambiguous", 0),
                unresolved=by_state.get("unresolved", 0),
                restricted=count(nodes.c.restricted.is_(True)) if include_restricted else 0,
                sequence=int(connection.execute(select(counter.c.value)).scalar_one()),
            )

    def dump(self, *, include_restricted: bool = False) -> Iterator[str]:
        """Documents and citations as sorted JSON lines, without ids, clock times or order of arrival."""
        with self._read() as connection:
            keys, lines, sources = {}, [], {}
            for row in connection.execute(select(nodes).where(view.visible(include_restricted))).mappings():
                keys[row["id"]] = row["doc_key"]
                if row["held"]:
                    record = self._record(connection, row["id"])
                    sources[row["id"]] = record.sha256
                    paths = connection.execute(
                        select(files.c.path).where(files.c.sha256 == record.sha256).order_by(files.c.path)
                    ).scalars()
                    body = record.as_json()
                    for name in ("citations", "path", "text"):
                        del body[name]
                    body["text_sha256"] = hashlib.sha256(record.text.encode()).hexdigest()
                    lines.append({"what": "document", "key": row["doc_key"], "paths": list(paths), **body})
                elif not row["known_only"]:
                    lines.append(
                        {
                            "what": "stub",
                            "key": row["doc_key"],
                            **{n: row[n] for n in ("doc_type", "so_ky_hieu", "date", "issuer", "issuer_key", "title")},
                            "conflicts": row["facts"].get("conflicts", {}),
                        }
                    )
            strangers = Strangers(connection, self.facts)
            for row in connection.execute(view.MENTIONS).mappings():
                if row["source_id"] not in sources:
                    continue
                target, state, method, resolution, conflicts, candidates = _told(row, keys, strangers)
                citation = {**row["citation"], "target": "self" if state == "self" else keys.get(target or 0)}
                lines.append(
                    {
                        "what": "citation",
                        "source": sources[row["source_id"]],
                        "ordinal": row["ordinal"],
                        "state": state,
                        "method": method,
                        "resolution_confidence": resolution,
                        "conflicts": conflicts,
                        "candidates": sorted(keys[c] for c in candidates if c in keys),
                        **citation,
                    }
                )
            for failed in connection.execute(select(failures)).mappings():
                lines.append({"what": "failure", **failed})
            for paper in connection.execute(select(refused)).mappings():
                lines.append({"what": "refused", **paper})
        yield from sorted(json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lines)

    # ------------------------------------------------------------ inner

    def _locate(self, connection: Connection, id: int) -> int:
        if not 0 <= id <= _LARGEST_ID:  # no database holds it, and SQLite cannot even be asked
            raise NotFound(f"Không có văn bản #{id} trong kho.", "Hãy tìm bằng số hiệu.")
        onward = connection.execute(select(redirects.c.new_id).where(redirects.c.old_id == id)).scalar()
        row = connection.execute(
            select(nodes.c.id, nodes.c.merged_into).where(nodes.c.id == (id if onward is None else onward))
        ).first()
        if row is None:
            raise NotFound(f"Không có văn bản #{id} trong kho.", "Hãy tìm bằng số hiệu.")
        return int(row.id if row.merged_into is None else row.merged_into)

    def _row(self, connection: Connection, node: int, include_restricted: bool) -> RowMapping:
        row = connection.execute(select(nodes).where(nodes.c.id == node)).mappings().one()
        if row["restricted"] and not include_restricted:
            raise NotFound(f"Không có văn bản #{node} trong kho.", "Hãy tìm bằng số hiệu.")
        return row

    def _record(self, connection: Connection, node: int) -> Record:
        try:
            row = connection.execute(select(records).where(records.c.node_id == node)).mappings().one()
            said = connection.execute(
                select(mentions.c.citation).where(mentions.c.source_id == node).order_by(mentions.c.ordinal)
            ).scalars()
            path = connection.execute(
                select(files.c.path).where(files.c.sha256 == row["sha256"]).order_by(files.c.path)
            ).scalar()
            return Record.from_json({**row["record"], "path": path or "", "text": row["text"], "citations": list(said)})
        except (exc.NoResultFound, ValueError, TypeError, KeyError) as error:
            raise LibraryDamaged(
                f"Bản ghi của văn bản #{node} trong kho bị hỏng.", "Hãy chạy `ocop doctor`, rồi nạp lại tệp đó."
            ) from error

    def _mentions(
        self, connection: Connection, where: Any, include_restricted: bool, *, sentences: bool = True
    ) -> list[Mention]:
        """Mentions with their sentences; those of hidden or merged documents are left out."""
        rows = (
            connection.execute(
                view.MENTIONS.join(nodes, nodes.c.id == mentions.c.source_id)
                .where(where, nodes.c.merged_into.is_(None), view.visible(include_restricted))
                .order_by(mentions.c.source_id, mentions.c.ordinal)
            )
            .mappings()
            .all()
        )
        ends = {r["target_id"] for r in rows if r["target_id"]} | {c for r in rows for c in r["candidates"] or []}
        shown = {
            int(r.id): r.doc_key
            for r in connection.execute(
                select(nodes.c.id, nodes.c.doc_key).where(nodes.c.id.in_(ends), view.visible(include_restricted))
            )
        }
        found, text, text_of = [], "", None
        strangers = Strangers(connection, self.facts)
        for row in rows:
            if sentences and text_of != row["source_id"]:
                text_of = row["source_id"]
                text = connection.execute(select(records.c.text).where(records.c.node_id == text_of)).scalar() or ""
            target, state, method, resolution, conflicts, candidates = _told(row, shown, strangers)
            citation = Citation(**row["citation"])
            citation.target = "self" if state == "self" else shown.get(target or 0)
            found.append(
                Mention(
                    source=int(row["source_id"]),
                    ordinal=int(row["ordinal"]),
                    citation=citation,
                    target=target if target in shown else None,
                    state=state,
                    method=method,
                    confidence=1.0 if state == "self" else float(resolution),
                    sentence=view.sentence(text, citation.start, citation.end) if sentences else "",
                    conflicts=conflicts,
                    candidates=[c for c in candidates if c in shown],
                    antecedent=row["antecedent"],
                )
            )
        return found


# ---------------------------------------------------------------- small things


def strange_hashes(said: Iterable[object]) -> list[str]:
    """Those of *said* that are no SHA-256 in small hexadecimal digits: a path made of one leads anywhere."""
    return [str(one) for one in said if not isinstance(one, str) or not _HASH.fullmatch(one)]


def _told(row: RowMapping, shown: dict[int, str], strangers: Strangers) -> Outcome:
    """What became of a mention, as those may know who see the documents of *shown* (id → key; more may be added).

    A document that they do not see has no part in it.
    """
    state, target = view.outcome(row)
    candidates = list(row["candidates"] or [])
    if state != "self" and not shown.keys() >= {*candidates, *([] if target is None else [target])}:
        found = strangers.outcome(row["claim_id"])
        shown.update(strangers.keys)
        return found
    return target, state, str(row["method"] or ""), row["resolution"], list(row["conflicts"] or []), candidates


def _list_file(connection: Connection, sha256: str, path: str) -> None:
    connection.execute(delete(files).where(files.c.path == path))
    connection.execute(insert(files).values(sha256=sha256, path=path))


def _forget_audited(connection: Connection, sha256: str, node: int | None) -> None:
    """Take what the audit list tells of a file that must not be kept out of it; the entries themselves stay."""
    rows = connection.execute(select(audit.c.id, audit.c.detail)).all()
    own = {r.id for r in rows if sha256 in (r.detail.get("sha256"), r.detail.get("record", {}).get("sha256"))}
    ids = {node, *(r.detail["id"] for r in rows if r.id in own)}
    for row in rows:
        detail = row.detail
        if row.id in own:
            kept = {"documents": [], "refused": sha256}
        elif detail.get("of") in own or ids & {detail.get("keep"), *detail.get("members", ())} - {None}:
            kept = {**detail, "documents": []}
        else:
            continue
        connection.execute(update(audit).where(audit.c.id == row.id).values(detail=kept))


def _note(connection: Connection, action: str, reason: str, detail: dict[str, Any]) -> int:
    made = connection.execute(
        insert(audit).values(
            at=datetime.now(UTC).isoformat(timespec="seconds"), action=action, reason=nfc(reason), detail=detail
        )
    )
    return new_id(made)


def _without(considered: Considered, hidden: set[int]) -> Considered:
    """*considered* as if the documents of *hidden* were not in the library."""
    candidates = [r for r in considered.candidates if r.id not in hidden]
    if considered.reference is None or considered.reference.id not in hidden:
        return replace(considered, candidates=candidates)
    return Considered(considered.ordinal, considered.facts, "unresolved", 0.0, None, candidates)
