"""Damaged files and crowds of processes, as the commands show them to a user."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import LibraryDamaged, StaleIndex
from corpus.library import Library
from corpus.library.doctor import examine
from corpus.library.originals.originals import DAMAGED_SUFFIX
from search.request import SearchRequest
from search.searcher import Search
from tests.faults.health import examined
from tests.faults.processes import command, fast_folder, run
from tests.faults.victim import InProcessReader, inputs, outcome, settings_of, work
from webui.app.ingestion import ingest
from webui.cli.command import main

pytestmark = pytest.mark.sqlite

#: The shares of a file at which it is cut, in percent.
CUTS = range(0, 100, 5)


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=fast_folder()) as made:
        yield Path(made)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A folder with the library ``kho`` and the files ``tep`` that it was made of."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as made:
        work(Path(made) / "kho", inputs(Path(made) / "tep", 8, samples=False), None)
        yield Path(made)


@pytest.fixture
def folder(made: Path, place: Path) -> Path:
    """A copy of that library."""
    shutil.copytree(made / "kho", place / "kho", ignore=shutil.ignore_patterns("index"))
    return place / "kho"


# ---------------------------------------------------------------- databases


@pytest.mark.parametrize("percent", CUTS)
def test_a_database_that_was_cut_is_damaged_and_the_next_step_is_named(folder: Path, percent: int) -> None:
    database = folder / "library.db"
    database.write_bytes(database.read_bytes()[: database.stat().st_size * percent // 100])
    with pytest.raises(LibraryDamaged, match="ocop restore"), Library.open(folder) as library:
        list(library.view().dump())
    report = examine(folder)
    assert (report.exit_code, report.findings[0].code) == (21, "co_so_du_lieu")
    assert "ocop restore" in report.findings[0].next_step


@pytest.mark.parametrize("percent", [0, 25, 50, 75])
def test_every_command_reports_a_database_that_was_cut(
    folder: Path, place: Path, capfd: pytest.CaptureFixture[str], percent: int
) -> None:
    database = folder / "library.db"
    database.write_bytes(database.read_bytes()[: database.stat().st_size * percent // 100])
    commands = (["status"], ["search", "tập huấn"], ["ingest", str(place)], ["doctor"], ["backup", str(place / "b")])
    for arguments in commands:
        assert main([*arguments, "--library", str(folder)]) == 21, arguments
    assert "Traceback" not in "".join(capfd.readouterr())


def test_originals_without_a_database_are_no_new_library(folder: Path, made: Path) -> None:
    (folder / "library.db").unlink()
    assert main(["ingest", str(made / "tep"), "--library", str(folder)]) == 21


# ---------------------------------------------------------------- originals


@pytest.fixture
def original(folder: Path) -> Path:
    return next(path for path in sorted((folder / "originals").rglob("*")) if path.is_file())


def test_an_original_that_was_cut_is_repaired_from_the_file_it_was_read_from(folder: Path, original: Path) -> None:
    whole = original.read_bytes()
    for percent in CUTS:
        original.write_bytes(whole[: len(whole) * percent // 100])
        report = examine(folder, deep=True)
        assert [finding.code for finding in report.findings] == ["hong_goc"], percent
        assert report.findings[0].derived
        assert examine(folder, deep=True, repair=True).exit_code == 0
        assert original.read_bytes() == whole


def test_a_damaged_original_without_its_file_is_kept_aside_and_reported(
    folder: Path, made: Path, original: Path
) -> None:
    (made / "tep").rename(made / "cho khac")
    try:
        damaged = original.read_bytes()[:10]
        original.write_bytes(damaged)
        report = examine(folder, deep=True, repair=True)
        assert (report.exit_code, report.findings[0].derived) == (21, False)
        assert original.with_name(original.name + DAMAGED_SUFFIX).read_bytes() == damaged
        assert [finding.code for finding in examine(folder).findings] == ["mat_goc"]
    finally:
        (made / "cho khac").rename(made / "tep")


def test_a_lost_original_is_stored_again_when_its_file_is_read_again(folder: Path, made: Path, original: Path) -> None:
    whole = original.read_bytes()
    original.unlink()
    with Library.open(folder) as library:
        files = sorted((made / "tep").iterdir())
        list(ingest(library, files, settings_of(folder), InProcessReader()))  # type: ignore[arg-type]
    assert original.read_bytes() == whole
    assert examine(folder, deep=True).findings == []


# ---------------------------------------------------------------- what can be repaired, and what cannot


def test_everything_that_can_be_rebuilt_is_found_and_repaired(folder: Path) -> None:
    refused = "ab" * 32
    with Library.open(folder) as library:
        library.intake.refuse(refused, "độ mật")
        first = library.view().documents()[0].id
    stray = folder / "originals" / "cd" / ("cd" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("chưa ai nhận")
    os.utime(stray, (1, 1))
    (stray.parent / ".new-x.abc").write_text("nửa chừng")
    (folder / "ocr" / "ab" / refused).mkdir(parents=True)
    (folder / "ocr" / "cd").mkdir(parents=True)
    (folder / "ocr" / "cd" / "x.json.999999999.part").write_text("nửa chừng")
    (folder / "ocr" / "cd" / "y.json.z").write_text("hỏng")
    (folder / "pictures").mkdir(exist_ok=True)
    (folder / "pictures" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / ".tam-999999999-x").mkdir()
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        raw.execute("UPDATE claims SET votes = votes + 5 WHERE id = (SELECT min(id) FROM claims)")
        raw.execute("INSERT INTO files (sha256, path) VALUES ('cd', 'nơi nào.pdf')")
        raw.execute("DELETE FROM changes WHERE node_id = ?", (first,))
        raw.execute("UPDATE settings SET value = 'cũ' WHERE name = 'rules'")
        raw.commit()
    codes = {finding["code"] for finding in examined(folder, deep=True, repair=False)["findings"]}
    assert codes == {"dan_chieu", "duong_dan", "thay_doi", "mo_coi", "sot_mat", "tep_tam", "ocr", "anh", "chi_muc"}
    assert main(["doctor", "--deep", "--library", str(folder)]) == 22
    report = examined(folder, deep=True, repair=True)
    assert report["clean"], report
    assert examined(folder, deep=True, repair=False)["findings"] == []
    assert not stray.exists()
    assert main(["doctor", "--deep", "--json", "--library", str(folder)]) == 0


def test_what_cannot_be_rebuilt_is_reported_with_the_next_step(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db")) as raw:
        raw.execute("UPDATE records SET record = '{' WHERE node_id = (SELECT min(node_id) FROM records)")
        raw.execute("UPDATE records SET record = '{}' WHERE node_id = (SELECT max(node_id) FROM records)")
        raw.commit()
    (folder / "users.db").write_text("không phải cơ sở dữ liệu, nhưng đủ dài để SQLite đọc" * 50)
    (folder / "originals" / "zz").mkdir()
    (folder / "originals" / "zz" / "lạ.txt").write_text("?")
    report = examined(folder, deep=True, repair=True)
    left = [finding for finding in report["findings"] if not finding["repaired"]]
    # No index can be made without the records.
    assert {finding["code"] for finding in left} == {"ban_ghi", "nguoi_dung", "tep_la", "chi_muc"}
    assert all(finding["next_step"] for finding in left)
    assert main(["doctor", "--repair", "--library", str(folder)]) == 21
    assert main(["search", "tập huấn", "--library", str(folder)]) in (0, 21, 22)
    assert main(["dump", "--library", str(folder)]) == 21


# ---------------------------------------------------------------- several processes, full disks


def test_two_intakes_and_a_reader_at_once_end_as_one_intake(place: Path, made: Path) -> None:
    folder, files = place / "kho", made / "tep"
    both = [command("ingest", str(files), library=folder) for _ in range(2)]
    while any(process.poll() is None for process in both):
        if (folder / "library.db").exists():
            with (
                contextlib.suppress(LibraryDamaged),
                Library.open(folder) as library,
                closing(Search(folder, library.view())) as search,
            ):
                for summary in library.view().documents():  # each is whole or not there
                    library.view().mentions(summary.id)
                with contextlib.suppress(StaleIndex):
                    search.search(SearchRequest("tập huấn"))
        time.sleep(0.1)
    for process in both:
        output, _ = process.communicate()
        assert process.returncode == 0, output
    alone = place / "one"
    assert run("ingest", str(files), library=alone)[0] == 0
    assert outcome(folder) == outcome(alone)
    code, output = run("doctor", "--deep", "--json", library=folder)
    assert (code, json.loads(output)["findings"]) == (0, [])


def test_a_command_on_a_full_disk_reports_it_and_leaves_nothing(made: Path, place: Path) -> None:
    """A limit on file size needs no right to mount, and is a full disk to SQLite."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from webui.cli.command import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["restore", str(place / "a.zip"), "--library", str(place / "moi")]
    assert main(["backup", str(place / "a.zip"), "--library", str(made / "kho")]) == 0
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, "Đĩa đã đầy" in done.stderr, "Traceback" in done.stderr) == (23, True, False), done.stderr
    assert not (place / "moi").exists()
    assert not list(place.glob(".*"))
