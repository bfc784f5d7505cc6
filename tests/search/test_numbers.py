"""The recogniser of số hiệu in queries: every spelling of domain §6.5, and what is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.numbers import exact, mentions, near, of_type, recognise


@pytest.mark.parametrize(
    "text",
    [
        "919/QĐ-TTg", "919 qd ttg", "qd-ttg 919", "919/QD-TTg", "so 919/qđ-ttg", "919-QĐ-TTg", "919QDTTg",
        "Số: 919/QĐ-TTg", "quyết định số 919/QĐ-TTg", "919/QÐ-TTg", "0919/QĐ-TTg", "919 / QĐ - TTg", "QĐ 919/QĐ-TTg",
        "919/QĐ-\n\nTTg",
    ],
)  # fmt: skip
def test_spellings_of_one_number(text: str) -> None:
    found = recognise(text)
    assert found is not None
    assert (found.number_key, found.symbol, found.doc_type, found.year, found.rest) == (
        "919", "QDTTG", "Quyết định", None, "",
    )  # fmt: skip
    assert exact(found, "919|QD-TTG")


@pytest.mark.parametrize("text", ["quyet dinh 919", "quyết định số 919", "QD 919", "QĐ919", "qđ 919"])
def test_a_loai_and_a_number(text: str) -> None:
    found = recognise(text)
    assert found is not None
    assert (found.number_key, found.symbol, found.doc_type) == ("919", None, "Quyết định")
    assert of_type(found, "919|QD-TTG")
    assert not of_type(found, "919|KH-UBND")


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
        ("81/KH-UBND tỉnh Thanh Hóa", "81", "KHUBND", None, "tỉnh Thanh Hóa"),
        ("quyết định 919 của Thủ tướng Chính phủ ngày 01/8/2022", "919", None, 2022, "Thủ tướng Chính phủ"),
        ("919/QĐ-TTg năm 2022", "919", "QDTTG", 2022, ""),
        ("596/VPĐP-OCOP", "596", "VPDPOCOP", None, ""),
    ],
)
def test_parts(text: str, number: str, symbol: str | None, year: int | None, rest: str) -> None:
    found = recognise(text)
    assert found is not None
    assert (found.number_key, found.symbol, found.year, found.rest) == (number, symbol, year, rest)


@pytest.mark.parametrize(
    "text",
    ["5 sao", "tập huấn", "OCOP Quảng Ngãi 2024", "kế hoạch OCOP 2024", "20/11/2022", "30 ngày", "1/2 ngày",
     "giai đoạn 2018-2020", "Luật Đấu thầu", "", "QH15", 'loai:"Kế hoạch"', "919"],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1084/QĐ-UBND", "1084|QD-UBND-HC"),
        ("1084/QĐ-UBND-HC", "1084|QD-UBND"),
        ("4464 qd bnn vpdp", "4464|QD-VPDP"),
        ("4464/QĐ-VPĐP", "4464|QD-BNN-VPDP"),
        ("4464qdvpdp", "4464|QD-BNN-VPDP"),
    ],
)
def test_near_numbers(typed: str, stored: str) -> None:
    found = recognise(typed)
    assert found is not None
    assert near(found, stored)
    assert not exact(found, stored)
    assert not near(found, "1084|KH-UBND")


def test_mentions_in_a_text() -> None:
    text = "tại Quyết định số 4464/QĐ-\n\nVPĐP; theo Quyết định 148: …; Kế hoạch 2024; Nghị định số 98; 03 lớp"
    assert mentions(text) == {"4464|QD-VPDP", "148|?QD", "98|?ND"}


@settings(max_examples=1_000, deadline=500)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["919", "/", "-", "qd", "TTg", " ", "số", "2022", "kế hoạch", "&", "."])).map("".join),
    )
)
def test_any_string_is_taken(text: str) -> None:
    found = recognise(text)
    assert found is None or found.number_key
