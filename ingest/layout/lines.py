"""Words with boxes become visual lines, and lines segments; plain text gets the same shape without boxes.

OCR gives a two-column header as one line ("UBND TỈNH X CỘNG HÒA XÃ HỘI …"). A segment is a run of words of one line
without a gap as wide as only columns make it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.fold import clean, fold
from corpus.model import Box
from ingest.layout.stamped_words import with_stamps
from ingest.layout.touching_words import parted
from ingest.page import Page, Word

# A gap this many times the height of the line separates columns; gaps between words are 0.2 to 0.6 of it.
_COLUMN_GAP = 1.6
# In plain text, runs of spaces separate columns.
_TEXT_GAP = re.compile(r" {3,}|\t+")
#: Width over height of an A4 page, where a file has no page size.
_A4_ASPECT = 0.707


@dataclass(slots=True)
class Segment:
    """A run of words of one line."""

    text: str
    #: Offsets into the document's text.
    start: int
    end: int
    page: int
    #: None in plain text.
    box: Box | None = None
    #: The lowest confidence of its words.
    confidence: float = 1.0
    words: list[Word] = field(default_factory=list)

    @property
    def folded(self) -> str:
        """The text, folded."""
        return fold(self.text)

    @property
    def centre(self) -> float:
        """The horizontal centre as a fraction of the page's width; 0.5 in plain text."""
        return (self.box[0] + self.box[2]) / 2 if self.box else 0.5

    @property
    def mean_confidence(self) -> float:
        """The mean confidence of its words."""
        return sum(w.confidence for w in self.words) / len(self.words) if self.words else self.confidence

    def part(self, start: int, end: int) -> Segment:
        """The part between two offsets of its text, its box narrowed to the words that overlap."""
        text = self.text[start:end]
        left = start + len(text) - len(text.lstrip())
        right = start + len(text.rstrip())
        if not self.words:
            return Segment(text.strip(), self.start + left, self.start + right, self.page)
        words, at = [], 0
        for word in self.words:
            if at < right and at + len(word.text) > left:
                words.append(word)
            at += len(word.text) + 1
        if not words:
            words = self.words[-1:]
        shift = self.start - _offsets(self.words)[0]
        first, last = _offsets(words)
        return Segment(
            text.strip(),
            shift + first,
            shift + last,
            self.page,
            union([w.box for w in words]),
            min(w.confidence for w in words),
            words,
        )


@dataclass(slots=True)
class Line:
    """One visual line."""

    #: From left to right.
    segments: list[Segment]
    page: int
    #: White space above the line, in line heights; 0 where unknown.
    gap: float = 0.0

    @property
    def text(self) -> str:
        """The texts of the segments, joined by spaces."""
        return " ".join(s.text for s in self.segments)

    @property
    def start(self) -> int:
        """Offset of its first character in the document's text."""
        return min(s.start for s in self.segments)

    @property
    def end(self) -> int:
        """Offset behind its last character in the document's text."""
        return max(s.end for s in self.segments)

    @property
    def box(self) -> Box | None:
        """The box around all segments."""
        return union([s.box for s in self.segments])

    @property
    def folded(self) -> str:
        """The text, folded."""
        return fold(self.text)

    def covering(self, start: int, end: int) -> list[Segment]:
        """The parts of the segments that stand between two offsets of ``text``; all segments where none does."""
        parts, at = [], 0
        for segment in self.segments:
            left, right = max(start - at, 0), min(end - at, len(segment.text))
            if left < right:
                parts.append(segment.part(left, right))
            at += len(segment.text) + 1
        return parts or list(self.segments)


def union(boxes: Sequence[Box | None]) -> Box | None:
    """The smallest box around all boxes that are known."""
    known = [b for b in boxes if b]
    if not known:
        return None
    return min(b[0] for b in known), min(b[1] for b in known), max(b[2] for b in known), max(b[3] for b in known)


def lines_of(page: Page, offset: int) -> list[Line]:
    """The visual lines of *page*, top to bottom; *offset* is where its text starts in the document's."""
    words = [w for w in page.load_words() if w.text.strip()]
    if not words:
        return plain_lines(page.text, offset, page.number)
    return _visual_lines(words, page, offset)


