"""Backups: one moment of a library that others may write to, whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.errors import LibraryBusy, LibraryDamaged, NotFound, Refused, UsageError
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.doctor import examine
from corpus.library.restore import restore
from search.request import SearchRequest
from search.searcher import Search
from tests.support.libraries import TINH, cite, record, with_originals


def dump(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return list(library.view(restricted=True).dump())


def originals(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "originals").rglob("*") if path.is_file())


def test_a_restored_backup_is_the_same_library(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder) as library, closing(Search(folder, library.view())) as search:
        search.catch_up()
    made = backup(folder, tmp_path / "sao.zip")
    assert (made.documents, made.missing) == (10, [])
    assert (tmp_path / "sao.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "sao.zip") as archive:
        assert not [name for name in archive.namelist() if "index" in name or "users" in name]
    new = tmp_path / "moi"
    assert restore(tmp_path / "sao.zip", new) == made
    assert dump(new) == dump(folder)
    with Library.open(new) as library, closing(Search(new, library.view())) as search:
        assert search.examine() == ["Kho chưa có chỉ mục."]
        search.catch_up()
        assert [entry.action for entry in library.edits.audit()] == ["correct", "remove"]
        library.edits.undo(2)  # the original of the removed document is in the backup
        assert "chậm" in search.examine()[0]
    assert examine(new, deep=True).findings == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kho", "moi", "sao.zip", "tep"]
    assert not list(folder.glob(".*"))


def test_a_backup_replaces_another_only_on_request(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "sao.zip")
    with pytest.raises(UsageError, match="Đã có"):
        backup(folder, tmp_path / "sao.zip")
    backup(folder, tmp_path / "sao.zip", overwrite=True)


def test_a_place_where_no_backup_can_be_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="trong thư mục kho"):
        backup(folder, folder / "sao.zip")
    with pytest.raises(UsageError, match="Không có thư mục"):
        backup(folder, tmp_path / "không có" / "sao.zip")
    with pytest.raises(UsageError, match="là thư mục"):
        backup(folder, tmp_path / "tep")
    with pytest.raises(NotFound):
        backup(tmp_path / "không", tmp_path / "b.zip")


def test_missing_and_damaged_originals_are_listed_and_not_restored(folder: Path, tmp_path: Path) -> None:
    missing, damaged = originals(folder)[:2]
    missing.unlink()
    damaged.write_bytes(b"khac")
    made = backup(folder, tmp_path / "sao.zip")
    assert made.missing == [missing.name, damaged.name]
    assert restore(tmp_path / "sao.zip", tmp_path / "moi").missing == made.missing
    assert not (tmp_path / "moi" / "originals" / damaged.name[:2] / damaged.name).exists()


def test_a_backup_that_lacks_originals_does_not_replace_another(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "sao.zip")
    whole = (tmp_path / "sao.zip").read_bytes()
    originals(folder)[0].unlink()
    with pytest.raises(LibraryDamaged, match="không thay bản sao lưu đã có"):
        backup(folder, tmp_path / "sao.zip", overwrite=True)
    assert (tmp_path / "sao.zip").read_bytes() == whole
    assert len(backup(folder, tmp_path / "khac.zip").missing) == 1


@pytest.mark.sqlite
def test_no_backup_is_made_that_could_not_be_restored(folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        raw.execute("UPDATE mentions SET source_id = 9999 WHERE id = (SELECT max(id) FROM mentions)")
        raw.commit()
    with pytest.raises(LibraryDamaged, match="không sao lưu được"):
        backup(folder, tmp_path / "sao.zip")
    assert not (tmp_path / "sao.zip").exists()


def test_nothing_of_a_refused_document_is_in_a_backup(folder: Path, tmp_path: Path) -> None:
    secret = record("9/QĐ-MATMAT", "2024-01-01", TINH, title="điều kín đáo")
    ((secret, file),) = with_originals([secret], tmp_path / "tep")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "x.png").write_bytes(b"trang MATMAT")
    with Library.open(folder) as library, closing(Search(folder, library.view())) as search:
        library.intake.add(secret, file)
        search.catch_up()
        assert search.search(SearchRequest("kín đáo")).total == 1
        secret.secrecy = "MẬT"
        with pytest.raises(Refused):
            library.intake.add(secret, file, reader_version="2")
        search.catch_up()  # makes a new index: an engine keeps deleted words for a while
        assert search.search(SearchRequest("kín đáo")).total == 0
        assert search.examine() == []
    backup(folder, tmp_path / "sao.zip")
    restore(tmp_path / "sao.zip", tmp_path / "moi")
    for place in (folder, tmp_path / "moi"):
        content = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
        for word in ("điều kín đáo", "kín_đáo", "MATMAT"):
            assert word.encode() not in content
        assert not (place / "originals" / secret.sha256[:2] / secret.sha256).exists()


def test_an_unfinished_backup_is_deleted_by_the_next_and_no_other_file(folder: Path, tmp_path: Path) -> None:
    backup(folder, tmp_path / "hôm qua.zip")
    half = (tmp_path / "hôm qua.zip").read_bytes()[:5000]
    (tmp_path / ".new-hôm kia.zip.abc").write_bytes(half)
    (tmp_path / ".new-của người khác").write_bytes(b"PK\x03\x04" + b"x" * 100)
    backup(folder, tmp_path / "hôm nay.zip")
    assert [path.name for path in tmp_path.glob(".*")] == [".new-của người khác"]


def test_two_backups_of_one_name_do_not_run_at_once(folder: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".sao.zip.lock"), pytest.raises(LibraryBusy):
        backup(folder, tmp_path / "sao.zip")


# ---------------------------------------------------------------- while documents come in


def take_in(folder: Path, stored: list[tuple[object, Path]], begun: threading.Event) -> None:
    with Library.open(folder) as library, closing(Search(folder, library.view())) as search:
        for at, (each, file) in enumerate(stored):
            library.intake.add(each, file)  # type: ignore[arg-type]
            if at == 5:
                begun.set()
            if at % 10 == 0:
                search.catch_up()


def answers(search: Search, query: str) -> list[tuple[object, ...]]:
    hits = search.search(SearchRequest(query, page_size=100)).hits
    rows = [(h.document.so_ky_hieu, h.document.title, h.document.held, h.tier, round(h.score, 6)) for h in hits]
    return sorted(rows, key=repr)


def test_a_backup_made_during_an_intake_is_a_library_of_the_documents_so_far(tmp_path: Path) -> None:
    records = [
        record(
            f"{n}/KH-UBND",
            f"202{n % 5}-01-0{n % 9 + 1}",
            TINH,
            [cite(f"{n + 1}/KH-UBND", None, TINH)],
            title=f"Tập huấn đợt {n}",
        )
        for n in range(30)
    ]
    stored = with_originals(records, tmp_path / "tep")
    folder = tmp_path / "kho"
    Library.open(folder, create=True).close()
    begun = threading.Event()
    thread = threading.Thread(target=take_in, args=(folder, stored, begun))
    thread.start()
    assert begun.wait(120)
    backups = [backup(folder, tmp_path / f"{n}.zip") for n in range(2)]
    thread.join()
    assert 0 < backups[0].documents <= backups[1].documents
    for number, made in enumerate(backups):
        restored, expected = tmp_path / f"restored{number}", tmp_path / f"expected{number}"
        restore(tmp_path / f"{number}.zip", restored)
        with Library.open(restored) as library, Library.open(expected, create=True) as again:
            assert library.view().sequence() == made.sequence
            held = {library.view().document(summary.id).sha256 for summary in library.view().documents()}
            for each, file in stored:
                if each.sha256 in held:
                    again.intake.add(each, file)
            assert list(library.view().dump()) == list(again.view().dump())
            with closing(Search(restored, library.view())) as search, closing(Search(expected, again.view())) as other:
                search.catch_up()
                other.catch_up()
                assert search.examine() == []
                for query in ("tập huấn", "KH-UBND", "12/KH-UBND", '"đợt 7"'):
                    assert answers(search, query) == answers(other, query)
        assert examine(restored, deep=True).findings == []
