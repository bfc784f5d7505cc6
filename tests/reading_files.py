"""Small files made for the reading tests: PDFs, scans, Word files, in the layout of an official document."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"

BODY = (
    "QUYẾT ĐỊNH",
    "Về việc phê duyệt kết quả đánh giá, phân hạng sản phẩm OCOP năm 2024",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;",
    "Xét đề nghị của Giám đốc Sở Nông nghiệp và Phát triển nông thôn,",
    "Điều 1. Phê duyệt kết quả đánh giá, phân hạng sản phẩm của các chủ thể.",
    "Điều 2. Quyết định này có hiệu lực kể từ ngày ký ban hành.",
    "Điều 3. Chánh Văn phòng Ủy ban nhân dân tỉnh chịu trách nhiệm thi hành.",
)


def picture(lines: Sequence[str] = BODY, dpi: int = 150, angle: float = 0.0) -> Image.Image:
    """An A4 page image with *lines* printed on it."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, round(13 * dpi / 72))
    for number, line in enumerate(lines):
        words, at = line.split(), ""
        y = round(dpi * (0.9 + number * 0.75))
        for word in words:
            if draw.textlength(f"{at} {word}", font=font) > width - 1.6 * dpi:
                draw.text((0.8 * dpi, y), at, fill="black", font=font)
                at, y = word, y + round(dpi * 0.3)
            else:
                at = f"{at} {word}".strip()
        draw.text((0.8 * dpi, y), at, fill="black", font=font)
    return image.rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC) if angle else image


def text_pdf(path: Path, pages: Sequence[Sequence[str]] = (BODY,), **options: object) -> Path:
    """A born-digital PDF, one line of text a line."""
    canvas = _canvas(path, **options)
    for lines in pages:
        draw_lines(canvas, lines)
        canvas.showPage()
    canvas.save()
    return path


def _canvas(path: Path, **options: object):  # type: ignore[no-untyped-def]
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    if "Serif" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Serif", FONT))
    return Canvas(str(path), pagesize=(595, 842), **options)


def draw_lines(canvas, lines: Sequence[str], font: str = "Serif", top: float = 770) -> None:  # type: ignore[no-untyped-def]
    canvas.setFont(font, 9)
    for number, line in enumerate(lines):
        canvas.drawString(70, top - 18 * number, line)


def scan_pdf(
    path: Path, images: Sequence[Image.Image], overlay: Sequence[str] = (), hidden: Sequence[str] = ()
) -> Path:
    """A scanned PDF: each page one image, with visible *overlay* lines or a *hidden* OCR layer when given."""
    from reportlab.lib.utils import ImageReader

    canvas = _canvas(path)
    for image in images:
        data = io.BytesIO()
        image.save(data, "PNG")
        data.seek(0)
        canvas.drawImage(ImageReader(data), 0, 0, 595, 842)
        if overlay:
            draw_lines(canvas, overlay, top=830)
        if hidden:
            text = canvas.beginText(70, 770)
            text.setFont("Serif", 9)
            text.setTextRenderMode(3)
            for line in hidden:
                text.textLine(line)
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return path
