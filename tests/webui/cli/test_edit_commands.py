"""`ocop remove`, `merge`, `undo`, `audit`, `reindex`, `status`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.ocr import reader as line_reader
from tests.support.shell import Shell


def test_merging_documents_that_differ_warns_or_needs_force(ocop: Shell) -> None:
    before = ocop("dump")
    ocop("merge", "919/QĐ-TTg", "88/QĐ-UBND", "--reason", "thử")
    assert "khác số, ký hiệu, ngày, cơ quan" in ocop.error
    ocop("undo", "1")
    ocop("merge", "45/KH-UBND tỉnh Nghệ An", "88/QĐ-UBND", "--reason", "thử", code=2)
    assert "khác loại" in ocop.error
    assert ocop("dump") == before
    out = ocop("merge", "45/KH-UBND tỉnh Nghệ An", "88/QĐ-UBND", "--reason", "thử", "--force")
    assert out.startswith("Đã gộp #")
    assert " vào #" in out


def test_removing_is_audited_and_can_be_undone(ocop: Shell, files: Path) -> None:
    before = ocop("dump")
    entry = ocop.json("remove", "88/QĐ-UBND", "--reason", "nhập nhầm")["audit"]
    assert ocop.json("search", "--literal", "kinh phí tập huấn")["total"] == 0
    assert ocop.json("ingest", files / "con" / "quyet-dinh.txt")["counts"] == {"removed": 1}
    ocop("undo", str(entry))
    assert ocop("dump") == before
    assert ocop.json("search", "--literal", "kinh phí tập huấn")["total"] == 1
    assert [e["action"] for e in ocop.json("audit")] == ["remove", "undo"]
    result = ocop("audit")
    assert "gỡ: #" in result
    assert "Quyết định 88/QĐ-UBND (đã hoàn tác)" in result
    assert "lý do: nhập nhầm" in result
    assert "|" not in result  # no keys of ours


def test_merging_can_be_undone(ocop: Shell) -> None:
    before = ocop("dump")
    entry = ocop.json("merge", "919/QĐ-TTg", "148/QĐ-TTg", "--reason", "thử")["audit"]
    assert ocop.json("show", "919/QĐ-TTg")["merged"]
    ocop("undo", str(entry))
    assert ocop("dump") == before


def test_reindex_rebuilds_the_index_with_another_engine(ocop: Shell) -> None:
    assert ocop.json("reindex", "--engine", "tantivy")["engine"] == "tantivy"
    assert ocop.json("search", "tập huấn", "-f", "trangthai=co_van_ban")["total"] == 3
    ocop("reindex", "--engine", "gì", code=2)


def test_status_says_who_reads_page_images_and_why_the_line_reader_cannot(
    ocop: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime")
    assert ocop.json("status")["ocr"] == {"engine": "both", "why_not": ""}
    assert "bộ đọc dòng và Tesseract" in ocop("status")
    monkeypatch.setattr(line_reader, "why_unavailable", lambda: "Thiếu tệp của bộ đọc.")
    assert ocop.json("status")["ocr"] == {"engine": "both", "why_not": "Thiếu tệp của bộ đọc."}
    assert "Thiếu tệp của bộ đọc." in ocop("status")
    monkeypatch.setenv("OCOP_OCR", "tesseract")
    assert ocop.json("status")["ocr"] == {"engine": "tesseract", "why_not": ""}


def test_status_explains_the_number_of_indexed_documents(ocop: Shell) -> None:
    status = ocop.json("status")
    assert status["held"] + status["stubs"] + status["known"] == status["index"]["documents"]
    assert f"({status['held']} có tệp + {status['stubs']} chỉ được dẫn + {status['known']} từ bảng đã biết)" in ocop(
        "status"
    )
