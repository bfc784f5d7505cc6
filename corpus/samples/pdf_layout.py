"""Lays a sample out on A4 as Nghị định 30/2020/NĐ-CP, phụ lục I, requires, as a PDF.

Scans are pictures of these pages: the places left open for a hand, a seal and a signature come with the PDF.
"""

from __future__ import annotations

from corpus.samples.annex_table import annex_tables, draw_annex
from corpus.samples.letterhead import TITLE_CENTRE, Letterhead, draw_title
from corpus.samples.sheet import HEIGHT, LEFT, NOTE_SIZE, TEXT_WIDTH, WIDTH, LaidOut, Sheet
from corpus.samples.source import Block, Part, Run, Sample, listed
from corpus.samples.typesetting import Word

_INDENT = 30.0
#: The width of the Nơi nhận, its size, and the distance of its lines.
_RECIPIENTS_WIDTH, _RECIPIENTS_SIZE, _RECIPIENTS_LEADING = 205, 11, 12.5


def lay_out(sample: Sample) -> LaidOut:
    """The sample as a PDF; the same bytes each time."""
    return _Layout(sample).run()


class _Layout:
    """Draws the parts of one sample."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._sheet = Sheet(sample)
        scan = sample.data.get("scan", {})
        self._by_hand = frozenset(scan.get("hand", []))
        self._name_stamped = bool(scan.get("name_stamped"))

    def run(self) -> LaidOut:
        for part in self._sample.parts:
            if part.index:
                self._sheet.begin_part()
            self._part(part)
        return self._sheet.finish()

    def _part(self, part: Part) -> None:
        sheet, data = self._sheet, part.data
        if data.get("agency"):
            Letterhead(sheet, part, by_hand=self._by_hand, scanned=self._sample.form == "scan").draw()
        elif data.get("type"):
            sheet.y += 10
            sheet.centred_text(str(data["type"]), WIDTH / 2, sheet.y, sheet.size + 0.5, bold=True)
            sheet.y += sheet.size * 1.3
            draw_title(sheet, part)
        notes = [block for block in part.blocks if block.kind == "footnote"]
        widths: tuple[int, ...] = ()
        in_table = False
        long_tables = {id(table[0]): table for table in annex_tables(part.blocks)}
        inside = {id(row) for table in long_tables.values() for row in table}
        for block in part.blocks:
            if block.kind == "footnote":
                continue
            if id(block) in long_tables:
                draw_annex(sheet, long_tables[id(block)], widths, float(data.get("table_smaller", 3)))
                in_table = True
            elif id(block) in inside:
                continue
            elif block.kind == "widths":
                widths = block.widths
            elif block.kind == "row":
                self._row(block, widths)
                in_table = True
            else:
                sheet.y += sheet.size * 0.9 if in_table else 0.0
                in_table = False
                self._paragraph(block, notes)
        if data.get("sign"):
            self._signature(part)

    def _paragraph(self, block: Block, notes: list[Block]) -> None:
        """Draw a paragraph; the footnotes it refers to are taken from *notes*."""
        sheet = self._sheet
        italic = block.kind == "basis" and not self._sample.data.get("upright_basis", False)
        words = sheet.face.words(block.runs, bold=block.kind in ("centre", "heading"), italic=italic)
        if block.kind == "centre":
            sheet.make_room(sheet.leading * 2.5)
            bottom = sheet.centred(words, sheet.y + 2, sheet.size, TITLE_CENTRE, TEXT_WIDTH)
            sheet.y = bottom + sheet.leading * 1.15
            return
        lines = sheet.face.lines(words, sheet.size, TEXT_WIDTH, _INDENT)
        sheet.make_room(sheet.leading * 2)
        for at, line in enumerate(lines):
            numbers = [bit.note for word in line for bit in word if bit.note is not None]
            note = self._note(numbers[0], notes.pop(0)) if numbers and notes else None
            sheet.make_room(sheet.leading + (sheet.note_height(note) if note else 0.0))
            if note:
                sheet.add_note(note)
            first = _INDENT if at == 0 else 0.0
            justified_to = TEXT_WIDTH - first if at < len(lines) - 1 else None
            sheet.line(line, LEFT + first, sheet.y, sheet.size, justified_to=justified_to)
            sheet.y += sheet.leading
        sheet.y += sheet.size * 0.35

    def _note(self, number: int, block: Block) -> list[list[Word]]:
        """The lines of a footnote."""
        face = self._sheet.face
        return face.lines(face.words((Run(f"({number}) "), *block.runs)), NOTE_SIZE, TEXT_WIDTH)

    def _row(self, block: Block, widths: tuple[int, ...]) -> None:
        """Draw a row of a table; widths: of the columns in percent, equal where it is empty."""
        sheet = self._sheet
        shares = widths or (100 // len(block.cells),) * len(block.cells)
        size = sheet.size - 1.5
        cells = [
            sheet.face.lines(sheet.face.words(cell), size, TEXT_WIDTH * share / 100 - 8)
            for cell, share in zip(block.cells, shares, strict=True)
        ]
        height = max(len(lines) for lines in cells) * size * 1.2 + 5
        sheet.make_room(height)
        x, top = LEFT, sheet.y - size
        sheet.canvas.setLineWidth(0.5)
        for lines, share in zip(cells, shares, strict=True):
            width = TEXT_WIDTH * share / 100
            sheet.canvas.rect(x, HEIGHT - top - height, width, height)
            for at, line in enumerate(lines):
                sheet.line(line, x + 4, top + size * (1.1 + 1.2 * at), size)
            x += width
        sheet.y += height

    def _signature(self, part: Part) -> None:
        """Draw the Nơi nhận on the left and who signs on the right; a second signer stands above the Nơi nhận."""
        sheet, data = self._sheet, part.data
        recipients = self._recipient_lines(data.get("recipients", []))
        left: list[str] = data.get("sign_left", [])
        recipients_height = 15 + _RECIPIENTS_LEADING * len(recipients)
        sheet.make_room(max(recipients_height, len(data["sign"]) * 15 + 94) + (len(left) * 15 + 96 if left else 0))
        sheet.y += 12
        bottom = self._signer(part, "sign", LEFT + 350)
        if left:
            self._signer(part, "sign_left", LEFT + 95)
            sheet.y = bottom + 44
        top = sheet.y
        if recipients:
            sheet.text("Nơi nhận:", LEFT, top, 12, bold=True, italic=True)
            for at, line in enumerate(recipients):
                sheet.line(line, LEFT, top + 13.5 + _RECIPIENTS_LEADING * at, _RECIPIENTS_SIZE)
        sheet.y = max(bottom, top + recipients_height) + 14

    def _recipient_lines(self, names: list[str]) -> list[list[Word]]:
        face = self._sheet.face
        lines = []
        for name in listed(names):
            lines += face.lines(face.words((Run(name),)), _RECIPIENTS_SIZE, _RECIPIENTS_WIDTH)
        return lines

    def _signer(self, part: Part, key: str, centre: float) -> float:
        """Draw the offices of a signer, the place of the signature and the name; y of the name."""
        sheet = self._sheet
        lines: list[str] = part.data[key]
        name = str(part.data["signer" if key == "sign" else "signer_left"])
        y = sheet.y
        size = min(sheet.face.fitting_size(line, 13.5, 215, bold=True) for line in lines)
        for line in lines:
            sheet.centred_text(line, centre, y, size, bold=True)
            y += 15.5
        sheet.leave_open("signature" if key == "sign" else "signature_left", centre, y - 8, 190)
        y += 68
        if name and self._name_stamped and part.index == 0:
            sheet.leave_open("name", centre, y, 190, name)
        elif name:
            sheet.centred_text(name, centre, y, 13.5, bold=True)
        return y
