"""Several readings stored in one transaction: the library is the one that they make one by one."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus.errors import ReadFailure, Refused
from corpus.library import Library
from corpus.library.intake import Reading
from corpus.library.known_files import Unread
from corpus.library.originals.in_folder import FolderOriginals
from corpus.library.schema import files
from corpus.library.values import Added
from corpus.model import Failure
from corpus.vocabulary import Verdict
from tests.support.libraries import TINH, TTG, cite, connected_records, dump_of, record, with_originals


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


@pytest.mark.parametrize("faulty", [False, True])
def test_files_that_could_not_be_read_are_noted_with_the_others(tmp_path: Path, faulty: bool) -> None:
    good = [record(f"{n}/KH-UBND", "2024-01-01", TINH) for n in (1, 2)]
    bad = replace(record("3/KH-UBND", "2024-01-01", TINH), date=object())  # type: ignore[arg-type]
    damaged = [Unread(f"{n}.pdf", f"{n}" * 64, Failure(f"{n}.pdf", "Tệp hỏng.", Verdict.DAMAGED)) for n in (1, 2, 3)]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.refuse(damaged[2].sha256, "độ mật")
        library.intake.fail("cũ.pdf", damaged[0].sha256, Failure("cũ.pdf", "Quá lâu.", Verdict.TIMED_OUT))
        readings = [Reading(one) for one in ([*good, bad] if faulty else good)]
        outcomes = library.intake.add_all(readings, damaged)
        assert [isinstance(one, Added) for one in outcomes[:2]] == [True, True]
        listed = [(one.path, one.verdict) for one in library.intake.failures()]
        assert listed == [("1.pdf", Verdict.DAMAGED), ("2.pdf", Verdict.DAMAGED), ("", Verdict.REFUSED)]
        assert library.intake.add_all([], damaged[:1]) == []
        assert len(library.intake.failures()) == 3


def test_a_content_twice_in_a_batch_is_stored_once(tmp_path: Path) -> None:
    one = record("1/KH-UBND", "2024-01-01", TINH, path="a.txt")
    other = record("2/KH-UBND", "2024-01-01", TINH, path="c.txt")
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        batch = [Reading(one), Reading(replace(one, path="b.txt")), Reading(other), Reading(one)]
        outcomes = [found for found in library.intake.add_all(batch) if isinstance(found, Added)]
        assert [found.status for found in outcomes] == ["new", "duplicate", "new", "unchanged"]
        assert len({found.id for found in outcomes}) == 2
        assert library.view().document(outcomes[0].id).paths == ["a.txt", "b.txt"]


def test_a_file_that_changed_within_a_batch_has_its_last_content(tmp_path: Path) -> None:
    outer = record("1/KH-UBND", "2024-01-01", TINH, path="a.eml")
    inner = replace(record("2/KH-UBND", "2024-01-01", TINH, path="a.eml"), inside="b.txt")
    later = record("3/KH-UBND", "2024-01-01", TINH, path="a.eml")
    places: list[list[str]] = []
    for way, together in (("one", False), ("all", True)):
        with Library.open(tmp_path / way, create=True, facts=False) as library:
            batch = [Reading(outer), Reading(inner), Reading(later)]
            if together:
                library.intake.add_all(batch)
            else:
                for reading in batch:
                    library.intake.add(reading.record)
            with library.database.read() as connection:
                places.append(sorted(connection.execute(select(files.c.path + " " + files.c.sha256)).scalars()))
    assert places[0] == places[1] == [f"a.eml {later.sha256}"]


def test_what_people_said_of_files_holds_for_all_of_a_batch(tmp_path: Path) -> None:
    law = record("5/QĐ-TTg", "2020-01-01", TTG)
    plans = [record(f"{n}/KH-UBND", "2024-01-01", TINH, [cite("5/QĐ-TTg")], title="Cũ") for n in (1, 2, 3)]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        added = [library.intake.add(one).id for one in (law, *plans)]
        for id in added[1:3]:
            library.edits.correct(id, "title", f"Mới {id}", who="lan")
        library.intake.add_all([Reading(one) for one in plans], reader_version="2")
        view = library.view()
        assert [view.summary(id).title for id in added[1:]] == [f"Mới {added[1]}", f"Mới {added[2]}", "Cũ"]


def test_originals_are_kept_together_and_again_where_one_was_deleted(tmp_path: Path) -> None:
    sources = [tmp_path / f"{n}.txt" for n in range(20)]
    for source in sources:
        source.write_text(source.name)
    hashes = [sha256(source.read_bytes()).hexdigest() for source in sources]
    originals = FolderOriginals(tmp_path / "l")
    kept = originals.keep_all([*zip(hashes, sources, strict=True), ("0" * 64, sources[0])])
    assert isinstance(kept.pop(), ReadFailure)
    assert [originals.local(one).read_text() for one in hashes] == [source.name for source in sources]
    assert not isinstance(kept[0], Exception)
    inode = originals.local(hashes[0]).stat().st_ino
    originals.keep_again(hashes[0], sources[0], kept[0])
    assert originals.local(hashes[0]).stat().st_ino == inode
    originals.remove([hashes[0]])
    originals.keep_again(hashes[0], sources[0], kept[0])
    assert originals.local(hashes[0]).read_text() == sources[0].name


def test_an_original_that_changes_leaves_no_trace_of_its_document(tmp_path: Path) -> None:
    good, bad = record("1/KH-UBND", "2024-01-01", TINH), record("2/KH-UBND", "2024-01-01", TINH)
    file = tmp_path / "other.txt"
    file.write_text("khác")
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        outcomes = library.intake.add_all([Reading(bad, file), Reading(good)])
        assert [type(one) for one in outcomes] == [ReadFailure, Added]
        with library.database.read() as connection:
            assert connection.execute(select(func.count()).select_from(files)).scalar_one() == 1


def test_of_a_batch_no_original_stays_that_must_not_be_kept(tmp_path: Path) -> None:
    stored = with_originals([record(f"{n}/KH-UBND", "2024-01-01", TINH) for n in range(1, 5)], tmp_path / "tep")
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.refuse(stored[1][0].sha256, "độ mật: MẬT")
        outcomes = library.intake.add_all([Reading(one, file) for one, file in stored])
        assert [type(one) for one in outcomes] == [Added, Refused, Added, Added]
        held = {entry.sha256 for entry in library.originals.entries()}
        assert held == {one.sha256 for number, (one, _) in enumerate(stored) if number != 1}
