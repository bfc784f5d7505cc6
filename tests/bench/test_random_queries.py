"""Random strings as queries give a tree or the query error, never anything else."""

from __future__ import annotations

from bench.random_queries import measure


def test_random_strings_are_queries_or_query_errors() -> None:
    figures = measure(1_000)
    assert figures["failures"] == []
    assert figures["trees"] + figures["errors"] == 1_000
    assert figures["trees"] > 100
