"""`ocop read`: one JSON object for each file, in the order given, as docs/record.schema.json says."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.paths import ROOT

SCHEMA = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))
SAMPLES = ROOT / "corpus" / "samples" / "files"

PLAN = """ỦY BAN NHÂN DÂN
TỈNH VÂN LĨNH
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số: 45/KH-UBND
Vân Lĩnh, ngày 12 tháng 3 năm 2024

KẾ HOẠCH
Triển khai Chương trình mỗi xã một sản phẩm năm 2024

Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ;
Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ.
I. MỤC ĐÍCH
1. Thực hiện theo Quyết định số 148/QĐ-TTg.

Nơi nhận:
- Như trên;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Nguyễn Văn An
"""


def ocop(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "webui", *map(str, arguments)],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=240, check=False,
    )  # fmt: skip


def lines(*arguments: str | Path) -> list[dict[str, Any]]:
    done = ocop(*arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_each_file_gives_one_json_line_in_order_with_the_reason_of_failures(plan: Path, tmp_path: Path) -> None:
    empty = tmp_path / "rong.pdf"
    empty.write_bytes(b"")
    junk = tmp_path / "rac.docx"
    junk.write_bytes(b"PK\x03\x04 not a zip at all")
    missing = tmp_path / "khong-co.pdf"
    order = [empty, plan, junk, missing, plan]
    values = lines("read", *order, "--jsonl")
    assert [v["path"] for v in values] == [str(p) for p in order]
    validator = Draft202012Validator(SCHEMA)
    for value in values:
        assert not list(validator.iter_errors(value))
    assert [v.get("verdict") for v in values] == ["trong", None, "hong", "mat_tep", None]


def test_a_record_has_the_values_of_the_document(plan: Path) -> None:
    (value,) = lines("read", plan, "--jsonl")
    assert value["kind"] == "administrative"
    assert (value["doc_type"], value["so_ky_hieu"], value["date"]) == ("Kế hoạch", "45/KH-UBND", "2024-03-12")
    assert [c["so_ky_hieu"] for c in value["citations"] if c["is_legal_basis"]] == ["919/QĐ-TTg", "148/QĐ-TTg"]
    assert unicodedata.is_normalized("NFC", value["text"])
    for citation in value["citations"]:
        assert value["text"][citation["start"] : citation["end"]] == citation["text"]


def test_decomposed_text_is_composed_and_offsets_fit(tmp_path: Path) -> None:
    path = tmp_path / "nfd.txt"
    path.write_text(unicodedata.normalize("NFD", PLAN), encoding="utf-8")
    (value,) = lines("read", path, "--jsonl")
    assert unicodedata.is_normalized("NFC", value["text"])
    assert value["so_ky_hieu"] == "45/KH-UBND"
    assert all(value["text"][c["start"] : c["end"]] == c["text"] for c in value["citations"])


def test_printed_records_are_vietnamese_and_failures_set_the_exit_code(plan: Path, tmp_path: Path) -> None:
    done = ocop("read", plan)
    assert done.returncode == 0
    assert "Số, ký hiệu" in done.stdout
    assert "45/KH-UBND" in done.stdout
    done = ocop("read", tmp_path / "khong-co.pdf")
    assert done.returncode == 19
    assert "Không tìm thấy tệp" in done.stdout


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not built")
def test_samples_match_the_schema() -> None:
    files = [p for p in sorted(SAMPLES.iterdir()) if p.suffix in {".pdf", ".docx"}][:4]
    validator = Draft202012Validator(SCHEMA)
    values = lines("read", *files, "--jsonl")
    assert len(values) == len(files)
    for value in values:
        assert not [e.message for e in validator.iter_errors(value)]
