"""Rows written to SQLite many at a time are what SQLAlchemy would have written."""

from pathlib import Path

import pytest
from sqlalchemy import select

from corpus.library import Library
from corpus.library.database import inserted_ids, update_rows
from corpus.library.schema import claims, nodes


def test_rows_are_numbered_in_order_and_get_the_defaults(tmp_path: Path) -> None:
    with Library.open(tmp_path / "lib", create=True) as library, library.intake.database.write() as connection:
        first = inserted_ids(connection, nodes, [{"doc_key": key, "facts": {}} for key in "abc"])
        connection.execute(nodes.delete().where(nodes.c.id == first[-1]))
        later = inserted_ids(connection, nodes, [{"doc_key": key, "facts": {"f": key}} for key in "de"])
        rows = {row.id: row for row in connection.execute(select(nodes))}
    assert later == [first[-1] + 1, first[-1] + 2]  # an id is never used twice
    assert [rows[id_].doc_key for id_ in (*first[:2], *later)] == ["a", "b", "d", "e"]
    assert rows[later[1]].facts == {"f": "e"}
    assert (rows[later[1]].held, rows[later[1]].known) == (False, None)


@pytest.mark.sqlite  # PostgreSQL takes no half of a surrogate pair
def test_json_comes_back_as_it_was(tmp_path: Path) -> None:
    odd = {"half": "\ud800", "đủ": [1.5, None, True, 10**30], "inf": float("inf"), "": {}}
    row = {"sig": "s", "facts": odd, "state": "unresolved", "conflicts": [], "candidates": []}
    with Library.open(tmp_path / "lib", create=True) as library, library.intake.database.write() as connection:
        (id_,) = inserted_ids(connection, claims, [row])
        update_rows(connection, claims, "row", [{"row": id_, "candidates": [3], "confidence": 0.1}])
        found = connection.execute(select(claims)).one()
    assert (found.facts, found.conflicts, found.candidates, found.confidence) == (odd, [], [3], 0.1)
    assert (found.target_id, found.method, found.votes) == (None, "", 0)
