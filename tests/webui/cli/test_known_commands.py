"""Renewing the table of known documents: what it brings, what is refused, and its undoing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.law import known_documents
from corpus.library import Library
from tests.support.shell import Shell
from webui.app.known_update import COLUMNS

#: Ends a document that the library cites, and which the tables of the program do not end.
ROWS = (
    "148/QĐ-TTg\tQuyết định\t2023-02-24\tThủ tướng Chính phủ\tban hành Bộ tiêu chí\t2023-02-24\thet_hieu_luc"
    "\t2026-11-29\tvbpl\tV",
    "9999/QĐ-TTg\tQuyết định\t2026-11-01\tThủ tướng Chính phủ\tmột quyết định mới\t\t\t2026-11-29\tvbpl\tV",
)


@pytest.fixture(autouse=True)
def _no_renewal_is_left() -> Iterator[None]:
    yield
    known_documents.renew("")


def table(file: Path, rows: tuple[str, ...] = ROWS, signed: str = "# duyệt: Trần Thị Bình, 2026-11-29") -> Path:
    file.write_text("\n".join([signed, "\t".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return file


def state(library: Path) -> str:
    from corpus.checks.effect_status import effect_status
    from corpus.graph.graph import Graph

    with Library.open(library) as opened:
        view = opened.view()
        return str(effect_status(view, Graph(view).refresh(), view.one("148/QĐ-TTg").id).state)


def test_a_renewed_row_counts_until_it_is_undone(ocop: Shell, tmp_path: Path) -> None:
    before = state(ocop.library)
    done = ocop.json("known", "update", table(tmp_path / "moi.tsv"))
    assert (done["new"], done["changed"], done["same"]) == (1, 1, 0)
    assert state(ocop.library) == "het_hieu_luc" != before
    assert known_documents.get(next(k for k in known_documents.all_rows() if "9999" in k)) is not None
    assert "cập nhật danh mục tra cứu" in ocop("audit")
    again = ocop.json("known", "update", table(tmp_path / "hai.tsv", ROWS[1:]))
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)
    assert state(ocop.library) == before
    ocop("undo", str(done["audit"]), code=2)  # the later one first
    ocop("undo", str(again["audit"]))
    assert state(ocop.library) == "het_hieu_luc"
    ocop("undo", str(done["audit"]))
    assert state(ocop.library) == before
    assert not any("9999" in key for key in known_documents.all_rows())


def test_another_process_sees_it_at_its_next_look(ocop: Shell, tmp_path: Path) -> None:
    with Library.open(ocop.library) as opened:
        view, since = opened.view(), opened.view().sequence()
        ocop("known", "update", table(tmp_path / "moi.tsv"))
        known_documents.renew("")  # as in a process that has not looked yet
        assert view.changes(since)
        assert any("9999" in key for key in known_documents.all_rows())


@pytest.mark.parametrize(
    ("rows", "signed", "words"),
    [
        (ROWS, "# bảng mới", "chưa có dòng duyệt"),
        ((ROWS[0].replace("vbpl", ""),), "", "thiếu nguồn"),
        ((ROWS[0].replace("2026-11-29", ""),), "", "thiếu ngày kiểm tra"),
        ((ROWS[0].replace("het_hieu_luc", "het"),), "", "không có tình trạng"),
        ((ROWS[0].replace("2023-02-24\tThủ", "24/2/2023\tThủ"),), "", "date không phải ngày"),
        ((ROWS[0], ROWS[0]), "", "có hai lần"),
        ((ROWS[0].replace("148/QĐ-TTg", "số 148"),), "", "không rõ cơ quan, số"),
        ((ROWS[0] + "\tthừa",), "", "không đúng các cột"),
        (("148/QĐ-TTg",), "", "thiếu ngày kiểm tra"),
        ((), "", "0 dòng"),
    ],
)
def test_what_is_not_signed_off_or_not_sourced_is_refused(
    ocop: Shell, tmp_path: Path, rows: tuple[str, ...], signed: str, words: str
) -> None:
    before = state(ocop.library)
    file = table(tmp_path / "sai.tsv", rows, signed or "# duyệt: Trần Thị Bình, 2026-11-29")
    ocop("known", "update", file, code=2)
    assert words in ocop.error
    assert state(ocop.library) == before
