"""The library: idempotent, transactional, the same whatever the order, and silent about what must not be shown."""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import Ambiguous, LibraryBusy, LibraryDamaged, NotFound, ReadFailure, Refused, UsageError
from corpus.library import Library
from corpus.model import Failure, Record
from corpus.sentences import sentence
from corpus.vocabulary import Verdict
from tests.support.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def small_set() -> list[Record]:
    """Documents that lean on each other in every way the resolver knows."""
    return [
        record("490/QĐ-TTg", "2018-05-07", TTG, title="phê duyệt Chương trình mỗi xã một sản phẩm"),
        record("148/QĐ-TTg", "2023-02-24", TTG, [cite("1048/QĐ-TTg", "2019-08-21", TTG, relation="thay_the")]),
        record(
            "134/KH-UBND", "2019-06-11", TINH,
            [cite("490/QĐ-TTg", "2018-07-05", TTG), cite("5363/QĐ-UBND", "2018-12-28", "UBND tỉnh")],
        ),
        record(
            "77/KH-UBND", "2020-03-16", TINH,
            [cite("490/QĐ-TTg"), cite("134/KH-UBND", "2019-06-11", "UBND tỉnh"), cite("5363/QĐ-UBND")],
        ),
        record(
            "12/KH-UBND", "2024-05-01", "UBND huyện Như Xuân",
            [cite("148/QĐ-TTg", "2023-02-24"), cite("81/KH-UBND", None), cite("4464/QĐ-VPĐP", "2020-11-06", "Bộ NN&PTNT")],
            parent_agency_inferred=TINH,
        ),
        record(
            "81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp",
            [cite("4464/QĐ-BNN-VPĐP", "2020-11-06"), cite("148/QĐ-TTg", "2025-01-16", TTG)],
        ),
        record("81/KH-UBND", "2022-04-02", TINH, [cite("490/QĐ-TTg", None, TTG), cite("12/QĐ-ABC", "2021-01-01")]),
        record(
            "9/QĐ-UBND", None, TINH,
            [cite(None, "2015-06-19", None, doc_type="Luật", title="Chăn bò"), cite("7/2015/QH13", "2015-06-19", doc_type="Luật", title="Chăn bò")],
        ),
        record("10/QĐ-UBND", "2025-01-01", TINH, [cite(None, None, None, doc_type="Luật", title="Chăn bò"), cite("9/QĐ-UBND", "2020-01-02", TINH)]),
        record(None, "2024", TINH, [cite("490/QĐ-TTg", "2018-05-07", TTG)], symbol="KH-UBND", title="Tổng kết"),
        record(None, "2024", TINH, [cite("490/QĐ-TTg", "2018-05-07", TTG), cite("33/KH-UBND", "2020-01-01", TINH)], circulation="LƯU HÀNH NỘI BỘ"),
    ]  # fmt: skip


def dump_of(folder: Path, records: list[Record], *, facts: bool = False) -> list[str]:
    with Library.open(folder, create=True, facts=facts) as library:
        for one in records:
            library.intake.add(one)
        return list(library.view(restricted=True).dump())


def test_adding_twice_changes_nothing_and_a_newer_reader_keeps_the_id(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        first = [library.intake.add(r) for r in small_set()]
        assert {a.status for a in first} == {"new"}
        at, before = library.view().sequence(), list(library.view().dump())
        again = [library.intake.add(r) for r in small_set()]
        assert {a.status for a in again} == {"unchanged"}
        assert [a.id for a in again] == [a.id for a in first]
        assert (library.view().sequence(), list(library.view().dump())) == (at, before)
        newer = small_set()[2]
        newer.citations.pop()
        added = library.intake.add(newer, reader_version="2")
        assert (added.status, added.id) == ("updated", first[2].id)
        assert len(library.view().mentions(added.id)) == 1
        assert library.intake.seen(newer.sha256, "2") == "held"
        assert library.intake.seen(newer.sha256, "3") is None


def test_the_original_is_kept_under_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"noi dung")
    one = record("1/KH-UBND", "2020-01-01", TINH)
    one.sha256 = hashlib.sha256(b"noi dung").hexdigest()
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.add(one, file)
        assert library.originals.path(one.sha256).read_bytes() == b"noi dung"
        assert [p.name for p in (tmp_path / "l" / "originals").rglob("*") if p.is_file()] == [one.sha256]


