"""What people did is taken back in any order: nothing of others goes with it, what was read comes back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import Refused, TakenOut
from corpus.library import Library
from corpus.library.doctor import examine
from corpus.model import Incomplete, Record
from corpus.vocabulary import Verdict
from tests.support.libraries import cite, record

TINH = "UBND tỉnh Thanh Hóa"


def scan(title: str, number: str = "7/QĐ-UBND", **more: Any) -> Record:
    return record(number, "2024-01-01", TINH, title=title, **more)


def titles(library: Library) -> list[str | None]:
    return [summary.title for summary in library.view().documents()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Library.open(tmp_path / "kho", create=True).close()
    return tmp_path / "kho"


def read_so(paper: Record, title: str) -> Record:
    """The same file as another reader reads it."""
    return replace(paper, title=title)


# ---------------------------------------------------------------- removals


@pytest.mark.parametrize("cited", [True, False])
def test_undoing_a_removal_leaves_the_better_scan_that_came_meanwhile(folder: Path, cited: bool) -> None:
    with Library.open(folder) as library:
        if cited:
            library.intake.add(record("5/KH-UBND", "2024-02-01", TINH, [cite("7/QĐ-UBND", "2024-01-01", TINH)]))
        entry = library.edits.remove(library.intake.add(scan("quét hỏng")).id, "mờ")
        good = scan("quét tốt")
        library.edits.correct(library.intake.add(good).id, "signer", "Trần Văn A", who="lan")
        library.edits.undo(entry)
        held = {s.title: s.id for s in library.view().documents() if s.so_ky_hieu == "7/QĐ-UBND"}
        assert set(held) == {"quét hỏng", "quét tốt"}
        assert library.intake.seen(good.sha256, "1") == "held"
        kept = library.view().document(held["quét tốt"]).record
        assert kept is not None
        assert kept.signer == "Trần Văn A"
    assert [f for f in examine(folder, deep=True).findings if f.code != "mat_goc"] == []


@pytest.mark.parametrize("number", ["7/QĐ-UBND", None])
def test_when_the_leader_of_scans_that_are_one_is_removed_another_leads(folder: Path, number: str | None) -> None:
    with Library.open(folder) as library:
        papers = [record(number, "2024-01-01", TINH, title=f"bản {n}", doc_type="Quyết định") for n in range(3)]
        ids = [library.intake.add(paper).id for paper in papers]
        for other in ids[1:]:
            library.edits.merge(ids[0], other, "một văn bản")
        entry = library.edits.remove(ids[0], "mờ")
        assert titles(library) == ["bản 1"]
        assert {library.view().where(id) for id in ids} == {ids[1]}
        assert {c.id for c in library.view().changes() if c.kind == "put"} >= {ids[1]}
        library.edits.undo(entry)
        assert library.intake.seen(papers[0].sha256, "1") == "held"
        assert len({library.view().where(id) for id in ids[1:]}) == 1
    assert [f for f in examine(folder, deep=True).findings if f.code != "mat_goc"] == []


@pytest.mark.parametrize("how", ["remove", "refuse", "secret"])
def test_a_leader_without_number_goes_and_its_members_keep_who_cites_them(folder: Path, how: str) -> None:
    with Library.open(folder) as library:
        b = library.intake.add(scan("có số")).id
        leader = record(None, "2024-01-01", TINH, title="không số", doc_type="Quyết định")
        a = library.intake.add(leader).id
        citing = library.intake.add(record("5/KH-UBND", "2024-02-01", TINH, [cite("7/QĐ-UBND", "2024-01-01", TINH)])).id
        library.edits.merge(a, b, "một văn bản")
        assert [edge.target for edge in library.view().cites(citing)] == [a]
        if how == "remove":
            entry = library.edits.remove(a, "nhầm")
        elif how == "refuse":
            library.intake.refuse(leader.sha256, "độ mật")
        else:
            with pytest.raises(Refused):
                library.intake.add(replace(leader, secrecy="MẬT"), reader_version="2")
        assert [edge.target for edge in library.view().cites(citing)] == [b]
        assert library.intake.seen(leader.sha256, "1") == ("removed" if how == "remove" else "refused")
        assert (titles(library), library.view().where(b)) == (["có số", None], b)
        if how == "remove":
            library.edits.undo(entry)
            assert (library.view().where(a), library.view().where(b)) == (a, a)  # the merge still stands
    assert [f for f in examine(folder, deep=True).findings if f.code != "mat_goc"] == []


def test_doctor_lets_a_held_paper_lead_again(folder: Path) -> None:
    with Library.open(folder) as library:
        library.intake.add(record("5/KH-UBND", "2024-02-01", TINH, [cite("9/QĐ-UBND", "2024-01-01", TINH)]))
        stub = next(s.id for s in library.view().documents(held=False) if s.so_ky_hieu == "9/QĐ-UBND")
        held = library.intake.add(scan("bản hai")).id
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        raw.execute("UPDATE nodes SET merged_into = ? WHERE id = ?", (stub, held))
        raw.commit()
    assert "gop" in {f.code for f in examine(folder).findings}
    examine(folder, repair=True)
    assert "gop" not in {f.code for f in examine(folder).findings}
    with Library.open(folder) as library:
        assert "bản hai" in titles(library)
        assert library.view().where(stub) == held


# ---------------------------------------------------------------- corrections


def value(library: Library, id: int) -> tuple[str | None, list[str]]:
    kept = library.view().document(id).record
    assert kept is not None
    return kept.title, kept.fields["title"].reasons if "title" in kept.fields else []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_corrections_taken_back_in_any_order_leave_what_was_read(folder: Path, order: tuple[int, int]) -> None:
    with Library.open(folder) as library:
        id = library.intake.add(scan("đọc được")).id
        before = list(library.view().dump())
        entries = [library.edits.correct(id, "title", said, who="lan") for said in ("Một", "Hai")]
        for at in order:
            library.edits.undo(entries[at])
        assert value(library, id) == ("đọc được", [])
        assert list(library.view().dump()) == before


def test_undoing_gives_back_what_the_last_reader_read(folder: Path) -> None:
    with Library.open(folder) as library:
        paper = scan("bộ đọc cũ")
        id = library.intake.add(paper).id
        entry = library.edits.correct(id, "title", "Người sửa", who="lan")
        library.intake.add(read_so(paper, "bộ đọc mới"), reader_version="2")
        assert value(library, id)[0] == "Người sửa"
        library.edits.undo(entry)
        assert value(library, id) == ("bộ đọc mới", [])


def test_a_correction_taken_back_while_its_paper_was_out_does_not_come_back_with_it(folder: Path) -> None:
    with Library.open(folder) as library:
        id = library.intake.add(scan("đọc được")).id
        kept, gone = (
            library.edits.correct(id, "signer", "Trần Văn A", who="lan"),
            library.edits.correct(id, "title", "X", who="lan"),
        )
        removal = library.edits.remove(id, "nhầm")
        library.edits.undo(gone)
        library.edits.undo(removal)
        assert value(library, id) == ("đọc được", [])
        assert library.view().document(id).record.signer == "Trần Văn A"  # type: ignore[union-attr]
        library.edits.undo(kept)
        assert library.view().document(id).record.signer is None  # type: ignore[union-attr]


def test_a_number_taken_back_takes_its_parts_along(folder: Path) -> None:
    with Library.open(folder) as library:
        id = library.intake.add(scan("đọc được", review=("so_ky_hieu",))).id
        entries = [library.edits.correct(id, "so_ky_hieu", said, who="lan") for said in ("8/QĐ-UBND", "9/QĐ-UBND")]
        for entry in entries:
            library.edits.undo(entry)
        found = library.view().document(id).record
        assert found is not None
        assert (found.so_ky_hieu, found.number, found.symbol) == ("7/QĐ-UBND", "7", "QĐ-UBND")
        assert found.fields["so_ky_hieu"].needs_review


def test_a_library_of_the_schema_before_gives_back_what_its_audit_list_says_was_read(folder: Path) -> None:
    with Library.open(folder) as library:
        id = library.intake.add(scan("đọc được")).id
        first, second = (library.edits.correct(id, "title", said, who="lan") for said in ("Một", "Hai"))
        library.edits.undo(first)
    with closing(as_schema_2(folder)) as raw:
        raw.commit()
    with Library.open(folder) as library:
        assert value(library, id)[0] == "Hai"
        library.edits.undo(second)
        assert value(library, id) == ("đọc được", [])


def as_schema_2(folder: Path) -> sqlite3.Connection:
    """The library's database as the schema before had it, open."""
    raw = sqlite3.connect(folder / "library.db")
    raw.execute("ALTER TABLE records DROP COLUMN covered")
    raw.execute("ALTER TABLE records DROP COLUMN incomplete")
    raw.execute("DROP TABLE ocr_modes")
    raw.execute("UPDATE alembic_version SET version_num = '0002'")
    return raw


