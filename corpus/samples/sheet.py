"""Pages of a sample while they are drawn: where the next line stands, footnotes that wait, places left open.

Lengths are points; y is measured from the top of the page, to the baseline of a text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from reportlab.pdfgen.canvas import Canvas

from corpus.samples.source import MARK, Sample
from corpus.samples.typesetting import SUPERSCRIPT, Typeface, Word, bit_width

#: A4.
WIDTH, HEIGHT = 595.28, 841.89
#: The margins.
LEFT, RIGHT, TOP, BOTTOM = 85.0, 48.0, 60.0, 58.0
#: The width of the text.
TEXT_WIDTH = WIDTH - LEFT - RIGHT

#: The size of a footnote, the distance of its lines, and the room above the first one.
NOTE_SIZE, _NOTE_LEADING, _NOTE_MARGIN = 10, 11.5, 12.0
#: Spaces of a justified line are at most so many times as wide as usual.
_WIDEST_SPACE = 2.6


@dataclass(frozen=True)
class Spot:
    """A place on a page for what is not printed but written, stamped or sealed."""

    #: number, day, month, urgency, name, signature or signature_left.
    kind: str
    #: From 1.
    page: int
    x: float
    y: float
    width: float
    #: What is to be written there.
    text: str = ""


@dataclass
class LaidOut:
    """A finished PDF."""

    pdf: bytes
    #: The places left open in it.
    spots: list[Spot] = field(default_factory=list)
    #: Citation → the page (from 1) on which it begins.
    pages: dict[int, int] = field(default_factory=dict)


class Sheet:
    """The page that is being drawn."""

    def __init__(self, sample: Sample) -> None:
        self.face = Typeface(str(sample.data.get("font", "tinos")))
        #: The size of running text.
        self.size = self.face.size
        #: The distance of its lines.
        self.leading = self.size * float(sample.data.get("leading", 1.28))
        #: Where the next line stands.
        self.y = TOP
        #: Places left open so far.
        self.spots: list[Spot] = []
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        self.canvas.setTitle(f"{MARK} - {sample.name}")
        self._page, self._page_in_part = 1, 1
        self._notes: list[list[list[Word]]] = []
        self._notes_height = 0.0
        self._cited: dict[int, int] = {}

    @property
    def page(self) -> int:
        """The number of the page that is being drawn, from 1."""
        return self._page

    def begin_part(self) -> None:
        """Begin an attachment on a page of its own; its pages are counted from 1."""
        self._page_in_part = 0
        self._end_page()

    def finish(self) -> LaidOut:
        """The pages as a PDF."""
        self._finish_page()
        self.canvas.save()
        return LaidOut(self._buffer.getvalue(), self.spots, self._cited)

    def make_room(self, height: float) -> None:
        """Begin a new page where less than *height* is left on this one."""
        if self.y + height > HEIGHT - BOTTOM - self._notes_height:
            self._end_page()

    def leave_open(self, kind: str, x: float, y: float, width: float, text: str = "") -> None:
        """Leave a place open; see :class:`Spot`."""
        self.spots.append(Spot(kind, self._page, x, y, width, text))

    # ------------------------------------------------------------ drawing

    def text(self, text: str, x: float, y: float, size: float, *, bold: bool = False, italic: bool = False) -> float:
        """Draw *text* from *x* on; its width."""
        font = self.face.font(bold, italic)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)
        return self.face.width(text, size, bold=bold, italic=italic)

    def centred_text(
        self, text: str, centre: float, y: float, size: float, *, bold: bool = False, italic: bool = False
    ) -> float:
        """Draw *text* around *centre*; its width."""
        width = self.face.width(text, size, bold=bold, italic=italic)
        return self.text(text, centre - width / 2, y, size, bold=bold, italic=italic)

    def rule(self, centre: float, y: float, width: float) -> None:
        """Draw a horizontal line around *centre*."""
        self.canvas.setLineWidth(0.7)
        self.canvas.line(centre - width / 2, HEIGHT - y, centre + width / 2, HEIGHT - y)

    def line(self, words: list[Word], x: float, y: float, size: float, *, justified_to: float | None = None) -> None:
        """Draw *words* on one line from *x* on; justified_to: the width that the spaces fill, where they are few."""
        space = self.face.space(size)
        if justified_to is not None and len(words) > 1:
            slack = justified_to - sum(self.face.word_width(word, size) for word in words)
            space = min(slack / (len(words) - 1), space * _WIDEST_SPACE)
        for at, word in enumerate(words):
            for number, bit in enumerate(word):
                is_note = bit.note is not None
                small = SUPERSCRIPT if is_note else 1.0
                ends = number == len(word) - 1 and at < len(words) - 1
                self.canvas.setFont(bit.font, size * small)
                self.canvas.drawString(
                    x, HEIGHT - y + (size * 0.38 if is_note else 0), bit.text + (" " if ends else "")
                )
                x += bit_width(bit, size)
                if bit.citation is not None:
                    self._cited.setdefault(bit.citation, self._page)
            x += space

    def centred(self, words: list[Word], y: float, size: float, centre: float, width: float) -> float:
        """Draw *words* in centred lines no wider than *width*; y of the last one."""
        for line in self.face.lines(words, size, width):
            self.line(line, centre - self.face.line_width(line, size) / 2, y, size)
            y += size * 1.25
        return y - size * 1.25

    # ------------------------------------------------------------ footnotes and page ends

    def note_height(self, note: list[list[Word]]) -> float:
        """What the lines of a footnote take of the page."""
        return _NOTE_LEADING * len(note) + (0.0 if self._notes else _NOTE_MARGIN)

    def add_note(self, note: list[list[Word]]) -> None:
        """Have the lines of a footnote drawn at the foot of this page."""
        self._notes_height += self.note_height(note)
        self._notes.append(note)

    def _finish_page(self) -> None:
        if self._notes:
            y = HEIGHT - BOTTOM - self._notes_height + 8
            self.canvas.setLineWidth(0.5)
            self.canvas.line(LEFT, HEIGHT - y + 6, LEFT + 110, HEIGHT - y + 6)
            for lines in self._notes:
                for line in lines:
                    y += _NOTE_LEADING
                    self.line(line, LEFT, y, NOTE_SIZE, justified_to=None if line is lines[-1] else TEXT_WIDTH)
            self._notes, self._notes_height = [], 0.0
        self.canvas.setFillGray(0.35)
        self.centred_text(f"{MARK} - không có giá trị pháp lý", WIDTH / 2, HEIGHT - 24, 8)
        self.canvas.setFillGray(0)

    def _end_page(self) -> None:
        self._finish_page()
        self.canvas.showPage()
        self._page += 1
        self._page_in_part += 1
        self.y = TOP + 6
        if self._page_in_part > 1:
            self.centred_text(str(self._page_in_part), WIDTH / 2, 38, 13)
