"""The cache of segmented words: it segments once, survives damage, and does not mistake a lock for damage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import LibraryBusy
from search.index.word_cache import WordCache


class Segmenter:
    """Splits at commas and keeps what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str) -> list[str]:
        self.texts.append(text)
        return text.split(",") if text else []


def test_a_text_is_segmented_once(tmp_path: Path) -> None:
    segment = Segmenter()
    for _ in range(2):
        with closing(WordCache(tmp_path / "words.sqlite", segment)) as cache:
            assert cache("tập huấn,kế hoạch") == ["tập huấn", "kế hoạch"]
            assert cache("") == []
    assert segment.texts == ["tập huấn,kế hoạch", ""]


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite"
    path.write_bytes(b"rubbish" * 1_000)
    with closing(WordCache(path, Segmenter())) as cache:
        assert cache("tập huấn,kế hoạch") == ["tập huấn", "kế hoạch"]


def test_entries_not_used_are_removed_after_a_rebuild(tmp_path: Path) -> None:
    segment = Segmenter()
    with closing(WordCache(tmp_path / "words.sqlite", segment)) as cache:
        cache("giữ"), cache("bỏ")
    with closing(WordCache(tmp_path / "words.sqlite", segment)) as cache:
        cache("giữ")
        cache.keep_used_only()
    with closing(WordCache(tmp_path / "words.sqlite", segment)) as cache:
        cache("giữ"), cache("bỏ")
    assert segment.texts == ["giữ", "bỏ", "bỏ"]


def test_a_locked_file_is_busy_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "words.sqlite"
    WordCache(path, str.split).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryBusy):
            WordCache(path, str.split, timeout=0.0)
        other.execute("ROLLBACK")
    assert path.exists()
