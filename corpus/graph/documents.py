"""The documents of the graph: what is kept of each besides its edges, and the same as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, select

from corpus.dates import interval
from corpus.graph.links import Bools, Ints
from corpus.law import title_facts
from corpus.law.title_facts import Named
from corpus.library import LibraryView
from corpus.library.database import chunks
from corpus.library.schema import nodes

#: Ids up to so many times as many as there are documents are looked up in a table, if many are asked for.
_DENSE = 8
#: After every day, for a document without a date.
_LAST_DAY = 99_999_999


@dataclass(slots=True)  # not frozen: a hundred thousand are made when the graph is loaded
class GraphDocument:
    """What the graph holds of a document; immutable."""

    id: int
    date: str | None
    #: The first and the last day that the date may mean, as numbers (20240611).
    first_day: int
    last_day: int
    #: "" where it is not known.
    issuer_key: str
    held: bool
    #: The key of its row in the known-documents tables.
    known: str | None
    #: The documents that the title of a stub acts on; the title of a held one is read with its citations.
    named: tuple[Named, ...]
    number_key: str | None
    sym_key: str | None


def day_number(iso: str) -> int:
    """``2024-06-11`` → 20240611; 0 for none."""
    return int(iso.replace("-", "")) if iso else 0


def load_documents(
    view: LibraryView, ids: Sequence[int] | None = None, *, where: ColumnElement[bool] | None = None
) -> Iterator[GraphDocument]:
    """All documents that the view shows, or those of *ids* that it shows, or those that meet the condition *where*."""
    query = select(
        nodes.c.id,
        nodes.c.date,
        nodes.c.issuer_key,
        nodes.c.held,
        nodes.c.known,
        nodes.c.title,
        nodes.c.number_key,
        nodes.c.sym_key,
    ).where(nodes.c.merged_into.is_(None), view.visible)
    if where is not None:
        query = query.where(where)
    with view.reading() as connection:
        queries = [query] if ids is None else [query.where(nodes.c.id.in_(part)) for part in chunks(ids)]
        for one in queries:
            for id, date, issuer_key, held, known, title, number_key, sym_key in connection.execute(one):
                first, last = interval(date) if date else ("", "")
                yield GraphDocument(
                    int(id),
                    date,
                    day_number(first),
                    day_number(last) or _LAST_DAY,
                    issuer_key or "",
                    bool(held),
                    known,
                    tuple(title_facts.named_in(title)) if title and not held else (),
                    number_key,
                    sym_key,
                )


@dataclass(frozen=True, slots=True)
class DocumentColumns:
    """The documents in order of id, a column a value; a document is meant by its position."""

    ids: Ints
    held: Bools
    first_day: Ints
    last_day: Ints
    #: Keys of issuers; *issuer* holds places in it.
    issuers: list[str]
    issuer: Ints

    @classmethod
    def of(cls, documents: Sequence[GraphDocument], issuers: Iterable[str] = ()) -> DocumentColumns:
        """The columns of *documents*, which are in order of id; issuers: the keys to begin with."""
        names = list(dict.fromkeys([*issuers, *(d.issuer_key for d in documents)]))
        code = {name: at for at, name in enumerate(names)}
        return cls(
            np.array([d.id for d in documents], np.int64),
            np.array([d.held for d in documents], np.bool_),
            np.array([d.first_day for d in documents], np.int64),
            np.array([d.last_day for d in documents], np.int64),
            names,
            np.array([code[d.issuer_key] for d in documents], np.int64),
        )

    def following(self, documents: Mapping[int, GraphDocument], changed: set[int]) -> DocumentColumns | None:
        """These columns with the *changed* documents; None where documents were removed, or added between others."""
        last = int(self.ids[-1]) if len(self.ids) else 0
        rows = [documents[id] for id in sorted(changed) if id in documents]
        old = [row for row in rows if row.id <= last]
        places = [self.find(row.id) for row in old]
        if len(rows) < len(changed) or None in places:
            return None
        fresh = DocumentColumns.of(rows, self.issuers)
        at = np.array(places, np.int64)

        def joined(column: Ints, new: Ints) -> Ints:
            made = column.copy()
            made[at] = new[: len(old)]
            return np.concatenate([made, new[len(old) :]])

        held = self.held.copy()
        held[at] = fresh.held[: len(old)]
        return DocumentColumns(
            joined(self.ids, fresh.ids),
            np.concatenate([held, fresh.held[len(old) :]]),
            joined(self.first_day, fresh.first_day),
            joined(self.last_day, fresh.last_day),
            fresh.issuers,
            joined(self.issuer, fresh.issuer),
        )

    def find(self, id: int) -> int | None:
        """The position of a document; None for an unknown id."""
        at = int(np.searchsorted(self.ids, id))
        return at if at < len(self.ids) and self.ids[at] == id else None

    def positions(self, ids: Ints) -> tuple[Ints, Bools]:
        """The positions of several documents, and which of them exist."""
        if not len(self.ids):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        last = int(self.ids[-1])
        if last < _DENSE * len(self.ids) <= _DENSE * len(ids):
            place = np.full(last + 2, -1, np.int64)  # a table of all ids, and one place for those behind the last
            place[self.ids] = np.arange(len(self.ids))
            at = place[np.minimum(ids, last + 1)]
            there = at >= 0
            return np.where(there, at, 0), there
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return at, self.ids[at] == ids
