"""Events: what happened to documents of the library, each written down once, for those who watch it.

The log follows the change numbers of the library, as the search index does, and is kept beside its own tables
(:mod:`webui.app.page_database`). What happened is known by its document, its basis and what changed it; the number of
an event is never used twice. Only what everybody may read is written down: feed readers and mail programs do not sign
in.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    select,
)

from corpus.checks.changed_bases import CHANGED, changed_bases
from corpus.checks.effect_status import CHANGING, EffectReader
from corpus.law.effect import EffectStatus, today
from corpus.library.database import chunks
from corpus.library.schema import NUMBER
from corpus.library.store import HERE, Store
from corpus.vocabulary import Effect
from webui.app.page_database import PageDatabase

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from corpus.library.values import Summary

#: Changes of the library that are written down in one transaction.
BATCH = 200


class Kind(StrEnum):
    """What happened."""

    #: A file of the document came into the library.
    ADDED = "them"
    #: The effect of the document changed.
    EFFECT = "hieu_luc"
    #: The effect of one of its legal bases changed after it was signed.
    BASIS = "can_cu"
    #: It is cited, and the library has no file of it.
    WANTED = "con_thieu"


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    #: Grows with each event.
    number: int
    #: When it was noticed, ISO 8601 in UTC.
    at: str
    kind: Kind
    document: int
    #: The legal basis that changed; None but for BASIS.
    basis: int | None = None
    #: The document that brought the change; None where a table or a period did.
    by: int | None = None
    #: What the changed document became; "" where nothing changed.
    effect: str = ""


#: What happened, before it has a number and a time: kind, document, basis, by, effect; 0 for none.
_Found = tuple[Kind, int, int, int, str]

#: The tables of this module.
TABLES = MetaData()
_events = Table(
    "events",
    TABLES,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("seq", NUMBER, nullable=False),  # the change number of the library at which it was noticed
    Column("kind", Text, nullable=False),
    Column("document", NUMBER, nullable=False, index=True),
    Column("basis", NUMBER, nullable=False),
    Column("by", NUMBER, nullable=False),
    Column("effect", Text, nullable=False),
    UniqueConstraint("kind", "document", "basis", "by", "effect"),
    sqlite_autoincrement=True,
)
_EFFECTS_OF = select(_events.c.document, _events.c.by, _events.c.effect).where(
    _events.c.kind == "hieu_luc", _events.c.document.in_(bindparam("ids", expanding=True))
)
_state = Table("state", TABLES, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))


class EventLog:
    """The events of one library folder. Safe to share between threads and processes."""

    def __init__(self, folder: Path, store: Store = HERE) -> None:
        self._database = PageDatabase(folder, "events.db", TABLES, store)
        self._following = threading.Lock()
        named = self._database.insert(_state).values(name="uid", value=str(uuid.uuid4()))
        with self._database.write() as connection:
            connection.execute(named.on_conflict_do_nothing())

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @property
    def uid(self) -> uuid.UUID:
        """Names this log for ever; the ids of its events are made of it."""
        with self._database.read() as connection:
            return uuid.UUID(_value(connection, "uid"))

    def last(self) -> int:
        """The number of the last event; 0 where there is none."""
        with self._database.read() as connection:
            return int(connection.execute(select(_events.c.number).order_by(_events.c.number.desc())).scalar() or 0)

    def follow(self, view: LibraryView, graph: Graph) -> None:
        """Write down what happened since the last call. Effects that begin by date alone are looked for once a day.

        The work grows with what changed, not with the library: what rests on a document is looked at when its effect
        is new here, and a document's own bases when the document changed.
        """
        with self._following:
            with self._database.read() as connection:
                since, day = int(_value(connection, "seq") or 0), _value(connection, "day")
            reader, until = EffectReader(view, graph), graph.sequence  # what the graph has not read comes next time
            while changes := [one for one in view.changes(since, limit=BATCH) if one.seq <= until]:
                since = changes[-1].seq
                touched = [change.id for change in changes if change.kind == "put"]
                named = view.summaries(touched)
                changed = set(named) | {link.target for id in named for link in graph.cites(id, within=CHANGING)}
                effects = self._effects(view, graph, reader, changed)
                bases = _bases(view, graph, reader, set(named) | _resting(graph, effects))
                self._write(since, [*_arrivals(graph, named), *effects, *bases])
            if day != today():
                self._write_by_date(view, graph, reader, since)

    def _write_by_date(self, view: LibraryView, graph: Graph, reader: EffectReader, seq: int) -> None:
        """What the day brought: effects of all documents that are held or rested on, and of what rests on them."""
        every = view.documents(held=None)
        bases = graph.dependents([one.id for one in every])
        wanted = [one.id for one in every if one.id in bases and (one.held or bases[one.id][0])]
        for part in chunks(wanted, BATCH):
            found = self._effects(view, graph, reader, part)
            self._write(seq, [*found, *_bases(view, graph, reader, _resting(graph, found))])
        self._write(seq, (), day=today())

    def _effects(self, view: LibraryView, graph: Graph, reader: EffectReader, ids: Iterable[int]) -> list[_Found]:
        """The effects of documents that are not written down yet."""
        named, now = view.summaries(ids), today()
        reader.gather(named.values())
        found = [(Kind.EFFECT, id, 0, by, effect) for id in named for by, effect in _proofs(reader.status(id, now))]
        written: set[tuple[int, int, str]] = set()
        with self._database.read() as connection:
            for part in chunks(sorted({one[1] for one in found})):
                written.update(map(tuple, connection.execute(_EFFECTS_OF, {"ids": part})))
        return [one for one in found if (one[1], one[3], one[4]) not in written]

    def _write(self, seq: int, found: Iterable[_Found], day: str = "") -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        names = ("kind", "document", "basis", "by", "effect")
        rows = [{"at": at, "seq": seq, **dict(zip(names, one, strict=True))} for one in found]
        with self._database.write() as connection:
            if rows:
                connection.execute(self._database.insert(_events).on_conflict_do_nothing(), rows)
            for name, value in (("seq", str(seq)), ("day", day)):
                if value:
                    query = self._database.insert(_state).values(name=name, value=value)
                    connection.execute(query.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def latest(
        self, wanted: Callable[[Event], bool], *, before: int | None = None, after: int = 0, limit: int | None = None
    ) -> list[Event]:
        """The events that are *wanted*, newest first: those with numbers below *before* and above *after*."""
        query = select(_events).where(_events.c.number > after).order_by(_events.c.number.desc())
        if before is not None:
            query = query.where(_events.c.number < before)
        found: list[Event] = []
        with self._database.read() as connection:
            for row in connection.execute(query):
                one = Event(
                    row.number, row.at, Kind(row.kind), row.document, row.basis or None, row.by or None, row.effect
                )
                if wanted(one):
                    found.append(one)
                    if limit is not None and len(found) == limit:
                        break
        return found


def _value(connection: Connection, name: str) -> str:
    return str(connection.execute(select(_state.c.value).where(_state.c.name == name)).scalar() or "")


def _arrivals(graph: Graph, named: Mapping[int, Summary]) -> Iterator[_Found]:
    """Files that came in and documents that are missing, among the changed ones; what is known is found again."""
    counts = graph.counts(id for id, summary in named.items() if not summary.held and not summary.known_only)
    for id, summary in named.items():
        if summary.held:
            yield Kind.ADDED, id, 0, 0, ""
        elif id in counts and counts[id][1]:
            yield Kind.WANTED, id, 0, 0, ""


def _resting(graph: Graph, effects: Iterable[_Found]) -> set[int]:
    """What rests on the documents of new *effects*."""
    return {one.source for id in {effect[1] for effect in effects} for one in graph.citing(id) if one.is_legal_basis}


def _bases(view: LibraryView, graph: Graph, reader: EffectReader, ids: Iterable[int]) -> Iterator[_Found]:
    """Bases of documents that changed after they were signed."""
    held = [summary for summary in view.summaries(ids).values() if summary.held]
    for one in changed_bases(view, graph, held, reader):
        before = set(_proofs(one.at_signing))
        for by, effect in _proofs(one.today):
            if (by, effect) not in before:
                yield Kind.BASIS, one.source, one.target.id, by, effect


def _proofs(status: EffectStatus) -> list[tuple[int, str]]:
    """What changed a document: the changing document (0 for none), and what it became."""
    return [
        (proof.by or 0, str(proof.state)) for proof in status.proofs if Effect(proof.state) in CHANGED and proof.sure
    ]
