"""The counts of the first page are kept until the library changes, for each kind of visitor."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from tests.support.web_library import PLAN, build
from webui.app.counts import Counts


def test_counts_follow_the_library(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with Library.open(tmp_path / "kho") as library:
        counts = Counts(library)
        readers = [library.view(restricted=restricted) for restricted in (False, True)]
        first = [counts.status(reader) for reader in readers]
        assert first == [reader.status() for reader in readers]
        assert first[0].held + 1 == first[1].held
        assert all(counts.status(reader) is kept for reader, kept in zip(readers, first, strict=True))
        assert counts.has_restricted()
        path = tmp_path / "moi.txt"
        path.write_text(PLAN.replace("45/KH-UBND", "46/KH-UBND"), encoding="utf-8")
        library.intake.add(parse_record(read_record(str(path))), path, reader_version=READER_VERSION)
        assert counts.status(readers[0]).held == first[0].held + 1
        library.edits.remove(ids["noi-bo"], "thử")
        assert not counts.has_restricted()
        assert [counts.status(reader) for reader in readers] == [reader.status() for reader in readers]
