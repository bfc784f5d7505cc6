"""A sheet on a photo is laid flat and lit evenly; a flat scan is left as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from ingest.extract import read_record
from ingest.ocr.photo import sheet_of_photo
from tests.paths import ROOT

_SAMPLES = ROOT / "corpus" / "samples" / "files"
#: Where the corners of the sheet stand on the photo, in shares of its width and height.
_CORNERS = ((0.14, 0.09), (0.83, 0.12), (0.9, 0.93), (0.07, 0.9))


def _sheet(name: str, dpi: int) -> Image.Image:
    with pypdfium2.PdfDocument(_SAMPLES / name) as pdf:
        drawn: Image.Image = pdf[0].render(scale=dpi / 72).to_pil().convert("RGB")
    return drawn


def _photo(sheet: Image.Image, *, shadow: bool = True) -> Image.Image:
    """The sheet on a dark desk, seen askew, with the shadow of a hand over its right part."""
    import cv2

    pixels = np.asarray(sheet)
    high, wide = pixels.shape[:2]
    width, height = int(wide * 1.35), int(high * 1.25)
    before = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    after = np.array([(x * width, y * height) for x, y in _CORNERS], np.float32)
    matrix = cv2.getPerspectiveTransform(before, after)
    seen = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, (width, height))
    desk = np.full((height, width, 3), (90, 70, 55), np.uint8)
    photo: NDArray[np.floating] = np.where(covered[:, :, None] > 128, seen, desk).astype(np.float32)
    if shadow:
        across = np.linspace(0, 1, width)[None, :] + 0.6 * np.linspace(0, 1, height)[:, None]
        photo = photo * (1 - 0.5 / (1 + np.exp(-(across - 0.95) * 14)))[:, :, None]
    return Image.fromarray(photo.astype(np.uint8))


def test_a_sheet_is_laid_flat() -> None:
    sheet = _sheet("13-kh-96-2023.pdf", 60)
    flat = sheet_of_photo(_photo(sheet, shadow=False))
    assert flat is not None
    assert flat.height / flat.width == pytest.approx(1.414, abs=0.01)
    small = [np.asarray(i.convert("L").resize((60, 85), Image.Resampling.BOX), np.float32) for i in (sheet, flat)]
    assert float(np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1]) > 0.8


def test_shadows_are_taken_out() -> None:
    flat = sheet_of_photo(_photo(_sheet("13-kh-96-2023.pdf", 60)))
    assert flat is not None
    grey = np.asarray(flat.convert("L"))
    paper = [float(np.percentile(part, 90)) for part in np.array_split(grey, 4, axis=1)]
    assert max(paper) - min(paper) < 20


def test_a_flat_scan_is_left_as_it_is() -> None:
    sheet = _sheet("13-kh-96-2023.pdf", 60)
    noise = np.random.default_rng(3).normal(0, 6, (sheet.height, sheet.width, 1))
    scan = Image.fromarray(np.clip(np.asarray(sheet, np.float32) * 0.92 + noise, 0, 255).astype(np.uint8))
    for turned in (sheet, scan, scan.rotate(1.2, fillcolor=(235, 235, 235)), Image.new("RGB", (500, 700), "white")):
        assert sheet_of_photo(turned) is None


@pytest.mark.long
def test_a_photo_with_perspective_and_shadow_is_read(tmp_path: Path) -> None:
    path = tmp_path / "anh.jpg"
    _photo(_sheet("13-kh-96-2023.pdf", 200)).save(path, quality=90)
    record = read_record(str(path))
    assert (record["so_ky_hieu"], record["date"]) == ("96/KH-UBND", "2023-03-20")
    assert record["issuer"] == "Ủy ban nhân dân tỉnh Vân Lĩnh"


def test_a_strip_is_no_photo() -> None:
    assert sheet_of_photo(Image.new("RGB", (1, 20_000), "white")) is None
    assert sheet_of_photo(Image.new("RGB", (20_000, 1), "white")) is None
