"""`ocop reocr`: another OCR mode is remembered for the file, and corrections stay."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from ingest import reader_version
from tests.support.reading_files import BODY, picture, scan_pdf
from tests.support.shell import Shell
from tests.support.web_library import PLAN

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@pytest.fixture
def ocop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "kho", capsys)


def said_of(shell: Shell, id: int) -> dict[str, Any]:
    shown: dict[str, Any] = shell.json("show", f"#{id}")
    return shown


@needs_tesseract
def test_the_ocr_mode_is_remembered_and_corrections_stay(
    tmp_path: Path, ocop: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scan's hidden layer is good Vietnamese and wrong: only OCR sees what is printed."""
    printed = ("Số: 12/QĐ-UBND", "Thanh Hóa, ngày 05 tháng 01 năm 2024", *BODY)
    hidden = ("Số: 99/QĐ-UBND", "Thanh Hóa, ngày 05 tháng 01 năm 2024", *BODY)
    file = scan_pdf(tmp_path / "a.pdf", [picture(printed, dpi=120)], hidden=hidden * 2)
    assert ocop.json("ingest", file)["counts"] == {"new": 1}
    with Library.open(ocop.library) as library:
        (document,) = library.view().documents()
        assert document.so_ky_hieu == "99/QĐ-UBND"
        library.edits.correct(document.id, "title", "Tên do người sửa", who="lan")
    result = ocop.json("reocr", f"#{document.id}")
    assert (result["mode"], result["source"]) == ("redo", "ocr")
    assert result["changed"]["so_ky_hieu"] == {"before": "99/QĐ-UBND", "after": "12/QĐ-UBND"}
    assert said_of(ocop, document.id)["title"] == "Tên do người sửa"
    assert ocop.json("search", "12/QĐ-UBND")["hits"][0]["id"] == document.id
    assert ocop.json("ingest", file)["counts"] == {"unchanged": 1}
    monkeypatch.setattr(reader_version, "READER_VERSION", reader_version.READER_VERSION + "+")
    assert ocop.json("ingest", file)["counts"] == {"updated": 1}
    assert said_of(ocop, document.id)["so_ky_hieu"] == "12/QĐ-UBND"
    assert "99/QĐ-UBND" in ocop("reocr", f"#{document.id}", "--mode", "auto")
    assert said_of(ocop, document.id)["title"] == "Tên do người sửa"


@needs_tesseract
def test_redo_and_force_do_not_use_the_ocr_cache(tmp_path: Path, ocop: Shell) -> None:
    file = scan_pdf(tmp_path / "a.pdf", [picture(BODY[:4], dpi=120)])
    ocop("ingest", file)
    entries = list((ocop.library / "ocr").rglob("*.z"))
    assert entries
    stamps = {entry: entry.stat().st_mtime_ns for entry in entries}
    for mode, anew in (("auto", False), ("redo", True), ("force", True)):
        ocop("reocr", "#1", "--mode", mode)
        kept = [e for e in entries if e.exists() and e.stat().st_mtime_ns == stamps[e]]
        assert bool(kept) is not anew, mode
        entries = list((ocop.library / "ocr").rglob("*.z"))
        stamps = {entry: entry.stat().st_mtime_ns for entry in entries}


def test_an_impossible_mode_leaves_the_library_unchanged(tmp_path: Path, ocop: Shell) -> None:
    plan = tmp_path / "ke-hoach.txt"
    plan.write_text(PLAN, encoding="utf-8")
    ocop("ingest", plan)
    before = ocop("dump")
    ocop("reocr", "#1", "--mode", "nhanh", code=2)
    assert "force" in ocop.error
    assert "không đổi" in ocop("reocr", "45/KH-UBND", "--mode", "off")
    ocop("reocr", "919/QĐ-TTg", code=3)
    assert "tệp gốc" in ocop.error
    assert ocop("dump") == before
    assert json.loads(before.splitlines()[0])


@needs_tesseract
def test_a_scan_read_without_ocr_is_refused_and_nothing_is_lost(tmp_path: Path, ocop: Shell) -> None:
    ocop("ingest", scan_pdf(tmp_path / "a.pdf", [picture(BODY[:4], dpi=120)]))
    before = ocop("dump")
    ocop("reocr", "#1", "--mode", "off", code=18)
    assert "vẫn giữ lần đọc trước" in ocop.error
    assert ocop("dump") == before
    with Library.open(ocop.library) as library:
        assert library.intake.ocr_modes() == {}


@needs_tesseract
def test_engines_are_compared_and_nothing_is_stored(tmp_path: Path, ocop: Shell) -> None:
    pytest.importorskip("onnxruntime")
    ocop("ingest", scan_pdf(tmp_path / "a.pdf", [picture(BODY[:4], dpi=120)]))
    before = ocop("dump")
    compared = ocop.json("reocr", "#1", "--compare")
    assert set(compared["engines"]) == {"both", "reader", "tesseract"}
    assert compared["left_out"] == {}
    assert set(compared["distance"]) == {"both reader", "reader tesseract"}
    assert all(0 <= share < 0.2 for share in compared["distance"].values())
    for values in compared["fields"].values():
        assert set(values) == set(compared["engines"])
        assert len({str(value) for value in values.values()}) > 1
    shown = ocop("reocr", "#1", "--compare")
    assert all(engine in shown for engine in compared["engines"])
    assert ocop("dump") == before
