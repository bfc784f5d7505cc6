"""OCR with the real Tesseract: scans, page decision, cache, and what happens without Tesseract."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus.errors import MissingTool, ReadFailure
from corpus.fold import fold
from ingest.ocr import tesseract
from ingest.ocr.cache import OcrCache
from ingest.ocr.page_images import is_blank
from ingest.ocr.tesseract import OcrPage
from ingest.page import Word
from ingest.read import read
from tests.support.reading_files import BODY, FONT, picture, scan_pdf, text_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
EXPECTED = fold("Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ")


@pytest.fixture(autouse=True)
def _fresh_probe() -> None:
    tesseract._tesseract.cache_clear()
    tesseract.engine_version.cache_clear()


@needs_tesseract
def test_real_tesseract_reads_a_scanned_pdf(tmp_path: Path) -> None:
    with read(scan_pdf(tmp_path / "a.pdf", [picture(), picture(BODY[3:6])])) as reading:
        assert reading.source == "ocr"
        assert len(reading.pages) == 2
        assert EXPECTED in fold(" ".join(reading.pages[0].text.split()))
        assert "thong qua" not in fold(reading.text)
        for page in reading.pages:
            assert page.confidence is not None
            assert page.confidence > 0.7
            for word in page.load_words():
                assert page.text[word.start : word.end] == word.text
                assert all(0 <= v <= 1 for v in word.box)


@needs_tesseract
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_page_images(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "a.bin"
    first, second = picture(BODY[:5]), picture(BODY[5:])
    if kind == "TIFF":
        first.save(file, kind, save_all=True, append_images=[second], compression="tiff_lzw")
    else:
        first.save(file, kind, dpi=(150, 150))
    with read(file) as reading:
        assert reading.source == "ocr"
        assert len(reading.pages) == (2 if kind == "TIFF" else 1)
        assert EXPECTED in fold(" ".join(reading.text.split()))
        assert reading.pages[0].width == pytest.approx(595, rel=0.02)


@needs_tesseract
def test_each_page_is_decided_by_itself(tmp_path: Path) -> None:
    """One file: a born-digital page, a scan, a scan with a stamp over it, a blank page."""
    import pypdfium2

    text_pdf(tmp_path / "text.pdf")
    scan_pdf(tmp_path / "scan.pdf", [picture()])
    stamp = ["Người ký: Ủy ban nhân dân tỉnh", "Thời gian ký: 24.02.2023 09:15:00 +07:00"]
    scan_pdf(tmp_path / "stamped.pdf", [picture()], overlay=stamp)
    scan_pdf(tmp_path / "blank.pdf", [Image.new("L", (1240, 1754), 250)])
    whole = pypdfium2.PdfDocument.new()
    for name in ("text", "scan", "stamped", "blank"):
        part = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        whole.import_pages(part)
        part.close()
    whole.save(tmp_path / "whole.pdf")
    whole.close()
    with read(tmp_path / "whole.pdf") as reading:
        assert [p.source for p in reading.pages] == ["text", "ocr", "ocr", "ocr"]
        assert reading.source == "mixed"
        assert EXPECTED in fold(" ".join(reading.pages[2].text.split()))
        assert "24.02.2023" in reading.pages[2].text  # the stamp is read with the scan
        assert reading.pages[3].text == ""
        assert "trang trắng" in reading.pages[3].notes


@needs_tesseract
def test_hidden_ocr_layers(tmp_path: Path) -> None:
    good = scan_pdf(tmp_path / "good.pdf", [picture()], hidden=BODY * 2)
    poor = scan_pdf(tmp_path / "poor.pdf", [picture()], hidden=[fold(line).replace("n", "ri") for line in BODY * 2])
    with read(good) as reading:
        assert reading.source == "text"
    with read(good, mode="redo") as reading:
        assert reading.source == "ocr"
    with read(poor) as reading:
        assert reading.source == "ocr"
        assert EXPECTED in fold(" ".join(reading.text.split()))
    with read(text_pdf(tmp_path / "text.pdf"), mode="redo") as reading:
        assert reading.source == "text"
    with read(text_pdf(tmp_path / "text.pdf"), mode="force") as reading:
        assert reading.source == "ocr"
        assert EXPECTED in fold(" ".join(reading.text.split()))


@needs_tesseract
@pytest.mark.parametrize("shift", [0xE000, 7])
def test_a_broken_letter_map_is_read_from_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: int
) -> None:
    """The font draws the right letters and maps them to private-use characters, or to other letters."""
    from reportlab.pdfbase import ttfonts

    right = ttfonts.makeToUnicodeCMap
    shifted = lambda name, subset: right(name, [code if code <= 32 else code + shift for code in subset])  # noqa: E731
    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", shifted)
    with read(text_pdf(tmp_path / "a.pdf")) as reading:
        assert reading.source == "ocr"
        assert EXPECTED in fold(" ".join(reading.text.split()))
        assert "lớp chữ" in reading.pages[0].notes[0]


@needs_tesseract
def test_the_cache_spares_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    file = scan_pdf(tmp_path / "a.pdf", [picture(BODY[3:5]), picture(BODY[5:])])
    with read(file, cache=cache) as reading:
        first = [(p.text, p.confidence, p.load_words()) for p in reading.pages]
    entries = list(cache.rglob("*.z"))
    assert len(entries) == 2

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("OCR ran although the cache knows the page")

    monkeypatch.setattr("ingest.ocr.page_images.ocr_images", refuse)
    copy = tmp_path / "copy.pdf"  # the same pages in another file, with other metadata
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    document.save(copy)
    document.close()
    for path in (file, copy):
        with read(path, cache=cache) as reading:
            second = [(p.text, p.confidence, p.load_words()) for p in reading.pages]
        assert [s[:2] for s in second] == [f[:2] for f in first]
        for (_, _, before), (_, _, after) in zip(first, second, strict=True):
            assert [w.text for w in after] == [w.text for w in before]
            assert [w.box for w in after] == [pytest.approx(w.box, abs=1e-4) for w in before]


def test_damaged_cache_entries_are_not_believed(tmp_path: Path) -> None:
    cache = OcrCache(tmp_path)
    key = OcrCache.key(b"page", "settings")
    page = OcrPage("Số: 12", [Word("Số:", (0, 0, 0.1, 0.1), 0.9, 0, 3), Word("12", (0.2, 0, 0.3, 0.1), 0.5, 4, 6)], 0.8)
    cache.put(key, page)
    assert cache.get(key) == page
    assert cache.get(OcrCache.key(b"page", "other settings")) is None
    entry = next(tmp_path.rglob("*.z"))
    data = entry.read_bytes()
    for damaged in (data[: len(data) // 2], b"", b"not zlib"):
        entry.write_bytes(damaged)
        assert cache.get(key) is None
    assert OcrCache(None).get(key) is None


def test_without_tesseract_text_files_are_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with read(text_pdf(tmp_path / "text.pdf")) as reading:
        assert reading.source == "text"
    with pytest.raises(MissingTool) as caught, read(scan_pdf(tmp_path / "scan.pdf", [picture(dpi=72)])):
        pass
    assert "tesseract-ocr-vie" in str(caught.value)


def _fake_tesseract(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Another program in Tesseract's place, to see what its failures do."""
    program = folder / "bin" / "tesseract"
    program.parent.mkdir()
    languages = 'case "$*" in *--list-langs*) echo "List of languages (1):"; echo {lang}; exit 0;; esac\n'
    version = 'case "$*" in *--version*) echo "tesseract 5.3.0"; exit 0;; esac\n'
    lang = "eng" if script == "no-vie" else "vie"
    program.write_text("#!/bin/sh\n" + languages.format(lang=lang) + version + script + "\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_without_the_vietnamese_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_tesseract(tmp_path, monkeypatch, "no-vie")
    with pytest.raises(MissingTool, match="tesseract-ocr-vie"), read(scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)])):
        pass


