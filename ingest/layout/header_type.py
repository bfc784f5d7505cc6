"""The type of a document as its heading prints it: ô 5a of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

from corpus.fold import fold, letters, squeeze
from corpus.tables import rows
from ingest.data import DATA
from ingest.layout import cues
from ingest.layout.lines import Line, Segment

#: Characters of the longest heading that is a type alone, and of one with more on its line.
_MAX_HEADING, _MAX_LONG_HEADING = 30, 90
#: Letters from which one slip of OCR is allowed, and where such a heading must stand: in the middle of the page.
_MIN_SLIP_LETTERS, _MIDDLE = 6, (0.3, 0.7)
#: Words of the longest type that stands in no table; of a longer heading the first words are its type.
_MAX_TYPE_WORDS, _TYPE_WORDS = 4, 3
#: What may stand around a heading.
_EDGE = " :.*-_~'\"|"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names the type of a document."""

    #: As in the table of types; as printed, in sentence case, where it is not in the table.
    doc_type: str
    segment: Segment
    #: What follows the type on its line ("HỌP", "CỦA ỦY BAN NHÂN DÂN TỈNH", "TIẾP CÔNG DÂN").
    rest: str = ""
    #: Whether the type is in the table.
    listed: bool = True
    #: Whether the heading is the title too ("LỊCH CÔNG TÁC TUẦN 24").
    in_title: bool = False


def type_of_line(line: Line, *, ocr: bool) -> str | None:
    """The loại that a segment of the line names, alone and in capitals; None where there is none."""
    heading = _plain_heading(line, ocr=ocr)
    return heading.doc_type if heading else None


def heading_of_line(line: Line, *, ocr: bool) -> Heading | None:
    """The heading on a line below the columns: a loại of the table, alone or with more behind it."""
    return _plain_heading(line, ocr=ocr) or _qualified_heading(line, ocr=ocr)


def unlisted_heading(line: Line) -> Heading | None:
    """The heading on a line below the columns whose type is in no table: kept as printed."""
    for segment in line.segments:
        text = squeeze(segment.text).strip(_EDGE)
        words = text.split()
        if not _may_be_heading(text, segment) or len(words) < 2:
            continue
        folded = fold(text)
        row = next((r for r in _heading_words() if folded.startswith(r[0] + " ")), None)
        if row:
            named = words if len(words) <= _MAX_TYPE_WORDS else words[:_TYPE_WORDS]
            return Heading(" ".join(named).capitalize(), segment, listed=False, in_title=row[1])
    return None


@cache
def _heading_words() -> tuple[tuple[str, bool], ...]:
    return tuple((r["word"], r["in_title"] == "1") for r in rows("heading_words", DATA))


def _plain_heading(line: Line, *, ocr: bool) -> Heading | None:
    for segment in line.segments:
        text = segment.text.strip(_EDGE)
        words = [w for w in text.split() if len(letters(w)) > 1 or w.isupper()]
        without_first = " ".join(words[1:]) if words and len(words[0]) == 1 else ""
        for candidate in (text, " ".join(words), without_first):
            name = _type_named(candidate, segment, ocr) if len(candidate) <= _MAX_HEADING else None
            if name:
                return Heading(name, segment)
    return None


def _qualified_heading(line: Line, *, ocr: bool) -> Heading | None:
    """A loại with more behind it on its line, in capitals and in the middle of the page."""
    for segment in line.segments:
        text = squeeze(segment.text).strip(_EDGE)
        if not _may_be_heading(text, segment):
            continue
        words = text.split()
        for count in range(min(4, len(words) - 1), 0, -1):
            name = _type_named(" ".join(words[:count]), segment, ocr)
            if name:
                return Heading(name, segment, " ".join(words[count:]))
    return None


def _may_be_heading(text: str, segment: Segment) -> bool:
    return (
        cues.is_mostly_capitals(text)
        and len(text) <= _MAX_LONG_HEADING
        and text[:1].isalpha()
        and _MIDDLE[0] < segment.centre < _MIDDLE[1]
    )


def _type_named(candidate: str, segment: Segment, ocr: bool) -> str | None:
    if not cues.is_mostly_capitals(candidate):
        return None
    key = letters(candidate)
    name = cues.heading_types().get(key)
    if name is None and ocr and len(key) >= _MIN_SLIP_LETTERS and _MIDDLE[0] < segment.centre < _MIDDLE[1]:
        near = [n for k, n in cues.heading_types().items() if Levenshtein.distance(key, k, score_cutoff=1) <= 1]
        name = near[0] if len(near) == 1 else None
    return name
