"""Documents that are cited but not held, most cited first."""

from __future__ import annotations

from pathlib import Path

from corpus.graph.graph import Graph
from corpus.graph.wanted import wanted
from corpus.library import Library
from tests.support.libraries import TINH, TTG, library_citing_two, record


def test_documents_cited_and_not_held_are_listed_with_what_their_citations_say(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library_citing_two(library)
        first, second = wanted(library.view(), Graph(library.view()).refresh())
        assert (first.summary.so_ky_hieu, first.cited_by, first.basis_of) == ("490/QĐ-TTg", 3, 3)
        assert (first.summary.date, first.summary.issuer) == ("2018-05-07", TTG)
        assert first.conflicts == {"date": {"2018-05-07": 2, "2018-07-05": 1}}
        assert (second.summary.so_ky_hieu, second.cited_by, second.basis_of) == ("5/QĐ-UBND", 2, 0)


def test_a_document_that_came_in_is_wanted_no_longer(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library_citing_two(library)
        library.intake.add(record("490/QĐ-TTg", "2018-05-07", TTG))
        found = wanted(library.view(), Graph(library.view()).refresh())
        assert [w.summary.so_ky_hieu for w in found] == ["5/QĐ-UBND"]


def test_documents_that_went_meanwhile_are_left_out(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.add(record("9/QĐ-UBND", "2020-01-01", TINH))
        assert Graph(library.view()).refresh().dependents([10**9]) == {}
