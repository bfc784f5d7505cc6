"""Lines of born-digital pages, drawn as they were printed: real Times New Roman, justified text, real tables.

The text layer says what stands on a line and where; the page's picture is the line's clean ink. A document whose pages
are scans has no text layer and gives nothing.
"""

from __future__ import annotations

import ctypes
import pickle
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from tools.reader.alphabet import readable
from tools.reader.render import Line

DPI = 200
#: Words this many ems apart are in two columns, hence two lines.
_COLUMN_GAP = 2.2


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word with its left and right edge in pixels of its line's picture."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page. png: its picture with about a line's height of what stands above and below.

    top, bottom: rows between which its own letters' boxes lie. baseline: the row they stand on. em: font size in
    pixels.
    """

    words: tuple[PrintedWord, ...]
    png: bytes
    top: int
    bottom: int
    baseline: int
    em: float


@dataclass(slots=True)
class _Character:
    """left, right: of its advance, in points. bottom, top: of its ink."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    baseline: float
    em: float


def printed_lines(files: Iterable[Path], most_pages: int = 40) -> Iterator[PrintedLine]:
    """The lines of up to *most_pages* pages of each PDF in *files*, spread over it, in reading order."""
    for file in files:
        with pypdfium2.PdfDocument(file) as document:
            step = max(1, -(-len(document) // most_pages))
            for number in range(0, len(document), step):
                page = document[number]
                yield from _lines_of(page)
                page.close()


def _lines_of(page: Any) -> Iterator[PrintedLine]:
    scale = DPI / 72
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    grey = picture[:, :, 0] if picture.ndim == 3 else picture
    if page.get_rotation():
        return
    height = page.get_height()
    for characters in _grouped(_characters(page)):
        words = _words(characters)
        text = " ".join(word for word, _ in words)
        if not text or readable(text) != text:
            continue  # a sign outside the alphabet, or a broken letter map
        baseline = (height - median(c.baseline for c in characters)) * scale
        em = median(c.em for c in characters) * scale
        top, bottom = (
            (height - max(c.top for c in characters)) * scale,
            (height - min(c.bottom for c in characters)) * scale,
        )
        upper, lower = max(0, round(baseline - 1.7 * em)), min(grey.shape[0], round(baseline + 0.9 * em))
        start = max(0, round(characters[0].left * scale - em))
        end = min(grey.shape[1], round(characters[-1].right * scale + em))
        if em < 12 or end - start < 12 or not upper < top < bottom < lower:
            continue
        png = cv2.imencode(".png", grey[upper:lower, start:end])[1].tobytes()
        placed = tuple(PrintedWord(w, cs[0].left * scale - start, cs[-1].right * scale - start) for w, cs in words)
        yield PrintedLine(placed, png, round(top) - upper, round(bottom) - upper, round(baseline) - upper, em)


def _characters(page: Any) -> Iterator[_Character]:
    textpage = page.get_textpage()
    raw = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    for at in range(textpage.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(raw, at))
        if pdfium.FPDFText_IsGenerated(raw, at) == 1 or character.isspace():
            continue
        left, _, right, _ = textpage.get_charbox(at, loose=True)
        _, bottom, _, top = textpage.get_charbox(at)
        pdfium.FPDFText_GetCharOrigin(raw, at, x, y)
        pdfium.FPDFText_GetMatrix(raw, at, matrix)
        if abs(matrix.b) > 0.05 * abs(matrix.a):
            continue  # turned text
        em = pdfium.FPDFText_GetFontSize(raw, at) * abs(matrix.d)
        yield _Character(character, left, right, bottom, top, y.value, em)


def _grouped(characters: Iterable[_Character]) -> Iterator[list[_Character]]:
    """Characters of one baseline without a gap as wide as between columns, from left to right."""
    rows: dict[int, list[_Character]] = {}
    for character in characters:
        if character.em > 4:
            rows.setdefault(round(character.baseline * 2), []).append(character)
    for _, row in sorted(rows.items(), reverse=True):
        row.sort(key=lambda c: c.left)
        group: list[_Character] = []
        for character in row:
            if group and character.left - group[-1].right > _COLUMN_GAP * character.em:
                yield group
                group = []
            group.append(character)
        yield group


def _words(characters: list[_Character]) -> list[tuple[str, list[_Character]]]:
    words: list[list[_Character]] = [[]]
    for character in characters:
        if words[-1] and character.left - words[-1][-1].right > 0.12 * character.em:
            words.append([])
        words[-1].append(character)
    return [("".join(c.text for c in word), word) for word in words if word]


def save(lines: Iterable[PrintedLine], path: Path) -> int:
    """Write *lines* to *path*; how many they were."""
    kept = [(line.words, line.png, line.top, line.bottom, line.baseline, line.em) for line in lines]
    packed = [([(w.text, w.left, w.right) for w in words], *rest) for words, *rest in kept]
    path.write_bytes(pickle.dumps(packed))
    return len(packed)


def load(path: Path) -> list[PrintedLine]:
    """What :func:`save` wrote; only for files of one's own making (they are pickles)."""
    packed = pickle.loads(path.read_bytes())
    return [PrintedLine(tuple(PrintedWord(*w) for w in words), *rest) for words, *rest in packed]


def cut(line: PrintedLine, longest: int, chance: random.Random) -> Line:
    """A run of *line*'s words of at most about *longest* characters, as clean ink."""
    words = line.words
    start = chance.randrange(len(words)) if len(" ".join(w.text for w in words)) > longest else 0
    end, length = start + 1, len(words[start].text)
    while end < len(words) and length + 1 + len(words[end].text) <= longest:
        length += 1 + len(words[end].text)
        end += 1
    part = words[start:end]
    grey = cv2.imdecode(np.frombuffer(line.png, np.uint8), cv2.IMREAD_GRAYSCALE)
    ink = 1 - np.asarray(grey, dtype=np.float32) / 255
    first = 0 if start == 0 else round((words[start - 1].right + part[0].left) / 2)
    last = ink.shape[1] if end == len(words) else round((part[-1].right + words[end].left) / 2)
    margin = round(line.em)
    ink = np.pad(ink[:, first:last], ((0, 0), (margin, margin)))
    left, right = round(part[0].left) - first + margin, round(part[-1].right) - first + margin
    return Line(" ".join(w.text for w in part), ink, (left, line.top, right, line.bottom), line.baseline, line.em)
