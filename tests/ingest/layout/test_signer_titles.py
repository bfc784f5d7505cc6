"""Titles under which somebody signs."""

from __future__ import annotations

import pytest

from ingest.layout.signer_titles import title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("PHÓ CHỦ TỊCH", "Phó Chủ tịch"),
        ("CHỦ TỊCH QUỐC HỘI", "Chủ tịch Quốc hội"),
        ("GIÁM ĐỐC SỞ Y TẾ", "Giám đốc Sở Y tế"),
        ("PHÓ THỦ TƯỚNGy]", "Phó Thủ tướng"),
        ("Chủ tịch UBND các huyện, thị xã", None),
        ("UBND huyện", None),
        ("THỦ TRƯỞNG ĐƠN VỊ", None),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    assert title_of(text) == title


def test_a_slip_is_allowed_in_scans_only() -> None:
    assert title_of("PHÓ GIÁM ĐÓ", ocr=True) == "Phó Giám đốc"
    assert title_of("PHÓ GIÁM ĐÓ") is None
