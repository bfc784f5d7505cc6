"""The text layer of a PDF page: its stored text, and its words with boxes."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from corpus.fold import nfc
from corpus.model import Box
from ingest.formats.legacy_encodings import convert, convert_font, detect
from ingest.page import Word
from ingest.syllables import Quality, quality

# pdfium's mark, in running text and among single characters, for a hyphen at a line end whose line break it drops.
_HYPHEN_AT_LINE_END = {0xFFFE, 0x02}
_SOFT_HYPHEN = 0xAD
_LINE_END = re.compile(r"[^\S\n]*\n\s*")
# How far behind its due place in the text a word is searched.
_SEARCH_AHEAD = 200


@dataclass(slots=True)
class TextLayer:
    """The text layer of one page."""

    #: Stored text.
    text: str
    quality: Quality
    #: The legacy encoding it was converted from, or empty.
    encoding: str
    #: Degrees by which the page was turned so that its text runs horizontally.
    turned: int


def text_layer(page: Any) -> TextLayer:
    """The text layer of a pdfium page."""
    with closing(page.get_textpage()) as textpage:
        raw_text = textpage.get_text_range()
        counted = quality(raw_text)
        if counted.judged >= 4 and counted.validity < 0.95:
            turn = _reading_turn(textpage)
            if turn:
                return _turned_layer(page, turn)
            found = detect(raw_text)
            if found:
                text = _stored("".join(_legacy_runs(textpage, found[0])))
                return TextLayer(text, quality(text), found[0], 0)
        return TextLayer(_stored(raw_text), counted, "", 0)


def _stored(raw_text: str) -> str:
    """Stored text from pdfium's: one line for each visual line, none empty.

    A soft hyphen in a PDF is a printed hyphen under another code: dropped, it would join "QĐ-UBND" to one word.
    """
    text = raw_text.replace("\ufffe", "-\n").replace("\x02", "-\n").replace("\u00ad", "-").replace("\f", "\n")
    return nfc(_LINE_END.sub("\n", text.replace("\r\n", "\n")).strip())


def _reading_turn(textpage: Any) -> int:
    """Degrees to turn a page whose text runs sideways (wide tables on upright pages), else 0.

    pdfium cuts sideways text into fragments ("Lu / ật giáo d / ục"); on the turned page it finds whole lines.
    """
    angles = Counter(
        round(math.degrees(raw.FPDFText_GetCharAngle(textpage, at)) / 90) % 4
        for at in range(0, textpage.count_chars(), 3)
    )
    most_common = angles.most_common(1)[0][0] if angles else 0
    return int({1: 270, 2: 180, 3: 90}.get(most_common, 0))


def _turned_layer(page: Any, turn: int) -> TextLayer:
    before = page.get_rotation()
    page.set_rotation((before + turn) % 360)
    try:
        with closing(page.get_textpage()) as textpage:
            text = _stored(textpage.get_text_range())
    finally:
        page.set_rotation(before)
    return TextLayer(text, quality(text), "", turn)


def _font(textpage: Any, at: int) -> str:
    """The font name of the character at *at*, "" where there is none."""
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(textpage, at, buffer, 128, flags)
    return buffer.value.decode("utf-8", "replace") if length else ""


def _legacy_runs(textpage: Any, encoding: str) -> Iterator[str]:
    """Runs of one font, in reading order, converted to Unicode."""
    run, font = "", ""
    for at in range(textpage.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(textpage, at))
        # A space does not end a run, and pdfium inserts some that have no font.
        char_font = font if char.isspace() else _font(textpage, at)
        if char_font != font:
            if run:
                yield _from_legacy(run, font, encoding)
            run, font = "", char_font
        run += char
    if run:
        yield _from_legacy(run, font, encoding)


def _from_legacy(text: str, font: str, encoding: str) -> str:
    by_font = convert_font(text, font)
    if by_font is not None:
        return by_font
    # The font's name does not say: convert what is not good Vietnamese as it is.
    return text if quality(text).validity > 0.9 and quality(text).marking > 0.2 else convert(text, encoding)


def load_words(page: Any, layer: TextLayer) -> list[Word]:
    """The words of a pdfium page, which is closed afterwards, with offsets into the text of *layer*."""
    with closing(page):
        before = page.get_rotation()
        page.set_rotation((before + layer.turned) % 360)
        with closing(page.get_textpage()) as textpage:
            page.set_rotation(before)
            return _aligned(list(_boxed_words(page, textpage, layer.encoding)), layer.text)


def _boxed_words(page: Any, textpage: Any, encoding: str) -> Iterator[tuple[str, Box]]:
    """Words in pdfium's order, each with its box."""
    to_fraction = page_to_fraction(page)
    rect = raw.FS_RECTF()
    word, font_at = "", 0
    left = bottom = math.inf
    right = top = -math.inf
    count = textpage.count_chars()
    for at in range(count + 1):
        code = raw.FPDFText_GetUnicode(textpage, at) if at < count else 32
        char = chr(code) if code else ""
        ends = char.isspace()
        if code in _HYPHEN_AT_LINE_END:
            char, ends = "-", True
        if char and not char.isspace():
            if not word:
                font_at = at
            word += "-" if code == _SOFT_HYPHEN else char
            if raw.FPDFText_GetLooseCharBox(textpage, at, rect):
                left, bottom = min(left, rect.left), min(bottom, rect.bottom)
                right, top = max(right, rect.right), max(top, rect.top)
        if ends and word:
            text = nfc(_from_legacy(word, _font(textpage, font_at), encoding) if encoding else word)
            if text and right > left:
                yield text, to_fraction(left, bottom, right, top)
            word, left, bottom, right, top = "", math.inf, math.inf, -math.inf, -math.inf


def page_to_fraction(page: Any) -> Callable[[float, float, float, float], Box]:
    """A function from a box in PDF space to fractions of the displayed page, crop box and rotation included."""
    scale = 1_000_000
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(px: float, py: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, scale, scale, 0, px, py, x, y)
        return x.value / scale, y.value / scale

    def to_fraction(left: float, bottom: float, right: float, top: float) -> Box:
        ax, ay = device(left, top)
        bx, by = device(right, bottom)
        return (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    return to_fraction


def _aligned(words: list[tuple[str, Box]], text: str) -> list[Word]:
    """Words with their offsets in *text*. A word that is not found near its due place is left out."""
    aligned: list[Word] = []
    at = 0
    for word, box in words:
        start = text.find(word, at, at + len(word) + _SEARCH_AHEAD)
        if start < 0:
            continue
        at = start + len(word)
        aligned.append(Word(word, box, 1.0, start, at))
    return aligned
