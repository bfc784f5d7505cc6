"""Secret documents: only the hash and the reason stay in the library."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from corpus.errors import Refused, UsageError
from corpus.library import Library
from tests.support.libraries import TINH, cite, record


@pytest.mark.sqlite
@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "Tuyệt mật"])
def test_nothing_of_a_secret_document_stays_but_hash_and_reason(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "kin.txt"
    file.write_text("bí mật", encoding="utf-8")
    secret = record("99/QĐ-ABCXYZ", "2024-01-01", TINH, [cite("98/QĐ-DEFGHI", "2023-01-01")], path="kín/tệp-kín.pdf")
    secret.sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with Library.open(tmp_path / "l", create=True) as library:
        added = library.intake.add(secret, file)  # an older reader overlooked the mark
        library.edits.correct(added.id, "title", "đã sửa: ABCXYZ", who="lan")
        library.edits.undo(library.edits.remove(added.id, "nhầm"))
        secret.secrecy = mark
        with pytest.raises(Refused):
            library.intake.add(secret, file, reader_version="2")
        assert library.intake.seen(secret.sha256, "1") == "refused"
        assert library.view().status().refused == 1
        assert library.view().status().held == library.view().status().stubs == 0
        assert not library.originals.local(secret.sha256).exists()
    with sqlite3.connect(tmp_path / "l" / "library.db") as raw:
        rows = " ".join(raw.iterdump())
    raw.close()
    assert secret.sha256 in rows
    files = b"".join(path.read_bytes() for path in (tmp_path / "l").rglob("*") if path.is_file())
    for word in ("ABCXYZ", "DEFGHI", "kín", "98/"):
        assert word not in rows
    for word in ("ABCXYZ", "DEFGHI", "kín"):  # not even in deleted pages of the database
        assert word.encode() not in files


def test_the_removal_of_a_document_that_was_refused_since_cannot_be_undone(tmp_path: Path) -> None:
    secret = record("99/QĐ-ABCXYZ", "2024-01-01", TINH)
    with Library.open(tmp_path / "l", create=True) as library:
        entry = library.edits.remove(library.intake.add(secret).id, "nhầm")
        library.intake.refuse(secret.sha256, "độ mật")
        with pytest.raises(UsageError):
            library.edits.undo(entry)
        assert [each.action for each in library.edits.audit()] == ["remove"]
