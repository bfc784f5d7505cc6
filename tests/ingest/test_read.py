"""Reading any file: limits, files that change meanwhile, and hints around a file that are no evidence."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from PIL.PngImagePlugin import PngInfo

from corpus.errors import ReadFailure
from ingest.extract import read_record
from ingest.limits import Limits
from ingest.options import ReadOptions
from ingest.read import file_sha256, read
from tests.ingest.support import DECISION
from tests.support.reading_files import add_objects, pdf_string, picture, scan_pdf, text_pdf

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def test_too_many_pages_are_refused_with_the_figure(tmp_path: Path) -> None:
    file = tmp_path / "pages.txt"
    file.write_text("Trang có chữ.\f" * 12, encoding="utf-8")
    failure = read_record(str(file), ReadOptions(limits=Limits(pages=10)))
    assert failure["verdict"] == "qua_lon"
    assert "13 trang" in failure["error"]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.formats import text

    file = tmp_path / "a.txt"
    file.write_text("Quyết định số 1", encoding="utf-8")
    decode = text.decode

    def decode_and_change(data: bytes) -> text.Decoded:
        file.write_text("Quyết định số 2", encoding="utf-8")
        return decode(data)

    monkeypatch.setattr(text, "decode", decode_and_change)
    with pytest.raises(ReadFailure) as caught, read(file):
        pass
    assert caught.value.verdict == "thay_doi"


def test_hashing_never_reads_beyond_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"12345")
    assert file_sha256(file, 5).startswith("5994471abb01112afcc1815")
    with pytest.raises(OSError, match="large"):
        file_sha256(file, 4)


# --- hints are no evidence


def write_misleading_copy(source: Path, target: Path) -> Path:
    """The same pages with title, XMP, bookmarks, dates and a name of another document."""
    title = "Quyết định 99/QĐ-TTg ngày 01/01/1999"
    written = pdf_string(title)
    description = f"<dc:title>{title}</dc:title><xmp:CreateDate>1999-01-01</xmp:CreateDate>"
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{description}</x:xmpmeta>"

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


def content_of(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what identifies the file."""
    assert "error" not in record, record
    return {name: value for name, value in record.items() if name not in {"path", "sha256"}}


@pytest.mark.parametrize("kind", ["text", pytest.param("scan", marks=needs_tesseract)])
def test_file_names_titles_bookmarks_and_dates_change_nothing(tmp_path: Path, kind: str) -> None:
    plain = tmp_path / "a.pdf"
    if kind == "text":
        text_pdf(plain, [DECISION])
    else:
        scan_pdf(plain, [picture(DECISION[:12], dpi=150)])
    folder = tmp_path / "UBND tỉnh Thanh Hóa 1999" / "Quyết định 99"
    misleading = write_misleading_copy(plain, folder / "99_QĐ-TTg_01-01-1999.pdf")
    with pdfplumber.open(misleading) as document:
        assert "99/QĐ-TTg" in document.metadata["Title"]
    first, second = content_of(read_record(str(plain))), content_of(read_record(str(misleading)))
    assert first["so_ky_hieu"] == "12/QĐ-UBND"
    assert first == second


@needs_tesseract
def test_comments_in_an_image_change_nothing(tmp_path: Path) -> None:
    comment = PngInfo()
    comment.add_text("Title", "Quyết định 99/QĐ-TTg ngày 01/01/1999")
    page = picture(DECISION[:10], dpi=150)
    page.save(tmp_path / "a.png", dpi=(150, 150))
    page.save(tmp_path / "99 QĐ-TTg 1999.png", dpi=(150, 150), pnginfo=comment)
    plain, commented = read_record(str(tmp_path / "a.png")), read_record(str(tmp_path / "99 QĐ-TTg 1999.png"))
    assert content_of(plain) == content_of(commented)
