"""A library on disk with everything that a backup and the doctor look at."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from corpus.library import Library
from tests.support.libraries import connected_records, with_originals


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The library ``kho`` with originals (from ``tep``), a correction, a removed document and a remembered OCR page."""
    made = tmp_path / "kho"
    with Library.open(made, create=True) as library:
        stored = with_originals(connected_records(), tmp_path / "tep")
        ids = [library.intake.add(each, file).id for each, file in stored]
        library.edits.correct(ids[2], "title", "Kế hoạch đã sửa", who="lan")
        library.edits.remove(ids[4], "nhầm kho")
    with closing(sqlite3.connect(made / "library.db")) as raw:
        sha256 = str(raw.execute("SELECT min(sha256) FROM records").fetchone()[0])
    memory = made / "ocr" / sha256[:2] / sha256 / "ab"
    memory.mkdir(parents=True)
    (memory / ("c" * 62 + ".json.z")).write_bytes(zlib.compress(b"{}"))
    (made / "users.db").write_bytes(b"")
    return made
