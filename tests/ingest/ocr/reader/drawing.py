"""Pages drawn for the tests: text at known places, with the boxes of its words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ingest.ocr.reader.shapes import Grey

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf"
#: Sentences with many marks, digits and capitals.
SENTENCES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng",
    "Chính phủ phê duyệt Chương trình mỗi xã một sản phẩm giai đoạn 2021-2025;",
    "Xét đề nghị của Giám đốc Sở Nông nghiệp và Phát triển nông thôn tại Tờ",
    "trình số 123/TTr-SNN ngày 05/3/2024 về việc hỗ trợ các tổ chức kinh tế,",
    "QUYẾT ĐỊNH: Điều 1. Ban hành kèm theo Quyết định này Kế hoạch thực hiện",
)


@dataclass
class Sheet:
    """A white page to draw on. words: what was drawn, each with its box of ink (left, top, right, bottom)."""

    width: int = 1654
    height: int = 2339
    words: list[tuple[str, tuple[int, int, int, int]]] = field(default_factory=list)
    lines: list[tuple[str, tuple[int, int, int, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("L", (self.width, self.height), 255)
        self.pen = ImageDraw.Draw(self.image)

    def write(self, text: str, left: int, baseline: int, size: int = 36, font: str = FONT, gap: float = 1.0) -> None:
        """Draw *text* on *baseline*. gap: factor of the width of a space."""
        face = ImageFont.truetype(font, size, layout_engine=ImageFont.Layout.BASIC)
        at = float(left)
        boxes = []
        for word in text.split(" "):
            self.pen.text((round(at), baseline), word, font=face, fill=0, anchor="ls")
            alone = Image.new("L", self.image.size, 0)
            ImageDraw.Draw(alone).text((round(at), baseline), word, font=face, fill=255, anchor="ls")
            box = alone.point([0] * 100 + [255] * 156).getbbox()
            assert box is not None, "the page is too small for this text"
            boxes.append(box)
            self.words.append((word, box))
            at += face.getlength(word) + gap * face.getlength(" ")
        left_edge, top, right, bottom = zip(*boxes, strict=True)
        self.lines.append((text, (min(left_edge), min(top), max(right), max(bottom))))

    def paragraph(self, top: int = 300, left: int = 200, leading: int = 60, size: int = 32) -> None:
        """Draw :data:`SENTENCES` one under the other."""
        for number, sentence in enumerate(SENTENCES):
            self.write(sentence, left, top + number * leading, size)

    def turned(self, degrees: float) -> Grey:
        """The page askew by so many degrees, counter-clockwise."""
        return np.asarray(self.image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255))

    @property
    def grey(self) -> Grey:
        """The page as the reader takes it."""
        return np.asarray(self.image)


def noisy(page: Grey, seed: int = 0) -> Grey:
    """*page* as a grey scan: blurred edges, grain, specks."""
    chance = np.random.default_rng(seed)
    grain: NDArray[np.float64] = chance.normal(0, 8, page.shape)
    specks = chance.random(page.shape) < 0.0002
    return np.where(specks, 0, np.clip(page * 0.9 + 12 + grain, 0, 255)).astype(np.uint8)
