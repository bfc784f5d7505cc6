"""`ocop radar`: what is printed, and exit codes for scripts."""

from __future__ import annotations

from pathlib import Path

from tests.corpus.checks.test_provision_radar import AMENDING, plan
from tests.corpus.checks.test_provision_text import ORIGINAL, amending
from tests.support.shell import Shell

REPEAL = "1. Bãi bỏ khoản 1 Điều 2."


def test_radar_by_day_and_exit_code(ocop: Shell, tmp_path: Path) -> None:
    (tmp_path / "sua-doi.txt").write_text(AMENDING, encoding="utf-8")
    only = plan("khoản 2 Phụ lục II ").replace("45/KH-UBND", "46/KH-UBND")
    draft = only.replace("Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ.\n", "")
    (tmp_path / "khong.txt").write_text(draft, encoding="utf-8")
    touched = draft.replace("khoản 2 Phụ lục II", "điểm b khoản 1 Phụ lục II").replace("46/KH-UBND", "47/KH-UBND")
    (tmp_path / "bi.txt").write_text(touched, encoding="utf-8")
    ocop("ingest", *(tmp_path / name for name in ("sua-doi.txt", "khong.txt", "bi.txt")))
    out = ocop("radar", "46/KH-UBND", "--on", "1/9/2025")
    assert "không bị đụng tới" in out
    assert "1489/QĐ-TTg" in out
    out = ocop("radar", "47/KH-UBND", "--on", "2025-09-01", code=1)
    assert "“Bãi bỏ điểm b khoản 1 Phụ lục II”" in out
    value = ocop.json("radar", "47/KH-UBND", "--on", "2025-07-01", code=1)
    assert value["counts"] == {"bi_dung_toi": 0, "khong_dung_toi": 0, "chua_ro": 1}
    ocop("radar", "47/KH-UBND", "--on", "hôm qua", code=2)


def test_a_plan_whose_bases_nothing_amends_is_unknown(ocop: Shell) -> None:
    out = ocop("radar", "45/KH-UBND", "Thanh Hóa", code=1)
    assert "chưa rõ" in out
    assert "Không xét 1 dẫn chiếu" in out


def test_the_radar_of_an_agency_lists_what_must_be_reviewed_first(ocop: Shell, tmp_path: Path) -> None:
    (tmp_path / "sua-doi.txt").write_text(AMENDING, encoding="utf-8")
    only = plan("khoản 2 Phụ lục II ").replace(
        "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ.\n", ""
    )
    agency = ("ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA", "ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU")
    for number, provision in (("46", "khoản 2 Phụ lục II"), ("47", "điểm b khoản 1 Phụ lục II")):
        text = only.replace("khoản 2 Phụ lục II", provision).replace("45/KH-UBND", f"{number}/KH-UBND")
        (tmp_path / f"{number}.txt").write_text(text.replace(*agency), encoding="utf-8")
    ocop("ingest", *(tmp_path / name for name in ("sua-doi.txt", "46.txt", "47.txt")))
    value = ocop.json("radar", "--agency", "UBND tỉnh Lai Châu", "--on", "2025-09-01", code=1)
    assert [(row["document"]["so_ky_hieu"], row["state"]) for row in value["rows"]] == [
        ("47/KH-UBND", "bi_dung_toi"),
        ("46/KH-UBND", "khong_dung_toi"),
    ]
    assert value["counts"] == {"bi_dung_toi": 1, "khong_dung_toi": 1, "chua_ro": 0}
    assert value["rows"][0]["touched"][0]["touches"][0]["sentence"] == "Bãi bỏ điểm b khoản 1 Phụ lục II"
    out = ocop("radar", "--agency", "ubnd tinh lai chau", "--on", "2025-09-01", code=1)
    assert "1 văn bản bị đụng tới, 1 không bị đụng tới, 0 chưa rõ." in out
    ocop("radar", "--agency", "UBND tỉnh Không Có", code=3)
    ocop("radar", code=2)


def test_a_provision_is_shown_as_it_stood_on_a_day(ocop: Shell, tmp_path: Path) -> None:
    for number, text in enumerate((ORIGINAL, amending("30", ("01", "4", "2021"), REPEAL))):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
        ocop("ingest", tmp_path / f"{number}.txt")
    asked = ("show", "20/QĐ-UBND Thanh Hóa", "--provision", "khoản 1 Điều 2")
    assert "1. Thời hạn là 12 tháng." in ocop(*asked, "--on", "31/3/2021")
    assert "Đã bị Quyết định 30/QĐ-UBND bãi bỏ." in ocop(*asked, "--on", "1/4/2021")
    value = ocop.json("show", "20/QĐ-UBND Thanh Hóa", "--provision", "Điều 2", "--on", "2021-04-01", code=1)
    assert [one["sentence"] for one in value["not_applied"]] == ["Bãi bỏ khoản 1 Điều 2"]
    ocop("show", "20/QĐ-UBND Thanh Hóa", "--provision", "Điều mới", code=2)
