"""The likeliest name on a line that no engine reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.layout.name_search import likeliest_name
from ingest.ocr.reader.line_reader import LineReader

_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif-BoldItalic.ttf")


def _line(text: str, *, holes: int) -> Image.Image:
    """A line in slanted letters of which an uneven stamp left out spots."""
    picture = Image.new("L", (560, 120), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((280, 60), text, 0, font=ImageFont.truetype(str(_FONT), 40), anchor="mm")
    for at in range(holes):
        draw.line((60 + 90 * at, 30, 80 + 90 * at, 90), fill=255, width=4)
    return picture


def test_what_the_ink_leaves_open_is_settled_by_names() -> None:
    reader = LineReader()
    ((_, chances),) = reader.chances(np.asarray(_line("Nguyễn Văn Hùng", holes=5)), 200)
    named = likeliest_name(chances, reader.characters)
    assert named is not None
    assert named.text == "Nguyễn Văn Hùng"
    assert named.fit < named.ink <= 0.1


def test_a_line_too_short_for_a_name_has_none() -> None:
    assert likeliest_name(np.full((8, 10), 0.1, np.float32), "abcdefghi") is None
