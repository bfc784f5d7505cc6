"""The fuzzer itself: it finds planted faults and shortens what shows them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.fold import nfc
from tests.fuzz.campaign import Campaign, ended
from tests.fuzz.promises import Breach
from tests.fuzz.shorten import shortened
from tests.fuzz.targets import TARGETS, Target


def target(call: object) -> Target:
    return replace(TARGETS["so_ky_hieu"], call=call, places=("tests/fuzz/",), most=300)  # type: ignore[arg-type]


def run(campaign: Campaign, inputs: int) -> None:
    """Makes so many inputs, or fewer where a fault is found before."""
    for _ in range(inputs):
        if campaign.faults:
            return
        campaign.step()


def test_a_planted_breach_is_found_and_shortened() -> None:
    def planted(text: str) -> set[str]:
        stored = nfc(text)
        if "QĐ" in stored and "\u0301" in stored:
            raise Breach("planted", stored)
        return {str(len(stored) % 7)}

    campaign = Campaign(target(planted), seed=1)
    campaign.start()
    run(campaign, 20_000)
    assert campaign.report(0)["breaches"] == 1
    assert sorted(campaign.faults[0].text) == sorted("QĐ\u0301")


def test_too_much_work_is_found() -> None:
    def quadratic(text: str) -> set[str]:
        for _ in range(text.count("-") ** 2):
            pass
        return {str(len(text) % 7)}

    campaign = Campaign(replace(target(quadratic), fixed=50, each=1), seed=1)
    campaign.start()
    run(campaign, 20_000)
    assert campaign.report(0)["too_much_work"] == 1
    assert set(campaign.faults[0].text) == {"-"}


def test_work_that_grows_faster_than_the_text_is_found() -> None:
    def quadratic(text: str) -> set[str]:
        for _ in range((len(text) // 400) ** 2):
            pass
        return set()

    campaign = Campaign(target(quadratic), seed=1)
    campaign.pool = ["Quyết định số 490/QĐ-TTg"]
    while not campaign.inputs:
        campaign.grow()
    assert [fault.kind for fault in campaign.faults] == ["growth"]


def test_shortening_keeps_what_it_must_keep() -> None:
    assert shortened("a" * 500 + "x" + "b" * 500 + "y", lambda text: "x" in text and "y" in text) == "xy"


def test_the_guard_against_endless_calls_leaves_others_alone() -> None:
    with ended():
        assert nfc("a") == "a"
    with pytest.raises(ValueError, match="own"), ended():
        raise ValueError("own")
