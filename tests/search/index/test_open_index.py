"""Opening an index: none yet, damaged files, another build."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import StaleIndex
from corpus.vocabulary import StaleReason
from search.searcher import Search
from tests.support.engines import Tested, searched
from tests.support.search_library import ask, ids, sample


def test_a_library_without_an_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(StaleIndex, match="reindex") as refused:
        ask(Search(tmp_path, sample()), "a")
    assert refused.value.reason is StaleReason.MISSING


@pytest.mark.parametrize("engine", Tested.names)
@pytest.mark.parametrize(
    "how", ["file missing", "file cut", "stamp cut", "no files", "no lexicon", "lexicon overwritten"]
)
def test_damage_is_reported_and_the_index_made_again(tmp_path: Path, engine: str, how: str) -> None:
    with closing(searched(tmp_path, sample(), engine)) as search:
        search.catch_up()
    index = tmp_path / "index"
    build = index / json.loads((index / "current.json").read_text())["build"]
    largest = max((build / "engine").iterdir(), key=lambda f: f.stat().st_size)
    if how == "file missing":
        largest.unlink()
    elif how == "file cut":
        os.truncate(largest, largest.stat().st_size // 2)
    elif how == "stamp cut":
        (index / "current.json").write_text('{"build": "whoo')
    elif how == "no lexicon":
        (build / "lexicon.sqlite").unlink()
    elif how == "lexicon overwritten":
        (build / "lexicon.sqlite").write_bytes(b"x" * 8_192)
    else:
        for file in (build / "engine").iterdir():
            file.unlink()
    with closing(searched(tmp_path, sample(), engine)) as damaged:
        with pytest.raises(StaleIndex, match="reindex") as refused:
            ask(damaged, "tập huấn")
        assert refused.value.reason is StaleReason.DAMAGED
        assert damaged.catch_up() == 4
        assert ids(ask(damaged, "tập huấn")) == [1]
