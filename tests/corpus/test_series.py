"""Programmes, periods and series by titles."""

from __future__ import annotations

import pytest

from corpus import series


@pytest.mark.parametrize(
    ("title", "programme", "period"),
    [
        ("Triển khai Chương trình mỗi xã một sản phẩm năm 2024", "ocop", (2024, 2024)),
        ("Đề án OCOP giai đoạn 2021 - 2025", "ocop", (2021, 2025)),
        ("Xây dựng nông thôn mới giai đoạn 2021 đến năm 2025 và OCOP", "ntm", (2021, 2025)),
        ("Thi hành Nghị định số 27/2022/NĐ-CP", None, None),
        ("", None, None),
    ],
)
def test_programme_and_period(title: str, programme: str | None, period: series.Period | None) -> None:
    assert (series.programme(title), series.period(title)) == (programme, period)


def test_titles_of_a_series_differ_in_years_and_numbers() -> None:
    agency = "ubnd:tinh:son-la"
    one = series.series_key("Công nhận sản phẩm OCOP đạt 4 sao đợt 2 năm 2023", agency)
    assert one == series.series_key("Công nhận sản phẩm OCOP đạt 3 sao đợt 1 năm 2024", agency)
    assert one != series.series_key("Công nhận sản phẩm OCOP đạt 4 sao đợt 2 năm 2023", "ubnd:tinh:lai-chau")
    assert series.series_key("Về việc OCOP", agency) is None
    assert series.series_key("Công nhận sản phẩm OCOP đạt 4 sao", "ubnd:?") is None
