"""Originals behave alike wherever they are kept."""

from __future__ import annotations

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from corpus.errors import LibraryDamaged, OriginalsUnreachable, ReadFailure, Refused
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.doctor import examine
from corpus.library.moving_originals import copy_originals
from corpus.library.originals import STRAYS, originals_of
from corpus.library.originals.fetched import FetchedFiles
from corpus.library.originals.in_folder import MARKER
from corpus.library.restore import restore
from corpus.library.store import HERE, Store
from tests.support.libraries import TINH, connected_records, record, with_originals


def filled(folder: Path, store: Store, files: Path) -> list[str]:
    """A library of five documents that cite each other; the hashes of their files."""
    stored = with_originals(connected_records(), files)
    with Library.open(folder, create=True, store=store) as library:
        for one, file in stored:
            library.intake.add(one, file)
    return [one.sha256 for one, _ in stored]


def codes(folder: Path, store: Store, *, deep: bool = False, repair: bool = False) -> set[str]:
    """What the doctor finds, by code."""
    return {one.code for one in examine(folder, store=store, deep=deep, repair=repair).findings}


def test_what_is_kept_comes_back_and_its_end_is_complete(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "a.txt"
    file.write_text("một")
    name = sha256(file.read_bytes()).hexdigest()
    originals = originals_of(tmp_path / "kho", store)
    originals.prepare(new=True)
    assert originals.is_empty()
    assert not originals.holds(name)
    assert not originals.local(name).exists()
    kept = originals.keep(name, file)
    assert originals.holds(name)
    assert originals.is_whole(name)
    assert originals.is_still(name, kept)
    assert originals.keep(name, file) == kept
    assert originals.local(name).read_text() == "một"
    assert [entry.sha256 for entry in originals.entries()] == [name]
    originals.remove([name, "0" * 64])
    assert originals.is_empty()
    assert not originals.is_still(name, kept)
    assert not originals.local(name).exists()
    originals.keep_again(name, file, kept)
    assert originals.holds(name)


def test_a_file_that_changed_since_its_hash_was_taken_is_not_kept(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "a.txt"
    file.write_text("hai")
    originals = originals_of(tmp_path / "kho", store)
    originals.prepare(new=True)
    with pytest.raises(ReadFailure):
        originals.keep("0" * 64, file)
    assert originals.is_empty()
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in {"a.txt", MARKER}] == []


def test_a_name_that_is_no_hash_leads_nowhere(tmp_path: Path, store: Store) -> None:
    originals = originals_of(tmp_path / "kho", store)
    originals.prepare(new=True)
    for attempt in (originals.local, originals.holds, originals.is_whole, lambda name: originals.remove([name])):
        with pytest.raises(LibraryDamaged, match="Mã băm"):
            attempt("../../ngoai")


def test_a_library_keeps_and_loses_its_originals_there(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "kho"
    hashes = filled(folder, store, tmp_path / "tep")
    ((secret, file),) = with_originals([record("9/KH-UBND", "2024-01-01", TINH)], tmp_path / "mat")
    with Library.open(folder, store=store) as library:
        library.intake.add(secret, file)
        assert library.view().original(secret.sha256).read_bytes() == file.read_bytes()
        library.intake.refuse(secret.sha256, "độ mật")
        assert not library.originals.holds(secret.sha256)
        secret.secrecy = "MẬT"
        with pytest.raises(Refused):
            library.intake.add(secret, file)
        assert not library.view().original(secret.sha256).exists()
        assert all(library.view().original(one).is_file() for one in hashes)
    left = [path for path in tmp_path.rglob(secret.sha256) if path.is_file()]
    assert left == []
    assert codes(folder, store, deep=True) == set()


def test_the_doctor_finds_and_mends_what_is_wrong_there(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "kho"
    hashes = filled(folder, store, tmp_path / "tep")
    root = folder / "originals" if store.originals is None else tmp_path / "noi-chung"
    damaged, missing = (root / name[:2] / name for name in hashes[:2])
    damaged.write_bytes(b"khac")
    missing.unlink()
    stray = root / "00" / ("0" * 64)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"la")
    long_ago = time.time() - 3600
    os.utime(stray, (long_ago, long_ago))
    (root / "la").mkdir()
    (root / "la" / "tep-la.txt").write_text("x")
    found = examine(folder, store=store, deep=True)
    assert {one.code for one in found.findings} == {"mat_goc", "hong_goc", "mo_coi", "tep_la"}
    assert found.counts["originals"] == len(hashes) - 1
    (root / "la" / "tep-la.txt").unlink()
    examine(folder, store=store, deep=True, repair=True)
    assert codes(folder, store, deep=True) == set()
    assert (folder / STRAYS / ("0" * 64)).read_bytes() == b"la"
    with Library.open(folder, store=store) as library:
        for one, file in with_originals(connected_records(), tmp_path / "tep"):
            library.originals.keep_if_missing(one.sha256, file)
    assert codes(folder, store, deep=True) == set()


def test_a_backup_holds_them_and_is_restored_into_the_folder(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "kho"
    hashes = filled(folder, store, tmp_path / "tep")
    made = backup(folder, tmp_path / "kho.zip", store=store)
    assert not made.missing
    assert sum(name.startswith("originals/") for name in made.files) == len(hashes)
    restore(tmp_path / "kho.zip", tmp_path / "lai")
    assert codes(tmp_path / "lai", HERE, deep=True) == set()


def test_a_backup_names_the_damaged_ones(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "kho"
    hashes = filled(folder, store, tmp_path / "tep")
    root = folder / "originals" if store.originals is None else tmp_path / "noi-chung"
    (root / hashes[0][:2] / hashes[0]).write_bytes(b"khac")
    for copy in folder.glob(f"*/{hashes[0]}"):
        copy.unlink()
    assert backup(folder, tmp_path / "kho.zip", store=store).missing == [hashes[0]]


def test_originals_move_there_and_back(tmp_path: Path, store: Store) -> None:
    if store.originals is None:
        pytest.skip("nowhere to move to")
    folder = tmp_path / "kho"
    hashes = filled(folder, HERE, tmp_path / "tep")
    lost = folder / "originals" / hashes[0][:2] / hashes[0]
    lost.rename(tmp_path / "giu")
    steps: list[tuple[int, int]] = []
    made = copy_originals(folder, HERE, store.originals, lambda done, of: steps.append((done, of)))
    assert (made.copied, made.missing) == (len(hashes) - 1, (hashes[0],))
    assert steps[-1] == (len(hashes),) * 2
    (tmp_path / "giu").rename(lost)
    assert copy_originals(folder, HERE, store.originals).copied == len(hashes)
    for path in (folder / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    assert codes(folder, store, deep=True) == set()
    assert copy_originals(folder, store, None).copied == len(hashes)
    assert codes(folder, HERE, deep=True) == set()


def test_a_shared_folder_that_is_not_mounted_takes_nothing(tmp_path: Path) -> None:
    place, folder = tmp_path / "noi-chung", tmp_path / "kho"
    store = Store(originals=str(place))
    filled(folder, store, tmp_path / "tep")
    place.rename(tmp_path / "thao")
    place.mkdir()
    ((new, file),) = with_originals([record("9/KH-UBND", "2024-01-01", TINH)], tmp_path / "moi")
    with Library.open(folder, store=store) as library:
        assert sum(1 for _ in library.view(restricted=True).readings()) == len(connected_records())
        for attempt in (lambda: library.intake.add(new, file), lambda: library.view().original(new.sha256)):
            with pytest.raises(OriginalsUnreachable, match="gắn đĩa chung"):
                attempt()
        assert sum(1 for _ in library.view(restricted=True).readings()) == len(connected_records())
    assert list(place.iterdir()) == []
    place.rmdir()
    (tmp_path / "thao").rename(place)
    assert codes(folder, store, deep=True) == set()


@pytest.mark.sqlite
def test_a_lost_database_is_told_by_originals_elsewhere(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "kho"
    filled(folder, store, tmp_path / "tep")
    for file in folder.glob("library.db*"):
        file.unlink()
    with pytest.raises(LibraryDamaged, match="còn tệp gốc"):
        Library.open(folder, create=True, store=store)


def test_copies_are_bounded_and_the_longest_unused_go(tmp_path: Path) -> None:
    fetched = FetchedFiles(tmp_path / "tam", most=1000)
    names = []
    for number in range(10):
        body = bytes([number]) * 200
        names.append(sha256(body).hexdigest())
        assert fetched.write(names[-1], [body])
        used = time.time() - 3600 + number
        os.utime(fetched.path(names[-1]), (used, used))
    assert [name for name in names if fetched.path(name).exists()] == names[-5:]
    assert fetched.find(names[-5]) is not None
    body = b"moi" * 100
    assert fetched.write(sha256(body).hexdigest(), [body])
    assert fetched.path(names[-5]).exists()
    assert not fetched.path(names[-4]).exists()
    assert not fetched.write("1" * 64, [b"khac"])
    assert fetched.find("1" * 64) is None
