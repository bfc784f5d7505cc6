"""Ô 1 to 6 of Nghị định 30, from plain text and from words with boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import agency_names
from ingest.layout.header import Header, read_header, repair_symbol
from ingest.layout.lines import lines_of
from ingest.page import Page, Word


def _plain(text: str) -> Header:
    return read_header(lines_of(Page(1, text, "text"), 0), ocr=False)


def _drawn(rows: list[list[tuple[float, str]]], *, confidence: float = 0.96) -> Page:
    """A page of lines; each row holds (x, text) runs. OCR joins the runs of a row by one space."""
    words: list[Word] = []
    text = ""
    for number, row in enumerate(rows):
        y = 0.05 + 0.02 * number
        line: list[str] = []
        for x, run in row:
            for token in run.split():
                start = len(text) + len(" ".join(line)) + (1 if line else 0)
                width = 0.011 * len(token)
                words.append(Word(token, (x, y, x + width, y + 0.012), confidence, start, start + len(token)))
                line.append(token)
                x += width + 0.006
        text += " ".join(line) + "\n"
    return Page(1, text, "ocr", 595, 842, 0.9, lambda: words)


PLAN = """\
 UỶ BAN NHÂN DÂN             CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH SƠN LA                             Độc lập – Tự do – Hạnh phúc
 Số:             /KH-UBND                  Sơn La, ngày         tháng      năm 2020
KẾ HOẠCH
Thực hiện Chương trình mỗi xã một sản phẩm
năm 2020, tỉnh Sơn La
Căn cứ Quyết định số 490/QĐ-TTg ngày 07/5/2018 của Thủ tướng Chính phủ;
"""


def test_a_plan_with_blank_number_and_day() -> None:
    header = _plain(PLAN)
    assert header.value("issuer") == "Ủy ban nhân dân tỉnh Sơn La"
    assert header.value("parent_agency") is None
    assert header.value("so_ky_hieu") is None
    assert header.value("symbol") == "KH-UBND"
    assert header.value("date") == "2020"
    assert header.value("place") == "Sơn La"
    assert header.value("doc_type") == "Kế hoạch"
    # "Thực hiện" opens this trích yếu; elsewhere it opens the text.
    assert header.value("title") == "Thực hiện Chương trình mỗi xã một sản phẩm năm 2020, tỉnh Sơn La"
    assert PLAN[: header.end].rstrip().endswith("tỉnh Sơn La")


def test_offsets_point_at_what_was_printed() -> None:
    header = _plain(PLAN)
    for name, printed in (("place", "Sơn La"), ("symbol", "KH-UBND"), ("doc_type", "KẾ HOẠCH")):
        seen = header.fields[name].evidence
        assert PLAN[seen.start : seen.end] == printed


LETTER = """\
ỦY BAN NHÂN DÂN
THÀNH PHỐ SƠN LA

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

Số: 05/UBND-KT TP. Sơn La, ngày 07 tháng 02 năm 2024
V/v đôn đốc thực hiện
Chương trình OCOP

