"""The radar: whether a change touched what a document cites."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.checks.provision_radar import RadarFinding, radar
from corpus.graph.graph import Graph
from corpus.library import Library
from corpus.record_json import parse_record
from corpus.vocabulary import ProvisionState
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from tests.support.web_library import document_text

ISSUED = "Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ"
#: A made-up text that changes what 1489/QĐ-TTg of 06/7/2025 does: points a, b, c of clause 1 of an annex.
AMENDING = (
    document_text(
        "QUYẾT ĐỊNH",
        "1489/QĐ-TTg",
        ("06", "7", "2025"),
        f"Sửa đổi, bổ sung một số nội dung của {ISSUED}",
        "Căn cứ Luật Tổ chức Chính phủ;\nQUYẾT ĐỊNH:\n"
        f"Điều 1. Sửa đổi, bổ sung một số nội dung tại Phụ lục II ban hành kèm theo {ISSUED}\n"
        "1. Sửa đổi điểm a, điểm c khoản 1 Phụ lục II như sau:\n“a) Cấp tỉnh đánh giá.\nc) Cấp tỉnh công nhận.”\n"
        "2. Bãi bỏ điểm b khoản 1 Phụ lục II.\n"
        "Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày 06 tháng 7 năm 2025.",
    )
    .replace("ỦY BAN NHÂN DÂN\nTỈNH THANH HÓA", "THỦ TƯỚNG CHÍNH PHỦ")
    .replace("Thanh Hóa, ngày", "Hà Nội, ngày")
    .replace("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "KT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG")
)


def plan(provision: str) -> str:
    """A plan that rests on *provision* of 148/QĐ-TTg, and on a decision that nothing amends."""
    return document_text(
        "KẾ HOẠCH",
        "45/KH-UBND",
        ("12", "8", "2025"),
        "Đánh giá, phân hạng sản phẩm năm 2025",
        f"Căn cứ {provision}ban hành kèm theo {ISSUED};\n"
        "Căn cứ Quyết định số 919/QĐ-TTg ngày 01/8/2022 của Thủ tướng Chính phủ.\nI. MỤC ĐÍCH\n1. Đánh giá.",
    )


def findings(folder: Path, texts: list[str], on: str) -> list[RadarFinding]:
    """The findings for the first of *texts* in a library of them."""
    with Library.open(folder / "kho", create=True, facts=False) as library:
        ids = []
        for number, text in enumerate(texts):
            path = folder / f"{number}.txt"
            path.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            ids.append(library.intake.add(record, path, reader_version=READER_VERSION).id)
        view = library.view()
        return radar(view, Graph(view), ids[0], on=on).findings


def test_a_plan_that_cites_another_part_is_untouched(tmp_path: Path) -> None:
    found = findings(tmp_path, [plan("khoản 2 Phụ lục II "), AMENDING], "2025-09-01")[0]
    assert found.state is ProvisionState.UNTOUCHED
    assert [one.so_ky_hieu for one in found.compared] == ["1489/QĐ-TTg"]


def test_a_plan_that_cites_a_changed_point_is_touched_with_the_sentence(tmp_path: Path) -> None:
    found = findings(tmp_path, [plan("điểm b khoản 1 Phụ lục II "), AMENDING], "2025-09-01")[0]
    assert found.state is ProvisionState.TOUCHED
    (touch,) = found.touches
    assert touch.sentence == "Bãi bỏ điểm b khoản 1 Phụ lục II"
    assert (touch.by.so_ky_hieu, touch.since) == ("1489/QĐ-TTg", "2025-07-06")


@pytest.mark.parametrize(
    ("provision", "on", "state"),
    [
        ("khoản 1 Phụ lục II ", "2025-09-01", ProvisionState.TOUCHED),
        ("", "2025-09-01", ProvisionState.TOUCHED),
        ("điểm b khoản 1 Phụ lục II ", "2025-07-05", ProvisionState.UNKNOWN),
        ("Điều 2 Quy định ", "2025-09-01", ProvisionState.UNTOUCHED),
    ],
)
def test_what_contains_the_change_is_touched_from_its_day(
    tmp_path: Path, provision: str, on: str, state: ProvisionState
) -> None:
    found = findings(tmp_path, [plan(provision), AMENDING], on)[0]
    assert found.state is state


def test_silence_is_never_fine(tmp_path: Path) -> None:
    _, second = findings(tmp_path, [plan("khoản 2 Phụ lục II "), AMENDING], "2025-09-01")
    assert second.state is ProvisionState.UNKNOWN
    assert second.unverified
    (tmp_path / "alone").mkdir()
    alone = findings(tmp_path / "alone", [plan("khoản 2 Phụ lục II ")], "2025-09-01")
    assert {one.state for one in alone} == {ProvisionState.UNKNOWN}
