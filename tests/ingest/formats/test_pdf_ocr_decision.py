"""Text layer or OCR: each case of the decision, page by page, with a small file made for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from corpus.fold import fold
from ingest.options import OcrMode, ReadOptions
from ingest.page import Reading
from tests.ingest.support import read_whole, verdict_of
from tests.support.reading_files import BODY, draw_lines, new_canvas, picture, scan_pdf, text_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
CITED = fold("Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022")
OFF = ReadOptions(mode=OcrMode.OFF)


def sources(reading: Reading) -> list[str]:
    """Where the text of each page comes from."""
    return [page.source for page in reading.pages]


def folded(text: str) -> str:
    """*text* in one line, folded."""
    return fold(" ".join(text.split()))


def joined_pdf(folder: Path, *parts: Path) -> Path:
    """One PDF with the pages of several."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for path in parts:
        part = pypdfium2.PdfDocument(path)
        whole.import_pages(part)
        part.close()
    whole.save(folder / "whole.pdf")
    whole.close()
    return folder / "whole.pdf"


def test_a_picture_on_a_third_of_the_page_does_not_make_a_scan(tmp_path: Path) -> None:
    from reportlab.lib.utils import ImageReader

    canvas = new_canvas(tmp_path / "a.pdf")
    draw_lines(canvas, BODY)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 60), "navy")), 70, 60, 450, 350)
    canvas.save()
    reading = read_whole(tmp_path / "a.pdf")
    assert sources(reading) == ["text"]
    assert CITED in folded(reading.text)


@needs_tesseract
def test_letters_converted_to_outlines_are_read_by_ocr(tmp_path: Path) -> None:
    """Some programs save letters as shapes: the page holds a page number and thousands of paths."""
    canvas = new_canvas(tmp_path / "a.pdf")
    page = picture(BODY[3:6], dpi=150).convert("L")
    scale, dark = 72 / 150, [value < 128 for value in page.tobytes()]
    for y in range(page.height):
        x = 0
        while x < page.width:
            start = x
            while x < page.width and dark[y * page.width + x]:
                x += 1
            if x > start:
                canvas.rect(start * scale, 842 - (y + 1) * scale, (x - start) * scale, scale, stroke=0, fill=1)
            x += 1
    draw_lines(canvas, ["1"], top=40)
    canvas.save()
    reading = read_whole(tmp_path / "a.pdf")
    assert sources(reading) == ["ocr"]
    assert "chữ nằm trong hình" in reading.pages[0].notes
    assert CITED in folded(reading.text)


@needs_tesseract
def test_a_scan_with_only_a_signature_stamp_as_text_is_read_by_ocr(tmp_path: Path) -> None:
    file = scan_pdf(tmp_path / "a.pdf", [picture(BODY[3:6], dpi=120)], overlay=["Ký bởi: Văn phòng UBND tỉnh"])
    reading = read_whole(file)
    assert sources(reading) == ["ocr"]
    assert "trang quét có ít chữ đóng thêm" in reading.pages[0].notes
    assert CITED in folded(reading.text)


def test_an_empty_page_needs_no_ocr(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    canvas.showPage()
    draw_lines(canvas, BODY)
    canvas.save()
    reading = read_whole(tmp_path / "a.pdf")
    assert sources(reading) == ["text", "text"]
    assert reading.pages[0].text == ""


def test_text_in_another_language_is_left_as_it_is(tmp_path: Path) -> None:
    lines = ["The quick brown fox jumps over the lazy dog while nobody watches them closely."] * 5
    assert read_whole(text_pdf(tmp_path / "a.pdf", [lines])).source == "text"


def test_without_ocr_scanned_pages_stay_empty(tmp_path: Path) -> None:
    text, scan = text_pdf(tmp_path / "text.pdf"), scan_pdf(tmp_path / "scan.pdf", [picture(BODY[:3], dpi=72)])
    reading = read_whole(joined_pdf(tmp_path, text, scan), OFF)
    assert sources(reading) == ["text", "text"]
    assert CITED in fold(reading.pages[0].text)
    assert reading.pages[1].text == ""


def test_without_ocr_a_scan_is_refused(tmp_path: Path) -> None:
    assert verdict_of(scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)]), OFF) == "trong"


