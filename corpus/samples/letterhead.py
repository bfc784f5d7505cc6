"""Draws what stands above the text of a document: agency, quốc hiệu, number, place and day, title, addressees.

Source of the layout: Nghị định 30/2020/NĐ-CP, phụ lục I.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.samples.sheet import HEIGHT, LEFT, RIGHT, WIDTH, Sheet
from corpus.samples.source import Part, Run, listed

#: The middle of the two columns, and their widths.
_LEFT_CENTRE, _RIGHT_CENTRE = LEFT + 72, LEFT + 316
_LEFT_WIDTH, _RIGHT_WIDTH = 186.0, 282.0
#: The middle of the title.
TITLE_CENTRE = WIDTH / 2 + 18
_TITLE_WIDTH = 400
#: The room for a number or a day that is written by hand, or not written yet.
_HAND_NUMBER, _NO_NUMBER, _HAND_DAY = 46.0, 34.0, 24


class Letterhead:
    """Draws the letterhead of one part on *sheet*."""

    def __init__(self, sheet: Sheet, part: Part, *, by_hand: frozenset[str], scanned: bool) -> None:
        """by_hand: what is written by hand: number, day, month. scanned: the urgency is stamped, not printed."""
        self._sheet = sheet
        self._part = part
        self._data: Mapping[str, Any] = part.data
        self._by_hand = by_hand if part.index == 0 else frozenset()
        self._scanned = scanned

    def draw(self) -> None:
        """Draw it from the sheet's y on, which is then that of the text."""
        sheet, data = self._sheet, self._data
        y = max(self._agencies(), self._state_or_party()) + 8
        self._number(y)
        self._place_and_day(y)
        if data.get("about"):  # a công văn: the trích yếu stands under the number
            words = sheet.face.words((Run("V/v "), *self._part.title))
            y = sheet.centred(words, y + 17, 12 if sheet.size > 13 else 11, _LEFT_CENTRE, 175)
        if self._part.index == 0 and data.get("urgency"):
            y += 24
            self._urgency(str(data["urgency"]), y)
        sheet.y = y + 26
        if data.get("type"):
            sheet.y += 6
            sheet.centred_text(str(data["type"]), TITLE_CENTRE, sheet.y, sheet.size + 0.7, bold=True)
            sheet.y += sheet.size * 1.35
            draw_title(sheet, self._part)
        if data.get("authority"):
            size = sheet.face.fitting_size(data["authority"], sheet.size, 430, bold=True)
            sheet.y += 4
            sheet.centred_text(str(data["authority"]), TITLE_CENTRE, sheet.y, size, bold=True)
            sheet.y += sheet.size * 1.7
        _draw_addressees(sheet, data.get("addressees", []))

    def _agencies(self) -> float:
        """The agency and the one above it; y below them."""
        sheet, data = self._sheet, self._data
        lines = [(line, False) for line in data.get("over", [])] + [(line, True) for line in data["agency"]]
        size = min(sheet.face.fitting_size(line, 12.5, _LEFT_WIDTH, bold=bold) for line, bold in lines)
        y = sheet.y
        for line, bold in lines:
            sheet.centred_text(line, _LEFT_CENTRE, y, size, bold=bold)
            y += 15
        if data.get("party"):
            sheet.centred_text("*", _LEFT_CENTRE, y - 1, 13, bold=True)
            return y + 11
        sheet.rule(_LEFT_CENTRE, y - 10, 62)
        return y

    def _state_or_party(self) -> float:
        """The quốc hiệu and tiêu ngữ, or the name of the party; y below them."""
        sheet, data = self._sheet, self._data
        top = sheet.y
        if data.get("party"):
            head = "ĐẢNG CỘNG SẢN VIỆT NAM"
            size = sheet.face.fitting_size(head, 14, _RIGHT_WIDTH, bold=True)
            width = sheet.centred_text(head, _RIGHT_CENTRE, top, size, bold=True)
            sheet.rule(_RIGHT_CENTRE, top + 4, width)
            return top + 15
        head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        size = sheet.face.fitting_size(head, 12.5, _RIGHT_WIDTH, bold=True)
        sheet.centred_text(head, _RIGHT_CENTRE, top, size, bold=True)
        dash = data.get("dash", "-")
        motto = f"Độc lập {dash} Tự do {dash} Hạnh phúc"
        width = sheet.centred_text(motto, _RIGHT_CENTRE, top + 15.5, 13.2, bold=True)
        sheet.rule(_RIGHT_CENTRE, top + 20, width)
        return top + 15.5

    def _number(self, y: float) -> None:
        sheet, data = self._sheet, self._data
        label, joint = ("Số", "-") if data.get("party") else ("Số:", "/")
        by_hand = "number" in self._by_hand
        if data["number"] and not by_hand:
            sheet.centred_text(f"{label} {data['number']}{joint}{data['symbol']}", _LEFT_CENTRE, y, 13)
            return
        gap = _HAND_NUMBER if by_hand else _NO_NUMBER
        tail = f"{joint}{data['symbol']}"
        width = sum(sheet.face.width(text, 13) for text in (label, tail))
        x = _LEFT_CENTRE - (width + gap) / 2
        x += sheet.text(label, x, y, 13)
        if by_hand:
            sheet.leave_open("number", x + 3, y, gap - 4, str(data["number"]))
        sheet.text(tail, x + gap, y, 13)

    def _place_and_day(self, y: float) -> None:
        sheet, data = self._sheet, self._data
        # Texts, and (as "", key) the gaps of what is written by hand or not at all.
        pieces: list[tuple[str, str]] = [(f"{data['place']}, ngày", "")]
        for key, after in (("day", "tháng"), ("month", "năm")):
            value = str(data[key])
            pieces.append(("", key) if key in self._by_hand or not value else (value, ""))
            pieces.append((after, ""))
        pieces.append((str(data["year"]), ""))
        text = " ".join(piece for piece, key in pieces if not key)
        gaps = sum(1 for _, key in pieces if key) * _HAND_DAY
        size = sheet.face.fitting_size(text, 13, _RIGHT_WIDTH - gaps, italic=True)
        x = _RIGHT_CENTRE - (sheet.face.width(text, size, italic=True) + gaps) / 2
        printed: list[str] = []
        for piece, key in [*pieces, ("", "end")]:
            if not key:
                printed.append(piece)
                continue
            x += sheet.text(" ".join(printed), x, y, size, italic=True) if printed else 0.0
            printed = []
            if key in self._by_hand:
                sheet.leave_open(key, x + 3, y, 20, str(data[key]))
            x += _HAND_DAY + sheet.face.width(" ", 13, italic=True)

    def _urgency(self, text: str, y: float) -> None:
        sheet = self._sheet
        width = sheet.face.width(text, 14, bold=True)
        if self._scanned:
            sheet.leave_open("urgency", _LEFT_CENTRE - width / 2, y, width, text)
            return
        sheet.canvas.setLineWidth(1)
        sheet.canvas.rect(_LEFT_CENTRE - width / 2 - 8, HEIGHT - y - 6, width + 16, 22)
        sheet.centred_text(text, _LEFT_CENTRE, y, 14, bold=True)