def test_a_duplicate_is_listed(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        one = small_set()[0]
        added = library.intake.add(one)
        one.path = "nơi khác/bản sao.pdf"
        assert library.intake.add(one).status == "duplicate"
        assert library.intake.add(one).status == "unchanged"
        assert library.intake.seen(one.sha256, "1", "thứ ba.pdf") == "held"
        assert len(library.view().document(added.id).paths) == 3
        assert library.view().status().duplicates == 2
        assert library.view().status().held == 1


def test_a_stub_becomes_the_document_and_keeps_its_id(tmp_path: Path) -> None:
    papers = small_set()
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(papers[2])
        stub = library.view().find("490/QĐ-TTg")[0]
        assert not stub.held
        assert stub.date == "2018-07-05"
        at = library.view().sequence()
        added = library.intake.add(papers[0])
        assert added.id == stub.id
        changed = {c.id for c in library.view().changes(at)}
        assert {stub.id, library.view().find("134/KH-UBND")[0].id} <= changed
        document = library.view().document(stub.id)
        assert document.record is not None
        assert document.summary.date == "2018-05-07"
        edge = library.view().cited_by(stub.id)[0]
        assert edge.mentions[0].conflicts == ["date: 2018-07-05 / 2018-05-07"]
        assert edge.confidence == 0.85


def test_failures_are_kept_until_read(tmp_path: Path) -> None:
    one = small_set()[0]
    with Library.open(tmp_path / "l", create=True) as library:
        library.intake.fail("hỏng.pdf", one.sha256, Failure("hỏng.pdf", "Tệp hỏng.", Verdict.DAMAGED))
        assert library.intake.seen(one.sha256, "1") == "failed"
        assert library.intake.seen(one.sha256, "2") is None
        assert [f.verdict for f in library.intake.failures()] == ["hong"]
        library.intake.add(one)
        assert library.intake.failures() == []


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "Tuyệt mật"])
def test_a_secret_paper_leaves_hash_and_reason_only(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "kin.txt"
    file.write_text("bí mật", encoding="utf-8")
    paper = record("99/QĐ-ABCXYZ", "2024-01-01", TINH, [cite("98/QĐ-DEFGHI", "2023-01-01")], path="kín/tệp-kín.pdf")
    paper.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with Library.open(tmp_path / "l", create=True) as library:
        added = library.intake.add(paper, file)  # an older reader missed the mark
        library.edits.correct(added.id, "title", "đã sửa: ABCXYZ", who="lan")
        entry = library.edits.remove(added.id, "nhầm")
        library.edits.undo(entry)
        paper.secrecy = mark
        with pytest.raises(Refused):
            library.intake.add(paper, file, reader_version="2")
        assert library.intake.seen(paper.sha256, "1") == "refused"
        assert library.view().status().refused == 1
        assert library.view().status().held == library.view().status().stubs == 0
        assert not library.originals.path(paper.sha256).exists()
    with sqlite3.connect(tmp_path / "l" / "library.db") as raw:
        told = " ".join(raw.iterdump())
    raw.close()
    assert paper.sha256 in told
    files = b"".join(f.read_bytes() for f in (tmp_path / "l").rglob("*") if f.is_file())
    for word in ("ABCXYZ", "DEFGHI", "kín", "98/"):
        assert word not in told
        assert word == "98/" or word.encode() not in files


def test_nothing_of_a_refused_paper_can_be_brought_back(tmp_path: Path) -> None:
    paper = record("99/QĐ-ABCXYZ", "2024-01-01", TINH)
    with Library.open(tmp_path / "l", create=True) as library:
        entry = library.edits.remove(library.intake.add(paper).id, "nhầm")
        library.intake.refuse(paper.sha256, "độ mật")
        with pytest.raises(UsageError):
            library.edits.undo(entry)
        assert [e.action for e in library.edits.audit()] == ["remove"]


def test_a_file_that_changed_while_it_was_read_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"khac roi")
    with Library.open(tmp_path / "l", create=True) as library:
        with pytest.raises(ReadFailure, match="đã đổi"):
            library.intake.add(record("1/KH-UBND", "2020-01-01", TINH), file)
        assert library.view().documents() == []
        assert [p for p in (tmp_path / "l" / "originals").rglob("*") if p.is_file()] == []