@needs_tesseract
def test_each_page_is_decided_by_itself(tmp_path: Path) -> None:
    stamp = ["Người ký: Ủy ban nhân dân tỉnh", "Thời gian ký: 24.02.2023 09:15:00 +07:00"]
    parts = (
        text_pdf(tmp_path / "text.pdf"),
        scan_pdf(tmp_path / "scan.pdf", [picture()]),
        scan_pdf(tmp_path / "stamped.pdf", [picture()], overlay=stamp),
        scan_pdf(tmp_path / "blank.pdf", [Image.new("L", (1240, 1754), 250)]),
    )
    reading = read_whole(joined_pdf(tmp_path, *parts))
    assert sources(reading) == ["text", "ocr", "ocr", "ocr"]
    assert reading.source == "mixed"
    assert CITED in folded(reading.pages[2].text)
    assert "24.02.2023" in reading.pages[2].text  # the stamp is read with the scan
    assert reading.pages[3].text == ""
    assert "trang trắng" in reading.pages[3].notes


@needs_tesseract
def test_a_scanners_own_ocr_layer_is_kept_where_it_is_good(tmp_path: Path) -> None:
    good = scan_pdf(tmp_path / "good.pdf", [picture()], hidden=BODY * 2)
    poor = scan_pdf(tmp_path / "poor.pdf", [picture()], hidden=[fold(line).replace("n", "ri") for line in BODY * 2])
    assert read_whole(good).source == "text"
    reading = read_whole(poor)
    assert reading.source == "ocr"
    assert CITED in folded(reading.text)


@needs_tesseract
def test_mode_redo_reads_scans_again_and_mode_force_every_page(tmp_path: Path) -> None:
    scan = scan_pdf(tmp_path / "scan.pdf", [picture()], hidden=BODY * 2)
    text = text_pdf(tmp_path / "text.pdf")
    assert read_whole(scan, ReadOptions(mode=OcrMode.REDO)).source == "ocr"
    assert read_whole(text, ReadOptions(mode=OcrMode.REDO)).source == "text"
    reading = read_whole(text, ReadOptions(mode=OcrMode.FORCE))
    assert reading.source == "ocr"
    assert CITED in folded(reading.text)


@needs_tesseract
@pytest.mark.parametrize("shift", [0xE000, 7])
def test_a_font_with_a_broken_character_map_is_read_by_ocr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: int
) -> None:
    """The font draws the right letters and maps them to private-use characters, or to other letters."""
    from reportlab.pdfbase import ttfonts

    right = ttfonts.makeToUnicodeCMap

    def shifted(name: str, subset: list[int]) -> str:
        moved: str = right(name, [code if code <= 32 else code + shift for code in subset])
        return moved

    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", shifted)
    reading = read_whole(text_pdf(tmp_path / "a.pdf"))
    assert reading.source == "ocr"
    assert CITED in folded(reading.text)
    assert "lớp chữ" in reading.pages[0].notes[0]


@needs_tesseract
def test_one_letter_under_a_wrong_code_shows_a_broken_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The font draws "ú" and maps it to "ö"; a single such word may be a name and is marked where a value has it."""
    from reportlab.pdfbase import ttfonts

    right = ttfonts.makeToUnicodeCMap

    def with_a_slip(name: str, subset: list[int]) -> str:
        moved: str = right(name, [0xF6 if code == ord("ú") else code for code in subset])
        return moved

    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", with_a_slip)
    reading = read_whole(text_pdf(tmp_path / "a.pdf", [[*BODY, "Chủ thể ở xã Quảng Phú và xã Quảng Thú."]]))
    assert reading.source == "ocr"
    assert "quang phu" in folded(reading.text)
    assert read_whole(text_pdf(tmp_path / "b.pdf", [[*BODY, "Chủ thể ở xã Quảng Phú."]])).source == "text"
