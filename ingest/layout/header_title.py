"""Type, trích yếu and addressees: ô 5a, 5b and 9a of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.fold import clean, letters, squeeze
from corpus.model import Box, Evidence
from corpus.so_ky_hieu import type_of_symbol
from ingest.layout import cues
from ingest.layout.found import Found
from ingest.layout.header_type import Heading, heading_of_line, unlisted_heading
from ingest.layout.header_values import Header
from ingest.layout.lines import Line, Segment
from ingest.layout.symbol_repair import symbol_begins_with_issuer
from ingest.layout.title_lines import centred_part, has_slips, is_running_text, left_part

if TYPE_CHECKING:
    from ingest.layout.header_columns import Columns

#: Lines in which the type is looked for, lines of the longest trích yếu, and of the longest list of addressees.
_TYPE_LINES, _TITLE_LINES, _ADDRESSEE_LINES = 30, 24, 25
#: Lines of the longest trích yếu of a công văn.
_SUBJECT_LINES = 9
#: Characters of a line within which "Kính gửi" must stand.
_ADDRESSEE_AT = 60
#: A line with more segments than this is the row of a table.
_TABLE_SEGMENTS = 3
#: The right edge of what others write in the left margin, as a fraction of the page's width.
_MARGIN = 0.2
#: A rule under the trích yếu, and what may stand around it.
_RULE = re.compile(r"^[-_–—=*~.\s]{5,}$")
_TITLE_EDGE = " -_*.|~:"
#: "Về việc" as OCR may read it.
_MISREAD_ABOUT = re.compile(r"^[Vv][^\W\d]{1,2} vi[eệ]c\b")
#: Specks, which begin with a small letter as no trích yếu does, before "Về việc"; and "Kính gửi" torn in the middle.
_ABOUT_INSIDE = re.compile(r"([^\W\d_A-ZĐ].{0,24}\s)Về việc\s")
#: A speck that OCR took for a sign of its own between two words of a sentence ("địa . bàn").
_LONE_SIGN = re.compile(r"(?<=[^\W\d_A-ZĐ]) [.,'‘’`·•] (?=[^\W\d_A-ZĐ])")
_TORN_ADDRESSEE = re.compile(r"\sK\s[ií]nh\s?g[uưử]i(?!\w)")
_NUMBERED_ITEM = re.compile(r"^[-–+*•~]")


class TitleReader:
    """Reads the lines below the columns into a header."""

    def __init__(self, lines: Sequence[Line], header: Header, columns: Columns, ocr: bool) -> None:
        self._lines = lines
        self._header = header
        self._columns = columns
        self._ocr = ocr

    def read(self) -> None:
        """Put type, trích yếu and addressees into the header, and where it ends."""
        header, lines, start = self._header, self._lines, self._columns.body
        header.end = header.columns_end if header.anchored else lines[0].start
        stop = min(len(lines), start + _TYPE_LINES)
        found = self._heading(start, stop)
        if found is not None:
            self._read_titled(*found)
            return
        addressee_at = self._addressee_line(start, stop)
        subject = self._read_subject(start, addressee_at if addressee_at is not None else stop)
        self._put_type_without_heading(subject, lines[start:stop], has_addressees=addressee_at is not None)
        if addressee_at is not None:
            self._read_addressees(addressee_at)

    def _heading(self, start: int, stop: int) -> tuple[int, Heading] | None:
        """The line of the type and what it says: a type of the table, else one that is kept as printed."""
        unlisted = None
        for index in range(start, stop):
            line = self._lines[index]
            heading = heading_of_line(line, ocr=self._ocr)
            if heading is None and cues.starts_body(line.folded, weak=False):
                break
            if heading and not line.text.rstrip().endswith("QUYẾT ĐỊNH:"):
                return index, heading
            if unlisted is None and self._header.anchored:
                unlisted = (index, heading) if (heading := unlisted_heading(line)) else None
        return unlisted

    def _addressee_line(self, start: int, stop: int) -> int | None:
        return next(
            (i for i in range(start, stop) if cues.ADDRESSEE.search(self._lines[i].folded[:_ADDRESSEE_AT])), None
        )

    def _put_type_without_heading(
        self, subject: list[Segment] | None, lines: Sequence[Line], *, has_addressees: bool
    ) -> None:
        """The type of a document without a heading: Công văn, or what its ký hiệu names."""
        header = self._header
        symbol = header.value("symbol")
        by_symbol = type_of_symbol(str(symbol)) if symbol else None
        if by_symbol and subject and symbol_begins_with_issuer(header):
            by_symbol = None  # "TTr-NV1" of Thanh tra is no Tờ trình
        reasons = ["loại theo ký hiệu"]
        if subject or (has_addressees and symbol):
            if by_symbol:
                header.put("doc_type", by_symbol, lines[0].segments[:1], 0.6, reasons=reasons, needs_review=True)
            else:
                segments = subject or lines[0].segments[:1]
                header.put("doc_type", "Công văn", segments, 0.95 if "symbol" in header.fields else 0.8)
                if self._ocr and not subject:
                    reasons = ["không thấy trích yếu (V/v)"]
                    header.put("title", None, lines[0].segments[:1], 0.0, reasons=reasons, needs_review=True)
        elif by_symbol and header.anchored:
            seen = header.fields["symbol"].evidence
            evidence = Evidence(
                0.6, True, page=seen.page, bbox=seen.bbox, start=seen.start, end=seen.end, reasons=reasons
            )
            header.fields["doc_type"] = Found(by_symbol, evidence)

    # Ô 5a

    def _read_titled(self, type_at: int, heading: Heading) -> None:
        """The type at a line, and the trích yếu below it."""
        header, line = self._header, self._lines[type_at]
        reasons = [] if heading.listed else ["loại ngoài danh mục, ghi như in"]
        confidence = 0.98 if heading.listed else 0.7
        header.put("doc_type", heading.doc_type, line.segments, confidence, reasons=reasons, needs_review=bool(reasons))
        header.anchored = True
        title = self._title_below(type_at, heading.segment)
        header.end = max(header.end, max((s.end for s in line.segments), default=0))
        title = self._with_heading(heading, title)
        if title:
            text = squeeze(clean(" ".join(s.text for s in title))).strip(_TITLE_EDGE)
            if self._ocr:
                text = _MISREAD_ABOUT.sub("Về việc", text)
            self._put_title(cues.SUBJECT.sub("", text).strip() if text[:2] in {"V/", "v/"} else text, title)
        addressee_at = self._addressee_line(type_at + 1, min(len(self._lines), type_at + _TYPE_LINES))
        if addressee_at is not None:
            self._read_addressees(addressee_at)

    def _with_heading(self, heading: Heading, below: list[Segment]) -> list[Segment]:
        """The trích yếu with what the heading's line holds of it.

        Words behind the type qualify it ("BIÊN BẢN HỌP", "QUYẾT ĐỊNH CỦA …"), unless the heading goes on in capitals on
        the next line, or nothing follows it.
        """
        if heading.in_title:
            return [heading.segment, *below]
        rest = heading.rest
        if not rest or rest.startswith(("CỦA ", "(")):
            return below
        if below and not cues.is_mostly_capitals(" ".join(s.text for s in below)):
            return below
        text = heading.segment.text
        return [heading.segment.part(text.rindex(rest), len(text)) if rest in text else heading.segment, *below]

    def _title_below(self, type_at: int, heading: Segment) -> list[Segment]:
        """The segments of the trích yếu below the heading."""
        title: list[Segment] = []
        in_capitals: bool | None = None
        previous = self._lines[type_at]
        for index in range(type_at + 1, min(len(self._lines), type_at + _TITLE_LINES)):
            line = centred_part(self._lines[index], heading)
            text = squeeze(line.text)
            if (title and _RULE.match(text)) or (line.box and len(line.segments) > _TABLE_SEGMENTS):
                break
            if len(letters(text)) < 2 or (self._ocr and _is_noise(line)) or _is_all_in_margin(line):
                continue
            if cues.starts_body(line.folded, weak=self._may_open_body(line, title)):
                break
            following = self._lines[index + 1] if index + 1 < len(self._lines) else None
            if not title and cues.starts_body(line.folded) and is_running_text(line, following):
                break
            if self._ends_title(line, previous, title, in_capitals):
                break
            title.extend(s for s in line.segments if not self._is_mark(s) and not _is_in_margin(s))
            in_capitals = cues.is_mostly_capitals(text) if in_capitals is None else in_capitals
            previous = line
        return title

    def _may_open_body(self, line: Line, title: list[Segment]) -> bool:
        """Whether *line* may open the text: below some trích yếu, and not centred directly under it."""
        if not title or not line.box or not title[0].box:
            return bool(title)
        off_centre = abs((line.box[0] + line.box[2]) / 2 - (title[0].box[0] + title[0].box[2]) / 2)
        return off_centre > 0.015 or line.gap > 1.3 * self._line_gap()

    def _ends_title(self, line: Line, previous: Line, title: list[Segment], in_capitals: bool | None) -> bool:
        text = squeeze(line.text)
        if cues.opens_addressees(line.folded):
            return True
        capitals = cues.is_mostly_capitals(text)
        if title and in_capitals is False and capitals and len(letters(text)) > 6:
            return True
        if cues.AUTHORITY.match(line.folded.strip(" ")) and capitals and (title or in_capitals is None):
            return True
        if title and title[-1].text.rstrip().endswith((".", ";")) and text[:1].isupper():
            return True
        if not title or not line.box:
            return bool(title) and line.gap >= 3 and previous.gap < 3
        # A trích yếu is centred; running text starts at the margin with an indent and reaches the right edge.
        middle = (line.box[0] + line.box[2]) / 2
        centre = (title[0].box[0] + title[0].box[2]) / 2 if title[0].box else 0.5
        return abs(middle - centre) > 0.06 or (line.gap > 1.75 * self._line_gap() and text[:1].isupper())

    def _line_gap(self) -> float:
        """The usual white space between two lines."""
        gaps = sorted(line.gap for line in self._lines if line.gap > 0.8)
        return gaps[len(gaps) // 2] if gaps else 1.5

    def _is_mark(self, segment: Segment) -> bool:
        """Whether a segment is a mark of urgency or secrecy, or what OCR makes of a slanted one."""
        if letters(segment.text) in cues.marks():
            return True
        few = 0 < len(segment.words) < 4
        return self._ocr and few and segment.mean_confidence < 0.45

    def _put_title(self, text: str, segments: list[Segment]) -> None:
        header = self._header
        confidence = min((s.confidence for s in segments), default=1.0) if self._ocr else 1.0
        text = _LONE_SIGN.sub(" ", text) if self._ocr else text
        kept = _without_remains(text) if self._ocr else text
        reasons = ["có chữ đọc không rõ"] if self._ocr and (kept != text or has_slips(text)) else []
        text = kept
        header.put("title", text, segments, max(0.5, confidence), reasons=reasons, needs_review=bool(reasons))
        header.title_span = (min(s.start for s in segments), max(s.end for s in segments))
        header.end = max(header.end, header.title_span[1])

    # Ô 5b

    def _read_subject(self, start: int, stop: int) -> list[Segment] | None:
        """The V/v block of a công văn, in the left column from the number to Kính gửi; None where there is none."""
        candidates = self._subject_candidates(start, stop)
        begun = next((i for i, s in enumerate(candidates) if cues.SUBJECT.match(s.text)), None)
        if begun is None and self._ocr and stop < len(self._lines):
            begun = self._misread_subject(candidates)
        if begun is None:
            return None
        block = self._subject_block(self._left_part(candidates[begun]), candidates[begun + 1 :])
        text = cues.SUBJECT.sub("", squeeze(clean(" ".join(s.text for s in block)))).strip(" -_:.|~,")
        if text:
            self._put_title(text, block)
        return block

    def _subject_candidates(self, start: int, stop: int) -> list[Segment]:
        candidates = list(self._columns.under)
        for line in self._lines[start:stop]:
            if cues.starts_body(line.folded, weak=False):
                break
            candidates.extend(line.segments)
        return [s for s in candidates if not self._is_mark(s)]

    def _misread_subject(self, candidates: list[Segment]) -> int | None:
        """The index of a block whose V/v was misread: nothing else stands in the left column of a công văn there."""
        split = self._columns.split
        if not split:
            return None
        begun = next((i for i, s in enumerate(candidates) if s.box and s.box[2] < split and s.text[:1] in "Vv"), None)
        if begun is not None:
            first = candidates[begun]
            candidates[begun] = first.part(len(first.text.split()[0]), len(first.text))
        return begun

    def _subject_block(self, first: Segment, following: Sequence[Segment]) -> list[Segment]:
        block = [first]
        height = first.box[3] - first.box[1] if first.box else 0.02
        for segment in following:
            text = segment.text.strip()
            if letters(text) in cues.marks() or cues.ADDRESSEE.match(segment.folded):
                break
            if self._ocr and (segment.confidence < 0.25 and len(letters(text)) < 5):
                continue
            segment = self._left_part(segment)
            if segment.box and first.box and not _is_in_left_column(segment.box, self._columns.split):
                continue
            above = block[-1].box
            if segment.box and above and segment.box[1] - above[3] > 2.2 * height:
                break
            if len(block) >= _SUBJECT_LINES:
                break
            block.append(segment)
        return block

    def _left_part(self, segment: Segment) -> Segment:
        """A segment of the left column without a note in the right one, before which the left column then ends."""
        part = left_part(segment, self._columns.split)
        if part is not segment:
            following = next(w for w in segment.words if w.start >= part.words[-1].end)
            self._columns.split = min(self._columns.split or 1.0, following.box[0])
        return part

    # Ô 9a

    def _read_addressees(self, index: int) -> None:
        names: list[str] = []
        first = self._lines[index]
        segments = list(first.segments)
        match = cues.ADDRESSEE.search(first.folded)
        assert match is not None
        rest = first.text[match.end() :].strip()
        if letters(rest):
            names.append(rest)
        for line in self._lines[index + 1 : index + _ADDRESSEE_LINES]:
            text = squeeze(line.text)
            if _NUMBERED_ITEM.match(text):
                names.append(text)
            elif names and _continues(names[-1], text) and not cues.starts_body(line.folded):
                names[-1] += " " + text
            else:
                break
            segments.extend(line.segments)
            if text.endswith("."):
                break
        cleaned = [squeeze(clean(n)).strip(" -+*•~;.,:") for n in names]
        self._header.put("addressees", [n for n in cleaned if letters(n)], segments, 0.9)
        self._header.end = max(self._header.end, first.start)


def _without_remains(text: str) -> str:
    """A trích yếu that OCR read, without specks before its "Về việc" and without a torn "Kính gửi" behind it."""
    about = _ABOUT_INSIDE.match(text)
    text = text[about.end(1) :] if about else text
    addressee = _TORN_ADDRESSEE.search(text)
    return text[: addressee.start()].rstrip(_TITLE_EDGE) if addressee else text


def _continues(name: str, text: str) -> bool:
    """Whether a line goes on with the addressee above it."""
    return not name.rstrip().endswith((".", ";")) and text[:1].islower()


def _is_in_margin(segment: Segment) -> bool:
    return segment.box is not None and segment.box[2] < _MARGIN


def _is_all_in_margin(line: Line) -> bool:
    """Whether a line holds only what others wrote in the left margin."""
    return all(_is_in_margin(s) for s in line.segments)


def _is_noise(line: Line) -> bool:
    return all(s.confidence < 0.4 for s in line.segments) and len(letters(line.text)) < 8


def _is_in_left_column(box: Box, split: float | None) -> bool:
    limit = split - 0.01 if split else 0.55
    return box[0] < limit and (box[0] + box[2]) / 2 < limit + 0.03
