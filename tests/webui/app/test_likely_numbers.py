"""A cited number that may be wrong is marked wherever the document is named: table, command, list of căn cứ."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.graph.graph import Graph
from corpus.library import Library
from search.searcher import Search
from tests.support.libraries import cite, record
from tests.support.shell import Shell
from webui.app import bases_file
from webui.app.settings import Settings
from webui.web.application import create_app

BYT = "Bộ Y tế"
TITLE = "ban hành Kế hoạch an toàn thực phẩm cho sản phẩm OCOP giai đoạn 2023-2025"
WORDS = "có thể là 5681/QĐ-BYT (cùng ngày, cùng cơ quan, cùng trích yếu, số gần giống)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan that rests on 2681/QĐ-BYT, which nobody holds, beside 5681/QĐ-BYT of the same day and title."""
    with Library.open(tmp_path / "kho", create=True, facts=False) as library:
        library.intake.add(record("5681/QĐ-BYT", "2023-12-11", BYT, title=TITLE))
        cited = [cite("2681/QĐ-BYT", "2023-12-11", BYT, title=TITLE), cite("9/QĐ-BYT", "2023-01-05", BYT)]
        library.intake.add(record("7/KH-UBND", "2024-02-01", "UBND tỉnh Thanh Hóa", cited))
        Search(tmp_path / "kho", library.view()).catch_up()
    return tmp_path / "kho"


def test_the_table_of_missing_documents_says_it(folder: Path) -> None:
    with TestClient(create_app(Settings(library=folder))) as client:
        rows = list(csv.DictReader(io.StringIO(client.get("/con-thieu.csv").text.removeprefix("\ufeff"))))
    assert {row["Số, ký hiệu"]: row["Số có thể sai"] for row in rows} == {"2681/QĐ-BYT": WORDS, "9/QĐ-BYT": ""}


def test_the_command_says_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ocop = Shell(folder, capsys)
    for command in ("cites", "show"):
        printed = " ".join(ocop(command, "7/KH-UBND").split())
        assert printed.count(f"số cần kiểm tra, {WORDS}") == 1, command
        assert printed.index("2681/QĐ-BYT") < printed.index(WORDS)
    found = ocop.json("cites", "7/KH-UBND")
    assert {c["document"]["so_ky_hieu"]: [m["number"] for m in c["may_be"]] for c in found["children"]} == {
        "2681/QĐ-BYT": ["5681/QĐ-BYT"], "9/QĐ-BYT": [],
    }  # fmt: skip


def test_the_list_of_bases_to_take_away_says_it(folder: Path) -> None:
    with Library.open(folder, facts=False) as library:
        view = library.view()
        document = view.document(view.one("7/KH-UBND").id)
        doubts = [row["doubt"] for row in bases_file.rows(view, Graph(view).refresh(), document)]
    assert doubts == [f"số cần kiểm tra, {WORDS}", ""]
