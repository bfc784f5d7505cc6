"""What is known of a document of which nothing is known but a row of the tables."""

from __future__ import annotations

from corpus import identity
from corpus.law import known_documents
from corpus.resolution import description
from corpus.resolution.clusters import Cluster, Item


def test_a_row_alone_is_described_as_any_evidence_is() -> None:
    rows = known_documents.all_rows().values()
    assert rows
    for row in rows:
        item = Item("known", 0, row.facts, source=row.key, unsure=not row.sure)
        alone = Cluster(items=[item])
        for _ in range(2):  # the second time from memory
            description.describe(alone)
            assert alone.facts == description._facts(description._evidence(alone))
            assert alone.key == identity.key_of(alone.facts)
            assert (alone.conflicts, alone.restricted, alone.withheld) == ({}, False, False)


def test_a_renewed_row_is_described_anew() -> None:
    row = next(iter(known_documents.all_rows().values()))
    for title in ("cũ", "mới"):
        facts = identity.Facts(**{**row.facts.as_json(), "title": title})
        cluster = Cluster(items=[Item("known", 0, facts, source=row.key)])
        description.describe(cluster)
        assert cluster.facts.title == title
