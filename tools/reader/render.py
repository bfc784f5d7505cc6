"""Draws one line of text as clean ink, with what stands around it on a page: lines above and below, rules, leaders.

The picture is a float array of ink, 0 (none) to 1 (full); :mod:`tools.reader.scan` makes a scan of it.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tools.reader.fonts import Typeface, drawn, loaded

#: A picture (H, W) of ink as floats, 0 (none) to 1 (full).
Ink = NDArray[Any]

_SHAPES = frozenset("\u0302\u0306\u031b")  # circumflex, breve, horn: part of the letter
_ABOVE = frozenset("\u0300\u0301\u0303\u0309")  # tones written over the letter


@dataclass(slots=True)
class Line:
    """A drawn line. ink: (H, W), 0 to 1. box: left, top, right, bottom of the text's own ink in pixels.

    baseline: row on which letters stand. em: font size in pixels.
    """

    text: str
    ink: Ink
    box: tuple[int, int, int, int]
    baseline: int
    em: float


@dataclass(slots=True)
class _Style:
    """How the letters of a line are set. spacing: pixels added after each letter; gap: factor of the space's width.

    tones: None, or where the tone of a letter with two marks goes: right and up of its usual place, in ems.
    """

    em: int
    spacing: float
    gap: float
    tones: tuple[float, float] | None


def draw_line(text: str, faces: Sequence[Typeface], chance: random.Random) -> Line | None:
    """*text* set in a random font, size and spacing; None where nothing visible came out."""
    face = drawn(faces, chance)
    if face.lacks:
        text = "".join(c for c in text if c not in face.lacks).strip() or "số"
    style = _style(chance)
    words = [(word, _face_of_word(face, faces, chance)) for word in text.split(" ")]
    placed, width = _placed(words, style)
    pad = style.em
    size = (round(width) + 2 * pad, round(style.em * 3.2))
    baseline = round(style.em * 1.9)
    picture = Image.new("L", size, 0)
    pen = ImageDraw.Draw(picture)
    for x, part, path in placed:
        _put(pen, pad + x, baseline, part, loaded(path, style.em), style)
    ink = np.asarray(picture)
    rows, columns = np.where(ink.max(1) > 100)[0], np.where(ink.max(0) > 100)[0]
    if not len(rows):
        return None
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    _surround(pen, text, box, baseline, loaded(face.path, style.em), chance)
    return Line(text, np.asarray(picture, dtype=np.float32) / 255, box, baseline, style.em)


def _style(chance: random.Random) -> _Style:
    em = round(chance.triangular(18, 60, 34))
    spacing = chance.uniform(-0.04, 0.12) * em if chance.random() < 0.15 else 0.0
    gap = chance.choice([0.8, 1.0, 1.3, 1.8, 2.5, 3.5]) if chance.random() < 0.35 else 1.0
    tones = (chance.uniform(-0.04, 0.22), chance.uniform(-0.05, 0.12)) if chance.random() < 0.35 else None
    return _Style(em, spacing, gap, tones)


def _face_of_word(face: Typeface, faces: Sequence[Typeface], chance: random.Random) -> Path:
    """Mostly the line's font; now and then a word in another style of the same family."""
    if chance.random() > 0.03:
        return face.path
    family = face.path.name.split("-")[0]
    return chance.choice([f.path for f in faces if f.path.name.startswith(family) and not f.lacks] or [face.path])


def _placed(words: Sequence[tuple[str, Path]], style: _Style) -> tuple[list[tuple[float, str, Path]], float]:
    """Left edges of the pieces drawn at once (words, or letters where they are set apart), and the whole width."""
    pieces: list[tuple[float, str, Path]] = []
    at = 0.0
    for word, path in words:
        font = loaded(path, style.em)
        if style.spacing or style.tones:
            for letter in word:
                pieces.append((at, letter, path))
                at += font.getlength(letter) + style.spacing
        else:
            pieces.append((at, word, path))
            at += font.getlength(word)
        at += font.getlength(" ") * style.gap + style.spacing
    return pieces, at


def _put(pen: ImageDraw.ImageDraw, x: float, y: int, part: str, font: ImageFont.FreeTypeFont, style: _Style) -> None:
    marks = unicodedata.normalize("NFD", part)[1:] if style.tones and len(part) == 1 else ""
    tone = next((m for m in marks if m in _ABOVE), "")
    if len(marks) != 2 or not tone or not set(marks) & _SHAPES:
        pen.text((x, y), part, font=font, fill=255, anchor="ls")
        return
    letter = unicodedata.normalize("NFC", unicodedata.normalize("NFD", part).replace(tone, ""))
    pen.text((x, y), letter, font=font, fill=255, anchor="ls")
    left, top, right, _ = font.getbbox(letter, anchor="ls")
    mark_left, _, mark_right, mark_bottom = font.getbbox(tone, anchor="ls")
    assert style.tones is not None
    aside, up = (share * style.em for share in style.tones)
    mark_x = x + (left + right) / 2 + aside - (mark_left + mark_right) / 2
    pen.text((mark_x, y + top - up - mark_bottom + 0.06 * style.em), tone, font=font, fill=255, anchor="ls")


def _surround(
    pen: ImageDraw.ImageDraw,
    text: str,
    box: tuple[int, int, int, int],
    baseline: int,
    font: ImageFont.FreeTypeFont,
    chance: random.Random,
) -> None:
    """Draw what may stand near a line: the lines above and below, an underline, table rules, dots up to an edge."""
    left, top, right, bottom = box
    em = int(font.size)
    width = max(1, em // 18)
    if chance.random() < 0.07:
        y = baseline + round(em * chance.uniform(0.1, 0.24))
        start = left + chance.randint(0, max(1, (right - left) // 2))
        pen.line((start, y, right - chance.randint(0, max(1, (right - start) // 2)), y), fill=255, width=width)
    if chance.random() < 0.6:
        leading = em * chance.uniform(1.08, 1.7)
        for side in (-1, 1):
            if chance.random() < 0.7:
                words = text.split(" ")
                chance.shuffle(words)
                x = left + chance.randint(-3 * em, 2 * em)
                pen.text((x, baseline + side * leading), " ".join(words), font=font, fill=255, anchor="ls")
    if chance.random() < 0.06:  # rules of a table
        rule = chance.choice([top - em * chance.uniform(0.05, 0.4), bottom + em * chance.uniform(0.05, 0.4)])
        pen.line((0, rule, right + em, rule), fill=255, width=chance.choice([1, 2, 3]))
    if chance.random() < 0.06:
        for edge in (left - em * chance.uniform(0.1, 0.5), right + em * chance.uniform(0.1, 0.5)):
            if chance.random() < 0.6:
                pen.line((edge, top - 2 * em, edge, bottom + 2 * em), fill=255, width=chance.choice([1, 2, 3]))
