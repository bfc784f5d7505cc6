"""Hostile files: images."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path

from PIL import Image

from tests.hostile.files import ANY, BROKEN, HEAVY, KEPT, Made, kind
from tests.hostile.good_files import good_files
from tests.hostile.raw_formats import PNG_MAGIC, chunk, grey_tiff, png, tiff, zeros
from tests.support.reading_files import BODY, picture

PHOTO = Path(__file__).parents[1] / "data" / "photos" / "thong-bao.heic"


@kind("image bomb")
def image_bombs(_: random.Random) -> Made:
    """Images that are, or claim to be, enormous."""

    def saved(image: Image.Image, form: str, **options: object) -> bytes:
        out = io.BytesIO()
        image.save(out, form, **options)
        return out.getvalue()

    rows = zeros(20_000 * 20_001)
    yield "400-million.png", png(20_000, 20_000, rows), BROKEN | HEAVY
    yield "400-million-1bit.png", png(20_000, 20_000, zeros(20_000 * 2501), depth=1), BROKEN | HEAVY
    yield "900-million-rgb.png", png(30_000, 30_000, zeros(1000), colour=2), frozenset({"qua_lon"})
    yield "16bit.png", png(12_000, 12_000, zeros(12_000 * 24_001), depth=16), BROKEN | HEAVY
    yield "two-billion-wide.png", png(0x7FFFFFFF, 1, zeros(1000)), frozenset({"qua_lon"}) | BROKEN
    yield "claims-all.png", png(0x7FFFFFFF, 0x7FFFFFFF, b""), frozenset({"qua_lon"}) | BROKEN
    text = chunk(b"zTXt", b"a\0\0" + zeros(80 << 20))
    yield "text.png", png(64, 64, zeros(64 * 65), more=text), BROKEN | HEAVY
    many = b"".join(chunk(b"zTXt", b"k%d\0\0" % n + zeros(900_000)) for n in range(100))
    yield "texts.png", png(64, 64, zeros(64 * 65), more=many), BROKEN | HEAVY
    profile = chunk(b"iCCP", b"a\0\0" + zeros(80 << 20))
    yield "profile.png", png(64, 64, zeros(64 * 65), more=profile), BROKEN | HEAVY
    fax = saved(Image.new("1", (20_000, 20_000), 1), "TIFF", compression="group4")
    yield "400-million-fax.tif", fax, BROKEN | HEAVY
    yield "deflate.tif", grey_tiff(20_000, 20_000, zeros(400_000_000), packing=8), BROKEN | HEAVY
    yield "claims.tif", grey_tiff(60_000, 60_000, bytes(100)), BROKEN | HEAVY
    yield "strip-4GB.tif", grey_tiff(100, 100, bytes(100), t279=0xFFFFFFFF), BROKEN | HEAVY
    yield "tile.tif", grey_tiff(64, 64, bytes(100), t322=0x7FFFFFF0, t323=0x7FFFFFF0, t324=8, t325=100), BROKEN | HEAVY
    yield "jpeg-65500.jpg", _sof(good_files()["jpg"], 65_500, 65_500), BROKEN | HEAVY
    yield "jpeg-400-million.jpg", saved(Image.new("L", (20_000, 20_000), 255), "JPEG", quality=20), BROKEN | HEAVY
    yield "thin.png", saved(Image.new("L", (60_000, 3), 255), "PNG"), BROKEN
    with_text = Image.new("L", (12_000, 16_000), 255)
    with_text.paste(picture(BODY[:4], dpi=300).convert("L").resize((9924, 14028)), (500, 500))
    yield "readable-190-million.png", saved(with_text, "PNG", compress_level=1, dpi=(1200, 1200)), KEPT | BROKEN | HEAVY
    scans = saved(picture(BODY[:3], dpi=72), "JPEG", progressive=True)
    at = scans.rindex(b"\xff\xda")
    yield "scans.jpg", scans[:-2] + scans[at:-2] * 2000 + b"\xff\xd9", KEPT | BROKEN | HEAVY


def _sof(data: bytes, width: int, height: int) -> bytes:
    """*data*, a JPEG, with another size in its frame header."""
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


@kind("broken image")
def broken_images(chance: random.Random) -> Made:
    """Images with a part that is wrong."""
    good = good_files()["png"]
    at = good.index(b"IDAT")
    yield "length.png", png(64, 64, b"", more=chunk(b"tEXt", b"abc", length=0x7FFFFFFF)), BROKEN
    yield "check.png", good[: at + 30] + b"\0\0\0\0" + good[at + 34 :], BROKEN | KEPT
    yield "no-data.png", PNG_MAGIC + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0)), BROKEN
    yield "no-size.png", png(0, 0), BROKEN
    yield "no-head.png", PNG_MAGIC + chunk(b"IEND", b""), BROKEN
    yield "bad-depth.png", png(10, 10, zeros(110), depth=77, colour=9), BROKEN
    yield "two-heads.png", good[:33] + good[8:33] + good[33:], BROKEN | KEPT
    yield "palette.png", png(300, 300, zeros(300 * 301), colour=3), BROKEN
    jpeg = good_files()["jpg"]
    yield "no-end.jpg", jpeg[:-2], BROKEN | KEPT
    yield "tables.jpg", jpeg.replace(b"\xff\xc4", b"\xff\xfe"), BROKEN | KEPT
    yield "no-size.jpg", _sof(jpeg, 0, 0), BROKEN
    yield "segments.jpg", jpeg[:2] + b"\xff\xe1\xff\xff" * 5000 + jpeg[2:], BROKEN | KEPT
    yield "restart.jpg", jpeg[:2] + b"\xff\xdd\0\4\0\1" + jpeg[2:], BROKEN | KEPT
    yield "directory-loop.tif", grey_tiff(64, 64, bytes(4096), following=8 + 4096), BROKEN
    yield "directory-beyond.tif", grey_tiff(64, 64, bytes(4096), following=0x7FFFFFFF), BROKEN
    yield "offsets.tif", grey_tiff(64, 64, bytes(4096), t273=0xFFFFFFF0), BROKEN
    yield "packing.tif", grey_tiff(64, 64, chance.randbytes(4096), packing=34_712), BROKEN
    yield "lzw-noise.tif", grey_tiff(640, 640, chance.randbytes(4096), packing=5), BROKEN
    yield "jpeg-noise.tif", grey_tiff(640, 640, chance.randbytes(4096), packing=7), BROKEN
    yield "no-entries.tif", tiff({}), BROKEN
    yield "count.tif", tiff({256: (4, 0x7FFFFFFF, 8), 257: (4, 1, 9)}), BROKEN
    frames = io.BytesIO()
    Image.new("1", (8, 8), 1).save(
        frames, "TIFF", save_all=True, append_images=[Image.new("1", (8, 8), 1) for _ in range(400)]
    )
    yield "400-frames.tif", frames.getvalue(), frozenset({"qua_lon"})
    first = io.BytesIO()
    one = picture(BODY[:3], dpi=72).convert("L")
    one.save(first, "TIFF", save_all=True, append_images=[one, one])
    yield "third-frame-cut.tif", first.getvalue()[:-3000], ANY


@kind("broken photo")
def broken_photos(chance: random.Random) -> Made:
    """Photos of phones (HEIC) with a part that is wrong, or whose size is a lie."""
    good = PHOTO.read_bytes()
    size = good.index(b"ispe") + 8
    for name, width, height in (
        ("wide", 60_000, 60_000),
        ("all", 0xFFFFFFFF, 0xFFFFFFFF),
        ("none", 0, 0),
        ("odd", 7, 9),
    ):
        lie = good[:size] + struct.pack(">II", width, height) + good[size + 8 :]
        yield f"size-{name}.heic", lie, ANY | HEAVY
    for at in (16, 200, len(good) // 2, len(good) - 10):
        yield f"cut-{at}.heic", good[:at], BROKEN | KEPT
    for number in range(6):
        noise = bytearray(good)
        for at in chance.sample(range(12, 600 if number < 3 else len(good)), 12):
            noise[at] = chance.randrange(256)
        yield f"noise-{number}.heic", bytes(noise), ANY
