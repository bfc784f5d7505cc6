"""From a file to its record: bundles of documents, stamps by others, a cap on citations."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.limits import Limits
from ingest.options import ReadOptions
from tests.ingest.support import DECISION, LETTER
from tests.support.reading_files import FONT, draw_lines, new_canvas


@pytest.mark.parametrize("kind", ["pdf", "txt"])
def test_a_bundle_is_its_first_document_with_the_rest_attached(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"a.{kind}"
    if kind == "pdf":
        canvas = new_canvas(file)
        for page in (LETTER, DECISION):
            signing = next(n for n, line in enumerate(page) if line == "Nơi nhận:") + 2
            draw_lines(canvas, page[:signing])
            canvas.translate(300, 0)  # the signature stands to the right of Nơi nhận
            draw_lines(canvas, page[signing + (page is LETTER) :], top=770 - 18 * (signing - 2))
            canvas.showPage()
        canvas.save()
    else:
        file.write_text("\f".join("\n".join(page) for page in (LETTER, DECISION)), encoding="utf-8")
    record = read_record(str(file))
    assert (record["so_ky_hieu"], record["date"], record["doc_type"]) == ("77/CCPTNT-KH", "2024-03-12", "Công văn")
    assert record["signer"] == "Trần Thị An"
    assert record["issuer"] == "Chi cục Phát triển nông thôn"
    cited = {c["so_ky_hieu"]: c for c in record["citations"] if c["so_ky_hieu"]}
    assert (cited["12/QĐ-UBND"]["zone"], cited["12/QĐ-UBND"]["part"]) != ("attachment", 1)
    assert (cited["919/QĐ-TTg"]["zone"], cited["919/QĐ-TTg"]["part"]) == ("attachment", 1)
    assert not cited["919/QĐ-TTg"]["is_legal_basis"]


def test_a_received_stamp_gives_neither_number_nor_date(tmp_path: Path) -> None:
    canvas = new_canvas(tmp_path / "a.pdf")
    draw_lines(canvas, DECISION)
    canvas.setFont("Serif", 8)
    for at, line in enumerate(("VĂN PHÒNG UBND HUYỆN", "ĐẾN  Số: 5555", "Ngày: 20/6/2024", "Chuyển: .......")):
        canvas.drawString(380, 830 - 10 * at, line)
    canvas.save()
    record = read_record(str(tmp_path / "a.pdf"))
    assert (record["so_ky_hieu"], record["date"]) == ("12/QĐ-UBND", "2024-01-05")


def test_a_scan_with_a_form_of_signing_is_of_an_agency_and_what_it_lost_is_to_be_checked(tmp_path: Path) -> None:
    """A picture of a calendar without a letterhead: only the form above the seal says whose it is."""
    lines = (
        "LỊCH TIẾP CÔNG DÂN",
        "Lãnh đạo xã tiếp công dân vào thứ năm hằng tuần, trừ các ngày lễ.",
        "Địa điểm tiếp công dân: phòng tiếp dân của Ủy ban nhân dân xã.",
        "Công chức văn phòng tiếp công dân thường xuyên tại bộ phận một cửa.",
    )
    sheet = Image.new("L", (1240, 1000), 255)
    font = ImageFont.truetype(FONT, 30)
    for number, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((80, 120 + 60 * number), line, 0, font=font)
    ImageDraw.Draw(sheet).text((700, 480), "TM. ỦY BAN NHÂN DÂN", 0, font=font)
    sheet.save(tmp_path / "lich.png", dpi=(150, 150))
    record = read_record(str(tmp_path / "lich.png"))
    assert (record["kind"], record["issuer"]) == ("administrative", None)
    assert all(record["fields"][name]["needs_review"] for name in ("issuer", "signer", "signer_title"))


def test_citations_beyond_the_limit_are_dropped_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "dense.txt"
    lines = [f"Theo Quyết định số {n}/QĐ-TTg ngày 01/8/2022;" for n in range(1, 31)]
    file.write_text("\n".join(lines), encoding="utf-8")
    record = parse_record(read_record(str(file), ReadOptions(limits=Limits(citations=20))))
    assert len(record.citations) == 20
    seen = record.fields["kind"]
    assert seen.needs_review
    assert "chỉ giữ 20 dẫn chiếu đầu trong 30" in seen.reasons
    assert record.incomplete is None
