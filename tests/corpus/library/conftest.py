"""A library on disk with everything that a backup and the doctor look at."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus.library import Library
from corpus.library.schema import records
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
        with library.database.read() as connection:
            sha256 = str(connection.execute(select(func.min(records.c.sha256))).scalar_one())
    memory = made / "ocr" / sha256[:2] / sha256 / "ab"
    memory.mkdir(parents=True)
    (memory / ("c" * 62 + ".json.z")).write_bytes(zlib.compress(b"{}"))
    (made / "users.db").write_bytes(b"")
    return made
