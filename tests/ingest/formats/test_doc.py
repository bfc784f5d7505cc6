"""Word 97–2003 files: tables by cells, fonts of TCVN3, what is deleted, hidden or a field, and files that lie."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpus.errors import ReadFailure
from ingest.extract import read_record
from ingest.formats.sniff import file_type
from ingest.read import read
from tests.support.word_files import CAPITALS, DELETED, HIDDEN, Piece, compound, row, write_doc

BODY = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"


def lines(path: Path) -> list[str]:
    with read(path) as reading:
        assert reading.source == "text"
        return reading.text.split("\n")


def verdict(path: Path) -> str:
    with pytest.raises(ReadFailure) as caught, read(path):
        pass
    return caught.value.verdict


def decision(path: Path) -> Path:
    return write_doc(
        path,
        [
            *row("ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
            *row("Số: 12/QĐ\x1eUBND", "Thanh Hóa, ngày 05 tháng 01 năm 2024"),
            Piece("\rQUYẾT ĐỊNH\r"),
            Piece("Về việc phê duyệt ", looks=(CAPITALS,)),
            Piece("đã xóa ", looks=(DELETED,)),
            Piece("đã giấu ", looks=(HIDDEN,)),
            Piece("kết quả phân hạng sản phẩm OCOP\r"),
            Piece(BODY + "\r"),
            Piece('Xem \x13HYPERLINK "x"\x14trang \x13PAGE\x143\x15 này\x15.\x02\r'),
            *row("STT", "Sản phẩm", "Hạng", wide=True),
            *row("1", "", "4 sao", wide=False),
            Piece("VT.\r", wide=False),
        ],
        footnotes=[Piece("\x02 Chú thích\r")],
        headers=[Piece("Đầu trang\r")],
    )


def test_text_tables_fields_and_footnotes(tmp_path: Path) -> None:
    file = decision(tmp_path / "a.pdf")  # the name lies
    assert file_type(file) == "doc"
    assert lines(file) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "VỀ VIỆC PHÊ DUYỆT kết quả phân hạng sản phẩm OCOP",
        BODY,
        "Xem trang 3 này.",
        "STT\tSản phẩm\tHạng",
        "1\t\t4 sao",
        "VT.",
        "Chú thích",
    ]


def test_its_record_is_that_of_the_paper(tmp_path: Path) -> None:
    record = read_record(str(decision(tmp_path / "a.doc")))
    assert (record["so_ky_hieu"], record["date"], record["doc_type"]) == ("12/QĐ-UBND", "2024-01-05", "Quyết định")
    assert record["issuer"] == "Ủy ban nhân dân tỉnh Thanh Hóa"
    assert [c["so_ky_hieu"] for c in record["citations"]] == ["919/QĐ-TTg"]


def test_tcvn3_by_font_capitals_too(tmp_path: Path) -> None:
    file = write_doc(
        tmp_path / "a.doc",
        [
            Piece("uû ban nh©n d©n tØnh thanh hãa\r", font=2, wide=False),
            Piece("Sè: 12/Q§-UB\r", font=1, wide=False),
            Piece("VÒ viÖc ban hµnh quy chÕ qu¶n lý s¶n phÈm cña tØnh\r", font=1, wide=False),
            Piece("Đã ban hành ở Thanh Hóa\r", font=0),
        ],
        fonts=("Times New Roman", ".VnTime", ".VnTimeH"),
    )
    assert lines(file) == [
        "UỶ BAN NHÂN DÂN TỈNH THANH HÓA",
        "Số: 12/QĐ-UB",
        "Về việc ban hành quy chế quản lý sản phẩm của tỉnh",
        "Đã ban hành ở Thanh Hóa",
    ]


def test_legacy_text_is_told_without_a_font_and_unicode_under_a_legacy_font_is_kept(tmp_path: Path) -> None:
    legacy = "Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn chÝnh s¸ch\r"
    assert lines(write_doc(tmp_path / "a.doc", [Piece(legacy, wide=False)]))[0].startswith("Uỷ ban nhân dân tỉnh ban")
    assert lines(write_doc(tmp_path / "b.doc", [Piece(BODY + "\r")], fonts=(".VnTime",))) == [BODY]


def test_a_long_text_over_many_pages_of_looks(tmp_path: Path) -> None:
    text = [Piece(f"Điều {n}. Nội dung thứ {n}.\r", wide=bool(n % 3)) if n % 3 else Piece(f"Dieu {n}.\r", wide=False)
            for n in range(1, 400)]  # fmt: skip
    read_back = lines(write_doc(tmp_path / "a.doc", text))
    assert read_back == [piece.text.strip() for piece in text]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    piece = [Piece(BODY + "\r")]
    assert verdict(write_doc(tmp_path / "a.doc", piece, flags=0x0100)) == "ma_hoa"
    assert verdict(write_doc(tmp_path / "b.doc", piece, version=0x0065)) == "khong_ho_tro"
    other = tmp_path / "c.doc"
    other.write_bytes(compound({"Workbook": b"x" * 5000}))
    assert verdict(other) == "khong_ho_tro"
    other.write_bytes(compound({"__substg1.0_0037001F": b"x" * 5000}))
    assert verdict(other) == "khong_ho_tro"
    other.write_bytes(compound({"WordDocument": b"\xec\xa5\xc1\0" + bytes(5000)}))
    assert verdict(other) == "hong"


def test_a_damaged_file_is_refused_or_read_never_a_crash(tmp_path: Path) -> None:
    whole = decision(tmp_path / "a.doc").read_bytes()
    damaged, chance = tmp_path / "b.doc", random.Random(7)
    verdicts = set()
    for turn in range(300):
        data = bytearray(whole)
        if turn % 3 == 0:
            data = data[: chance.randrange(8, len(data))]
        for _ in range(turn % 7):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        damaged.write_bytes(data)
        try:
            with read(damaged):
                pass
        except ReadFailure as failure:
            verdicts.add(failure.verdict)
    assert "hong" in verdicts
    assert verdicts <= {"hong", "ma_hoa", "khong_ho_tro", "trong"}
