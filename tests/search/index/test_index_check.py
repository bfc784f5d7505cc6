"""The check of an index finds damage anywhere in its files, and every difference from the library."""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from pathlib import Path

import pytest

from corpus.errors import StaleIndex
from search.searcher import Search
from tests.support.engines import Tested, searched
from tests.support.search_library import MemorySource, ask, held, sample

WAYS = ("cut", "emptied", "bit flipped", "removed", "decayed")


def damage(file: Path, how: str) -> None:
    """Damages a file of an index. *decayed*: a bit flips and no time of change shows it."""
    before, state = file.read_bytes(), file.stat()
    if how == "removed":
        file.unlink()
    elif how in ("cut", "emptied"):
        os.truncate(file, len(before) // 2 if how == "cut" else 0)
    elif before:
        at = len(before) // 3
        file.write_bytes(before[:at] + bytes([before[at] ^ 0x10]) + before[at + 1 :])
    if how == "decayed" and file.parent.name == "engine":
        stamp = file.parents[2] / "current.json"
        content = json.loads(stamp.read_text())
        if file.name in content["files"]:
            content["files"][file.name][:2] = [state.st_size, file.stat().st_ctime_ns]
            stamp.write_text(json.dumps(content))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves a bad file open
@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("engine", Tested.names)
def test_damage_to_any_file_is_found_and_repaired(tmp_path: Path, engine: str, every: int) -> None:
    with closing(searched(tmp_path / "whole", sample(), engine)) as search:
        search.catch_up()
        expected = [(hit.id, hit.tier) for hit in ask(search, "tập huấn").hits]
    index = tmp_path / "whole" / "index"
    names = sorted(f.relative_to(index) for f in index.rglob("*") if f.is_file() and f.name != "lock")
    assert len(names) >= 5
    cases = [(name, how) for name in names for how in WAYS]
    for number, (name, how) in enumerate(cases[::every]):
        folder = tmp_path / str(number)
        with closing(searched(folder, sample(), engine)) as search:
            search.catch_up()
        if not (folder / "index" / name).exists():
            continue
        damage(folder / "index" / name, how)
        with closing(searched(folder, sample(), engine)) as damaged:
            with suppress(StaleIndex):
                ask(damaged, "tập huấn")
                damaged.suggest("tập")
            if damaged.examine():
                with suppress(StaleIndex):
                    damaged.catch_up()
                damaged.rebuild()
            assert damaged.examine() == [], (name, how)
            assert [(hit.id, hit.tier) for hit in ask(damaged, "tập huấn").hits] == expected, (name, how)


def test_a_sound_index_has_no_problems(search: Search) -> None:
    assert search.examine() == []


def test_a_missing_index_is_a_problem(tmp_path: Path) -> None:
    assert Search(tmp_path, sample()).examine() == ["Kho chưa có chỉ mục."]


def test_changes_not_taken_in_are_counted(tmp_path: Path) -> None:
    library = sample()
    with closing(Search(tmp_path, library)) as search:
        search.catch_up()
        library.put(held(5, "mới"))
        assert search.examine() == ["Chỉ mục chậm 1 thay đổi so với kho."]


def test_an_index_ahead_of_its_library_is_a_problem(tmp_path: Path) -> None:
    with closing(Search(tmp_path, sample())) as search:
        search.catch_up()
    with closing(Search(tmp_path, MemorySource([held(9, "cũ")]))) as earlier:
        assert earlier.examine()[0].startswith("Chỉ mục mới hơn kho")


def test_missing_and_surplus_documents_are_named(tmp_path: Path) -> None:
    with closing(Search(tmp_path, MemorySource([held(1, "một"), held(2, "hai")]))) as search:
        search.catch_up()
    with closing(Search(tmp_path, MemorySource([held(1, "một"), held(3, "ba")]))) as other:
        assert other.examine() == ["Chỉ mục thiếu văn bản: #3.", "Chỉ mục thừa văn bản: #2."]


def test_many_documents_are_counted_rather_than_listed(tmp_path: Path) -> None:
    with closing(Search(tmp_path, MemorySource([held(n, "một") for n in range(1, 9)]))) as search:
        search.catch_up()
    with closing(Search(tmp_path, MemorySource([held(n, "một") for n in range(11, 19)]))) as other:
        assert other.examine()[1] == "Chỉ mục thừa văn bản: #1, #2, #3, #4, #5 … (8 văn bản)."
