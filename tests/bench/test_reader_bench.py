"""The strings that transcribed pages are measured by."""

from __future__ import annotations

from bench.reader import printed_strings


def test_a_line_is_one_string() -> None:
    assert printed_strings("Căn cứ Luật Tổ chức  chính quyền địa phương;") == [
        "Căn cứ Luật Tổ chức chính quyền địa phương;"
    ]


def test_handwriting_and_cells_part_a_line() -> None:
    assert printed_strings("Số: ⟨hand⟩/QĐ-UBND") == ["/QĐ-UBND"]
    assert printed_strings("1 | Đất cây xanh | 6.151 | 48,18") == ["Đất cây xanh", "6.151", "48,18"]
    assert printed_strings("| Kiểm tra việc chấp hành pháp luật về thuế | 2018") == ["2018"]
    assert printed_strings("") == []
