"""Errors of PostgreSQL come out as errors that say the next step."""

from __future__ import annotations

import pytest

from corpus import storage_errors
from corpus.errors import DiskFull, LibraryBusy, LibraryDamaged, LibraryUnreachable, OcopError, UsageError

psycopg = pytest.importorskip("psycopg")


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("08006", LibraryUnreachable),  # connection lost
        ("57P01", LibraryUnreachable),  # the operator stops the server
        ("57P03", LibraryUnreachable),  # it is starting
        ("53300", LibraryUnreachable),  # too many connections
        ("53100", DiskFull),
        ("55P03", LibraryBusy),  # the writer's lock
        ("40P01", LibraryBusy),
        ("42501", UsageError),
        ("25006", UsageError),
        ("XX001", LibraryDamaged),
    ],
)
def test_each_state_has_its_meaning(state: str, kind: type[OcopError]) -> None:
    found = storage_errors.meaning(psycopg.errors.lookup(state)())
    assert type(found) is kind
    assert found.next_step


def test_a_fault_of_the_program_is_left_as_it_is() -> None:
    assert storage_errors.meaning(psycopg.errors.SyntaxError()) is None
    assert storage_errors.meaning(psycopg.ProgrammingError("x")) is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("connection refused", LibraryUnreachable),
        ('FATAL:  database "x" does not exist', UsageError),
        ('FATAL:  password authentication failed for user "x"', UsageError),
    ],
)
def test_a_connection_that_is_not_made_is_told_apart_by_what_the_server_says(words: str, kind: type[OcopError]) -> None:
    assert type(storage_errors.meaning(psycopg.OperationalError(words))) is kind
