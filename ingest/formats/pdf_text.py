"""The text layer of a PDF page: its stored text, and its words with boxes."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as raw

from corpus.fold import nfc
from corpus.model import Box
from ingest.formats.pdf_legacy import LegacyRuns, legacy_runs
from ingest.formats.pdf_lying import whole_words, without_breaks
from ingest.page import Word
from ingest.syllables import Quality, quality

# U+FFFE and U+0002 are pdfium's marks of a hyphen at a line end whose line break it drops; a soft hyphen is printed.
_PRINTED_WORD = re.compile("[^\\s\0\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
_HYPHENS = {0xFFFE: "-", 0x02: "-", 0xAD: "-"}
# How far behind its due place in the text a word is searched.
_SEARCH_AHEAD = 200
# A page has this many lines, and this share of them above the one before, where its lines run upwards.
_ORDERED_LINES, _ORDERED_SHARE = 5, 0.8
# Characters of a page that are asked how they lie.
_ASKED = 12
# Radians up to which a character stands upright.
_UPRIGHT = 0.2


@dataclass(slots=True)
class TextLayer:
    """The text layer of one page."""

    #: Stored text.
    text: str
    quality: Quality
    #: Degrees by which the page was turned so that its text runs horizontally.
    turned: int = 0
    #: Whether it lies on its side and was read as it lies, with words whole that pdfium breaks.
    lying: bool = False
    #: The runs of the page where some are in a legacy encoding, else None.
    legacy: LegacyRuns | None = None
    #: Whether the file holds the lines from the foot of the page to its top, so that they were put the other way round.
    reversed: bool = False


def text_layer(page: Any, textpage: Any) -> TextLayer:
    """The text layer of a pdfium page, of which *textpage* is the text as it lies in the file."""
    raw_text = textpage.get_text_range()
    counted = quality(raw_text)
    upwards = _runs_upwards(textpage, raw_text)
    if _lies(textpage):
        whole = _stored(without_breaks(textpage, raw_text))
        mended = quality(whole)
        if mended.judged < 4 or mended.validity >= 0.95:
            return TextLayer(whole, mended, lying=True)
    if counted.judged >= 4 and counted.validity < 0.95:
        turn = _reading_turn(textpage)
        if turn:
            return _turned_layer(page, turn)
    legacy = legacy_runs(textpage, raw_text)
    if legacy is not None:
        text = _stored(legacy.text())
        return TextLayer(_in_order(text, upwards), quality(text), legacy=legacy, reversed=upwards)
    return TextLayer(_in_order(_stored(raw_text), upwards), counted, reversed=upwards)


def _runs_upwards(textpage: Any, raw_text: str) -> bool:
    """Whether the lines of upright text stand in the file from the foot of the page to its top."""
    rect = raw.FS_RECTF()
    tops: list[float] = []
    at = 0
    for line in raw_text.split("\r\n"):
        first = at + len(line) - len(line.lstrip())
        if line.strip() and raw.FPDFText_GetLooseCharBox(textpage, first, rect):
            if not tops and abs(raw.FPDFText_GetCharAngle(textpage, first)) > _UPRIGHT:
                return False
            tops.append(rect.top)
        at += len(line) + 2
    ascents = sum(following > before + 1 for before, following in pairwise(tops))
    return len(tops) >= _ORDERED_LINES and ascents >= _ORDERED_SHARE * (len(tops) - 1)


def _in_order(text: str, upwards: bool) -> str:
    """The lines of *text* from the top of the page to its foot."""
    return "\n".join(reversed(text.split("\n"))) if upwards else text


def _stored(raw_text: str) -> str:
    """Stored text from pdfium's: one line for each visual line, none empty.

    A soft hyphen in a PDF is a printed hyphen under another code: dropped, it would join "QĐ-UBND" to one word.
    """
    text = raw_text.replace("\ufffe", "-\n").replace("\x02", "-\n").replace("\u00ad", "-").replace("\f", "\n")
    lines = [stripped for line in text.split("\n") if (stripped := line.strip())]
    return nfc("\n".join(lines))


def _lies(textpage: Any) -> bool:
    """Whether most of a few characters do not stand upright: the text of a wide table on an upright page."""
    count = textpage.count_chars()
    asked = range(count // 8, count, max(1, count // _ASKED))
    lying = sum(1 for at in asked if math.pi / 4 < raw.FPDFText_GetCharAngle(textpage, at) < 7 * math.pi / 4)
    return lying * 2 > len(asked)


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
            text = _stored(without_breaks(textpage, textpage.get_text_range()))
    finally:
        page.set_rotation(before)
    return TextLayer(text, quality(text), turn)


def load_words(page: Any, layer: TextLayer) -> list[Word]:
    """The words of a pdfium page, which is closed afterwards, with offsets into the text of *layer*."""
    with closing(page):
        before = page.get_rotation()
        page.set_rotation((before + layer.turned) % 360)
        with closing(page.get_textpage()) as textpage:
            page.set_rotation(before)
            return words_on(page, textpage, layer)


def words_on(page: Any, textpage: Any, layer: TextLayer) -> list[Word]:
    """The words of an open pdfium page; *textpage* is its text, turned as *layer* says."""
    words = list(_boxed_words(page, textpage, layer.legacy))
    found = _aligned(_lines_turned(words) if layer.reversed else words, layer.text)
    return whole_words(found) if layer.turned or layer.lying else found


def _lines_turned(words: list[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """Words in lines, the last line first; a line is a run of words of which each overlaps the one before in height."""
    lines: list[list[tuple[str, Box]]] = []
    for word in words:
        middle = (word[1][1] + word[1][3]) / 2
        if lines and lines[-1][-1][1][1] <= middle <= lines[-1][-1][1][3]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in reversed(lines) for word in line]


def _boxed_words(page: Any, textpage: Any, legacy: LegacyRuns | None) -> Iterator[tuple[str, Box]]:
    """Words in pdfium's order, each with its box; what stands beyond the page is left out."""
    to_fraction = page_to_fraction(page)
    # The handle itself: asked of the object, it would be looked up anew for every character.
    handle, text = textpage.raw, textpage.get_text_range()
    rectangles = raw.FS_RECTF(), raw.FS_RECTF()
    stored = legacy is None and _is_stored(text)
    for match, first, last in _placed(handle, text):
        bounds = _bounds(handle, first, last, *rectangles)
        if bounds is None:
            continue
        word = match[0]
        if not stored:
            word = word.translate(_HYPHENS)
            word = nfc(legacy.word(word, first) if legacy is not None else word)
        box = to_fraction(*bounds)
        if word and box[0] < box[2] and box[1] < box[3]:
            yield word, box


