"""Fonts for synthetic lines: which of those installed have every letter, and how often each is drawn.

Many fonts lack Vietnamese letters (Debian's Liberation Serif lacks 92 of them), so each is checked letter by letter.
Offices write in Times New Roman; its free look-alikes come first, see ``data/fonts.tsv``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

from corpus.tables import rows
from tools.reader.alphabet import CHARACTERS
from tools.reader.texts import DATA

#: Where Debian's packages put fonts.
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts"))
#: Signs that a font may lack: lines set in it do without them.
OPTIONAL = frozenset("½²³≤≥→•Ø€°±×~{}|_")
NEEDED = frozenset(CHARACTERS) - OPTIONAL


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file with all needed letters. weight: how often it is drawn. lacks: optional signs that it has not."""

    path: Path
    weight: float
    lacks: frozenset[str]


def missing(path: Path) -> frozenset[str]:
    """The characters of the reader's alphabet that the font at *path* has no glyph for. Raises TTLibError, OSError."""
    with TTFont(path, lazy=True, fontNumber=0) as font:
        glyphs = font.getBestCmap() or {}
    return frozenset(c for c in CHARACTERS if ord(c) not in glyphs)


def typefaces(folders: Iterable[Path] = FOLDERS) -> list[Typeface]:
    """Every installed font with all needed letters that ``data/fonts.tsv`` gives a weight, sorted by path."""
    table = [(re.compile(r["file"]), float(r["weight"])) for r in rows("fonts", DATA)]
    found = []
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in {".ttf", ".otf"}):
        weight = next((w for pattern, w in table if pattern.match(path.name)), 0.0)
        if not weight:
            continue
        try:
            lacks = missing(path)
        except (TTLibError, OSError):
            continue
        if not lacks & NEEDED:
            found.append(Typeface(path, weight, lacks))
    return found


@lru_cache(maxsize=800)
def loaded(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """The font at *path*, *size* pixels an em, without ligatures and kerning (they need libraqm)."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def drawn(faces: Sequence[Typeface], chance: random.Random) -> Typeface:
    """One of *faces*, by weight."""
    return chance.choices(faces, [face.weight for face in faces])[0]
