"""Word 97–2003 files: tables by cells, TCVN3 fonts, struck and hidden text, fields, damaged files."""

from __future__ import annotations

import random
from pathlib import Path

from corpus.errors import ReadFailure
from ingest.extract import read_record
from ingest.formats.sniff import FileType, file_type_of
from tests.ingest.support import lines_of_text, read_whole, verdict_of
from tests.support.word_files import CAPITALS, DELETED, HIDDEN, Piece, WordFile, compound, row

BASIS = "Căn cứ Quyết định số 919/QĐ-TTg ngày 01 tháng 8 năm 2022 của Thủ tướng Chính phủ;"


def write_decision(path: Path) -> Path:
    """A decision with a header table, struck and hidden text, a field, a table and a footnote."""
    file = WordFile(
        [
            *row("ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
            *row("Số: 12/QĐ\x1eUBND", "Thanh Hóa, ngày 05 tháng 01 năm 2024"),
            Piece("\rQUYẾT ĐỊNH\r"),
            Piece("Về việc phê duyệt ", properties=(CAPITALS,)),
            Piece("đã xóa căn cứ Quyết định số 13/QĐ-TTg ", properties=(DELETED,)),
            Piece("đã giấu ", properties=(HIDDEN,)),
            Piece("kết quả phân hạng sản phẩm OCOP\r"),
            Piece(BASIS + "\r"),
            Piece('Xem \x13HYPERLINK "x"\x14trang \x13PAGE\x143\x15 này\x15.\x02\r'),
            *row("STT", "Sản phẩm", "Hạng", wide=True),
            *row("1", "", "4 sao", wide=False),
            Piece("VT.\r", wide=False),
        ],
        footnotes=[Piece("\x02 Chú thích\r")],
        headers=[Piece("Đầu trang\r")],
    )
    return file.write(path)


def test_text_tables_fields_and_footnotes(tmp_path: Path) -> None:
    file = write_decision(tmp_path / "a.pdf")
    assert file_type_of(file) is FileType.DOC
    assert lines_of_text(file) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THANH HÓA",
        "Số: 12/QĐ-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thanh Hóa, ngày 05 tháng 01 năm 2024",
        "QUYẾT ĐỊNH",
        "VỀ VIỆC PHÊ DUYỆT kết quả phân hạng sản phẩm OCOP",
        BASIS,
        "Xem trang 3 này.",
        "STT\tSản phẩm\tHạng",
        "1\t\t4 sao",
        "VT.",
        "Chú thích",
    ]


def test_the_record_of_a_word_file(tmp_path: Path) -> None:
    record = read_record(str(write_decision(tmp_path / "a.doc")))
    assert (record["pages"], "đã giấu" in record["text"]) == (2, False)
    assert record["text"].split("\f")[1].splitlines()[1:] == ["đã xóa căn cứ Quyết định số 13/QĐ-TTg"]
    assert (record["so_ky_hieu"], record["date"], record["doc_type"]) == ("12/QĐ-UBND", "2024-01-05", "Quyết định")
    assert record["issuer"] == "Ủy ban nhân dân tỉnh Thanh Hóa"
    assert [c["so_ky_hieu"] for c in record["citations"]] == ["919/QĐ-TTg"]


def test_text_in_tcvn3_fonts_is_converted(tmp_path: Path) -> None:
    made = WordFile(
        [
            Piece("uû ban nh©n d©n tØnh thanh hãa\r", font=2, wide=False),
            Piece("Sè: 12/Q§-UB\r", font=1, wide=False),
            Piece("VÒ viÖc ban hµnh quy chÕ qu¶n lý s¶n phÈm cña tØnh\r", font=1, wide=False),
            Piece("Đã ban hành ở Thanh Hóa\r", font=0),
        ],
        fonts=("Times New Roman", ".VnTime", ".VnTimeH"),
    )
    file = made.write(tmp_path / "a.doc")
    assert lines_of_text(file) == [
        "UỶ BAN NHÂN DÂN TỈNH THANH HÓA",
        "Số: 12/QĐ-UB",
        "Về việc ban hành quy chế quản lý sản phẩm của tỉnh",
        "Đã ban hành ở Thanh Hóa",
    ]


def test_legacy_text_is_recognised_without_a_legacy_font(tmp_path: Path) -> None:
    legacy = "Uû ban nh©n d©n tØnh ban hµnh QuyÕt ®Þnh nµy ®Ó h­íng dÉn thùc hiÖn chÝnh s¸ch\r"
    file = WordFile([Piece(legacy, wide=False)]).write(tmp_path / "a.doc")
    assert lines_of_text(file)[0].startswith("Uỷ ban nhân dân tỉnh ban")


def test_unicode_in_a_legacy_font_is_kept(tmp_path: Path) -> None:
    file = WordFile([Piece(BASIS + "\r")], fonts=(".VnTime",)).write(tmp_path / "b.doc")
    assert lines_of_text(file) == [BASIS]


def test_a_long_text_with_properties_on_many_pages(tmp_path: Path) -> None:
    def piece(number: int) -> Piece:
        if number % 3:
            return Piece(f"Điều {number}. Nội dung thứ {number}.\r", wide=True)
        return Piece(f"Dieu {number}.\r", wide=False)

    text = [piece(number) for number in range(1, 400)]
    assert lines_of_text(WordFile(text).write(tmp_path / "a.doc")) == [part.text.strip() for part in text]


def test_unsupported_and_encrypted_files_have_verdicts(tmp_path: Path) -> None:
    piece = [Piece(BASIS + "\r")]
    assert verdict_of(WordFile(piece, flags=0x0100).write(tmp_path / "a.doc")) == "ma_hoa"
    assert verdict_of(WordFile(piece, version=0x0065).write(tmp_path / "b.doc")) == "khong_ho_tro"
    other = tmp_path / "c.doc"
    other.write_bytes(compound({"PowerPoint Document": b"x" * 5000}))
    assert verdict_of(other) == "khong_ho_tro"
    other.write_bytes(compound({"__substg1.0_0037001F": b"x" * 5000}))  # a mail message without text
    assert verdict_of(other) == "trong"
    other.write_bytes(compound({"WordDocument": b"\xec\xa5\xc1\0" + bytes(5000)}))
    assert verdict_of(other) == "hong"


def test_a_damaged_file_is_read_or_refused_without_a_crash(tmp_path: Path) -> None:
    whole = write_decision(tmp_path / "a.doc").read_bytes()
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
            read_whole(damaged)
        except ReadFailure as failure:
            verdicts.add(failure.verdict)
    assert "hong" in verdicts
    assert verdicts <= {"hong", "ma_hoa", "khong_ho_tro", "trong"}
