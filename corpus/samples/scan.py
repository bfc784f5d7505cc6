"""Makes a scan of a sample: one picture a page at 200 dots an inch, with handwriting, seal, stamps, skew and dirt.

All random choices follow from the sample's name.
"""

from __future__ import annotations

import io
import math
import random
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from corpus.samples.sheet import LaidOut, Spot
from corpus.samples.source import MARK, Sample

DPI = 200
_SCALE = DPI / 72
_FONTS = Path("/usr/share/fonts")


@dataclass(frozen=True)
class Hand:
    """A handwriting."""

    file: Path
    #: Pixels at which its figures look like those of a pen.
    size: int
    #: How much bolder the pen is than the font.
    stroke: int = 0


#: The handwritings in Debian.
HANDS = {
    "dkg": Hand(_FONTS / "truetype/fifthhorseman/dkg.ttf", 46, 1),
    "breip": Hand(_FONTS / "truetype/breip/Breip.ttf", 52, 1),
    "ruf": Hand(_FONTS / "truetype/rufscript/Rufscript010.ttf", 50),
    "organize": Hand(_FONTS / "opentype/bwht/BecauseWeOrganize-Regular.otf", 54),
    "build": Hand(_FONTS / "opentype/bwht/BecauseWeBuild-Regular.otf", 62, 1),
}
_SANS = _FONTS / "truetype/dejavu/DejaVuSans-Bold.ttf"
_INKS = {"blue": (34, 52, 140), "black": (28, 28, 36)}
_RED = (205, 32, 44)
_Ink = tuple[int, int, int]
_Pixels = np.ndarray[tuple[Any, ...], np.dtype[Any]]
_EPOCH = time.gmtime(1_577_836_800)


def missing_fonts() -> list[str]:
    """The font files this machine lacks."""
    return [str(path) for path in [*(hand.file for hand in HANDS.values()), _SANS] if not path.exists()]


@cache
def _load(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def scan(sample: Sample, laid_out: LaidOut) -> bytes:
    """The sample as a PDF of pictures; ``[scan] mode`` in its source is bilevel, grey or colour."""
    how: dict[str, Any] = sample.data["scan"]
    turns = dict(map(tuple, how.get("rotate", [])))
    pages: list[Image.Image] = []
    document = pdfium.PdfDocument(laid_out.pdf)
    for index in range(len(document)):
        rng = random.Random(f"{sample.name}/{index}")
        page = document[index].render(scale=_SCALE).to_pil().convert("RGB")
        for spot in laid_out.spots:
            if spot.page == index + 1:
                _fill(page, spot, how, rng)
        if index == 0 and how.get("stamp"):
            _received(page, how["stamp"], how, rng)
        pages.append(_worn(page, how, rng, turns.get(index + 1, 0)))
    document.close()
    out = io.BytesIO()
    quality = {} if how["mode"] == "bilevel" else {"quality": how.get("quality", 50)}
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=float(DPI),
        **quality,
        title=f"{MARK} - {sample.name}",
        creationDate=_EPOCH,
        modDate=_EPOCH,
    )
    return out.getvalue()


def _fill(page: Image.Image, spot: Spot, how: dict[str, Any], rng: random.Random) -> None:
    """Write, stamp or seal what belongs into a place left open."""
    x, y = spot.x * _SCALE, spot.y * _SCALE
    ink = _INKS[how.get("ink", "blue")]
    if spot.kind in ("number", "day", "month"):
        hand = HANDS[how.get("hand_font", "dkg")]
        _write(page, spot.text, (x, y, spot.width * _SCALE), hand, ink, rng)
    elif spot.kind == "urgency":
        _boxed(page, spot.text, x, y, rng)
    elif spot.kind == "name":
        _stamped_name(page, spot.text, x, y, rng)
    elif spot.kind.startswith("signature"):
        _sign(page, x, y + 84, ink, rng)
        if how.get("seal", True):
            left, down = x - rng.uniform(150, 190), y + rng.uniform(46, 66)
            _seal(page, left, down, str(how.get("seal_text", "TỈNH VÂN LĨNH")), rng)


