"""A library as one reader may see it: everything that reads, and nothing that writes.

What a view shows is decided once, when it is made (:mod:`corpus.library.visibility`): documents of restricted
circulation, and what only they cite, show only in a view made with ``restricted=True``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, func, or_, select

from corpus.errors import Ambiguous, NotFound
from corpus.fold import clean, nfc, squeeze
from corpus.identity import Facts
from corpus.library import audit, documents, drafts, dump, index_rows, known_renewal, lookup, rows, status
from corpus.library import records as stored
from corpus.library.addresses import locate, locate_row, not_found
from corpus.library.changes import last_change
from corpus.library.citation_reader import CitationReader
from corpus.library.contested import contested
from corpus.library.database import Database, chunks
from corpus.library.edge_rows import edges
from corpus.library.index_rows import NONE_KNOWN, Standing
from corpus.library.indexed import Indexed
from corpus.library.kept_reads import KeptReads
from corpus.library.originals import originals_of
from corpus.library.schema import changes, claims, mentions, nodes, records, settings
from corpus.library.values import (
    Attribution,
    Change,
    Considered,
    Corrected,
    Document,
    Edge,
    Failed,
    Held,
    Mention,
    Reference,
    Status,
    Summary,
)
from corpus.library.visibility import visible
from corpus.model import Record
from corpus.vocabulary import Effect, Verdict


@cache
def _nodes(visible: ColumnElement[bool]) -> Select[Any]:
    return select(nodes).where(nodes.c.id.in_(bindparam("ids", expanding=True)), visible)


_KINDS = select(records.c.node_id, records.c.record["kind"].as_string()).where(
    records.c.node_id.in_(bindparam("ids", expanding=True))
)
_STATING = select(records.c.node_id).where(
    or_(*(records.c.record[name].as_string().is_not(None) for name in ("effective_date", "expiry"))),
    records.c.node_id.in_(bindparam("ids", expanding=True)),
)
_OF_SOURCE = mentions.c.source_id == bindparam("source")
_OF_TARGET = (claims.c.target_id == bindparam("target")) & mentions.c.source_id.in_(
    bindparam("sources", expanding=True)
)
_BUCKETS = select(nodes.c.bucket, nodes.c.name_bucket).where(nodes.c.id == bindparam("node"))
#: Claims near a node, of which it is doubtful what they mean; a bucket that is null is near to nothing.
_MAY_MEAN = (
    or_(claims.c.bucket == bindparam("bucket"), claims.c.name_bucket == bindparam("name_bucket"))
    & (func.json_array_length(claims.c.candidates) > 0)
    & (mentions.c.source_id != bindparam("node"))
)


class LibraryView:
    """What of a library may be seen. restricted: by those who may see documents of restricted circulation.

    facts: resolve with the known-documents tables, as the library was opened. Safe to share between threads; each call
    sees one moment of the library. Ids may be of merged documents: they lead to the one that stands for them.
    """

    def __init__(self, database: Database, *, restricted: bool = False, facts: bool = True) -> None:
        self.restricted = restricted
        #: The condition that a row of ``nodes`` is shown; for queries of rooms that build their own.
        self.visible: ColumnElement[bool] = visible(restricted)
        self._database = database
        self._facts = facts
        self._reads = KeptReads()

    @property
    def folder(self) -> Path:
        """The library's folder."""
        return self._database.folder

    @contextmanager
    def moment(self) -> Iterator[None]:
        """All that this thread reads inside is of one moment, on one connection, and nothing is read twice.

        Raises LibraryBusy, LibraryDamaged.
        """
        with self._database.moment(), self._reads.keeping():
            yield

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction for queries that use :attr:`visible`. Raises LibraryBusy, LibraryDamaged."""
        return self._database.read()

    def original(self, sha256: str) -> Path:
        """See :meth:`corpus.library.originals.Originals.local`."""
        return originals_of(self.folder, self._database.store).local(sha256)

    @property
    def is_shared(self) -> bool:
        """Whether the library's tables are on a server, which several processes use."""
        return self._database.store.url is not None

    @property
    def has_graph_indexes(self) -> bool:
        """See :attr:`corpus.library.dialects.dialect.Dialect.has_graph_indexes`."""
        return self._database.dialect.has_graph_indexes

    # ------------------------------------------------------------ following changes

    def sequence(self) -> int:
        """The number of the last change."""
        with self._database.read() as connection:
            return last_change(connection)

    def forgotten(self) -> int:
        """The change at which a document that must not be kept was last taken out; 0 if none ever was.

        What was derived before it (an index keeps deleted words for a while) must be made again, not updated.
        """
        with self._database.read() as connection:
            value = connection.execute(select(settings.c.value).where(settings.c.name == "forgotten")).scalar()
            return int(value or 0)

    def changes(self, since: int = 0, *, limit: int | None = None) -> list[Change]:
        """The documents changed after *since*, in commit order, each with its last change; hidden ones as deleted."""
        query = (
            select(changes.c.seq, changes.c.node_id, changes.c.kind, nodes.c.restricted)
            .outerjoin(nodes, nodes.c.id == changes.c.node_id)
            .where(changes.c.seq > since)
            .order_by(changes.c.seq)
        )
        with self._database.read() as connection:
            found = connection.execute(query.limit(limit) if limit else query).all()
            if found and self._facts:
                known_renewal.apply(connection)  # another process may have renewed the table
        hidden = not self.restricted
        return [Change(r.seq, r.node_id, "delete" if r.restricted and hidden else r.kind) for r in found]

    # ------------------------------------------------------------ documents

    def where(self, id: int) -> int:
        """The id that *id* leads to today (merged and renamed addresses redirect). Raises NotFound."""
        with self._database.read() as connection:
            return locate(connection, id)

    def document(self, id: int) -> Document:
        """All that is known of one document. Raises NotFound."""
        kept = self._reads.kept().documents
        if id in kept:
            return kept[id]
        with self._database.read() as connection:
            found = documents.load(connection, self._row(connection, id), self.visible)
        kept[found.id] = found
        return found

    def first_copy(self, id: int) -> Summary | None:
        """The first other held document with the key of a held one, in short; None for none. Raises NotFound."""
        with self._database.read() as connection:
            return documents.first_copy(connection, self._row(connection, id), self.visible)

    def _row(self, connection: Connection, id: int) -> RowMapping:
        """The row of the node that *id* leads to. Raises NotFound, also where it may not be seen."""
        kept = self._reads.kept().rows
        row = kept[id] if id in kept else kept.setdefault(id, locate_row(connection, id))
        if row["restricted"] and not self.restricted:
            raise not_found(int(row["id"]))
        return row

    def summary(self, id: int) -> Summary:
        """One document in short. Raises NotFound."""
        kept = self._reads.kept().summaries
        if id not in kept:
            with self._database.read() as connection:
                found = rows.summary(self._row(connection, id))
            kept[found.id] = found
            return found
        return kept[id]

    def summaries(self, ids: Iterable[int]) -> dict[int, Summary]:
        """Several documents in short, by id; ids that do not exist or are hidden are left out."""
        kept = self._reads.kept().summaries
        wanted = set(ids)
        missing = sorted(wanted - kept.keys())
        if missing:
            with self._database.read() as connection:
                for part in chunks(missing):
                    found = connection.execute(_nodes(self.visible), {"ids": part}).mappings()
                    kept.update((int(row["id"]), rows.summary(row)) for row in found)
        return {id: kept[id] for id in sorted(wanted & kept.keys())}

    def documents(self, *, held: bool | None = True) -> list[Summary]:
        """The documents in order of id: held ones, stubs (held=False) or all (held=None)."""
        query = select(nodes).where(nodes.c.merged_into.is_(None), self.visible).order_by(nodes.c.id)
        if held is not None:
            query = query.where(nodes.c.held.is_(held))
        with self._database.read() as connection:
            return [rows.summary(row) for row in connection.execute(query).mappings()]

    def find(self, words: str) -> list[Summary]:
        """The documents that *words* may name: a số hiệu in any spelling, a key, a path, ``#12`` or an id.

        Exact matches if there are any, else near ones (``1084/QĐ-UBND`` for ``1084/QĐ-UBND-HC``); never picks one.
        """
        words = squeeze(clean(nfc(words)))
        with self._database.read() as connection:
            found = lookup.by_words(connection, words, self.visible)
            found.sort(key=lambda r: (not r["held"], r["date"] or "", r["doc_key"]))
            return [rows.summary(r) for r in found]

    def one(self, words: str) -> Summary:
        """The one document that *words* name. Raises NotFound, Ambiguous (the message lists them)."""
        found = self.find(words)
        if not found:
            raise NotFound(f"Không có văn bản nào ứng với “{words}” trong kho.", "Hãy thử `ocop search`.")
        if len(found) > 1:
            listed = "; ".join(
                f"#{s.id} {s.name} ({s.issuer or 'chưa rõ cơ quan'}, {s.date or '?'})" for s in found[:10]
            )
            raise Ambiguous(f"Có {len(found)} văn bản ứng với “{words}”: {listed}.", "Hãy chọn bằng #số.")
        return found[0]

    def kinds(self, ids: Sequence[int]) -> dict[int, str]:
        """The kind of each held document: administrative or other."""
        with self._database.read() as connection:
            return {int(id): str(kind) for id, kind in connection.execute(_KINDS, {"ids": ids})} if ids else {}

    def stating_own_effect(self, ids: Sequence[int]) -> set[int]:
        """Which of the held documents *ids* state the day on which they take effect or cease to."""
        with self._database.read() as connection:
            parts = [connection.execute(_STATING, {"ids": part}) for part in chunks(ids)]
            return {int(id) for part in parts for id in part.scalars()}

    def bare_records(self, ids: Iterable[int]) -> dict[int, Record]:
        """The records of several held documents by id, without citations and paths, which costs less than documents.

        Ids that are not held or are hidden are left out. Raises LibraryDamaged.
        """
        documents = self._reads.kept().documents
        wanted = [one.id for one in self.summaries(ids).values() if one.held]
        found = {id: record for id in wanted if id in documents and (record := documents[id].record) is not None}
        missing = [id for id in wanted if id not in found]
        if missing:
            with self._database.read() as connection:
                for part in chunks(missing):
                    found |= stored.load_bare(connection, part)
        return found

    def readings(self) -> Iterator[Held]:
        """Every file that is held, as it was read and with its corrections, in the order of intake."""
        query = select(records.c.node_id).join(nodes, nodes.c.id == records.c.node_id).where(self.visible)
        with self._database.read() as connection:
            ids = connection.execute(query.order_by(records.c.node_id)).scalars().all()
        for id in ids:
            with self._database.read() as connection:
                row = connection.execute(
                    select(records.c.sha256, records.c.reader_version).where(records.c.node_id == id)
                ).first()
                if row is not None:
                    details = audit.standing_corrections(connection, row.sha256)
                    corrected = [Corrected(d["field"], d["after"], d["who"]) for d in details]
                    yield Held(stored.load_as_read(connection, id), row.reader_version, corrected)

    # ------------------------------------------------------------ citations

    def mentions(self, id: int, *, sentences: bool = True) -> list[Mention]:
        """Every citation in the document, in reading order, whatever became of it. Raises NotFound.

        sentences: False leaves them empty, and the text unread.
        """
        with self._database.read() as connection:
            node = self._seen(connection, id)
            return self._citations(connection).mentions(_OF_SOURCE, sentences=sentences, source=node)

    def cites(self, id: int) -> list[Edge]:
        """The documents it mentions, in order of first mention, each with all its mentions. Raises NotFound."""
        return edges(m for m in self.mentions(id) if m.target is not None)

    def cited_by(self, id: int, *, offset: int = 0, limit: int | None = None) -> list[Edge]:
        """The documents that mention it, newest first; a page of them with *limit*. Raises NotFound."""
        with self._database.read() as connection:
            node = self._seen(connection, id)
            citing = (
                select(mentions.c.source_id)
                .join(claims, claims.c.id == mentions.c.claim_id)
                .where(claims.c.target_id == node, mentions.c.source_id != node)
            )
            query = (
                select(nodes.c.id)
                .where(nodes.c.id.in_(citing), nodes.c.merged_into.is_(None), self.visible)
                .order_by(func.coalesce(nodes.c.date, "").desc(), nodes.c.id)
            )
            if limit is not None:
                query = query.limit(limit).offset(offset)
            sources = [int(source) for source in connection.execute(query).scalars()]
            return self._edges_to(connection, node, sources)

    def cited_from(self, id: int, sources: Sequence[int], *, sentences: bool = False) -> list[Edge]:
        """How some documents mention it, in their order; *sentences* only where asked for. Raises NotFound."""
        if not sources:
            return []
        with self._database.read() as connection:
            return self._edges_to(connection, self._seen(connection, id), sources, sentences=sentences)

    def _edges_to(
        self, connection: Connection, node: int, sources: Sequence[int], *, sentences: bool = True
    ) -> list[Edge]:
        reader = self._citations(connection)
        found: list[Mention] = []
        for part in chunks(sources):
            found += reader.mentions(_OF_TARGET, sentences=sentences, target=node, sources=part)
        order = {source: at for at, source in enumerate(sources)}
        to_node = edges(mention for mention in found if mention.target == node)
        return sorted(to_node, key=lambda edge: order[edge.source])

    def may_be_cited_by(self, id: int) -> list[Mention]:
        """Mentions without a document, in other documents, that may mean it; without sentences. Raises NotFound."""
        with self._database.read() as connection:
            node = self._seen(connection, id)
            own = connection.execute(_BUCKETS, {"node": node}).mappings().one()
            found = self._citations(connection).mentions(_MAY_MEAN, sentences=False, node=node, **own)
        return [one for one in found if one.target is None and node in one.candidates]

    def attributions(self, ids: Iterable[int]) -> dict[int, set[Attribution]]:
        """The date, issuer and title that documents give each of *ids* where they cite it."""
        with self._database.read() as connection:
            return self._citations(connection).attributions(ids)

    def contested(self) -> list[Summary]:
        """The documents to which citing ones give different values, in order of key."""
        with self._database.read() as connection:
            return contested(connection, self.visible)

    def _seen(self, connection: Connection, id: int) -> int:
        """The node that *id* leads to. Raises NotFound also for one that is hidden."""
        return int(self._row(connection, id)["id"])

    def _citations(self, connection: Connection) -> CitationReader:
        return CitationReader(connection, self.visible, facts=self._facts)

    # ------------------------------------------------------------ for other rooms

    def indexed(self, id: int) -> Indexed:
        """The document for the search index. Raises NotFound."""
        with self._database.read() as connection:
            node = self._seen(connection, id)
            return index_rows.indexed(connection, [node], self.visible)[node]

    def indexed_some(self, ids: Sequence[int]) -> dict[int, Indexed]:
        """Several documents as :meth:`indexed` gives them; those that are hidden, removed or merged are left out."""
        with self._database.read() as connection:
            return index_rows.indexed(connection, ids, self.visible)

    def shown(self, id: int) -> Indexed:
        """The document as results show it: without its words, and without what it cites. Raises NotFound."""
        with self._database.read() as connection:
            node = self._seen(connection, id)
            return index_rows.shown(connection, [node], self.visible)[node]

    def shown_some(self, ids: Sequence[int], standings: Mapping[int, Standing] = NONE_KNOWN) -> dict[int, Indexed]:
        """Those of *ids* that are not hidden, removed or merged, as :meth:`shown` has them; standings: those known."""
        with self._database.read() as connection:
            return index_rows.shown(connection, ids, self.visible, standings)

    def effects(self, ids: Sequence[int]) -> dict[int, Effect]:
        """The effect of several documents today; those that are hidden, removed or merged are left out."""
        with self._database.read() as connection:
            return index_rows.effects(connection, ids, self.visible)

    def consider(self, record: Record) -> list[Considered]:
        """What each citation of a document *not* in the library would mean in it; stores nothing.

        Fills ``issuer_resolved`` and ``target="self"`` of the record's citations, as reading does.
        """
        with self._database.read() as connection:
            return drafts.consider(connection, record, self.visible, facts=self._facts)

    def alike(self, facts: Facts, among: Sequence[int] | None = None) -> list[Reference]:
        """Documents of the same full day, ký hiệu and issuer: held, cited (only *among* these), or in the tables."""
        with self._database.read() as connection:
            return drafts.alike(connection, facts, self.visible, facts=self._facts, among=among)

    # ------------------------------------------------------------ the whole

    def failures(self) -> list[Failed]:
        """The files that could not be read, and the documents refused.

        A file that was not read may be a restricted document: without *restricted* its name and hash are left out.
        """
        with self._database.read() as connection:
            found = status.failed_files(connection)
        if self.restricted:
            return found
        return sorted((_nameless(f) for f in found), key=lambda f: (f.verdict, f.error))

    def has_restricted(self) -> bool:
        """Whether this view shows a restricted document: what :meth:`status` counts, without counting."""
        query = select(nodes.c.id).where(nodes.c.restricted.is_(True), nodes.c.merged_into.is_(None), self.visible)
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def status(self) -> Status:
        """Counts of the library."""
        with self._database.read() as connection:
            return status.status(connection, self.visible, restricted=self.restricted)

    def dump(self) -> Iterator[str]:
        """Documents and citations as sorted JSON lines, without ids, clock times or order of arrival."""
        with self._database.read() as connection:
            lines = dump.lines(connection, self.visible, facts=self._facts)
        yield from lines


def _nameless(failed: Failed) -> Failed:
    """Why a file was not read, and nothing else: the message of a fault of the program may quote the file."""
    name = PurePath(failed.path).name
    if failed.verdict is Verdict.PROGRAM_ERROR or (name and name in failed.error):
        return Failed("", "", f"Không đọc được: {failed.verdict.words}.", failed.verdict)
    return Failed("", "", failed.error, failed.verdict)
