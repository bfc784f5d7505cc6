"""Whether a scan bears no signature: nothing on it says who signs, and its last page ends with blank paper.

A posted notice or a statute that another document adopted is not signed. Ô 7 and ô 9b of Nghị định 30/2020/NĐ-CP, Phụ
lục I, stand below the text: where that place is blank, no seal or pen can hide a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import ImageFilter

from corpus.fold import clean, fold, letters
from ingest.layout import cues
from ingest.layout.signer_titles import title_of
from ingest.layout.signing_forms import signing_form
from ingest.page import Page

REASON: Final = "không có phần chữ ký: dưới dòng cuối là giấy trắng"
#: Resolution at which paper is looked at, in dots an inch: specks of dust vanish, strokes of a pen stay.
_DPI = 60
#: Edges of the page, as fractions: shadows of the scanner lie outside.
_LEFT, _RIGHT, _FOOT = 0.06, 0.94, 0.95
#: Below its last line at least this share of the height is left, two lines: a text that goes on would have used it.
_ROOM = 0.05
#: Space under a line that its own letters and their shadow may need.
_UNDER = 0.01
#: By how much ink is darker than the paper (of 255), in any of the three colours, and the most of it on blank paper.
_DARKER, _MOST_INK = 45, 0.001
#: Letters of a line that is more than a page number or specks.
_LINE_LETTERS = 4


def is_unsigned(pages: Sequence[Page]) -> bool:
    """Whether a scan of which no signer, title, form of signing or Nơi nhận was found has no place where one may be."""
    if any(_speaks_of_signing(clean(line)) for page in pages for line in page.text.splitlines()):
        return False
    last = pages[-1]
    if last.source != "ocr" or last.load_image is None or last.unread is not None:
        return False
    lines = [w.box[3] for w in last.load_words() if len(letters(w.text)) >= _LINE_LETTERS]
    top = max(lines, default=1.0) + _UNDER
    return top + _ROOM <= _FOOT and _is_blank(last, top)


def _speaks_of_signing(line: str) -> bool:
    """Whether a line opens Nơi nhận, or is a title or a form of signing, on whatever page."""
    is_heading = line.upper() == line and bool(title_of(line, ocr=True) or signing_form(line, ocr=True))
    return is_heading or cues.opens_recipients(fold(line), ocr=True)


def _is_blank(page: Page, top: float) -> bool:
    """Whether there is no ink on the page from *top* down to its foot."""
    assert page.load_image is not None
    picture = page.load_image(_DPI).convert("RGB").filter(ImageFilter.MedianFilter(3))
    width, height = picture.size
    area = (int(_LEFT * width), int(top * height), int(_RIGHT * width), int(_FOOT * height))
    pixels = np.asarray(picture.crop(area), dtype=np.int16)
    paper = np.median(pixels.reshape(-1, 3), axis=0)
    ink = (paper - pixels).max(axis=2) > _DARKER
    return bool(ink.mean() <= _MOST_INK)
