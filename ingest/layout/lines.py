"""Words with boxes → visual lines → segments; plain text lines get the same shape without boxes.

A two-column header comes out of OCR as one line ("UBND TỈNH X CỘNG HÒA XÃ HỘI …"); a segment is a run of words of
one line without a gap that only columns make.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from corpus.fold import clean, fold
from corpus.model import Box
from ingest.page import Page, Word

# A gap this many times the line's height parts columns; words of one phrase stand at 0.2 to 0.6 of it.
_COLUMN_GAP = 1.6
# In plain text, columns are parted by runs of spaces.
_TEXT_GAP = re.compile(r" {3,}|\t+")


@dataclass(slots=True)
class Segment:
    """A run of words of one line. start, end: offsets into the document's text. box None in plain text."""

    text: str
    start: int
    end: int
    page: int
    box: Box | None = None
    confidence: float = 1.0
    words: list[Word] = field(default_factory=list)

    @property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def centre(self) -> float:
        return (self.box[0] + self.box[2]) / 2 if self.box else 0.5


@dataclass(slots=True)
class Line:
    """One visual line: segments from left to right. gap: white above it, in line heights (0 unknown)."""

    segments: list[Segment]
    page: int
    gap: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.segments)

    @property
    def start(self) -> int:
        return min(s.start for s in self.segments)

    @property
    def end(self) -> int:
        return max(s.end for s in self.segments)

    @property
    def box(self) -> Box | None:
        return union([s.box for s in self.segments])

    @property
    def folded(self) -> str:
        return fold(self.text)


def union(boxes: Sequence[Box | None]) -> Box | None:
    """The smallest box around all that are known."""
    known = [b for b in boxes if b]
    if not known:
        return None
    return min(b[0] for b in known), min(b[1] for b in known), max(b[2] for b in known), max(b[3] for b in known)


def lines_of(page: Page, offset: int) -> list[Line]:
    """The visual lines of *page*, top to bottom; *offset* is where its text starts in the document's."""
    words = [w for w in page.load_words() if w.text.strip()]
    if not words:
        return _plain_lines(page, offset)
    return _visual_lines(words, page, offset)


def _visual_lines(words: list[Word], page: Page, offset: int) -> list[Line]:
    aspect = (page.width / page.height) if page.width and page.height else 0.707
    # Height of ordinary words: specks and rules that OCR takes for words must not open or widen a line.
    height = median(w.box[3] - w.box[1] for w in words)
    rows = _joined(_text_rows(words, page.text), height)
    lines = []
    previous: float | None = None
    for row in rows:
        middle = _middle(row)
        segments = [_segment(run, page.number, offset) for run in _runs(row, _COLUMN_GAP * height / aspect)]
        lines.append(Line(segments, page.number, (middle - previous) / height if previous is not None else 0.0))
        previous = middle
    return lines


def _text_rows(words: list[Word], text: str) -> list[list[Word]]:
    """Words that stand on one line of the page's text: the reader knows of skew, a band of heights does not."""
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
    """Rows side by side made one: the reader parts "Số: 12/QĐ-UBND" from its date when the columns are far apart."""
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
    runs = [[row[0]]]
    for word in row[1:]:
        if word.box[0] - max(w.box[2] for w in runs[-1]) > widest:
            runs.append([word])
        else:
            runs[-1].append(word)
    return runs


def _segment(words: list[Word], page: int, offset: int) -> Segment:
    return Segment(
        clean(" ".join(w.text for w in words)),
        offset + min(w.start for w in words),
        offset + max(w.end for w in words),
        page,
        union([w.box for w in words]),
        min(w.confidence for w in words),
        words,
    )


def _plain_lines(page: Page, offset: int) -> list[Line]:
    lines = []
    at = 0
    blank = 0
    for raw in page.text.split("\n"):
        if raw.strip():
            segments = []
            start = 0
            for part in [*_TEXT_GAP.finditer(raw), None]:
                end = part.start() if part else len(raw)
                text = raw[start:end]
                if text.strip():
                    left = start + len(text) - len(text.lstrip())
                    segments.append(
                        Segment(
                            clean(text.strip()), offset + at + left, offset + at + left + len(text.strip()), page.number
                        )
                    )
                start = part.end() if part else end
            lines.append(Line(segments, page.number, float(blank)))
            blank = 0
        else:
            blank += 1
        at += len(raw) + 1
    return lines
