"""Libraries of earlier schemas open, and what their words said is known as data afterwards."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library, schema
from corpus.library.migrations import revision_chain
from corpus.library.values import Document
from corpus.model import Incomplete
from corpus.vocabulary import Verdict
from tests.paths import ROOT
from tests.support.libraries import cite, record

FIXTURES = ROOT / "tests" / "fixtures" / "libraries"
TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    assert revision_chain()[-1] == schema.REVISION
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    Library.open(tmp_path / "l", create=True).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'l' / 'library.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def outline(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """What a dump says of documents and edges, without the keys, whose spelling the agency tables may change."""
    read = [json.loads(line) for line in lines]
    return sorted(tuple(str(one.get(k)) for k in ("what", "so_ky_hieu", "date", "source", "state")) for one in read)


@pytest.mark.parametrize("version", sorted(p.name for p in FIXTURES.iterdir() if p.is_dir()))
def test_a_library_of_an_older_schema_opens_and_takes_documents_in(tmp_path: Path, version: str) -> None:
    shutil.copytree(FIXTURES / version, tmp_path / "l")
    with Library.open(tmp_path / "l", facts=False) as library:
        assert library.view().find("490/QĐ-TTg")[0].held
        library.resolve_again()
        wanted = (FIXTURES / version / "dump.jsonl").read_text(encoding="utf-8").splitlines()
        assert outline(library.view().dump()) == outline(wanted)
        library.intake.add(record("5/KH-UBND", "2024-01-01", TINH, [cite("490/QĐ-TTg", None, TTG)]))


# ---------------------------------------------------------------- version 3: states were words


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of schema 0003 with incomplete readings, corrections, a removed document and reading modes."""
    shutil.copytree(FIXTURES / "v3", tmp_path / "l")
    with Library.open(tmp_path / "l", facts=False) as opened:
        yield opened


def document(library: Library, words: str) -> Document:
    """The one document that *words* name."""
    view = library.view()
    return view.document(view.one(words).id)


def test_a_dump_is_the_same_but_for_the_added_keys(library: Library) -> None:
    def without_added(line: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(line)
        if value["what"] == "document":
            del value["incomplete"]
            for evidence in value["fields"].values():
                del evidence["checked"]
        return value

    before = (FIXTURES / "v3" / "whole.jsonl").read_text(encoding="utf-8").splitlines()
    after = library.view(restricted=True).dump()
    assert [without_added(line) for line in after] == [json.loads(line) for line in before]


@pytest.mark.parametrize(
    ("words", "incomplete", "missing"),
    [
        ("501/KH-UBND", Incomplete(3, Verdict.TIMED_OUT), "chỉ đọc được 3/10 trang: hết giờ"),
        (
            "502/KH-UBND",
            Incomplete(1, Verdict.TOO_LARGE, note="trang 2 quá lớn (ảnh 900 triệu điểm)"),
            "chỉ đọc được 1/2 trang: trang 2 quá lớn (ảnh 900 triệu điểm)",
        ),
        (
            "chưa phân tích.pdf",
            Incomplete(4, Verdict.OUT_OF_MEMORY, analysed=False),
            "chưa phân tích được nội dung: hết bộ nhớ",
        ),
    ],
)
def test_an_incomplete_reading_is_still_one_and_is_read_again(
    library: Library, words: str, incomplete: Incomplete, missing: str
) -> None:
    found = document(library, words)
    assert found.record is not None
    assert (found.record.incomplete, found.record.missing) == (incomplete, missing)
    assert missing in found.record.fields["kind"].reasons
    assert found.reader_version == "2"
    assert library.intake.seen(str(found.sha256), "2") is None
    assert library.intake.reader_version_of(str(found.sha256)) is None


def test_a_complete_reading_stays_complete(library: Library) -> None:
    found = document(library, "490/QĐ-TTg")
    assert found.record is not None
    assert found.record.incomplete is None
    assert library.intake.seen(str(found.sha256), "2") == "held"


def test_a_removed_incomplete_document_comes_back_as_one(library: Library) -> None:
    entry = next(e.id for e in library.edits.audit() if e.action == "remove")
    library.edits.undo(entry)
    found = document(library, "503/KH-UBND")
    assert found.record is not None
    assert found.record.incomplete == Incomplete(1, Verdict.DAMAGED)
    assert (found.record.place, found.record.fields["place"].checked) == ("Thanh Hóa", True)
    assert found.reader_version == "2"


def test_values_that_a_person_checked_are_known_as_such(library: Library) -> None:
    corrected, absent = document(library, "134/KH-UBND").record, document(library, "77/KH-UBND").record
    assert corrected is not None
    assert absent is not None
    assert {name for name, evidence in corrected.fields.items() if evidence.checked} == {"title"}
    assert corrected.fields["title"].reasons == ["đã kiểm tra"]
    assert (absent.urgency, absent.fields["urgency"].checked) == (None, True)
    undone = document(library, "12/KH-UBND").record
    assert undone is not None
    assert not any(evidence.checked for evidence in undone.fields.values())


def test_reading_modes_are_kept(library: Library) -> None:
    first, second = document(library, "490/QĐ-TTg").sha256, document(library, "501/KH-UBND").sha256
    assert library.intake.ocr_modes() == {first: "redo", second: "force"}


def test_a_damaged_record_does_not_keep_a_library_from_opening(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "v3", tmp_path / "l")
    with sqlite3.connect(tmp_path / "l" / "library.db") as raw:
        raw.execute("UPDATE records SET record = 'rác ' || record WHERE reader_version <> '2'")
    raw.close()
    with Library.open(tmp_path / "l", facts=False) as opened:
        assert opened.view().find("490/QĐ-TTg")[0].held
