"""Thresholds of the second reader are data with their source, chosen by a tool with margin."""

from __future__ import annotations

from types import ModuleType

import pytest

from corpus.tables import rows
from ingest.layout import voting
from tests.paths import ROOT
from tools import calibrate


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return calibrate


def test_thresholds_are_data_with_their_source() -> None:
    found = {row["field"]: row for row in rows("calibration", ROOT / "ingest" / "data")}
    assert set(found) == {"so_ky_hieu", "date"} == set(voting.SURE)
    for field, row in found.items():
        assert 0.5 <= float(row["sure"]) == voting.SURE[field] <= 0.99
        assert int(row["left_out_silent"]) * 30 <= int(row["values"])
        assert ".json" in row["source"]


def test_the_threshold_is_above_every_wrong_value(script: ModuleType) -> None:
    def pairs(*wrong: float) -> list[object]:
        good = [script.Pair(0.5 + n / 200, True, f"{n}", "1") for n in range(100)]
        return [*good, *(script.Pair(w, False, f"w{w}", "1") for w in wrong)]

    shape = script.curve(pairs(0.6))
    assert shape[0] > 0
    assert script.chosen(pairs(0.6), shape) > 0.6
    assert script.chosen(pairs(0.6, 0.9), script.curve(pairs(0.6, 0.9))) > 0.9
    wrong, flags = script.offices_left_out(pairs(0.3), [])
    assert wrong == 0
    assert flags < 60


def test_numbers_are_compared_by_what_they_identify(script: ModuleType) -> None:
    assert script.alike("so_ky_hieu", "12/QĐ-UBND", "12/QĐ-UBND")
    assert not script.alike("so_ky_hieu", "13/QĐ-UBND", "12/QĐ-UBND")
    assert not script.alike("date", "2024-01", "2024-01-05")
    assert not script.alike("so_ky_hieu", None, "12/QĐ-UBND")
