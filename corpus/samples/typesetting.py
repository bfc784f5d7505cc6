"""Typefaces, and words broken into lines of a width. Lengths are points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from corpus.samples.source import Run

_FONTS = Path("/usr/share/fonts/truetype")
#: Family → file names; names of regular, bold, italic, bold italic; the size that looks like 14 points of Times.
FAMILIES = {
    "tinos": ("croscore/Tinos-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), 13.5),
    "free": ("freefont/FreeSerif{}.ttf", ("", "Bold", "Italic", "BoldItalic"), 13.5),
    "dejavu": ("dejavu/DejaVuSerifCondensed{}.ttf", ("", "-Bold", "-Italic", "-BoldItalic"), 12.0),
    "noto": ("noto/NotoSerif-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), 12.0),
    "charis": ("charis/CharisSIL-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), 12.5),
}

_STARS = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
#: The size of a footnote's number in the text, as a part of the text's size.
SUPERSCRIPT = 0.65


@dataclass(frozen=True)
class Bit:
    """A piece of a word in one font."""

    text: str
    font: str
    #: The citation it belongs to, an index into the sample's citations.
    citation: int | None = None
    #: The number of the footnote, where the bit is a reference to one.
    note: int | None = None


#: Bits without a space between them.
Word = tuple[Bit, ...]


def missing_fonts() -> list[str]:
    """The font files this machine lacks."""
    paths = [str(_file(family, style)) for family in FAMILIES for style in range(4)]
    return [path for path in paths if not Path(path).exists()]


def _file(family: str, style: int) -> Path:
    pattern, styles, _ = FAMILIES[family]
    return _FONTS / pattern.format(styles[style])


@cache
def _font(family: str, bold: bool, italic: bool) -> str:
    style = int(bold) + 2 * int(italic)
    name = f"{family}-{style}"
    pdfmetrics.registerFont(TTFont(name, str(_file(family, style))))
    return name


@cache
def _star_font() -> str:
    """A font that has stars, which the families lack."""
    pdfmetrics.registerFont(TTFont("stars", str(_STARS)))
    return "stars"


def _width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


class Typeface:
    """One family of :data:`FAMILIES`: measures texts and breaks them into lines."""

    def __init__(self, family: str) -> None:
        self._family = family
        #: The size of running text.
        self.size: float = FAMILIES[family][2]

    def font(self, bold: bool = False, italic: bool = False) -> str:
        """The name under which a style is registered."""
        return _font(self._family, bold, italic)

    def width(self, text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
        """The width of *text*."""
        return _width(text, self.font(bold, italic), size)

    def fitting_size(self, text: str, size: float, width: float, *, bold: bool = False, italic: bool = False) -> float:
        """*size*, or the smaller one at which *text* is no wider than *width*."""
        natural = self.width(text, size, bold=bold, italic=italic)
        return size if natural <= width else size * width / natural

    def space(self, size: float) -> float:
        """The width of a space."""
        return self.width(" ", size)

    def words(self, runs: Iterable[Run], *, bold: bool = False, italic: bool = False) -> list[Word]:
        """The words of *runs*; bold, italic: for all of them."""
        words: list[Word] = []
        open_word: list[Bit] = []
        for run in runs:
            if run.note is not None:
                open_word.append(Bit(f"({run.note})", self.font(), note=run.note))
                continue
            font = self.font(bold or run.bold, italic or run.italic)
            for at, piece in enumerate(run.text.split(" ")):
                if at and open_word:
                    words.append(tuple(open_word))
                    open_word = []
                if piece:
                    open_word.append(Bit(piece, _star_font() if piece.strip("★") == "" else font, run.citation))
        if open_word:
            words.append(tuple(open_word))
        return words

    def word_width(self, word: Word, size: float) -> float:
        """The width of *word*."""
        return sum(bit_width(bit, size) for bit in word)

    def line_width(self, words: list[Word], size: float) -> float:
        """The width of *words* with spaces between them."""
        return sum(self.word_width(word, size) for word in words) + self.space(size) * (len(words) - 1)

    def lines(self, words: list[Word], size: float, width: float, indent: float = 0.0) -> list[list[Word]]:
        """Lines no wider than *width*, the first one less *indent*.

        As in a word processor, a ký hiệu may be broken after its hyphen.
        """
        lines: list[list[Word]] = [[]]
        used, space = indent, self.space(size)
        for word in words:
            wide = self.word_width(word, size)
            if lines[-1] and used + space + wide > width:
                head, tail = _at_hyphen(word)
                if head and used + space + self.word_width(head, size) <= width:
                    lines[-1].append(head)
                    word, wide = tail, self.word_width(tail, size)
                lines.append([])
                used = 0.0
            used += wide + (space if lines[-1] else 0.0)
            lines[-1].append(word)
        return lines


def bit_width(bit: Bit, size: float) -> float:
    """The width of *bit*, smaller for the number of a footnote."""
    return _width(bit.text, bit.font, size * (SUPERSCRIPT if bit.note is not None else 1))


def _at_hyphen(word: Word) -> tuple[Word, Word]:
    """A word cut after its last hyphen, where a word processor would: ("4464/QĐ-", "VPĐP"); else ((), word)."""
    for at in reversed(range(len(word))):
        bit = word[at]
        cut = bit.text.rfind("-", 1, len(bit.text) - 1)
        if cut > 0 and "/" in bit.text:
            head = Bit(bit.text[: cut + 1], bit.font, bit.citation)
            tail = Bit(bit.text[cut + 1 :], bit.font, bit.citation)
            return (*word[:at], head), (tail, *word[at + 1 :])
    return (), word