def test_restricted_papers_show_only_when_asked(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(r).id for r in small_set()]
        hidden, decision = ids[-1], ids[0]
        assert hidden not in {s.id for s in library.view().documents()}
        for call in (
            library.view().document,
            library.view().indexed,
            library.view().mentions,
            library.view().cites,
            library.view().cited_by,
        ):
            with pytest.raises(NotFound):
                call(hidden)
        assert hidden not in {e.source for e in library.view().cited_by(decision)}
        assert hidden in {e.source for e in library.view(restricted=True).cited_by(decision)}
        assert library.view().find("33/KH-UBND") == []  # cited by the hidden paper alone
        assert len(library.view(restricted=True).find("33/KH-UBND")) == 1
        assert {c.kind for c in library.view().changes(0) if c.id == hidden} == {"delete"}
        assert library.view().status().held == len(ids) - 1
        assert library.view(restricted=True).status().held == len(ids)
        assert not any("33/KH-UBND" in line for line in library.view().dump())
        assert library.view().indexed(decision).cited_by == 4
        assert library.view(restricted=True).indexed(decision).cited_by == 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(11)), facts=st.booleans())
def test_any_order_gives_the_same_library(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], facts: bool
) -> None:
    papers = small_set()
    a = dump_of(tmp_path_factory.mktemp("a") / "l", papers, facts=facts)
    b = dump_of(tmp_path_factory.mktemp("b") / "l", [papers[i] for i in order], facts=facts)
    assert a == b


def test_removing_and_undoing_come_back_to_the_same(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(r).id for r in small_set()]
        before = list(library.view().dump())
        for id in (ids[0], ids[1], ids[9]):
            entry = library.edits.remove(id, "thử")
            assert list(library.view().dump()) != before
            assert library.view().status().held == len(ids) - 2
            library.edits.undo(entry)
            assert list(library.view().dump()) == before
            assert library.view().document(id).record is not None
        with pytest.raises(UsageError):
            library.edits.undo(entry)
        with pytest.raises(UsageError):
            library.edits.remove(ids[0], " ")
        assert [a.action for a in library.edits.audit()] == ["remove", "undo"] * 3


def test_a_law_known_by_its_number_leaves_with_the_paper_that_gave_it(tmp_path: Path) -> None:
    numbered, named = small_set()[7], small_set()[8]
    with Library.open(tmp_path / "a", create=True, facts=False) as library:
        first = library.intake.add(numbered).id
        library.intake.add(named)
        library.edits.remove(first, "thử")
        after = list(library.view().dump())
    assert after == dump_of(tmp_path / "b", [named])


def test_a_removed_file_is_not_taken_in_again_unasked(tmp_path: Path) -> None:
    one = small_set()[0]
    with Library.open(tmp_path / "l", create=True) as library:
        added = library.intake.add(one)
        library.edits.remove(added.id, "nhầm")
        assert library.intake.seen(one.sha256, "1") == "removed"
        with pytest.raises(NotFound):
            library.view().document(added.id)
        assert [c.kind for c in library.view().changes(0)] == ["delete"]


