"""`ocop cites`, `cited-by`, `check`: bases of documents and drafts."""

from __future__ import annotations

from pathlib import Path

from tests.support.shell import Shell
from tests.support.web_library import PLAN


def test_cites_shows_bases_and_with_all_every_citation(ocop: Shell, files: Path) -> None:
    plan = files / "ke-hoach.txt"
    out = ocop("cites", plan)
    assert "919/QĐ-TTg" in out
    assert "148/QĐ-TTg" in out
    assert "4464" not in out
    assert "4464/QĐ-BNN-VPĐP" in ocop("cites", plan, "--all")
    tree = ocop.json("cites", files / "con" / "quyet-dinh.txt", "--depth", "2")
    assert [c["document"]["so_ky_hieu"] for c in tree["children"]] == ["45/KH-UBND", "919/QĐ-TTg"]
    assert {c["document"]["so_ky_hieu"] for c in tree["children"][0]["children"]} == {"148/QĐ-TTg", "919/QĐ-TTg"}


def test_cites_and_search_show_the_effect(ocop: Shell, files: Path) -> None:
    assert "hết thời kỳ thực hiện (2021–2025)" in next(
        line for line in ocop("cites", files / "ke-hoach.txt").splitlines() if "919/" in line
    )
    child = ocop.json("cites", files / "ke-hoach.txt")["children"][0]
    assert child["effect"]["state"] == "het_giai_doan"
    assert "hết thời kỳ thực hiện" in ocop("search", "919/QĐ-TTg")


def test_cited_by_shows_documents_based_on_one(ocop: Shell) -> None:
    tree = ocop.json("cited-by", "148/QĐ-TTg")
    assert {c["document"]["so_ky_hieu"] for c in tree["children"]} == {"45/KH-UBND"}
    assert all(c["is_legal_basis"] for c in tree["children"])


def test_check_reports_each_problem(ocop: Shell, tmp_path: Path) -> None:
    draft = tmp_path / "du-thao.txt"
    bases = """Căn cứ Quyết định số 9999/QĐ-UBND ngày 31/02/2024 của UBND tỉnh Thanh Hóa;
Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ;
Căn cứ Kế hoạch số 45/KH-UBND;"""
    draft.write_text(
        PLAN.replace("45/KH-UBND", "    /KH-UBND").replace("I. MỤC ĐÍCH", f"{bases}\nI. MỤC ĐÍCH"), encoding="utf-8"
    )
    out = ocop("check", draft, code=1)
    for words in (
        "31/02/2024 (ngày này không có trong lịch)",
        "Chưa thấy văn bản đúng như cách ghi này trong kho",
        "có thể bị thay thế bởi Quyết định 26/2026/QĐ-TTg ngày 22/5/2026",
        "nhiều văn bản ứng với cách ghi này:",
        "hiệu lực hôm nay: không đủ dữ liệu",
        "1 chưa thấy ở đâu nên chưa đối chiếu được",
    ):
        assert words in out, out


def test_compare_tells_bases_first(ocop: Shell, files: Path) -> None:
    both = (files / "con" / "quyet-dinh.txt", files / "ke-hoach.txt")
    out = ocop("compare", *both)
    assert out.index("Thêm căn cứ") < out.index("Bỏ căn cứ") < out.index("Giữ 1 căn cứ")
    value = ocop.json("compare", *both)
    assert [row["document"]["so_ky_hieu"] for row in value["bases"]["added"]] == ["148/QĐ-TTg"]
