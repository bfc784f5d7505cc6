"""A library of a few documents, made by `ocop ingest`, and commands over a copy of it."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.vocabulary import Verdict
from tests.support.sample_texts import NAMESAKE
from tests.support.shell import Shell
from tests.support.web_library import INTERNAL, ORDER, PLAN
from webui.cli.command import main


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of documents and the library that an ingest makes of them; each test has a copy of the library."""
    root = tmp_path_factory.mktemp("made")
    folder = root / "tep"
    (folder / "con" / ".an").mkdir(parents=True)
    (folder / "ke-hoach.txt").write_text(PLAN, encoding="utf-8")
    (folder / "con" / "quyet-dinh.txt").write_text(ORDER, encoding="utf-8")
    (folder / "con" / "cung-so.txt").write_text(NAMESAKE, encoding="utf-8")
    (folder / "con" / "noi-bo.txt").write_text(
        INTERNAL.replace("Số: 12/TB-UBND", "Số: 12/TB-UBND\nLƯU HÀNH NỘI BỘ"), encoding="utf-8"
    )
    (folder / "con" / ".an" / "tam.txt").write_text("bỏ qua", encoding="utf-8")
    (folder / "hong.pdf").write_bytes(b"%PDF-1.4 broken")
    with contextlib.redirect_stdout(io.TextIOWrapper(buffer := io.BytesIO(), encoding="utf-8")):
        code = main(["ingest", str(folder), "--jobs", "2", "--library", str(root / "kho"), "--json"])
        counts = json.loads(buffer.getvalue())["counts"]
    assert (code, counts) == (Verdict.DAMAGED.exit_code, {"new": 4, "failed": 1})
    return folder, root / "kho"


@pytest.fixture
def files(made: tuple[Path, Path]) -> Iterator[Path]:
    """The folder of documents; what a test adds to it is deleted afterwards."""
    folder = made[0]
    before = set(folder.rglob("*"))
    yield folder
    for path in set(folder.rglob("*")) - before:
        path.unlink()


@pytest.fixture
def ocop(tmp_path: Path, made: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    shutil.copytree(made[1], tmp_path / "kho", ignore=shutil.ignore_patterns("index"))
    shell = Shell(tmp_path / "kho", capsys)
    shell("reindex")  # an index that was copied is not trusted
    return shell
