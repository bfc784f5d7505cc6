"""Backup and restore: one moment of a library that is being written to, whole or not at all, and nothing from strangers."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import shutil
import sqlite3
import threading
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus import durable
from corpus.errors import LibraryBusy, LibraryDamaged, NotFound, OcopError, Refused, UsageError
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.backup_file import MANIFEST
from corpus.library.doctor import examine
from corpus.library.originals import STRAYS
from corpus.library.restore import restore
from corpus.model import Record
from search.request import SearchRequest
from search.searcher import Search
from tests.corpus.library.test_migrations import FIXTURES
from tests.corpus.library.test_store import TINH, small_set
from tests.support.libraries import cite, record
from webui.app.document_reader import pool_of
from webui.app.file_walk import walk
from webui.app.ingestion import ingest
from webui.app.settings import Settings


def stored(papers: list[Record], files: Path) -> list[tuple[Record, Path]]:
    """Papers whose originals are their texts."""
    files.mkdir(parents=True, exist_ok=True)
    made = []
    for paper in papers:
        file = files / f"{paper.sha256[:12]}.txt"
        file.write_text(paper.text, encoding="utf-8")
        paper.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        paper.path = str(file)
        made.append((paper, file))
    return made


@pytest.fixture
def kho(tmp_path: Path) -> Path:
    with Library.open(tmp_path / "kho", create=True) as library:
        ids = [library.intake.add(paper, file).id for paper, file in stored(small_set(), tmp_path / "tep")]
        library.edits.correct(ids[2], "title", "Kế hoạch đã sửa", who="lan")
        library.edits.remove(ids[4], "nhầm kho")
    memory = tmp_path / "kho" / "ocr" / small_hash(tmp_path)[:2] / small_hash(tmp_path)
    (memory / "ab").mkdir(parents=True)
    (memory / "ab" / ("c" * 62 + ".json.z")).write_bytes(zlib.compress(b"{}"))
    (tmp_path / "kho" / "users.db").write_bytes(b"")
    return tmp_path / "kho"


def small_hash(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "kho" / "library.db")) as raw:
        return str(raw.execute("SELECT min(sha256) FROM records").fetchone()[0])


def dump(folder: Path) -> list[str]:
    with Library.open(folder) as library:
        return list(library.view(restricted=True).dump())


def test_what_comes_back_is_what_was_there(kho: Path, tmp_path: Path) -> None:
    with Library.open(kho) as library, closing(Search(kho, library.view())) as search:
        search.catch_up()
    made = backup(kho, tmp_path / "sao.zip")
    assert (made.documents, made.missing) == (10, [])
    assert (tmp_path / "sao.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "sao.zip") as archive:
        assert not [n for n in archive.namelist() if "index" in n or "users" in n]
    told = restore(tmp_path / "sao.zip", tmp_path / "moi")
    assert told == made
    assert dump(tmp_path / "moi") == dump(kho)
    with Library.open(tmp_path / "moi") as library, closing(Search(library.folder, library.view())) as search:
        assert search.examine() == ["Kho chưa có chỉ mục."]
        search.catch_up()
        assert [e.action for e in library.edits.audit()] == ["correct", "remove"]
        library.edits.undo(2)  # its original came along
        assert "chậm" in search.examine()[0]
    assert examine(tmp_path / "moi", deep=True).findings == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kho", "moi", "sao.zip", "tep"]
    assert not list(kho.glob(".*"))


def test_a_backup_is_not_overwritten_unasked_nor_put_inside(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "sao.zip")
    with pytest.raises(UsageError, match="Đã có"):
        backup(kho, tmp_path / "sao.zip")
    backup(kho, tmp_path / "sao.zip", overwrite=True)
    with pytest.raises(UsageError, match="trong thư mục kho"):
        backup(kho, kho / "sao.zip")
    with pytest.raises(UsageError, match="Không có thư mục"):
        backup(kho, tmp_path / "không có" / "sao.zip")
    with pytest.raises(NotFound):
        backup(tmp_path / "không", tmp_path / "b.zip")
    with pytest.raises(UsageError, match="không trống"):
        restore(tmp_path / "sao.zip", kho)
    (tmp_path / "trong").mkdir()
    restore(tmp_path / "sao.zip", tmp_path / "trong")


def test_missing_and_damaged_originals_are_told(kho: Path, tmp_path: Path) -> None:
    originals = sorted(p for p in (kho / "originals").rglob("*") if p.is_file())
    originals[0].unlink()
    originals[1].write_bytes(b"khac")
    made = backup(kho, tmp_path / "sao.zip")
    assert made.missing == [originals[0].name, originals[1].name]
    assert restore(tmp_path / "sao.zip", tmp_path / "moi").missing == made.missing
    assert not (tmp_path / "moi" / "originals" / originals[1].name[:2] / originals[1].name).exists()


def test_a_backup_that_lacks_originals_takes_no_other_s_place(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "sao.zip")
    whole = (tmp_path / "sao.zip").read_bytes()
    next(p for p in (kho / "originals").rglob("*") if p.is_file()).unlink()
    with pytest.raises(LibraryDamaged, match="không thay bản sao lưu đã có"):
        backup(kho, tmp_path / "sao.zip", overwrite=True)
    assert (tmp_path / "sao.zip").read_bytes() == whole
    assert len(backup(kho, tmp_path / "khac.zip").missing) == 1


def test_the_lost_original_of_a_removed_paper_is_told_and_taken_in_again(kho: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(kho / "library.db")) as raw:
        sha256 = raw.execute("SELECT sha256 FROM removed").fetchone()[0]
    original = kho / "originals" / sha256[:2] / sha256
    data = original.read_bytes()
    original.unlink()
    (told,) = examine(kho).findings
    assert (told.code, told.derived, told.examples) == ("mat_goc", False, [sha256[:12]])
    (tmp_path / "van-ban.txt").write_bytes(data)
    settings = Settings(library=kho, jobs=1)
    with Library.open(kho) as library, pool_of(settings) as pool:
        assert [r.outcome for r in ingest(library, [tmp_path / "van-ban.txt"], settings, pool)] == ["removed"]
    assert examine(kho).findings == []


def test_no_backup_is_made_that_could_not_be_restored(kho: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(kho / "library.db")) as raw:
        raw.execute("UPDATE mentions SET source_id = 9999 WHERE id = (SELECT max(id) FROM mentions)")
        raw.commit()
    with pytest.raises(LibraryDamaged, match="không sao lưu được"):
        backup(kho, tmp_path / "sao.zip")
    assert not (tmp_path / "sao.zip").exists()


def test_originals_of_an_older_database_are_set_aside_not_deleted(kho: Path, tmp_path: Path) -> None:
    """The database was put back to a state before the last papers: their originals may be the only copies."""
    shutil.copy(kho / "library.db", tmp_path / "before.db")
    with Library.open(kho) as library:
        (newer,) = stored([record("77/KH-UBND", "2024-05-05", "UBND tỉnh Thanh Hóa", title="mới")], tmp_path / "them")
        library.intake.add(*newer)
    for name in ("library.db", "library.db-wal", "library.db-shm"):
        (kho / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "before.db", kho / "library.db")
    original = kho / "originals" / newer[0].sha256[:2] / newer[0].sha256
    os.utime(original, (1, 1))
    assert [f.code for f in examine(kho).findings] == ["mo_coi"]
    (mended,) = examine(kho, repair=True).findings
    aside = kho / STRAYS / newer[0].sha256
    assert f"ocop ingest {aside.parent}" in mended.message
    assert aside.read_bytes() == newer[1].read_bytes()
    assert examine(kho).findings == []
    settings = Settings(library=kho, jobs=1)
    with Library.open(kho) as library, pool_of(settings) as pool:
        assert [r.outcome for r in ingest(library, walk([aside.parent], kho).files, settings, pool)] == ["new"]
    assert [f.repaired for f in examine(kho, repair=True).findings] == [True]
    assert not aside.exists()
    assert original.exists()
    with Library.open(kho) as library:
        aside.write_bytes(b"x")
        library.intake.refuse(newer[0].sha256, "độ mật")
        assert not aside.exists()


def test_nothing_of_a_refused_paper_is_in_a_backup(kho: Path, tmp_path: Path) -> None:
    ((paper, file),) = stored([record("9/QĐ-MATMAT", "2024-01-01", TINH, title="điều kín đáo")], tmp_path / "tep")
    (kho / "pictures").mkdir()
    (kho / "pictures" / "x.png").write_bytes(b"trang MATMAT")
    with Library.open(kho) as library, closing(Search(kho, library.view())) as search:
        library.intake.add(paper, file)
        search.catch_up()
        assert search.search(SearchRequest("kín đáo")).total == 1
        paper.secrecy = "MẬT"
        with pytest.raises(Refused):
            library.intake.add(paper, file, reader_version="2")
        search.catch_up()  # made anew: an engine keeps deleted words for a while
        assert search.search(SearchRequest("kín đáo")).total == 0
        assert search.examine() == []
    backup(kho, tmp_path / "sao.zip")
    restore(tmp_path / "sao.zip", tmp_path / "moi")
    for place in (kho, tmp_path / "moi"):
        inside = b"".join(f.read_bytes() for f in place.rglob("*") if f.is_file())
        for word in ("điều kín đáo", "kín_đáo", "MATMAT"):
            assert word.encode() not in inside
        assert not (place / "originals" / paper.sha256[:2] / paper.sha256).exists()


def test_a_backup_taken_while_papers_come_in_is_one_moment(tmp_path: Path) -> None:
    """Restored elsewhere it is sound, and its search says what a library of just those papers says."""
    papers = stored(
        [
            record(f"{n}/KH-UBND", f"202{n % 5}-01-0{n % 9 + 1}", TINH, [cite(f"{n + 1}/KH-UBND", None, TINH)], title=f"Tập huấn đợt {n}")
            for n in range(30)
        ],
        tmp_path / "tep",
    )  # fmt: skip
    kho = tmp_path / "kho"
    Library.open(kho, create=True).close()
    begun = threading.Event()

    def ingest() -> None:
        with Library.open(kho) as library, closing(Search(kho, library.view())) as search:
            for at, (paper, file) in enumerate(papers):
                library.intake.add(paper, file)
                if at == 5:
                    begun.set()
                if at % 10 == 0:
                    search.catch_up()

    thread = threading.Thread(target=ingest)
    thread.start()
    begun.wait(60)
    made = [backup(kho, tmp_path / f"{n}.zip") for n in range(2)]
    thread.join()
    assert 0 < made[0].documents <= made[1].documents
    for number, one in enumerate(made):
        moved = tmp_path / f"moved{number}"
        restore(tmp_path / f"{number}.zip", moved)
        plain = tmp_path / f"plain{number}"
        with Library.open(moved) as library, Library.open(plain, create=True) as again:
            assert library.view().sequence() == one.sequence
            hashes = {d.sha256 for s in library.view().documents() if (d := library.view().document(s.id))}
            for paper, file in papers:
                if paper.sha256 in hashes:
                    again.intake.add(paper, file)
            with closing(Search(moved, library.view())) as search, closing(Search(plain, again.view())) as other:
                search.catch_up()
                other.catch_up()
                assert search.examine() == []
                for query in ("tập huấn", "KH-UBND", "12/KH-UBND", '"đợt 7"'):
                    assert answers(search, query) == answers(other, query)
            assert list(library.view().dump()) == list(again.view().dump())
        assert examine(moved, deep=True).findings == []


def answers(search: Search, query: str) -> list[tuple[object, ...]]:
    found = search.search(SearchRequest(query, page_size=100))
    told = [(h.document.so_ky_hieu, h.document.title, h.document.held, h.tier, round(h.score, 6)) for h in found.hits]
    return sorted(told, key=repr)


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes], dict[str, Any]], object]) -> Path:
    """The backup with its files and its manifest changed."""
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(files, manifest)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(MANIFEST, json.dumps(manifest))
    return target


def put(files: dict[str, bytes], manifest: dict[str, Any], name: str, data: bytes) -> None:
    files[name] = data
    manifest["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]


NAMES = (
    "../ngoai.txt", "/tmp/ngoai.txt", "originals/../../ngoai.txt", "originals/aa/" + "b" * 64, "index/current.json",
    "index/whoosh-1/engine/_MAIN_1.toc", "users.db", "originals\\..\\x", "ocr/aa/x", "library.db/..", "library.db-wal",
    "originals/AA/" + "A" * 64, "library.db\n",
)  # fmt: skip


def test_names_that_are_none_of_ours_are_refused(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "sao.zip")
    for name in NAMES:

        def change(files: dict[str, bytes], manifest: dict[str, Any], name: str = name) -> None:
            put(files, manifest, name, b"x")

        bad = rewritten(tmp_path / "sao.zip", tmp_path / "xau.zip", change)
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(LibraryDamaged, match=r"tên lạ|mã băm"):
            restore(bad, tmp_path / "moi")
        assert sorted(tmp_path.rglob("*")) == before


def test_a_file_the_manifest_does_not_name_is_not_written(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "sao.zip")

    def more(files: dict[str, bytes], _: dict[str, Any]) -> None:
        files["index/whoosh-1/engine/_MAIN_1.toc"] = pickle.dumps("nổ")

    restore(rewritten(tmp_path / "sao.zip", tmp_path / "hon.zip", more), tmp_path / "moi")
    assert not (tmp_path / "moi" / "index").exists()


def _trigger(files: dict[str, bytes], manifest: dict[str, Any], folder: Path) -> None:
    (folder / "x.db").write_bytes(files["library.db"])
    with closing(sqlite3.connect(folder / "x.db")) as raw:
        raw.execute("CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM audit; END")
        raw.commit()
    put(files, manifest, "library.db", (folder / "x.db").read_bytes())


def test_a_database_that_is_not_as_we_made_it_is_refused(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "sao.zip")
    changes: dict[str, Callable[[dict[str, bytes], dict[str, Any]], object]] = {
        "trigger": lambda f, m: _trigger(f, m, tmp_path),
        "text": lambda f, m: put(f, m, "library.db", b"not a database" * 1000),
        "half": lambda f, m: put(f, m, "library.db", f["library.db"][:50_000]),
        "other hash": lambda f, m: f.update({"library.db": f["library.db"][:-1] + b"x"}),
        "longer": lambda f, m: f.update({"library.db": f["library.db"] + b"x"}),
        "another moment": lambda f, m: m.update({"sequence": m["sequence"] - 1}),
        "no database": lambda f, m: (f.pop("library.db"), m["files"].pop("library.db")),
        "missing file": lambda f, m: f.pop(next(n for n in f if n.startswith("originals"))),
        "manifest": lambda f, m: m.update({"files": [1]}),
        "newer": lambda f, m: m.update({"format": 99}),
        "other program": lambda f, m: m.update({"what": "?"}),
    }
    for name, change in changes.items():
        bad = rewritten(tmp_path / "sao.zip", tmp_path / "xau.zip", change)
        with pytest.raises((LibraryDamaged, UsageError)):
            restore(bad, tmp_path / "moi")
        assert not (tmp_path / "moi").exists(), name
        assert not list(tmp_path.glob(".*")), name


@pytest.mark.parametrize("table", ["records", "refused", "removed", "failures", "files"])
def test_a_hash_that_leads_elsewhere_is_refused(kho: Path, tmp_path: Path, table: str) -> None:
    outside = tmp_path / "ngoai"
    outside.mkdir()
    (outside / "quy.txt").write_text("của người khác")
    said = {
        "records": "UPDATE records SET sha256 = ? WHERE node_id = (SELECT min(node_id) FROM records)",
        "refused": "INSERT INTO refused (sha256, reason) VALUES (?, 'độ mật')",
        "removed": "UPDATE removed SET sha256 = ?",
        "failures": "INSERT INTO failures (sha256, path, error, verdict, reader_version) VALUES (?, 'a', 'b', 'hong', '1')",
        "files": "INSERT INTO files (sha256, path) VALUES (?, 'nơi nào.pdf')",
    }  # fmt: skip
    leads = [str(outside / "quy.txt"), str(outside), "a" * 64 + "\0/../../ngoai"]
    for number, lead in enumerate(leads):

        def change(files: dict[str, bytes], manifest: dict[str, Any], lead: str = lead) -> None:
            (tmp_path / "x.db").write_bytes(files["library.db"])
            with closing(sqlite3.connect(tmp_path / "x.db")) as raw:
                raw.execute(said[table], (lead,))
                raw.commit()
            put(files, manifest, "library.db", (tmp_path / "x.db").read_bytes())

        backup(kho, tmp_path / "sao.zip", overwrite=True)
        bad = rewritten(tmp_path / "sao.zip", tmp_path / "xau.zip", change)
        with pytest.raises(LibraryDamaged, match="mã băm lạ"):
            restore(bad, tmp_path / f"moi{number}")
        assert (outside / "quy.txt").read_text() == "của người khác"


def test_doctor_follows_no_hash_out_of_the_folder(kho: Path, tmp_path: Path) -> None:
    outside = tmp_path / "ngoai"
    outside.mkdir()
    (outside / "quy.txt").write_text("của người khác")
    with closing(sqlite3.connect(kho / "library.db")) as raw:
        raw.execute("INSERT INTO refused (sha256, reason) VALUES (?, 'độ mật')", (str(outside),))
        raw.commit()
    for repair in (False, True):
        found = examine(kho, deep=True, repair=repair)
        assert [(f.code, f.derived) for f in found.findings] == [("co_so_du_lieu", False)]
        assert found.findings[0].examples == [str(outside)]
    assert (outside / "quy.txt").exists()


def test_a_backup_cut_or_flipped_anywhere_is_refused_or_whole(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "sao.zip")
    data, wanted = (tmp_path / "sao.zip").read_bytes(), dump(kho)
    chance = random.Random(6)
    cases = [data[: len(data) * n // 20] for n in range(20)]
    for _ in range(40):
        at = chance.randrange(len(data))
        cases.append(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :])
    for number, case in enumerate(cases):
        (tmp_path / "xau.zip").write_bytes(case)
        target = tmp_path / f"moi{number}"
        try:
            restore(tmp_path / "xau.zip", target)
        except OcopError:
            assert not target.exists()
            continue
        assert number >= 20
        assert dump(target) == wanted
    with pytest.raises(NotFound):
        restore(tmp_path / "không có.zip", tmp_path / "x")


def test_what_a_killed_backup_left_is_cleared_away_and_nothing_else(kho: Path, tmp_path: Path) -> None:
    backup(kho, tmp_path / "hôm qua.zip")
    half = (tmp_path / "hôm qua.zip").read_bytes()[:5000]
    (tmp_path / ".new-hôm kia.zip.abc").write_bytes(half)
    (tmp_path / ".new-của người khác").write_bytes(b"PK\x03\x04" + b"x" * 100)
    backup(kho, tmp_path / "hôm nay.zip")
    assert [p.name for p in tmp_path.glob(".*")] == [".new-của người khác"]


def test_two_backups_of_one_name_do_not_meet(kho: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / ".sao.zip.lock"), pytest.raises(LibraryBusy):
        backup(kho, tmp_path / "sao.zip")


def everything(folder: Path) -> dict[str, bytes]:
    """All files by name, but SQLite's own beside the database."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not p.name.endswith(("-shm", "-wal", ".lock"))
    }


