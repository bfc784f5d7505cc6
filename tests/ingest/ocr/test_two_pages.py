"""Two pages on one image: the gutter is found, the right page is read below the left one, boxes fit the new page."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.fold import fold
from ingest.formats import Source
from ingest.formats.image import open_page
from ingest.formats.sniff import FileType
from ingest.ocr.two_pages import find_gutter, stacked
from ingest.options import ReadOptions
from ingest.read import file_sha256, read
from tests.support.reading_files import BODY, picture

WIDTH, HEIGHT = 1190, 842


def sheet(*lines: tuple[float, float, float]) -> Image.Image:
    """An A3 sheet with lines of ink: (from the left, to the left, from the top), as fractions."""
    image = Image.new("L", (WIDTH, HEIGHT), 245)
    draw = ImageDraw.Draw(image)
    for left, right, top in lines:
        draw.rectangle((left * WIDTH, top * HEIGHT, right * WIDTH, top * HEIGHT + 9), fill=20)
    return image


def text(left: float, right: float, count: int) -> list[tuple[float, float, float]]:
    return [(left, right, 0.08 + 0.03 * n) for n in range(count)]


def test_the_gutter_lies_between_two_pages() -> None:
    assert find_gutter(sheet(*text(0.07, 0.45, 20), *text(0.57, 0.93, 4))) == pytest.approx(0.51, abs=0.01)


def test_specks_skew_and_the_shadow_of_the_fold_do_not_hide_it() -> None:
    image = sheet(*text(0.07, 0.45, 20), *text(0.57, 0.93, 18))
    ImageDraw.Draw(image).rectangle((0.5 * WIDTH, 0, 0.505 * WIDTH, HEIGHT), fill=90)
    image = image.rotate(0.6, fillcolor=245)
    grain = np.random.default_rng(3).normal(0, 12, (HEIGHT, WIDTH))
    noisy = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    assert 0.46 < (find_gutter(noisy) or 0) < 0.56  # between the lines of the two pages


@pytest.mark.parametrize(
    "image",
    [
        sheet(*text(0.07, 0.93, 20)),
        sheet(*text(0.07, 0.48, 20), *text(0.52, 0.93, 20)),  # two columns of one page
        sheet(*text(0.07, 0.4, 3), *text(0.6, 0.93, 3), (0.3, 0.7, 0.3), *text(0.07, 0.93, 2)),  # a wide form
        sheet(*text(0.07, 0.45, 20)),  # the other page is empty
        sheet(*text(0.07, 0.45, 20), *text(0.57, 0.93, 20)).resize((842, 1190)),
        Image.new("L", (WIDTH, HEIGHT), 255),
    ],
)
def test_one_page_is_not_cut(image: Image.Image) -> None:
    assert find_gutter(image) is None


def test_a_page_on_its_side_is_not_cut() -> None:
    page = picture([*BODY[:3], "", *BODY[3:]]).convert("L").rotate(90, expand=True)
    page.paste(255, (round(0.46 * page.width), 0, round(0.54 * page.width), page.height))
    assert find_gutter(page) is None


def test_the_right_page_is_put_under_the_left_one() -> None:
    page = stacked(sheet(*text(0.07, 0.45, 1), *text(0.57, 0.93, 1)), 0.5)
    assert page.size == (WIDTH // 2, 2 * HEIGHT)
    rows = np.flatnonzero((np.asarray(page) < 100).any(axis=1))
    assert rows[0] == pytest.approx(0.08 * HEIGHT, abs=2)
    assert rows[-1] == pytest.approx(1.08 * HEIGHT + 9, abs=2)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_pages_are_read_one_after_the_other_and_found_again_in_the_cache(tmp_path: Path) -> None:
    first, second = picture(BODY[:5]).convert("L"), picture(BODY[5:]).convert("L")
    both = Image.new("L", (first.width * 2, first.height), 255)
    both.paste(first, (0, 0))
    both.paste(second, (first.width, 0))
    file = tmp_path / "a.png"
    both.save(file, dpi=(150, 150))
    options = ReadOptions(cache=tmp_path / "cache")
    with read(file, options) as reading:
        (page,) = reading.pages
        words = page.load_words()
        said = fold(page.text)
        assert page.load_image is not None
        drawn = page.load_image(72)
    assert [said.index(fold(line[:20])) for line in BODY] == sorted(said.index(fold(line[:20])) for line in BODY)
    assert page.height == pytest.approx(2 * 842, rel=0.02)
    assert drawn.height / drawn.width == pytest.approx(page.height / page.width, rel=0.01)
    assert words[-1].box[1] > 0.5 > words[0].box[1]
    with open_page(Source(file, FileType.PNG, file_sha256(file, 1 << 30)), 1, options) as again:
        assert again is not None
        assert (again.text, again.gutter, again.height) == (page.text, page.gutter, page.height)
