"""A short number one digit from one cited with its date may be misread."""

from __future__ import annotations

from tests.ingest.citations.support import cited_in_body


def test_a_number_one_digit_from_a_dated_one_needs_review() -> None:
    found = cited_in_body(
        "thực hiện Nghị định số 39/2012/NĐ-CP. Nghị định số 59/2012/NĐ-CP ngày 23/7/2012; Nghị định số 59/2012/NĐ-CP"
    )
    assert [c.needs_review for c in found] == [True, False, False]