@pytest.mark.parametrize("script", ["exit 1", "kill -SEGV $$", "sleep 30"])
def test_a_failing_tesseract_is_told_never_taken_for_an_empty_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    _fake_tesseract(tmp_path, monkeypatch, script)
    cache = tmp_path / "cache"
    scan = scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)])
    with pytest.raises(ReadFailure) as caught, read(scan, cache=cache, page_seconds=0.5):
        pass
    assert caught.value.verdict == "hong"
    assert not list(cache.rglob("*.z"))


def test_blank_pages() -> None:
    assert is_blank(Image.new("L", (1000, 1400), 255))
    assert is_blank(Image.new("L", (1000, 1400), 200))
    assert not is_blank(picture(("Số: 12",), dpi=100))
    assert not is_blank(Image.new("L", (1000, 1400), 20))


def test_keys_are_data(tmp_path: Path) -> None:
    assert json.dumps(OcrCache.key("a", "b")) != json.dumps(OcrCache.key("ab", ""))


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_fed_in_sideways_is_turned(tmp_path: Path, turn: int) -> None:
    """The words' boxes, the page's size and its image all belong to the turned page."""
    file = tmp_path / "a.png"
    picture().rotate(turn, expand=True).save(file, dpi=(150, 150))
    with read(file) as reading:
        page = reading.pages[0]
        assert EXPECTED in fold(" ".join(page.text.split()))
        assert page.rotation == turn
        assert page.width < page.height
        assert f"đã xoay {turn}°" in page.notes
        assert page.load_image is not None
        image = page.load_image(100)
        assert image.width < image.height
        assert page.load_words()[0].box[1] < 0.2


