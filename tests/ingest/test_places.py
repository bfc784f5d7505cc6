"""Where a stretch of text is printed: on text pages from the text layer, on scans from what OCR remembers, else unknown."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from corpus.errors import NotFound
from ingest.page import Word
from ingest.pictures import Pictures
from ingest.places import line_boxes, page_as_read, read_draft
from ingest.read import read
from tests.paths import SAMPLES

FILES = SAMPLES / "files"
TEXT = FILES / "02-qd-1876-2018.pdf"


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    """A scanned page as a file, the folder of its OCR cache, and the text that was read."""
    folder = tmp_path_factory.mktemp("scan")
    with closing(Pictures(None)) as pictures:
        data = pictures.page_picture(TEXT, 1, 1300)
    path = folder / "quet.png"
    Image.open(io.BytesIO(data)).convert("L").save(path, dpi=(157, 157))
    with read(path, cache=folder / "ocr") as reading:
        return path, folder / "ocr", [page.text for page in reading.pages]


def test_words_of_one_line_are_one_box() -> None:
    words = [
        Word("một", (0.1, 0.10, 0.2, 0.12), 1.0, 0, 3),
        Word("hai", (0.3, 0.10, 0.4, 0.121), 1.0, 4, 7),
        Word("ba", (0.1, 0.14, 0.2, 0.16), 1.0, 8, 10),
    ]
    assert line_boxes(words, 0, 10) == [(0.1, 0.10, 0.4, 0.121), (0.1, 0.14, 0.2, 0.16)]
    assert line_boxes(words, 5, 6) == [(0.3, 0.10, 0.4, 0.121)]
    assert line_boxes(words, 20, 30) == []


@pytest.mark.parametrize("kind", ["text", "scan"])
def test_marked_words_are_coloured_where_they_stand_and_nowhere_else(
    kind: str, scan: tuple[Path, Path, list[str]]
) -> None:
    if kind == "text":
        path, options = TEXT, dict[str, Any](mode="auto", cache=None)
        with read(path) as reading:
            text = reading.pages[0].text
    else:
        path, options, text = scan[0], dict[str, Any](mode="auto", cache=scan[1]), scan[2][0]
    start = text.index("Căn cứ")
    with page_as_read(path, 1, options) as page:
        assert page is not None
        boxes = line_boxes(page.load_words(), start, start + 6)
    with closing(Pictures(None)) as pictures:
        data = pictures.marked_page(path, 1, [(start, start + 6)], [], text, options, 800)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.width == 800
    coloured = [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if (p := image.getpixel((x, y))) and p[0] - p[2] > 60  # type: ignore[index]
    ]
    assert coloured
    (box,) = boxes
    assert min(x for x, _ in coloured) == pytest.approx(box[0] * 800, abs=4)
    assert max(y for _, y in coloured) == pytest.approx(box[3] * image.height, abs=4)


def test_what_is_not_known_is_not_guessed(scan: tuple[Path, Path, list[str]], tmp_path: Path) -> None:
    path, cache, texts = scan
    with closing(Pictures(None)) as pictures:
        for options, text in (
            ({"mode": "auto", "cache": tmp_path / "trong"}, texts[0]),  # no OCR remembered
            ({"mode": "auto", "cache": None}, texts[0]),
            ({"mode": "auto", "cache": cache}, texts[0] + " khác"),  # the stored text is of another reading
        ):
            with pytest.raises(NotFound, match="Không biết"):
                pictures.marked_page(path, 1, [(0, 5)], [], text, options)
        with pytest.raises(NotFound, match="Không biết"):
            pictures.marked_page(path, 1, [(10**6, 10**6 + 3)], [], texts[0], {"mode": "auto", "cache": cache})
    assert not (tmp_path / "trong").exists() or not list((tmp_path / "trong").glob("*/*"))


def test_a_draft_comes_with_pictures_of_its_bases() -> None:
    value = read_draft(str(TEXT), {"cache": None}, 2)
    ordinals = [n for n, c in enumerate(value["record"]["citations"]) if c["relation"] == "can_cu"]
    assert ordinals
    assert [int(n) for n in value["crops"]] == ordinals[:2]
    for crop in value["crops"].values():
        image = Image.open(io.BytesIO(bytes.fromhex(crop["png"])))
        assert image.height < image.width / 2
        assert len(image.getcolors(10_000) or []) > 2  # something is printed there
