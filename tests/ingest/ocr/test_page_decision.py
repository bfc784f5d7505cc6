"""Text layer or OCR, page by page: each case of the decision with a small file made for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from corpus.fold import fold
from ingest.read import read
from tests.support.reading_files import BODY, _canvas, draw_lines, picture, scan_pdf, text_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
CITED = fold("Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022")


def decided(path: Path) -> tuple[list[str], str, list[str]]:
    """(source of each page, folded text, notes of the first page)."""
    with read(path) as reading:
        return [p.source for p in reading.pages], fold(" ".join(reading.text.split())), reading.pages[0].notes


def test_a_picture_beside_the_text_leaves_the_text(tmp_path: Path) -> None:
    """A logo and a chart on a third of the page are no scan."""
    from reportlab.lib.utils import ImageReader

    canvas = _canvas(tmp_path / "a.pdf")
    draw_lines(canvas, BODY)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 60), "navy")), 70, 60, 450, 350)
    canvas.save()
    sources, text, _ = decided(tmp_path / "a.pdf")
    assert sources == ["text"]
    assert CITED in text


@needs_tesseract
def test_letters_turned_into_outlines_are_read_from_the_picture(tmp_path: Path) -> None:
    """Some programs save letters as shapes: the page holds a page number and thousands of paths."""
    canvas = _canvas(tmp_path / "a.pdf")
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
    sources, text, notes = decided(tmp_path / "a.pdf")
    assert sources == ["ocr"]
    assert "chữ nằm trong hình" in notes
    assert CITED in text


@needs_tesseract
def test_a_scan_with_only_a_signature_stamp_in_letters_is_read_by_ocr(tmp_path: Path) -> None:
    file = scan_pdf(tmp_path / "a.pdf", [picture(BODY[3:6], dpi=120)], overlay=["Ký bởi: Văn phòng UBND tỉnh"])
    sources, text, notes = decided(file)
    assert sources == ["ocr"]
    assert "trang quét có ít chữ đóng thêm" in notes
    assert CITED in text


def test_vni_fonts_are_converted(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path / "a.pdf")
    draw_lines(canvas, ["Uûy ban nhaân daân tænh Thanh Hoùa ban haønh Quyeát ñònh naøy",
                        "ñeå höôùng daãn thöïc hieän chính saùch cuûa Nhaø nöôùc"])  # fmt: skip
    canvas.save()
    with read(tmp_path / "a.pdf") as reading:
        assert reading.source == "text"
        assert reading.text.startswith("Ủy ban nhân dân tỉnh Thanh Hóa ban hành Quyết định này")
        assert "VNI" in reading.pages[0].notes[-1]


def test_a_page_with_nothing_on_it_is_no_scan(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path / "a.pdf")
    canvas.showPage()
    draw_lines(canvas, BODY)
    canvas.save()
    with read(tmp_path / "a.pdf") as reading:
        assert [p.source for p in reading.pages] == ["text", "text"]
        assert reading.pages[0].text == ""


def test_form_fields_are_read(tmp_path: Path) -> None:
    """Offices fill the number into a form's field."""
    canvas = _canvas(tmp_path / "a.pdf")
    draw_lines(canvas, ("Số:            /QĐ-UBND", *BODY))
    canvas.acroForm.textfield(name="so", value="1593", x=88, y=764, width=40, height=16, fontSize=9)
    canvas.save()
    sources, text, _ = decided(tmp_path / "a.pdf")
    assert sources == ["text"]
    assert "1593" in text


def test_a_file_of_many_kinds_of_pages_is_decided_page_by_page_without_ocr(tmp_path: Path) -> None:
    """Mode ``off``: pages without letters stay empty, the others are read."""
    import pypdfium2

    text_pdf(tmp_path / "text.pdf")
    scan_pdf(tmp_path / "scan.pdf", [picture(BODY[:3], dpi=72)])
    whole = pypdfium2.PdfDocument.new()
    for name in ("text", "scan"):
        part = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        whole.import_pages(part)
        part.close()
    whole.save(tmp_path / "whole.pdf")
    whole.close()
    with read(tmp_path / "whole.pdf", mode="off") as reading:
        assert [p.source for p in reading.pages] == ["text", "text"]
        assert CITED in fold(reading.pages[0].text)
        assert reading.pages[1].text == ""
