"""Documents as people half remember them (``data/half_remembered.tsv``), over the tables of known documents on OCOP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.tables import rows
from search.engines import ENGINES
from search.query.question import question_of
from search.request import SearchRequest
from search.searcher import Search
from tests.support.search_library import MemorySource, stub

DATA = Path(__file__).parent / "data"
#: Of the queries: the right document first, and among three.
FIRST, AMONG_THREE = 0.9, 0.975


def library() -> MemorySource:
    """The known documents on OCOP, as documents that are only cited."""
    names = ("so_ky_hieu", "doc_type", "date", "issuer", "title")
    known = [{name: row[name] or None for name in names} for row in rows("known_ocop")]
    return MemorySource([stub(id_, **values) for id_, values in enumerate(known, 1)])


@pytest.fixture(scope="module", params=ENGINES)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = Search(tmp_path_factory.mktemp("half"), library(), request.param)
    made.catch_up()
    yield made
    made.close()


def ranks(search: Search) -> dict[str, int | None]:
    """Query → the rank of the right document, counted from 0; None where it is not found."""
    found = {}
    for row in rows("half_remembered", DATA):
        question = question_of(row["query"])
        text = question.document if question else row["query"]
        hits = search.search(SearchRequest(text, degrees=True)).hits
        assert hits, row["query"]
        right = (rank for rank, hit in enumerate(hits) if hit.document.so_ky_hieu == row["so_ky_hieu"])
        found[row["query"]] = next(right, None)
    return found


def test_half_remembered_documents_come_first(search: Search) -> None:
    found = ranks(search)
    missed = {query: rank for query, rank in found.items() if rank != 0}
    among_three = sum(rank is not None and rank < 3 for rank in found.values())
    assert len(found) - len(missed) >= FIRST * len(found), missed
    assert among_three >= AMONG_THREE * len(found), missed
