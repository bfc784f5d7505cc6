"""The doctor: what it finds, what it repairs, and that it changes nothing unless asked to."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from corpus import durable
from corpus.library import Library
from corpus.library.doctor import examine
from corpus.library.originals import STRAYS
from tests.support.libraries import OLD_LIBRARIES, TINH, cite, record, with_originals
from webui.app.document_reader import pool_of
from webui.app.file_walk import walk
from webui.app.ingestion import ingest
from webui.app.settings import Settings


def contents(folder: Path) -> dict[str, bytes]:
    """All files by name, but those that SQLite keeps beside the database."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal", ".lock"))
    }


def outcomes(folder: Path, files: list[Path]) -> list[str]:
    """What becomes of *files* that are read and taken in."""
    settings = Settings(library=folder, jobs=1)
    with Library.open(folder) as library, pool_of(settings) as pool:
        return [result.outcome for result in ingest(library, files, settings, pool)]


# ---------------------------------------------------------------- looking only


@pytest.mark.sqlite
def test_an_examination_without_repair_changes_nothing(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        sha256 = raw.execute("SELECT max(sha256) FROM records").fetchone()[0]
        raw.execute("INSERT INTO refused (sha256, reason) VALUES (?, 'độ mật')", ("ab" * 32,))
        raw.commit()
    secret = folder / "originals" / "ab" / ("ab" * 32)
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("sót")
    os.utime(secret, (1, 1))
    (folder / "originals" / "ab" / ".new-x.abc").write_text("nửa chừng")
    before = contents(folder)
    assert {finding.code for finding in examine(folder, deep=True).findings} == {"mo_coi", "tep_tam"}
    assert contents(folder) == before
    assert examine(folder, deep=True, repair=True).clean
    assert not secret.exists()
    assert not (secret.parent / ".new-x.abc").exists()
    assert (folder / "originals" / sha256[:2] / sha256).exists()


def test_an_examination_without_repair_does_not_migrate(tmp_path: Path) -> None:
    shutil.copytree(OLD_LIBRARIES / "v1", tmp_path / "l")
    before = contents(tmp_path / "l")
    report = examine(tmp_path / "l")
    assert [(each.code, each.derived, each.next_step) for each in report.findings] == [
        ("co_so_du_lieu", True, "Hãy chạy: ocop doctor --repair")
    ]
    assert report.exit_code == 22
    assert contents(tmp_path / "l") == before
    for repair in (True, False):  # its originals are not in the fixture
        left = {finding.code for finding in examine(tmp_path / "l", repair=repair).findings if not finding.repaired}
        assert left == {"mat_goc"}


@pytest.mark.sqlite
@pytest.mark.parametrize("with_header", [False, True])
def test_a_library_whose_making_was_killed_is_empty_and_not_damaged(tmp_path: Path, with_header: bool) -> None:
    (tmp_path / "l").mkdir()
    path = tmp_path / "l" / "library.db"
    path.touch()
    if with_header:  # the journal mode is set, and with it the first page written, before the tables are made
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA journal_mode=WAL")
    (finding,) = examine(tmp_path / "l").findings
    assert (finding.code, finding.derived) == ("co_so_du_lieu", True)
    assert "ocop ingest" in finding.next_step
    assert examine(tmp_path / "l", repair=True).clean
    assert examine(tmp_path / "l").findings == []


# ---------------------------------------------------------------- originals


def test_a_damaged_original_is_replaced_by_reading_the_file_again(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder) as library:
        held = library.view().document(library.view().documents()[0].id)
        assert held.record is not None
        assert held.sha256 is not None
        good = tmp_path / "lấy lại.txt"
        original = library.originals.local(held.sha256)
        shutil.copy(original, good)
        Path(held.paths[0]).unlink()
        original.write_bytes(b"hong")
        (finding,) = examine(folder, deep=True).findings
        assert "--repair" in finding.next_step
        assert "ocop ingest" in finding.next_step
        examine(folder, deep=True, repair=True)
        library.intake.add(held.record, good)
        assert original.read_bytes() == good.read_bytes()
    assert examine(folder, deep=True).findings == []


def test_a_damaged_original_is_replaced_by_a_whole_one_that_was_moved_aside(folder: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "tep")  # the files that the documents were read from
    original = next(path for path in (folder / "originals").rglob("*") if path.is_file())
    whole = original.read_bytes()
    (folder / STRAYS).mkdir()
    (folder / STRAYS / original.name).write_bytes(whole)
    original.write_bytes(b"rot")
    examine(folder, repair=True)  # not deep: the damage is not seen, and the whole file must stay
    assert (folder / STRAYS / original.name).exists()
    examine(folder, deep=True, repair=True)
    assert original.read_bytes() == whole
    assert examine(folder, deep=True, repair=True).clean
    assert examine(folder, deep=True).findings == []


@pytest.mark.sqlite
def test_the_lost_original_of_a_removed_document_is_found_and_taken_in_again(folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        sha256 = raw.execute("SELECT sha256 FROM removed").fetchone()[0]
    original = folder / "originals" / sha256[:2] / sha256
    data = original.read_bytes()
    original.unlink()
    (finding,) = examine(folder).findings
    assert (finding.code, finding.derived, finding.examples) == ("mat_goc", False, [sha256[:12]])
    (tmp_path / "van-ban.txt").write_bytes(data)
    assert outcomes(folder, [tmp_path / "van-ban.txt"]) == ["removed"]
    assert examine(folder).findings == []


@pytest.mark.sqlite
def test_originals_of_no_document_are_moved_aside_as_they_may_be_the_only_copies(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "library.db", tmp_path / "before.db")
    ((newer, file),) = with_originals([record("77/KH-UBND", "2024-05-05", TINH, title="mới")], tmp_path / "them")
    with Library.open(folder) as library:
        library.intake.add(newer, file)
    for name in ("library.db", "library.db-wal", "library.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "before.db", folder / "library.db")  # an older state, without the newer document
    original = folder / "originals" / newer.sha256[:2] / newer.sha256
    os.utime(original, (1, 1))
    assert [finding.code for finding in examine(folder).findings] == ["mo_coi"]
    (finding,) = examine(folder, repair=True).findings
    aside = folder / STRAYS / newer.sha256
    assert f"ocop ingest {aside.parent}" in finding.message
    assert aside.read_bytes() == file.read_bytes()
    assert examine(folder).findings == []
    assert outcomes(folder, list(walk([aside.parent], folder).files)) == ["new"]
    assert [each.repaired for each in examine(folder, repair=True).findings] == [True]
    assert not aside.exists()
    assert original.exists()


def test_refusing_a_document_deletes_its_original_that_was_moved_aside(folder: Path) -> None:
    (folder / STRAYS).mkdir()
    aside = folder / STRAYS / ("ab" * 32)
    aside.write_bytes(b"x")
    with Library.open(folder) as library:
        library.intake.refuse("ab" * 32, "độ mật")
    assert not aside.exists()


# ---------------------------------------------------------------- the database


@pytest.mark.sqlite
def test_a_path_in_place_of_a_hash_is_found_and_never_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "ngoai"
    outside.mkdir()
    (outside / "quy.txt").write_text("của người khác")
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        raw.execute("INSERT INTO refused (sha256, reason) VALUES (?, 'độ mật')", (str(outside),))
        raw.commit()
    for repair in (False, True):
        report = examine(folder, deep=True, repair=repair)
        assert [(each.code, each.derived) for each in report.findings] == [("co_so_du_lieu", False)]
        assert report.findings[0].examples == [str(outside)]
    assert (outside / "quy.txt").exists()


@pytest.mark.sqlite
def test_a_held_document_that_was_merged_into_a_cited_one_leads_its_group_again(tmp_path: Path) -> None:
    folder = tmp_path / "kho"
    with Library.open(folder, create=True) as library:
        library.intake.add(record("5/KH-UBND", "2024-02-01", TINH, [cite("9/QĐ-UBND", "2024-01-01", TINH)]))
        stub = next(each.id for each in library.view().documents(held=False) if each.so_ky_hieu == "9/QĐ-UBND")
        held = library.intake.add(record("7/QĐ-UBND", "2024-01-01", TINH, title="bản hai")).id
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        raw.execute("UPDATE nodes SET merged_into = ? WHERE id = ?", (stub, held))
        raw.commit()
    assert "gop" in {finding.code for finding in examine(folder).findings}
    examine(folder, repair=True)
    assert "gop" not in {finding.code for finding in examine(folder).findings}
    with Library.open(folder) as library:
        assert "bản hai" in [summary.title for summary in library.view().documents()]
        assert library.view().where(stub) == held


# ---------------------------------------------------------------- scratch folders


def test_a_scratch_folder_in_use_is_not_abandoned(tmp_path: Path) -> None:
    old = tmp_path / ".tam-1-cua-ban-truoc"  # as an earlier version named it, with the number of a running process
    old.mkdir()
    with durable.scratch(tmp_path) as place:
        assert durable.abandoned_scratch(tmp_path) == [old]
        assert place.is_dir()
    assert not place.exists()
