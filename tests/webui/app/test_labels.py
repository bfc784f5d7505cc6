"""Dates in running text."""

from __future__ import annotations

from webui.app import labels


def test_iso_dates_in_text_are_written_as_officials_do() -> None:
    assert labels.dates_in("hai lần đọc (OCR: 2023-03)") == "hai lần đọc (OCR: tháng 3/2023)"
    assert (
        labels.dates_in("giai đoạn 2018-2020, 2021-25, số 2024-01-05-02")
        == "giai đoạn 2018-2020, 2021-25, số 2024-01-05-02"
    )
    assert labels.dates_in("ngày 2024-06-11.") == "ngày 11/6/2024."
    assert labels.period_text("2023/2025") == "2023 - 2025"
    assert labels.period_text("2024") == "2024"
