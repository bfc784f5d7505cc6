"""The report of an upload: how long the rest may take."""

from __future__ import annotations

import pytest

from webui.app.upload_report import time_left


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