def _visual_lines(words: list[Word], page: Page, offset: int) -> list[Line]:
    aspect = (page.width / page.height) if page.width and page.height else _A4_ASPECT
    # The median height: specks and rules that OCR takes for words must not open or widen a line.
    height = median(w.box[3] - w.box[1] for w in words)
    rows = _text_rows(words, page.text)
    if page.source == "text":
        rows = with_stamps(rows, height)
    else:
        rows = [parted(row) for row in rows]
    rows = _joined(rows, height)
    lines = []
    previous: float | None = None
    for row in rows:
        middle = _middle(row)
        segments = [_segment(run, page.number, offset) for run in _runs(row, _COLUMN_GAP * height / aspect)]
        lines.append(Line(segments, page.number, (middle - previous) / height if previous is not None else 0.0))
        previous = middle
    return lines


def _text_rows(words: list[Word], text: str) -> list[list[Word]]:
    """Words on one line of the page's text: OCR allows for skew, a band of equal height does not."""
    rows: list[list[Word]] = []
    end = -1
    for word in sorted(words, key=lambda w: w.start):
        if word.start > end:
            rows.append([])
            end = text.find("\n", word.start)
            end = len(text) if end < 0 else end
        rows[-1].append(word)
    return rows


def _joined(rows: list[list[Word]], height: float) -> list[list[Word]]:
    """Rows beside each other as one: OCR separates "Số: 12/QĐ-UBND" from its date where the columns are far apart."""
    out: list[list[Word]] = []
    for row in sorted((sorted(r, key=lambda w: w.box[0]) for r in rows), key=_middle):
        for other in out[-3:]:
            apart = row[0].box[0] >= other[-1].box[2] or other[0].box[0] >= row[-1].box[2]
            near, far = (other[-1], row[0]) if row[0].box[0] >= other[-1].box[2] else (other[0], row[-1])
            if apart and abs(_middle([near]) - _middle([far])) < 0.5 * height:
                other.extend(row)
                other.sort(key=lambda w: w.box[0])
                break
        else:
            out.append(row)
    return sorted(out, key=_middle)


def _middle(row: list[Word]) -> float:
    return median((w.box[1] + w.box[3]) / 2 for w in row)


def _runs(row: list[Word], widest: float) -> list[list[Word]]:
    """The words of a row, separated at gaps wider than *widest*."""
    runs = [[row[0]]]
    end = row[0].box[2]
    for word in row[1:]:
        left, _, right, _ = word.box
        if left - end > widest:
            runs.append([word])
            end = right
        else:
            runs[-1].append(word)
            end = max(end, right)
    return runs


def _segment(words: list[Word], page: int, offset: int) -> Segment:
    first, last = _offsets(words)
    return Segment(
        clean(" ".join(w.text for w in words)),
        offset + first,
        offset + last,
        page,
        union([w.box for w in words]),
        min(w.confidence for w in words),
        words,
    )


def _offsets(words: Sequence[Word]) -> tuple[int, int]:
    """Start and end of *words* in the page's text; those stamped into a blank count only where there are no others."""
    placed = [w for w in words if not w.stamped] or words
    return min(w.start for w in placed), max(w.end for w in placed)


def plain_lines(text: str, offset: int, page: int) -> list[Line]:
    """The lines of plain *text*, which starts at *offset* in the document's; ``gap`` counts the empty lines above."""
    lines = []
    at = 0
    blank = 0
    for raw in text.split("\n"):
        if raw.strip():
            lines.append(Line(_plain_segments(raw, offset + at, page), page, float(blank)))
            blank = 0
        else:
            blank += 1
        at += len(raw) + 1
    return lines


def _plain_segments(line: str, offset: int, page: int) -> list[Segment]:
    segments = []
    start = 0
    for gap in [*_TEXT_GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        text = line[start:end]
        stripped = text.strip()
        if stripped:
            left = offset + start + len(text) - len(text.lstrip())
            segments.append(Segment(clean(stripped), left, left + len(stripped), page))
        start = gap.end() if gap else end
    return segments
