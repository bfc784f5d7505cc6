"""The reliability table counts what stands unflagged and how much of it is wrong."""

from __future__ import annotations

import pytest

from tools import reliability


@pytest.mark.parametrize(
    ("field", "label", "value", "right"),
    [
        ("so_ky_hieu", "05/QĐ-UBND", "5/QĐ-UBND", True),
        ("so_ky_hieu", "17/HHVL-2025", "17/HHVL", False),
        ("date", "2024-01-05", "2024-01", False),
        ("issuer", "UBND tỉnh Vân Lĩnh", "Ủy ban nhân dân tỉnh Vân Lĩnh", True),
        ("place", "Lâm Đồng", "Lâm Đông", False),
        ("title", "Về việc thành lập Tổ giúp việc", "Về việc thành lập Tổ giúp việc", True),
        ("title", None, "Về việc thành lập", False),
        ("signer", None, None, True),
    ],
)
def test_values_are_compared_with_labels(field: str, label: str | None, value: str | None, right: bool) -> None:
    assert reliability.is_right(field, label, value) is right


def test_the_table_tells_silent_errors_from_flags() -> None:
    label = {"date": "2024-01-05", "place": "Sơn La"}
    flag = {"date": {"needs_review": True}}
    counts = reliability.table(
        [
            (label, {"date": "2024-01-05", "place": "Sơn La", "fields": flag}),
            (label, {"date": "2024-01-06", "place": "Sơn Lạ", "fields": flag}),
        ]
    )
    date, place = counts["date"], counts["place"]
    assert (date.values, date.right, date.unflagged, date.flagged_right) == (2, 1, 0, 1)
    assert (place.unflagged, place.unflagged_wrong) == (2, 1)
    assert "50.0%" in reliability.printed(counts)
