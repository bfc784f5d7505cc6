"""Related documents: by citations, text and programme; near duplicates and other years' versions apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.graph.graph import Graph
from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.support.web_library import document_text
from webui.app.related import related

_BASES = """Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;
Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ.
"""
_TEA = """I. MỤC TIÊU
1. Hỗ trợ các hợp tác xã chè xây dựng câu chuyện sản phẩm, bao bì và nhãn hiệu.
2. Tổ chức hội chợ chè, kết nối siêu thị, sàn thương mại điện tử.
3. Tập huấn cho chủ thể sản xuất chè về truy xuất nguồn gốc.
"""
_WATER = """I. MỤC TIÊU
1. Kiểm tra các trạm cấp nước sạch, sửa đường ống.
2. Xét nghiệm chất lượng nước ở từng trạm theo quý.
"""


def _text(number: str, year: str, title: str, body: str, *, kind: str = "KẾ HOẠCH") -> str:
    return document_text(kind, number, ("12", "3", year), title, body)


TEXTS = {
    "che-2024": _text("45/KH-UBND", "2024", "Triển khai Chương trình OCOP ngành chè năm 2024", _BASES + _TEA),
    "che-2023": _text("31/KH-UBND", "2023", "Triển khai Chương trình OCOP ngành chè năm 2023", _BASES + _TEA),
    "che-2024-lai": _text(
        "       /KH-UBND", "2024", "Triển khai Chương trình OCOP ngành chè năm 2024", _BASES + _TEA + "Bản quét lại."
    ),
    "ho-so": _text("60/KH-UBND", "2024", "Đánh giá sản phẩm OCOP năm 2024", _BASES + "I. VIỆC\n1. Chấm điểm hồ sơ."),
    "nuoc": _text("70/KH-UBND", "2024", "Kiểm tra nước sạch nông thôn năm 2024", _WATER),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Search, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("related")
    ids = {}
    with Library.open(folder / "kho", create=True) as opened:
        for name, text in TEXTS.items():
            path = folder / f"{name}.txt"
            path.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            ids[name] = opened.intake.add(record, path, reader_version=READER_VERSION).id
        search = Search(folder / "kho", opened.view())
        search.catch_up()
        yield opened, search, ids
        search.close()


def lists(library: tuple[Library, Search, dict[str, int]], name: str) -> dict[str, Any]:
    opened, search, ids = library
    view = opened.view()
    return related(view, Graph(view).refresh(), search, ids[name])


def names(library: tuple[Library, Search, dict[str, int]], listed: list[dict[str, Any]]) -> list[str]:
    by_id = {id_: name for name, id_ in library[2].items()}
    return [by_id[one["document"]["id"]] for one in listed]


def test_versions_of_other_years_and_near_duplicates_stand_apart(
    library: tuple[Library, Search, dict[str, int]],
) -> None:
    found = lists(library, "che-2024")
    assert names(library, found["duplicates"]) == ["che-2024-lai"]
    assert names(library, found["series"]) == ["che-2023"]
    assert names(library, found["related"]) == ["ho-so"]


def test_each_related_document_has_its_reasons_as_data_and_in_words(
    library: tuple[Library, Search, dict[str, int]],
) -> None:
    (entry,) = lists(library, "che-2024")["related"]
    assert (entry["shared"], entry["co_cited"]) == (2, 0)
    assert (entry["programme"], entry["period"]) == ("ocop", [2024, 2024])
    assert "cùng dẫn 2 văn bản" in entry["reasons"]
    assert "cùng chương trình OCOP, 2024" in entry["reasons"]


def test_what_it_cites_is_left_out_and_a_stranger_has_no_kin(library: tuple[Library, Search, dict[str, int]]) -> None:
    opened, search, ids = library
    basis = opened.view().one("919/QĐ-TTg").id
    view = opened.view()
    of_basis = related(view, Graph(view).refresh(), search, basis)
    assert not {ids["che-2024"], ids["ho-so"]} & {one["document"]["id"] for one in of_basis["related"]}
    assert view.one("148/QĐ-TTg").id in {one["document"]["id"] for one in of_basis["related"]}
    assert lists(library, "nuoc")["related"] == []


def test_without_an_index_the_citations_still_answer(
    library: tuple[Library, Search, dict[str, int]], tmp_path: Path
) -> None:
    opened, _, ids = library
    view = opened.view()
    found = related(view, Graph(view).refresh(), Search(tmp_path, view), ids["che-2024"])
    assert found["text_compared"] is False
    assert "ho-so" in names(library, found["related"])
