"""Days of effect and expiry and the period, from a document's own words."""

from __future__ import annotations

import pytest

from corpus.law.effect import from_record, state_on
from corpus.model import Evidence, Record
from corpus.vocabulary import Effect
from ingest.layout.effect_dates import effect_dates
from ingest.layout.found import Found
from tests.ingest.layout.support import divided


def record_with(body: str, title: str = "Quy định mức thu phí", date: str | None = "2024-03-17") -> Record:
    """A decision with that body."""
    text = f"QUYẾT ĐỊNH\n{title}\nCăn cứ Luật Phí và lệ phí ngày 25/11/2015;\nQUYẾT ĐỊNH:\nĐiều 1. Nội dung\n{body}\n"
    fields = {"date": Evidence(1.0)}
    return Record("x", "0" * 64, 1, "text", text, "administrative", title=title, date=date, fields=fields)


def found_in(record: Record) -> dict[str, Found]:
    """The dates found in a record's text."""
    return effect_dates(record, divided(record.text)[1])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Thông tư này có hiệu lực thi hành kể từ ngày 01 tháng 5 năm 2024.", "2024-05-01"),
        ("Quyết định này có hiệu lực từ ngày 02/5/2024.", "2024-05-02"),
        ("Nghị định này có\nhiệu lực thi hành từ ngày 15 tháng 8\nnăm 2025.", "2025-08-15"),
        ("Quyết định này có hiệu lực kể từ ngày ký.", "2024-03-17"),
        ("Quyết định số 5/QĐ-TTg có hiệu lực từ ngày 02/5/2020 vẫn áp dụng.", None),
        ("Hợp đồng có hiệu lực từ ngày 02/5/2024.", None),
        ("Quyết định này có hiệu lực từ ngày 31/02/2024.", None),
    ],
)
def test_the_effective_date(body: str, expected: str | None) -> None:
    found = found_in(record_with(body)).get("effective_date")
    assert (found and found.value) == expected


def test_effect_from_the_day_of_signing_is_inferred() -> None:
    record = record_with("Quyết định này có hiệu lực kể từ ngày ký.")
    seen = found_in(record)["effective_date"].evidence
    assert seen.inferred
    assert record.text[seen.start : seen.end].startswith("Quyết định này có hiệu lực")


def test_the_last_day_of_effect() -> None:
    found = found_in(record_with("Quyết định này có hiệu lực từ ngày 02/5/2024 đến hết ngày 31/12/2025."))
    assert found["effective_date"].value == "2024-05-02"
    assert found["expiry"].value == "2025-12-31"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Phê duyệt Chương trình giai đoạn 2021-2025", "2021/2025"),
        ("Kế hoạch thực hiện Đề án giai đoạn từ năm 2021 đến năm 2025", "2021/2025"),
        ("Thực hiện Chương trình OCOP năm 2024", "2024"),
        ("Kết quả năm 2023, nhiệm vụ năm 2024", None),
    ],
)
def test_the_period_in_the_title(title: str, period: str | None) -> None:
    found = found_in(record_with("Nội dung.", title)).get("period")
    assert (found and found.value) == period


def test_the_dates_of_a_record_decide_its_effect_on_a_day() -> None:
    record = record_with("Quyết định này có hiệu lực từ ngày 02/5/2024 đến hết ngày 31/12/2025.")
    for name, found in found_in(record).items():
        setattr(record, name, found.value)
        record.fields[name] = found.evidence
    proofs = list(from_record(7, record))
    assert state_on(proofs, "2024-04-01").state == Effect.NOT_YET_IN_FORCE
    assert state_on(proofs, "2024-06-01").state == Effect.UNKNOWN  # nothing proves that it is in force
    assert state_on(proofs, "2026-01-01").state == Effect.EXPIRED
