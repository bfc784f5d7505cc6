"""What must be revised: the documents that rest on a changed one by what is to be done, and an agency's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from corpus.errors import NotFound
from corpus.graph.graph import Graph
from corpus.library import Library, LibraryView
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.options import ReadOptions
from ingest.reader_version import READER_VERSION
from tests.paths import SAMPLES, SHARED
from tests.support.web_library import document_text
from webui.app import revision, revision_tables

Held = tuple[LibraryView, dict[str, int]]
OLD = "Căn cứ Quyết định số 1048/QĐ-TTg ngày 21/8/2019 của Thủ tướng Chính phủ."
#: Number → (type, day, body). 11 still stands, 12 is replaced by 15, 13 rests widely, 14 may mean another document.
TEXTS = {
    "11": ("KẾ HOẠCH", ("05", "3", "2020"), f"{OLD}\nI. MỤC ĐÍCH\n1. Mở lớp."),
    "12": ("QUYẾT ĐỊNH", ("06", "3", "2020"), f"{OLD}\nQUYẾT ĐỊNH:\nĐiều 1. Mở lớp."),
    "13": ("KẾ HOẠCH", ("07", "3", "2020"), "Thực hiện" + OLD.removeprefix("Căn cứ") + "\nI. MỤC ĐÍCH\n1. Mở lớp."),
    "15": (
        "QUYẾT ĐỊNH", ("09", "3", "2023"),
        "QUYẾT ĐỊNH:\nĐiều 1. Quyết định này thay thế Quyết định số 12/QĐ-UBND ngày 06/3/2020 của UBND tỉnh Thanh Hóa.",
    ),
}  # fmt: skip


def add(library: Library, path: Path, options: ReadOptions = ReadOptions(second_reader=False)) -> int:
    record = parse_record(read_record(str(path), options))
    return library.intake.add(record, path, reader_version=READER_VERSION).id


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("revision")
    ids = {}
    with Library.open(folder / "kho", create=True) as library:
        for number, (kind, day, body) in TEXTS.items():
            code = "KH" if kind == "KẾ HOẠCH" else "QĐ"
            path = folder / f"{number}.txt"
            path.write_text(document_text(kind, f"{number}/{code}-UBND", day, "Về tập huấn", body), encoding="utf-8")
            ids[number] = add(library, path)
        yield library.view(), ids


def table(found: dict[str, object]) -> list[tuple[str, str, str]]:
    """(what is to be done, document, its effect) of each row."""
    groups = found["groups"]
    assert isinstance(groups, list)
    return [(g["need"], row["document"]["name"], row["words"]) for g in groups for row in g["rows"]]


def test_dependents_are_told_apart(held: Held) -> None:
    view, _ = held
    found = revision.of_document(view, Graph(view), view.one("1048/QĐ-TTg").id)
    assert found["changed"]
    assert found["effect"]["sentence"].startswith("Bị thay thế bởi Quyết định 148/QĐ-TTg từ ngày 24/02/2023")
    assert table(found) == [
        ("can_xem", "Kế hoạch 11/KH-UBND", "chưa thấy thay đổi"),
        ("da_het", "Quyết định 12/QĐ-UBND", "bị thay thế"),
        ("rong", "Kế hoạch 13/KH-UBND", "chưa thấy thay đổi"),
    ]
    assert found["agencies"] == [{"name": "Ủy ban nhân dân tỉnh Thanh Hóa", "total": 3, "look": 1}]
    none = revision.of_document(view, Graph(view), view.one("1048/QĐ-TTg").id, agency="Sở Y tế")
    assert none["total"] == 0


def test_an_agency_sees_its_documents_with_changed_bases(held: Held) -> None:
    view, ids = held
    found = revision.of_agency(view, Graph(view), "UBND tỉnh Thanh Hóa")
    assert [row["document"]["id"] for row in found["rows"]] == [ids["11"]]  # 12 has itself been replaced
    (basis,) = found["rows"][0]["bases"]
    assert (basis["document"]["name"], basis["words"]) == ("Quyết định 1048/QĐ-TTg", "bị thay thế")
    assert found["looked_at"] == 4
    with pytest.raises(NotFound):
        revision.of_agency(view, Graph(view), "UBND tỉnh Không Có")


def test_the_excel_files_hold_what_the_lists_show(held: Held) -> None:
    view, _ = held
    found = revision.of_document(view, Graph(view), view.one("1048/QĐ-TTg").id)
    rows = sheet(revision_tables.of_document(found))
    at = next(n for n, row in enumerate(rows) if row[0] == "Việc cần làm")
    assert [(row[2], row[6]) for row in rows[at + 1 :]] == [
        ("11/KH-UBND", "chưa thấy thay đổi"), ("12/QĐ-UBND", "bị thay thế"), ("13/KH-UBND", "chưa thấy thay đổi"),
    ]  # fmt: skip
    assert found["effect"]["sentence"] in rows[1]
    listed = sheet(revision_tables.of_agency(revision.of_agency(view, Graph(view), "UBND tỉnh Thanh Hóa")))
    assert listed[-1][5:8] == ["Quyết định 1048/QĐ-TTg", "chưa thấy thay đổi", "bị thay thế"]


def sheet(data: bytes) -> list[list[object]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


#: By hand, from the pages of samples and seeds: what rests on 1048/QĐ-TTg. Quyết định 2450/QĐ-UBND replaced 1120 and
#: Quyết định 735/QĐ-UBND replaced 2214; Công văn 118 only carries it out; Công văn 2305 corrects how 1120 writes it.
BY_HAND = {
    ("da_het", "Quyết định 1120/QĐ-UBND", "bị thay thế"),
    ("da_het", "Quyết định 2214/QĐ-UBND", "bị thay thế"),
    ("rong", "Công văn 118/VPĐP-OCOP", "chưa thấy thay đổi"),
}

#: The samples that name 1048/QĐ-TTg, those that change them, and all of the rest that need no OCR.
CHOSEN = ("01", "02", "04", "06", "07", "08", "09", "10", "11", "12", "14", "18", "20", "21", "25", "28", "29", "30")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_148_replaced_1048_on_samples_and_seeds(tmp_path: Path) -> None:
    """The list is right against the table made by hand; scans are read by OCR, so it takes a while."""
    seeds = SHARED / "documents" / "seeds"
    files = [path for path in sorted((SAMPLES / "files").iterdir()) if path.name[:2] in CHOSEN]
    files += sorted(seeds.glob("*.txt")) if seeds.is_dir() else []
    with Library.open(tmp_path / "kho", create=True) as library:
        for path in files:
            add(library, path, ReadOptions())  # as they are read by default
        view = library.view()
        found = revision.of_document(view, Graph(view), view.one("1048/QĐ-TTg").id)
    assert found["effect"]["state"] == "bi_thay_the"
    assert set(table(found)) == BY_HAND
