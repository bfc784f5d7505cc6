"""What tests of reading share: short ways to read a file, and two documents of a fictional province."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ReadFailure
from ingest.options import DEFAULT_OPTIONS, ReadOptions
from ingest.page import Reading
from ingest.read import read

LETTER = (
    "SỞ NÔNG NGHIỆP TỈNH VÂN LĨNH",
    "CHI CỤC PHÁT TRIỂN NÔNG THÔN",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 77/CCPTNT-KH",
    "Vân Lĩnh, ngày 12 tháng 3 năm 2024",
    "V/v gửi Quyết định phê duyệt sản phẩm OCOP",
    "Kính gửi: Ủy ban nhân dân các huyện.",
    "Chi cục gửi kèm Quyết định số 12/QĐ-UBND ngày 05/01/2024 của UBND tỉnh để thực hiện./.",
    "Nơi nhận:",
    "- Như trên;",
    "- Lưu: VT.",
    "CHI CỤC TRƯỞNG",
    "Trần Thị An",
)
DECISION = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH VÂN LĨNH",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 12/QĐ-UBND",
    "Vân Lĩnh, ngày 05 tháng 01 năm 2024",
    "QUYẾT ĐỊNH",
    "Về việc phê duyệt kết quả phân hạng sản phẩm OCOP",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;",
    "QUYẾT ĐỊNH:",
    "Điều 1. Phê duyệt kết quả.",
    "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
    "Nơi nhận:",
    "- Như Điều 2;",
    "TM. ỦY BAN NHÂN DÂN",
    "CHỦ TỊCH",
    "Lê Văn Bình",
)


def read_whole(path: Path, options: ReadOptions = DEFAULT_OPTIONS) -> Reading:
    """The file's reading, closed: its text can be used, not its words."""
    with read(path, options) as reading:
        return reading


def lines_of_text(path: Path) -> list[str]:
    """The lines of a file that is read without OCR."""
    reading = read_whole(path)
    assert reading.source == "text"
    return reading.text.split("\n")


def verdict_of(path: Path, options: ReadOptions = DEFAULT_OPTIONS) -> str:
    """The verdict on a file that cannot be read."""
    with pytest.raises(ReadFailure) as caught, read(path, options):
        pass
    assert str(caught.value).strip()
    return caught.value.verdict
