"""Where text is printed: from the text layer, on scans from the OCR cache, otherwise unknown."""

from __future__ import annotations

import gc
import io
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from corpus.errors import NotFound
from ingest.options import DEFAULT_OPTIONS, ReadOptions
from ingest.page import Page, Reading, Word
from ingest.page_pictures import Marks
from ingest.pictures import Pictures
from ingest.read import read
from ingest.text_location import line_boxes, open_page
from tests.paths import SAMPLES

TEXT_PDF = SAMPLES / "files" / "02-qd-1876-2018.pdf"


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A scanned page as a file, the folder of its OCR cache, and the text read."""
    folder = tmp_path_factory.mktemp("scan")
    with closing(Pictures(None)) as pictures:
        data = pictures.page_picture(TEXT_PDF, 1, 1300)
    path = folder / "quet.png"
    Image.open(io.BytesIO(data)).convert("L").save(path, dpi=(157, 157))
    with read(path, ReadOptions(cache=folder / "ocr")) as reading:
        return path, folder / "ocr", reading.pages[0].text


def test_words_on_one_line_share_a_box() -> None:
    words = [
        Word("một", (0.1, 0.10, 0.2, 0.12), 1.0, 0, 3),
        Word("hai", (0.3, 0.10, 0.4, 0.121), 1.0, 4, 7),
        Word("ba", (0.1, 0.14, 0.2, 0.16), 1.0, 8, 10),
    ]
    assert line_boxes(words, 0, 10) == [(0.1, 0.10, 0.4, 0.121), (0.1, 0.14, 0.2, 0.16)]
    assert line_boxes(words, 5, 6) == [(0.3, 0.10, 0.4, 0.121)]
    assert line_boxes(words, 20, 30) == []


@pytest.mark.parametrize("kind", ["text", "scan"])
def test_marked_words_are_coloured_where_they_are_printed(kind: str, scan: tuple[Path, Path, str]) -> None:
    if kind == "text":
        path, options = TEXT_PDF, DEFAULT_OPTIONS
        with read(path) as reading:
            text = reading.pages[0].text
    else:
        path, options, text = scan[0], ReadOptions(cache=scan[1]), scan[2]
    start = text.index("Căn cứ")
    with open_page(path, 1, options) as page:
        assert page is not None
        (box,) = line_boxes(page.load_words(), start, start + 6)
    with closing(Pictures(None)) as pictures:
        data = pictures.marked_page(path, 1, Marks.of(text, [(start, start + 6)]), options, 800)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.width == 800
    pixels = [(x, y) for y in range(image.height) for x in range(image.width)]
    coloured = [place for place in pixels if is_coloured(image, place)]
    assert coloured
    assert min(x for x, _ in coloured) == pytest.approx(box[0] * 800, abs=4)
    assert max(y for _, y in coloured) == pytest.approx(box[3] * image.height, abs=4)


@pytest.mark.parametrize("opened", [read, partial(open_page, number=1)])
def test_the_picture_of_a_page_goes_with_the_open_file(
    opened: Callable[..., AbstractContextManager[Reading | Page]], scan: tuple[Path, Path, str], tmp_path: Path
) -> None:
    path, options = tmp_path / "quet.pdf", ReadOptions(cache=tmp_path / "ocr")
    Image.open(scan[0]).save(path, resolution=157)
    with read(path, options):  # known to the cache from now on
        pass
    gc.disable()
    try:
        with opened(path, options=options) as found:
            page = found.pages[0] if isinstance(found, Reading) else found
            assert page.load_image is not None
            picture = weakref.ref(page.load_image(72))
            assert picture() is page.load_image(72)  # kept for the next look
        assert picture() is None
        assert page.load_image is None
    finally:
        gc.enable()


def is_coloured(image: Image.Image, place: tuple[int, int]) -> bool:
    """Whether the pixel is tinted."""
    red, _, blue = image.getpixel(place)  # type: ignore[misc]
    return bool(red - blue > 60)


def test_places_that_are_not_known_are_not_guessed(scan: tuple[Path, Path, str], tmp_path: Path) -> None:
    path, cache, text = scan
    nothing_cached = tmp_path / "trong"
    with closing(Pictures(None)) as pictures:
        for options, stored in (
            (ReadOptions(cache=nothing_cached), text),
            (ReadOptions(cache=None), text),
            (ReadOptions(cache=cache), text + " khác"),  # the stored text is of another reading
        ):
            with pytest.raises(NotFound, match="Không biết"):
                pictures.marked_page(path, 1, Marks.of(stored, [(0, 5)]), options)
        with pytest.raises(NotFound, match="Không biết"):
            pictures.marked_page(path, 1, Marks.of(text, [(10**6, 10**6 + 3)]), ReadOptions(cache=cache))
    assert not nothing_cached.exists() or not list(nothing_cached.glob("*/*"))
