"""Makes a scan of a line of clean ink: skew, pen strokes and seals over it, worn or bleeding print, and a scanner's,
fax's or telephone's view of it. The result is cropped about the line as the reader's own crops are, and less exactly.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.reader.render import Ink, Line

#: A picture (H, W) of bytes, 0 black to 255 white.
Grey = NDArray[Any]


def scanned(line: Line, chance: random.Random, noise: np.random.Generator) -> Grey:
    """A grey picture (0 black, 255 white) of *line* as a scanner might give it, of any height."""
    ink, scale = _turned_and_cropped(line, chance)
    em = line.em * scale
    ink = _worn(ink, em, chance)
    if chance.random() < 0.10:
        ink = _sealed(ink, em, chance)
    if chance.random() < 0.05:
        ink = _crossed(ink, em, chance)
    ink = _blurred(ink, max(0.25, chance.uniform(0.2, 1.25) * em / 37))
    if chance.random() < 0.35:
        ink = ink * np.clip(1 - 0.22 * np.abs(_clouds(ink.shape, chance.choice([6, 14, 30]), noise)), 0.15, 1)
    kind = chance.random()
    view = _bitonal if kind < 0.46 else _greyscale if kind < 0.80 else _photograph if kind < 0.92 else _fax
    grey = view(ink, em, chance, noise)
    if chance.random() < 0.35:
        grey = _compressed(grey, chance.randint(25, 90))
    if chance.random() < 0.25:
        grey = _resized(grey, chance.uniform(0.55, 0.9), chance)
    return grey


# --- shape -------------------------------------------------------------------------------------------------------


def _turned_and_cropped(line: Line, chance: random.Random) -> tuple[Ink, float]:
    """The line slightly askew, condensed or expanded, and cut out with the margins that crops have; and its scale."""
    left, top, right, bottom = line.box
    height, width = bottom - top, right - left
    if chance.random() < 0.6:  # as the reader crops: by the letters' size, whatever marks the line has
        upper = line.baseline - line.em * chance.uniform(0.94, 1.22)
        lower = line.baseline + line.em * chance.uniform(0.24, 0.44)
        upper, lower = min(upper, top + 0.03 * height), max(lower, bottom - 0.03 * height)
    else:
        upper, lower = top - height * chance.uniform(-0.04, 0.24), bottom + height * chance.uniform(-0.02, 0.24)
    start, end = left - height * chance.uniform(0, 0.5), right + height * chance.uniform(0, 0.5)
    slope = math.tan(math.radians(chance.gauss(0, 0.35))) if chance.random() < 0.6 else 0.0
    slope *= min(1.0, 14 * height / max(1, width))  # long lines come straightened
    shear = chance.gauss(0, 0.06) if chance.random() < 0.2 else 0.0
    stretch = chance.uniform(0.8, 1.25) if chance.random() < 0.25 else 1.0
    # Large letters are drawn smaller: a scan has no more detail, and the steps below cost by the pixel.
    scale = min(1.0, 56 / max(8.0, lower - upper))
    columns, rows = max(8, int((end - start) * stretch * scale)), max(8, int((lower - upper) * scale))
    middle = (left + right) / 2
    across = 1 / (stretch * scale)
    matrix = np.array(
        [[across, shear / scale, start - shear * (line.baseline - upper)],
         [slope * across, 1 / scale, upper + slope * (start - middle)]],
        dtype=np.float64,
    )  # fmt: skip
    source = line.ink if scale > 0.7 else cv2.GaussianBlur(line.ink, (0, 0), 0.4 / scale)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(source, matrix, (columns, rows), flags=flags)
    if chance.random() < 0.08:
        turned = _wavy(turned, line.em * scale, chance)
    return turned, scale


def _wavy(ink: Ink, em: float, chance: random.Random) -> Ink:
    """The line bent, as in a photograph of a page that does not lie flat."""
    rows, columns = ink.shape
    x = np.arange(columns, dtype=np.float32)
    bend = em * chance.uniform(0.02, 0.09) * np.sin(x / (em * chance.uniform(6, 20)) + chance.uniform(0, 6))
    grid_y = np.arange(rows, dtype=np.float32)[:, None] + bend[None].astype(np.float32)
    grid_x = np.broadcast_to(x, (rows, columns)).astype(np.float32)
    bent: Ink = cv2.remap(ink, grid_x, grid_y, cv2.INTER_LINEAR)
    return bent


# --- ink ---------------------------------------------------------------------------------------------------------


def _worn(ink: Ink, em: float, chance: random.Random) -> Ink:
    """Thin, fat, or as it is."""
    kind = chance.random()
    if kind < 0.2:
        return cv2.erode(ink, np.ones((2, 2) if em > 30 else (1, 2), np.uint8)) if em > 26 else ink * 0.85
    if kind < 0.42:
        return cv2.dilate(ink, np.ones(chance.choice([(2, 2), (1, 2), (2, 1)]), np.uint8))
    if kind < 0.45 and em > 34:
        return cv2.dilate(ink, np.ones((3, 3), np.uint8))
    return ink


def _sealed(ink: Ink, em: float, chance: random.Random) -> Ink:
    """A seal over the line: rings and letters, darkening it, or leaving gaps where its red was taken out."""
    rows, columns = ink.shape
    drawing = np.zeros((rows, columns), np.uint8)
    radius = round(em * chance.uniform(2.0, 5.0))
    centre = (chance.randint(0, columns), chance.randint(-radius // 2, rows + radius // 2))
    for ring in range(chance.randint(1, 3)):
        size = radius - round(ring * em * chance.uniform(0.2, 0.9))
        if size > 2:
            cv2.circle(drawing, centre, size, 255, max(1, round(em * chance.uniform(0.03, 0.1))), cv2.LINE_AA)
    for _ in range(chance.randint(0, 14)):
        angle, inner = chance.uniform(0, 2 * math.pi), radius - em * chance.uniform(0.4, 1.2)
        place = (round(centre[0] + inner * math.cos(angle)), round(centre[1] + inner * math.sin(angle)))
        letter = chance.choice("ABCDEGHIKLMNOPQRSTUVXY*")
        cv2.putText(drawing, letter, place, cv2.FONT_HERSHEY_SIMPLEX, em / 45, 255, max(1, round(em / 20)), cv2.LINE_AA)
    layer = drawing.astype(np.float32) / 255
    if chance.random() < 0.35:
        faded: Ink = ink * (1 - layer * chance.uniform(0.3, 0.9))
        return faded
    return np.maximum(ink, layer * chance.uniform(0.15, 0.8))


def _crossed(ink: Ink, em: float, chance: random.Random) -> Ink:
    """Strokes of a pen across the line: a signature, a tick, a correction."""
    rows, columns = ink.shape
    crossed = ink.copy()
    start = chance.randint(0, columns)
    points = [[start + chance.gauss(0, 2.5) * em, rows / 2 + chance.gauss(0, 1.0) * em] for _ in range(6)]
    curve = cv2.resize(np.array(points, np.float32), (2, 60), interpolation=cv2.INTER_CUBIC)
    thickness = max(1, round(em * chance.uniform(0.03, 0.09)))
    cv2.polylines(crossed, [curve.astype(np.int32)], False, chance.uniform(0.4, 1.0), thickness, cv2.LINE_AA)
    return crossed


def _blurred(ink: Ink, sigma: float) -> Ink:
    return cv2.GaussianBlur(ink, (0, 0), sigma)


def _clouds(shape: tuple[int, ...], size: int, noise: np.random.Generator) -> Ink:
    """Smooth noise: patches of about *size* pixels."""
    rows, columns = shape
    coarse = noise.standard_normal((max(2, rows // size), max(2, columns // size))).astype(np.float32)
    return cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)


# --- capture -----------------------------------------------------------------------------------------------------

_View = Callable[[Ink, float, random.Random, np.random.Generator], Grey]


def _bitonal(ink: Ink, em: float, chance: random.Random, noise: np.random.Generator) -> Grey:
    """Black and white, with specks, and edges roughened by the sensor's noise."""
    rough = noise.standard_normal(ink.shape).astype(np.float32) * chance.uniform(0.02, 0.16)
    if chance.random() < 0.5:
        rough = cv2.GaussianBlur(rough, (0, 0), 0.7) * 1.6
    inked = ink[ink > 0.2]
    full = float(np.percentile(inked, 90)) if inked.size else 1.0  # a scanner's threshold follows the print
    black = (ink + rough) > chance.uniform(0.24, 0.6) * full
    if chance.random() < 0.6:
        share = 10 ** chance.uniform(-4.2, -2.6)
        dirt = noise.random(ink.shape, dtype=np.float32)
        black |= dirt < share
        if chance.random() < 0.5:
            black &= dirt < 1 - 2 * share
    grey = np.where(black, 0, 255).astype(np.uint8)
    for _ in range(chance.randint(1, 6) if chance.random() < 0.25 else 0):
        rows, columns = grey.shape
        place = (chance.randint(0, columns - 1), chance.randint(0, rows - 1))
        cv2.circle(grey, place, chance.randint(1, max(1, round(em / 16))), 0, -1)
    return grey


