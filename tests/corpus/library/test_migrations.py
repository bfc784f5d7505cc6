"""Libraries of earlier schemas: they open, and what they kept in words is data afterwards."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library, schema
from corpus.library.database import Database
from corpus.library.migrations import revision_chain, upgrade
from corpus.library.values import Document
from corpus.model import Incomplete, Record
from corpus.vocabulary import Verdict
from tests.support.libraries import OLD_LIBRARIES, TINH, TTG, cite, record

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("made_at_once", [True, False])
def test_new_libraries_and_the_migrations_have_the_tables_of_the_schema(tmp_path: Path, made_at_once: bool) -> None:
    assert revision_chain()[-1] == schema.REVISION
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    Library.open(tmp_path / "l", create=True).close()
    if not made_at_once:
        (tmp_path / "l" / "library.db").unlink()
        with closing(Database(tmp_path / "l")) as database, database.write() as connection:
            upgrade(connection)
    engine = create_engine(f"sqlite:///{tmp_path / 'l' / 'library.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == schema.REVISION
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def outline(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """Documents and edges of a dump, without the keys, whose spelling the agency tables may change."""
    names = ("what", "so_ky_hieu", "date", "source", "state")
    return sorted(tuple(str(value.get(name)) for name in names) for value in map(json.loads, lines))


@pytest.mark.parametrize("version", sorted(path.name for path in OLD_LIBRARIES.iterdir() if path.is_dir()))
def test_a_library_of_an_older_schema_opens_and_takes_documents_in(tmp_path: Path, version: str) -> None:
    shutil.copytree(OLD_LIBRARIES / version, tmp_path / "l")
    with Library.open(tmp_path / "l", facts=False) as library:
        assert library.view().find("490/QĐ-TTg")[0].held
        library.resolve_again()
        wanted = (OLD_LIBRARIES / version / "dump.jsonl").read_text(encoding="utf-8").splitlines()
        assert outline(library.view().dump()) == outline(wanted)
        library.intake.add(record("5/KH-UBND", "2024-01-01", TINH, [cite("490/QĐ-TTg", None, TTG)]))


# ---------------------------------------------------------------- schema 0002: corrections were in the audit list alone


def with_schema_2(folder: Path) -> sqlite3.Connection:
    """The database of a library, given the schema 0002."""
    raw = sqlite3.connect(folder / "library.db")
    raw.execute("ALTER TABLE records DROP COLUMN covered")
    raw.execute("ALTER TABLE records DROP COLUMN incomplete")
    raw.execute("DROP TABLE ocr_modes")
    raw.execute("DROP TABLE containers")
    raw.execute("DROP TABLE words")
    raw.execute("UPDATE alembic_version SET version_num = '0002'")
    raw.commit()
    return raw


def title(library: Library, id: int) -> str | None:
    kept = library.view().document(id).record
    assert kept is not None
    return kept.title


def decision(title: str) -> Record:
    return record("7/QĐ-UBND", "2024-01-01", TINH, title=title)


def test_undoing_a_correction_of_schema_2_restores_what_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "kho"
    with Library.open(folder, create=True) as library:
        id = library.intake.add(decision("đọc được")).id
        first, second = (library.edits.correct(id, "title", typed, who="lan") for typed in ("Một", "Hai"))
        library.edits.undo(first)
    with_schema_2(folder).close()
    with Library.open(folder) as library:
        assert title(library, id) == "Hai"
        library.edits.undo(second)
        assert title(library, id) == "đọc được"


def test_a_document_removed_with_schema_2_comes_back_as_it_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "kho"
    with Library.open(folder, create=True) as library:
        id = library.intake.add(decision("đọc được")).id
        library.edits.undo(library.edits.correct(id, "signer", "Ai đó", who="lan"))
        entry = library.edits.correct(id, "title", "sửa", who="lan")
        removal = library.edits.remove(id, "nhầm")
    with closing(with_schema_2(folder)) as raw:  # which kept a removed document with its corrections in it
        detail = json.loads(raw.execute("SELECT detail FROM audit WHERE id = ?", (removal,)).fetchone()[0])
        assert detail["record"]["title"] == "đọc được"
        detail["record"]["title"] = "sửa"
        raw.execute("UPDATE audit SET detail = ? WHERE id = ?", (json.dumps(detail), removal))
        raw.commit()
    with Library.open(folder) as library:
        library.edits.undo(removal)
        assert title(library, id) == "sửa"
        library.edits.undo(entry)
        assert title(library, id) == "đọc được"


def test_undoing_restores_the_reading_between_two_corrections_of_schema_2(tmp_path: Path) -> None:
    folder = tmp_path / "kho"
    with Library.open(folder, create=True) as library:
        first = decision("đọc 1")
        id = library.intake.add(first).id
        library.edits.undo(library.edits.correct(id, "title", "sửa 1", who="lan"))
        library.intake.add(replace(first, title="đọc 2"), reader_version="2")
        entry = library.edits.correct(id, "title", "sửa 2", who="lan")
    with_schema_2(folder).close()
    with Library.open(folder) as library:
        library.edits.undo(entry)
        assert title(library, id) == "đọc 2"


# ---------------------------------------------------------------- schema 0003: states were words


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of schema 0003 with incomplete readings, corrections, a removed document and reading modes."""
    shutil.copytree(OLD_LIBRARIES / "v3", tmp_path / "l")
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
            for name in ("incomplete", "own_references", "amendments", "tables", "unsure_figures", "turned_pages"):
                del value[name]
            for evidence in value["fields"].values():
                del evidence["checked"], evidence["restored_from"]
        return value

    before = (OLD_LIBRARIES / "v3" / "whole.jsonl").read_text(encoding="utf-8").splitlines()
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
    shutil.copytree(OLD_LIBRARIES / "v3", tmp_path / "l")
    with sqlite3.connect(tmp_path / "l" / "library.db") as raw:
        raw.execute("UPDATE records SET record = 'rác ' || record WHERE reader_version <> '2'")
    raw.close()
    with Library.open(tmp_path / "l", facts=False) as opened:
        assert opened.view().find("490/QĐ-TTg")[0].held
