"""What a person put right: kept apart, outliving new readings, felt by edges at once, undone without a trace."""

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
from tests.support.web_library import ORDER, PLAN


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Record]:
    made = {}
    for name, text in (("plan", PLAN.replace("45/KH-UBND", "15/KH-UBND")), ("order", ORDER)):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        made[name] = parse_record(read_record(str(path)))
    plan = made["plan"]  # its number was read 15 where 45 is printed
    plan.fields["so_ky_hieu"] = replace(
        plan.fields["so_ky_hieu"], needs_review=True, confidence=0.4, reasons=["viết tay"]
    )
    return made


@pytest.fixture
def library(tmp_path: Path, papers: dict[str, Record]) -> Iterator[tuple[Library, dict[str, int]]]:
    with Library.open(tmp_path / "kho", create=True) as opened:
        yield opened, {name: opened.intake.add(record).id for name, record in papers.items()}


def test_a_corrected_number_joins_what_cites_it_and_undoing_parts_them(
    library: tuple[Library, dict[str, int]],
) -> None:
    opened, ids = library
    before = list(opened.view().dump())
    assert ids["plan"] not in {e.target for e in opened.view().cites(ids["order"])}
    entry = opened.edits.correct(ids["plan"], "so_ky_hieu", "45/KH-UBND", who="lan")
    assert ids["plan"] in {e.target for e in opened.view().cites(ids["order"])}
    record = opened.view().document(ids["plan"]).record
    assert record is not None
    assert (record.so_ky_hieu, record.number, record.symbol) == ("45/KH-UBND", "45", "KH-UBND")
    evidence = record.fields["so_ky_hieu"]
    assert not evidence.needs_review
    assert evidence.checked
    assert evidence.reasons == ["đã kiểm tra"]
    (told,) = opened.edits.corrections()
    assert (told.who, told.field, told.before, told.after) == ("lan", "so_ky_hieu", "15/KH-UBND", "45/KH-UBND")
    opened.edits.undo(entry)
    assert list(opened.view().dump()) == before
    assert opened.edits.corrections()[0].undone


def test_a_correction_outlives_a_new_reading(
    library: tuple[Library, dict[str, int]], papers: dict[str, Record]
) -> None:
    opened, ids = library
    opened.edits.correct(ids["plan"], "so_ky_hieu", "45/KH-UBND", who="lan")
    opened.edits.correct(ids["plan"], "date", "13/3/2024", who="lan")
    assert opened.intake.add(papers["plan"], reader_version="later").status == "updated"
    summary = opened.view().summary(ids["plan"])
    assert (summary.so_ky_hieu, summary.date) == ("45/KH-UBND", "2024-03-13")
    assert papers["plan"].so_ky_hieu == "15/KH-UBND"


def test_accepting_a_value_only_takes_the_doubt_away(library: tuple[Library, dict[str, int]]) -> None:
    opened, ids = library
    assert opened.view().summary(ids["plan"]).unsure
    opened.edits.correct(ids["plan"], "so_ky_hieu", "15/KH-UBND", who="lan")
    summary = opened.view().summary(ids["plan"])
    assert not summary.unsure
    assert summary.so_ky_hieu == "15/KH-UBND"


def test_the_later_correction_stands_and_undoing_the_earlier_leaves_it(library: tuple[Library, dict[str, int]]) -> None:
    opened, ids = library
    first = opened.edits.correct(ids["plan"], "title", "Tên một", who="lan")
    opened.edits.correct(ids["plan"], "title", "Tên hai", who="minh")
    opened.edits.undo(first)
    assert opened.view().summary(ids["plan"]).title == "Tên hai"


@pytest.mark.parametrize(
    ("field", "said", "kept"),
    [
        ("date", "30/12/2019", "2019-12-30"),
        ("date", "12/2019", "2019-12"),
        ("date", "2019", "2019"),
        ("so_ky_hieu", " 490 / QĐ - TTg ", "490/QĐ-TTg"),
        ("signer", "  Trần   Văn A ", "Trần Văn A"),
        ("signer", "", None),
    ],
)
def test_values_are_kept_in_their_normal_form(field: str, said: str, kept: str | None) -> None:
    assert corrections.normal_value(field, said) == kept


@pytest.mark.parametrize(
    ("field", "said"), [("date", "31/2/2019"), ("so_ky_hieu", "490"), ("text", "x"), ("title", "a" * 3000)]
)
def test_what_cannot_stand_there_is_refused(field: str, said: str) -> None:
    with pytest.raises(UsageError):
        corrections.normal_value(field, said)
