"""The places of a document: from its agencies, the place beside the date and the gazetteer, then and today."""

from __future__ import annotations

import pytest

from corpus import agencies, localities
from corpus.gazetteer import Level
from corpus.localities import Locality, locality


def of(issuer: str, parent: str | None = None, place: str | None = None, date: str | None = None) -> Locality:
    return locality(issuer, agencies.issuer_key(issuer), parent, place, "", date)


def names(values: tuple[str, ...]) -> list[str]:
    return [localities.label(value) for value in values]


def test_a_town_lies_in_its_province_then_and_today() -> None:
    town = of("UBND thành phố Pleiku", date="2024-05")
    assert (town.provinces, town.provinces_now) == (("gia-lai",), ("gia-lai",))
    assert names(town.districts) == ["thành phố Pleiku (Gia Lai)"]
    district = of("UBND huyện Krông Nô", date="2021")
    assert (district.provinces, district.provinces_now) == (("dak-nong",), ("lam-dong",))


def test_a_commune_is_told_apart_by_the_district_above_it() -> None:
    commune = of("UBND xã Tân Lập", "UBND huyện Tân Thạnh", "Tân Lập", "2023-02-01")
    assert commune.provinces == ("long-an",)
    assert names(commune.districts) == ["huyện Tân Thạnh (Long An)"]
    assert names(commune.communes) == ["xã Tân Lập (Long An)"]
    assert names(commune.communes_now) == ["xã Nhơn Hòa Lập (Tây Ninh)"]


def test_a_name_that_many_units_have_stays_as_printed() -> None:
    open_name = of("UBND huyện Châu Thành", date="2022")
    assert (open_name.provinces, open_name.districts) == ((), ("huyện Châu Thành",))
    known = of("UBND huyện Châu Thành", "UBND tỉnh Tiền Giang", date="2022")
    assert (known.provinces, known.provinces_now) == (("tien-giang",), ("dong-thap",))
    assert names(known.districts) == ["huyện Châu Thành (Tiền Giang)"]


def test_communes_of_today_are_those_of_documents_from_july_2025_on() -> None:
    assert names(of("UBND phường Trà Câu", date="2025-08-01").communes) == ["phường Trà Câu (Quảng Ngãi)"]
    assert of("UBND phường Trà Câu", date="2025-08-01").districts == ()


@pytest.mark.parametrize(
    ("issuer", "parent", "place", "provinces"),
    [
        ("UBND tỉnh Kon Tum - UBND tỉnh Quảng Ngãi", None, None, ("kon-tum", "quang-ngai")),
        ("Sở Y tế - Sở Công Thương", "UBND tỉnh Sơn La", None, ("son-la",)),
        ("Sở Y tế - Sở Công Thương", None, "Pleiku", ("gia-lai",)),
        ("Sở Y tế - Bảo hiểm xã hội tỉnh Cà Mau", None, None, ("ca-mau",)),
        ("UBND huyện Krông Nô - tỉnh Đắk Nông", None, None, ("dak-nong",)),
        ("Hội Nông dân tỉnh", None, "Vinh", ("nghe-an",)),
        ("Tỉnh ủy Vân Lĩnh", None, None, ()),
        ("UBND tỉnh Vân Lĩnh", None, None, ("Vân Lĩnh",)),
    ],
)
def test_joint_and_incomplete_agencies(
    issuer: str, parent: str | None, place: str | None, provinces: tuple[str, ...]
) -> None:
    assert of(issuer, parent, place).provinces == provinces


@pytest.mark.parametrize("issuer", ["Bộ Tài chính", "Thủ tướng Chính phủ", "Tổng cục Thủy sản"])
def test_the_centre_is_of_no_province(issuer: str) -> None:
    assert of(issuer, place="Hà Nội") == Locality()


def test_party_committees_carry_the_name_of_their_area() -> None:
    assert names(of("Huyện ủy Đắk Song").districts) == ["huyện Đắk Song (Đắk Nông)"]
    assert of("Thành ủy Hà Nội").provinces == ("ha-noi",)


def test_values_named() -> None:
    assert localities.values_named("TX. Đức Phổ", Level.DISTRICT) == localities.values_named("duc pho", Level.DISTRICT)
    assert localities.values_named("không có nơi này", Level.COMMUNE) == ()
    assert "thị xã Ngọc Trà" in localities.filter_values("Ngọc Trà", Level.DISTRICT)
    assert "huyện Ngọc Trà" not in localities.filter_values("thị xã Ngọc Trà", Level.DISTRICT)
