"""The wheel: what it holds, and that the program runs from it outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT, SAMPLES


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built offline."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--quiet", "--wheel-dir", str(folder)], check=True, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked into a folder that Python imports from."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def ocop(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the entry point of the unpacked wheel in *cwd*; the checkout is not on the path."""
    program = "import sys; from webui.cli.command import main; import webui; print(webui.__file__, file=sys.stderr); "
    env = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, "-c", program + "sys.exit(main())", *arguments],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "name",
    [
        "webui/web/templates/base.html",
        "webui/web/static/page.css",
        "corpus/data/provinces.tsv",
        "ingest/data/syllables.tsv",
        "search/data/synonyms.tsv",
        "corpus/samples/gold.json",
        "corpus/library/migrations/versions/0001_first.py",
    ],
)
def test_the_wheel_holds_what_the_program_reads(wheel: Path, name: str) -> None:
    assert name in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_every_sample(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    samples = sorted(p.name for p in (SAMPLES / "files").iterdir())
    assert sorted(n.rpartition("/")[2] for n in names if n.startswith("corpus/samples/files/")) == samples


def test_the_wheel_holds_neither_tests_nor_benchmarks(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"corpus", "ingest", "search", "webui"}


def test_version_is_that_of_the_project(installed: Path, tmp_path: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    done = ocop(installed, tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"ocop {version}\n")


def test_a_document_is_read_and_ingested_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    sample = SAMPLES / "files" / "02-qd-1876-2018.pdf"
    read = ocop(installed, tmp_path, "read", str(sample), "--jsonl")
    assert str(installed) in read.stderr
    assert '"so_ky_hieu": "1876/QĐ-UBND"' in read.stdout
    assert ocop(installed, tmp_path, "ingest", str(sample)).returncode == 0
    assert (tmp_path / "library" / "library.db").is_file()
    found = ocop(installed, tmp_path, "search", "1876/QĐ-UBND")
    assert "1876/QĐ-UBND" in found.stdout
