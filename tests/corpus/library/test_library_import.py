"""A backup taken into another library: documents and corrections come along, nothing of the own is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.errors import LibraryDamaged
from corpus.library import Library
from corpus.library.backup import backup
from corpus.library.doctor import examine
from corpus.library.library_import import import_backup
from corpus.model import Record
from tests.support.libraries import TINH, cite, record, with_originals
from webui.cli.command import main


def stored(folder: Path, number: str, *cites: dict[str, Any], **more: Any) -> tuple[Record, Path]:
    """A record and its original."""
    ((made, file),) = with_originals([record(number, "2024-01-01", TINH, list(cites), **more)], folder)
    return made, file


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The backup of three documents: one corrected, one that the library ``kho`` holds too, one that it removed."""
    documents = [
        stored(tmp_path / "tep", "1/KH-UBND", cite("9/QĐ-UBND", "2024-01-01", TINH), title="một"),
        stored(tmp_path / "tep", "2/KH-UBND", title="hai"),
        stored(tmp_path / "tep", "3/KH-UBND", title="ba"),
    ]
    with Library.open(tmp_path / "kia", create=True) as library:
        ids = [library.intake.add(*document).id for document in documents]
        library.edits.correct(ids[0], "title", "một, đã sửa", who="minh")
        library.edits.correct(ids[1], "title", "hai, kho kia sửa", who="minh")
        library.edits.undo(library.edits.correct(ids[0], "signer", "Ai đó", who="minh"))
    backup(tmp_path / "kia", tmp_path / "kia.zip")
    with Library.open(tmp_path / "kho", create=True) as library:
        library.intake.add(*stored(tmp_path / "nha", "9/QĐ-UBND", title="chín"))
        both = library.intake.add(*documents[1], reader_version="2").id
        library.edits.correct(both, "title", "hai, kho này sửa", who="lan")
        library.edits.remove(library.intake.add(*documents[2]).id, "nhầm")
    return tmp_path / "kia.zip"


@pytest.fixture
def folder(archive: Path, tmp_path: Path) -> Path:
    """The library that the backup is taken into."""
    return tmp_path / "kho"


def test_documents_come_in_once_and_corrections_made_here_stay(archive: Path, folder: Path) -> None:
    steps: list[tuple[int, int]] = []
    with Library.open(folder) as library:
        counts = import_backup(library, archive, lambda done, total: steps.append((done, total)))
        assert counts == {"new": 1, "duplicate": 1, "removed": 1}
        assert steps[-1] == (3, 3)
        titles = {summary.so_ky_hieu: summary.title for summary in library.view().documents()}
        assert titles == {"1/KH-UBND": "một, đã sửa", "2/KH-UBND": "hai, kho này sửa", "9/QĐ-UBND": "chín"}
        before = list(library.view().dump())
        assert import_backup(library, archive) == {"unchanged": 2, "removed": 1}
        assert list(library.view().dump()) == before
    assert examine(folder, deep=True).findings == []
    assert not list(folder.glob(".*"))


def test_an_imported_document_has_its_original_its_citations_and_its_corrections(archive: Path, folder: Path) -> None:
    with Library.open(folder) as library:
        import_backup(library, archive)
        view = library.view()
        imported, cited = view.one("1/KH-UBND").id, view.one("9/QĐ-UBND").id
        assert [edge.target for edge in view.cites(imported)] == [cited]
        kept = view.document(imported)
        assert kept.record is not None
        assert kept.record.signer is None
        assert kept.paths[0].startswith("kia.zip/")
        assert library.originals.local(str(kept.sha256)).is_file()
        correction = next(each for each in library.edits.corrections() if each.document == imported)
        assert (correction.who, correction.before) == ("minh", "một")
        library.edits.undo(correction.id)
        assert view.summary(imported).title == "một"


def test_the_command_reports_what_came_in(archive: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = ["--library", str(folder)]
    assert main(["join", str(archive), *library]) == 0
    assert "1 văn bản mới" in capsys.readouterr().out
    assert main(["search", "đã sửa", "--json", *library]) == 0
    assert "một, đã sửa" in capsys.readouterr().out
    assert main(["join", str(archive.with_name("khong-co.zip")), *library]) == 3


def test_a_damaged_backup_changes_nothing(archive: Path, folder: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    with Library.open(folder) as library:
        before = list(library.view().dump())
        with pytest.raises(LibraryDamaged):
            import_backup(library, archive)
        assert list(library.view().dump()) == before
