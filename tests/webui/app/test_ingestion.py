"""Ingest believes a worker about its own file only, even when a hostile file controls it."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import LibraryBusy, ReadFailure
from corpus.library import Library
from corpus.model import Failure
from ingest.extract import read_record
from ingest.options import ReadOptions
from ingest.worker import sandbox
from ingest.worker.pool import Pool
from search.searcher import Search
from tests.support.web_library import ORDER, PLAN
from webui.app.document_reader import pool_of, read_file
from webui.app.ingest_report import FileReport
from webui.app.ingestion import ingest
from webui.app.rereading import reread
from webui.app.settings import Settings


def falsify(path: str, what: dict[str, Any], options: ReadOptions) -> Any:
    """The record of the file with false values in it; runs in a worker."""
    value = read_record(path, options)
    return what["instead"] if "instead" in what else value | what


class TakenOver(Pool):
    """Workers that do what a file makes them do, not what they were asked."""

    false_values: dict[str, Any]

    def map_batches(self, calls: Any, function: Any, *rest: Any, **kept: Any) -> Generator[list[Any], None, None]:
        assert function is read_file
        falsified = ((path, self.false_values, options) for path, _, options in calls)
        return super().map_batches(falsified, falsify, *rest, **kept)


@pytest.fixture
def kho(tmp_path: Path) -> Iterator[tuple[Library, Settings, Path]]:
    """A library that holds ORDER, and a file of PLAN that is not in it yet."""
    settings = Settings(library=tmp_path / "kho", jobs=1)
    (tmp_path / "held.txt").write_text(ORDER, encoding="utf-8")
    (tmp_path / "hostile.txt").write_text(PLAN, encoding="utf-8")
    with Library.open(settings.library, create=True) as library, pool_of(settings) as pool:
        assert [r.outcome for r in ingest(library, [tmp_path / "held.txt"], settings, pool)] == ["new"]
        yield library, settings, tmp_path / "hostile.txt"


@pytest.fixture(scope="module")
def hostile_pool() -> Iterator[TakenOver]:
    with TakenOver(1, timeout=60) as pool:  # one for all: starting takes longest
        yield pool


def result(kho: tuple[Library, Settings, Path], hostile_pool: TakenOver, false_values: dict[str, Any]) -> FileReport:
    library, settings, hostile = kho
    hostile_pool.false_values = false_values
    (report,) = ingest(library, [hostile], settings, hostile_pool)
    return report


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_record_with_another_hash_is_refused(kho: tuple[Library, Settings, Path], hostile_pool: TakenOver) -> None:
    library, settings, hostile = kho
    precious = hostile.parent / "precious"
    precious.write_text("x")
    held = hostile.parent / "held.txt"
    before = library.view().document(1)
    unread = {"kind": {"value": None, "text": "", "reasons": ["chỉ đọc được 1/2 trang: hết giờ"]}}
    for false_values in (
        {"secrecy": "MẬT", "sha256": str(precious)},
        {"sha256": sha256_of(held), "title": "Lừa dối", "fields": unread},
        {"sha256": None},
        {"sha256": ["x"]},
    ):
        report = result(kho, hostile_pool, false_values)
        assert (report.outcome, report.verdict) == ("failed", "loi")
        assert "nạp lại" in report.message
        assert [(f.sha256, f.verdict) for f in library.intake.failures()] == [(sha256_of(hostile), "loi")]
        assert precious.read_text() == "x"
        assert library.view().document(1) == before
        assert library.originals.local(sha256_of(held)).is_file()
    with pool_of(settings) as pool:  # and a reader in its right mind takes the file as it is
        (report,) = ingest(library, [hostile], settings, pool)
    assert report.outcome == "new"
    assert list(library.intake.failures()) == []


def test_malformed_results_fail_their_file_only(kho: tuple[Library, Settings, Path], hostile_pool: TakenOver) -> None:
    library, _, hostile = kho
    held = str(hostile.parent / "held.txt")
    false_values: dict[str, Any]
    for false_values in (
        {"path": held, "sha256": "0" * 64},
        {"path": 3, "sha256": "0" * 64},
        {"nonsense": 1},
        {"fields": {"date": 5}},
        {"citations": 5},
        {"instead": {}},
        {"instead": []},
        {"instead": {"error": 5}},
        {"instead": {"error": "x", "verdict": "moi"}},
        {"instead": {"error": "x", "verdict": ["x"]}},
    ):
        report = result(kho, hostile_pool, false_values)
        assert (report.path, report.outcome, report.verdict) == (str(hostile), "failed", "loi"), false_values
        assert [f.path for f in library.intake.failures()] == [str(hostile)]


def test_the_path_in_a_workers_result_is_ignored(kho: tuple[Library, Settings, Path], hostile_pool: TakenOver) -> None:
    library, _, hostile = kho
    report = result(kho, hostile_pool, {"path": str(hostile.parent / "held.txt")})
    assert (report.path, report.outcome) == (str(hostile), "new")
    assert list(library.view().document(report.id or 0).paths) == [str(hostile)]


def test_rereading_refuses_a_record_with_another_hash(
    kho: tuple[Library, Settings, Path], hostile_pool: TakenOver
) -> None:
    library, settings, hostile = kho
    other = hostile.parent / "other"
    shutil.copy(hostile, other)
    before = library.view().document(1)
    hostile_pool.false_values = {"secrecy": "MẬT", "sha256": sha256_of(other)}
    with pytest.raises(ReadFailure, match="nội dung"):
        reread(library, 1, "auto", settings, hostile_pool)
    assert library.view().document(1) == before


def scribble(path: str) -> None:
    """Runs in a worker."""
    Path(path).write_text("x", encoding="utf-8")


def test_the_worker_that_reads_drafts_cannot_write_to_the_library(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient  # not above: workers import this file

    from webui.web.application import create_app

    if sandbox.Measure.WRITING in sandbox.refused():
        pytest.skip("this kernel has no Landlock")
    app = create_app(Settings(library=tmp_path / "kho"))
    with TestClient(app):
        memory = tmp_path / "kho" / "ocr"
        memory.mkdir(exist_ok=True)
        assert isinstance(app.state.draft_pool.call(scribble, memory / "x"), Failure)
        assert list(memory.iterdir()) == []


def test_a_copy_of_a_failed_file_gets_the_same_reason(kho: tuple[Library, Settings, Path]) -> None:
    library, settings, hostile = kho
    folder = hostile.parent
    for name in ("một.pdf", "hai.pdf"):
        (folder / name).write_bytes(b"%PDF-1.7\ncut")
    with pool_of(settings, jobs=1) as pool:
        result = list(ingest(library, [folder / "một.pdf", folder / "hai.pdf"], settings, pool))
    assert [r.outcome for r in result] == ["failed", "failed"]
    assert result[0].message == result[1].message != ""


CITED = {"text": "Quyết định", "start": 0, "end": 10, "relation": "can_cu", "zone": "preamble"}


@pytest.mark.parametrize(
    "false_values",
    [
        {"fields": {"kind": {"confidence": 0.5, "reasons": 5}}}, {"fields": {"kind": {"confidence": "x"}}},
        {"signer": 5}, {"recipients": "Sở"}, {"kind": 7}, {"number": ["1"]}, {"text": None}, {"pages": "x"},
        {"citations": [CITED | {"relation": {}}]}, {"citations": [CITED | {"is_legal_basis": "x"}]}, {"citations": 5},
        {"title": "nửa chữ \ud800"},
    ],
)  # fmt: skip
def test_values_of_wrong_type_fail_their_file_only(
    kho: tuple[Library, Settings, Path], hostile_pool: TakenOver, false_values: dict[str, Any]
) -> None:
    library, _, hostile = kho
    report = result(kho, hostile_pool, false_values)
    assert (report.outcome, report.verdict) == ("failed", "loi")
    assert [f.sha256 for f in library.intake.failures()] == [sha256_of(hostile)]
    with closing(Search(library.folder, library.view())) as search:
        search.catch_up()
        assert len(library.view().documents()) == 1


def test_a_busy_library_is_tried_again(kho: tuple[Library, Settings, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    library, settings, plan = kho
    with Library.open(library.folder, busy_seconds=0.2) as hasty, pool_of(settings) as pool:
        holder = sqlite3.connect(library.folder / "library.db", isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        add, tries = hasty.intake.add, []

        def add_while_held_once(*values: Any, **more: Any) -> Any:
            tries.append(1)
            try:
                return add(*values, **more)
            except LibraryBusy:
                holder.execute("ROLLBACK")
                raise

        monkeypatch.setattr(hasty.intake, "add", add_while_held_once)
        assert [r.outcome for r in ingest(hasty, [plan], settings, pool)] == ["new"]
        assert len(tries) == 2
        holder.close()


def test_a_run_that_is_ended_early_reports_all_that_was_stored(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "kho", jobs=1)
    files = [tmp_path / f"{number}.txt" for number in range(6)]
    for number, file in enumerate(files):
        file.write_text(f"{ORDER}\n{number}", encoding="utf-8")
    with Library.open(settings.library, create=True) as library, pool_of(settings) as pool:
        left: list[FileReport] = []
        reports = ingest(library, files, settings, pool, left=left)
        first = next(reports)
        reports.close()
        assert first.outcome == "new"
        assert {report.outcome for report in left} <= {"new"}
        assert library.intake.count() == 1 + len(left)


def test_known_content_is_found_among_new_however_many_files_there_are(kho: tuple[Library, Settings, Path]) -> None:
    library, settings, hostile = kho
    folder = hostile.parent
    files, expected = [], []
    for number in range(41):
        copy = folder / f"{number}.txt"
        what = "new" if number % 4 == 0 else ("duplicate", "duplicate", "failed")[number % 4 - 1]
        if number % 4 == 0:
            copy.write_text(f"{ORDER}\n{number}", encoding="utf-8")
        elif number % 4 == 1:  # of what was held before
            copy.write_text(ORDER, encoding="utf-8")
        elif number % 4 == 2:  # of what this run reads first
            copy.write_text(f"{ORDER}\n0", encoding="utf-8")
        else:
            copy = folder / f"{number}.pdf"
            copy.write_bytes(b"%%PDF-1.7\ncut %d" % number)
        files.append(copy)
        expected.append(what)
    with pool_of(settings, jobs=1) as pool:
        outcomes = {report.path: report.outcome for report in ingest(library, files, settings, pool)}
    assert [outcomes[str(file)] for file in files] == expected
