"""Which document a citation means: documents of one number, slips, cut names; real collisions among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.resolution.resolved import citing, keys, mentions_of
from tests.support.libraries import TINH, TTG, cite, record

BO = "Bộ Nông nghiệp và Phát triển nông thôn"


# ---------------------------------------------------------------- documents of one number


def test_one_number_of_two_years_is_two_documents(tmp_path: Path) -> None:
    plan = citing(cite("148/QĐ-TTg", "2023-02-24", TTG), cite("148/QĐ-TTg", "2025-01-16", TTG), date="2025-06-01")
    assert keys(mentions_of(tmp_path, plan)) == ["QĐ|148|QDTTG|ttg|2023", "QĐ|148|QDTTG|ttg|2025"]


@pytest.mark.parametrize(("date", "target"), [("2024-06-01", "QĐ|148|QDTTG|ttg|2023"), ("2025-06-01", None)])
def test_a_number_without_a_date_is_the_one_document_that_existed(
    tmp_path: Path, date: str, target: str | None
) -> None:
    cites = [cite("148/QĐ-TTg", "2023-02-24", TTG), cite("148/QĐ-TTg", "2025-01-16", TTG)]
    other = record("1/QĐ-UBND", "2025-03-01", "UBND tỉnh Nghệ An", cites)
    (mention,) = mentions_of(tmp_path, other, citing(cite("148/QĐ-TTg", None, TTG), date=date))
    assert mention.citation.target == target
    assert mention.state == ("settled" if target else "ambiguous")
    assert len(mention.candidates) == (0 if target else 2)


def test_a_number_without_a_symbol_is_inferred_from_the_tables_and_the_subject(tmp_path: Path) -> None:
    bare = cite(None, None, None, doc_type="Quyết định", number="148")
    ocop = "Bộ tiêu chí đánh giá, phân hạng sản phẩm mỗi xã một sản phẩm"
    (same_subject,) = mentions_of(tmp_path / "a", citing(bare, title=ocop, date="2025-06-01"), facts=True)
    assert (same_subject.state, same_subject.citation.target) == ("inferred", "QĐ|148|QDTTG|ttg|2023")
    (other_subject,) = mentions_of(tmp_path / "b", citing(bare, title="phòng cháy", date="2025-06-01"), facts=True)
    assert (other_subject.state, other_subject.target, len(other_subject.candidates)) == ("ambiguous", None, 2)
    (no_tables,) = mentions_of(tmp_path / "c", citing(bare, title=ocop))
    assert (no_tables.state, no_tables.candidates) == ("unresolved", [])


def test_one_number_of_two_provinces_is_two_documents(tmp_path: Path) -> None:
    held = [record("81/KH-UBND", "2022-03-14", issuer) for issuer in ("UBND tỉnh Đồng Tháp", TINH)]
    plan = citing(
        cite("81/KH-UBND", "2022-03-14", "UBND tỉnh"), cite("81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp")
    )
    mentions = mentions_of(tmp_path, *held, plan)
    assert keys(mentions) == ["KH|81|KHUBND|ubnd:tinh:thanh-hoa|2022", "KH|81|KHUBND|ubnd:tinh:dong-thap|2022"]
    assert mentions[0].citation.issuer_resolved == "UBND tỉnh Thanh Hóa"


def test_a_local_agency_without_a_place_is_never_taken_for_another(tmp_path: Path) -> None:
    placeless = {"doc_type": None, "kind": "other", "title": "tin"}
    first = record(None, None, None, [cite("81/KH-UBND", "2022-03-14")], **placeless)  # type: ignore[arg-type]
    second = record(None, "2023", None, [cite("81/KH-UBND", "2022-03-14")], **placeless)  # type: ignore[arg-type]
    a, b = mentions_of(tmp_path / "1", first), mentions_of(tmp_path / "2", first, second)
    assert a[0].citation.target != b[0].citation.target
    held = record("81/KH-UBND", "2022-03-14", TINH)
    (mention,) = mentions_of(tmp_path / "3", held, first)
    assert (mention.state, mention.target, len(mention.candidates)) == ("ambiguous", None, 1)


def test_numbers_with_exchanged_digits_are_two_documents(tmp_path: Path) -> None:
    plan = citing(cite("1967/CĐ-UBND", "2021-05-01", TINH), cite("1976/CĐ-UBND", "2021-05-02", TINH))
    assert len(set(keys(mentions_of(tmp_path, plan)))) == 2


def test_party_documents_of_other_types_or_terms_are_other_documents(tmp_path: Path) -> None:
    plan = citing(
        cite("66-QĐ/TW", "2017-02-06", None, doc_type="Quy định"),
        cite("66-QĐ/TW", "2017-03-01", None, doc_type="Quyết định"),
        cite("05-NQ/TW", "2016-11-01", None),
        cite("05-NQ/TW", "2021-11-01", None),
    )
    mentions = mentions_of(tmp_path, plan)
    assert len(set(keys(mentions))) == 4
    assert str(mentions[0].citation.target).startswith("QyĐ|66|QDTW|")


# ---------------------------------------------------------------- slips and short forms


def test_a_date_with_day_and_month_exchanged_is_a_conflict_and_no_other_document(tmp_path: Path) -> None:
    held = record("490/QĐ-TTg", "2018-05-07", TTG)
    (mention,) = mentions_of(tmp_path, held, citing(cite("490/QĐ-TTg", "2018-07-05", TTG)))
    assert mention.citation.target == "QĐ|490|QDTTG|ttg|2018"
    assert mention.confidence == 0.85
    assert mention.conflicts == ["date: 2018-07-05 / 2018-05-07"]


@pytest.mark.parametrize(
    ("date", "target"),
    [
        ("2019-05-07", "QĐ|490|QDTTG|ttg|2018"),
        ("2015", "QĐ|490|QDTTG|ttg|2015"),  # a year alone is no slip for a date
    ],
)
def test_a_full_date_with_another_year_may_be_a_slip_a_year_alone_is_not(
    tmp_path: Path, date: str, target: str
) -> None:
    held = record("490/QĐ-TTg", "2018-05-07", TTG)
    (mention,) = mentions_of(tmp_path, held, citing(cite("490/QĐ-TTg", date, TTG)))
    assert mention.citation.target == target


@pytest.mark.parametrize(
    ("number", "date", "target"),
    [
        ("4464/QĐ-VPĐP", "2020-11-06", "QĐ|4464|QDBNNVPDP|bnnptnt|2020"),
        ("4464/QĐ-VPĐP", "2020-11-07", "QĐ|4464|QDVPDP|bnnptnt|2020"),
        ("4464/QĐBNNVPĐP", "2020-11-06", "QĐ|4464|QDBNNVPDP|bnnptnt|2020"),
    ],
)
def test_a_symbol_with_a_part_left_out_is_the_full_one_of_the_same_day(
    tmp_path: Path, number: str, date: str, target: str
) -> None:
    full = record("1/QĐ-UBND", "2023-01-01", TINH, [cite("4464/QĐ-BNN-VPĐP", "2020-11-06", BO)])
    (mention,) = mentions_of(tmp_path, full, citing(cite(number, date, BO)))
    assert mention.citation.target == target


def test_a_shortened_symbol_lowers_the_confidence(tmp_path: Path) -> None:
    full = record("1/QĐ-UBND", "2023-01-01", TINH, [cite("4464/QĐ-BNN-VPĐP", "2020-11-06", BO)])
    (mention,) = mentions_of(tmp_path, full, citing(cite("4464/QĐ-VPĐP", "2020-11-06", BO)))
    assert mention.confidence == 0.9


def test_an_issuer_cut_at_the_end_of_a_line_is_the_full_one_of_the_same_day(tmp_path: Path) -> None:
    cut = cite("78/KH-UBND", "2023-05-12", "UBND huyện Thạch")
    full = record("78/KH-UBND", "2023-05-12", "UBND huyện Thạch Đàm")
    (mention,) = mentions_of(tmp_path / "a", full, citing(cut))
    assert mention.citation.target == "KH|78|KHUBND|ubnd:huyen:thach-dam|2023"
    assert mention.state == "inferred"
    assert mention.conflicts == ["issuer: UBND huyện Thạch / UBND huyện Thạch Đàm"]
    (other_day,) = mentions_of(tmp_path / "b", full, citing({**cut, "date": "2023-06-12"}))
    assert other_day.citation.target == "KH|78|KHUBND|ubnd:huyen:thach|2023"
    second = record("78/KH-UBND", "2023-05-12", "UBND huyện Thạch Thất")
    (two,) = mentions_of(tmp_path / "c", full, second, citing(cut))
    assert two.citation.target == "KH|78|KHUBND|ubnd:huyen:thach|2023"


def test_the_symbol_of_a_central_agency_decides_the_issuer(tmp_path: Path) -> None:
    plan = citing(cite("490/QĐ-TTg", "2018-05-07", "Chính phủ"), cite("490/QĐ-TTg", "2018-05-07"))
    assert set(keys(mentions_of(tmp_path, plan))) == {"QĐ|490|QDTTG|ttg|2018"}


def test_a_doubtful_number_of_the_cited_document_lowers_the_confidence(tmp_path: Path) -> None:
    held = record("490/QĐ-TTg", "2018-05-07", TTG, review=("so_ky_hieu",))
    (mention,) = mentions_of(tmp_path, held, citing(cite("490/QĐ-TTg", "2018-05-07", TTG)))
    assert mention.confidence == 0.7


# ---------------------------------------------------------------- laws

LAW = {"doc_type": "Luật", "title": "Tổ chức chính quyền địa phương"}


def test_a_law_cited_by_name_or_number_is_one_document(tmp_path: Path) -> None:
    plan = citing(
        cite(None, "2015-06-19", None, **LAW),
        cite("77/2015/QH13", None, None, **LAW),
        cite("77/2015/QH13", "2015-06-19", None, **LAW),
        cite(None, "2025-06-16", None, **LAW),
        cite("72/2025/QH15", None, None, **LAW),
        date="2025-08-01",
    )
    assert len(set(keys(mentions_of(tmp_path, plan, facts=True)))) == 2


@pytest.mark.parametrize(
    ("date", "target"), [("2025-08-01", "luat|72|QH15|qh|2025"), ("2020-08-01", "luat|77|QH13|qh|2015")]
)
def test_the_name_of_a_law_means_the_law_of_that_time(tmp_path: Path, date: str, target: str) -> None:
    (mention,) = mentions_of(tmp_path, citing(cite(None, None, None, **LAW), date=date), facts=True)
    assert mention.citation.target == target
