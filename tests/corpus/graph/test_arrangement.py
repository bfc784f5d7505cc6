"""The orders of the graph's edges: what is made from the arrangement before equals what is made of all edges."""

from __future__ import annotations

import random

import numpy as np
import pytest

from corpus.graph.arrangement import Arrangement, arranged, rearranged, stable_order
from corpus.graph.documents import DocumentColumns, GraphDocument
from corpus.graph.edges import EdgeTable, packed
from corpus.graph.fact_edges import FactEdges
from corpus.graph.links import FACT

#: Citations of a document: target, code of the relation, ordinal.
Citations = list[tuple[int, int, int]]


def test_more_documents_than_two_bytes_can_number_are_sorted() -> None:
    documents = np.array([70_000, 3, 70_000, 65_536, 0, 3, 200_000], np.int64)
    assert stable_order(documents).tolist() == [4, 1, 5, 3, 0, 2, 6]


class Drawn:
    """A library that changes by chance. Documents have every second id; the ids between are of documents not shown."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.days = {id: self.day() for id in range(2, 42, 2)}
        self.citations = {id: self.draw() for id in self.days}
        self.facts = FactEdges([])
        ends = [self.chance.sample(sorted(self.days), 2) for _ in range(8)]
        self.facts.src, self.facts.dst = (np.array(column, np.int64) for column in zip(*ends, strict=True))
        self.facts.rel = np.zeros(len(ends), np.uint8)
        self.facts.bits = np.full(len(ends), FACT, np.uint8)

    def day(self) -> int:
        return self.chance.randrange(5)

    def draw(self) -> Citations:
        """What a document cites: some of it twice, some of it documents that are not shown or not there yet."""
        last = max(self.days)
        return [
            (self.chance.randrange(1, last + 4), self.chance.randrange(2), at) for at in range(self.chance.randrange(6))
        ]

    def columns(self) -> DocumentColumns:
        return DocumentColumns.of(
            [GraphDocument(id, None, day, 9, "", True, None, (), None, None) for id, day in sorted(self.days.items())]
        )

    def table(self, ids: set[int]) -> EdgeTable:
        rows = [
            (id, target, rel, 0, 1, at) for id in sorted(ids) for target, rel, at in self.citations[id] if target != id
        ]
        return packed(np.array(rows, np.int64).reshape(-1, 6).T)

    def all(self) -> Arrangement:
        return arranged(self.columns(), self.table(set(self.days)), self.facts)

    def change(self) -> set[int]:
        """New documents and changed ones."""
        changed = set(self.chance.sample(sorted(self.days), self.chance.randrange(4)))
        for _ in range(self.chance.randrange(3)):
            changed.add(max(self.days) + self.chance.choice((1, 2)))
            self.days[max(changed | set(self.days))] = self.day()
        for id in changed:
            self.citations[id] = self.draw()
            if self.chance.random() < 0.5:
                self.days[id] = self.day()
        return changed


def _same(one: Arrangement, other: Arrangement) -> None:
    for name in ("src", "dst", "rel", "bits", "out_start", "back", "in_start"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name


@pytest.mark.parametrize("seed", range(40))
def test_a_change_gives_what_all_edges_give(seed: int) -> None:
    drawn, followed = Drawn(seed), 0
    state, before = drawn.all(), drawn.columns()
    for _ in range(30):
        changed = drawn.change()
        columns = drawn.columns()
        made = rearranged(state, before, columns, [*changed, *changed], drawn.table(changed))
        if made is None:
            made = drawn.all()
        else:
            followed += 1
            _same(made, drawn.all())
        state, before = made, columns
    assert followed > 5


def test_an_edge_to_a_document_that_becomes_visible_is_not_followed() -> None:
    drawn = Drawn(1)
    drawn.citations = {id: [] for id in drawn.days} | {2: [(43, 0, 0)]}
    state, before = drawn.all(), drawn.columns()
    assert state.missing.tolist() == [43]
    drawn.days[43], drawn.citations[43] = 1, []
    assert rearranged(state, before, drawn.columns(), [43], drawn.table({43})) is None
    assert 43 in drawn.columns().ids[drawn.all().dst]


def test_another_date_of_a_document_with_fact_edges_is_not_followed() -> None:
    drawn = Drawn(2)
    state, before = drawn.all(), drawn.columns()
    id = int(drawn.facts.src[0])
    drawn.days[id] += 1
    assert rearranged(state, before, drawn.columns(), [id], drawn.table({id})) is None