def _write(
    page: Image.Image, text: str, place: tuple[float, float, float], hand: Hand, ink: _Ink, rng: random.Random
) -> None:
    """Write figures by hand, each in its own size, height and slant. place: x, y and width."""
    x, y, width = place
    size = hand.size
    wide = sum(_load(hand.file, size).getlength(char) for char in text)
    size = min(size, int(size * width / max(wide, 1.0))) if wide > width else size
    x += rng.uniform(0, max(width - wide, 0) * 0.6)
    for char in text:
        font = _load(hand.file, max(18, int(size * rng.uniform(0.93, 1.09))))
        tile = Image.new("L", (size * 2, size * 2))
        ImageDraw.Draw(tile).text((size * 0.5, size * 1.4), char, 255, font=font, anchor="ls", stroke_width=hand.stroke)
        tile = tile.rotate(rng.uniform(-7, 5), Image.Resampling.BICUBIC)
        corner = (int(x - size * 0.5), int(y - size * 1.4 + rng.uniform(-3, 3)))
        page.paste(ink, (corner[0], corner[1]), tile)
        x += font.getlength(char) + rng.uniform(-1.5, 2)


def _sign(page: Image.Image, x: float, y: float, ink: _Ink, rng: random.Random) -> None:
    """Draw a signature: two smooth lines through random points."""
    draw = ImageDraw.Draw(page)
    for _ in range(2):
        at = [(x + rng.uniform(-150, -70), y + rng.uniform(-20, 25))]
        for _ in range(rng.randint(5, 7)):
            at.append((at[-1][0] + rng.uniform(-25, 90), y + rng.uniform(-62, 38)))
        smooth: list[tuple[float, float]] = []
        for p0, p1, p2 in zip(at, at[1:], at[2:], strict=False):
            for step in range(12):
                t = step / 12
                a, b, c = (1 - t) ** 2 / 2, (1 - t) * t + 0.5, t**2 / 2
                smooth.append((a * p0[0] + b * p1[0] + c * p2[0], a * p0[1] + b * p1[1] + c * p2[1]))
        draw.line(smooth, fill=ink, width=4, joint="curve")


def _seal(page: Image.Image, x: float, y: float, text: str, rng: random.Random) -> None:
    """Draw a round red seal with the words of the samples' mark."""
    radius = 138
    side = radius * 2 + 20
    layer = Image.new("L", (side, side))
    draw = ImageDraw.Draw(layer)
    middle = side / 2
    for r, wide in ((radius, 7), (radius - 14, 3), (radius - 58, 3)):
        draw.ellipse((middle - r, middle - r, middle + r, middle + r), outline=255, width=wide)
    star = []
    for i in range(10):
        r = 40 if i % 2 == 0 else 16
        star.append((middle + r * math.sin(i * math.pi / 5), middle - r * math.cos(i * math.pi / 5) - 6))
    draw.polygon(star, fill=255)
    draw.text((middle, middle + 52), "MẪU", 255, font=_load(_SANS, 20), anchor="mm")
    legend = f"{MARK} ★ {text} ★ "
    for i, char in enumerate(legend):
        angle = 360 * i / len(legend)
        tile = Image.new("L", (side, side))
        ImageDraw.Draw(tile).text((middle, middle - radius + 36), char, 255, font=_load(_SANS, 26), anchor="mm")
        layer = ImageChops.lighter(layer, tile.rotate(-angle - 195, Image.Resampling.BICUBIC))
    layer = layer.rotate(rng.uniform(-12, 12), Image.Resampling.BICUBIC)
    # Ink is uneven: some of it did not reach the sheet.
    layer = ImageChops.multiply(layer, _blotches(side, rng))
    red = Image.new("RGB", (side, side), _RED)
    corner = (int(x - middle), int(y - middle))
    under = page.crop((*corner, corner[0] + side, corner[1] + side))
    inked = ImageChops.multiply(under, red)
    page.paste(Image.composite(inked, under, layer), corner)


