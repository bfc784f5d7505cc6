"""A library that outgrows its search engine: it is said, or the index is moved where the settings allow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from search.engines import ENGINES
from search.searcher import Search
from tests.support.search_library import ask, sample
from webui.app.index_growth import look_after
from webui.app.settings import Settings


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoosh is for libraries of up to two documents."""
    monkeypatch.setitem(ENGINES, "whoosh", replace(ENGINES["whoosh"], comfortable=2))


def searching(folder: Path) -> Search:
    made = Search(folder, sample())
    made.catch_up()
    return made


@pytest.mark.usefixtures("small")
def test_an_outgrown_engine_is_only_named_by_default(tmp_path: Path) -> None:
    search = searching(tmp_path)
    assert "ocop reindex --engine tantivy" in look_after(search, Settings(library=tmp_path))
    assert search.state()["engine"] == "whoosh"
    search.close()


@pytest.mark.usefixtures("small")
def test_the_index_moves_where_the_settings_allow(tmp_path: Path) -> None:
    search = searching(tmp_path)
    assert "Tantivy" in look_after(search, Settings(library=tmp_path, grow_engine=True))
    assert search.state()["engine"] == "tantivy"
    assert ask(search, "tập huấn").total
    assert look_after(search, Settings(library=tmp_path, grow_engine=True)) == ""
    search.close()
    assert Search(tmp_path, sample()).state()["engine"] == "tantivy"


@pytest.mark.usefixtures("small")
def test_an_engine_that_the_settings_name_stays(tmp_path: Path) -> None:
    search = searching(tmp_path)
    named = Settings(library=tmp_path, grow_engine=True, engine="whoosh")
    assert look_after(search, named)
    assert search.state()["engine"] == "whoosh"
    search.close()


def test_nothing_is_said_of_a_library_that_fits_or_has_no_index(tmp_path: Path) -> None:
    search = searching(tmp_path / "a")
    assert look_after(search, Settings(library=tmp_path / "a", grow_engine=True)) == ""
    search.close()
    assert look_after(Search(tmp_path / "b", sample()), Settings(library=tmp_path / "b")) == ""
