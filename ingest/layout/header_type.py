"""The type of a document as its heading prints it: ô 5a of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from corpus.fold import letters
from ingest.layout import cues
from ingest.layout.lines import Line, Segment

#: Characters of the longest heading.
_MAX_HEADING = 30
#: Letters from which one slip of OCR is allowed, and where such a heading must stand: in the middle of the page.
_MIN_SLIP_LETTERS, _MIDDLE = 6, (0.3, 0.7)


def type_of_line(line: Line, *, ocr: bool) -> str | None:
    """The loại that a segment of the line names, alone and in capitals; None where there is none."""
    for segment in line.segments:
        text = segment.text.strip(" :.*-_~'\"|")
        words = [w for w in text.split() if len(letters(w)) > 1 or w.isupper()]
        without_first = " ".join(words[1:]) if words and len(words[0]) == 1 else ""
        for candidate in (text, " ".join(words), without_first):
            name = _type_named(candidate, segment, ocr)
            if name:
                return name
    return None


def _type_named(candidate: str, segment: Segment, ocr: bool) -> str | None:
    if not cues.is_mostly_capitals(candidate) or len(candidate) > _MAX_HEADING:
        return None
    key = letters(candidate)
    name = cues.heading_types().get(key)
    if name is None and ocr and len(key) >= _MIN_SLIP_LETTERS and _MIDDLE[0] < segment.centre < _MIDDLE[1]:
        near = [n for k, n in cues.heading_types().items() if Levenshtein.distance(key, k, score_cutoff=1) <= 1]
        name = near[0] if len(near) == 1 else None
    return name
