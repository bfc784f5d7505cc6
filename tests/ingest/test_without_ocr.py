"""Machines without Tesseract: what is missing is named, text is read, and cached pages are used."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.reader_version import READER_VERSION
from tests.ingest.support import DECISION, LETTER
from tests.paths import ROOT
from tests.support.reading_files import picture, scan_pdf, text_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def ocop(*arguments: str | Path, tools: Path | None = None, version: str = "") -> subprocess.CompletedProcess[str]:
    """Run `ocop` in a process of its own.

    tools: the only folder in which programs are found. version: added to the reader's version.
    """
    environment = {**os.environ, "OCOP_SECOND_READER": "false"}
    if tools is not None:
        environment["PATH"] = str(tools)
    script = (
        "if __name__ == '__main__':\n"
        "    import sys\n"
        "    from ingest import reader_version\n"
        "    from webui.cli.command import main\n"
        f"    reader_version.READER_VERSION += {version!r}\n"
        "    sys.exit(main(sys.argv[1:]))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


def test_scans_name_what_is_missing_and_text_is_read(tmp_path: Path) -> None:
    scan = scan_pdf(tmp_path / "quet.pdf", [picture(DECISION[:6], dpi=72)])
    text = text_pdf(tmp_path / "chu.pdf", [DECISION])
    done = ocop("read", scan, tools=tmp_path)
    assert done.returncode == 30
    assert "Máy chưa có Tesseract" in done.stdout + done.stderr
    assert "sudo apt install tesseract-ocr tesseract-ocr-vie" in done.stdout + done.stderr
    done = ocop("read", text, tools=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "12/QĐ-UBND" in done.stdout
    done = ocop("ingest", scan, text, "--library", tmp_path / "kho", "--json", tools=tmp_path)
    report = json.loads(done.stdout)
    assert report["counts"] == {"failed": 1, "new": 1}
    assert "tesseract-ocr-vie" in report["problems"][0]["message"]


@needs_tesseract
def test_a_newer_reader_reads_cached_pages_without_tesseract(tmp_path: Path) -> None:
    """The second run finds no Tesseract, and gives the same records."""
    folder = tmp_path / "tep"
    folder.mkdir()
    scan_pdf(folder / "a.pdf", [picture(DECISION[:12], dpi=120), picture(DECISION[12:], dpi=120)])
    picture(LETTER[:9], dpi=120).save(folder / "b.png", dpi=(120, 120))
    library = tmp_path / "kho"
    done = ocop("ingest", folder, "--library", library, "--json")
    assert json.loads(done.stdout)["counts"] == {"new": 2}, done.stderr
    before = ocop("dump", "--library", library).stdout
    done = ocop("ingest", folder, "--library", library, "--json", tools=tmp_path, version="+")
    assert json.loads(done.stdout)["counts"] == {"updated": 2}, done.stdout
    after = ocop("dump", "--library", library, tools=tmp_path).stdout
    assert after.replace(f'"{READER_VERSION}+"', f'"{READER_VERSION}"') == before