@needs_tesseract
@pytest.mark.parametrize("angle", [4.0, -6.0])
def test_a_page_askew_is_straightened(tmp_path: Path, angle: float) -> None:
    file = tmp_path / "a.png"
    picture(angle=angle).save(file, dpi=(150, 150))
    with read(file) as reading:
        page = reading.pages[0]
        assert EXPECTED in fold(" ".join(page.text.split()))
        if page.skew:
            assert page.skew == pytest.approx(angle, abs=1.0)
            words = page.load_words()
            line = [w for w in words if w.box[1] < words[0].box[3]]
            assert max(w.box[1] for w in line) - min(w.box[1] for w in line) < 0.01


def signed(ring: int) -> Image.Image:
    """A page with a seal (its ring *ring* pixels from the left), a signature and a stamped name beneath."""
    image = picture(BODY[:6], dpi=200)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 38)
    pen.text((1000, 1500), "GIÁM ĐỐC", fill="black", font=font)
    pen.text((960, 1790), "Nguyễn Thị Hồng", fill=(150, 20, 20), font=font)
    for grow in range(6):
        pen.ellipse((ring - grow, 1540 - grow, ring + 290 + grow, 1830 + grow), outline=(200, 30, 30))
    pen.line([(880, 1700), (1020, 1600), (1080, 1740), (1180, 1580), (1260, 1720), (1500, 1620)], fill="navy", width=5)
    return image


@needs_tesseract
def test_a_name_under_a_seal_is_read(tmp_path: Path) -> None:
    """A ring and a stroke make Tesseract take the name for a part of a picture."""
    signed(640).save(tmp_path / "a.png", dpi=(200, 200))
    with read(tmp_path / "a.png") as reading:
        page = reading.pages[0]
        assert "nguyen thi hong" in fold(" ".join(page.text.split()))
        for word in page.load_words():
            assert page.text[word.start : word.end] == word.text


@needs_tesseract
def test_a_name_cut_by_a_ring_is_doubtful(tmp_path: Path) -> None:
    signed(800).save(tmp_path / "a.png", dpi=(200, 200))
    with read(tmp_path / "a.png") as reading:
        page = reading.pages[0]
        name = [w for w in page.load_words() if w.box[1] > 0.74]
        assert "Nguyễn" in page.text or all(w.confidence <= 0.4 for w in name)


@needs_tesseract
@pytest.mark.long
def test_a_long_scan_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    from ingest.worker.supervisor import Pool

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
