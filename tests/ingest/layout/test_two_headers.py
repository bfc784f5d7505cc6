"""Two readings of one header weighed: what is sure, what is taken over, and what a person must look at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.extract import record_of
from ingest.layout import voting
from ingest.layout.header import read_header
from ingest.layout.header_values import Header
from ingest.layout.lines import lines_of
from ingest.layout.own_mentions import OwnMentions
from ingest.layout.two_headers import TwoHeaders
from ingest.options import ReadOptions
from ingest.page import Page
from ingest.read import read
from tests.ingest.layout.support import Rows, drawn_page
from tests.support.reading_files import scan_pdf

_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")


def rows(
    *, issuer: str = "SỞ Y TẾ", symbol: str = "12/QĐ-SYT", day: str = "05", title: tuple[str, ...] = ("Về việc lập Tổ",)
) -> Rows:
    """A decision's first page."""
    centred = ("QUYẾT ĐỊNH", *title)
    return [
        [(0.1, "UBND TỈNH KIÊN GIANG"), (0.5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(0.15, issuer), (0.55, "Độc lập - Tự do - Hạnh phúc")],
        [(0.15, f"Số: {symbol}"), (0.55, f"Kiên Giang, ngày {day} tháng 12 năm 2017")],
        [],
        *([(0.5 - (0.011 * len(line.replace(" ", "")) + 0.006 * line.count(" ")) / 2, line)] for line in centred),
        [],
        [(0.1, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;")],
    ]


def header_of(page: Page) -> Header:
    return read_header(lines_of(page, 0), ocr=True)


def weighed(ours: Rows, theirs: Rows, *, body: str = "") -> Header:
    """The header after both readings were weighed; body: what the document says elsewhere."""
    page = drawn_page(ours)
    two = TwoHeaders(header_of(page), header_of(drawn_page(theirs)), page, 0)
    two.weigh_lines()
    voting.read_again(two.header, page, two.other)
    two.weigh_names(OwnMentions(page.text + body))
    return two.header


def needs_review(header: Header) -> set[str]:
    return {name for name, found in header.fields.items() if found.evidence.needs_review}


def test_values_on_which_both_agree_are_sure() -> None:
    header = weighed(rows(), rows())
    assert header.value("so_ky_hieu") == "12/QĐ-SYT"
    assert header.value("date") == "2017-12-05"
    assert header.fields["so_ky_hieu"].evidence.confidence == header.fields["date"].evidence.confidence == 0.99
    assert not needs_review(header)


def test_a_symbol_of_known_parts_stands_against_one_of_unknown_parts() -> None:
    assert not needs_review(weighed(rows(), rows(symbol="12/QĐ-SVI")))
    header = weighed(rows(symbol="12/QĐ-SVI"), rows())
    assert (header.value("symbol"), header.value("so_ky_hieu")) == ("QĐ-SYT", "12/QĐ-SYT")


def test_two_symbols_that_nothing_decides_are_in_doubt() -> None:
    header = weighed(rows(symbol="12/QĐ-SVT"), rows(symbol="12/QĐ-SVI"))
    assert header.value("symbol") == "QĐ-SVT"
    assert "symbol" in needs_review(header)
    assert any("QĐ-SVI" in reason for reason in header.fields["symbol"].evidence.reasons)


def test_a_title_that_one_reading_makes_longer_is_in_doubt() -> None:
    more = ("Về việc lập Tổ", "quản lý chất lượng bệnh viện năm 2018")
    for header in (weighed(rows(), rows(title=more)), weighed(rows(title=more), rows())):
        assert "title" in needs_review(header)
        assert header.value("title") == "Về việc lập Tổ quản lý chất lượng bệnh viện năm 2018"


def test_letters_of_a_title_that_only_one_misread_are_no_doubt() -> None:
    title = ("Về việc thành lập Tổ quản lý chất lượng bệnh viện",)
    slip = ("Về việc thành lập Tổ quản lý chất lượng bệnh viẹn",)
    for header in (weighed(rows(title=title), rows(title=slip)), weighed(rows(title=slip), rows(title=title))):
        assert header.value("title") == title[0]
        assert not needs_review(header)


def test_marks_of_a_name_are_settled_by_what_the_document_writes_and_stay_in_doubt() -> None:
    ours, theirs = rows(issuer="TRẠM TÂN HỘI"), rows(issuer="TRẠM TÂN HỌI")
    header = weighed(ours, theirs)
    assert header.value("issuer") == "Trạm Tân Hội"
    assert "issuer" in needs_review(header)
    header = weighed(theirs, ours, body=" Trạm Tân Hội, Trạm Tân Hội")
    assert header.value("issuer") == "Trạm Tân Hội"


def test_what_only_the_other_witness_read_is_taken_over_in_doubt() -> None:
    ours = rows()
    ours[2] = [(0.15, "Số: 12/QĐ-SYT")]
    header = weighed(ours, rows())
    assert header.value("date") == "2017-12-05"
    assert {"date", "place"} <= needs_review(header)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_the_header_of_a_scan_is_read_by_both_and_remembered(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    sheet = Image.new("L", (1240, 1754), 255)
    for number, row in enumerate(rows(title=("Về việc thành lập Tổ quản lý chất lượng",))):
        for x, text in row:
            ImageDraw.Draw(sheet).text((x * 1240, 100 + 38 * number), text, 0, font=ImageFont.truetype(str(_FONT), 21))
    file = scan_pdf(tmp_path / "a.pdf", [sheet])
    options = ReadOptions(engine="both", cache=tmp_path / "cache")
    records = []
    for _ in range(2):
        with read(file, options) as reading:
            records.append(record_of(reading))
        kept = len(list((tmp_path / "cache").rglob("*.z")))
    assert records[0].as_json() == records[1].as_json()
    assert kept >= 2
    assert (records[0].so_ky_hieu, records[0].date) == ("12/QĐ-SYT", "2017-12-05")
    assert records[0].fields["so_ky_hieu"].confidence == 0.99
