"""Regions where seals and signatures lie on print: Tesseract reads them from the page as it is, beside the line reader.

A letter that touches the ring of a seal is one piece of ink with it, so the line reader loses it ("Văn Phúc" of "Hà Văn
Phúc"). Tesseract parts ink otherwise. Words on which both agree are nearly certain; where they differ the better one
stands and is in doubt, and what only one of them saw is in doubt too.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PIL import ImageDraw

from corpus.model import Box
from ingest.ocr.covered_text import (
    TOUCHED_CONFIDENCE,
    around,
    ends_touched,
    holds,
    lines_of,
    unread_clumps,
    with_lines_joined,
    without_words,
)
from ingest.ocr.engine import OcrPage
from ingest.ocr.second_look import DPI
from ingest.ocr.witnesses import AGREEMENT, DISPUTED, bare, same
from ingest.page import Witness, Word
from ingest.syllables import is_syllable

if TYPE_CHECKING:
    from PIL.Image import Image

#: The names of the two readers, the page's own first.
READERS = ("reader", "tesseract")
#: Regions read on one page at most, the largest: a page of many pictures is no page of seals.
MOST_REGIONS = 4
_MM_PER_INCH = 25.4
# From a clump of ink as it is found, in millimetres to each side, above, and below: what is settled anew.
_ZONE_MM = (5.0, 11.0, 1.0)
# Tesseract is shown this much more on each side, without the words there: it wants paper around print.
_PAPER_MM = 4.0
# Words seen by one reader alone have this confidence at most; such of the line reader with less than _STROKES are
# strokes of a pen or of the seal.
_STROKES, _ALONE = 0.5, 0.55
# Words of Tesseract alone with less confidence are strokes too, or, in a line of others that are none, _FAINT.
_SEEN, _FAINT = 0.6, 0.3
# How much a reading that can be spoken is preferred to one that cannot, in confidence.
_SENSE = 0.5
# Words of a name at most.
_LONGEST_NAME = 5
# Pictures are made smaller from this many times the resolution on.
_SHRUNK = 1.2


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page, in fractions. zone: where words are settled anew; shown: what Tesseract is given."""

    zone: Box
    shown: Box

    def settles(self, box: Box) -> bool:
        """Whether the word in *box* is settled here: a word that reaches out of what is shown would be cut off."""
        return holds(self.zone, box) and self.shown[0] <= box[0] and box[2] <= self.shown[2]

    def picture(self, page: Image, words: Sequence[Word], dpi: int) -> Image:
        """What Tesseract is given: that part of *page* without those of its *words* that are not settled here, with at
        most :data:`ingest.ocr.second_look.DPI` dots an inch."""
        x0, y0, x1, y1 = self.shown
        width, height = page.size
        left, top = int(x0 * width), int(y0 * height)
        picture = page.crop((left, top, round(x1 * width), round(y1 * height)))
        pen = ImageDraw.Draw(picture)
        for word in words:
            if _overlap(word.box, self.shown) and not self.settles(word.box):
                a, b, c, d = word.box
                pen.rectangle((a * width - left, b * height - top, c * width - left, d * height - top), fill=255)
        if dpi <= _SHRUNK * DPI:
            return picture
        size = (max(1, picture.width * DPI // dpi), max(1, picture.height * DPI // dpi))
        return picture.resize(size)


def regions(image: Image, page: OcrPage, dpi: int) -> list[Region]:
    """The regions of *page* (read on *image*) with much ink that is no word, the largest first."""
    clumps = unread_clumps(without_words(image, page.words), page.words, dpi)
    clumps = sorted(_united(clumps), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), reverse=True)
    per_mm = (dpi / _MM_PER_INCH / image.width, dpi / _MM_PER_INCH / image.height)
    zones = [_grown(box, _ZONE_MM, per_mm) for box in clumps[:MOST_REGIONS]]
    return [Region(zone, _grown(zone, (_PAPER_MM, _PAPER_MM, _PAPER_MM), per_mm)) for zone in zones]


def _grown(box: Box, margins: tuple[float, float, float], per_mm: tuple[float, float]) -> Box:
    beside, above, below = margins
    x, y = per_mm
    return (
        max(0.0, box[0] - beside * x),
        max(0.0, box[1] - above * y),
        min(1.0, box[2] + beside * x),
        min(1.0, box[3] + below * y),
    )


def _united(boxes: Sequence[Box]) -> list[Box]:
    """*boxes* with those that overlap made one."""
    found: list[Box] = []
    for box in boxes:
        while True:
            other = next((b for b in found if _overlap(b, box)), None)
            if other is None:
                break
            found.remove(other)
            box = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
        found.append(box)
    return found


def _overlap(first: Box, second: Box) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def settled(page: OcrPage, region: Region, seen: OcrPage, image: Image) -> OcrPage:
    """*page* with its words in *region* settled by what Tesseract saw there: *seen*, in fractions of what was shown.

    image: the page.
    """
    rows = lines_of(page)
    ours = [[word for word in row if region.settles(word.box)] for row in rows]
    theirs = [[w for w in _on_page(line, region.shown) if holds(region.zone, w.box)] for line in lines_of(seen)]
    groups = _groups([word for row in ours for word in row], theirs)
    instead: dict[int, list[Word]] = {
        id(word): [_alone(word)] if word.confidence >= _STROKES else [] for row in ours for word in row
    }
    row_of = {id(word): n for n, row in enumerate(ours) for word in row}
    row_of_line: dict[int, int] = {}
    for group in groups:
        for at, word in enumerate(group.ours):
            instead[id(word)] = group.words() if at == 0 else []
        row_of_line |= {line: row_of[id(group.ours[0])] for line in group.lines}
    parted = {line for group in groups if group.is_two_lines() for line in group.lines}
    for number in parted:
        instead |= {id(word): [] for word in ours[row_of_line[number]]}
    kept = [[new for word in row for new in instead.get(id(word), [word])] for row in rows]
    matched = {id(word) for group in groups for word in group.theirs}
    added: list[list[Word]] = []
    for number, line in enumerate(theirs):
        if number in parted:
            added.append([_alone(word) for word in line if len(bare(word.text)) > 1])
            continue
        extra = [word for word in line if id(word) not in matched and _is_print(word)]
        if number in row_of_line:
            at = row_of_line[number]
            kept[at] = sorted([*kept[at], *map(_alone, extra)], key=lambda w: w.box[0])
        elif len(extra) > 1:  # a line that the line reader did not find at all
            added.append([word for word in line if word.confidence >= _FAINT])
        else:
            added.append([_alone(word) for word in extra])
    done = _by_height([row for row in kept if row], [row for row in added if row])
    return with_lines_joined(page, [_doubted_where_touched(row, region, image) for row in done])


def _doubted_where_touched(row: list[Word], region: Region, image: Image) -> list[Word]:
    """*row*, in doubt where it may be a name with ink at an end, where both readers may have lost a syllable."""
    is_name = 1 < len(row) <= _LONGEST_NAME and all(word.text[:1].isupper() for word in row[1:])  # "yễn Thị Hồng"
    if not is_name or not all(holds(region.zone, word.box) for word in row) or not ends_touched(image, row):
        return row
    return [replace(word, confidence=min(word.confidence, TOUCHED_CONFIDENCE)) for word in row]


@dataclass(slots=True)
class _Group:
    """Words of both readers at one place."""

    ours: list[Word]
    theirs: list[Word]
    #: The lines of Tesseract's words, by number.
    lines: set[int]

    def is_two_lines(self) -> bool:
        """Whether the line reader ran two lines into one: Tesseract's words are above each other, and print."""
        if len(self.lines) < 2:
            return False
        pairs = itertools.combinations([word for word in self.theirs if len(bare(word.text)) > 2], 2)
        return any(_across(a.box, b.box) > 0.5 * min(a.box[2] - a.box[0], b.box[2] - b.box[0]) for a, b in pairs)

    def words(self) -> list[Word]:
        """What is believed of the place."""
        ours, theirs = (" ".join(word.text for word in words) for words in (self.ours, self.theirs))
        ours_sure, theirs_sure = (min(word.confidence for word in words) for words in (self.ours, self.theirs))
        agree = same(ours.replace(" ", ""), theirs.replace(" ", ""))
        if agree:
            chosen, confidence = self.ours, 1 - (1 - max(ours_sure, theirs_sure)) * AGREEMENT
        else:
            better = _SENSE * _sense(self.ours) + ours_sure >= _SENSE * _sense(self.theirs) + theirs_sure
            chosen = self.ours if better else self.theirs
            confidence = min(DISPUTED, max(ours_sure, theirs_sure))
        witnesses = (Witness(READERS[0], ours, round(ours_sure, 4)), Witness(READERS[1], theirs, round(theirs_sure, 4)))
        return [replace(word, confidence=confidence, witnesses=witnesses) for word in chosen]


def _sense(words: Sequence[Word]) -> float:
    """The share of letters in words that can be spoken, or are capitals or figures as a whole."""
    texts = [bare(word.text) for word in words]
    good = sum(len(t) for t in texts if is_syllable(t) or t.isdigit() or (t.isupper() and len(t) > 1))
    return good / max(1, sum(map(len, texts)))


def _groups(ours: Sequence[Word], theirs: Sequence[Sequence[Word]]) -> list[_Group]:
    """Words of the two readers that stand at one place, together. theirs: by lines."""
    groups: list[_Group] = []
    for number, line in enumerate(theirs):
        for word in line:
            covered = [own for own in ours if _at_one_place(own.box, word.box)]
            if not covered:
                continue
            merged = _Group(covered, [word], {number})
            for group in [g for g in groups if any(own is mine for own in covered for mine in g.ours)]:
                groups.remove(group)
                merged.ours += [own for own in group.ours if not any(own is mine for mine in merged.ours)]
                merged.theirs += group.theirs
                merged.lines |= group.lines
            for part in (merged.ours, merged.theirs):
                part.sort(key=lambda w: w.box[0])
            groups.append(merged)
    return groups


def _at_one_place(first: Box, second: Box) -> bool:
    down = min(first[3], second[3]) - max(first[1], second[1])
    narrow, low = min(first[2] - first[0], second[2] - second[0]), min(first[3] - first[1], second[3] - second[1])
    return _across(first, second) > 0.5 * narrow and down > 0.4 * low


def _across(first: Box, second: Box) -> float:
    """How much of the width two boxes share."""
    return min(first[2], second[2]) - max(first[0], second[0])


def _is_print(word: Word) -> bool:
    """Whether what Tesseract alone saw is print and no stroke: something that can be said, seen with confidence."""
    text = bare(word.text)
    return len(text) > 1 and word.confidence >= _SEEN and _sense([word]) == 1


def _alone(word: Word) -> Word:
    return replace(word, confidence=min(word.confidence, _ALONE))


def _on_page(line: Sequence[Word], shown: Box) -> list[Word]:
    """*line* with boxes in fractions of the page instead of what was shown of it."""
    x0, y0, x1, y1 = shown
    wide, high = x1 - x0, y1 - y0
    return [
        replace(w, box=(x0 + w.box[0] * wide, y0 + w.box[1] * high, x0 + w.box[2] * wide, y0 + w.box[3] * high))
        for w in line
    ]


def _by_height(rows: list[list[Word]], added: Sequence[list[Word]]) -> list[list[Word]]:
    """*rows* with the *added* ones behind the last that begins above them."""
    for row in added:
        box = around(row)
        above = [n for n, other in enumerate(rows) if other[0].box[1] < (box[1] + box[3]) / 2]
        rows.insert(above[-1] + 1 if above else 0, row)
    return rows
