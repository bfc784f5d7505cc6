"""Files that come in: once each, whole or not at all, under the hash of their content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import LibraryDamaged, ReadFailure, Refused, TakenOut
from corpus.library import Library
from corpus.model import Failure, Incomplete, Record
from corpus.vocabulary import Verdict
from tests.support.libraries import TINH, connected_records, record


def test_adding_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        first = [library.intake.add(each) for each in connected_records()]
        assert {added.status for added in first} == {"new"}
        sequence, dump = library.view().sequence(), list(library.view().dump())
        again = [library.intake.add(each) for each in connected_records()]
        assert {added.status for added in again} == {"unchanged"}
        assert [added.id for added in again] == [added.id for added in first]
        assert (library.view().sequence(), list(library.view().dump())) == (sequence, dump)


def test_a_newer_reader_replaces_the_record_and_keeps_the_id(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        first = library.intake.add(connected_records()[2])
        newer = connected_records()[2]
        newer.citations.pop()
        added = library.intake.add(newer, reader_version="2")
        assert (added.status, added.id) == ("updated", first.id)
        assert len(library.view().mentions(added.id)) == 1
        assert library.intake.seen(newer.sha256, "2") == "held"
        assert library.intake.seen(newer.sha256, "3") is None


def test_the_same_content_at_another_place_is_listed_as_a_duplicate(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        each = connected_records()[0]
        added = library.intake.add(each)
        each.path = "nơi khác/bản sao.pdf"
        assert library.intake.add(each).status == "duplicate"
        assert library.intake.add(each).status == "unchanged"
        assert library.intake.seen(each.sha256, "1", "thứ ba.pdf") == "held"
        assert len(library.view().document(added.id).paths) == 3
        assert library.view().status().duplicates == 2
        assert library.view().status().held == 1


def test_a_document_that_was_only_cited_keeps_its_id_when_it_comes_in(tmp_path: Path) -> None:
    records = connected_records()
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(records[2])
        stub = library.view().find("490/QĐ-TTg")[0]
        assert not stub.held
        assert stub.date == "2018-07-05"
        sequence = library.view().sequence()
        added = library.intake.add(records[0])
        assert added.id == stub.id
        changed = {change.id for change in library.view().changes(sequence)}
        assert {stub.id, library.view().find("134/KH-UBND")[0].id} <= changed
        document = library.view().document(stub.id)
        assert document.record is not None
        assert document.summary.date == "2018-05-07"
        edge = library.view().cited_by(stub.id)[0]
        assert edge.mentions[0].conflicts == ["date: 2018-07-05 / 2018-05-07"]
        assert edge.confidence == 0.85


def test_a_failure_is_listed_until_the_file_is_read(tmp_path: Path) -> None:
    each = connected_records()[0]
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.fail("hỏng.pdf", each.sha256, Failure("hỏng.pdf", "Tệp hỏng.", Verdict.DAMAGED))
        assert library.intake.seen(each.sha256, "1") == "failed"
        assert library.intake.seen(each.sha256, "2") is None
        assert [failure.verdict for failure in library.intake.failures()] == [Verdict.DAMAGED]
        library.intake.add(each)
        assert library.intake.failures() == []


def test_contents_of_which_nothing_is_known_are_told_together(tmp_path: Path) -> None:
    held, failed, refused, removed = (
        each.sha256 for each in [*connected_records()[:3], record("9/KH-UBND", "2024", TINH)]
    )
    new = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(1200)]
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.add(connected_records()[0])
        library.intake.fail("hỏng.pdf", failed, Failure("hỏng.pdf", "Tệp hỏng.", Verdict.DAMAGED))
        library.intake.refuse(refused, "độ mật: Mật")
        library.edits.remove(library.intake.add(record("9/KH-UBND", "2024", TINH)).id, "nhầm")
        assert library.intake.unknown([held, *new, failed, refused, removed]) == set(new)
        assert library.intake.unknown([]) == set()


def test_a_removed_file_is_not_taken_in_again(tmp_path: Path) -> None:
    each = connected_records()[0]
    with Library.open(tmp_path / "l", create=True) as library:
        library.edits.remove(library.intake.add(each).id, "nhầm")
        assert library.intake.seen(each.sha256, "1") == "removed"
        for again in (False, True):
            with pytest.raises(TakenOut, match="undo"):
                library.intake.add(each, reader_version="2", again=again)
        assert library.view().documents() == []


def test_a_file_that_was_refused_while_it_was_read_is_not_stored(tmp_path: Path) -> None:
    file = tmp_path / "mat.txt"
    file.write_text("bí mật")
    secret = record("7/QĐ-UBND", "2024-01-01", TINH)
    secret.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.refuse(secret.sha256, "độ mật: MẬT")
        with pytest.raises(Refused):
            library.intake.add(secret, file)
        assert not library.originals.local(secret.sha256).exists()
        assert [json.loads(line)["what"] for line in library.view().dump()] == ["refused"]


# ---------------------------------------------------------------- originals


def test_the_original_is_kept_under_the_hash_of_its_content(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"noi dung")
    each = record("1/KH-UBND", "2020-01-01", TINH)
    each.sha256 = hashlib.sha256(b"noi dung").hexdigest()
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.add(each, file)
        assert library.originals.local(each.sha256).read_bytes() == b"noi dung"
        assert [p.name for p in (tmp_path / "l" / "originals").rglob("*") if p.is_file()] == [each.sha256]


def test_a_file_that_changed_while_it_was_read_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"khac roi")
    with Library.open(tmp_path / "l", create=True) as library:
        with pytest.raises(ReadFailure, match="đã đổi"):
            library.intake.add(record("1/KH-UBND", "2020-01-01", TINH), file)
        assert library.view().documents() == []
        assert [p for p in (tmp_path / "l" / "originals").rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("sha256", ["{outside}", "../../{outside}", "A" * 64, "a" * 63, "a" * 64 + "\n", ""])
def test_a_string_that_is_no_hash_leads_to_no_file(tmp_path: Path, sha256: str) -> None:
    outside = tmp_path / "ngoai.txt"
    outside.write_text("của người khác")
    with Library.open(tmp_path / "l", create=True) as library:
        each = record("1/KH-UBND", "2020-01-01", TINH, secrecy="MẬT")
        each.sha256 = sha256.format(outside=outside)
        for attempt in (
            lambda: library.originals.local(each.sha256),
            lambda: library.intake.add(each),
            lambda: library.intake.refuse(each.sha256, "độ mật"),
        ):
            with pytest.raises(LibraryDamaged, match="Mã băm"):
                attempt()
        assert library.intake.failures() == []
    assert outside.read_text() == "của người khác"
    Library.open(tmp_path / "l").close()


# ---------------------------------------------------------------- incomplete readings


def broken_off(whole: Record, pages_read: int) -> Record:
    """A reading of a document of four pages that ended after *pages_read*."""
    text = "\f".join(f"trang {page}" if page <= pages_read else "" for page in range(1, 5))
    return replace(whole, text=text, pages=4, citations=[], incomplete=Incomplete(pages_read, Verdict.TIMED_OUT))


def text_of(library: Library, id: int) -> str:
    kept = library.view().document(id).record
    assert kept is not None
    return kept.text


def test_of_two_incomplete_readings_the_one_with_more_pages_stays(tmp_path: Path) -> None:
    each = record("7/QĐ-UBND", "2024-01-01", TINH)
    with Library.open(tmp_path / "l", create=True) as library:
        id = library.intake.add(broken_off(each, 1), reader_version="1").id
        for pages_read, version, status in ((3, "1", "updated"), (2, "1", "unchanged"), (2, "2", "unchanged")):
            assert library.intake.add(broken_off(each, pages_read), reader_version=version).status == status
        assert "trang 3" in text_of(library, id)
        assert library.intake.seen(each.sha256, "1") is None


def test_a_complete_reading_is_not_replaced_by_an_incomplete_one(tmp_path: Path) -> None:
    each = record("7/QĐ-UBND", "2024-01-01", TINH)
    whole = replace(broken_off(each, 4), incomplete=None)
    with Library.open(tmp_path / "l", create=True) as library:
        id = library.intake.add(broken_off(each, 1)).id
        assert library.intake.add(whole).status == "updated"
        for again in (False, True):
            assert library.intake.add(broken_off(each, 3), reader_version="2", again=again).status == "unchanged"
        assert text_of(library, id) == whole.text
        assert library.intake.seen(each.sha256, "1") == "held"
