"""Page images: frames, resolutions, pictures too large for OCR or for memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from corpus.fold import fold
from ingest.formats.image import frame
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.options import ReadOptions
from ingest.read import read
from tests.ingest.support import verdict_of
from tests.support.reading_files import BODY, picture

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
#: A notice drawn with letters of DejaVu Serif, saved by pillow-heif; made for this test.
PHOTO = Path(__file__).parents[2] / "data" / "photos" / "thong-bao.heic"
CITED = fold("Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ")


@needs_tesseract
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_each_frame_is_a_page(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "a.bin"
    first, second = picture(BODY[:5]), picture(BODY[5:])
    if kind == "TIFF":
        first.save(file, kind, save_all=True, append_images=[second], compression="tiff_lzw")
    else:
        first.save(file, kind, dpi=(150, 150))
    with read(file) as reading:
        assert reading.source == "ocr"
        assert len(reading.pages) == (2 if kind == "TIFF" else 1)
        assert CITED in fold(" ".join(reading.text.split()))
        assert reading.pages[0].width == pytest.approx(595, rel=0.02)


@needs_tesseract
def test_a_photo_of_a_phone_is_read(tmp_path: Path) -> None:
    with read(PHOTO) as reading:
        assert "17/TB-UBND" in reading.text
    cut = tmp_path / "a.heic"
    cut.write_bytes(PHOTO.read_bytes()[:9000])
    assert verdict_of(cut) == "hong"


@pytest.mark.parametrize(
    ("name", "mode"), [("a.png", "L"), ("a.jpg", "RGB"), ("a.tif", "1"), ("b.png", "P"), ("b.tif", "I;16")]
)
def test_a_picture_over_the_limit_of_pixels_is_reduced(tmp_path: Path, name: str, mode: str) -> None:
    Image.new(mode, (3000, 2000)).save(tmp_path / name, dpi=(300, 300))
    whole, dpi = frame(tmp_path / name, 0, DEFAULT_LIMITS)
    assert (whole.size, dpi) == ((3000, 2000), 300)
    small, lower = frame(tmp_path / name, 0, Limits(page_pixels=1_000_000))
    assert small.width * small.height <= 1_000_000
    assert lower == round(300 * small.width / 3000)


def test_a_picture_too_large_for_memory_is_refused(tmp_path: Path) -> None:
    Image.new("L", (100, 100), 255).save(tmp_path / "a.png")
    assert verdict_of(tmp_path / "a.png", ReadOptions(limits=Limits(memory=10_000))) == "qua_lon"