def test_merging_redirects_and_can_be_undone(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(r).id for r in small_set()]
        before = list(library.view().dump())
        stub = next(s for s in library.view().documents(held=False) if s.so_ky_hieu == "148/QĐ-TTg")
        entry = library.edits.merge(stub.id, ids[1], "một văn bản, ngày dẫn sai")
        assert library.view().where(stub.id) == ids[1]  # the held one stays
        assert library.view().document(stub.id).id == ids[1]
        assert {e.source for e in library.view().cited_by(stub.id)} == {ids[4], ids[5]}
        assert [c.kind for c in library.view().changes(0) if c.id == stub.id] == ["delete"]
        library.edits.undo(entry)
        assert list(library.view().dump()) == before
        assert library.view().where(stub.id) == stub.id


def test_two_copies_of_one_document_are_shown_not_merged(tmp_path: Path) -> None:
    draft, signed = small_set()[0], small_set()[0]
    draft.sha256, draft.date = "0" * 64, "2018"
    with Library.open(tmp_path / "l", create=True) as library:
        a, b = library.intake.add(draft).id, library.intake.add(signed).id
        assert library.view().document(a).copies == [b]
        source = library.intake.add(small_set()[3]).id
        assert library.view().cites(source)[0].target == b  # the copy with a full date
        library.edits.merge(b, a, "bản dự thảo")
        assert library.view().document(a).id == b
        assert library.view().document(b).merged == [a]
        assert len(library.view().find("490/QĐ-TTg")) == 1


def test_the_sentence_of_the_first_basis_has_no_letterhead() -> None:
    basis = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022\ncủa Thủ tướng Chính phủ"
    text = (
        f"ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA\nSố: 1/KH-UBND\nKẾ HOẠCH\nThực hiện Chương trình OCOP\n{basis};\nCăn cứ Luật;"
    )
    start = text.index("919/")
    assert sentence(text, start, start + 10) == " ".join(basis.split())
    assert sentence(text, 3, 5, limit=400).startswith("ỦY BAN")
    wrapped = "Điều 2. Quyết định này thay thế các quy định\ntheo Quyết định số 5/QĐ-UBND."
    assert sentence(wrapped, wrapped.index("5/"), len(wrapped) - 1).startswith("Điều 2. Quyết định này thay thế")
    long = "một hai " * 100 + "số 5/QĐ-UBND"
    assert sentence(long, len(long) - 9, len(long)).split()[0] in ("một", "hai")


def test_what_a_user_writes_finds_the_document(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(r).id for r in small_set()]
        for said in (
            "490/QĐ-TTg", "490/QD-TTG", "490-QĐ-TTg", "QĐ490", "QD 490", "quyet dinh 490", "Quyết định số 490",
            "490 qd ttg", "490QDTTG", "so 490/qđ-ttg", "490/QĐTTg", f"#{ids[0]}", "490/2018/QĐ-TTg", "490",
        ):  # fmt: skip
            assert [s.id for s in library.view().find(said)] == [ids[0]], said
        assert len(library.view().find("81/KH-UBND")) >= 2
        assert [s.id for s in library.view().find("81/KH-UBND tỉnh Thanh Hóa")] == [ids[6]]
        assert library.view().find("4464 qd bnn vpdp")[0].so_ky_hieu == "4464/QĐ-BNN-VPĐP"
        assert library.view().find("4464/QĐ-VPĐP")[0].so_ky_hieu == "4464/QĐ-BNN-VPĐP"
        assert library.view().find("Luật Chăn bò")[0].so_ky_hieu == "7/2015/QH13"
        assert library.view().find("không có gì") == []
        with pytest.raises(Ambiguous, match="81/KH-UBND"):
            library.view().one("81/KH-UBND")
        with pytest.raises(NotFound):
            library.view().one("1/QĐ-KHÔNG")


