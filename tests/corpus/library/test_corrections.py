"""Corrections by people: kept apart from what was read, valid for later readings, undone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import UsageError
from corpus.library import Library, corrections
from corpus.model import Record
from corpus.record_json import parse_record
from ingest.extract import read_record
from tests.support.libraries import TINH, record
from tests.support.web_library import ORDER, PLAN


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "kho", create=True) as opened:
        yield opened


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("date", "30/12/2019", "2019-12-30"),
        ("date", "12/2019", "2019-12"),
        ("date", "2019", "2019"),
        ("so_ky_hieu", " 490 / QĐ - TTg ", "490/QĐ-TTg"),
        ("signer", "  Trần   Văn A ", "Trần Văn A"),
        ("signer", "", None),
    ],
)
def test_values_are_kept_in_their_normal_form(field: str, typed: str, kept: str | None) -> None:
    assert corrections.normal_value(field, typed) == kept


@pytest.mark.parametrize(
    ("field", "typed"), [("date", "31/2/2019"), ("so_ky_hieu", "490"), ("text", "x"), ("title", "a" * 3000)]
)
def test_a_value_that_the_field_cannot_have_is_refused(field: str, typed: str) -> None:
    with pytest.raises(UsageError):
        corrections.normal_value(field, typed)


# ---------------------------------------------------------------- a number read wrongly


@pytest.fixture
def records(tmp_path: Path) -> dict[str, Record]:
    """A plan whose number was read as 15 where 45 is printed, and an order that cites it as 45."""
    made = {}
    for name, text in (("plan", PLAN.replace("45/KH-UBND", "15/KH-UBND")), ("order", ORDER)):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        made[name] = parse_record(read_record(str(path)))
    doubtful = replace(made["plan"].fields["so_ky_hieu"], needs_review=True, confidence=0.4, reasons=["viết tay"])
    made["plan"].fields["so_ky_hieu"] = doubtful
    return made


@pytest.fixture
def ids(library: Library, records: dict[str, Record]) -> dict[str, int]:
    return {name: library.intake.add(each).id for name, each in records.items()}


def test_a_corrected_number_connects_the_document_with_those_that_cite_it(
    library: Library, ids: dict[str, int]
) -> None:
    before = list(library.view().dump())
    assert ids["plan"] not in {edge.target for edge in library.view().cites(ids["order"])}
    entry = library.edits.correct(ids["plan"], "so_ky_hieu", "45/KH-UBND", who="lan")
    assert ids["plan"] in {edge.target for edge in library.view().cites(ids["order"])}
    kept = library.view().document(ids["plan"]).record
    assert kept is not None
    assert (kept.so_ky_hieu, kept.number, kept.symbol) == ("45/KH-UBND", "45", "KH-UBND")
    evidence = kept.fields["so_ky_hieu"]
    assert (evidence.needs_review, evidence.checked, evidence.reasons) == (False, True, ["đã kiểm tra"])
    (correction,) = library.edits.corrections()
    assert (correction.who, correction.field) == ("lan", "so_ky_hieu")
    assert (correction.before, correction.after) == ("15/KH-UBND", "45/KH-UBND")
    library.edits.undo(entry)
    assert list(library.view().dump()) == before
    assert library.edits.corrections()[0].undone


def test_a_correction_is_applied_to_a_later_reading(
    library: Library, ids: dict[str, int], records: dict[str, Record]
) -> None:
    library.edits.correct(ids["plan"], "so_ky_hieu", "45/KH-UBND", who="lan")
    library.edits.correct(ids["plan"], "date", "13/3/2024", who="lan")
    assert library.intake.add(records["plan"], reader_version="later").status == "updated"
    summary = library.view().summary(ids["plan"])
    assert (summary.so_ky_hieu, summary.date) == ("45/KH-UBND", "2024-03-13")
    assert records["plan"].so_ky_hieu == "15/KH-UBND"


def test_accepting_a_value_removes_only_the_doubt(library: Library, ids: dict[str, int]) -> None:
    assert library.view().summary(ids["plan"]).unsure
    library.edits.correct(ids["plan"], "so_ky_hieu", "15/KH-UBND", who="lan")
    summary = library.view().summary(ids["plan"])
    assert (summary.unsure, summary.so_ky_hieu) == (False, "15/KH-UBND")


# ---------------------------------------------------------------- several corrections


def add(library: Library, title: str = "đọc được", **more: tuple[str, ...]) -> int:
    return library.intake.add(record("7/QĐ-UBND", "2024-01-01", TINH, title=title, **more)).id  # type: ignore[arg-type]


def kept_record(library: Library, id: int) -> Record:
    kept = library.view().document(id).record
    assert kept is not None
    return kept


def test_undoing_an_earlier_correction_leaves_the_later_one(library: Library) -> None:
    id = add(library)
    first = library.edits.correct(id, "title", "Tên một", who="lan")
    library.edits.correct(id, "title", "Tên hai", who="minh")
    library.edits.undo(first)
    assert library.view().summary(id).title == "Tên hai"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_corrections_undone_in_any_order_leave_what_was_read(library: Library, order: tuple[int, int]) -> None:
    id = add(library)
    before = list(library.view().dump())
    entries = [library.edits.correct(id, "title", title, who="lan") for title in ("Một", "Hai")]
    for at in order:
        library.edits.undo(entries[at])
    assert kept_record(library, id).title == "đọc được"
    assert "title" not in kept_record(library, id).fields
    assert list(library.view().dump()) == before


def test_undoing_restores_what_the_last_reader_read(library: Library) -> None:
    first = record("7/QĐ-UBND", "2024-01-01", TINH, title="bộ đọc cũ")
    id = library.intake.add(first).id
    entry = library.edits.correct(id, "title", "Người sửa", who="lan")
    library.intake.add(replace(first, title="bộ đọc mới"), reader_version="2")
    assert kept_record(library, id).title == "Người sửa"
    library.edits.undo(entry)
    assert kept_record(library, id).title == "bộ đọc mới"


def test_a_correction_undone_while_its_document_was_removed_stays_undone(library: Library) -> None:
    id = add(library)
    standing = library.edits.correct(id, "signer", "Trần Văn A", who="lan")
    undone = library.edits.correct(id, "title", "X", who="lan")
    removal = library.edits.remove(id, "nhầm")
    library.edits.undo(undone)
    library.edits.undo(removal)
    assert (kept_record(library, id).title, kept_record(library, id).signer) == ("đọc được", "Trần Văn A")
    library.edits.undo(standing)
    assert kept_record(library, id).signer is None


def test_undoing_the_correction_of_a_number_restores_its_parts(library: Library) -> None:
    id = add(library, review=("so_ky_hieu",))
    for entry in [library.edits.correct(id, "so_ky_hieu", typed, who="lan") for typed in ("8/QĐ-UBND", "9/QĐ-UBND")]:
        library.edits.undo(entry)
    found = kept_record(library, id)
    assert (found.so_ky_hieu, found.number, found.symbol) == ("7/QĐ-UBND", "7", "QĐ-UBND")
    assert found.fields["so_ky_hieu"].needs_review
