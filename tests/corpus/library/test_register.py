"""Numbers and dates that do not fit the register of an agency, with misreadings planted in it."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.library.register import out_of_order
from tests.support.libraries import TINH, record

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
