"""Text that lies on its side on a PDF page: pdfium breaks lines within words ("Nhi / ệm v / ụ"); they are joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as raw

from ingest.page import Word

#: A line break right between two characters.
_BREAK = re.compile(r"(?<=\S)\r?\n(?=\S)")
#: Share of a character's size by which two may stand apart that belong to one word, and that they must overlap across.
_APART, _OVERLAP = 0.12, 0.6


def without_breaks(textpage: Any, text: str) -> str:
    """*text*, the whole text of *textpage*, without line breaks between two characters that touch on one line."""
    if not text.isascii() and max(text) > "\uffff":
        return text  # pdfium counts in units of UTF-16, and such text is rare
    kept, at = [], 0
    for found in _BREAK.finditer(text):
        before = _box(textpage, found.start() - 1)
        after = _box(textpage, found.end())
        if before and after and _touch(before, after):
            kept.append(text[at : found.start()])
            at = found.end()
    return "".join([*kept, text[at:]])


def _box(textpage: Any, at: int) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of a character with the room that it takes on its line."""
    rect = raw.FS_RECTF()
    index = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, at)
    if index < 0 or not raw.FPDFText_GetLooseCharBox(textpage.raw, index, rect):
        return None
    return rect.left, rect.bottom, rect.right, rect.top


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Whether two characters stand one above the other without white space between."""
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    apart = max(a[1], b[1]) - min(a[3], b[3])
    size = min(a[2] - a[0], b[2] - b[0])
    return size > 0 and overlap >= _OVERLAP * size and apart <= _APART * size


def whole_words(words: Sequence[Word]) -> list[Word]:
    """*words* in which pieces that follow one another without a gap in the text are one."""
    out: list[Word] = []
    for word in words:
        if out and out[-1].end == word.start:
            before = out[-1]
            box = (
                min(before.box[0], word.box[0]),
                min(before.box[1], word.box[1]),
                max(before.box[2], word.box[2]),
                max(before.box[3], word.box[3]),
            )
            out[-1] = Word(before.text + word.text, box, 1.0, before.start, word.end)
        else:
            out.append(word)
    return out
