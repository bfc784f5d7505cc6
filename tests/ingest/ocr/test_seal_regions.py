"""Print under seals: what two readers saw there is settled, and what only one of them saw is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from corpus.model import Box
from ingest.ocr.engine import OcrPage
from ingest.ocr.seal_regions import MOST_REGIONS, Region, regions, settled
from ingest.ocr.witnesses import DISPUTED, disputed
from ingest.page import Word

#: A region of half a page: what Tesseract sees has its boxes in fractions of that half.
HALF = Region(zone=(0.5, 0.5, 1.0, 1.0), shown=(0.5, 0.5, 1.0, 1.0))


def page(*lines: Sequence[tuple[str, Box, float]]) -> OcrPage:
    """A page of words (text, box, confidence) by lines."""
    words: list[Word] = []
    parts: list[str] = []
    at = 0
    for line in lines:
        for text, box, confidence in line:
            words.append(Word(text, box, confidence, at, at + len(text)))
            at += len(text) + 1
        parts.append(" ".join(text for text, _, _ in line))
    return OcrPage("\n".join(parts), words, 0.9)


def _settled(ours: OcrPage, region: Region, seen: OcrPage, image: Image.Image | None = None) -> OcrPage:
    return settled(ours, region, seen, image or Image.new("L", (500, 500), 255))


def box(left: float, top: float, wide: float = 0.08, high: float = 0.02) -> Box:
    return (left, top, left + wide, top + high)


def half(left: float, top: float, wide: float = 0.16, high: float = 0.04) -> Box:
    """The box in fractions of the half that Tesseract is shown, by fractions of it."""
    return (left, top, left + wide, top + high)


def test_what_both_read_alike_is_surer() -> None:
    ours = page([("Lê", box(0.6, 0.9), 0.7), ("Anh", box(0.7, 0.9), 0.8)])
    seen = page([("Lê", half(0.2, 0.8), 0.9), ("Anh", half(0.4, 0.8), 0.6)])
    after = _settled(ours, HALF, seen)
    assert after.text == "Lê Anh"
    assert [round(word.confidence, 3) for word in after.words] == [0.985, 0.97]
    assert not any(disputed(word) for word in after.words)


def test_a_word_that_the_seal_hid_comes_back_in_its_place_and_is_in_doubt() -> None:
    ours = page([("Văn", box(0.7, 0.9), 0.99), ("Phúc", box(0.8, 0.9), 0.99)])
    seen = page([("Hà", half(0.2, 0.8), 0.9), ("Văn", half(0.4, 0.8), 0.9), ("Phúc", half(0.6, 0.8), 0.9)])
    after = _settled(ours, HALF, seen)
    assert after.text == "Hà Văn Phúc"
    assert after.words[0].confidence < DISPUTED
    assert [after.text[word.start : word.end] for word in after.words] == ["Hà", "Văn", "Phúc"]


def test_where_they_differ_the_word_that_can_be_spoken_stands_flagged() -> None:
    ours = page([("Trýúc", box(0.6, 0.9), 0.9)])
    after = _settled(ours, HALF, page([("Trúc", half(0.2, 0.8), 0.7)]))
    assert after.text == "Trúc"
    assert after.words[0].confidence <= DISPUTED
    assert [witness.text for witness in after.words[0].witnesses] == ["Trýúc", "Trúc"]
    surer = _settled(page([("Hoàng", box(0.6, 0.9), 0.9)]), HALF, page([("Hoảng", half(0.2, 0.8), 0.7)]))
    assert surer.text == "Hoàng"
    assert disputed(surer.words[0])


def test_a_name_with_ink_at_its_end_is_in_doubt_though_both_read_it() -> None:
    image = Image.new("L", (500, 500), 255)
    ImageDraw.Draw(image).rectangle((280, 440, 296, 470), fill=0)
    ours = page([("Thị", box(0.6, 0.9), 0.99), ("Hồng", box(0.7, 0.9), 0.99)])
    seen = page([("Thị", half(0.2, 0.8), 0.9), ("Hồng", half(0.4, 0.8), 0.9)])
    assert all(word.confidence <= 0.4 for word in _settled(ours, HALF, seen, image).words)
    assert all(word.confidence > 0.9 for word in _settled(ours, HALF, seen).words)


def test_strokes_go_and_words_seen_once_are_in_doubt() -> None:
    ours = page([("c", box(0.6, 0.7), 0.3)], [("Hoàng", box(0.6, 0.9), 0.99)])
    after = _settled(ours, HALF, page())
    assert after.text == "Hoàng"
    assert after.words[0].confidence < DISPUTED


def test_two_lines_that_were_run_into_one_are_parted() -> None:
    ours = page([("GIÁM", box(0.6, 0.8, high=0.05), 0.6), ("ĐỐC", box(0.7, 0.8, high=0.05), 0.9)])
    seen = page(
        [("KT.", half(0.05, 0.6), 0.9), ("GIÁM", half(0.22, 0.6), 0.9), ("ĐỐC", half(0.41, 0.6), 0.9)],
        [("PHÓ", half(0.05, 0.66), 0.9), ("GIÁM", half(0.22, 0.66), 0.9), ("ĐỐC", half(0.41, 0.66), 0.9)],
    )
    after = _settled(ours, HALF, seen)
    assert after.text == "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"
    assert all(word.confidence < DISPUTED for word in after.words)


def test_a_line_that_only_tesseract_saw_is_put_in_at_its_height() -> None:
    ours = page([("trên", box(0.6, 0.55), 1.0)], [("dưới", box(0.1, 0.95), 1.0)])
    after = _settled(ours, HALF, page([("trên", half(0.2, 0.1), 1.0)], [("Lê", half(0.2, 0.5), 0.9)]))
    assert after.text == "trên\nLê\ndưới"


def test_words_outside_the_region_stay_as_they_are() -> None:
    ours = page([("Nơi", box(0.1, 0.9), 0.4), ("nhận", box(0.2, 0.9), 0.4)])
    after = _settled(ours, HALF, page([("Khác", half(0.2, 0.2), 0.2)]))
    assert (after.text, [word.confidence for word in after.words]) == ("Nơi nhận", [0.4, 0.4])


def sealed(count: int = 1) -> Image.Image:
    """A page with seals and nothing else."""
    image = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(image)
    for number in range(count):
        top = 100 + 360 * number
        for grow in range(6):
            pen.ellipse((700 - grow, top - grow, 990 + grow, top + 290 + grow), outline=40)
    return image


def test_a_seal_is_a_region_and_clean_print_is_none() -> None:
    (region,) = regions(sealed(), page(), 200)
    x0, y0, x1, y1 = region.zone
    assert x0 < 700 / 1654 < 990 / 1654 < x1
    assert y0 < 100 / 2339 < 390 / 2339 < y1
    assert regions(Image.new("L", (1654, 2339), 255), page(), 200) == []
    assert 1 <= len(regions(sealed(6), page(), 200)) <= MOST_REGIONS  # close to each other they are one


def test_tesseract_is_shown_the_region_without_the_words_beside_it() -> None:
    image = Image.new("L", (1000, 1000), 0)
    region = Region(zone=(0.5, 0.5, 0.9, 0.9), shown=(0.4, 0.4, 1.0, 1.0))
    beside = Word("Nơi", (0.3, 0.5, 0.45, 0.6), 1.0, 0, 3)
    inside = Word("Lê", (0.6, 0.6, 0.7, 0.7), 1.0, 4, 6)
    picture = region.picture(image, [beside, inside], 200)
    assert picture.size == (600, 600)
    assert picture.getpixel((20, 150)) == 255
    assert picture.getpixel((250, 250)) == 0
    assert region.picture(image, [], 400).size == (300, 300)


def test_a_word_that_reaches_out_of_what_is_shown_is_not_settled_there() -> None:
    region = Region(zone=(0.5, 0.5, 0.8, 1.0), shown=(0.45, 0.5, 0.85, 1.0))
    ours = page([("số", box(0.6, 0.9, 0.05), 0.99), ("108/GM-UBND", box(0.7, 0.9, 0.18), 0.99)])
    assert [region.settles(word.box) for word in ours.words] == [True, False]
    after = _settled(ours, region, page([("số", (0.375, 0.8, 0.5, 0.84), 0.9)]))
    assert after.text == "số 108/GM-UBND"
    assert after.words[1].confidence == 0.99
    sheet = Image.new("L", (1000, 1000), 0)
    shown = region.picture(sheet, ours.words, 200)
    assert shown.getpixel((300, 410)) == 255  # the word that is cut off is not shown
    assert shown.getpixel((170, 410)) == 0