def draw_title(sheet: Sheet, part: Part) -> None:
    """Draw the trích yếu, the line in italics under it, and the rule."""
    if part.title:
        words = sheet.face.words(part.title, bold=True)
        sheet.y = sheet.centred(words, sheet.y, sheet.size, TITLE_CENTRE, _TITLE_WIDTH) + 7
    if part.under_title:
        sheet.y += sheet.size * 0.9
        words = sheet.face.words(part.under_title, italic=True)
        sheet.y = sheet.centred(words, sheet.y, sheet.size - 0.5, TITLE_CENTRE, _TITLE_WIDTH) + 6
    sheet.canvas.setLineWidth(0.6)
    sheet.canvas.line(WIDTH / 2 - 30, HEIGHT - sheet.y, WIDTH / 2 + 66, HEIGHT - sheet.y)
    sheet.y += sheet.size * 1.3


def _draw_addressees(sheet: Sheet, names: list[str]) -> None:
    """Draw "Kính gửi:" and its names: one beside it, several in a list under it."""
    if not names:
        return
    x, size = LEFT + 75, sheet.size
    label_width = sheet.text("Kính gửi:", x, sheet.y, size)
    if len(names) == 1:
        words = sheet.face.words((Run(names[0]),))
        for line in sheet.face.lines(words, size, WIDTH - RIGHT - x - label_width - 8):
            sheet.line(line, x + label_width + 6, sheet.y, size)
            sheet.y += sheet.leading
    else:
        sheet.y += sheet.leading
        for name in listed(names):
            for line in sheet.face.lines(sheet.face.words((Run(name),)), size, WIDTH - RIGHT - x - 40):
                sheet.line(line, x + 30, sheet.y, size)
                sheet.y += sheet.leading
    sheet.y += size * 0.6
