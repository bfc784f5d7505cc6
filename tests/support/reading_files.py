"""Small files for tests of reading: PDFs and scans in the layout of an official document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

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
    """A PDF with a text layer: each page its lines."""
    canvas = new_canvas(path, **options)
    for lines in pages:
        draw_lines(canvas, lines)
        canvas.showPage()
    canvas.save()
    return path


def new_canvas(path: Path, **options: object) -> Any:
    """A canvas of reportlab for an A4 PDF at *path*, with the font "Serif"."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    if "Serif" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Serif", FONT))
    return Canvas(str(path), pagesize=(595, 842), **options)


def draw_lines(canvas: Any, lines: Sequence[str], font: str = "Serif", top: float = 770) -> None:
    """Write *lines* below each other, the first one *top* points above the bottom of the page."""
    canvas.setFont(font, 9)
    for number, line in enumerate(lines):
        canvas.drawString(70, top - 18 * number, line)


def scan_pdf(
    path: Path, images: Sequence[Image.Image], overlay: Sequence[str] = (), hidden: Sequence[str] = ()
) -> Path:
    """A scanned PDF: each page one image, with visible *overlay* lines or a *hidden* OCR layer when given."""
    from reportlab.lib.utils import ImageReader

    canvas = new_canvas(path)
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


def add_objects(source: Path, target: Path, make: Callable[[int], tuple[str, dict[int, str]]], info: int = -1) -> Path:
    """*source* with an incremental update, as programs write that sign or describe a PDF.

    make: from the first free object number gives an addition to the catalogue, and the new objects. info: which of
    them, counted from that number, becomes the document information.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    document.save(target)
    document.close()
    data = target.read_bytes()
    trailer = data[data.rindex(b"trailer") :]
    number, size = (int(re.findall(rb"/" + key + rb"\s*(\d+)", trailer)[0]) for key in (b"Root", b"Size"))
    start = data.index(f"\n{number} 0 obj".encode()) + 1
    body = data[start : data.index(b"endobj", start)].partition(b"<<")[2].rpartition(b">>")[0]
    more, objects = make(size)
    out, offsets = bytearray(data), {}
    for n, text in [(number, b"<< " + body + more.encode() + b" >>"), *((n, t.encode()) for n, t in objects.items())]:
        offsets[n] = len(out) + 1
        out += f"\n{n} 0 obj\n".encode() + text + b"\nendobj\n"
    xref, previous = len(out), data[data.rindex(b"startxref") + 9 :].split()[0].decode()
    out += b"xref\n" + b"".join(f"{n} 1\n{offsets[n]:010d} 00000 n \n".encode() for n in sorted(offsets))
    information = f"/Info {size + info} 0 R " if info >= 0 else ""
    out += f"trailer\n<< /Size {max(offsets) + 1} /Root {number} 0 R {information}/Prev {previous} >>\n".encode()
    out += f"startxref\n{xref}\n%%EOF\n".encode()
    target.write_bytes(out)
    return target


def pdf_string(text: str) -> str:
    """*text* as a PDF file writes it."""
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def signed_pdf(source: Path, target: Path, *signatures: tuple[str, str]) -> Path:
    """*source* with dictionaries of digital signatures: (name, time as ``D:20240105093000+07'00'``) of each."""

    def make(first: int) -> tuple[str, dict[int, str]]:
        objects, fields = {}, []
        for at, (name, time) in enumerate(signatures):
            field, value = first + 2 * at, first + 2 * at + 1
            fields.append(f"{field} 0 R")
            objects[field] = f"<< /FT /Sig /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /T (s{at}) /V {value} 0 R >>"
            build = "/Prop_Build << /App << /Name (Another Program) >> >>"
            objects[value] = (
                f"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] {build} "
                f"/Contents <{'30' * 1200}> /Name {pdf_string(name)} /M ({time}) >>"
            )
        return f" /AcroForm << /Fields [{' '.join(fields)}] /SigFlags 3 >>", objects

    return add_objects(source, target, make)
