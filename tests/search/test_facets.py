"""Labels, closed sets of values and the order of facets."""

from __future__ import annotations

import pytest

from corpus.errors import UsageError
from search.facets import check_value, choices, label, listed


@pytest.mark.parametrize(
    ("facet", "value", "expected"),
    [
        ("tinh", "thanh-hoa", "Thanh Hóa"),
        ("tinh", "Vân Lĩnh", "Vân Lĩnh (ngoài bảng tỉnh)"),
        ("coquan", "Ủy ban nhân dân tỉnh Lai Châu", "UBND tỉnh Lai Châu"),
        ("cap", "xa", "Cấp xã"),
        ("trangthai", "chua_co_so", "chưa có số"),
        ("hieuluc", "het_giai_doan", "hết thời kỳ thực hiện"),
        ("loai", "Kế hoạch", "Kế hoạch"),
    ],
)
def test_values_have_vietnamese_labels(facet: str, value: str, expected: str) -> None:
    assert label(facet, value) == expected


@pytest.mark.parametrize(("facet", "value"), [("nam", "24"), ("nam", "abcd"), ("cap", "x"), ("trangthai", "moi")])
def test_a_value_that_no_document_can_have_is_refused(facet: str, value: str) -> None:
    with pytest.raises(UsageError):
        check_value(facet, "Tên", value)


@pytest.mark.parametrize(("facet", "value"), [("nam", "2024"), ("cap", "tinh"), ("loai", "Bất kỳ")])
def test_possible_values_are_accepted(facet: str, value: str) -> None:
    check_value(facet, "Tên", value)
    assert not choices(facet) or value in choices(facet)


def test_years_are_listed_newest_first_and_others_most_frequent_first() -> None:
    assert [value.value for value in listed("nam", {"2022": 9, "2024": 1})] == ["2024", "2022"]
    assert [value.value for value in listed("loai", {"Công văn": 1, "Kế hoạch": 3, "Báo cáo": 1})] == [
        "Kế hoạch",
        "Báo cáo",
        "Công văn",
    ]


@pytest.mark.parametrize("facet", ["nam", "loai", "coquan"])
@pytest.mark.parametrize("most", [1, 2, 3, 7, 40])
def test_the_first_values_are_those_of_all(facet: str, most: int) -> None:
    counts = {str(2000 + at): at % 5 for at in range(30)}
    assert listed(facet, counts, most) == listed(facet, counts)[:most]