def _blotches(side: int, rng: random.Random) -> Image.Image:
    """Patches of grey, to multiply ink with."""
    noise = np.random.default_rng(rng.randrange(2**32)).integers(150, 256, (side // 10, side // 10), dtype=np.uint8)
    return Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)


def _boxed(page: Image.Image, text: str, x: float, y: float, rng: random.Random) -> None:
    """Stamp the urgency: red words in a frame."""
    font = _load(_SANS, 40)
    wide = int(font.getlength(text)) + 40
    layer = Image.new("L", (wide + 40, 130))
    draw = ImageDraw.Draw(layer)
    draw.rectangle((20, 20, wide + 18, 104), outline=255, width=5)
    draw.text((20 + wide / 2, 63), text, 255, font=font, anchor="mm")
    layer = layer.rotate(rng.uniform(-2.5, 2.5), Image.Resampling.BICUBIC)
    page.paste(_RED, (int(x - 36), int(y - 62)), layer)


def _stamped_name(page: Image.Image, text: str, x: float, y: float, rng: random.Random) -> None:
    """Stamp the name of the signer."""
    font = _load(_SANS, 34)
    wide = int(font.getlength(text)) + 40
    layer = Image.new("L", (wide, 90))
    ImageDraw.Draw(layer).text((wide / 2, 45), text, 235, font=font, anchor="mm")
    layer = layer.rotate(rng.uniform(-1.6, 1.6), Image.Resampling.BICUBIC)
    page.paste((40, 44, 110), (int(x - wide / 2), int(y - 58)), layer)


def _received(page: Image.Image, stamp: dict[str, Any], how: dict[str, Any], rng: random.Random) -> None:
    """Stamp the document as received: with the number and day of receipt, which are not those of the document."""
    layer = Image.new("L", (350, 176))
    draw = ImageDraw.Draw(layer)
    draw.rectangle((12, 12, 338, 162), outline=255, width=3)
    draw.line((12, 52, 338, 52), fill=255, width=2)
    font = _load(_SANS, 18)
    draw.text((175, 33), str(stamp["office"]), 255, font=font, anchor="mm")
    draw.text((22, 82), "ĐẾN", 255, font=_load(_SANS, 30), anchor="lm")
    for y, label in ((76, "Số: ............."), (108, "Ngày: ..........."), (140, "Chuyển: .........")):
        draw.text((112, y), label, 255, font=font, anchor="lm")
    layer = layer.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC)
    x, y = int(stamp["x"] * _SCALE), int(stamp["y"] * _SCALE)
    page.paste((160, 40, 80), (x, y), layer)
    ink = _INKS["black" if how.get("ink") == "blue" else "blue"]
    hand = HANDS["organize"]
    _write(page, str(stamp["number"]), (x + 156, y + 80, 120), replace(hand, size=32), ink, rng)
    _write(page, str(stamp["day"]), (x + 174, y + 113, 150), replace(hand, size=28), ink, rng)


def _worn(page: Image.Image, how: dict[str, Any], rng: random.Random, turn: int) -> Image.Image:
    """The page as a scanner gives it: tinted, blurred, skewed, dirty; turn: degrees by which it is rotated."""
    mode = how["mode"]
    noise = np.random.default_rng(rng.randrange(2**32))
    paper = {"colour": (249, 248, 243), "grey": (246, 246, 246), "bilevel": (255, 255, 255)}[mode]
    page = ImageChops.multiply(page, Image.new("RGB", page.size, paper))
    page = page.filter(ImageFilter.GaussianBlur(float(how.get("blur", 0.7))))
    sign = 1 if rng.random() < 0.5 else -1
    page = page.rotate(sign * float(how.get("skew", 0.7)), Image.Resampling.BICUBIC, fillcolor=paper)
    draw = ImageDraw.Draw(page)
    for _ in range(int(how.get("speckle", 60))):
        x, y, r = rng.randrange(page.width), rng.randrange(page.height), rng.choice((1, 1, 1, 2, 2, 3))
        if rng.random() < 0.6:  # most dirt is at the edges, where the feeder grips
            x = int(abs(rng.gauss(0, 60))) if rng.random() < 0.5 else page.width - int(abs(rng.gauss(0, 60)))
        draw.ellipse((x, y, x + r, y + r), fill=(70, 70, 70))
    if how.get("shadow", True):
        draw.rectangle((0, 0, rng.randint(2, 7), page.height), fill=(120, 120, 120))
    if turn:
        page = page.rotate(turn, expand=True)
    return Image.fromarray(_bilevel(page, how, noise) if mode == "bilevel" else _toned(page, how, noise, rng))


def _bilevel(page: Image.Image, how: dict[str, Any], noise: np.random.Generator) -> _Pixels:
    """The page in black and white, with noise."""
    grey = np.asarray(page.convert("L"), dtype=np.float64)
    return np.asarray(grey + noise.normal(0, float(how.get("noise", 16)), grey.shape) > how.get("threshold", 168))


def _toned(page: Image.Image, how: dict[str, Any], noise: np.random.Generator, rng: random.Random) -> _Pixels:
    """The page in grey or colour, with noise; the lamp is brighter at one side."""
    pixels = np.asarray(page if how["mode"] == "colour" else page.convert("L"), dtype=np.float64)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    lamp = np.linspace(rng.uniform(-5, 2), rng.uniform(-5, 2), pixels.shape[1])[None, :, None]
    grain = noise.normal(0, float(how.get("noise", 2.0)), (*pixels.shape[:2], 1))
    return np.clip(pixels + lamp + grain, 0, 255).astype(np.uint8).squeeze()
