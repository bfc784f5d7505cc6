"""A library taken into another: its papers and what people put right come along, nothing of ours is lost."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import LibraryDamaged
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.doctor import examine
from corpus.library.library_import import import_backup
from corpus.model import Record
from tests.support.libraries import cite, record
from webui.cli.command import main

TINH = "UBND tỉnh Thanh Hóa"


def paper(folder: Path, number: str, *cites: dict[str, Any], **more: Any) -> tuple[Record, Path]:
    folder.mkdir(exist_ok=True)
    made = record(number, "2024-01-01", TINH, list(cites), **more)
    file = folder / f"{number.replace('/', '-')}.txt"
    file.write_text(made.text, encoding="utf-8")
    return replace(made, sha256=hashlib.sha256(file.read_bytes()).hexdigest(), path=str(file)), file


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The backup of a library of three papers: one corrected, one that ours holds too, one that ours took out."""
    papers = [
        paper(tmp_path / "tep", "1/KH-UBND", cite("9/QĐ-UBND", "2024-01-01", TINH), title="một"),
        paper(tmp_path / "tep", "2/KH-UBND", title="hai"),
        paper(tmp_path / "tep", "3/KH-UBND", title="ba"),
    ]
    with Library.open(tmp_path / "kia", create=True) as library:
        ids = [library.intake.add(*one).id for one in papers]
        for id, said in zip(ids, ("một, đã sửa", "hai, kho kia sửa"), strict=False):
            library.edits.correct(id, "title", said, who="minh")
        undone = library.edits.correct(ids[0], "signer", "Ai đó", who="minh")
        library.edits.undo(undone)
    backup(tmp_path / "kia", tmp_path / "kia.zip")
    with Library.open(tmp_path / "kho", create=True) as library:
        library.intake.add(*paper(tmp_path / "nha", "9/QĐ-UBND", title="chín"))
        both = library.intake.add(*papers[1], reader_version="2").id
        library.edits.correct(both, "title", "hai, ta sửa", who="lan")
        library.edits.remove(library.intake.add(*papers[2]).id, "nhầm")
    return tmp_path / "kia.zip"


def test_papers_come_with_what_people_put_right_and_ours_stays(there: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho") as library:
        told: list[tuple[int, int]] = []
        assert import_backup(library, there, lambda done, of: told.append((done, of))) == {
            "new": 1, "duplicate": 1, "removed": 1,
        }  # fmt: skip
        assert told[-1] == (3, 3)
        titles = {s.so_ky_hieu: s.title for s in library.view().documents()}
        assert titles == {"1/KH-UBND": "một, đã sửa", "2/KH-UBND": "hai, ta sửa", "9/QĐ-UBND": "chín"}
        one = library.view().find("1/KH-UBND")[0].id
        nine = library.view().find("9/QĐ-UBND")[0].id
        assert [edge.target for edge in library.view().cites(one)] == [nine]
        kept = library.view().document(one)
        assert kept.record is not None
        assert kept.record.signer is None
        assert kept.paths[0].startswith("kia.zip/")
        assert library.originals.path(str(kept.sha256)).is_file()
        correction = next(c for c in library.edits.corrections() if c.document == one)
        assert (correction.who, correction.before) == ("minh", "một")
        library.edits.undo(correction.id)
        assert library.view().summary(one).title == "một"
        assert library.view().find("2/KH-UBND")[0].held
        before = list(library.view().dump())
        assert import_backup(library, there) == {"unchanged": 2, "removed": 1}
        assert list(library.view().dump()) == before
    assert examine(tmp_path / "kho", deep=True).findings == []
    assert sorted(p.name for p in (tmp_path / "kho").iterdir() if p.name.startswith(".")) == []


def test_the_command_says_what_came_in_and_finds_it(
    there: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = ["--library", str(tmp_path / "kho")]
    assert main(["join", str(there), *library]) == 0
    assert "1 văn bản mới" in capsys.readouterr().out
    assert main(["search", "đã sửa", "--json", *library]) == 0
    assert "một, đã sửa" in capsys.readouterr().out
    assert main(["join", str(tmp_path / "khong-co.zip"), *library]) == 3


def test_a_damaged_backup_brings_nothing(there: Path, tmp_path: Path) -> None:
    data = bytearray(there.read_bytes())
    data[len(data) // 2] ^= 1
    there.write_bytes(data)
    with Library.open(tmp_path / "kho") as library:
        before = list(library.view().dump())
        with pytest.raises(LibraryDamaged):
            import_backup(library, there)
        assert list(library.view().dump()) == before
