"""Lays a sample out on A4 in the manner of Nghị định 30/2020/NĐ-CP, Phụ lục I, as a PDF.

Lengths are points. The scans are pictures of these pages: places left open for a hand (number, day), for a seal and
for a signature are returned with the PDF.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from corpus.samples.source import MARK, Block, Part, Run, Sample

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 85.0, 48.0, 60.0, 58.0
_FONTS = Path("/usr/share/fonts/truetype")
#: Family → files of regular, bold, italic, bold italic; and the size that looks like 14 points of Times.
FAMILIES = {
    "tinos": ("croscore/Tinos-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), 13.5),
    "free": ("freefont/FreeSerif{}.ttf", ("", "Bold", "Italic", "BoldItalic"), 13.5),
    "dejavu": ("dejavu/DejaVuSerifCondensed{}.ttf", ("", "-Bold", "-Italic", "-BoldItalic"), 12.0),
    "noto": ("noto/NotoSerif-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), 12.0),
    "charis": ("charis/CharisSIL-{}.ttf", ("Regular", "Bold", "Italic", "BoldItalic"), 12.5),
}


@dataclass(frozen=True)
class Spot:
    """A place on a page for what is not printed: kind is number, day, month, signature, stamp or urgency."""

    kind: str
    page: int
    x: float
    y: float
    width: float
    text: str = ""


@dataclass
class Laid:
    """A finished PDF, the open places in it, and the page (from 1) each citation begins on."""

    pdf: bytes
    spots: list[Spot] = field(default_factory=list)
    pages: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Bit:
    text: str
    font: str
    citation: int | None
    mark: bool = False


_Word = tuple[_Bit, ...]


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


def lay_out(sample: Sample) -> Laid:
    """The sample as a PDF; the same bytes each time."""
    return _Page(sample).run()


class _Page:
    """The pen: where it stands, and what is still owed to the foot of the page."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.family = str(sample.data.get("font", "tinos"))
        self.size: float = FAMILIES[self.family][2]
        self.lead = self.size * float(sample.data.get("leading", 1.28))
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        self.canvas.setTitle(f"{MARK} - {sample.name}")
        self.page, self.in_part = 1, 1
        self.y = TOP
        self.notes: list[list[list[_Word]]] = []
        self.notes_height = 0.0
        self.note_count = 0
        self.spots: list[Spot] = []
        self.cited: dict[int, int] = {}
        self.hand = set(sample.data.get("scan", {}).get("hand", []))

    def run(self) -> Laid:
        for part in self.sample.parts:
            if part.index:
                # An attachment counts its own pages.
                self.in_part = 0
                self._end_page()
            self._part(part)
        self._finish_page()
        self.canvas.save()
        return Laid(self.buffer.getvalue(), self.spots, self.cited)

    # Pages

    def _finish_page(self) -> None:
        if self.notes:
            y = HEIGHT - BOTTOM - self.notes_height + 8
            self.canvas.setLineWidth(0.5)
            self.canvas.line(LEFT, HEIGHT - y + 6, LEFT + 110, HEIGHT - y + 6)
            for lines in self.notes:
                for line in lines:
                    y += 11.5
                    self._line(line, LEFT, y, 10, WIDTH - LEFT - RIGHT, justify=line is not lines[-1])
            self.notes, self.notes_height = [], 0.0
        self.canvas.setFillGray(0.35)
        self._text(f"{MARK} - không có giá trị pháp lý", WIDTH / 2, HEIGHT - 24, 8, centre=True)
        self.canvas.setFillGray(0)

    def _end_page(self) -> None:
        self._finish_page()
        self.canvas.showPage()
        self.page += 1
        self.in_part += 1
        self.y = TOP + 6
        if self.in_part > 1:
            self._text(str(self.in_part), WIDTH / 2, 38, 13, centre=True)

    def _room(self, height: float) -> None:
        if self.y + height > HEIGHT - BOTTOM - self.notes_height:
            self._end_page()

    # Words

    def _text(
        self, text: str, x: float, y: float, size: float, bold: bool = False, italic: bool = False, centre: bool = False
    ) -> float:
        """Draws *text* with its baseline at *y* from the top; returns its width."""
        font = _font(self.family, bold, italic)
        width = float(pdfmetrics.stringWidth(text, font, size))
        self.canvas.setFont(font, size)
        self.canvas.drawString(x - width / 2 if centre else x, HEIGHT - y, text)
        return width

    def _words(self, runs: Iterable[Run], bold: bool = False, italic: bool = False) -> list[_Word]:
        words: list[_Word] = []
        open_word: list[_Bit] = []
        for run in runs:
            if run.mark:
                self.note_count += 1
                open_word.append(_Bit(f"({self.note_count})", _font(self.family, False, False), None, True))
                continue
            font = _font(self.family, bold or run.bold, italic or run.italic)
            for i, piece in enumerate(run.text.split(" ")):
                if i and open_word:
                    words.append(tuple(open_word))
                    open_word = []
                if piece:
                    open_word.append(_Bit(piece, font, run.citation))
        if open_word:
            words.append(tuple(open_word))
        return words

    def _width(self, word: _Word, size: float) -> float:
        return sum(float(pdfmetrics.stringWidth(b.text, b.font, size * (0.65 if b.mark else 1))) for b in word)

    def _space(self, size: float) -> float:
        return float(pdfmetrics.stringWidth(" ", _font(self.family, False, False), size))

    def _break(self, words: list[_Word], size: float, width: float, indent: float = 0.0) -> list[list[_Word]]:
        """Lines no wider than *width*; as in a word processor, a ký hiệu may break behind its hyphen."""
        lines: list[list[_Word]] = [[]]
        used, space = indent, self._space(size)
        for word in words:
            wide = self._width(word, size)
            if lines[-1] and used + space + wide > width:
                head, tail = _at_hyphen(word)
                if head and used + space + self._width(head, size) <= width:
                    lines[-1].append(head)
                    word, wide = tail, self._width(tail, size)
                lines.append([])
                used = 0.0
            used += wide + (space if lines[-1] else 0.0)
            lines[-1].append(word)
        return lines

    def _line(self, words: list[_Word], x: float, y: float, size: float, width: float, justify: bool = False) -> None:
        space = self._space(size)
        slack = width - sum(self._width(w, size) for w in words)
        if justify and len(words) > 1:
            space = min(slack / (len(words) - 1), space * 2.6)
        for i, word in enumerate(words):
            for j, bit in enumerate(word):
                small = 0.65 if bit.mark else 1.0
                last = j == len(word) - 1 and i < len(words) - 1
                self.canvas.setFont(bit.font, size * small)
                self.canvas.drawString(
                    x, HEIGHT - y + (size * 0.38 if bit.mark else 0), bit.text + (" " if last else "")
                )
                x += float(pdfmetrics.stringWidth(bit.text, bit.font, size * small))
                if bit.citation is not None:
                    self.cited.setdefault(bit.citation, self.page)
            x += space

    def _centred(self, words: list[_Word], y: float, size: float, centre: float, width: float) -> float:
        """Centred lines; returns the last baseline."""
        for line in self._break(words, size, width):
            wide = sum(self._width(w, size) for w in line) + self._space(size) * (len(line) - 1)
            self._line(line, centre - wide / 2, y, size, width)
            y += size * 1.25
        return y - size * 1.25

    # Parts

    def _part(self, part: Part) -> None:
        data = part.data
        if data.get("agency"):
            self._header(part)
        elif data.get("type"):
            self.y += 10
            self._text(str(data["type"]), WIDTH / 2, self.y, self.size + 0.5, bold=True, centre=True)
            self.y += self.size * 1.3
            self._title(part)
        notes = [b for b in part.blocks if b.kind == "footnote"]
        widths: tuple[int, ...] = ()
        in_table = False
        blocks = [b for b in part.blocks if b.kind != "footnote"]
        for block in blocks:
            if block.kind == "widths":
                widths = block.widths
            elif block.kind == "row":
                self._row(block, widths)
                in_table = True
            else:
                self.y += self.size * 0.9 if in_table else 0.0
                in_table = False
                self._paragraph(block, notes)
        if data.get("sign"):
            self._signature(part)

    def _title(self, part: Part) -> None:
        if part.title:
            words = self._words(part.title, bold=True)
            self.y = self._centred(words, self.y, self.size, WIDTH / 2 + 18, 400) + 7
        if part.under_title:
            self.y += self.size * 0.9
            words = self._words(part.under_title, italic=True)
            self.y = self._centred(words, self.y, self.size - 0.5, WIDTH / 2 + 18, 400) + 6
        self.canvas.setLineWidth(0.6)
        self.canvas.line(WIDTH / 2 - 30, HEIGHT - self.y, WIDTH / 2 + 66, HEIGHT - self.y)
        self.y += self.size * 1.3

    def _fit(self, text: str, size: float, width: float, bold: bool = False, italic: bool = False) -> float:
        wide = float(pdfmetrics.stringWidth(text, _font(self.family, bold, italic), size))
        return size if wide <= width else size * width / wide

    def _header(self, part: Part) -> None:
        data = part.data
        main = part.index == 0
        left, right = LEFT + 72, LEFT + 316
        left_width, right_width = 186.0, 282.0
        party = bool(data.get("party"))
        y = self.y
        lines = [(line, False) for line in data.get("over", [])] + [(line, True) for line in data["agency"]]
        size = min(self._fit(line, 12.5, left_width, bold) for line, bold in lines)
        for line, bold in lines:
            self._text(line, left, y, size, bold=bold, centre=True)
            y += 15
        if party:
            self._text("*", left, y - 1, 13, bold=True, centre=True)
            y += 11
            head = "ĐẢNG CỘNG SẢN VIỆT NAM"
            wide = self._text(head, right, self.y, self._fit(head, 14, right_width, True), bold=True, centre=True)
            self._rule(right, self.y + 4, wide)
            right_y = self.y + 15
        else:
            self._rule(left, y - 10, 62)
            head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
            self._text(head, right, self.y, self._fit(head, 12.5, right_width, True), bold=True, centre=True)
            motto = f"Độc lập {data.get('dash', '-')} Tự do {data.get('dash', '-')} Hạnh phúc"
            wide = self._text(motto, right, self.y + 15.5, 13.2, bold=True, centre=True)
            self._rule(right, self.y + 20, wide)
            right_y = self.y + 15.5
        y = max(y, right_y) + 8
        self._number(data, left, y, main)
        self._place(data, right, y, right_width, main)
        if data.get("about"):
            # Công văn: the trích yếu stands under the number, in the left column.
            words = self._words((Run("V/v "), *part.title))
            y = self._centred(words, y + 17, 12 if self.size > 13 else 11, left, 175)
        if main and data.get("urgency"):
            y += 24
            self._urgency(str(data["urgency"]), left, y)
        y += 26
        self.y = y
        if data.get("type"):
            self.y += 6
            self._text(str(data["type"]), WIDTH / 2 + 18, self.y, self.size + 0.7, bold=True, centre=True)
            self.y += self.size * 1.35
            self._title(part)
        if data.get("authority"):
            size = self._fit(data["authority"], self.size, 430, bold=True)
            self.y += 4
            self._text(str(data["authority"]), WIDTH / 2 + 18, self.y, size, bold=True, centre=True)
            self.y += self.size * 1.7
        self._addressees(data.get("addressees", []))

    def _rule(self, centre: float, y: float, wide: float) -> None:
        self.canvas.setLineWidth(0.7)
        self.canvas.line(centre - wide / 2, HEIGHT - y, centre + wide / 2, HEIGHT - y)

    def _number(self, data: dict[str, str], centre: float, y: float, main: bool) -> None:
        label = "Số" if data.get("party") else "Số:"
        joint = "-" if data.get("party") else "/"
        by_hand = main and "number" in self.hand
        if data["number"] and not by_hand:
            self._text(f"{label} {data['number']}{joint}{data['symbol']}", centre, y, 13, centre=True)
            return
        gap = 46.0 if by_hand else 34.0
        tail = f"{joint}{data['symbol']}"
        font = _font(self.family, False, False)
        wide = sum(float(pdfmetrics.stringWidth(t, font, 13)) for t in (label, tail))
        x = centre - (wide + gap) / 2
        x += self._text(label, x, y, 13)
        if by_hand:
            self.spots.append(Spot("number", self.page, x + 3, y, gap - 4, str(data["number"])))
        self._text(tail, x + gap, y, 13)

    def _place(self, data: dict[str, str], centre: float, y: float, width: float, main: bool) -> None:
        font = _font(self.family, False, True)
        pieces: list[tuple[str, str]] = [(f"{data['place']}, ngày", "")]
        for key, after in (("day", "tháng"), ("month", "năm")):
            by_hand = main and key in self.hand
            value = str(data[key])
            pieces.append(("", key) if by_hand or not value else (value, ""))
            pieces.append((after, ""))
        pieces.append((str(data["year"]), ""))
        space = float(pdfmetrics.stringWidth(" ", font, 13))
        text = " ".join(p for p, key in pieces if not key)
        gaps = sum(1 for _, key in pieces if key)
        size = self._fit(text, 13, width - gaps * 24, italic=True)
        x = centre - (float(pdfmetrics.stringWidth(text, font, size)) + gaps * 24) / 2
        run: list[str] = []
        for piece, key in [*pieces, ("", "end")]:
            if not key:
                run.append(piece)
                continue
            x += self._text(" ".join(run), x, y, size, italic=True) if run else 0.0
            run = []
            if key != "end":
                if main and key in self.hand:
                    self.spots.append(Spot(key, self.page, x + 3, y, 20, str(data[key])))
                x += 24 + space

    def _urgency(self, text: str, centre: float, y: float) -> None:
        wide = float(pdfmetrics.stringWidth(text, _font(self.family, True, False), 14))
        if self.sample.form == "scan":
            self.spots.append(Spot("urgency", self.page, centre - wide / 2, y, wide, text))
            return
        self.canvas.setLineWidth(1)
        self.canvas.rect(centre - wide / 2 - 8, HEIGHT - y - 6, wide + 16, 22)
        self._text(text, centre, y, 14, bold=True, centre=True)

    def _addressees(self, names: list[str]) -> None:
        if not names:
            return
        label = "Kính gửi:"
        size = self.size
        x = LEFT + 75
        wide = self._text(label, x, self.y, size)
        if len(names) == 1:
            lines = self._break(self._words((Run(names[0]),)), size, WIDTH - RIGHT - x - wide - 8)
            for line in lines:
                self._line(line, x + wide + 6, self.y, size, 300)
                self.y += self.lead
        else:
            for i, name in enumerate(names):
                self.y += self.lead if i == 0 else 0
                end = "." if i == len(names) - 1 else ";"
                for line in self._break(self._words((Run(f"- {name}{end}"),)), size, WIDTH - RIGHT - x - 40):
                    self._line(line, x + 30, self.y, size, 300)
                    self.y += self.lead
        self.y += self.size * 0.6

    # Paragraphs

    def _paragraph(self, block: Block, notes: list[Block]) -> None:
        width = WIDTH - LEFT - RIGHT
        centre = block.kind == "centre"
        italic = block.kind == "basis" and not self.sample.data.get("upright_basis", False)
        words = self._words(block.runs, bold=block.kind in ("centre", "heading"), italic=italic)
        if centre:
            self._room(self.lead * 2.5)
            self.y = self._centred(words, self.y + 2, self.size, WIDTH / 2 + 18, width) + self.lead * 1.15
            return
        indent = 30.0
        lines = self._break(words, self.size, width, indent)
        self._room(self.lead * 2)
        for i, line in enumerate(lines):
            note = None
            if any(bit.mark for word in line for bit in word) and notes:
                note = self._note(notes.pop(0))
            self._room(self.lead + (self._note_room(note) if note else 0.0))
            if note:
                self.notes_height += self._note_room(note)
                self.notes.append(note)
            first = indent if i == 0 else 0.0
            self._line(line, LEFT + first, self.y, self.size, width - first, justify=i < len(lines) - 1)
            self.y += self.lead
        self.y += self.size * 0.35

    def _note(self, block: Block) -> list[list[_Word]]:
        runs = (Run(f"({self.note_count}) "), *block.runs)
        return self._break(self._words(runs), 10, WIDTH - LEFT - RIGHT)

    def _note_room(self, note: list[list[_Word]]) -> float:
        return 11.5 * len(note) + (0.0 if self.notes else 12.0)

    def _row(self, block: Block, widths: tuple[int, ...]) -> None:
        full = WIDTH - LEFT - RIGHT
        shares = widths or (100 // len(block.cells),) * len(block.cells)
        size = self.size - 1.5
        cells = [
            self._break(self._words(cell), size, full * share / 100 - 8)
            for cell, share in zip(block.cells, shares, strict=True)
        ]
        height = max(len(c) for c in cells) * size * 1.2 + 5
        self._room(height)
        x, top = LEFT, self.y - size
        self.canvas.setLineWidth(0.5)
        for lines, share in zip(cells, shares, strict=True):
            wide = full * share / 100
            self.canvas.rect(x, HEIGHT - top - height, wide, height)
            for i, line in enumerate(lines):
                self._line(line, x + 4, top + size * (1.1 + 1.2 * i), size, wide - 8)
            x += wide
        self.y += height

    # The end

    def _signature(self, part: Part) -> None:
        data = part.data
        recipients: list[str] = data.get("recipients", [])
        sign: list[str] = data["sign"]
        other: list[str] = data.get("sign_left", [])
        note_lines = [
            line
            for i, name in enumerate(recipients)
            for line in self._break(self._words((Run(f"- {name}{'.' if i == len(recipients) - 1 else ';'}"),)), 11, 205)
        ]
        height = max(15 + 12.5 * len(note_lines), len(sign) * 15 + 94) + (len(other) * 15 + 96 if other else 0)
        self._room(height)
        self.y += 12
        right = LEFT + 350
        y = self._sign_block(sign, data["signer"], right, part, "signature")
        if other:
            self._sign_block(other, data["signer_left"], LEFT + 95, part, "signature_left")
            self.y = y + 44
        top = self.y
        if recipients:
            self._text("Nơi nhận:", LEFT, top, 12, bold=True, italic=True)
            for i, line in enumerate(note_lines):
                self._line(line, LEFT, top + 13.5 + 12.5 * i, 11, 205)
        self.y = max(y, top + 15 + 12.5 * len(note_lines)) + 14

    def _sign_block(self, lines: list[str], name: str, centre: float, part: Part, kind: str) -> float:
        y = self.y
        size = min(self._fit(line, 13.5, 215, bold=True) for line in lines)
        for line in lines:
            self._text(line, centre, y, size, bold=True, centre=True)
            y += 15.5
        self.spots.append(Spot(kind, self.page, centre, y - 8, 190, ""))
        y += 68
        if name and not (part.index == 0 and self.sample.data.get("scan", {}).get("name_stamped")):
            self._text(name, centre, y, 13.5, bold=True, centre=True)
        elif name:
            self.spots.append(Spot("name", self.page, centre, y, 190, name))
        return y


def _at_hyphen(word: _Word) -> tuple[_Word, _Word]:
    """A word cut behind its last hyphen, where a word processor would: ("4464/QĐ-", "VPĐP"); else ((), word)."""
    for i in reversed(range(len(word))):
        bit = word[i]
        cut = bit.text.rfind("-", 1, len(bit.text) - 1)
        if cut > 0 and "/" in bit.text:
            head = _Bit(bit.text[: cut + 1], bit.font, bit.citation)
            tail = _Bit(bit.text[cut + 1 :], bit.font, bit.citation)
            return (*word[:i], head), (tail, *word[i + 1 :])
    return (), word