def test_doctor_that_only_looks_changes_nothing(kho: Path) -> None:
    with closing(sqlite3.connect(kho / "library.db")) as raw:
        sha256 = raw.execute("SELECT max(sha256) FROM records").fetchone()[0]
        raw.execute("INSERT INTO refused (sha256, reason) VALUES (?, 'độ mật')", ("ab" * 32,))
        raw.commit()
    left = kho / "originals" / "ab" / ("ab" * 32)
    left.parent.mkdir(exist_ok=True)
    left.write_text("sót")
    os.utime(left, (1, 1))
    (kho / "originals" / "ab" / ".new-x.abc").write_text("nửa chừng")
    before = everything(kho)
    found = examine(kho, deep=True)
    assert {f.code for f in found.findings} == {"mo_coi", "tep_tam"}
    assert everything(kho) == before
    assert examine(kho, deep=True, repair=True).clean
    assert not left.exists()
    assert not (left.parent / ".new-x.abc").exists()
    assert (kho / "originals" / sha256[:2] / sha256).exists()


def test_doctor_that_only_looks_upgrades_nothing(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "v1", tmp_path / "l")
    before = everything(tmp_path / "l")
    found = examine(tmp_path / "l")
    assert [(f.code, f.derived, f.next_step) for f in found.findings] == [
        ("co_so_du_lieu", True, "Hãy chạy: ocop doctor --repair")
    ]
    assert found.exit_code == 22
    assert everything(tmp_path / "l") == before
    for repair in (True, False):  # its originals are not there
        assert {f.code for f in examine(tmp_path / "l", repair=repair).findings if not f.repaired} == {"mat_goc"}


