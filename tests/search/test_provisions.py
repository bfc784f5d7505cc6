"""``dan:"Điều 5 Nghị định …"``: documents that cite a provision, by both engines over a real library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.support.engines import Tested, searched
from tests.support.search_library import ask
from tests.support.web_library import document_text

DECREE = "Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ"
#: số → what the plan of that number rests on.
PLANS = {
    "11": f"Căn cứ Điều 5 {DECREE}.",
    "12": f"Căn cứ điểm a khoản 2 Điều 5 {DECREE}.",
    "13": f"Căn cứ khoản 2 Điều 7 {DECREE}.",
    "14": f"Căn cứ {DECREE}.\nI. NHIỆM VỤ\n1. Trình bày theo Phụ lục I ban hành kèm theo {DECREE}.",
}


@pytest.fixture(scope="module", params=Tested.names)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    folder = tmp_path_factory.mktemp("provisions")
    with Library.open(folder / "kho", create=True, facts=False) as library:
        for number, bases in PLANS.items():
            path = folder / f"{number}.txt"
            text = document_text("KẾ HOẠCH", f"{number}/KH-UBND", ("12", "8", "2025"), f"Việc {number}", bases)
            path.write_text(text, encoding="utf-8")
            library.intake.add(parse_record(read_record(str(path))), path, reader_version=READER_VERSION)
        made = searched(folder / "index", library.view(), request.param)
        made.catch_up()
        yield made
        made.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('dan:"Điều 5 Nghị định 30/2020/NĐ-CP"', {"11", "12"}),
        ('dan:"dieu 5 nghi dinh 30/2020/nd-cp"', {"11", "12"}),
        ('dan:"khoản 2 Điều 5 Nghị định 30/2020/NĐ-CP"', {"12"}),
        ('dan:"30/2020/NĐ-CP Điều 5 khoản 2 điểm a"', {"12"}),
        ('dan:"Điều 7 của Nghị định 30/2020/NĐ-CP"', {"13"}),
        ('dan:"Phụ lục I Nghị định 30/2020/NĐ-CP"', {"14"}),
        ('cancu:"Phụ lục I Nghị định 30/2020/NĐ-CP"', {"14"}),
        ('dan:"Điều 9 Nghị định 30/2020/NĐ-CP"', set()),
        ("dan:30/2020/NĐ-CP", {"11", "12", "13", "14"}),
    ],
)
def test_documents_that_cite_a_provision(search: Search, query: str, expected: set[str]) -> None:
    hits = ask(search, query).hits
    assert {str(hit.document.number) for hit in hits} == expected
