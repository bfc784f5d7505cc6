"""The manual of the query language in the user's guide: every example finds something, with each engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from corpus.vocabulary import Effect
from search.query.parser import field_names
from search.searcher import Search
from tests.paths import ROOT
from tests.support.engines import Tested, searched
from tests.support.markdown import rows, section
from tests.support.search_library import MemorySource, ask, held, stub

GUIDE = ROOT / "docs" / "huong-dan-su-dung.md"


def examples() -> list[str]:
    """The queries of the manual's table."""
    manual = section(GUIDE.read_text("utf-8"), "## Cách viết câu tìm")
    return [example for _, cell in rows(manual) for example in re.findall(r"`([^`]+)`", cell)]


def _cell(column: int, text: str) -> dict[str, object]:
    return {"row": 0, "column": column, "text": text, "spans": []}


def library() -> MemorySource:
    """Documents that the examples find."""
    thanh_hoa, prime_minister = "UBND tỉnh Thanh Hóa", "Thủ tướng Chính phủ"
    plan = held(
        1,
        "Tập huấn OCOP về đánh giá, phân hạng \n\n sản phẩm tại siêu thị, cửa hàng theo chương trình.",
        date="2024-06-11",
        basis=[3],
        cites=[4],
        provisions=[(4, "phu-luc-ii"), (4, "phu-luc-ii.khoan-1")],
        issuer=thanh_hoa,
        title="Tổ chức tập huấn OCOP",
        signer="Nguyễn Lâm",
        recipients=["Sở Nông nghiệp và PTNT tỉnh"],
    )
    other_plan = stub(
        2,
        doc_type="Kế hoạch",
        so_ky_hieu="81/KH-UBND",
        date="2022-03-14",
        issuer=thanh_hoa,
        title="triển khai Chương trình mỗi xã một sản phẩm",
    )
    basis = stub(
        3,
        doc_type="Quyết định",
        so_ky_hieu="919/QĐ-TTg",
        date="2022-08-01",
        issuer=prime_minister,
        title="phê duyệt Chương trình",
        status=Effect.PERIOD_OVER,
    )
    cited = stub(
        4,
        doc_type="Quyết định",
        so_ky_hieu="148/QĐ-TTg",
        date="2023-02-24",
        issuer=prime_minister,
        title="ban hành Bộ tiêu chí",
    )
    table = {"rows": 1, "columns": 2, "cells": [_cell(0, "Chè shan tuyết"), _cell(1, "5 sao")]}
    annex = held(8, "Danh mục", tables=[table])
    town = stub(5, issuer="UBND thị xã Đức Phổ", date="2023")
    commune = stub(6, issuer="UBND xã Đồng Mây", date="2023")
    ward = stub(7, issuer="UBND phường Trà Câu", date="2025-08-01")
    return MemorySource([plan, other_plan, basis, cited, town, commune, ward, annex])


@pytest.fixture(scope="module", params=Tested.names)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    made = searched(tmp_path_factory.mktemp("manual"), library(), request.param)
    made.catch_up()
    yield made
    made.close()


@pytest.mark.parametrize("example", examples())
def test_the_example_finds_something(search: Search, example: str) -> None:
    assert ask(search, example).total > 0


def test_the_manual_has_an_example_of_every_field() -> None:
    text = " ".join(examples())
    assert [name for name in set(field_names().values()) if f"{name}:" not in text] == []
