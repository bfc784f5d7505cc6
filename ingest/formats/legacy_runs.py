"""Which runs of a word processor's file are in a legacy encoding: told by font where one is named, else by content."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats.legacy_encodings import convert, convert_font, detect
from ingest.syllables import quality

#: Text and the name of its font, "" where the file does not say.
Run = tuple[str, str]

#: Text with a larger share of valid syllables is Vietnamese as it stands.
_GOOD = 0.9


def font_encoding(font: str) -> str:
    """``tcvn3``, ``vni`` or "" for the encoding a font's name tells."""
    name = font.lower()
    return "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni") else ""


def paragraph_texts(paragraphs: Sequence[Sequence[Run]]) -> tuple[list[str], list[str]]:
    """The paragraphs' texts in Unicode, and the encodings that were converted.

    Decided for a file as a whole, for a short paragraph proves nothing ("Sè" is a syllable, and means "Số"). A font's
    name is believed only when what it sets is no good Vietnamese as it stands: templates name ``.VnTime`` and hold
    Unicode.
    """
    told = " ".join(text for runs in paragraphs for text, font in runs if font_encoding(font))
    untold = "\n".join("".join(text for text, font in runs if not font_encoding(font)) for runs in paragraphs)
    by_font = bool(told) and quality(told).validity < _GOOD
    found = detect(untold)
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
    """Neighbours of one font as one run: a VNI letter and its mark may stand in two. Spaces belong to either side."""
    joined: list[Run] = []
    for text, font in runs:
        if joined and (joined[-1][1] == font or not text.strip()):
            joined[-1] = (joined[-1][0] + text, joined[-1][1])
        else:
            joined.append((text, font))
    return joined
