"""The issuer as it is today: from tables, with its source; nothing where nothing changed or nothing is known."""

from __future__ import annotations

import pytest

from corpus import agencies, areas
from corpus.law.issuer_today import issuer_today


@pytest.mark.parametrize(
    ("issuer", "symbol", "name", "since"),
    [
        ("Ủy ban nhân dân tỉnh Kon Tum", "KH-UBND", "Ủy ban nhân dân tỉnh Quảng Ngãi", "2025-07-01"),
        ("UBND tỉnh Bình Dương", "QĐ-UBND", "Ủy ban nhân dân thành phố Hồ Chí Minh", "2025-07-01"),
        ("Hội đồng nhân dân tỉnh Quảng Nam", "NQ-HĐND", "Hội đồng nhân dân thành phố Đà Nẵng", "2025-07-01"),
        ("UBND tỉnh Thừa Thiên Huế", "QĐ-UBND", "Ủy ban nhân dân thành phố Huế", "2025-01-01"),
        ("Sở Kế hoạch và Đầu tư tỉnh Kon Tum", "KH-SKHĐT", "Sở Tài chính tỉnh Quảng Ngãi", "2025-07-01"),
        ("Sở Nông nghiệp và PTNT tỉnh Nghệ An", "BC-SNN", "Sở Nông nghiệp và Môi trường tỉnh Nghệ An", "2025-03"),
        ("Tỉnh ủy Quảng Nam", "CTr/TU", "Thành ủy Đà Nẵng", "2025-07-01"),
        ("Bộ Nông nghiệp và Phát triển nông thôn", "QĐ-BNN-VPĐP", "Bộ Nông nghiệp và Môi trường", "2025-03-01"),
        ("Bộ Kế hoạch và Đầu tư", "TT-BKHĐT", "Bộ Tài chính", "2025-03-01"),
        ("UBND huyện Mộ Đức", "KH-UBND", None, "2025-07-01"),
    ],
)
def test_what_was_merged_or_ended(issuer: str, symbol: str, name: str | None, since: str) -> None:
    found = issuer_today(agencies.issuer_key(issuer, symbol=symbol), issuer, "2022-05-04")
    assert found is not None
    assert (found.name, found.since) == (name, since)
    assert all(found.sources)


@pytest.mark.parametrize(
    ("issuer", "date"),
    [
        ("UBND tỉnh Thanh Hóa", "2020"),
        ("Thủ tướng Chính phủ", "2020"),
        ("UBND xã Nghĩa An", "2020"),
        ("UBND tỉnh", "2020"),
        ("UBND tỉnh Vân Lĩnh", "2020"),
        ("UBND tỉnh Kon Tum", "2026-01-01"),
        (None, "2020"),
    ],
)
def test_an_unchanged_or_unknown_issuer_has_no_successor(issuer: str | None, date: str) -> None:
    assert issuer_today(agencies.issuer_key(issuer), issuer, date) is None


def test_every_province_of_old_has_a_province_of_today() -> None:
    for row in areas.provinces().values():
        issuer = f"UBND {row.kind} {row.name}"
        found = issuer_today(f"ubnd:tinh:{row.id}", issuer, "2019-01-01")
        assert (found is not None) == (areas.now(row.id) != row.id)
        if found:
            assert found.name == f"Ủy ban nhân dân {areas.full_name(areas.now(row.id))}"
