"""The recogniser of số hiệu in queries: every spelling of the domain specification, section 6.5, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query.number_query import NumberQuery, has_other_day, recognise
from tests.support.counted_work import growth


def recognised(text: str) -> NumberQuery:
    found = recognise(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "919/QĐ-TTg",
        "919 qd ttg",
        "qd-ttg 919",
        "919/QD-TTg",
        "so 919/qđ-ttg",
        "919-QĐ-TTg",
        "919QDTTg",
        "Số: 919/QĐ-TTg",
        "quyết định số 919/QĐ-TTg",
        "919/QÐ-TTg",
        "0919/QĐ-TTg",
        "919 / QĐ - TTg",
        "QĐ 919/QĐ-TTg",
        "919/QĐ-\n\nTTg",
    ],
)
def test_all_spellings_of_one_number_are_equal(text: str) -> None:
    found = recognised(text)
    assert (found.number_key, found.symbol, found.doc_type) == ("919", "QDTTG", "Quyết định")
    assert (found.year, found.rest) == (None, "")


@pytest.mark.parametrize("text", ["quyet dinh 919", "quyết định số 919", "QD 919", "QĐ919", "qđ 919"])
def test_a_type_and_a_number_are_recognised_without_a_symbol(text: str) -> None:
    found = recognised(text)
    assert (found.number_key, found.symbol, found.doc_type) == ("919", None, "Quyết định")


@pytest.mark.parametrize(
    ("text", "number", "symbol", "year", "rest"),
    [
        ("919/2022/QĐ-TTg", "919", "QDTTG", 2022, ""),
        ("22/2023/QH15", "22", "QH15", 2023, ""),
        ("luật 22/2023", "22", None, 2023, ""),
        ("05-NQ/TW", "5", "NQTW", None, ""),
        ("66.7/2025/NQ-CP", "66.7", "NQCP", 2025, ""),
        ("12a/QĐ-UBND", "12a", "QDUBND", None, ""),
        ("183/2010/TTLT/BTC-BNN", "183", "TTLTBTCBNN", 2010, ""),
        ("05/BNN&PTNT-VP", "5", "BNNPTNTVP", None, ""),
        ("81/KH-UBND tỉnh Thanh Hóa", "81", "KHUBND", None, "tỉnh Thanh Hóa"),
        ("quyết định 919 của Thủ tướng Chính phủ ngày 01/8/2022", "919", None, 2022, "Thủ tướng Chính phủ"),
        ("919/QĐ-TTg năm 2022", "919", "QDTTG", 2022, ""),
        ("596/VPĐP-OCOP", "596", "VPDPOCOP", None, ""),
    ],
)
def test_number_symbol_year_and_rest_are_kept_apart(
    text: str, number: str, symbol: str | None, year: int | None, rest: str
) -> None:
    found = recognised(text)
    assert (found.number_key, found.symbol, found.year, found.rest) == (number, symbol, year, rest)


@pytest.mark.parametrize(
    "text",
    [
        "5 sao",
        "tập huấn",
        "OCOP Quảng Ngãi 2024",
        "kế hoạch OCOP 2024",
        "20/11/2022",
        "30 ngày",
        "1/2 ngày",
        "giai đoạn 2018-2020",
        "Luật Đấu thầu",
        "",
        "QH15",
        'loai:"Kế hoạch"',
        "919",
    ],
)
def test_other_queries_are_no_number(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    ("date", "expected"), [("2022-08-01", False), ("2022-08", False), ("2022-08-02", True), (None, False)]
)
def test_a_document_of_another_day_is_distinguished_from_one_of_an_unknown_day(
    date: str | None, expected: bool
) -> None:
    assert has_other_day(recognised("919/QĐ-TTg ngày 1/8/2022"), date) is expected


@settings(max_examples=1_000, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["919", "/", "-", "qd", "TTg", " ", "số", "2022", "kế hoạch", "&", "."])).map("".join),
    )
)
def test_any_string_is_accepted(text: str) -> None:
    found = recognise(text)
    assert found is None or found.number_key


@pytest.mark.parametrize("unit", ["919/", "qd", "QĐ-", "1", "&", "kh 12 ", "ubndubnd", "qdubnd"])
def test_work_grows_no_faster_than_the_query(unit: str) -> None:
    assert growth(recognise, unit, 40, 200) < 2