def test_changes_are_in_commit_order_and_keep_the_last(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        for one in small_set():
            library.intake.add(one)
        all_changes = library.view().changes(0)
        assert [c.seq for c in all_changes] == sorted({c.seq for c in all_changes})
        assert len({c.id for c in all_changes}) == len(all_changes)
        assert all_changes[-1].seq == library.view().sequence()
        assert library.view().changes(all_changes[3].seq)[0] == all_changes[4]


def test_sentence_holds_the_citation() -> None:
    text = "Trên đây. Thực hiện Quyết định số 12/QĐ-TTg ngày 01.02.2020 của TP. Huế, yêu cầu làm; sau đó."
    at = text.index("Quyết")
    assert sentence(text, at, at + 24).startswith("Thực hiện Quyết định số 12/QĐ-TTg")
    assert sentence(text, at, at + 24).endswith("yêu cầu làm")


# ---------------------------------------------------------------- processes


def _ingest(folder: str, names: list[int]) -> None:
    papers = small_set()
    with Library.open(folder, create=True, facts=False) as library:
        for name in names:
            if not library.intake.seen(papers[name].sha256, "1", papers[name].path):
                library.intake.add(papers[name])


def test_killed_at_random_moments_it_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = dump_of(tmp_path / "whole", small_set())
    folder = str(tmp_path / "killed")
    context = multiprocessing.get_context("fork")
    chance = random.Random(490)
    with Library.open(folder, create=True, facts=False):
        pass
    for _ in range(8):
        child = context.Process(target=_ingest, args=(folder, list(range(11))))
        child.start()
        time.sleep(chance.uniform(0.005, 0.12))
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
    _ingest(folder, list(range(11)))
    with Library.open(folder, facts=False) as library:
        assert list(library.view(restricted=True).dump()) == whole


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    whole = dump_of(tmp_path / "whole", small_set())
    folder = str(tmp_path / "both")
    context = multiprocessing.get_context("fork")
    children = [
        context.Process(target=_ingest, args=(folder, order)) for order in (list(range(11)), [*range(10, -1, -1)])
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    with Library.open(folder, facts=False) as library:
        assert list(library.view(restricted=True).dump()) == whole


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    papers = small_set()
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(papers[0])

        def read(_: int) -> int:
            seen = 0
            for summary in library.view().documents(held=None):
                with contextlib.suppress(NotFound):  # a stub may turn into another document meanwhile
                    seen += len(library.view().cited_by(summary.id)) + len(library.view().document(summary.id).paths)
            return seen

        with ThreadPoolExecutor(24) as pool:
            reading = [pool.submit(read, at) for at in range(60)]
            writing = [pool.submit(library.intake.add, paper) for paper in papers]
            assert all(job.result() >= 0 for job in reading)
            assert len({job.result().id for job in writing}) == len(papers)
        assert list(library.view(restricted=True).dump()) == dump_of(tmp_path / "other", papers)


def test_a_writer_that_waits_too_long_is_told_so(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, busy_seconds=0.1) as library:
        raw = sqlite3.connect(tmp_path / "l" / "library.db", isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusy, match="đang bận"):
            library.intake.add(small_set()[0])
        assert library.view().documents() == []
        raw.execute("ROLLBACK")
        raw.close()
        assert library.intake.add(small_set()[0]).status == "new"


def test_a_folder_without_a_library_and_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="ocop ingest"):
        Library.open(tmp_path / "none")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "library.db").write_bytes(b"x" * 5000)
    with pytest.raises(LibraryDamaged):
        Library.open(tmp_path / "bad")
    Library.open(tmp_path / "new", create=True).close()
    with sqlite3.connect(tmp_path / "new" / "library.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(LibraryDamaged, match="phiên bản"):
        Library.open(tmp_path / "new")


def test_an_id_no_database_can_hold_is_simply_not_there(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        for absurd in (10**23, -1):
            with pytest.raises(NotFound):
                library.view().where(absurd)
            with pytest.raises(NotFound):
                library.edits.undo(absurd)


@pytest.mark.parametrize("sha256", ["{outside}", "../../{outside}", "A" * 64, "a" * 63, "a" * 64 + "\n", ""])
def test_what_is_no_hash_leads_to_no_file(tmp_path: Path, sha256: str) -> None:
    outside = tmp_path / "ngoai.txt"
    outside.write_text("của người khác")
    with Library.open(tmp_path / "l", create=True) as library:
        paper = record("1/KH-UBND", "2020-01-01", TINH, secrecy="MẬT")
        paper.sha256 = sha256.format(outside=outside)
        for attempt in (
            lambda: library.originals.path(paper.sha256),
            lambda: library.intake.add(paper),
            lambda: library.intake.refuse(paper.sha256, "độ mật"),
        ):
            with pytest.raises(LibraryDamaged, match="Mã băm"):
                attempt()
        assert library.intake.failures() == []
    assert outside.read_text() == "của người khác"
    Library.open(tmp_path / "l").close()


HIDDEN = "LƯU HÀNH NỘI BỘ"


def told_to_strangers(folder: Path, *papers: Record) -> list[str]:
    """Documents cited and the fate of each citation, as a stranger is told them."""
    with Library.open(folder, create=True, facts=False) as library:
        for paper in papers:
            library.intake.add(paper)
        return [line for line in library.view().dump() if json.loads(line)["what"] != "failure"]


@pytest.mark.parametrize(
    ("public", "internal"),
    [
        (cite("990/QĐ-UBND", None, TINH), cite("990/QĐ-UBND", "2024-03-05", TINH)),
        (cite("55/QĐ-BTC"), cite("55/QĐ-BTC", "2024-03-05")),
        (cite("55/QĐ-BTC"), cite("55/QĐ-BTC", "2024-03-05", "Bộ Tài chính", title="Kế hoạch mật danh")),
        (cite("4464/QĐ-VPĐP", "2020-11-06", "Bộ NN&PTNT"), cite("4464/QĐ-BNN-VPĐP", "2020-11-06", "Bộ NN&PTNT")),
        (
            cite(None, None, None, doc_type="Luật", title="Chăn bò"),
            cite(None, "2015-06-19", None, doc_type="Luật", title="Chăn bò"),
        ),
    ],
)
def test_a_stub_tells_nothing_that_only_a_restricted_paper_says(
    tmp_path: Path, public: dict[str, object], internal: dict[str, object]
) -> None:
    open_ = record("1/KH-UBND", "2025-01-01", TINH, [public])
    closed = record("2/KH-UBND", "2025-01-01", TINH, [internal], circulation=HIDDEN)
    alone = told_to_strangers(tmp_path / "a", open_)
    assert told_to_strangers(tmp_path / "b", open_, closed) == alone
    assert told_to_strangers(tmp_path / "c", closed, open_) == alone


def test_stubs_that_only_a_restricted_paper_tells_apart_stay_two(tmp_path: Path) -> None:
    papers = [
        record("2/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC", "2023-03-05")], circulation=HIDDEN),
        record("1/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC")]),
        record("3/KH-UBND", "2022-01-01", TINH, [cite("55/QĐ-BTC")]),
    ]
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [library.intake.add(p).id for p in papers]
        later, earlier = (library.view().mentions(i)[0].target for i in ids[1:])
        assert later != earlier
        assert later == library.view(restricted=True).mentions(ids[0])[0].target
        assert "2023" not in str([library.view().document(n).summary for n in (later, earlier) if n])
        before = list(library.view(restricted=True).dump())
        library.resolve_again()
        assert list(library.view(restricted=True).dump()) == before
    assert dump_of(tmp_path / "m", papers[::-1]) == before


