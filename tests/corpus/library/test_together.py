"""Several readings stored in one transaction: the library is the one that they make one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import Refused
from corpus.library import Library
from corpus.library.intake import Reading
from corpus.library.values import Added
from tests.support.libraries import TINH, connected_records, dump_of, record


@pytest.mark.parametrize("most", [2, 5, 100])
def test_batches_of_any_size_make_the_same_library(tmp_path: Path, most: int) -> None:
    records = connected_records()
    whole = dump_of(tmp_path / "whole", records)
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        for at in range(0, len(records), most):
            outcomes = library.intake.add_all([Reading(one) for one in records[at : at + most]])
            assert all(isinstance(one, Added) and one.status == "new" for one in outcomes)
        assert list(library.view(restricted=True).dump()) == whole
        again = library.intake.add_all([Reading(one) for one in records])
        assert {one.status for one in again if isinstance(one, Added)} == {"unchanged"}
        assert list(library.view(restricted=True).dump()) == whole


def test_what_must_not_be_kept_stops_nothing_else(tmp_path: Path) -> None:
    first, second = record("1/KH-UBND", "2024-01-01", TINH), record("2/KH-UBND", "2024-01-01", TINH)
    secret = replace(record("3/KH-UBND", "2024-01-01", TINH), secrecy="MẬT")
    known = record("4/KH-UBND", "2024-01-01", TINH)
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.refuse(known.sha256, "độ mật")
        outcomes = library.intake.add_all([Reading(one) for one in (first, secret, known, second)])
        assert [type(one) for one in outcomes] == [Added, Refused, Refused, Added]
        assert library.view().status().held == 2


def test_a_fault_in_one_document_stops_no_other(tmp_path: Path) -> None:
    good = [record(f"{n}/KH-UBND", "2024-01-01", TINH) for n in (1, 2)]
    bad = replace(record("3/KH-UBND", "2024-01-01", TINH), date=object())  # type: ignore[arg-type]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        outcomes = library.intake.add_all([Reading(good[0]), Reading(bad), Reading(good[1])])
        assert isinstance(outcomes[0], Added)
        assert isinstance(outcomes[1], Exception)
        assert isinstance(outcomes[2], Added)
        assert library.view().status().held == 2
