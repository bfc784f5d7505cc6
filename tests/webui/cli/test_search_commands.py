"""`ocop search`, `show`, `lookup`: naming a document, filters, lists."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.support.shell import Shell
from tests.support.web_library import PLAN


@pytest.mark.parametrize(
    "words", ["919/QĐ-TTg", "qd 919", "quyet dinh 919", "919qdttg", "QĐ919", "so 919/qđ-ttg", "qd-ttg 919"]
)
def test_a_document_is_named_by_its_number_in_any_spelling(ocop: Shell, words: str) -> None:
    assert ocop.json("show", words)["so_ky_hieu"] == "919/QĐ-TTg"


def test_an_ambiguous_number_lists_the_documents(ocop: Shell) -> None:
    ocop("show", "45/KH-UBND", code=4)
    assert ocop.error.count("45/KH-UBND  (") == 2
    assert "tỉnh Nghệ An" in ocop.error
    assert "hoặc ghi thêm cơ quan, năm hay ngày" in ocop.error
    ocop("cites", "999/QĐ-TTg", code=3)
    assert "Không có văn bản nào" in ocop.error


def test_agency_year_and_date_behind_a_number_narrow_it(ocop: Shell) -> None:
    for words, agency in (
        ("45/KH-UBND tỉnh Nghệ An", "Nghệ An"),
        ("45/KH-UBND của UBND tỉnh Thanh Hóa", "Thanh Hóa"),
        ("45 kh ubnd tinh nghe an", "Nghệ An"),
        ("kế hoạch 45 của Ủy ban nhân dân tỉnh Nghệ An năm 2024", "Nghệ An"),
        ("45/KH-UBND ngày 13/3/2024", "Nghệ An"),
        ("45/KH-UBND (UBND tỉnh Thanh Hóa, 12/3/2024)", "Thanh Hóa"),
    ):
        found = ocop.json("show", words)
        assert (found["so_ky_hieu"], agency in found["issuer"]) == ("45/KH-UBND", True), words
    for words in ("45/KH-UBND năm 2019", "45/KH-UBND tỉnh Lào Cai", "45/KH-UBND ngày 14/3/2024"):
        ocop("show", words, code=3)


def test_search_filters_results_and_explains_errors(ocop: Shell) -> None:
    found = ocop.json("search", "ocop", "-f", "loai=Quyết định", "-f", "trangthai=co_van_ban")
    assert [h["so_ky_hieu"] for h in found["hits"]] == ["88/QĐ-UBND"]
    ocop("search", '"mỗi xã', code=5)
    assert "Thiếu dấu ngoặc kép đóng" in ocop.error
    ocop("search", "ocop", "-f", "nam", code=2)
    ocop("search", "ocop", "--sort", "la", code=2)


def test_search_results_mark_what_is_doubtful(ocop: Shell, tmp_path: Path) -> None:
    torn = tmp_path / "van-linh.txt"
    torn.write_text(
        PLAN.replace("THANH HÓA", "VÂN LĨNH").replace("Thanh Hóa,", "Vân Lĩnh,").replace("tháng 3", "tháng 13"),
        encoding="utf-8",
    )
    ocop("ingest", torn)
    found = ocop.json("search", 'tinh:"Van Linh"')
    assert [h["issuer"] for h in found["hits"]] == ["Ủy ban nhân dân tỉnh Vân Lĩnh"]
    assert "“Vân Lĩnh” không có trong bảng tỉnh" in found["notes"][0]
    assert {f["value"]: f["label"] for f in found["facets"]["tinh"]} == {"Vân Lĩnh": "Vân Lĩnh (ngoài bảng tỉnh)"}
    assert "cần kiểm tra" in ocop("search", 'tinh:"Vân Lĩnh"')
    ocop("search", 'tinh:"Bông Lau"', code=5)
    loose = ocop.json("search", "tập huán")
    assert loose["total"]
    assert "bỏ dấu" in loose["notes"][-1]
    assert ocop("search", "cancu:99999/QĐ").count("Không có văn bản nào là “99999/QĐ”") == 1
    past = ocop("search", "tập huấn", "--page", "9")
    assert "Chỉ có 1 trang kết quả; không có trang 9." in past
    assert "Không tìm thấy" not in past


def test_filters_and_orders_have_vietnamese_names(ocop: Shell) -> None:
    for given, words in (("nam=abc", "không phải năm"), ("kin=a", "noidung"), ("ngay=abc", "")):
        ocop("search", "ocop", "-f", given, code=5 if given.startswith("ngay") else 2)
        assert words in ocop.error
    assert ocop.json("search", "ocop", "-f", "noidung=administrative")["total"]
    kinds = [ocop.json("search", "ocop", "-f", f"loai={words}")["total"] for words in ("KH", "ke hoach", "Kế hoạch")]
    assert kinds[0] == kinds[1] == kinds[2] > 0
    for names in (("ngay", "date"), ("duoc-dan", "cited"), ("lien-quan", "relevance")):
        new, old = ([h["id"] for h in ocop.json("search", "ocop", "--sort", n)["hits"]] for n in names)
        assert new == old


def test_a_list_is_looked_up_line_by_line(ocop: Shell, tmp_path: Path) -> None:
    asked = tmp_path / "danh-sach.csv"
    asked.write_text(
        "STT;Số, ký hiệu;Ghi chú\n1;45/KH-UBND;\n\n2;45/KH-UBND tỉnh Nghệ An;\n3;1/AB-CD;\n", encoding="utf-8"
    )
    rows = list(csv.DictReader(ocop("lookup", asked, code=3).splitlines()))
    assert [row["Kết quả"] for row in rows] == ["nhiều (2)", "dòng trống", "một", "không thấy"]
    assert [row["Mã"].isdigit() for row in rows] == [False, False, True, False]
    assert rows[0]["Các mã có thể"].count("#") == 2
    assert rows[2]["Ngày"] == "2024-03-13"
    asked.write_text("qd 919\nLuật Đấu thầu\n", encoding="utf-8")
    assert [r["asked"] for r in map(json.loads, ocop("lookup", asked, "--json", code=3).splitlines())] == [
        "qd 919", "Luật Đấu thầu",
    ]  # fmt: skip
