"""What reading promises whatever the file: bundles, hints that are no evidence, machines without readers, no OCR twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.extract import READER_VERSION, read_record
from ingest.formats import pdf_signatures
from tests.paths import ROOT
from tests.support.reading_files import (
    _canvas,
    add_objects,
    draw_lines,
    pdf_string,
    picture,
    scan_pdf,
    signed_pdf,
    text_pdf,
)

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
    title = "Quyết định 99/QĐ-TTg ngày 01/01/1999"
    written = pdf_string(title)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:title>{title}</dc:title><xmp:CreateDate>1999-01-01</xmp:CreateDate></x:xmpmeta>"

    def make(first: int) -> tuple[str, dict[int, str]]:
        dates = "/CreationDate (D:19990101000000) /ModDate (D:19990101000000)"
        return f" /Metadata {first + 1} 0 R /Outlines {first + 2} 0 R", {
            first: f"<< /Title {written} /Subject {written} {dates} >>",
            first + 1: f"<< /Type /Metadata /Subtype /XML /Length {len(xmp.encode())} >>\nstream\n{xmp}\nendstream",
            first + 2: f"<< /Type /Outlines /First {first + 3} 0 R /Last {first + 3} 0 R /Count 1 >>",
            first + 3: f"<< /Title {written} /Parent {first + 2} 0 R >>",
        }

    target.parent.mkdir(parents=True)
    add_objects(source, target, make, info=0)
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


# --- digital signatures ---


def test_what_was_signed_on_a_day_is_not_dated_later(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [DECISION])  # of 5 January 2024
    before = read_record(str(plain))
    later = signed_pdf(plain, tmp_path / "b.pdf", ("Ủy ban nhân dân tỉnh", "D:20240105093000+07'00'"))
    record = read_record(str(later))
    assert record["date"] == "2024-01-05"
    assert not record["fields"]["date"]["needs_review"]
    assert record["fields"]["date"]["confidence"] == before["fields"]["date"]["confidence"]
    earlier = signed_pdf(
        plain, tmp_path / "c.pdf", ("Văn thư", "D:20240106010000+07'00'"), ("Lê Văn Bình", "D:20240103180000Z")
    )
    record = read_record(str(earlier))
    date = record["fields"]["date"]
    assert record["date"] == "2024-01-05"
    assert date["needs_review"]
    assert date["confidence"] <= 0.5
    assert "muộn hơn ngày ký số 04/01/2024" in date["reasons"]  # past midnight in Vietnam


def test_who_signed_digitally_is_told_and_fills_nothing(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [LETTER[:9]])  # nobody's name is printed
    assert read_record(str(plain))["signer"] is None
    record = read_record(str(signed_pdf(plain, tmp_path / "b.pdf", ("Trần Thị (An)", "D:20240312"))))
    assert record["signer"] is None
    reasons = [reason for evidence in record["fields"].values() for reason in evidence["reasons"]]
    assert "chữ ký số: Trần Thị (An), ngày 12/3/2024, chưa kiểm tra" in reasons
    assert not any("Another Program" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("said", "day"),
    [("D:20240105", "2024-01-05"), ("D:20240105233000-05'00'", "2024-01-06"), ("D:20240105+99'99'", ""), ("2024", "")],
)
def test_the_day_of_signing_is_that_of_vietnam(said: str, day: str) -> None:
    assert pdf_signatures._day(said) == day


def test_names_are_read_however_they_are_written() -> None:
    assert pdf_signatures._string(b"(a \\(b\\) \\101\\\nc)") == "a (b) Ac"
    assert pdf_signatures._string(b"<FEFF 1EE6 0079>") == "Ủy"


def test_a_broken_signature_spoils_nothing(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [DECISION])
    signed = signed_pdf(plain, tmp_path / "b.pdf", ("An", "D:20249999999999+99'99'"))
    assert read_record(str(signed))["date"] == "2024-01-05"
    signed.write_bytes(signed.read_bytes().replace(b"/V ", b"/X "))
    assert read_record(str(signed))["so_ky_hieu"] == "12/QĐ-UBND"


# --- machines without readers, and what is remembered ---


def ocop(*arguments: str | Path, tools: Path | None = None, version: str = "") -> subprocess.CompletedProcess[str]:
    """`ocop` in a process of its own; tools: the only folder programs are looked for in. version: of the reader."""
    environment = {**os.environ, "OCOP_SECOND_READER": "false"}
    if tools is not None:
        environment["PATH"] = str(tools)
    start = "import sys\nfrom ingest import extract\nfrom webui.cli.command import main\n"
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
