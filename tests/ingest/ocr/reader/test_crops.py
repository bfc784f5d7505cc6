"""Cutting lines out: stacked tones stay, neighbours go, boxes are the page's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ingest.ocr.reader.components import pieces
from ingest.ocr.reader.crops import Crop, cut
from ingest.ocr.reader.finder import find_runs
from ingest.ocr.reader.shapes import HEIGHT, Grey, batch, fitted
from tests.ingest.ocr.reader.drawing import SENTENCES, Sheet

TONES = "Tổ chức hỗ trợ kỹ thuật, ẩm thực, ngõ Ấp Đồng Nguyễn Huệ quyết nghị"
CAPITALS = "TỔ CHỨC HỖ TRỢ ẨM THỰC ẤP ĐỒNG NGUYỄN QUYẾT NGHỊ"


def crops(page: Grey, *, ruled: bool = False) -> list[Crop]:
    """The pictures of the lines; *ruled*: as lines in fields of a table are cut."""
    found = sorted(find_runs(pieces(page)), key=lambda run: run.middle)
    return [crop for run in found if (crop := cut(page, replace(run, ruled=ruled))) is not None]


@pytest.mark.parametrize("text", [TONES, CAPITALS])
@pytest.mark.parametrize("size", [20, 32, 44])
def test_all_ink_of_a_line_alone_is_in_its_picture(text: str, size: int) -> None:
    sheet = Sheet()
    sheet.write(text, 100, 400, size)
    (crop,) = crops(sheet.grey)
    assert np.count_nonzero(crop.dark) >= 0.995 * np.count_nonzero(sheet.grey < 128)


@pytest.mark.parametrize("leading", [1.2, 1.35, 1.6])
def test_tones_stay_and_neighbours_go_where_lines_are_close(leading: float) -> None:
    size = 32
    alone, close = Sheet(), Sheet()
    alone.write(TONES, 100, 400, size)
    for number, text in ((-1, SENTENCES[3]), (0, TONES), (1, SENTENCES[4])):
        close.write(text, 100, 400 + round(number * leading * size), size)
    middle = crops(close.grey)[1]
    (only,) = crops(alone.grey)
    ink = np.count_nonzero(only.picture < 128)
    assert np.count_nonzero(middle.picture < 128) == pytest.approx(ink, rel=0.035)
    tops = np.flatnonzero((only.picture < 128).any(axis=1))[0] - only.baseline
    assert np.flatnonzero((middle.picture < 128).sum(axis=1) > 3)[0] - middle.baseline == pytest.approx(tops, abs=3.5)


def test_boxes_of_ink_are_the_pages_own() -> None:
    sheet = Sheet()
    sheet.write("Quyết định", 300, 500, 40)
    (crop,) = crops(sheet.grey)
    box = crop.box(0, crop.picture.shape[1])
    assert np.allclose(box, sheet.lines[0][1], atol=3)


def test_a_wide_picture_is_parted_between_letters_and_nothing_is_lost() -> None:
    sheet = Sheet()
    sheet.write(SENTENCES[0], 100, 400, 30)
    (crop,) = crops(sheet.grey)
    parts = crop.parts(300)
    assert max(part.picture.shape[1] for part in parts) <= 300
    assert sum(part.picture.shape[1] for part in parts) == crop.picture.shape[1]
    for part in parts[1:]:
        assert not part.dark[:, 0].any()


def test_pictures_for_the_net_have_its_height_and_are_padded_with_their_edge() -> None:
    picture = fitted(np.full((50, 301), 200, np.uint8))
    assert picture.shape[0] == HEIGHT
    assert picture.shape[1] % 8 == 0
    stacked = batch([picture, np.zeros((HEIGHT, 400), np.uint8)])
    assert stacked.shape == (2, 1, HEIGHT, 400)
    assert stacked[0].max() == stacked[0].min() == pytest.approx(200 / 127.5 - 1)


def test_the_widest_stretch_of_paper_between_two_columns() -> None:
    dark = np.zeros((10, 40), np.bool_)
    dark[3:7, [5, 6, 12, 30]] = True
    crop = Crop(np.where(dark, 0, 255).astype(np.uint8), dark, 0.0, 0.0, 0.0, 7.0, 4.0)
    assert crop.empty(5, 31) == (13.0, 30.0)
    assert crop.empty(5, 12) == (7.0, 12.0)
    assert crop.empty(5, 6) == (5.5, 5.5)
    assert crop.gap(5, 31) == 21.5


@pytest.mark.parametrize("text", ["1,27", "3,57", "72,9", "1,0"])
def test_the_comma_of_a_short_number_is_in_its_picture(text: str) -> None:
    sheet = Sheet()
    sheet.write(text, 100, 400, 36)
    (crop,) = crops(sheet.grey, ruled=True)
    assert np.count_nonzero(crop.dark) >= 0.99 * np.count_nonzero(sheet.grey < 128)


def test_stops_of_the_line_above_are_not_in_the_picture_of_a_line_of_digits() -> None:
    sheet = Sheet()
    for row in range(4):
        sheet.write("8402.12.11", 100, 400 + (42 + row) * row, 32)
    first, *others = (crop.picture.shape[0] for crop in crops(sheet.grey, ruled=True))
    assert others == pytest.approx([first] * 3, abs=2)
