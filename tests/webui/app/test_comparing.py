"""Two documents of a library compared: căn cứ, head, text; a document against a scan made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from corpus.errors import UsageError
from corpus.library import Library
from corpus.record_json import parse_record
from corpus.samples.source import FILES
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from tests.support.web_library import PLAN, build, document_text
from webui.app import comparing

#: The samples that are born-digital PDFs.
BORN_DIGITAL = [
    "01-ctr-12-tu-2018.pdf",
    "02-qd-1876-2018.pdf",
    "07-qd-1120-2020.pdf",
    "08-cv-2305-2020.pdf",
    "09-nq-08-2021.pdf",
    "11-qd-2450-2022.pdf",
    "18-kh-103-2023.pdf",
    "21-bc-342-2024.pdf",
    "25-cv-1175-2025.pdf",
]
NEXT_YEAR = document_text(
    "KẾ HOẠCH", "52/KH-UBND", ("10", "2", "2025"), "Triển khai Chương trình mỗi xã một sản phẩm năm 2025",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ phê duyệt Chương trình mỗi xã một sản"
    " phẩm;\n"
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa.\n"
    "I. MỤC ĐÍCH\n1. Tổ chức tập huấn theo Quyết định số 4464/QĐ-BNN-VPĐP ngày 06/11/2020 của Bộ Nông nghiệp và Phát"
    " triển nông thôn.\n2. Đánh giá lại sản phẩm.",
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[Library, dict[str, int]]]:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as opened:
        yield opened, ids


def _add(library: Library, file: Path) -> int:
    return library.intake.add(parse_record(read_record(str(file))), file, reader_version=READER_VERSION).id


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for part in found["parts"] for row in part["rows"]]


def test_a_plan_against_that_of_last_year(library: tuple[Library, dict[str, int]], tmp_path: Path) -> None:
    opened, ids = library
    file = tmp_path / "moi.txt"
    file.write_text(NEXT_YEAR, encoding="utf-8")
    found = comparing.compare(opened.view(), ids["ke-hoach"], _add(opened, file))
    assert [row["document"]["so_ky_hieu"] for row in found["bases"]["added"]] == ["45/KH-UBND"]
    assert [row["document"]["so_ky_hieu"] for row in found["bases"]["dropped"]] == ["148/QĐ-TTg"]
    assert [row["document"]["so_ky_hieu"] for row in found["bases"]["kept"]] == ["919/QĐ-TTg"]
    assert {row["field"] for row in found["head"]} == {"so_ky_hieu", "date", "title"}
    assert not found["scanned"]
    (row,) = [row for row in _rows(found) if "Đánh giá lại" in (row["new"] or {"text": ""})["text"]]
    assert row["kind"] == "them"
    assert not any("148/QĐ-TTg" in (row["old"] or {"text": ""})["text"] for row in _rows(found))


def test_what_is_not_held_cannot_be_compared(library: tuple[Library, dict[str, int]]) -> None:
    opened, ids = library
    with pytest.raises(UsageError, match="toàn văn"):
        comparing.compare(opened.view(), ids["919"], ids["ke-hoach"])


def test_the_same_document_in_another_layout_is_the_same(
    library: tuple[Library, dict[str, int]], tmp_path: Path
) -> None:
    opened, ids = library
    file = tmp_path / "ban-hai.txt"
    file.write_text(PLAN.replace("Tổ chức tập huấn theo", "Tổ chức\ntập huấn  theo"), encoding="utf-8")
    record = parse_record(read_record(str(file)))
    record = replace(record, path=str(file))
    other = opened.intake.add(record, file, reader_version=READER_VERSION).id
    found = comparing.compare(opened.view(), ids["ke-hoach"], other)
    assert (found["total"], found["head"], found["bases"]["added"], found["bases"]["dropped"]) == (0, [], [], [])


@pytest.mark.long
@pytest.mark.parametrize("name", BORN_DIGITAL)
def test_a_document_and_a_scan_of_it_differ_in_nothing(tmp_path: Path, name: str) -> None:
    source = FILES / name
    with pdfium.PdfDocument(source) as pdf:
        pictures = [page.render(scale=200 / 72).to_pil().convert("L") for page in pdf]
    scan = tmp_path / "quet.pdf"
    pictures[0].save(scan, save_all=True, append_images=pictures[1:], resolution=200)
    with Library.open(tmp_path / "kho", create=True) as opened:
        ids = [_add(opened, file) for file in (source, scan)]
        found = comparing.compare(opened.view(), *ids)
    assert found["scanned"]
    assert (found["bases"]["added"], found["bases"]["dropped"], found["head"]) == ([], [], [])
    assert _rows(found) == []
