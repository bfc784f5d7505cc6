"""A library whose originals are in its folder, in a shared folder, or in an object store in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library.store import Store


@pytest.fixture(params=["own", "shared", "objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Where the library's originals are. obstore's own folder store stands for an object store: the same code asks."""
    place = tmp_path / "noi-chung"
    if request.param == "own":
        return Store()
    if request.param == "shared":
        return Store(originals=str(place))
    pytest.importorskip("obstore")
    place.mkdir()
    return Store(originals=f"file://{place}")
