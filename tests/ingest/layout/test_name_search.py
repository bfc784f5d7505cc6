"""The likeliest name on a line that no engine reads."""

from __future__ import annotations

import os
import subprocess
import sys
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


def test_of_names_as_likely_every_run_takes_the_same() -> None:
    look = (
        "import numpy as np;"
        "from ingest.layout.name_search import likeliest_name;"
        "from ingest.ocr.reader.net import shipped;"
        "characters = shipped().characters;"
        "chances = np.full((40, 1 + len(characters)), 1e-4, np.float32);"
        "chances[:24, 0] = 0.9;"
        "chances[0:24:2, 0] = 1e-4;"
        "chances[range(0, 24, 2), [1 + characters.index(one) for one in 'Nguyễn Cấn B']] = 0.9;"
        "print(ascii(likeliest_name(chances, characters)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    names = {
        subprocess.run(
            [sys.executable, "-c", look],
            env=environment | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(names) == 1
