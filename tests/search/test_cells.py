"""Words inside a cell of a table (``bang:``): which documents have them, and the row that shows it; in both engines."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.errors import QueryError
from corpus.library.table_rows import RowCell, rows_of
from search.request import SearchRequest
from search.results import Hit, Results
from search.searcher import Search
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, held, ids

HEADINGS = ["TT", "Tên sản phẩm", "Chủ thể", "Hạng"]
FIRST = [HEADINGS, ["1", "Chè Shan tuyết Nậm Hoa", "HTX Nậm Hoa", "5 sao"], ["2", "Mật ong", "HTX chè shan", "4 sao"]]
SECOND = [HEADINGS, ["1", "Trà chè", "Shan Tuyết Vân Lĩnh", "3 sao"], ["2", "Che shan", "HTX Bản Phố", "3 sao"]]


def document(id_: int, rows: list[list[str]]) -> Any:
    """A decision whose text is a table, cell behind cell."""
    text, cells = "Danh mục sản phẩm chè shan tuyết\n", []
    for row, texts in enumerate(rows):
        for column, words in enumerate(texts):
            cells.append(
                {"row": row, "column": column, "text": words, "spans": [[len(text), len(text) + len(words)]], "page": 1}
            )
            text += words + ("\n" if column == len(texts) - 1 else "\t")
    return held(id_, text, tables=[{"rows": len(rows), "columns": len(rows[0]), "cells": cells}])


@pytest.fixture(scope="module", params=Tested.names)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Search:
    """Two decisions with tables, and a plan without that has the same words."""
    source = MemorySource([document(1, FIRST), document(2, SECOND), held(3, "Kế hoạch trồng chè shan tuyết, 5 sao")])
    made = searched(tmp_path_factory.mktemp(request.param) / "index", source, request.param)
    made.catch_up()
    return made


def ask(search: Search, query: str) -> Results:
    return search.search(SearchRequest(query))


def rows_shown(hit: Hit) -> list[str]:
    return [snippet.text for snippet in hit.snippets]


def test_the_words_stand_in_one_cell_and_the_row_is_shown(search: Search) -> None:
    found = ask(search, 'bang:"chè shan tuyết"')
    assert ids(found) == [1]
    (snippet,) = found.hits[0].snippets
    assert snippet.text == "1 | Chè Shan tuyết Nậm Hoa | HTX Nậm Hoa | 5 sao"
    assert [snippet.text[slice(*at)] for at in snippet.highlights] == ["Chè Shan tuyết"]
    assert [found.hits[0].document.text[slice(*at)] for at in snippet.places] == ["Chè Shan tuyết"]
    assert (snippet.table, snippet.row, snippet.page) == (1, 1, 1)


def test_diacritics_as_typed_come_first_and_without_them_all_count(search: Search) -> None:
    assert ids(ask(search, 'bang:"chè shan"')) == [1, 2]
    assert sorted(ids(ask(search, 'bang:"che shan"'))) == [1, 2]
    assert ids(ask(search, 'bang:"chè shan" -bang:"3 sao"')) == [1]
    assert ids(ask(search, 'bang:"tuyết nậm"')) == [1]
    assert ids(ask(search, 'bang:"nậm hoa htx"')) == []  # across two cells


def test_rows_with_more_of_what_is_asked_are_shown(search: Search) -> None:
    (hit,) = ask(search, 'bang:"chè shan" bang:"5 sao"').hits
    assert rows_shown(hit)[0].startswith("1 | Chè Shan tuyết")
    (hit,) = ask(search, 'danh mục bang:"mật ong"').hits
    assert hit.snippets[0].text == "2 | Mật ong | HTX chè shan | 4 sao"
    assert any(snippet.table is None for snippet in hit.snippets)


def test_a_value_without_letters_is_refused(search: Search) -> None:
    with pytest.raises(QueryError):
        ask(search, 'bang:"---"')


def test_a_cell_over_several_rows_stands_in_each_of_them() -> None:
    cells = [
        {"row": 0, "column": 0, "text": "HTX", "spans": [[0, 3]], "page": 2, "row_span": 2},
        {"row": 0, "column": 1, "text": "Chè", "spans": [[4, 7]], "page": 2},
        {"row": 1, "column": 1, "text": "Miến", "spans": [[8, 12]], "page": 3},
    ]
    first, second = rows_of([{"rows": 2, "columns": 2, "cells": cells}])
    assert [cell.text for cell in second.cells] == ["HTX", "Miến"]
    assert (second.own, second.page, first.page) == (frozenset({1}), 3, 2)


def test_a_part_of_a_cell_leads_to_its_stretches_of_the_text() -> None:
    cell = RowCell("Chè Shan tuyết", ((10, 18), (40, 45)))
    assert cell.places(4, 14) == [(14, 18), (40, 45)]
    assert cell.places(0, 3) == [(10, 13)]
    assert RowCell("Chè  Shan", ((10, 18),)).places(0, 3) == [(10, 18)]
