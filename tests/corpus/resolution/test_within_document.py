"""Citations read in the context of their document: places, short forms, the document's own number."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.resolution.within_document import read_mentions
from tests.corpus.resolution.resolved import citing, keys, mentions_of
from tests.support.libraries import TINH, cite, record


def test_reading_alone_completes_the_issuer_and_finds_the_own_number() -> None:
    plan = citing(cite("5/KH-UBND", "2024-01-01", "UBND tỉnh"), cite("99/KH-UBND", "2024-06-01"))
    read_mentions(plan, facts=False)
    assert plan.citations[0].issuer_resolved == "UBND tỉnh Thanh Hóa"
    assert plan.citations[1].target == "self"


@pytest.mark.parametrize(
    "own", ["12/QĐ-UBND", "12/KH-UBND", "12/2024/NQ-HĐND", "12/TTr-UBND", "12/SYT-NVY", "12-NQ/TU"]
)
def test_the_own_number_of_a_document_is_no_citation(tmp_path: Path, own: str) -> None:
    cites = [cite(own, "2024-05-02"), cite(own), cite("13/QĐ-UBND", "2023-01-01", TINH)]
    mentions = mentions_of(tmp_path, record(own, "2024-05-02", TINH, cites))
    assert [mention.state for mention in mentions] == ["self", "self", "settled"]
    assert keys(mentions)[:2] == ["self", "self"]


def test_the_own_number_with_another_date_is_a_citation(tmp_path: Path) -> None:
    for own, cited in (("12/QĐ-UBND", "12/QĐ-UBND"), ("12/2024/NQ-HĐND", "12/2021/NQ-HĐND")):
        (mention,) = mentions_of(tmp_path / own[:2], record(own, "2024-05-02", TINH, [cite(cited, "2021-11-13", TINH)]))
        assert mention.state != "self"


def test_a_short_form_means_the_full_citation_before_it(tmp_path: Path) -> None:
    elsewhere = record(
        "1/QĐ-UBND", "2020-01-01", "UBND tỉnh Nghệ An", [cite("1689/QĐ-UBND", "2019-04-20", "UBND tỉnh Nghệ An")]
    )
    plan = citing(
        cite("1689/QĐ-UBND", "2023-04-20", "Chủ tịch UBND thị xã Nghi Sơn"),
        cite("1689/QĐ-UBND"),
        cite(None, None, None, doc_type="Quyết định", number="1689"),
    )
    mentions = mentions_of(tmp_path, elsewhere, plan)
    assert set(keys(mentions)) == {"QĐ|1689|QDUBND|ubnd:huyen:nghi-son|2023"}
    assert [mention.antecedent for mention in mentions] == [None, 0, 0]


def test_a_short_form_of_two_full_citations_stays_open(tmp_path: Path) -> None:
    plan = citing(
        cite("81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp"),
        cite("81/KH-UBND", "2023-03-14", TINH),
        cite(None, None, None, doc_type="Kế hoạch", number="81"),
    )
    assert mentions_of(tmp_path, plan)[2].target is None


def test_a_missing_issuer_is_inferred_from_the_citing_agency(tmp_path: Path) -> None:
    (mention,) = mentions_of(tmp_path, citing(cite("1726/QĐ-UBND", "2020-05-18")))
    assert mention.citation.target == "QĐ|1726|QDUBND|ubnd:tinh:thanh-hoa|2020"
    assert (mention.state, mention.confidence) == ("inferred", 0.6)


def test_a_place_in_the_title_counts_more_than_the_place_of_the_citing_agency(tmp_path: Path) -> None:
    titled = cite("5/QĐ-UBND", "2020-05-18", None, title="phê duyệt Đề án của tỉnh Nghệ An")
    (mention,) = mentions_of(tmp_path, citing(titled))
    assert mention.citation.target == "QĐ|5|QDUBND|ubnd:tinh:nghe-an|2020"
