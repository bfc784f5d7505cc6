"""Restoring: nothing in the file is trusted, and nothing outside the new folder is written."""

from __future__ import annotations

import hashlib
import json
import pickle
import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import LibraryDamaged, NotFound, OcopError, UsageError
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.backup_file import MANIFEST
from corpus.library.restore import restore

pytestmark = pytest.mark.sqlite

Files = dict[str, bytes]
Manifest = dict[str, Any]
Change = Callable[[Files, Manifest], object]


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    """A backup of :func:`folder`."""
    backup(folder, tmp_path / "sao.zip")
    return tmp_path / "sao.zip"


def changed(source: Path, change: Change) -> Path:
    """A backup like *source* with other files or another manifest."""
    with zipfile.ZipFile(source) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(files, manifest)
    target = source.with_name("xau.zip")
    with zipfile.ZipFile(target, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
        made.writestr(MANIFEST, json.dumps(manifest))
    return target


def put(files: Files, manifest: Manifest, name: str, data: bytes) -> None:
    """Add a file, and its size and hash to the manifest."""
    files[name] = data
    manifest["files"][name] = [len(data), hashlib.sha256(data).hexdigest()]


def with_statement(statement: str, *values: str) -> Change:
    """Runs a statement on the database of a backup."""

    def change(files: Files, manifest: Manifest) -> None:
        with closing(sqlite3.connect(":memory:")) as raw:
            raw.deserialize(files["library.db"])
            raw.execute("PRAGMA journal_mode = MEMORY")
            raw.execute(statement, values)
            raw.commit()
            put(files, manifest, "library.db", raw.serialize())

    return change


def test_a_folder_that_is_not_empty_is_not_written_to(folder: Path, archive: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="không trống"):
        restore(archive, folder)
    (tmp_path / "trong").mkdir()
    restore(archive, tmp_path / "trong")
    with pytest.raises(NotFound):
        restore(tmp_path / "không có.zip", tmp_path / "x")


@pytest.mark.parametrize(
    "name",
    [
        "../ngoai.txt",
        "/tmp/ngoai.txt",
        "originals/../../ngoai.txt",
        "originals/aa/" + "b" * 64,
        "index/current.json",
        "index/whoosh-1/engine/_MAIN_1.toc",
        "users.db",
        "originals\\..\\x",
        "ocr/aa/x",
        "library.db/..",
        "library.db-wal",
        "originals/AA/" + "A" * 64,
        "library.db\n",
    ],
)
def test_a_backup_with_a_file_name_that_no_backup_has_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    bad = changed(archive, lambda files, manifest: put(files, manifest, name, b"x"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(LibraryDamaged, match=r"tên lạ|mã băm"):
        restore(bad, tmp_path / "moi")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_the_manifest_does_not_name_is_not_written(archive: Path, tmp_path: Path) -> None:
    name = "index/whoosh-1/engine/_MAIN_1.toc"
    more = changed(archive, lambda files, _: files.update({name: pickle.dumps("nổ")}))
    restore(more, tmp_path / "moi")
    assert not (tmp_path / "moi" / "index").exists()


CHANGES: dict[str, Change] = {
    "trigger": with_statement("CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM audit; END"),
    "not a database": lambda files, manifest: put(files, manifest, "library.db", b"not a database" * 1000),
    "half a database": lambda files, manifest: put(files, manifest, "library.db", files["library.db"][:50_000]),
    "other content": lambda files, _: files.update({"library.db": files["library.db"][:-1] + b"x"}),
    "more content": lambda files, _: files.update({"library.db": files["library.db"] + b"x"}),
    "another moment": lambda _, manifest: manifest.update({"sequence": manifest["sequence"] - 1}),
    "no database": lambda files, manifest: (files.pop("library.db"), manifest["files"].pop("library.db")),
    "missing file": lambda files, _: files.pop(next(name for name in files if name.startswith("originals"))),
    "malformed manifest": lambda _, manifest: manifest.update({"files": [1]}),
    "newer format": lambda _, manifest: manifest.update({"format": 99}),
    "other program": lambda _, manifest: manifest.update({"what": "?"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_backup_is_refused_and_leaves_nothing(archive: Path, tmp_path: Path, change: Change) -> None:
    with pytest.raises((LibraryDamaged, UsageError)):
        restore(changed(archive, change), tmp_path / "moi")
    assert not (tmp_path / "moi").exists()
    assert not list(tmp_path.glob(".*"))


STATEMENTS = {
    "records": "UPDATE records SET sha256 = ? WHERE node_id = (SELECT min(node_id) FROM records)",
    "refused": "INSERT INTO refused (sha256, reason) VALUES (?, 'độ mật')",
    "removed": "UPDATE removed SET sha256 = ?",
    "failures": "INSERT INTO failures (sha256, path, error, verdict, reader_version) VALUES (?, 'a', 'b', 'hong', '1')",
    "files": "INSERT INTO files (sha256, path) VALUES (?, 'nơi nào.pdf')",
}


@pytest.mark.parametrize("table", STATEMENTS)
def test_a_hash_that_leads_to_another_file_is_refused(archive: Path, tmp_path: Path, table: str) -> None:
    outside = tmp_path / "ngoai"
    outside.mkdir()
    (outside / "quy.txt").write_text("của người khác")
    for number, path in enumerate([str(outside / "quy.txt"), str(outside), "a" * 64 + "\0/../../ngoai"]):
        bad = changed(archive, with_statement(STATEMENTS[table], path))
        with pytest.raises(LibraryDamaged, match="mã băm lạ"):
            restore(bad, tmp_path / f"moi{number}")
        assert (outside / "quy.txt").read_text() == "của người khác"


def test_a_backup_cut_or_flipped_anywhere_is_refused_or_whole(folder: Path, archive: Path, tmp_path: Path) -> None:
    data = archive.read_bytes()
    with Library.open(folder) as library:
        wanted = list(library.view(restricted=True).dump())
    chance = random.Random(6)
    cut = [data[: len(data) * n // 20] for n in range(20)]
    flipped = []
    for _ in range(40):
        at = chance.randrange(len(data))
        flipped.append(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :])
    for number, content in enumerate(cut + flipped):
        (tmp_path / "xau.zip").write_bytes(content)
        target = tmp_path / f"moi{number}"
        try:
            restore(tmp_path / "xau.zip", target)
        except OcopError:
            assert not target.exists()
            continue
        assert number >= len(cut)
        with Library.open(target) as library:
            assert list(library.view(restricted=True).dump()) == wanted
