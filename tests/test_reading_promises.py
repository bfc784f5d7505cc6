"""What reading promises whatever the file: bundles, hints that are no evidence, machines without readers, no OCR twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.extract import READER_VERSION, read_record
from tests.reading_files import _canvas, draw_lines, picture, scan_pdf, text_pdf

ROOT = Path(__file__).parents[1]
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")

LETTER = (
    "SỞ NÔNG NGHIỆP TỈNH VÂN LĨNH", "CHI CỤC PHÁT TRIỂN NÔNG THÔN",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    "Số: 77/CCPTNT-KH", "Vân Lĩnh, ngày 12 tháng 3 năm 2024",
    "V/v gửi Quyết định phê duyệt sản phẩm OCOP",
    "Kính gửi: Ủy ban nhân dân các huyện.",
    "Chi cục gửi kèm Quyết định số 12/QĐ-UBND ngày 05/01/2024 của UBND tỉnh để thực hiện./.",
    "Nơi nhận:", "- Như trên;", "- Lưu: VT.",
    "CHI CỤC TRƯỞNG", "Trần Thị An",
)  # fmt: skip
DECISION = (
    "ỦY BAN NHÂN DÂN", "TỈNH VÂN LĨNH",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    "Số: 12/QĐ-UBND", "Vân Lĩnh, ngày 05 tháng 01 năm 2024",
    "QUYẾT ĐỊNH", "Về việc phê duyệt kết quả phân hạng sản phẩm OCOP",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;",
    "QUYẾT ĐỊNH:", "Điều 1. Phê duyệt kết quả.", "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
    "Nơi nhận:", "- Như Điều 2;", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn Bình",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["pdf", "txt"])
def test_a_bundle_is_its_first_document_and_the_rest_is_attached(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a.{kind}"
    if kind == "pdf":
        canvas = _canvas(file)
        for page in (LETTER, DECISION):
            signing = next(n for n, line in enumerate(page) if line == "Nơi nhận:") + 2
            draw_lines(canvas, page[:signing])
            canvas.translate(300, 0)  # whoever signs stands to the right of Nơi nhận
            draw_lines(canvas, page[signing + (page is LETTER) :], top=770 - 18 * (signing - 2))
            canvas.showPage()
        canvas.save()
    else:
        file.write_text("\f".join("\n".join(page) for page in (LETTER, DECISION)), encoding="utf-8")
    record = read_record(str(file))
    assert (record["so_ky_hieu"], record["date"], record["doc_type"]) == ("77/CCPTNT-KH", "2024-03-12", "Công văn")
    assert record["signer"] == "Trần Thị An"
    assert record["issuer"] == "Chi cục Phát triển nông thôn"
    cited = {c["so_ky_hieu"]: c for c in record["citations"] if c["so_ky_hieu"]}
    assert (cited["12/QĐ-UBND"]["zone"], cited["12/QĐ-UBND"]["part"]) != ("attachment", 1)
    assert (cited["919/QĐ-TTg"]["zone"], cited["919/QĐ-TTg"]["part"]) == ("attachment", 1)
    assert not cited["919/QĐ-TTg"]["is_legal_basis"]


# --- hints are no evidence ---


def _misled(source: Path, target: Path) -> Path:
    """The same pages with a title, XMP, bookmarks, dates and a name that tell of another document."""
    import pypdfium2

    target.parent.mkdir(parents=True)
    document = pypdfium2.PdfDocument(source)
    document.save(target)
    document.close()
    data = target.read_bytes()
    trailer = data[data.rindex(b"trailer") :]
    number, size = (int(re.search(rb"/" + key + rb"\s*(\d+)", trailer)[1]) for key in (b"Root", b"Size"))  # type: ignore[index]
    start = data.index(f"\n{number} 0 obj".encode()) + 1
    body = data[start : data.index(b"endobj", start)].partition(b"<<")[2].rpartition(b">>")[0]
    title = "Quyết định 99/QĐ-TTg ngày 01/01/1999"
    written = "FEFF" + title.encode("utf-16-be").hex()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:title>{title}</dc:title><xmp:CreateDate>1999-01-01</xmp:CreateDate></x:xmpmeta>"
    objects = {
        size: f"<< /Title <{written}> /Subject <{written}> /CreationDate (D:19990101000000) /ModDate (D:19990101000000) >>",
        size + 1: f"<< /Type /Metadata /Subtype /XML /Length {len(xmp.encode())} >>\nstream\n{xmp}\nendstream",
        size + 2: f"<< /Type /Outlines /First {size + 3} 0 R /Last {size + 3} 0 R /Count 1 >>",
        size + 3: f"<< /Title <{written}> /Parent {size + 2} 0 R >>",
    }
    out, offsets = bytearray(data), {}
    catalog = b"<< " + body + f" /Metadata {size + 1} 0 R /Outlines {size + 2} 0 R >>".encode()
    for n, text in [(number, catalog), *((n, t.encode()) for n, t in objects.items())]:
        offsets[n] = len(out) + 1
        out += f"\n{n} 0 obj\n".encode() + text + b"\nendobj\n"
    xref = len(out)
    out += b"xref\n"
    for n in sorted(offsets):
        out += f"{n} 1\n{offsets[n]:010d} 00000 n \n".encode()
    before = data.rindex(b"startxref")
    previous = data[before + 9 :].split()[0].decode()
    out += f"trailer\n<< /Size {size + 4} /Root {number} 0 R /Info {size} 0 R /Prev {previous} >>\n".encode()
    out += f"startxref\n{xref}\n%%EOF\n".encode()
    target.write_bytes(out)
    os.utime(target, (915148800, 915148800))
    return target


def _said(record: dict[str, Any]) -> dict[str, Any]:
    assert "error" not in record, record
    return {name: value for name, value in record.items() if name not in {"path", "sha256"}}


@pytest.mark.parametrize("kind", ["text", pytest.param("scan", marks=needs_tesseract)])
def test_names_titles_bookmarks_and_dates_change_nothing(tmp_path: Path, kind: str) -> None:
    import pdfplumber

    plain = tmp_path / "a.pdf"
    if kind == "text":
        text_pdf(plain, [DECISION])
    else:
        scan_pdf(plain, [picture(DECISION[:12], dpi=150)])
    folder = tmp_path / "UBND tỉnh Thanh Hóa 1999" / "Quyết định 99"
    misled = _misled(plain, folder / "99_QĐ-TTg_01-01-1999.pdf")
    with pdfplumber.open(misled) as document:
        assert "99/QĐ-TTg" in document.metadata["Title"]
    first, second = _said(read_record(str(plain))), _said(read_record(str(misled)))
    assert first["so_ky_hieu"] == "12/QĐ-UBND"
    assert first == second


@needs_tesseract
def test_an_image_s_own_dates_and_comments_change_nothing(tmp_path: Path) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Title", "Quyết định 99/QĐ-TTg ngày 01/01/1999")
    page: Image.Image = picture(DECISION[:10], dpi=150)
    page.save(tmp_path / "a.png", dpi=(150, 150))
    page.save(tmp_path / "99 QĐ-TTg 1999.png", dpi=(150, 150), pnginfo=told)
    assert _said(read_record(str(tmp_path / "a.png"))) == _said(read_record(str(tmp_path / "99 QĐ-TTg 1999.png")))


# --- machines without readers, and what is remembered ---


def ocop(*arguments: str | Path, tools: Path | None = None, version: str = "") -> subprocess.CompletedProcess[str]:
    """`ocop` in a process of its own; tools: the only folder programs are looked for in. version: of the reader."""
    environment = {**os.environ, "OCOP_SECOND_READER": "false"}
    if tools is not None:
        environment["PATH"] = str(tools)
    start = "import sys\nfrom ingest import extract\nfrom webui.command import main\n"
    start += f"extract.READER_VERSION += {version!r}\nsys.exit(main(sys.argv[1:]))\n"
    return subprocess.run(
        [sys.executable, "-c", f"if __name__ == '__main__':\n{_indented(start)}", *map(str, arguments)],
        cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=240, check=False,
    )  # fmt: skip


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def test_without_any_reader_scans_say_what_is_missing_and_text_is_read(tmp_path: Path) -> None:
    scan = scan_pdf(tmp_path / "quet.pdf", [picture(DECISION[:6], dpi=72)])
    letters = text_pdf(tmp_path / "chu.pdf", [DECISION])
    done = ocop("read", scan, tools=tmp_path)
    assert done.returncode == 30
    assert "Máy chưa có Tesseract" in done.stdout + done.stderr
    assert "sudo apt install tesseract-ocr tesseract-ocr-vie" in done.stdout + done.stderr
    done = ocop("read", letters, tools=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "12/QĐ-UBND" in done.stdout
    done = ocop("ingest", scan, letters, "--library", tmp_path / "kho", "--json", tools=tmp_path)
    told = json.loads(done.stdout)
    assert told["counts"] == {"failed": 1, "new": 1}
    assert "tesseract-ocr-vie" in told["problems"][0]["message"]


@needs_tesseract
def test_a_new_reader_reads_remembered_pages_without_any_ocr(tmp_path: Path) -> None:
    """The second run cannot run OCR at all, and gives the same records; it also takes up what had failed for it."""
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


def test_received_stamps_are_never_the_number_or_the_date(tmp_path: Path) -> None:
    canvas = _canvas(tmp_path / "a.pdf")
    draw_lines(canvas, DECISION)
    canvas.setFont("Serif", 8)
    for at, line in enumerate(("VĂN PHÒNG UBND HUYỆN", "ĐẾN  Số: 5555", "Ngày: 20/6/2024", "Chuyển: .......")):
        canvas.drawString(380, 830 - 10 * at, line)
    canvas.save()
    record = read_record(str(tmp_path / "a.pdf"))
    assert (record["so_ky_hieu"], record["date"]) == ("12/QĐ-UBND", "2024-01-05")