def test_a_removal_of_the_schema_before_comes_back_as_it_was_read(folder: Path) -> None:
    with Library.open(folder) as library:
        id = library.intake.add(scan("đọc được")).id
        undone = library.edits.correct(id, "signer", "Ai đó", who="lan")
        library.edits.undo(undone)
        entry = library.edits.correct(id, "title", "sửa", who="lan")
        removal = library.edits.remove(id, "nhầm")
    with closing(as_schema_2(folder)) as raw:  # which kept what was removed with the corrections in it
        detail = json.loads(raw.execute("SELECT detail FROM audit WHERE id = ?", (removal,)).fetchone()[0])
        assert detail["record"]["title"] == "đọc được"
        detail["record"]["title"] = "sửa"
        raw.execute("UPDATE audit SET detail = ? WHERE id = ?", (json.dumps(detail), removal))
        raw.commit()
    with Library.open(folder) as library:
        library.edits.undo(removal)
        assert value(library, id)[0] == "sửa"
        library.edits.undo(entry)
        assert value(library, id) == ("đọc được", [])


def test_the_schema_before_gives_back_the_reading_between_two_corrections(folder: Path) -> None:
    with Library.open(folder) as library:
        paper = scan("đọc 1")
        id = library.intake.add(paper).id
        library.edits.undo(library.edits.correct(id, "title", "sửa 1", who="lan"))
        library.intake.add(read_so(paper, "đọc 2"), reader_version="2")
        entry = library.edits.correct(id, "title", "sửa 2", who="lan")
    with closing(as_schema_2(folder)) as raw:
        raw.commit()
    with Library.open(folder) as library:
        library.edits.undo(entry)
        assert value(library, id)[0] == "đọc 2"


