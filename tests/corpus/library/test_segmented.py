"""Words of texts that were segmented where the file was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from corpus.library import Library, segmented
from corpus.library.backup import backup
from corpus.library.restore import restore
from corpus.library.schema import words
from tests.support.libraries import TINH, record

WORDS = ["Kế hoạch", "tập huấn"]
PLAN = replace(record("1/KH-UBND", "2024-01-01", TINH), text="Kế hoạch tập huấn.")


def rows(folder: Path) -> int:
    with Library.open(folder, facts=False) as library, library.database.read() as connection:
        return len(connection.execute(select(words)).all())


def test_words_stay_with_the_text_they_are_of(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        id = library.intake.add(PLAN, words=WORDS).id
        assert library.view().indexed(id).words == WORDS
        library.edits.correct(id, "title", "Kế hoạch khác", who="lan")
        assert library.view().indexed(id).words == WORDS
        library.intake.add(replace(PLAN, text="Chữ khác."), reader_version="2")
        assert library.view().indexed(id).words is None
    assert rows(tmp_path / "l") == 0


def test_words_travel_with_a_backup(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        id = library.intake.add(PLAN, words=WORDS).id
    backup(tmp_path / "l", tmp_path / "kho.zip")
    restore(tmp_path / "kho.zip", tmp_path / "other")
    with Library.open(tmp_path / "other", facts=False) as library:
        assert library.view().indexed(id).words == WORDS


@pytest.mark.parametrize("way", ["refused", "removed"])
def test_words_go_with_the_document(tmp_path: Path, way: str) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        id = library.intake.add(PLAN, words=WORDS).id
        if way == "refused":
            library.intake.refuse(PLAN.sha256, "độ mật")
        else:
            library.edits.remove(id, "nhầm")
    assert rows(tmp_path / "l") == 0


@pytest.mark.parametrize("value", [None, "chữ", [1], ["hai\ndòng"], ["a" * 300], {"a": "b"}])
def test_what_a_worker_gives_is_words_or_nothing(value: object) -> None:
    assert segmented.checked(value) is None
    assert segmented.checked(WORDS) == WORDS


def test_damaged_words_are_none(tmp_path: Path) -> None:
    key = segmented.text_key(PLAN.text)
    assert segmented.unpacked((key, b"hong"), PLAN.text) is None
    assert segmented.unpacked(None, PLAN.text) is None
