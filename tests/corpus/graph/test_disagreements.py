"""Where documents give another one two dates, issuers or titles."""

from __future__ import annotations

from pathlib import Path

from corpus.graph.disagreements import all_disagreements, disagreements
from corpus.library import Library
from tests.support.libraries import TTG, library_citing_two, record


def test_two_dates_given_to_one_document_are_listed_with_who_gives_them(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = library_citing_two(library)
        view = library.view()
        cited = view.one("490/QĐ-TTg").id
        (clash,) = disagreements(view, cited)
        assert (clash.field, clash.own) == ("date", None)
        assert [(s.value, s.documents) for s in clash.given] == [("2018-05-07", ids[1:]), ("2018-07-05", ids[:1])]
        assert [c.summary.id for c in all_disagreements(view)] == [cited]


def test_the_date_on_its_own_pages_stands_beside_those_of_the_citations(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library_citing_two(library)
        cited = library.intake.add(record("490/QĐ-TTg", "2018-05-07", TTG)).id
        (clash,) = disagreements(library.view(), cited)
        assert clash.own == "2018-05-07"