def _greyscale(ink: Ink, em: float, chance: random.Random, noise: np.random.Generator) -> Grey:
    """Shades of grey on paper that is nearly white."""
    paper, black = chance.uniform(200, 255), chance.uniform(0, 90)
    grey = paper - (paper - black) * np.clip(ink * chance.uniform(0.8, 1.3), 0, 1)
    if chance.random() < 0.4:
        grey = grey + _clouds(ink.shape, 20, noise) * chance.uniform(1, 8)
    if chance.random() < 0.12:  # the back of the sheet shows through
        back = cv2.GaussianBlur(np.roll(ink[:, ::-1], round(em / 2), axis=0), (0, 0), 1.2)
        grey = grey - back * chance.uniform(8, 40)
    grey = grey + noise.standard_normal(ink.shape).astype(np.float32) * chance.uniform(0, 14)
    if chance.random() < 0.2:
        grey = 255 - np.clip((255 - grey) * 1.6 - 30, 0, 255)
    return np.clip(grey, 0, 255).astype(np.uint8)


def _photograph(ink: Ink, em: float, chance: random.Random, noise: np.random.Generator) -> Grey:
    """A telephone's picture: uneven light, low contrast, blur in one direction."""
    rows, columns = ink.shape
    light = np.linspace(chance.uniform(0.6, 1), chance.uniform(0.6, 1), columns, dtype=np.float32)
    down = np.linspace(1, chance.uniform(0.85, 1), rows, dtype=np.float32)
    if chance.random() < 0.5:
        length = max(2, round(em * chance.uniform(0.03, 0.1)))
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1 / length
        ink = cv2.filter2D(ink, -1, kernel if chance.random() < 0.5 else kernel.T)
    contrast = chance.uniform(0.45, 1.0)
    grey = chance.uniform(170, 250) * light[None] * down[:, None] * (1 - contrast * np.clip(ink * 1.1, 0, 1))
    grey = grey + cv2.GaussianBlur(noise.standard_normal(ink.shape).astype(np.float32), (0, 0), 0.8) * chance.uniform(
        2, 16
    )
    return np.clip(grey, 0, 255).astype(np.uint8)


def _fax(ink: Ink, em: float, chance: random.Random, noise: np.random.Generator) -> Grey:
    """204 dots an inch across and as many or half as many down, black and white, lines dropped."""
    rows, columns = ink.shape
    down = chance.choice([0.5, 0.7, 1.0])
    small = cv2.resize(ink, (max(8, round(columns * 0.9)), max(8, round(rows * down))), interpolation=cv2.INTER_AREA)
    grey = _bitonal(small, em, chance, noise)
    if chance.random() < 0.15:
        grey[chance.randrange(grey.shape[0])] = 255
    return cv2.resize(grey, (columns, rows), interpolation=chance.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR]))


def _compressed(grey: Grey, quality: int) -> Grey:
    packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _resized(grey: Grey, factor: float, chance: random.Random) -> Grey:
    size = (max(8, round(grey.shape[1] * factor)), max(8, round(grey.shape[0] * factor)))
    return cv2.resize(grey, size, interpolation=chance.choice([cv2.INTER_AREA, cv2.INTER_LINEAR]))
