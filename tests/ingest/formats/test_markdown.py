"""Markdown in text files: marks are taken off, tables become lines, other text stays as it is."""

from __future__ import annotations

from pathlib import Path

from ingest.formats.markdown import is_markdown, plain_text
from tests.ingest.support import lines_of_text


def test_a_document_that_a_converter_wrote_as_markdown(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(
        "<!-- image -->\n\n| **ỦY BAN NHÂN DÂN** **XÃ VÂN LĨNH** --- | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**<br>"
        "**Độc lập - Tự do - Hạnh phúc** |\n\n|---|---|\n\n"
        "| Số: 12/QĐ\\-UBND | *Vân Lĩnh, ngày 05 tháng 01 năm 2024* |\n\n"
        "## **QUYẾT ĐỊNH**\n\n*Căn cứ [Luật](https://example.vn/luat) Đầu tư công;*\n\n**Điều 1.** Phê duyệt.\n\n"
        "| STT | Sản phẩm |\n| :-- | --- |\n| 1 | **Nước mắm** |\n\n"
        "| ***Nơi nhận:*** - Như trên; - Lưu: VT. | **CHỦ TỊCH** "
        "**Lê Văn Bình** |\n",
        encoding="utf-8",
    )
    assert [line for line in lines_of_text(file) if line] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ VÂN LĨNH",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Vân Lĩnh, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "Căn cứ Luật Đầu tư công;",
        "Điều 1. Phê duyệt.",
        "STT\tSản phẩm",
        "1\tNước mắm",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT.",
        "CHỦ TỊCH",
        "Lê Văn Bình",
    ]


def test_plain_text_is_no_markdown() -> None:
    assert not is_markdown("QUYẾT ĐỊNH\n-----\n* Ghi chú: 5 * 3 = 15\n1. Mục một | mục hai\n# 5\n")
    assert not is_markdown("Số: 12/QĐ-UBND\n| a | b |\n" + "_" * 30)


def test_stars_that_mark_nothing_stay() -> None:
    assert plain_text("2 * 3 * 4 và **đậm**") == "2 * 3 * 4 và đậm"
