"""Cited numbers that nobody holds, beside a document of the same day, agency and title: a doubt, never joined."""

from __future__ import annotations

from pathlib import Path

from corpus.checks.misread_numbers import likely_meant
from corpus.graph.graph import Graph
from corpus.graph.stored_graph import StoredGraph
from corpus.library import Library
from tests.support.libraries import cite, record

BYT = "Bộ Y tế"
TITLE = "ban hành Kế hoạch an toàn thực phẩm cho sản phẩm OCOP giai đoạn 2023-2025"


def _found(library: Library) -> dict[str | None, list[str]]:
    view = library.view()
    stubs = view.documents(held=False)
    names = {one.id: one.so_ky_hieu for one in stubs}
    found = likely_meant(view, stubs)
    assert likely_meant(view, stubs, Graph(view).refresh()) == found, "the graph spares work and changes nothing"
    assert likely_meant(view, stubs, StoredGraph(view).refresh()) == found
    return {names[id]: [one.so_ky_hieu for one in meant] for id, meant in found.items()}


def _library(folder: Path, *cites: dict[str, object]) -> Library:
    library = Library.open(folder, create=True, facts=False)
    library.intake.add(record("5681/QĐ-BYT", "2023-12-11", BYT, title=TITLE))
    library.intake.add(record("7/KH-UBND", "2024-02-01", "UBND tỉnh Thanh Hóa", list(cites)))
    return library


def test_a_number_of_no_document_beside_one_of_the_same_day_agency_and_title(tmp_path: Path) -> None:
    with _library(tmp_path / "l", cite("2681/QĐ-BYT", "2023-12-11", BYT, title=TITLE)) as library:
        assert _found(library) == {"2681/QĐ-BYT": ["5681/QĐ-BYT"]}
        assert any(one.so_ky_hieu == "2681/QĐ-BYT" for one in library.view().documents(held=False)), "not joined"


def test_a_far_number_counts_only_where_it_was_read_with_doubt(tmp_path: Path) -> None:
    sure = cite("34/QĐ-BYT", "2023-12-11", BYT, title=TITLE)
    with _library(tmp_path / "sure", sure) as library:
        assert _found(library) == {}
    with _library(tmp_path / "doubted", {**sure, "needs_review": True}) as library:
        assert _found(library) == {"34/QĐ-BYT": ["5681/QĐ-BYT"]}


def test_another_title_day_or_agency_is_another_document(tmp_path: Path) -> None:
    cites = (
        cite("5682/QĐ-BYT", "2023-12-11", BYT, title="thành lập Hội đồng tư vấn cấp giấy đăng ký lưu hành thuốc"),
        cite("5683/QĐ-BYT", "2023-12-12", BYT, title=TITLE),
        cite("5684/QĐ-BCT", "2023-12-11", "Bộ Công Thương", title=TITLE),
        cite("5685/QĐ-BYT", "2023-12-11", BYT),
    )
    with _library(tmp_path / "l", *cites) as library:
        assert _found(library) == {}
