"""The report of an upload: pages read, and how long the rest may take."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.worker.progress import Reached, Stage
from webui.app.ingest_report import FileReport
from webui.app.upload_files import Batch
from webui.app.upload_report import for_page, pages_read, time_left


@pytest.mark.parametrize(
    ("seconds", "done", "total", "words"),
    [
        (12.0, 0, 5, ""),
        (30.0, 3, 5, "20 giây"),
        (1.0, 1, 3, "10 giây"),
        (600.0, 10, 40, "30 phút"),
        (600.0, 5, 5, ""),
    ],
)
def test_time_left(seconds: float, done: int, total: int, words: str) -> None:
    assert time_left(seconds, done, total) == words


def batch_of(*names: str) -> Batch:
    return Batch("lo", "lan", list(names), Path("tai-len"))


def test_pages_are_counted_and_those_of_unopened_files_estimated() -> None:
    batch = batch_of("a.pdf", "b.pdf", "c.pdf", "d.pdf")
    assert pages_read(batch, {}) == (0, 4)
    assert pages_read(batch, {"a.pdf": Reached(Stage.OPEN, 0, 0)}) == (0, 4)
    batch.reports.append(FileReport("tải lên/lo/a.pdf", "new", 1, pages=2))
    assert pages_read(batch, {"b.pdf": Reached(Stage.OCR, 4, 10)}) == (5, 2 + 10 + 2 * 6)
    assert pages_read(batch, {"b.pdf": Reached(Stage.PAGE, 4, 10)}) == (2, 24)
    assert pages_read(batch, {"b.pdf": Reached(Stage.OCR, 40, 10)}) == (2, 8), "a note that cannot be"


def test_the_page_says_what_each_file_is_at() -> None:
    reached = {
        "a.pdf": Reached(Stage.OCR, 4, 10),
        "b.pdf": Reached(Stage.PAGE, 1, 2),
        "c.pdf": Reached(Stage.OPEN, 0, 0),
    }
    shown = for_page(batch_of("a.pdf", "b.pdf", "c.pdf", "d.pdf"), {}, reached=reached)
    rows = shown["rows"]
    assert isinstance(rows, list)
    assert [row["reading"] for row in rows] == [
        "đang nhận dạng chữ trang 4/10", "đang xem trang 1/2", "đang mở tệp", "",
    ]  # fmt: skip
    assert (shown["read"], shown["of"]) == (3, 24)