def test_a_damaged_original_is_replaced_as_the_advice_says(kho: Path, tmp_path: Path) -> None:
    with Library.open(kho) as library:
        held = library.view().document(library.view().documents()[0].id)
        assert held.record is not None
        assert held.sha256 is not None
        good = tmp_path / "lấy lại.txt"
        original = library.originals.path(held.sha256)
        shutil.copy(original, good)
        Path(held.paths[0]).unlink()
        original.write_bytes(b"hong")
        (found,) = examine(kho, deep=True).findings
        assert "--repair" in found.next_step
        assert "ocop ingest" in found.next_step
        examine(kho, deep=True, repair=True)
        library.intake.add(held.record, good)
        assert original.read_bytes() == good.read_bytes()
    assert examine(kho, deep=True).findings == []


def test_what_was_set_aside_mends_a_damaged_original_and_is_not_thrown_away_before(kho: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "tep")  # the papers came from here
    original = next(p for p in (kho / "originals").rglob("*") if p.is_file())
    whole = original.read_bytes()
    (kho / STRAYS).mkdir()
    (kho / STRAYS / original.name).write_bytes(whole)
    original.write_bytes(b"rot")
    examine(kho, repair=True)
    assert (kho / STRAYS / original.name).exists()
    examine(kho, deep=True, repair=True)
    assert original.read_bytes() == whole
    assert examine(kho, deep=True, repair=True).clean
    assert examine(kho, deep=True).findings == []


def test_a_scratch_folder_at_work_is_not_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".tam-1-cua-ban-truoc").mkdir()  # of a process number that runs here, by chance
    with durable.scratch(tmp_path) as place:
        assert [p.name for p in durable.abandoned_scratch(tmp_path)] == [".tam-1-cua-ban-truoc"]
        assert place.is_dir()
    assert not place.exists()
