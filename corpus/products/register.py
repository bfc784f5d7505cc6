"""The register of products of a library: every product with the decisions that recognise it, oldest first."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from sqlalchemy import select

from corpus.fold import canonical, letters
from corpus.library import LibraryView
from corpus.library import records as stored
from corpus.library.schema import nodes, records
from corpus.products.rows import products_of
from corpus.products.values import Product
from corpus.vocabulary import Effect

#: Effects of a decision that no longer recognises anything by itself.
_WITHDRAWN = frozenset({Effect.REPLACED, Effect.REPEALED})


@dataclass(frozen=True, slots=True)
class Entry:
    """A product as one document recognises it."""

    #: The document's id.
    document: int
    product: Product

    @property
    def id(self) -> str:
        """A name for addresses: document, table and row."""
        return f"{self.document}-{self.product.table}-{self.product.row}"


@dataclass(slots=True)
class Registered:
    """A product with its recognitions, the oldest first."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its first recognition."""
        return self.entries[0].id

    @property
    def latest(self) -> Entry:
        """The recognition that counts now."""
        return self.entries[-1]


class Register:
    """The products of one view of a library; :meth:`refresh` follows its changes; threads may share it."""

    def __init__(self, library: LibraryView) -> None:
        self._library = library
        self._sequence = -1
        self._entries: dict[int, list[Entry]] = {}
        self._products: list[Registered] = []
        self._effects: dict[int, Effect] = {}
        self._lock = threading.Lock()

    def refresh(self) -> list[Registered]:
        """The products, by name. Reads only documents that have changed since it was asked last."""
        with self._lock:
            now = self._library.sequence()
            if now == self._sequence:
                return self._products
            changed = None if self._sequence < 0 else {change.id for change in self._library.changes(self._sequence)}
            for id in changed or ():
                self._entries.pop(id, None)
            waiting = self._with_tables(changed)
            with self._library.reading() as connection:
                for id in waiting:
                    found = [Entry(id, product) for product in products_of(stored.load(connection, id))]
                    if found:
                        self._entries[id] = found
            self._products = joined([entry for id in sorted(self._entries) for entry in self._entries[id]])
            self._effects = self._library.effects(sorted(self._entries))
            self._sequence = now
            return self._products

    def is_withdrawn(self, document: int) -> bool:
        """Whether the decision in a document was replaced or repealed, as :meth:`refresh` found it."""
        return self._effects.get(document) in _WITHDRAWN

    def _with_tables(self, among: set[int] | None) -> list[int]:
        """The held documents that have tables, of those in *among*; of all where it is None."""
        query = (
            select(records.c.node_id)
            .join(nodes, nodes.c.id == records.c.node_id)
            .where(self._library.visible, records.c.record["tables"][0].as_string().is_not(None))
        )
        with self._library.reading() as connection:
            found = list(connection.execute(query).scalars())
        return [id for id in found if among is None or id in among]


def joined(entries: list[Entry]) -> list[Registered]:
    """Recognitions of one product as one: the same name and the same owner; without an owner each stays alone."""
    products: dict[tuple[str, ...], Registered] = {}
    for entry in entries:
        key = _key(entry.product) or ("", entry.id)
        products.setdefault(key, Registered()).entries.append(entry)
    for one in products.values():
        one.entries.sort(key=lambda entry: (entry.product.date or "", entry.document, entry.product.row))
    return sorted(products.values(), key=lambda one: (letters(one.latest.product.name), one.id))


def _key(product: Product) -> tuple[str, ...] | None:
    """What makes two recognitions one product: name and owners without case, marks and signs."""
    if not product.owners:
        return None
    return (_words(product.name), *sorted(_words(owner) for owner in product.owners))


def _words(text: str) -> str:
    """The words of *text* in lower case, spelled in one way, with their marks."""
    return " ".join(re.findall(r"\w+", canonical(text).casefold()))