Kính gửi:
- Phòng Kinh tế thành phố;
- UBND các xã, phường.
Theo đề nghị của Sở Công Thương;
"""


def test_a_letter_has_its_subject_under_the_number() -> None:
    header = _plain(LETTER)
    assert header.value("doc_type") == "Công văn"
    assert header.value("so_ky_hieu") == "05/UBND-KT"
    assert header.value("title") == "đôn đốc thực hiện Chương trình OCOP"
    assert header.value("date") == "2024-02-07"
    assert header.value("place") == "TP. Sơn La"
    assert header.value("addressees") == ["Phòng Kinh tế thành phố", "UBND các xã, phường"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số: 05-NQ/TW", {"so_ky_hieu": "05-NQ/TW", "symbol": "NQ/TW"}),
        ("Số: 66.7/2025/NQ-CP", {"so_ky_hieu": "66.7/2025/NQ-CP"}),
        ("Số: 12a/KH-UBND", {"so_ky_hieu": "12a/KH-UBND"}),
        ("Luật số: 69/2020/QH14", {"so_ky_hieu": "69/2020/QH14", "symbol": "QH14"}),
        ("Số: 01/QĐ-BCĐTW-VPĐP", {"so_ky_hieu": "01/QĐ-BCĐTW-VPĐP"}),
        ("Số: 1578 /KH-UBND", {"so_ky_hieu": "1578/KH-UBND"}),
    ],
)
def test_numbers_of_every_grammar(text: str, expected: dict[str, str]) -> None:
    header = _plain(f"CƠ QUAN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{text}\n")
    assert {name: header.value(name) for name in expected} == expected


def test_a_masthead_and_a_signature_stamp_are_no_header() -> None:
    header = _plain(
        "Ký bởi: CÔNG BÁO\nNgày ký: 2026-04-02 14:08:10 +07:00\nCÔNG BÁO/Số 179/Ngày 03-04-2026\n"
        "BỘ TÀI CHÍNH          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: 21/2026/TT-BTC                Hà Nội, ngày 17 tháng 3 năm 2026\nTHÔNG TƯ\nQuy định mức thu\n"
    )
    assert header.value("issuer") == "Bộ Tài chính"
    assert header.value("date") == "2026-03-17"


def test_an_article_has_no_header() -> None:
    header = _plain("Hội nghị tuyên truyền OCOP\nCăn cứ vào Kế hoạch số 3500/KH-UBND ngày 13/5/2024\n")
    assert not header.anchored
    assert not header.fields


def test_columns_that_ocr_joined_are_told_apart_by_place() -> None:
    page = _drawn(
        [
            [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.2, "SỐY TÉ"), (0.54, "Độc lập - Tự do - Hạnh phúc")],
            [(0.18, "Số: 02 /SYT-GAVI"), (0.5, "Kiên Giang, ngày 06 tháng 3 năm 2018")],
            [(0.17, "V/v bàn giao tài sản")],
            [(0.19, "kết thúc Dự án")],
            [(0.3, "Kính gửi: Các Trung tâm y tế huyện")],
        ]
    )
    header = read_header(lines_of(page, 0), ocr=True)
    assert header.value("parent_agency") == "UBND tỉnh Kiên Giang"
    assert header.value("issuer") == "Sở Y tế"
    assert header.value("symbol") == "SYT-GAVI"
    assert header.value("date") == "2018-03-06"
    assert header.value("title") == "bàn giao tài sản kết thúc Dự án"
    box = header.fields["symbol"].evidence.bbox
    assert box is not None
    assert box[2] < 0.4


def test_an_impossible_day_is_kept_out_and_said() -> None:
    page = _drawn(
        [
            [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.18, "Số: 7/QĐ-UBND"), (0.5, "Kiên Giang, ngày 43 tháng I1 năm 2017")],
        ]
    )
    found = read_header(lines_of(page, 0), ocr=True).fields["date"]
    assert found.value == "2017-11"
    assert found.evidence.needs_review
    assert "ngày không hợp lệ" in found.evidence.reasons


def test_a_received_stamp_beside_the_title_is_no_part_of_it() -> None:
    page = _drawn(
        [
            [(0.14, "UBND TỈNH KIÊN GIANG"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.18, "Số: 7/TTr-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.42, "TỜ TRÌNH")],
            [(0.26, "Về việc đề nghị phê duyệt Đề án")],
            [(0.01, "ĐẾN Số 12"), (0.3, "giai đoạn 2018 - 2020")],
            [(0.2, "Căn cứ Luật Đầu tư công ngày 13/6/2019;")],
        ]
    )
    assert read_header(lines_of(page, 0), ocr=True).value("title") == (
        "Về việc đề nghị phê duyệt Đề án giai đoạn 2018 - 2020"
    )


def test_the_code_of_the_printed_type_mends_a_symbol() -> None:
    assert repair_symbol("QD-UBND") == ("QĐ-UBND", True)
    assert repair_symbol("SYT-NVY") == ("SYT-NVY", False)
    page = _drawn(
        [
            [(0.14, "ỦY BAN NHÂN DÂN"), (0.47, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
            [(0.14, "TỈNH KIÊN GIANG")],
            [(0.18, "Số: 64/Qb-UBND"), (0.5, "Kiên Giang, ngày 12 tháng 3 năm 2017")],
            [(0.42, "QUYẾT ĐỊNH")],
            [(0.3, "Về việc ban hành Quy chế")],
        ]
    )
    found = read_header(lines_of(page, 0), ocr=True).fields["symbol"]
    assert found.value == "QĐ-UBND"
    assert any("sửa" in reason for reason in found.evidence.reasons)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("ỦY BAN NHÂN DÂN TÍNH VÂN LĨNH", "Ủy ban nhân dân tỉnh Vân Lĩnh"),
        ("UBND HUYEN PHONG LĨNH", "UBND huyện Phong Lĩnh"),
        ("ỦY BAN NHÂN DÂN THANH PHỐ NHA TRANG", "Ủy ban nhân dân thành phố Nha Trang"),
        ("UBND TĨNH KIÊN GIANG", "UBND tỉnh Kiên Giang"),
    ],
)
def test_level_words_that_lost_their_marks(printed: str, name: str) -> None:
    assert agency_names.read(printed)[0] == name


_NAME = st.text("SOYTE", max_size=8)


@given(_NAME, _NAME, st.integers(0, 3))
def test_names_a_few_letters_apart(a: str, b: str, most: int) -> None:
    """Against the table of edit distances, whole."""
    table = [[i + j if i == 0 or j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i, one in enumerate(a, 1):
        for j, other in enumerate(b, 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one != other))
    assert agency_names.within(a, b, most) is (table[-1][-1] <= most)


def test_a_line_without_end_is_no_agency_and_is_left_as_it_is() -> None:
    words = ["SỞ", *["TỐI", "MẬ"] * 2_000]
    assert agency_names.read(" ".join(words)) == (" ".join(words), False)
    assert agency_names.read("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")[0] == "Sở Nông nghiệp và Môi trường"
