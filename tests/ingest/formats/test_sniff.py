"""File types are recognised by content; what cannot be read is refused with its own verdict."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ingest.formats.sniff import FileType, file_type_of
from tests.ingest.support import verdict_of
from tests.support.reading_files import picture, text_pdf
from tests.support.word_files import Piece, WordFile


def written(folder: Path, name: str, data: bytes) -> Path:
    """A file with that content."""
    file = folder / name
    file.write_bytes(data)
    return file


def test_the_file_name_is_ignored(tmp_path: Path) -> None:
    picture(dpi=72).save(tmp_path / "a.txt", "TIFF")
    assert file_type_of(tmp_path / "a.txt") is FileType.TIFF
    assert file_type_of(text_pdf(tmp_path / "a.png")) is FileType.PDF
    assert file_type_of(WordFile([Piece("Một\r")]).write(tmp_path / "a.pdf")) is FileType.DOC
    assert file_type_of(written(tmp_path, "b.pdf", b"{\\rtf1 a}")) is FileType.RTF
    assert file_type_of(written(tmp_path, "c.pdf", b"<!DOCTYPE html><html>")) is FileType.HTML
    assert file_type_of(written(tmp_path, "d.pdf", "Số: 12".encode("utf-16"))) is FileType.TEXT


def test_missing_empty_and_blank_files_have_verdicts(tmp_path: Path) -> None:
    assert verdict_of(tmp_path / "none.pdf") == "mat_tep"
    assert verdict_of(tmp_path) == "mat_tep"
    assert verdict_of(written(tmp_path, "empty.pdf", b"")) == "trong"
    assert verdict_of(written(tmp_path, "blank.txt", b" \n\n ")) == "trong"


def test_damaged_files_have_a_verdict(tmp_path: Path) -> None:
    assert verdict_of(written(tmp_path, "a.pdf", b"%PDF-1.7\nrubbish" * 20)) == "hong"
    assert verdict_of(written(tmp_path, "a.png", b"\x89PNG\r\n\x1a\n" + b"rubbish" * 20)) == "hong"
    assert verdict_of(written(tmp_path, "a.heic", b"0000ftypheic")) == "hong"
    assert verdict_of(written(tmp_path, "a.docx", b"PK\x03\x04rubbish")) == "hong"


def test_unsupported_types_are_refused(tmp_path: Path) -> None:
    assert verdict_of(written(tmp_path, "a.rar", b"Rar!\x1a\x07\x01\x00")) == "khong_ho_tro"
    assert verdict_of(written(tmp_path, "a.webp", b"RIFF0000WEBP")) == "khong_ho_tro"
    assert verdict_of(written(tmp_path, "a.bin", bytes(range(256)) * 4)) == "khong_ho_tro"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    assert verdict_of(tmp_path / "a.zip") == "khong_ho_tro"
    presentation = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "PowerPoint Document".encode("utf-16-le")
    assert verdict_of(written(tmp_path, "a.ppt", presentation)) == "khong_ho_tro"


def test_damaged_spreadsheets_and_presentations_are_told_apart_from_unknown_files(tmp_path: Path) -> None:
    for name in ("xl/workbook.xml", "ppt/presentation.xml"):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, "x")
        assert verdict_of(tmp_path / "a.zip") == "hong"
    sheets = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600
    assert verdict_of(written(tmp_path, "a.xls", sheets)) == "hong"


def test_an_office_file_with_a_password_has_its_own_verdict(tmp_path: Path) -> None:
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert verdict_of(written(tmp_path, "b.docx", office)) == "ma_hoa"
