"""The register of products: exactly what the annexes of recognising decisions say, doubts where they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.library import Library
from corpus.products.register import Register, Registered
from corpus.products.values import ProductDoubt
from corpus.record_json import parse_record
from ingest.extract import read_record
from tests.support.recognising import FIRST, HEADINGS, SECOND, annex, decision

TERM = "Thời hạn công nhận là 36 tháng kể từ ngày ký Quyết định."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two decisions; the second recognises a product of the first again."""
    folder = tmp_path_factory.mktemp("register")
    files = [
        decision(folder / "a.docx", "1902", ("18", "12", "2023"), annex(FIRST, HEADINGS), term=TERM),
        decision(folder / "b.docx", "77", ("31", "01", "2026"), annex(SECOND, HEADINGS)),
    ]
    with Library.open(folder / "kho", create=True) as opened:
        for file in files:
            opened.intake.add(parse_record(read_record(str(file))))
        yield opened


@pytest.fixture(scope="module")
def products(library: Library) -> dict[str, Registered]:
    return {one.entries[0].product.name: one for one in Register(library.view()).refresh()}


def test_each_row_is_a_product_with_its_values(products: dict[str, Registered]) -> None:
    told = {
        name: (one.owners, one.place, one.group, one.stars, str(one.score), one.decision, one.date, one.expiry)
        for name, one in ((name, found.entries[0].product) for name, found in products.items())
    }
    decided = ("1902/QĐ-UBND", "2023-12-18", "2026-12-18")
    assert told == {
        "Chè shan tuyết Nậm Hoa": (["HTX Nậm Hoa"], "xã Nậm Hoa", "Nhóm thực phẩm", 5, "92.5", *decided),
        "Mật ong bạc hà": (
            ["Hộ kinh doanh Lò Thị Mai", "HTX ong Bản Phố"], "xã Bản Phố", "Nhóm thực phẩm", 4, "75.0", *decided
        ),
        "Rượu ngô men lá": (["Tổ hợp tác Bản Phố"], "xã Bản Phố", "Nhóm đồ uống", 3, "81.0", *decided),
        "Trà hoa cúc túi lọc": ([], "xã Tân Lập", "Nhóm đồ uống", 3, "66.0", *decided),
    }  # fmt: skip


def test_what_does_not_fit_is_a_doubt(products: dict[str, Registered]) -> None:
    doubts = {name: one.entries[0].product.doubts for name, one in products.items()}
    assert doubts == {
        "Chè shan tuyết Nậm Hoa": [],
        "Mật ong bạc hà": [],
        "Rượu ngô men lá": [ProductDoubt.SCORE_OUTSIDE],
        "Trà hoa cúc túi lọc": [ProductDoubt.OWNER_MISSING],
    }


def test_a_product_recognised_again_is_one_with_a_history(products: dict[str, Registered]) -> None:
    again = products["Chè shan tuyết Nậm Hoa"]
    assert [entry.product.decision for entry in again.entries] == ["1902/QĐ-UBND", "77/QĐ-UBND"]
    latest = again.latest.product
    assert (latest.stars, latest.expiry) == (5, "2029-01-31")
    assert latest.doubts == [ProductDoubt.TERM_CONCLUDED]
    assert not latest.needs_review


def test_every_value_leads_to_its_cell(library: Library, products: dict[str, Registered]) -> None:
    for one in products.values():
        for entry in one.entries:
            record = library.view().document(entry.document).record
            assert record is not None
            product = entry.product
            start, end = product.places["name"].spans[0]
            assert record.text[start:end] == product.name
            if product.term:
                assert record.text[slice(*product.term)].endswith(TERM)


def test_a_removed_decision_leaves_the_register(library: Library) -> None:
    register = Register(library.view())
    assert len(register.refresh()) == 4
    entry = library.edits.remove(library.view().find("77/QĐ-UBND")[0].id, "thử")
    assert [len(one.entries) for one in register.refresh()] == [1, 1, 1, 1]
    library.edits.undo(entry)
    assert sorted(len(one.entries) for one in register.refresh()) == [1, 1, 1, 2]
