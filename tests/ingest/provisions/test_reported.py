"""Provisions that a judgment only reports the parties to have cited."""

from __future__ import annotations

from corpus.fold import nfc
from corpus.provisions import list_words
from ingest.citations import read_cited
from ingest.provisions.reported import reported_part
from tests.ingest.citations.support import one_zone

JUDGMENT = nfc(
    """TÒA ÁN NHÂN DÂN HUYỆN A
NHÂN DANH NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

  NỘI DUNG VỤ ÁN:
Nguyên đơn cho rằng bị đơn vi phạm Điều 348 Bộ luật Dân sự.
  NHẬN ĐỊNH CỦA TÒA ÁN
Vụ án thuộc thẩm quyền theo Điều 35 Bộ luật Tố tụng dân sự.
QUYẾT ĐỊNH:
Áp dụng Điều 357 Bộ luật Dân sự;
"""
)


def found(text: str) -> list[tuple[str, str]]:
    """(own, reported) provisions of each citation of a text."""
    citations = read_cited(text, one_zone(text)).citations
    return [(list_words(c.pinpoints), list_words(c.reported_pinpoints)) for c in citations]


def test_what_the_parties_cite_is_kept_apart() -> None:
    assert found(JUDGMENT) == [("", "Điều 348"), ("Điều 35", ""), ("Điều 357", "")]


def test_without_the_three_headings_of_a_judgment_nothing_is_reported() -> None:
    for changed in (
        JUDGMENT.replace("QUYẾT ĐỊNH:", "Quyết định như sau"),
        JUDGMENT.replace("NHẬN ĐỊNH CỦA TÒA ÁN", "Ý kiến"),
        JUDGMENT.replace("TÒA ÁN NHÂN DÂN HUYỆN A", "ỦY BAN NHÂN DÂN HUYỆN A"),
        JUDGMENT.replace("NỘI DUNG VỤ ÁN:", "Nội dung vụ án gồm có Điều 5"),
    ):
        assert reported_part(changed) is None
        assert all(not reported for _, reported in found(changed))
