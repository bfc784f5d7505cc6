"""The grammar of số ký hiệu: what is one, what is none, and that each comes back as it should be printed."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.so_ky_hieu import PATTERN, SoKyHieu, code_of_type, parse, type_of_symbol
from tests.paths import SHARED

FACTS = SHARED / "facts"

WHOLE = [
    # A, QPPL
    "24/2024/NĐ-CP", "22/2023/QH15", "183/2010/TTLT/BTC-BNN", "06/2024/TT-BKHĐT", "76/2025/UBTVQH15", "66.7/2025/NQ-CP",
    "12a/2011/TT-BTP", "15/2004/PL-UBTVQH11", "104/2015/NQLT/CP-UBTVQH", "17/2022/UBTVQH15", "890/2003/QĐ/CTN",
    # B, hành chính
    "490/QĐ-TTg", "4464/QĐ-BNN-VPĐP", "1084/QĐ-UBND-HC", "596/VPĐP-OCOP", "2664/SNNPTNT-NTM", "41/CP", "20/GM-GAVI",
    "12a/KH-UBND", "05/BNN&PTNT-VP", "3374/BKHCN-CNCNTT", "12/QyĐ-BTV", "728/TTr-SNN", "34/CTr-UBND",
    # C, the party
    "05-NQ/TW", "36-HD/VPTW", "09-NQ/TU", "66-QĐ/TW", "34-CTr/TU", "367-QĐ/TWĐTN-VPĐOÀN",
    # D, older
    "235-HĐBT", "94-CP", "16/2009-L-CTN", "1357TC/QĐ-TCT", "12CTr/TU", "34/2005-QH11",
]  # fmt: skip


@pytest.mark.parametrize("printed", WHOLE)
def test_each_form_comes_back_as_printed(printed: str) -> None:
    value = parse(printed)
    assert value is not None
    assert str(value) == printed


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("4464/QĐ-\n\nVPĐP", "4464/QĐ-VPĐP"),
        ("1578 /KH-UBND", "1578/KH-UBND"),
        ("3374/ BKHCN-CNCNTT", "3374/BKHCN-CNCNTT"),
        ("24/2024/NĐ–CP", "24/2024/NĐ-CP"),
        ("2403/QÐ-UBND", "2403/QĐ-UBND"),
        ("110/2025/TT-BTС", "110/2025/TT-BTC"),  # a Cyrillic С
        ("1407/CĐ- -BYT", "1407/CĐ-BYT"),
        ("367 - QĐ/TWĐTN-VPĐOÀN", "367-QĐ/TWĐTN-VPĐOÀN"),
        ("157/TB_UBND", "157/TB-UBND"),
        ("08 a/2010/TT-BTP", "08a/2010/TT-BTP"),
    ],
)
def test_spaces_dashes_and_look_alikes_are_seen_through(written: str, normal: str) -> None:
    assert str(parse(written)) == normal


@pytest.mark.parametrize(
    "text",
    ["07/5/2018", "20/11/20212", "1/2 ngày", "24/7", "Kinh tế-hạ tầng/Kinh tế", "sản phẩm/nguyên liệu", "02 ngày/lớp",
     "27 x 03 người", "12:2008/BTNMT", "0919.924.927", "15/Sở Y tế", "3/chủ tịch", "148", "", "/QĐ-TTg"],
)  # fmt: skip
def test_these_are_none(text: str) -> None:
    assert parse(text) is None
    assert PATTERN.search(text) is None


@pytest.mark.parametrize(
    ("symbol", "doc_type"),
    [
        ("QĐ-TTg", "Quyết định"), ("QĐTTg", "Quyết định"), ("QĐBNNVPĐP", "Quyết định"),
        ("TTLT-BTC-BNN", "Thông tư liên tịch"), ("TTr-SNN", "Tờ trình"), ("CĐ-UBND", "Công điện"),
        ("QH15", None), ("SYT-NVY", None), ("CTr/TU", "Chương trình"),
        ("ĐL-BTC", "Điều lệ"), ("UBND-KT", None), ("VPĐP-OCOP", None),
    ],
)  # fmt: skip
def test_the_first_segment_names_the_type(symbol: str, doc_type: str | None) -> None:
    assert type_of_symbol(symbol) == doc_type


def test_keys_forgive_hyphens_zeros_and_case() -> None:
    long, short = parse("06/QĐ-BNN-VPĐP"), parse("6/QĐBNNVPĐP")
    assert long is not None
    assert short is not None
    assert (long.number_key, long.sym_key) == (short.number_key, short.sym_key) == ("6", "QDBNNVPDP")


def test_the_year_is_part_of_the_number_only_where_it_is_printed() -> None:
    qppl, plain = parse("14/2013/QĐ-TTg"), parse("14/QĐ-TTg")
    assert qppl is not None
    assert plain is not None
    assert (qppl.year, plain.year) == ("2013", None)
    assert code_of_type("Kế hoạch") == "KH"
    assert code_of_type("Công văn") is None


_CODES = st.sampled_from(["QĐ", "KH", "TTr", "CTr", "BC", "TB", "QyĐ", "NQ", "HD"])
_AGENCIES = st.sampled_from(["UBND", "TTg", "BNN", "SNN", "HĐND", "VPĐP", "BNN&PTNT", "BVHTTDL"])
_NUMBERS = st.integers(1, 99999).map(str) | st.integers(1, 9).map(lambda n: f"0{n}")


@given(_NUMBERS, st.none() | st.integers(1945, 2030).map(str), _CODES, st.lists(_AGENCIES, min_size=1, max_size=3))
def test_what_is_built_by_the_grammar_is_read_back(
    number: str, year: str | None, code: str, agencies: list[str]
) -> None:
    value = SoKyHieu(number, year, "-".join([code, *agencies]))
    assert parse(str(value)) == value
    assert parse(f" {str(value).replace('-', ' - ')} ") == value


@given(_NUMBERS, _CODES, _AGENCIES)
def test_the_party_form_is_read_back(number: str, code: str, agency: str) -> None:
    value = SoKyHieu(number, None, f"{code}/{agency}", party=True)
    assert parse(str(value)) == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_without_an_error(text: str) -> None:
    value = parse(text)
    assert value is None or parse(str(value)) is not None


@pytest.mark.skipif(not FACTS.exists(), reason="the shared folder is not here")
def test_every_number_of_the_facts_is_parsed_or_listed() -> None:
    refused, changed, total = [], [], 0
    for name in ("central_documents", "provincial_documents"):
        with (FACTS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                total += 1
                value = parse(row["so_ky_hieu"])
                if value is None:
                    refused.append(row["so_ky_hieu"])
                elif parse(str(value)) != value:
                    changed.append(row["so_ky_hieu"])
    assert total > 8000
    assert not changed
    # Each for a reason: no slash at all; a remark in brackets; words parted by spaces inside the ký hiệu.
    assert sorted(refused) == [
        "12/BCĐ (CAT-PC02)", "140/BCĐ VĐ HMTN", "1830 QĐ-UBND", "26/KH-BCĐ (138)", "90/TB-BCH PCTT-TKCN",
    ]  # fmt: skip
    assert len(refused) / total <= 0.003
