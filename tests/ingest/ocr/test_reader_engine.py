"""The line reader as an engine, alone and with Tesseract as second witness, on drawn pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("onnxruntime")

from corpus.vocabulary import Verdict
from ingest.explain import explain
from ingest.ocr import reader as line_reader
from ingest.ocr import reader_engine
from ingest.ocr.engine import Arrangement, OcrPage, PageImage, engine_of, why_not
from ingest.ocr.reader_engine import ReaderEngine, TwoReaders
from ingest.ocr.tesseract import pytesseract_module
from ingest.ocr.witnesses import disputed
from ingest.options import ReadOptions
from ingest.read import read
from tests.ingest.ocr.reader.drawing import SENTENCES, Sheet
from tests.support.reading_files import picture, scan_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@pytest.fixture
def page(tmp_path: Path) -> PageImage:
    sheet = Sheet(1654, 900)
    sheet.paragraph(top=200, left=100, size=30)
    return saved(sheet.image, tmp_path / "page.tif")


@pytest.fixture
def _other_engines() -> Iterator[None]:
    engine_of.cache_clear()
    yield
    engine_of.cache_clear()


def saved(image: Image.Image, path: Path) -> PageImage:
    image.save(path, dpi=(200, 200))
    return PageImage(path, 200)


def words_fit(page: OcrPage) -> bool:
    """Whether each word stands in the text where its offsets say, and its box on the page."""
    return all(
        page.text[w.start : w.end] == w.text and all(0 <= v <= 1 for v in w.box) and 0 <= w.confidence <= 1
        for w in page.words
    )


def test_the_line_reader_alone_reads_a_page_without_tesseract(
    page: PageImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    pytesseract_module.cache_clear()
    (read_page,) = ReaderEngine().read_images([page])
    pytesseract_module.cache_clear()
    assert read_page.text == "\n".join(SENTENCES)
    assert words_fit(read_page)
    assert read_page.confidence > 0.8
    assert not any(word.witnesses for word in read_page.words)


@needs_tesseract
def test_two_readers_agree_on_numbers_and_keep_both_readings(page: PageImage) -> None:
    (read_page,) = TwoReaders().read_images([page])
    assert read_page.text == "\n".join(SENTENCES)
    assert words_fit(read_page)
    figures = [word for word in read_page.words if any(c.isdigit() for c in word.text)]
    assert figures
    for word in figures:
        assert [witness.engine for witness in word.witnesses] == ["reader", "tesseract"], word.text
        assert word.witnesses[0].text == word.text
    agreed = [word for word in figures if not disputed(word)]
    assert len(agreed) >= 0.85 * len(figures)
    assert min(word.confidence for word in agreed) > max([w.confidence for w in figures if disputed(w)], default=0.0)


@needs_tesseract
def test_several_pages_and_a_damaged_one_come_back_in_order(page: PageImage, tmp_path: Path) -> None:
    damaged = PageImage(tmp_path / "damaged.tif", 200)
    damaged.path.write_bytes(b"no picture")
    empty = saved(Image.new("L", (600, 400), 255), tmp_path / "empty.tif")
    for jobs in (1, 2):
        first, broken, blank, last = TwoReaders().read_images([page, damaged, empty, page], jobs)
        assert first.text == last.text == "\n".join(SENTENCES)
        assert broken.failure is Verdict.DAMAGED
        assert (blank.text, blank.words, blank.failure) == ("", [], None)


@needs_tesseract
def test_regions_are_left_to_tesseract_and_scattered_text_to_the_line_reader(page: PageImage) -> None:
    image = Image.open(page.path)
    words = TwoReaders().read_region(image, Arrangement.BLOCK, 200)
    assert "919/QĐ-TTg" in {word.text for word in words}
    (scattered,) = TwoReaders().read_images([page], arrangement=Arrangement.SCATTERED)
    assert scattered.text == "\n".join(SENTENCES)
    assert not any(word.witnesses for word in scattered.words)
    assert "919/QĐ-TTg" in {word.text for word in ReaderEngine().read_region(image, Arrangement.BLOCK, 200)}


def test_the_version_follows_the_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ReaderEngine().version
    other = tmp_path / "reader.onnx"
    other.write_bytes(line_reader.WEIGHTS.read_bytes() + b"\0")
    monkeypatch.setattr(reader_engine, "WEIGHTS", other)
    reader_engine.digest.cache_clear()
    try:
        assert ReaderEngine().version != before
    finally:
        reader_engine.digest.cache_clear()


@pytest.mark.usefixtures("_other_engines")
def test_without_the_line_reader_tesseract_reads_in_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert [engine_of(name).name for name in ("both", "reader", "tesseract")] == ["both", "reader", "tesseract"]
    assert why_not("both") == ""
    engine_of.cache_clear()
    reason = line_reader.why_unavailable(tmp_path)
    monkeypatch.setattr(line_reader, "why_unavailable", lambda: reason)
    assert [engine_of(name).name for name in ("both", "reader")] == ["tesseract", "tesseract"]
    assert "chỉ đọc bằng Tesseract" in why_not("both")
    assert why_not("tesseract") == ""


@needs_tesseract
@pytest.mark.parametrize("engine", ["both", "reader"])
def test_a_scan_is_read_with_the_engine_that_the_options_name(tmp_path: Path, engine: str) -> None:
    file = scan_pdf(tmp_path / "a.pdf", [picture(dpi=150)])
    options = ReadOptions(engine=engine, cache=tmp_path / "cache")
    texts = []
    for _ in range(2):  # the second time from the cache
        with read(file, options) as reading:
            assert reading.pages[0].engine == engine
            assert "919/QĐ-TTg" in reading.text
            texts.append((reading.text, [w.witnesses for w in reading.pages[0].load_words()]))
    assert texts[0] == texts[1]


@needs_tesseract
def test_an_explanation_shows_both_readings_of_disputed_words(tmp_path: Path) -> None:
    file = scan_pdf(tmp_path / "a.pdf", [picture(dpi=60)])
    options = ReadOptions(engine="both")
    shown = explain(str(file), options)["pages"][0]
    with read(file, options) as reading:
        expected = [word for word in reading.pages[0].load_words() if disputed(word)]
    assert shown["engine"] == "both"
    assert [word["text"] for word in shown["disputed"]] == [word.text for word in expected]
    for seen, word in zip(shown["disputed"], expected, strict=True):
        assert seen["readings"] == {witness.engine: witness.text for witness in word.witnesses}
