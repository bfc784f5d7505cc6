"""The digits of a line by themselves: the words around them and the slash behind them are left out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.ocr.handwriting import Readings, Span, seen
from ingest.ocr.lone_digits import lone_digits
from ingest.ocr.second_reader import available, second_reader

_FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", 52)
_BEFORE, _AFTER = "Số: ", "QĐ-UBND"


def _line(number: str, *, slash_gap: int = 12) -> tuple[Image.Image, float, float]:
    """A line "Số: <number>/QĐ-UBND" and where its digits begin and end, in pixels."""
    line = Image.new("L", (900, 100), 255)
    draw = ImageDraw.Draw(line)
    draw.text((10, 20), _BEFORE, font=_FONT, fill=0)
    left = 10 + draw.textlength(_BEFORE, font=_FONT)
    draw.text((left, 20), number, font=_FONT, fill=0)
    right = left + draw.textlength(number, font=_FONT)
    draw.text((right + slash_gap, 20), "/", font=_FONT, fill=0)
    draw.text((right + slash_gap + draw.textlength("/", font=_FONT), 20), _AFTER, font=_FONT, fill=0)
    return line, left, right


def _ink(picture: Image.Image) -> int:
    return int((np.asarray(picture.convert("L")) < 128).sum())


def test_words_and_slash_are_left_out() -> None:
    line, left, right = _line("217")
    found = lone_digits(line, left, right)
    assert found is not None
    alone, with_slash = found
    assert with_slash is None  # a slash by itself stands behind the digits
    number_only = Image.new("L", line.size, 255)
    ImageDraw.Draw(number_only).text((left, 20), "217", font=_FONT, fill=0)
    assert _ink(alone) == pytest.approx(_ink(number_only), rel=0.02)
    assert alone.width < 0.4 * line.width


def test_a_slash_that_touches_the_last_digit_comes_along() -> None:
    line, left, right = _line("666", slash_gap=-9)
    found = lone_digits(line, left, right)
    assert found is not None
    assert found[1] is not None
    assert found[1].width > found[0].width


def test_an_empty_place_gives_nothing() -> None:
    line = Image.new("L", (900, 100), 255)
    assert lone_digits(line, 100, 300) is None


@pytest.mark.skipif(not available(), reason="the second reader is not installed")
@pytest.mark.parametrize(("number", "gap"), [("217", 12), ("1155", 2), ("666", -6)])
def test_digits_by_themselves_are_read(number: str, gap: int) -> None:
    line, left, right = _line(number, slash_gap=gap)
    per_place = line.width / _places(line)
    span = Span(int(left / per_place), int(np.ceil(right / per_place)))
    readings = Readings(lambda *_: span, alone=True)
    readings.add(seen(line))
    read = readings.result()
    assert read.inked
    assert max(read.strings, key=lambda s: read.strings[s]) == number


@pytest.mark.skipif(not available(), reason="the second reader is not installed")
def test_digits_that_vary_between_cuts_are_not_certain() -> None:
    lines = {number: _line(number) for number in ("217", "1155")}
    per_place = {number: line.width / _places(line) for number, (line, _, _) in lines.items()}
    spans = {
        _places(line): Span(int(left / per_place[number]), int(np.ceil(right / per_place[number])))
        for number, (line, left, right) in lines.items()
    }
    readings = Readings(lambda _text, _characters, places: spans[places])
    assert not readings.is_certain()
    readings.add(seen(lines["1155"][0]))
    assert readings.is_certain()
    readings.add(seen(lines["217"][0]))
    assert not readings.is_certain()
    assert set(readings.result().strings) >= {"217", "1155"}


def _places(line: Image.Image) -> int:
    return len(second_reader().probabilities(line))
