"""Sentences that change provisions of other documents."""

from __future__ import annotations

from corpus.fold import nfc
from corpus.provisions import list_words
from ingest.citations import read_cited
from tests.ingest.citations.support import one_zone

DOCUMENT = nfc("""
Sửa đổi, bổ sung một số điều của Nghị định số 31/2019/NĐ-CP
Căn cứ Luật Tố cáo;
Điều 1. Sửa đổi, bổ sung Điều 4 như sau:
“Điều 4. Rút tố cáo
1. Bãi bỏ khoản 9 Điều 9 như cũ.”
Điều 2. Sửa đổi, bổ sung một số khoản của Điều 10
1. Sửa đổi, bổ sung khoản 1
“1. Lời mới của khoản 1.”
2. Sửa đổi, bổ sung một số điểm của khoản 2
a) Sửa đổi điểm b như sau:
“b) Lời mới.”
b) Bãi bỏ điểm d.
Điều 3. Bổ sung Điều 19a vào sau Điều 19 như sau:
“Điều 19a. Chuyển đổi số”
Điều 4. Thay thế cụm từ “khoản 7” bằng cụm từ “khoản 8” tại khoản 2 Điều 21.
Điều 5. Bãi bỏ các quy định sau:
a) Điều 3 Nghị định số 128/2018/NĐ-CP ngày 24 tháng 9 năm 2018 của Chính phủ;
b) Khoản 2, 3 Điều 27 Nghị định số 140/2025/NĐ-CP.
Điều 6. Hiệu lực
1. Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2026.
2. Thay thế Mẫu số 02 tại Phụ lục II ban hành kèm theo Nghị định số 31/2019/NĐ-CP bằng Mẫu số 02 kèm theo Nghị định này.
3. Điều 22 Nghị định số 31/2019/NĐ-CP hết hiệu lực kể từ ngày 01 tháng 01 năm 2027.
4. Bãi bỏ các nội dung tại Phụ lục I ban hành kèm theo Nghị định này.
""")


def test_each_provision_with_its_change_and_document() -> None:
    found = read_cited(DOCUMENT, one_zone(DOCUMENT))
    seen = [
        (str(a.change), found.citations[a.citation or 0].so_ky_hieu, list_words(a.pinpoints)) for a in found.amendments
    ]
    assert seen == [
        ("sua_doi", "31/2019/NĐ-CP", "Điều 4"),
        ("sua_doi", "31/2019/NĐ-CP", "khoản 1 Điều 10"),
        ("sua_doi", "31/2019/NĐ-CP", "điểm b khoản 2 Điều 10"),
        ("bai_bo", "31/2019/NĐ-CP", "điểm d khoản 2 Điều 10"),
        ("bo_sung", "31/2019/NĐ-CP", "Điều 19a"),
        ("cum_tu", "31/2019/NĐ-CP", "khoản 2 Điều 21"),
        ("bai_bo", "128/2018/NĐ-CP", "Điều 3"),
        ("bai_bo", "140/2025/NĐ-CP", "khoản 2 Điều 27; khoản 3 Điều 27"),
        ("thay_the", "31/2019/NĐ-CP", "Phụ lục II, Mẫu số 02"),
        ("bai_bo", "31/2019/NĐ-CP", "Điều 22"),
    ]


def test_the_new_wording_and_a_day_of_its_own() -> None:
    found = read_cited(DOCUMENT, one_zone(DOCUMENT)).amendments
    wording = [DOCUMENT[a.new_start : a.new_end] for a in found if a.new_start is not None]
    assert wording[1] == "1. Lời mới của khoản 1."
    assert wording[2] == "b) Lời mới."
    assert [a.date for a in found if a.date] == ["2027-01-01"]


def test_a_document_that_amends_nothing() -> None:
    text = nfc("Điều 1. Phê duyệt kế hoạch\n1. Bổ sung kinh phí 5 tỷ đồng.\n2. Bộ Tư pháp phải có văn bản trả lời.\n")
    assert read_cited(text, one_zone(text)).amendments == []
