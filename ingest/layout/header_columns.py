"""The two columns at the top of a header: ô 1 to 4 of Nghị định 30/2020/NĐ-CP, Phụ lục I.

Left the agencies above the number, right quốc hiệu and tiêu ngữ above place and date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.layout import cues
from ingest.layout.date_line import doubt_missing_date, find_date, place_start, read_date_line
from ingest.layout.header_type import type_of_line
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, Segment
from ingest.layout.number_line import doubt_missing_number, read_number_line

#: Lines in which number and date are looked for, and those in which a date counts before quốc hiệu was seen.
_SEARCHED_LINES, _EARLY_LINES = 40, 14
#: How far above quốc hiệu the first agency may stand, in line heights: both open the header.
_ABOVE_EMBLEM = 1.6
#: Left of this, as a fraction of the page's width, no right column begins: quốc hiệu stands below the agencies.
_MIN_SPLIT = 0.3
#: How far left of the right column a segment must begin to belong to the left one, as a fraction of the page's width.
_COLUMN_SLACK = 0.02


@dataclass(slots=True)
class Columns:
    """What the columns hold besides the fields."""

    #: Segments of the left column above the number: the agencies.
    left: list[Segment] = field(default_factory=list)
    #: Segments of the left column below the number: V/v and marks.
    under: list[Segment] = field(default_factory=list)
    #: Where the right column begins, as a fraction of the page's width; None in plain text.
    split: float | None = None
    #: Index of the first line below number and date.
    body: int = 0


@dataclass(slots=True)
class _Anchors:
    """Indexes of the lines that hold quốc hiệu, number and date; None where there is none."""

    emblem: int | None = None
    number: int | None = None
    date: int | None = None

    @property
    def last(self) -> int | None:
        """The lower of number and date, else quốc hiệu."""
        return max((i for i in (self.number, self.date) if i is not None), default=self.emblem)


class ColumnReader:
    """Reads the columns line by line into a header."""

    def __init__(self, lines: Sequence[Line], header: Header, ocr: bool) -> None:
        self._lines = lines
        self._header = header
        self._ocr = ocr
        self._columns = Columns()

    def read(self) -> Columns:
        """Put number, place and date into the header; the rest of the columns."""
        columns, header, lines = self._columns, self._header, self._lines
        anchors = self._anchors()
        last = anchors.last
        columns.body = (last + 1) if last is not None else 0
        if not header.anchored and anchors.date is None:
            header.columns_end = lines[0].start
            return columns
        if self._ocr and anchors.emblem is not None:
            self._doubt_what_is_missing(anchors)
        top = self._last_agency_line(anchors)
        columns.split = self._split(lines[: top + 1])
        columns.left = self._left_of(range(self._first_agency_line(anchors), top + 1), anchors)
        if not columns.left:  # the agencies stand above quốc hiệu, not beside it
            columns.left = self._left_of(range(top + 1), anchors)
        columns.under = self._left_of(range(top + 1, (last or 0) + 1), anchors)
        header.columns_end = max((line.end for line in lines[: columns.body]), default=lines[0].start)
        return columns

    def _anchors(self) -> _Anchors:
        """Find the lines of quốc hiệu, number and date, which are read on the way."""
        header, anchors = self._header, _Anchors()
        for index, line in enumerate(self._lines[:_SEARCHED_LINES]):
            folded = line.folded
            if anchors.emblem is None and cues.is_emblem(line.text, folded):
                anchors.emblem = index
                header.anchored = header.has_emblem = True
                header.party = bool(cues.PARTY.search(folded))
            may_hold_date = anchors.date is None and (anchors.emblem is not None or index < _EARLY_LINES)
            if may_hold_date and read_date_line(line, header, ocr=self._ocr):
                anchors.date = index
            if anchors.number is None and read_number_line(line, header, ocr=self._ocr):
                anchors.number = index
                header.anchored = True
                header.has_number = cues.begins_with_number_word(line.text)
            if self._ends(index, anchors) or (anchors.number is not None and anchors.date is not None):
                break
        return anchors

    def _ends(self, index: int, anchors: _Anchors) -> bool:
        """Whether the columns end above or with line *index*: a type, Kính gửi or a căn cứ."""
        line = self._lines[index]
        found = anchors.number is not None or anchors.date is not None
        if type_of_line(line, ocr=self._ocr) and (found or index > (anchors.emblem or 0) + 1):
            return True
        return cues.opens_addressees(line.folded) or line.folded.strip(" -*").startswith("can cu")

    def _doubt_what_is_missing(self, anchors: _Anchors) -> None:
        """Doubt number and date of a scan that were not read though remains of them are there."""
        first = (anchors.emblem or 0) + 1
        stop = next((i for i in range(first, len(self._lines)) if self._ends(i, anchors)), first)
        between = self._lines[first : min(stop, _SEARCHED_LINES)]
        if anchors.number is None:
            doubt_missing_number(between, self._header)
        if anchors.date is None:
            doubt_missing_date(between, self._header)

    def _split(self, lines: Sequence[Line]) -> float | None:
        """Where the right column begins: at the leftmost of quốc hiệu, tiêu ngữ and date; None without one."""
        edges = []
        for line in lines:
            for segment in line.segments:
                right = self._right_column_start(segment)
                box = segment.part(right, len(segment.text)).box if right is not None else None
                if box and box[0] > _MIN_SPLIT:
                    edges.append(box[0])
        return min(edges, default=None)

    def _last_agency_line(self, anchors: _Anchors) -> int:
        """The index of the last line that may name an agency: that of the number, of the date, else the tiêu ngữ."""
        top = next((i for i in (anchors.number, anchors.date) if i is not None), None)
        if top is not None:
            return top
        emblem = anchors.emblem or 0
        beside = emblem + 1 < len(self._lines) and cues.MOTTO.search(self._lines[emblem + 1].folded)
        return emblem + 1 if beside else emblem

    def _first_agency_line(self, anchors: _Anchors) -> int:
        """The index of the first line that may name an agency; what stands further above quốc hiệu are stamps."""
        emblem = anchors.emblem
        if emblem is None or self._lines[emblem].box is None:
            return 0
        if any(i is not None and i < emblem for i in (anchors.number, anchors.date)):
            return 0  # the left column stands above the right one
        first, above = emblem, 0.0
        while first > 0 and above + self._lines[first].gap <= _ABOVE_EMBLEM:
            above += self._lines[first].gap
            first -= 1
        return first

    def _left_of(self, indexes: range, anchors: _Anchors) -> list[Segment]:
        """What stands in the left column of the lines with these indexes, but for the number."""
        found: list[Segment] = []
        for index in indexes:
            if index != anchors.number:
                self._collect_left(self._lines[index], found)
        return found

    def _collect_left(self, line: Line, target: list[Segment]) -> None:
        """Add what stands in the left column of a line to *target*, up to the number."""
        columns = self._columns
        for segment in _before_date(line, ocr=self._ocr):
            right = self._right_column_start(segment)
            rest: Segment | None = segment
            if right is not None:
                rest = segment.part(0, right) if segment.text[:right].strip(" ,.") else None
            if rest is None or not rest.text.strip(" .,-_*"):
                continue
            if rest.box and columns.split and rest.box[0] > columns.split - _COLUMN_SLACK:
                continue
            if cues.is_number_line(rest.text):
                return
            target.append(rest)

    def _right_column_start(self, segment: Segment) -> int | None:
        """Where the right column begins inside a segment; None where nothing of it is there."""
        folded = segment.folded
        for pattern in (cues.NATION, cues.PARTY, cues.MOTTO):
            match = pattern.search(folded)
            if match:
                return match.start()
        match = find_date(segment.text, ocr=self._ocr)
        return place_start(segment.text, match.start()) if match else None


def _before_date(line: Line, *, ocr: bool) -> list[Segment]:
    """The segments of a line before a date whose words stand in several of them (plain text: "ngày      tháng 9")."""
    if line.box is not None or len(line.segments) < 2:
        return line.segments
    match = find_date(line.text, ocr=ocr)
    if match is None:
        return line.segments
    start = place_start(line.text, match.start())
    return line.covering(0, start) if line.text[:start].strip() else []
