"""Stamps of urgency on a scan (ô 10b of Nghị định 30/2020/NĐ-CP, Phụ lục I): red words, often slanted in an arrow.

No engine reads slanted words in the run of a page. Where the upper left of the first page holds red ink, it is looked
at by itself, turned step by step.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image as images
from PIL import ImageChops
from PIL.Image import Resampling
from rapidfuzz.distance import Levenshtein

from corpus.fold import letters
from corpus.model import Box, Evidence
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout.found import Found
from ingest.layout.header_values import Header
from ingest.ocr import reader
from ingest.ocr.engine import Arrangement, engine_of
from ingest.page import Page

if TYPE_CHECKING:
    from PIL.Image import Image

#: Increased when the look would come out different: part of the cache's key.
LOOK = "2"
_DPI = 200
#: The upper left of the page, where the stamp is set.
_AREA: Box = (0.0, 0.02, 0.55, 0.5)
#: Degrees by which the picture is turned, the likelier first: stamps rise to the right.
_ANGLES = (0, -12, -24, -36, -48, 12, 24)
#: Share of red pixels from which a stamp may be there, and how red a pixel of it is.
_STAMPED, _RED = 0.0005, 60
#: Pixels of the longer side of a stamp (10 to 90 mm), of the largest letter, and how many pieces are looked at.
_LEAST_SIDE, _MOST_SIDE, _LETTER, _MOST_STAMPS = 80, 700, 70, 4
_BLOCK = Arrangement.BLOCK
#: Confidence from which a stamp without a slip needs no check.
_SURE = 0.7


def find_urgency(header: Header, page: Page) -> None:
    """Put the urgency that is stamped on the first page into the header, where it has none."""
    if "urgency" in header.fields or page.load_image is None or not reader.available():
        return
    engine = engine_of("reader")
    found = page.recall(f"urgency {LOOK} {engine.version}", partial(_read, page))
    if found:
        value, confidence = found
        sure = confidence >= _SURE
        evidence = Evidence(
            confidence, not sure, page=page.number, bbox=_AREA, reasons=[] if sure else ["dấu mức khẩn đọc không rõ"]
        )
        header.fields["urgency"] = Found(value, evidence)


def _read(page: Page) -> list[Any]:
    """[value, confidence] of the stamp; empty where there is none."""
    upper_left = page.part(_DPI, _AREA).convert("RGB")
    best: list[Any] = []
    for stamp in _stamps(_redness(upper_left)):
        for angle in _ANGLES:
            best = max(best, _read_turned(stamp, angle), key=lambda found: found[1] if found else 0.0)
            if best and best[1] >= _SURE:
                return best
    return best


def _stamps(redness: Image) -> list[Image]:
    """The pieces of red ink of a stamp's size, black on white."""
    ink = (np.asarray(redness, dtype=np.uint8) > _RED).astype(np.uint8)
    if ink.mean() < _STAMPED:
        return []
    joined = cv2.dilate(ink, np.ones((9, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for left, top, wide, high, area in stats[1:].tolist():
        if max(wide, high) >= _LEAST_SIDE and max(wide, high) <= _MOST_SIDE and area >= _LEAST_SIDE:
            found.append(images.fromarray((1 - ink[top : top + high, left : left + wide]) * np.uint8(255)))
    return found[:_MOST_STAMPS]


def _read_turned(stamp: Image, angle: int) -> list[Any]:
    """[value, confidence] of a stamp turned by *angle*, its frame left out; empty where it says no urgency."""
    turned = np.array(stamp.rotate(angle, resample=Resampling.BICUBIC, expand=True, fillcolor=255))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((turned < 128).astype(np.uint8))
    for label, (_, _, wide, high, _) in enumerate(stats.tolist()):
        if label and (wide > _LETTER or high > _LETTER):
            turned[labels == label] = 255
    words = engine_of("reader").read_region(images.fromarray(np.pad(turned, 12, constant_values=255)), _BLOCK, _DPI)
    best: list[Any] = []
    for first in range(len(words)):
        for count in (2, 1):
            group = words[first : first + count]
            value, slips = _urgency("".join(w.text for w in group))
            confidence = max(0.2, min(w.confidence for w in group)) / (1 + slips)
            if value and (not best or confidence > best[1]):
                best = [value, round(confidence, 3)]
    return best


def _redness(picture: Image) -> Image:
    red, green, blue = picture.split()
    return ImageChops.subtract(red, ImageChops.lighter(green, blue))


@cache
def _values() -> dict[str, str]:
    return {letters(row["value"]): row["value"] for row in rows("urgency", DATA) if row["field"] == "urgency"}


def _urgency(text: str) -> tuple[str, int]:
    """The mark that words are, and how many letters of it were misread; ("", 0) where they are none."""
    key = letters(text)
    near = {k: Levenshtein.distance(k, key, score_cutoff=1) for k in _values()}
    best = min(near, key=near.__getitem__)
    exact = near[best] == 0 and text.isupper()
    if exact or (near[best] == 1 and len(best) > 4 and text.isupper()):
        return _values()[best], near[best]
    return "", 0
