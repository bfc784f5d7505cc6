"""Texts segmented by several processes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.segment import words
from search.index.segmenting import Segmenter
from search.index.word_cache import WordCache

TEXTS = [f"Kế hoạch tập huấn cán bộ xã số {number}. " * 4_000 for number in range(4)]


def test_processes_give_what_one_gives() -> None:
    with closing(Segmenter(2)) as several:
        assert several(TEXTS) == [words(text) for text in TEXTS]
        assert several(["Ủy ban nhân dân", ""]) == [words("Ủy ban nhân dân"), []]


def test_only_what_is_missing_is_segmented(tmp_path: Path) -> None:
    asked: list[str] = []

    def segment_all(texts: Sequence[str]) -> list[list[str]]:
        asked.extend(texts)
        return [["tập huấn"] for _ in texts]

    with closing(WordCache(tmp_path / "words.sqlite", words)) as cache:
        cache.fill(["một", "hai", "một"], segment_all)
        cache.fill(["hai", "ba"], segment_all)
        assert cache("hai") == ["tập huấn"]
    assert asked == ["một", "hai", "ba"]
