"""The OCR cache: entries are found by content and settings, damaged ones are ignored, cached pages need no OCR."""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest

from ingest.ocr.cache import OcrCache
from ingest.ocr.engine import OcrPage, engine_of
from ingest.options import ReadOptions
from ingest.page import Word
from ingest.read import read
from tests.support.reading_files import BODY, picture, scan_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def test_keys_separate_content_from_settings() -> None:
    assert OcrCache.key("a", "b") != OcrCache.key("ab", "")


def test_damaged_entries_are_ignored(tmp_path: Path) -> None:
    cache = OcrCache(tmp_path)
    key = OcrCache.key(b"page", "settings")
    page = OcrPage("Số: 12", [Word("Số:", (0, 0, 0.1, 0.1), 0.9, 0, 3), Word("12", (0.2, 0, 0.3, 0.1), 0.5, 4, 6)], 0.8)
    page.has_fields = True
    cache.put(key, page)
    assert cache.get(key) == page
    assert cache.get(OcrCache.key(b"page", "other settings")) is None
    entry = next(tmp_path.rglob("*.z"))
    data = entry.read_bytes()
    for damaged in (data[: len(data) // 2], b"", b"not zlib"):
        entry.write_bytes(damaged)
        assert cache.get(key) is None


def test_without_a_folder_nothing_is_kept() -> None:
    cache = OcrCache(None)
    key = OcrCache.key(b"page", "settings")
    cache.put(key, OcrPage("Số: 12", [], 0.8))
    assert cache.get(key) is None
    assert not cache.active


@needs_tesseract
def test_cached_pages_are_read_without_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ReadOptions(cache=tmp_path / "cache")
    file = scan_pdf(tmp_path / "a.pdf", [picture(BODY[3:5]), picture(BODY[5:])])
    with read(file, options) as reading:
        first = [(p.text, p.confidence, p.load_words()) for p in reading.pages]
    assert len(list((tmp_path / "cache").rglob("*.z"))) == 2

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("OCR ran although the page is cached")

    monkeypatch.setattr(type(engine_of("tesseract")), "read_images", refuse)
    copy = tmp_path / "copy.pdf"  # the same pages in another file, with other metadata
    document = pypdfium2.PdfDocument(file)
    document.save(copy)
    document.close()
    for path in (file, copy):
        with read(path, options) as reading:
            second = [(p.text, p.confidence, p.load_words()) for p in reading.pages]
        assert [s[:2] for s in second] == [f[:2] for f in first]
        for (_, _, before), (_, _, after) in zip(first, second, strict=True):
            assert [w.text for w in after] == [w.text for w in before]
            assert [w.box for w in after] == [pytest.approx(w.box, abs=1e-4) for w in before]
