"""Effect dates from a document's own words, with their place; and what they do to its health."""

from __future__ import annotations

import pytest

from corpus.law.effect import from_record, state_on
from corpus.model import Evidence, Record
from ingest.layout.effect_dates import effect_dates
from ingest.layout.zones import divide


def _record(body: str, title: str = "Quy định mức thu phí", date: str | None = "2024-03-17") -> Record:
    text = f"QUYẾT ĐỊNH\n{title}\nCăn cứ Luật Phí và lệ phí ngày 25/11/2015;\nQUYẾT ĐỊNH:\nĐiều 1. Nội dung\n{body}\n"
    return Record(
        "x", "0" * 64, 1, "text", text, "administrative", title=title, date=date, fields={"date": Evidence(1.0)}
    )


def _dates(record: Record) -> dict[str, object]:
    return {name: found.value for name, found in effect_dates(record, divide(record.text, [0])).items()}


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
def test_effective_date(body: str, expected: str | None) -> None:
    assert _dates(_record(body)).get("effective_date") == expected


def test_the_day_of_signing_is_concluded_not_printed() -> None:
    record = _record("Quyết định này có hiệu lực kể từ ngày ký.")
    seen = effect_dates(record, divide(record.text, [0]))["effective_date"].evidence
    assert seen.inferred
    assert record.text[seen.start : seen.end].startswith("Quyết định này có hiệu lực")


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Phê duyệt Chương trình giai đoạn 2021-2025", "2021/2025"),
        ("Kế hoạch thực hiện Đề án giai đoạn từ năm 2021 đến năm 2025", "2021/2025"),
        ("Thực hiện Chương trình OCOP năm 2024", "2024"),
        ("Kết quả năm 2023, nhiệm vụ năm 2024", None),
    ],
)
def test_period_from_the_title(title: str, period: str | None) -> None:
    assert _dates(_record("Nội dung.", title)).get("period") == period


def test_not_yet_in_effect_and_no_longer() -> None:
    record = _record("Quyết định này có hiệu lực từ ngày 02/5/2024 đến hết ngày 31/12/2025.")
    for name, found in effect_dates(record, divide(record.text, [0])).items():
        setattr(record, name, found.value)
        record.fields[name] = found.evidence
    proofs = list(from_record(7, record))
    assert state_on(proofs, "2024-04-01").state == "chua_co_hieu_luc"
    assert state_on(proofs, "2024-06-01").state == "khong_ro"  # silence is no proof of effect
    assert state_on(proofs, "2026-01-01").state == "het_hieu_luc"
