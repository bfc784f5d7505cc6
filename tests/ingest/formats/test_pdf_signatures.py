"""Digital signatures of a PDF are hints: the day bounds the date, the name fills nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Evidence, Record
from ingest.doubts import compare_with_signatures
from ingest.extract import read_record
from ingest.formats.pdf_signatures import day_in_vietnam, pdf_string
from ingest.page import DigitalSignature
from tests.ingest.support import DECISION, LETTER
from tests.support.reading_files import signed_pdf, text_pdf


def test_a_date_later_than_a_signature_is_marked(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [DECISION])  # of 5 January 2024
    before = read_record(str(plain))
    same_day = signed_pdf(plain, tmp_path / "b.pdf", ("Ủy ban nhân dân tỉnh", "D:20240105093000+07'00'"))
    record = read_record(str(same_day))
    assert record["date"] == "2024-01-05"
    assert not record["fields"]["date"]["needs_review"]
    assert record["fields"]["date"]["confidence"] == before["fields"]["date"]["confidence"]
    earlier = signed_pdf(
        plain, tmp_path / "c.pdf", ("Văn thư", "D:20240103010000+07'00'"), ("Lê Văn Bình", "D:20240103180000Z")
    )
    record = read_record(str(earlier))
    date = record["fields"]["date"]
    assert record["date"] == "2024-01-05"
    assert date["needs_review"]
    assert date["confidence"] <= 0.5
    assert "muộn hơn ngày ký số 04/01/2024" in date["reasons"]  # past midnight in Vietnam


def test_a_number_may_be_stamped_the_day_after_a_person_signed(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [DECISION])  # of 5 January 2024
    signed = signed_pdf(
        plain, tmp_path / "b.pdf", ("Lê Văn Bình", "D:20240104093000+07'00'"), ("Văn phòng", "D:20240105093000+07'00'")
    )
    assert not read_record(str(signed))["fields"]["date"]["needs_review"]


def test_a_signature_of_the_same_day_confirms_a_date_that_ocr_was_not_sure_of() -> None:
    record = Record("a.pdf", "0" * 64, 1, "ocr", "")
    record.date = "2024-01-05"
    record.fields["date"] = Evidence(0.4, True, reasons=["OCR không chắc"])
    compare_with_signatures(record, [DigitalSignature("Lê Văn Bình", "2024-01-05")])
    assert not record.fields["date"].needs_review
    assert "trùng ngày ký số" in record.fields["date"].reasons


def test_the_name_in_a_signature_is_noted_and_fills_no_field(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [LETTER[:9]])  # no name is printed
    assert read_record(str(plain))["signer"] is None
    record = read_record(str(signed_pdf(plain, tmp_path / "b.pdf", ("Trần Thị (An)", "D:20240312"))))
    assert record["signer"] is None
    reasons = [reason for evidence in record["fields"].values() for reason in evidence["reasons"]]
    assert "chữ ký số: Trần Thị (An), ngày 12/3/2024, chưa kiểm tra" in reasons
    assert not any("Another Program" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("time", "day"),
    [("D:20240105", "2024-01-05"), ("D:20240105233000-05'00'", "2024-01-06"), ("D:20240105+99'99'", ""), ("2024", "")],
)
def test_the_day_of_signing_is_the_day_in_vietnam(time: str, day: str) -> None:
    assert day_in_vietnam(time) == day


def test_strings_are_read_in_both_notations() -> None:
    assert pdf_string(b"(a \\(b\\) \\101\\\nc)") == "a (b) Ac"
    assert pdf_string(b"<FEFF 1EE6 0079>") == "Ủy"


def test_a_broken_signature_changes_nothing(tmp_path: Path) -> None:
    plain = text_pdf(tmp_path / "a.pdf", [DECISION])
    signed = signed_pdf(plain, tmp_path / "b.pdf", ("An", "D:20249999999999+99'99'"))
    assert read_record(str(signed))["date"] == "2024-01-05"
    signed.write_bytes(signed.read_bytes().replace(b"/V ", b"/X "))
    assert read_record(str(signed))["so_ky_hieu"] == "12/QĐ-UBND"
