"""A draft comes with pictures of where its căn cứ are printed."""

from __future__ import annotations

import io

from PIL import Image

from ingest.draft import read_draft
from tests.paths import SAMPLES

TEXT_PDF = SAMPLES / "files" / "02-qd-1876-2018.pdf"


def test_the_first_bases_have_a_picture() -> None:
    value = read_draft(str(TEXT_PDF), max_crops=2)
    ordinals = [n for n, c in enumerate(value["record"]["citations"]) if c["relation"] == "can_cu"]
    assert ordinals
    assert [int(n) for n in value["crops"]] == ordinals[:2]
    for crop in value["crops"].values():
        image = Image.open(io.BytesIO(bytes.fromhex(crop["png"])))
        assert image.height < image.width / 2
        assert len(image.getcolors(10_000) or []) > 2  # something is printed
