"""Blanks of a text layer that a picture may fill are in doubt; empty ones are facts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from ingest.extract import read_record
from tests.support.reading_files import new_canvas

DRAFT: tuple[tuple[float, float, str], ...] = (
    (60, 770, "ỦY BAN NHÂN DÂN XÃ VÂN LĨNH"),
    (300, 770, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (60, 740, "Số:"),
    (120, 740, "/QĐ-UBND"),
    (300, 740, "Vân Lĩnh, ngày"),
    (420, 740, "tháng 9 năm 2025"),
    (240, 700, "QUYẾT ĐỊNH"),
    (60, 660, "Điều 1. Thành lập Tổ giúp việc Chương trình mỗi xã một sản phẩm của xã."),
    (60, 640, "Điều 2. Quyết định này có hiệu lực kể từ ngày ký./."),
)


def draft(path: Path, *pictures: tuple[float, float]) -> Path:
    """A born-digital draft without number and day, with a small picture at each place (points)."""
    from reportlab.lib.utils import ImageReader

    canvas = new_canvas(path)
    canvas.setFont("Serif", 11)
    for x, y, text in DRAFT:
        canvas.drawString(x, y, text)
    buffer = io.BytesIO()
    Image.new("RGB", (30, 14), "blue").save(buffer, "PNG")
    for x, y in pictures:
        canvas.drawImage(ImageReader(io.BytesIO(buffer.getvalue())), x, y, 25, 12)
    canvas.save()
    return path


@pytest.mark.parametrize(
    ("picture", "doubted"), [((85, 738), "so_ky_hieu"), ((395, 738), "date"), ((300, 100), None), (None, None)]
)
def test_a_picture_in_a_blank_is_a_doubt(
    tmp_path: Path, picture: tuple[float, float] | None, doubted: str | None
) -> None:
    record = read_record(str(draft(tmp_path / "a.pdf", *([picture] if picture else []))))
    assert (record["so_ky_hieu"], record["symbol"], record["date"]) == (None, "QĐ-UBND", "2025-09")
    fields = record["fields"]
    marked = [name for name in ("so_ky_hieu", "date") if name in fields and fields[name]["needs_review"]]
    assert marked == ([doubted] if doubted else [])
