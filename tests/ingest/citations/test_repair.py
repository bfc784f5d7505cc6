"""Slips of OCR in a citation are repaired, and a person is asked to check."""

from __future__ import annotations

import pytest

from tests.ingest.citations.support import only_citation


@pytest.mark.parametrize(
    ("printed", "number", "date"),
    [
        ("Công văn 6§9/TCDS-TTGD ngày 9 tháng I1 năm 2017", "689/TCDS-TTGD", "2017-11-09"),
        ("Quyết định số 61 10/QĐ-BYT ngày 29/12/2017", "6110/QĐ-BYT", "2017-12-29"),
        ("Nghị định số 117I2014/NĐ-CP ngày 08/12/2014", "117/2014/NĐ-CP", "2014-12-08"),
        ("Quyết định số 490lQĐ-TTg ngày 07/5/2018", "490/QĐ-TTg", "2018-05-07"),
        ("Công điện số 1976/CĐÐ-UBND ngày 24/12/2017", "1976/CĐ-UBND", "2017-12-24"),
        ("công văn số 04/GA VI ngày 04/1/2018", "04/GAVI", "2018-01-04"),
        ("Công điện số 1407/CĐ- 'BYT ngày 23/12/2017", "1407/CĐ-BYT", "2017-12-23"),
        ("Quyết định số 4969/QĐ-BYT ngày 0] tháng 11 năm 2017", "4969/QĐ-BYT", "2017-11-01"),
        ("Công điện số 1985/CĐ-TTEg ngày 23/12/2017", "1985/CĐ-TTg", "2017-12-23"),
        ("Nghị quyết số 5/NQ-HDND ngày 1/2/2019", "5/NQ-HĐND", "2019-02-01"),
    ],
)
def test_a_misread_number_or_date_is_repaired(printed: str, number: str, date: str) -> None:
    citation = only_citation(f"theo {printed} của đơn vị")
    assert (citation.so_ky_hieu, citation.date) == (number, date)
    assert citation.needs_review
    assert citation.confidence < 0.9
    assert citation.text in f"theo {printed} của đơn vị"


def test_a_misread_type_word_is_known() -> None:
    citation = only_citation("theo Quyẽt dịnh số 490/QĐ-TTg ngày 07/5/2018")
    assert (citation.doc_type, citation.so_ky_hieu) == ("Quyết định", "490/QĐ-TTg")


@pytest.mark.parametrize("read", ["202/2025/QHI5", "202/2025/QHI15", "202/2025/QFI15"])
def test_the_term_of_the_national_assembly_is_two_digits(read: str) -> None:
    citation = only_citation(f"thực hiện Nghị quyết số {read} ngày 12/6/2025 về sắp xếp")
    assert citation.so_ky_hieu == "202/2025/QH15"
    assert citation.needs_review