def told_of(folder: Path, asked: Record, *others: Record) -> list[tuple[object, ...]]:
    """What a stranger is told of the citations of *asked*, when *others* are held."""
    with Library.open(folder, create=True, facts=False) as library:
        for other in others:
            library.intake.add(other)
        return [
            (m.citation.target, m.state, m.method, m.confidence, m.conflicts, len(m.candidates))
            for m in library.view().mentions(library.intake.add(asked).id)
        ]


def test_the_day_of_a_restricted_paper_is_not_told_by_who_cites_it(tmp_path: Path) -> None:
    held = record("12/TB-UBND", "2025-06-05", TINH, circulation=HIDDEN)
    cited = record("1/KH-UBND", "2025-07-01", TINH, [cite("12/TB-UBND", "2025-06-06", TINH)])
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        library.intake.add(held)
        node = library.intake.add(cited).id
        (seen,) = library.view(restricted=True).mentions(node)
        assert seen.conflicts == ["date: 2025-06-06 / 2025-06-05"]
        (told,) = library.view().mentions(node)
        assert (told.target, told.state, told.method, told.confidence) == (None, "unresolved", "", 0.0)
        assert (told.conflicts, told.candidates, told.citation.target) == ([], [], None)
        assert "2025-06-05" not in "".join(library.view().dump())


