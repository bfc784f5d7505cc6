"""Damaged files and several processes at once: what is found, what is repaired, and what every command says."""

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
from corpus.library.examination.files import DAMAGED_SUFFIX
from search.request import SearchRequest
from search.searcher import Search
from tests.faults.health import examined
from tests.faults.processes import command, fast_folder, run
from tests.faults.victim import InProcessReader, inputs, outcome, settings_of, work
from webui.app.ingestion import ingest
from webui.cli.command import main


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=fast_folder()) as made:
        yield Path(made)


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """A folder with a library ``kho`` of a few papers, whose files (``tep``) are still there."""
    with tempfile.TemporaryDirectory(dir=fast_folder()) as made:
        work(Path(made) / "kho", inputs(Path(made) / "tep", 8, samples=False), None)
        yield Path(made)


@pytest.fixture
def kho(kept: Path, place: Path) -> Path:
    shutil.copytree(kept / "kho", place / "kho", ignore=shutil.ignore_patterns("index"))
    return place / "kho"


# ---------------------------------------------------------------- cut and broken files


def test_a_database_cut_anywhere_is_told_by_every_command(
    kho: Path, place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = (kho / "library.db").read_bytes()
    for percent in range(0, 100, 5):
        cut = place / str(percent)
        cut.mkdir()
        shutil.copytree(kho / "originals", cut / "originals")
        (cut / "library.db").write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises(LibraryDamaged, match="ocop restore"), Library.open(cut) as library:
            list(library.view().dump())
        found = examine(cut)
        assert (found.exit_code, found.findings[0].code) == (21, "co_so_du_lieu"), percent
        assert "ocop restore" in found.findings[0].next_step
        if percent % 25 == 0:
            commands = (
                ["status"],
                ["search", "tập huấn"],
                ["ingest", str(kho)],
                ["doctor"],
                ["backup", str(place / "b")],
            )
            for arguments in commands:
                assert main([*arguments, "--library", str(cut)]) == 21, (percent, arguments)
            assert "Traceback" not in "".join(capfd.readouterr())
    shutil.rmtree(cut / "originals")  # a lost database is not a new library either
    (cut / "library.db").unlink()
    shutil.copytree(kho / "originals", cut / "originals")
    assert main(["ingest", str(kho), "--library", str(cut)]) == 21


def test_an_original_cut_anywhere_is_found_and_fetched_again(kho: Path, kept: Path) -> None:
    original = next(p for p in sorted((kho / "originals").rglob("*")) if p.is_file())
    whole = original.read_bytes()
    sources = kept / "tep"
    aside = kept / "cho khac"
    for percent in range(0, 100, 5):
        original.write_bytes(whole[: len(whole) * percent // 100])
        found = examine(kho, deep=True)
        assert [f.code for f in found.findings] == ["hong_goc"], percent
        assert found.findings[0].derived  # where it came from it still is
        assert examine(kho, deep=True, repair=True).exit_code == 0
        assert original.read_bytes() == whole
    original.write_bytes(whole[:10])
    sources.rename(aside)
    try:
        found = examine(kho, deep=True, repair=True)
        assert (found.exit_code, found.findings[0].derived) == (21, False)
        assert original.with_name(original.name + DAMAGED_SUFFIX).read_bytes() == whole[:10]  # kept, out of the way
        assert [f.code for f in examine(kho).findings] == ["mat_goc"]
        original.write_bytes(whole)
    finally:
        aside.rename(sources)
    original.unlink()
    files = sorted(sources.iterdir())
    with Library.open(kho) as library:
        list(ingest(library, files, settings_of(kho), InProcessReader()))  # type: ignore[arg-type]
    assert original.read_bytes() == whole
    assert examine(kho, deep=True).findings == []


def test_what_can_be_made_again_is_told_and_made(kho: Path) -> None:
    refused = "ab" * 32
    with Library.open(kho) as library:
        library.intake.refuse(refused, "độ mật")
        ids = [s.id for s in library.view().documents()]
    stray = kho / "originals" / "cd" / ("cd" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("chưa ai nhận")
    os.utime(stray, (1, 1))
    (stray.parent / ".new-x.abc").write_text("nửa chừng")
    (kho / "ocr" / "ab" / refused).mkdir(parents=True)
    (kho / "ocr" / "cd").mkdir(parents=True)
    (kho / "ocr" / "cd" / "x.json.999999999.part").write_text("nửa chừng")
    (kho / "ocr" / "cd" / "y.json.z").write_text("hỏng")
    (kho / "pictures").mkdir(exist_ok=True)
    (kho / "pictures" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (kho / ".tam-999999999-x").mkdir()
    with contextlib.closing(sqlite3.connect(kho / "library.db")) as raw:
        raw.execute("UPDATE claims SET votes = votes + 5 WHERE id = (SELECT min(id) FROM claims)")
        raw.execute("INSERT INTO files (sha256, path) VALUES ('cd', 'nơi nào.pdf')")
        raw.execute("DELETE FROM changes WHERE node_id = ?", (ids[0],))
        raw.execute("UPDATE settings SET value = 'cũ' WHERE name = 'rules'")
        raw.commit()
    codes = {f["code"] for f in examined(kho, deep=True, repair=False)["findings"]}
    assert codes == {"dan_chieu", "duong_dan", "thay_doi", "mo_coi", "sot_mat", "tep_tam", "ocr", "anh", "chi_muc"}
    assert main(["doctor", "--deep", "--library", str(kho)]) == 22
    said = examined(kho, deep=True, repair=True)
    assert said["clean"], said
    assert examined(kho, deep=True, repair=False)["findings"] == []
    assert not stray.exists()
    assert main(["doctor", "--deep", "--json", "--library", str(kho)]) == 0


def test_what_cannot_be_made_again_is_told_with_the_next_step(kho: Path) -> None:
    with contextlib.closing(sqlite3.connect(kho / "library.db")) as raw:
        raw.execute("UPDATE records SET record = '{' WHERE node_id = (SELECT min(node_id) FROM records)")
        raw.execute("UPDATE records SET record = '{}' WHERE node_id = (SELECT max(node_id) FROM records)")
        raw.commit()
    (kho / "users.db").write_text("không phải cơ sở dữ liệu, nhưng đủ dài để SQLite đọc" * 50)
    (kho / "originals" / "zz").mkdir()
    (kho / "originals" / "zz" / "lạ.txt").write_text("?")
    said = examined(kho, deep=True, repair=True)
    left = [f for f in said["findings"] if not f["repaired"]]
    assert {f["code"] for f in left} == {"ban_ghi", "nguoi_dung", "tep_la", "chi_muc"}  # no index without the records
    assert all(f["next_step"] for f in left)
    assert main(["doctor", "--repair", "--library", str(kho)]) == 21
    assert main(["search", "tập huấn", "--library", str(kho)]) in (0, 21, 22)
    assert main(["dump", "--library", str(kho)]) == 21


# ---------------------------------------------------------------- crowds


def test_two_ingests_and_a_reader_at_once(place: Path, kept: Path) -> None:
    """Real commands; the reader sees whole documents or none, and the end is that of one alone."""
    kho, files = place / "kho", kept / "tep"
    both = [command("ingest", str(files), library=kho) for _ in range(2)]
    seen = 0
    while any(process.poll() is None for process in both):
        if (kho / "library.db").exists():
            with (
                contextlib.suppress(LibraryDamaged),
                Library.open(kho) as library,
                closing(Search(kho, library.view())) as search,
            ):
                for summary in library.view().documents():
                    seen += len(library.view().mentions(summary.id))
                with contextlib.suppress(StaleIndex):
                    search.search(SearchRequest("tập huấn"))
        time.sleep(0.1)
    for process in both:
        said, _ = process.communicate()
        assert process.returncode == 0, said
    one = place / "one"
    assert run("ingest", str(files), library=one)[0] == 0
    assert outcome(kho) == outcome(one)
    code, said = run("doctor", "--deep", "--json", library=kho)
    assert (code, json.loads(said)["findings"]) == (0, [])


def test_a_reader_that_opens_a_library_just_being_made(place: Path) -> None:
    """An empty database is one whose first commit is still to come, not a damaged one."""
    (place / "kho").mkdir()
    (place / "kho" / "library.db").touch()
    with Library.open(place / "kho") as library:
        assert library.view().documents() == []


def test_a_command_on_a_full_disk_says_so(kept: Path, place: Path) -> None:
    """By a limit on file size, which needs no right to mount: what SQLite may not enlarge is a full disk to it."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from webui.cli.command import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["restore", str(place / "a.zip"), "--library", str(place / "moi")]
    assert main(["backup", str(place / "a.zip"), "--library", str(kept / "kho")]) == 0
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, "Đĩa đã đầy" in done.stderr, "Traceback" in done.stderr) == (23, True, False), done.stderr
    assert not (place / "moi").exists()
    assert not list(place.glob(".*"))
