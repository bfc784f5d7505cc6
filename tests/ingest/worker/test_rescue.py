"""Attempts after a failure: the pages done before are kept, and each attempt leaves out more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from corpus.vocabulary import Verdict
from ingest.limits import MEGABYTE
from ingest.worker import progress
from ingest.worker.pool import Pool
from ingest.worker.progress import Reached, Stage
from ingest.worker.rescue import Rescue, rescue_after


def die_at_page_3(path: str, rescue: Rescue | None) -> dict[str, Any] | None:
    """Reads five pages and dies at the third, unless it is to stop before that; runs in a worker."""
    for page in range(1, (rescue.last if rescue else 5) + 1):
        progress.report(Stage.PAGE, page, 5)
        if page == 3:
            os.abort()
    return {"verdict": rescue.verdict, "pages": rescue.pages, "last": rescue.last} if rescue else None


def use_up_memory_at_page_2(path: str, rescue: Rescue | None) -> int:
    """Runs in a worker."""
    progress.report(Stage.PAGE, 2, 2)
    return len(bytearray(8 << 30))


def with_rescue(arguments: tuple[Any, ...], rescue: Rescue) -> tuple[Any, ...]:
    """The arguments of a further attempt."""
    return (*arguments[:-1], rescue)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1, timeout=120, memory=2048 * MEGABYTE) as pool:
        yield pool


def test_pages_before_a_crash_are_read_once_more(pool: Pool) -> None:
    assert pool.call(die_at_page_3, "x", None, rescuer=with_rescue) == {"verdict": "hong", "pages": 5, "last": 2}


def test_a_failure_names_the_page(pool: Pool) -> None:
    failed = pool.call(die_at_page_3, "x", None)
    assert failed.verdict == "hong"
    assert "trang 3/5" in failed.error


def test_a_shortage_of_memory_names_page_and_limit(pool: Pool) -> None:
    failed = pool.call(use_up_memory_at_page_2, "x", None, rescuer=with_rescue)
    assert failed.verdict == "het_bo_nho"
    assert "trang 2/2" in failed.error
    assert "2048 MB" in failed.error


def test_each_attempt_leaves_out_more() -> None:
    at_page, at_ocr = Reached(Stage.PAGE, 4, 9), Reached(Stage.OCR, 2, 9)
    at_record = Reached(Stage.RECORD, 0, 9)
    first = rescue_after(Verdict.TIMED_OUT, at_page, None, by_reader=False)
    assert first == Rescue(Verdict.TIMED_OUT, 9, 3)
    second = rescue_after(Verdict.TIMED_OUT, at_ocr, first, by_reader=False)
    assert second == Rescue(Verdict.TIMED_OUT, 9, 3, cached_ocr_only=True)
    third = rescue_after(Verdict.OUT_OF_MEMORY, at_record, second, by_reader=False)
    assert third == Rescue(Verdict.TIMED_OUT, 9, 3, cached_ocr_only=True, text_only=True)


def test_there_is_no_attempt_where_nothing_is_left_to_leave_out() -> None:
    cached_only = Rescue(Verdict.TIMED_OUT, 9, 3, cached_ocr_only=True)
    assert rescue_after(Verdict.TIMED_OUT, Reached(Stage.OCR, 2, 9), cached_only, by_reader=False) is None
    text_only = Rescue(Verdict.TIMED_OUT, 9, 3, cached_ocr_only=True, text_only=True)
    assert rescue_after(Verdict.TIMED_OUT, Reached(Stage.RECORD, 0, 9), text_only, by_reader=False) is None
    assert rescue_after(Verdict.DAMAGED, Reached(Stage.PAGE, 1, 9), None, by_reader=False) is None
    assert rescue_after(Verdict.DAMAGED, Reached(Stage.OPEN, 0, 0), None, by_reader=True) is None
    assert rescue_after(Verdict.DAMAGED, None, None, by_reader=False) is None


def test_a_reader_that_reports_a_broken_page_may_skip_it() -> None:
    assert rescue_after(Verdict.DAMAGED, Reached(Stage.PAGE, 4, 9), None, by_reader=True) == Rescue(
        Verdict.DAMAGED, 9, 9
    )