UNDATED = record("1/KH-UBND", "2025-07-01", TINH, [cite("55/QĐ-BTC"), cite("56/QĐ-UBND", None, "UBND tỉnh")])
BY_NAME = record("1/KH-UBND", "2025-07-01", TINH, [cite(None, None, None, doc_type="Luật", title="Chăn bò")])


@pytest.mark.parametrize(
    ("asked", "open_", "closed"),
    [
        (UNDATED, record("55/QĐ-BTC", "2023-03-05"), record("55/QĐ-BTC", "2024-03-05", circulation=HIDDEN)),
        (
            UNDATED,
            record("56/QĐ-UBND", "2023-03-05", TINH),
            record("56/QĐ-UBND", "2024-03-05", TINH, circulation=HIDDEN),
        ),
        (
            UNDATED,
            record("2/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC", "2023-03-05")]),
            record("3/KH-UBND", "2025-01-01", TINH, [cite("55/QĐ-BTC", "2024-03-05")], circulation=HIDDEN),
        ),
        (
            BY_NAME,
            record("7/2015/QH13", "2015-06-19", "Quốc hội", doc_type="Luật", title="Luật Chăn bò"),
            record("8/2018/QH14", "2018-06-19", "Quốc hội", doc_type="Luật", title="Luật Chăn bò", circulation=HIDDEN),
        ),
        (
            record("1/KH-UBND", "2025-07-01", TINH, [cite("55/QĐ-BTC", "2024-03-05")]),
            record("55/QĐ-BTC", "2024-03-05"),
            record("55/QĐ-BTC", "2024-03-05", circulation=HIDDEN, title="bản nội bộ"),
        ),
    ],
)
def test_a_restricted_paper_makes_no_citation_ambiguous_to_strangers(
    tmp_path: Path, asked: Record, open_: Record, closed: Record
) -> None:
    alone = told_of(tmp_path / "a", asked, open_)
    assert alone[0][1] != "ambiguous"
    assert told_of(tmp_path / "b", asked, open_, closed) == alone
    assert told_of(tmp_path / "c", asked, closed, open_) == alone


def test_a_restricted_paper_hides_no_near_one(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        near = library.intake.add(record("1084/QĐ-UBND-HC", "2024-01-02", TINH)).id
        assert [s.id for s in library.view().find("1084/QĐ-UBND")] == [near]
        exact = library.intake.add(record("1084/QĐ-UBND", "2024-05-06", TINH, circulation=HIDDEN)).id
        assert [s.id for s in library.view().find("1084/QĐ-UBND")] == [near]
        assert [s.id for s in library.view(restricted=True).find("1084/QĐ-UBND")] == [exact]


def test_a_merged_restricted_copy_does_not_show_its_file(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        open_ = library.intake.add(record("1/KH-UBND", "2024-01-02", TINH, path="kế hoạch.pdf")).id
        closed = library.intake.add(
            record("2/KH-UBND", "2024-01-02", TINH, path="mật danh Bão Táp.pdf", circulation=HIDDEN)
        ).id
        library.edits.merge(open_, closed, "một văn bản")
        found = library.view().document(open_)
        assert (found.paths, found.merged) == (["kế hoạch.pdf"], [])
        assert library.view().find("mật danh Bão Táp.pdf") == []
        assert len(library.view(restricted=True).document(open_).paths) == 2
        assert [s.id for s in library.view(restricted=True).find("mật danh Bão Táp.pdf")] == [open_]
