"""The gazetteer: units before and after the mergers of 2025, their names, levels, parents and successors."""

from __future__ import annotations

import pytest

from corpus import areas, gazetteer
from corpus.gazetteer import Level, State


def test_units_of_every_level_and_time_are_there() -> None:
    counts: dict[tuple[Level, bool], int] = {}
    for one in gazetteer.units().values():
        key = one.level, one.state is State.TODAY
        counts[key] = counts.get(key, 0) + 1
    assert counts[Level.PROVINCE, True] == 34
    assert counts[Level.COMMUNE, True] == 3321  # Nghị quyết of the Ủy ban Thường vụ Quốc hội of 16/6/2025
    assert counts[Level.DISTRICT, False] > 690
    assert (Level.DISTRICT, True) not in counts
    assert counts[Level.COMMUNE, False] > 10_000


def test_every_unit_has_a_parent_and_successors_that_exist() -> None:
    units = gazetteer.units()
    for one in units.values():
        assert (one.parent is None) == (one.level is Level.PROVINCE)
        assert one.parent is None or one.parent in units
        assert gazetteer.province_of(one) in areas.provinces()
        assert all(
            units[after].state is State.TODAY or units[after].level is Level.PROVINCE for after in one.successors
        )


@pytest.mark.parametrize("spelling", ["Đức Phổ", "DUC PHO", "đức-phổ", "Đúc Phô"])
def test_a_name_is_found_in_any_spelling(spelling: str) -> None:
    found = gazetteer.named(spelling, level=Level.DISTRICT)
    assert [one.full_name for one in found] == ["thị xã Đức Phổ"]
    assert gazetteer.province_of(found[0]) == "quang-ngai"


def test_a_name_is_found_among_the_units_of_its_kind_only() -> None:
    assert {one.level for one in gazetteer.named("Hải Dương")} >= {Level.PROVINCE, Level.DISTRICT}
    assert [one.id for one in gazetteer.named("Hải Dương", kind="tỉnh")] == ["hai-duong"]
    assert gazetteer.named("Hải Dương", kind="quận") == ()
    assert gazetteer.named("Vân Lĩnh Hạ Thượng") == ()


def test_a_former_commune_knows_its_district_its_province_and_what_became_of_it() -> None:
    commune = next(
        one for one in gazetteer.named("Vĩnh Phước", kind="phường") if gazetteer.province_of(one) == "khanh-hoa"
    )
    assert [one.full_name for one in gazetteer.above(commune)] == ["thành phố Nha Trang", "tỉnh Khánh Hòa"]
    assert commune.state is not State.TODAY
    for after in gazetteer.communes_today(commune):
        assert after.state is State.TODAY
        assert gazetteer.province_of(after) == "khanh-hoa"


def test_a_merged_province_leads_to_that_of_today() -> None:
    district = gazetteer.named("Đắk Glong", level=Level.DISTRICT)[0]
    assert gazetteer.province_of(district) == "dak-nong"
    assert gazetteer.province_today(district) == "lam-dong"
    assert gazetteer.unit("dak-nong").successors == ("lam-dong",)
    assert gazetteer.communes_today(gazetteer.unit("lam-dong")) == ()


def test_the_communes_of_today_of_a_district_are_those_of_its_communes() -> None:
    district = gazetteer.named("Đức Phổ", level=Level.DISTRICT)[0]
    names = {one.full_name for one in gazetteer.communes_today(district)}
    assert {"phường Đức Phổ", "phường Sa Huỳnh", "phường Trà Câu"} <= names


def test_spellings_of_a_province_in_the_table_are_found() -> None:
    assert gazetteer.named("Đắc Nông")[0].id == "dak-nong"
