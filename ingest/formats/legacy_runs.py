"""Finds the runs of a word processor's file that are in a legacy encoding: by the font's name, else by content."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats.legacy_encodings import convert, convert_font, detect
from ingest.syllables import quality

#: Text and the name of its font; "" where the file names none.
Run = tuple[str, str]

#: Text with a larger share of valid syllables is Vietnamese as it is.
_GOOD = 0.9


def font_encoding(font: str) -> str:
    """The encoding a font's name implies: ``tcvn3``, ``vni`` or ""."""
    name = font.lower()
    return "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni") else ""


def paragraph_texts(paragraphs: Sequence[Sequence[Run]]) -> tuple[list[str], list[str]]:
    """The paragraphs' texts in Unicode, and the encodings that were converted.

    The decision is made for the file as a whole, since a short paragraph proves nothing ("Sè" is a syllable, and means
    "Số"). A font's name counts only where the text set in it is not good Vietnamese as it is: some templates name
    ``.VnTime`` and contain Unicode.
    """
    in_legacy_fonts = " ".join(text for runs in paragraphs for text, font in runs if font_encoding(font))
    others = "\n".join("".join(text for text, font in runs if not font_encoding(font)) for runs in paragraphs)
    by_font = bool(in_legacy_fonts) and quality(in_legacy_fonts).validity < _GOOD
    found = detect(others)
    encoding = found[0] if found else ""
    used: set[str] = set()
    texts = []
    for runs in paragraphs:
        parts = []
        for text, font in _joined(runs):
            own = font_encoding(font)
            if own and by_font:
                used.add(own)
                text = convert_font(text, font) or text
            elif encoding and not own:
                counted = quality(text)
                if counted.validity <= _GOOD or counted.marking <= 0.2 or counted.judged < 4:
                    used.add(encoding)
                    text = convert(text, encoding)
            parts.append(text)
        texts.append("".join(parts))
    return texts, sorted(used)


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbouring runs of one font as one: a VNI letter and its mark may be in two. Spaces join either side."""
    joined: list[Run] = []
    for text, font in runs:
        if joined and (joined[-1][1] == font or not text.strip()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, font))
    return joined