# ---------------------------------------------------------------- merges


def test_merges_taken_back_in_the_order_they_were_made_leave_nothing(folder: Path) -> None:
    with Library.open(folder) as library:
        a, b, c = (library.intake.add(scan(str(n), f"{n}/QĐ-UBND")).id for n in (1, 2, 3))
        before = list(library.view().dump())
        first, second = library.edits.merge(a, b, "x"), library.edits.merge(c, a, "x")
        assert {library.view().where(id) for id in (a, b, c)} == {c}
        library.edits.undo(first)
        assert [library.view().where(id) for id in (a, b, c)] == [c, b, c]
        library.edits.undo(second)
        assert [library.view().where(id) for id in (a, b, c)] == [a, b, c]
        assert list(library.view().dump()) == before
        assert {change.id for change in library.view().changes() if change.kind == "put"} >= {a, b, c}


# ---------------------------------------------------------------- readings that meet what people did


def part(paper: Record, read: int, of: int = 4) -> Record:
    """A reading of *paper* that was broken off."""
    text = "\f".join(f"trang {n}" if n <= read else "" for n in range(1, of + 1))
    return replace(paper, text=text, pages=of, citations=[], incomplete=Incomplete(read, Verdict.TIMED_OUT))


def test_of_two_broken_readings_the_longer_stays_and_a_whole_one_gives_way_to_none(folder: Path) -> None:
    paper = scan("x")
    whole = replace(part(paper, 4), incomplete=None)
    with Library.open(folder) as library:
        id = library.intake.add(part(paper, 1), reader_version="1").id
        for read, version, status in ((3, "1", "updated"), (2, "1", "unchanged"), (2, "2", "unchanged")):
            assert library.intake.add(part(paper, read), reader_version=version).status == status
        assert "trang 3" in library.view().document(id).record.text  # type: ignore[union-attr]
        assert library.intake.add(whole).status == "updated"
        for again in (False, True):
            assert library.intake.add(part(paper, 3), reader_version="2", again=again).status == "unchanged"
        assert library.view().document(id).record.text == whole.text  # type: ignore[union-attr]
        assert library.intake.seen(paper.sha256, "1") == "held"


def test_what_was_refused_or_taken_out_while_it_was_read_is_not_stored(folder: Path, tmp_path: Path) -> None:
    with Library.open(folder) as library:
        secret, out = scan("mật"), scan("đã gỡ", "8/QĐ-UBND")
        file = tmp_path / "mat.txt"
        file.write_text("bí mật")
        secret.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        library.intake.refuse(secret.sha256, "độ mật: MẬT")
        with pytest.raises(Refused):
            library.intake.add(secret, file)
        assert not library.originals.path(secret.sha256).exists()
        library.edits.remove(library.intake.add(out).id, "nhầm")
        for again in (False, True):
            with pytest.raises(TakenOut, match="undo"):
                library.intake.add(out, reader_version="2", again=again)
        assert library.view().documents() == []
        assert [json.loads(line)["what"] for line in library.view().dump()] == ["refused"]
