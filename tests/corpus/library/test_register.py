"""Numbers and dates that do not fit the register of an agency, with misreadings planted in it."""

from __future__ import annotations

from datetime import date as Day
from datetime import timedelta
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.library.register import field_in_doubt, out_of_order, register_doubts
from tests.support.libraries import TINH, cite, record

#: A register of one year: numbers that rise with their dates, some papers a few days late.
REGISTER = [
    ("12/KH-UBND", "2024-01-15"),
    ("45/KH-UBND", "2024-02-20"),
    ("81/KH-UBND", "2024-04-02"),
    ("96/KH-UBND", "2024-05-06"),
    ("97/KH-UBND", "2024-05-03"),
    ("142/KH-UBND", "2024-07-11"),
    ("205/KH-UBND", "2024-10-01"),
]


def _register(library: Library, entries: list[tuple[str, str]], issuer: str = TINH) -> dict[str, int]:
    return {number: library.intake.add(record(number, day, issuer)).id for number, day in entries}


def test_a_register_in_order_is_left_alone(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        _register(library, REGISTER)
        _register(library, [("300/KH-UBND", "2024-01-05"), ("301/KH-UBND", "2024-01-06")], "UBND tỉnh Nghệ An")
        _register(library, [("2/QĐ-UBND", "2024-12-01"), ("9/KH-UBND", "2025-01-10")])
        assert out_of_order(library.view().documents()) == []


def test_a_misread_number_is_doubted_and_the_one_that_fits_proposed(tmp_path: Path) -> None:
    for read, proposed in (("14/KH-UBND", "142/KH-UBND"), ("742/KH-UBND", "142/KH-UBND"), ("1/KH-UBND", None)):
        entries = [(read if number == "142/KH-UBND" else number, day) for number, day in REGISTER]
        with Library.open(tmp_path / read.replace("/", "-"), create=True, facts=False) as library:
            ids = _register(library, entries)
            found = out_of_order(library.view().documents())
            assert [doubt.document for doubt in found] == [ids[read]]
            assert found[0].number in {proposed, None}


def test_a_misread_date_is_doubted(tmp_path: Path) -> None:
    entries = [(number, "2024-11-02" if number == "45/KH-UBND" else day) for number, day in REGISTER]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = _register(library, entries)
        (doubt,) = out_of_order(library.view().documents())
        assert doubt.document == ids["45/KH-UBND"]
        assert "205/KH-UBND" in doubt.reason


def test_two_documents_alone_settle_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        _register(library, [("45/KH-UBND", "2024-01-15"), ("12/KH-UBND", "2024-02-20")])
        assert out_of_order(library.view().documents()) == []


def test_documents_that_others_cite_are_neighbours(tmp_path: Path) -> None:
    cites = [cite(number, day, TINH) for number, day in REGISTER if number != "142/KH-UBND"]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(record("9/QĐ-UBND", "2025-03-01", "UBND huyện Bá Thước", cites))
        misread = library.intake.add(record("742/KH-UBND", "2024-07-11", TINH)).id
        (doubt,) = register_doubts(library.view())
        assert (doubt.document, doubt.number) == (misread, "142/KH-UBND")


def _letters_beside_plans(library: Library, misread: dict[str, str]) -> dict[str, int]:
    """Plans and letters of one register, and decisions of another; misread: number → what was read of it."""
    entries = [*REGISTER, ("60/UBND-NN", "2024-03-12"), ("120/UBND-NN", "2024-06-08"), ("170/UBND-VX", "2024-08-20")]
    decisions = [("830/QĐ-UBND", "2024-03-01"), ("1105/QĐ-UBND", "2024-04-15"), ("2290/QĐ-UBND", "2024-08-30")]
    return _register(library, [(misread.get(number, number), day) for number, day in [*entries, *decisions]])


def test_types_that_are_numbered_together_are_one_register(tmp_path: Path) -> None:
    with Library.open(tmp_path / "right", create=True, facts=False) as library:
        _letters_beside_plans(library, {})
        assert register_doubts(library.view()) == []
    with Library.open(tmp_path / "wrong", create=True, facts=False) as library:
        ids = _letters_beside_plans(library, {"96/KH-UBND": "69/KH-UBND"})
        (doubt,) = register_doubts(library.view())
        assert doubt.document == ids["69/KH-UBND"]


def test_a_doubtful_day_that_its_number_does_not_expect_is_doubted(tmp_path: Path) -> None:
    daily = [(f"{100 + 2 * n}/KH-UBND", f"2024-05-{n + 1:02d}") for n in range(28)]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        _register(library, [entry for entry in daily if entry[0] != "130/KH-UBND"])
        sure = library.intake.add(record("131/KH-UBND", "2024-05-23", TINH)).id
        assert register_doubts(library.view()) == []
        unsure = library.intake.add(record("130/KH-UBND", "2024-05-10", TINH, review=("date",))).id
        (doubt,) = register_doubts(library.view())
        assert doubt.document == unsure != sure
        made = library.view().document(unsure).record
        assert made is not None
        assert field_in_doubt(made) == "date"
        assert "từ 15/5/2024 đến 17/5/2024" in doubt.reason


def _pages_of_a_register() -> list[tuple[str, str]]:
    """A made register of a year: 40 letters and plans, one or two a week, some signed a day after the next."""
    first = Day(2023, 1, 5)
    days = [first + timedelta(days=9 * n - (11 if n % 7 == 3 else 0)) for n in range(40)]
    return [(f"{11 + 13 * n}/{'UBND-NN' if n % 3 else 'KH-UBND'}", day.isoformat()) for n, day in enumerate(days)]


@pytest.mark.parametrize("slip", ["first lost", "first other", "month"])
def test_planted_misreadings_are_doubted_and_no_right_value_is(tmp_path: Path, slip: str) -> None:
    """In a register of the samples' province: no right one is doubted, most misreadings are."""
    entries = _pages_of_a_register()
    planted = range(6, 40, 5)
    wrong = {}
    for n in planted:
        number, day = entries[n]
        month = int(day[5:7])
        wrong[n] = {
            "first lost": (number[1:], day),
            "first other": (f"{(int(number[0]) + 4) % 9 + 1}{number[1:]}", day),
            "month": (number, f"2023-{(month + 5) % 12 + 1:02d}-{min(int(day[8:]), 28):02d}"),
        }[slip]
    found, touched = 0, 0
    for n, misread in wrong.items():
        with Library.open(tmp_path / str(n), create=True, facts=False) as library:
            ids = [
                library.intake.add(record(*entry, "UBND tỉnh Vân Lĩnh")).id
                for entry in [*entries[:n], *entries[n + 1 :]]
            ]
            bad = library.intake.add(record(*misread, "UBND tỉnh Vân Lĩnh")).id
            doubted = {doubt.document for doubt in register_doubts(library.view())}
            found += bad in doubted
            touched += len(doubted & set(ids))
    assert touched == 0
    assert found >= 0.8 * len(wrong)
