"""Documents taken out, and removals undone: what others did meanwhile stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import NotFound, Refused, UsageError
from corpus.library import Library
from corpus.library.doctor import examine
from tests.support.libraries import TINH, cite, connected_records, dump_of, record


def titles(library: Library) -> list[str | None]:
    return [summary.title for summary in library.view().documents()]


def faults(folder: Path) -> list[str]:
    """What a deep examination finds, but for originals, which these tests do not store."""
    return [finding.code for finding in examine(folder, deep=True).findings if finding.code != "mat_goc"]


def test_undoing_a_removal_restores_the_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(each).id for each in connected_records()]
        before = list(library.view().dump())
        for id in (ids[0], ids[1], ids[9]):
            entry = library.edits.remove(id, "thử")
            assert list(library.view().dump()) != before
            assert library.view().status().held == len(ids) - 2  # one of them is restricted
            library.edits.undo(entry)
            assert list(library.view().dump()) == before
            assert library.view().document(id).record is not None
        assert [each.action for each in library.edits.audit()] == ["remove", "undo"] * 3


def test_a_removal_needs_a_reason_and_is_undone_once(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        id = library.intake.add(connected_records()[0]).id
        with pytest.raises(UsageError):
            library.edits.remove(id, " ")
        entry = library.edits.remove(id, "thử")
        library.edits.undo(entry)
        with pytest.raises(UsageError):
            library.edits.undo(entry)


def test_a_removed_document_that_nothing_cites_is_gone(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        added = library.intake.add(connected_records()[0])
        library.edits.remove(added.id, "nhầm")
        with pytest.raises(NotFound):
            library.view().document(added.id)
        assert [change.kind for change in library.view().changes(0)] == ["delete"]


def test_the_number_of_a_law_is_forgotten_with_the_document_that_gave_it(tmp_path: Path) -> None:
    with_number, with_name = connected_records()[7], connected_records()[8]
    with Library.open(tmp_path / "a", create=True, facts=False) as library:
        first = library.intake.add(with_number).id
        library.intake.add(with_name)
        library.edits.remove(first, "thử")
        after = list(library.view().dump())
    assert after == dump_of(tmp_path / "b", [with_name])


@pytest.mark.parametrize("cited", [True, False])
def test_undoing_a_removal_keeps_a_better_scan_that_came_in_meanwhile(tmp_path: Path, cited: bool) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        if cited:
            library.intake.add(record("5/KH-UBND", "2024-02-01", TINH, [cite("7/QĐ-UBND", "2024-01-01", TINH)]))
        bad, good = (record("7/QĐ-UBND", "2024-01-01", TINH, title=title) for title in ("quét hỏng", "quét tốt"))
        entry = library.edits.remove(library.intake.add(bad).id, "mờ")
        library.edits.correct(library.intake.add(good).id, "signer", "Trần Văn A", who="lan")
        library.edits.undo(entry)
        held = {each.title: each.id for each in library.view().documents() if each.so_ky_hieu == "7/QĐ-UBND"}
        assert set(held) == {"quét hỏng", "quét tốt"}
        assert library.intake.seen(good.sha256, "1") == "held"
        kept = library.view().document(held["quét tốt"]).record
        assert kept is not None
        assert kept.signer == "Trần Văn A"
    assert faults(tmp_path / "l") == []


@pytest.mark.parametrize("number", ["7/QĐ-UBND", None])
def test_when_the_head_of_merged_scans_is_removed_another_takes_its_place(tmp_path: Path, number: str | None) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        scans = [record(number, "2024-01-01", TINH, title=f"bản {n}", doc_type="Quyết định") for n in range(3)]
        ids = [library.intake.add(scan).id for scan in scans]
        for other in ids[1:]:
            library.edits.merge(ids[0], other, "một văn bản")
        entry = library.edits.remove(ids[0], "mờ")
        assert titles(library) == ["bản 1"]
        assert {library.view().where(id) for id in ids} == {ids[1]}
        assert {change.id for change in library.view().changes() if change.kind == "put"} >= {ids[1]}
        library.edits.undo(entry)
        assert library.intake.seen(scans[0].sha256, "1") == "held"
        assert len({library.view().where(id) for id in ids[1:]}) == 1
    assert faults(tmp_path / "l") == []


@pytest.mark.parametrize("how", ["remove", "refuse", "secret"])
def test_members_of_a_group_keep_their_citations_when_its_head_goes(tmp_path: Path, how: str) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        member = library.intake.add(record("7/QĐ-UBND", "2024-01-01", TINH, title="có số")).id
        without_number = record(None, "2024-01-01", TINH, title="không số", doc_type="Quyết định")
        head = library.intake.add(without_number).id
        citing = library.intake.add(record("5/KH-UBND", "2024-02-01", TINH, [cite("7/QĐ-UBND", "2024-01-01", TINH)])).id
        library.edits.merge(head, member, "một văn bản")
        assert [edge.target for edge in library.view().cites(citing)] == [head]
        if how == "remove":
            entry = library.edits.remove(head, "nhầm")
        elif how == "refuse":
            library.intake.refuse(without_number.sha256, "độ mật")
        else:
            with pytest.raises(Refused):
                library.intake.add(replace(without_number, secrecy="MẬT"), reader_version="2")
        assert [edge.target for edge in library.view().cites(citing)] == [member]
        assert library.intake.seen(without_number.sha256, "1") == ("removed" if how == "remove" else "refused")
        assert (titles(library), library.view().where(member)) == (["có số", None], member)
        if how == "remove":
            library.edits.undo(entry)
            assert (library.view().where(head), library.view().where(member)) == (head, head)  # merged as before
    assert faults(tmp_path / "l") == []