def _is_stored(text: str) -> bool:
    """Whether every word of pdfium's *text* is stored text as it is: asked once for a page, not of each word."""
    return text.replace("\r\n", "").isprintable() and unicodedata.is_normalized("NFC", text)


def _placed(handle: Any, text: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """The words of a page's *text*, each with pdfium's numbers of its first and its last character."""
    number_of = raw.FPDFText_GetCharIndexFromTextIndex
    end = len(text) - 1
    astral = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
    if not astral and number_of(handle, end) == end:  # no character is left out of the text
        for match in _PRINTED_WORD.finditer(text):
            yield match, match.start(), match.end() - 1
        return
    for match in _PRINTED_WORD.finditer(text):
        start, end = match.span()
        if astral:  # pdfium counts in units of UTF-16
            start, end = (len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in (start, end))
        yield match, number_of(handle, start), number_of(handle, end - 1)


def _bounds(handle: Any, first: int, last: int, a: Any, b: Any) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of the characters from *first* to *last*; None where they have no place.

    The characters of a word stand in a row, so those at its ends show how far it reaches. a, b: rectangles to use.
    """
    if not raw.FPDFText_GetLooseCharBox(handle, first, a):
        return None
    left, bottom, right, top = a.left, a.bottom, a.right, a.top
    if last != first and raw.FPDFText_GetLooseCharBox(handle, last, b):
        left, bottom = b.left if b.left < left else left, b.bottom if b.bottom < bottom else bottom
        right, top = b.right if b.right > right else right, b.top if b.top > top else top
    return (left, bottom, right, top) if right > left else None


def page_to_fraction(page: Any) -> Callable[[float, float, float, float], Box]:
    """A function from a box in PDF space to fractions of the displayed page, crop box and rotation included.

    Of a box that reaches beyond the page the part on the page is given.
    """
    scale = 1_000_000
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(px: float, py: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, scale, scale, 0, px, py, x, y)
        return x.value / scale, y.value / scale

    # The map is affine; three points give it, and pdfium is not asked for every word.
    side = 1000.0
    x0, y0 = device(0, 0)
    (xr, yr), (xu, yu) = device(side, 0), device(0, side)
    xx, yx, xy, yy = (xr - x0) / side, (yr - y0) / side, (xu - x0) / side, (yu - y0) / side

    def to_fraction(left: float, bottom: float, right: float, top: float) -> Box:
        ax, ay = x0 + xx * left + xy * top, y0 + yx * left + yy * top
        bx, by = x0 + xx * right + xy * bottom, y0 + yx * right + yy * bottom
        if ax > bx:
            ax, bx = bx, ax
        if ay > by:
            ay, by = by, ay
        if ax >= 0 and ay >= 0 and bx <= 1 and by <= 1:
            return (ax, ay, bx, by)
        return (_within(ax), _within(ay), _within(bx), _within(by))

    return to_fraction


def _within(value: float) -> float:
    """*value*, or the nearest that lies on the page."""
    return min(max(value, 0.0), 1.0)


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
