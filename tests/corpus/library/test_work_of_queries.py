"""What is asked of one document costs the same in a small library and in a large one: SQLite counts its own steps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.library import Library, LibraryView
from tests.support.libraries import TINH, TTG, cite, record

pytestmark = pytest.mark.sqlite

#: Instructions of SQLite's machine between two counts.
EVERY = 10


def steps(view: LibraryView, ask: Callable[[LibraryView, int], object], id: int) -> int:
    """The steps that SQLite takes for what *ask* asks of a document."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += EVERY
        return 0

    with view.moment(), view.reading() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(count, EVERY)
        try:
            ask(view, id)
        finally:
            raw.set_progress_handler(None, 0)
    return counted


def library_of(folder: Path, plans: int) -> tuple[Library, int]:
    """A library of that many plans, each with its own basis, and the one that is asked about."""
    library = Library.open(folder, create=True)
    asked = library.intake.add(record("1/KH-UBND", "2024-01-01", TINH, [cite("148/QĐ-TTg", "2023-02-24", TTG)])).id
    for number in range(2, plans + 1):
        cites = [cite(f"{number}/QĐ-UBND", "2023-01-01", TINH), cite(f"{number}/NQ-HĐND", "2022-01-01", TINH)]
        library.intake.add(record(f"{number}/KH-UBND", "2024-01-01", TINH, cites))
    return library, asked


@pytest.mark.parametrize(
    "ask",
    [
        lambda view, id: view.may_be_cited_by(id),
        lambda view, id: view.mentions(id),
        lambda view, id: view.cited_by(id),
        lambda view, id: view.attributions([id]),
        lambda view, id: view.document(id),
        lambda view, id: view.indexed(id),
    ],
    ids=["may_be_cited_by", "mentions", "cited_by", "attributions", "document", "indexed"],
)
def test_other_documents_are_not_looked_at(tmp_path: Path, ask: Callable[[LibraryView, int], object]) -> None:
    taken = []
    for name, plans in (("small", 4), ("large", 60)):
        library, asked = library_of(tmp_path / name, plans)
        with library:
            taken.append(steps(library.view(), ask, asked))
    small, large = taken
    assert large <= 2 * small + EVERY
