"""A document that cites itself, and one that cites what is younger than it."""

from __future__ import annotations

from corpus.fold import nfc
from corpus.so_ky_hieu import parse
from ingest.citations import find_citations
from tests.ingest.citations.support import one_zone


def test_a_namesake_of_another_place_or_year_is_not_the_document_itself() -> None:
    text = nfc(
        "Kế hoạch số 81/KH-UBND ngày 14/03/2022 của UBND tỉnh Đồng Tháp; Kế hoạch số 81/KH-UBND ngày 1/2/2020 của "
        "UBND tỉnh Đồng Tháp; Kế hoạch số 81/KH-UBND của UBND tỉnh Thanh Hóa; Kế hoạch số 81/KH-UBND"
    )
    found = find_citations(
        text, one_zone(text), own=parse("81/KH-UBND"), issuer="UBND tỉnh Đồng Tháp", date="2022-03-14"
    )
    assert [c.target for c in found] == ["self", None, None, "self"]


def test_a_citation_younger_than_the_document_needs_review() -> None:
    text = nfc("theo Quyết định số 148/QĐ-TTg ngày 24/02/2023 và Quyết định số 919/QĐ-TTg ngày 01/8/2022")
    found = find_citations(text, one_zone(text), date="2022-12")
    assert [c.needs_review for c in found] == [True, False]
