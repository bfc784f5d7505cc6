"""OCR with the real Tesseract, and what happens where it is missing or fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import MissingTool, ReadFailure
from corpus.fold import fold
from ingest.ocr.tesseract import pytesseract_module
from ingest.options import ReadOptions
from ingest.read import read
from ingest.worker.pool import Pool
from tests.ingest.support import read_whole
from tests.support.reading_files import BODY, picture, scan_pdf, text_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
TESSERACT = ReadOptions(engine="tesseract")
EXPECTED = fold("Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ")


@pytest.fixture(autouse=True)
def _look_for_tesseract_again() -> Iterator[None]:
    pytesseract_module.cache_clear()
    yield
    pytesseract_module.cache_clear()


@needs_tesseract
def test_a_scanned_pdf_is_read(tmp_path: Path) -> None:
    with read(scan_pdf(tmp_path / "a.pdf", [picture(), picture(BODY[3:6])]), TESSERACT) as reading:
        assert reading.source == "ocr"
        assert len(reading.pages) == 2
        assert EXPECTED in fold(" ".join(reading.pages[0].text.split()))
        assert "thong qua" not in fold(reading.text)
        for page in reading.pages:
            assert page.engine == "tesseract"
            assert page.confidence is not None
            assert page.confidence > 0.7
            for word in page.load_words():
                assert page.text[word.start : word.end] == word.text
                assert all(0 <= v <= 1 for v in word.box)


def test_without_tesseract_text_files_are_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_whole(text_pdf(tmp_path / "text.pdf")).source == "text"
    with pytest.raises(MissingTool) as caught:
        read_whole(scan_pdf(tmp_path / "scan.pdf", [picture(dpi=72)]))
    assert "tesseract-ocr-vie" in str(caught.value)


def put_script_in_place_of_tesseract(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, language: str = "vie"
) -> None:
    """Let a shell script be found as ``tesseract``, with one language, to see how its failures are handled."""
    program = folder / "bin" / "tesseract"
    program.parent.mkdir()
    languages = f'case "$*" in *--list-langs*) echo "List of languages (1):"; echo {language}; exit 0;; esac\n'
    version = 'case "$*" in *--version*) echo "tesseract 5.3.0"; exit 0;; esac\n'
    program.write_text("#!/bin/sh\n" + languages + version + script + "\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_a_missing_vietnamese_model_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_script_in_place_of_tesseract(tmp_path, monkeypatch, "exit 1", language="eng")
    with pytest.raises(MissingTool, match="tesseract-ocr-vie"):
        read_whole(scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)]))


@pytest.mark.parametrize("script", ["exit 1", "kill -SEGV $$", "sleep 30"])
def test_a_failure_of_tesseract_is_not_taken_for_an_empty_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    put_script_in_place_of_tesseract(tmp_path, monkeypatch, script)
    cache = tmp_path / "cache"
    options = replace(TESSERACT, cache=cache, page_seconds=0.5)
    with pytest.raises(ReadFailure) as caught:
        read_whole(scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)]), options)
    assert caught.value.verdict == "hong"
    assert not list(cache.rglob("*.z"))


def test_a_page_that_tesseract_could_not_look_at_again_is_read_and_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime")
    put_script_in_place_of_tesseract(tmp_path, monkeypatch, "exit 1")
    cache = tmp_path / "cache"
    reading = read_whole(scan_pdf(tmp_path / "a.pdf", [picture(dpi=150)]), ReadOptions(engine="both", cache=cache))
    assert EXPECTED in fold(" ".join(reading.text.split()))
    assert any("đối chiếu" in note for note in reading.pages[0].notes)
    assert not list(cache.rglob("*.z"))


@needs_tesseract
@pytest.mark.long
def test_a_long_scan_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    image = picture(BODY[3:5], dpi=120)
    short = scan_pdf(tmp_path / "short.pdf", [image] * 8)
    long = scan_pdf(tmp_path / "long.pdf", [image] * 300)
    peaks = []
    for file in (short, long):
        with Pool(1, timeout=1200) as pool:
            pages, peak = pool.call(pages_and_peak, file)
        peaks.append(peak)
    assert pages == 300
    assert peaks[1] < peaks[0] + 120


def pages_and_peak(path: str) -> list[float]:
    """Pages read and the worker's peak memory in MB; runs in a worker."""
    import resource

    with read(Path(path)) as reading:
        assert all(page.text for page in reading.pages)
        return [len(reading.pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]
