"""Legacy encodings in the text layer of a PDF page: runs of one font, each judged and converted by itself."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from ingest.formats.legacy_encodings import LETTER_SIGNS
from ingest.formats.legacy_stretches import Run, encodings_of, in_unicode

_FONT_NAME_BYTES = 128


@dataclass(slots=True)
class LegacyRuns:
    """The runs of a page's characters, in pdfium's order."""

    #: The index of each run's first character.
    starts: list[int]
    #: Text and font of each run.
    runs: list[Run]
    #: The encoding of each run, "" for Unicode.
    encodings: list[str]

    @property
    def used(self) -> list[str]:
        """The encodings that are converted, sorted."""
        return sorted({encoding for encoding in self.encodings if encoding})

    def text(self) -> str:
        """The page's text in Unicode, not yet normalised."""
        return "".join(self._converted(text, index) for index, (text, _) in enumerate(self.runs))

    def word(self, word: str, at: int) -> str:
        """*word*, which begins at character *at*, in Unicode."""
        return self._converted(word, bisect_right(self.starts, at) - 1)

    def _converted(self, text: str, index: int) -> str:
        encoding = self.encodings[index] if index >= 0 else ""
        return in_unicode(text, self.runs[index][1], encoding) if encoding else text


def legacy_runs(textpage: Any, text: str) -> LegacyRuns | None:
    """The runs of a pdfium text page whose text is *text*; None where no line of it is in a legacy encoding."""
    if not any(encodings_of([(line, "") for line in text.splitlines()])):
        return None
    starts, runs = [], []
    for start, run in _runs(textpage):
        starts.append(start)
        runs.append(run)
    found = LegacyRuns(starts, runs, encodings_of(runs))
    return found if found.used else None


def _runs(textpage: Any) -> Iterator[tuple[int, Run]]:
    """(index of the first character, run): runs of one font within one line, in reading order."""
    text, font, start = "", "", 0
    for at in range(textpage.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(textpage, at))
        # Spaces do not end a run, and pdfium inserts some that have no font; nor do signs of a font of symbols that
        # stand for letters.
        char_font = font if char.isspace() or char in LETTER_SIGNS else _font(textpage, at)
        if text and (char_font != font or text.endswith("\n")):
            yield start, (text, font)
            text, start = "", at
        font = char_font
        text += char
    if text:
        yield start, (text, font)


def _font(textpage: Any, at: int) -> str:
    """The font name of the character at *at*, "" where there is none."""
    buffer = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(textpage, at, buffer, _FONT_NAME_BYTES, flags)
    return buffer.value.decode("utf-8", "replace") if length else ""
