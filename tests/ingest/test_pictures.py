"""Pictures of pages: drawn by workers, cached, and not tried again at once where drawing fails."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from corpus.errors import NotFound, ReadFailure
from ingest.pictures import Pictures
from ingest.worker.pool import Pool
from tests.support.reading_files import picture, scan_pdf, text_pdf


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1, timeout=120) as pool:
        yield pool


def opened(data: bytes) -> Image.Image:
    """The picture in PNG bytes."""
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    return image


def test_a_page_has_the_width_asked_for(tmp_path: Path, pool: Pool) -> None:
    image = opened(Pictures(None, pool).page_picture(text_pdf(tmp_path / "a.pdf"), 1, 600))
    assert image.width == 600
    assert min(image.convert("L").tobytes()) < 100  # something is printed


def test_a_frame_of_a_tiff_can_be_turned(tmp_path: Path, pool: Pool) -> None:
    scan = tmp_path / "a.tiff"
    picture().save(scan, "TIFF", save_all=True, append_images=[picture(("Trang hai",))])
    image = opened(Pictures(None, pool).page_picture(scan, 2, 400, rotation=90))
    assert image.width == 400
    assert image.height == pytest.approx(400 * 8.27 / 11.69, abs=2)


def test_a_crop_has_the_resolution_asked_for(tmp_path: Path, pool: Pool) -> None:
    image = opened(Pictures(None, pool).crop(text_pdf(tmp_path / "a.pdf"), 1, (0.1, 0.05, 0.6, 0.1), 144))
    assert image.width == pytest.approx(595, abs=3)
    assert image.height == pytest.approx(84, abs=3)


def test_scanned_pages_are_drawn_as_well(tmp_path: Path, pool: Pool) -> None:
    scan = scan_pdf(tmp_path / "a.pdf", [picture(dpi=72)])
    assert opened(Pictures(None, pool).page_picture(scan, 1, 300)).width == 300


def test_missing_pages_and_files_without_pages_are_not_found(tmp_path: Path, pool: Pool) -> None:
    pictures = Pictures(None, pool)
    pdf, scan, text = text_pdf(tmp_path / "a.pdf"), tmp_path / "a.tiff", tmp_path / "a.txt"
    picture(dpi=72).save(scan, "TIFF")
    text.write_text("Không có ảnh trang", encoding="utf-8")
    for file, page in ((pdf, 2), (scan, 0), (text, 1)):
        with pytest.raises(NotFound):
            pictures.page_picture(file, page)
    with pytest.raises(NotFound):
        pictures.crop(pdf, 1, (0.5, 0.5, 0.5, 0.6))


def test_cached_pictures_need_no_worker(tmp_path: Path, pool: Pool) -> None:
    pdf, folder = text_pdf(tmp_path / "a.pdf"), tmp_path / "pictures"
    first = Pictures(folder, pool).page_picture(pdf, 1, 600)
    assert len(list(folder.glob("*.png"))) == 1
    idle = Pool(1, timeout=0.001)
    assert Pictures(folder, idle).page_picture(pdf, 1, 600) == first
    assert idle.submitted == 0


def test_a_picture_that_failed_is_not_tried_again_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4\nbroken")
    with Pool(1, timeout=120) as pool, closing(Pictures(tmp_path / "kept", pool)) as pictures:
        for _ in range(2):
            with pytest.raises(ReadFailure) as caught:
                pictures.page_picture(tmp_path / "broken.pdf", 1)
            assert caught.value.verdict == "hong"
        assert pool.submitted == 1
