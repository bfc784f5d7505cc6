"""Which document a citation means: the real collisions, short forms, places taken from the citing document."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import identity
from corpus.library import Library
from corpus.library.values import Mention
from corpus.model import Record
from corpus.resolution.within_document import read_mentions
from tests.support.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def read(*said: dict[str, object], issuer: str = TINH, date: str = "2024-06-01", **more: object) -> Record:
    return record("99/KH-UBND", date, issuer, list(said), **more)  # type: ignore[arg-type]


def mentions_of(folder: Path, *papers: Record, facts: bool = False) -> list[Mention]:
    """The mentions of the last of *papers*, the others being held too."""
    with Library.open(folder / "l", create=True, facts=facts) as library:
        ids = [library.intake.add(p).id for p in papers]
        return library.view().mentions(ids[-1])


def keys(mentions: list[Mention]) -> list[str | None]:
    return [m.citation.target for m in mentions]


def test_148_of_2023_and_of_2025_are_two_documents(tmp_path: Path) -> None:
    said = mentions_of(
        tmp_path, read(cite("148/QĐ-TTg", "2023-02-24", TTG), cite("148/QĐ-TTg", "2025-01-16", TTG), date="2025-06-01")
    )
    assert keys(said) == ["QĐ|148|QDTTG|ttg|2023", "QĐ|148|QDTTG|ttg|2025"]


@pytest.mark.parametrize(("date", "target"), [("2024-06-01", "QĐ|148|QDTTG|ttg|2023"), ("2025-06-01", None)])
def test_148_without_a_date_is_the_only_one_there_was(tmp_path: Path, date: str, target: str | None) -> None:
    others = [record("1/QĐ-UBND", "2025-03-01", "UBND tỉnh Nghệ An", [cite("148/QĐ-TTg", d, TTG) for d in ("2023-02-24", "2025-01-16")])]  # fmt: skip
    (said,) = mentions_of(tmp_path, *others, read(cite("148/QĐ-TTg", None, TTG), date=date))
    assert said.citation.target == target
    assert said.state == ("settled" if target else "ambiguous")
    assert len(said.candidates) == (0 if target else 2)


def test_148_by_number_alone_needs_the_table_and_a_subject(tmp_path: Path) -> None:
    bare = cite(None, None, None, doc_type="Quyết định", number="148")
    ocop = "Bộ tiêu chí đánh giá, phân hạng sản phẩm mỗi xã một sản phẩm"
    (said,) = mentions_of(tmp_path, read(bare, title=ocop, date="2025-06-01"), facts=True)
    assert (said.state, said.citation.target) == ("inferred", "QĐ|148|QDTTG|ttg|2023")
    (other,) = mentions_of(tmp_path / "b", read(bare, title="phòng cháy", date="2025-06-01"), facts=True)
    assert (other.state, other.target) == ("ambiguous", None)
    assert len(other.candidates) == 2
    (none,) = mentions_of(tmp_path / "c", read(bare, title=ocop))
    assert (none.state, none.candidates) == ("unresolved", [])


def test_81_of_two_provinces(tmp_path: Path) -> None:
    papers = [
        record("81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp"),
        record("81/KH-UBND", "2022-03-14", TINH),
    ]
    said = mentions_of(
        tmp_path, *papers,
        read(cite("81/KH-UBND", "2022-03-14", "UBND tỉnh"), cite("81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp")),
    )  # fmt: skip
    assert keys(said) == ["KH|81|KHUBND|ubnd:tinh:thanh-hoa|2022", "KH|81|KHUBND|ubnd:tinh:dong-thap|2022"]
    assert said[0].citation.issuer_resolved == "UBND tỉnh Thanh Hóa"


def test_a_local_agency_without_a_place_is_nobody_elses(tmp_path: Path) -> None:
    placeless = {"doc_type": None, "kind": "other", "title": "tin"}
    paper = record(None, None, None, [cite("81/KH-UBND", "2022-03-14")], **placeless)  # type: ignore[arg-type]
    again = record(None, "2023", None, [cite("81/KH-UBND", "2022-03-14")], **placeless)  # type: ignore[arg-type]
    a, b = mentions_of(tmp_path / "1", paper), mentions_of(tmp_path / "2", paper, again)
    assert a[0].citation.target != b[0].citation.target  # each its own stub
    held = record("81/KH-UBND", "2022-03-14", TINH)
    (said,) = mentions_of(tmp_path / "3", held, paper)
    assert (said.state, said.target, len(said.candidates)) == ("ambiguous", None, 1)


def test_1967_and_1976_are_two_telegrams(tmp_path: Path) -> None:
    said = mentions_of(
        tmp_path, read(cite("1967/CĐ-UBND", "2021-05-01", TINH), cite("1976/CĐ-UBND", "2021-05-02", TINH))
    )
    assert len(set(keys(said))) == 2


def test_490_misdated_is_490_with_a_conflict(tmp_path: Path) -> None:
    true = record("490/QĐ-TTg", "2018-05-07", TTG)
    (said,) = mentions_of(tmp_path, true, read(cite("490/QĐ-TTg", "2018-07-05", TTG)))
    assert said.citation.target == "QĐ|490|QDTTG|ttg|2018"
    assert said.confidence == 0.85
    assert said.conflicts == ["date: 2018-07-05 / 2018-05-07"]
    (slip,) = mentions_of(tmp_path / "2", true, read(cite("490/QĐ-TTg", "2019-05-07", TTG)))
    assert slip.citation.target == "QĐ|490|QDTTG|ttg|2018"
    (year,) = mentions_of(tmp_path / "3", true, read(cite("490/QĐ-TTg", "2015", TTG)))
    assert year.citation.target == "QĐ|490|QDTTG|ttg|2015"  # a year alone is no slip of a date


def test_66_qd_tw_is_a_quy_dinh_and_other_terms_are_other_documents(tmp_path: Path) -> None:
    said = mentions_of(
        tmp_path,
        read(
            cite("66-QĐ/TW", "2017-02-06", None, doc_type="Quy định"),
            cite("66-QĐ/TW", "2017-03-01", None, doc_type="Quyết định"),
            cite("05-NQ/TW", "2016-11-01", None),
            cite("05-NQ/TW", "2021-11-01", None),
        ),
    )
    assert len(set(keys(said))) == 4
    assert str(said[0].citation.target).startswith("QyĐ|66|QDTW|")


@pytest.mark.parametrize(
    "own", ["12/QĐ-UBND", "12/KH-UBND", "12/2024/NQ-HĐND", "12/TTr-UBND", "12/SYT-NVY", "12-NQ/TU"]
)
def test_its_own_number_is_no_citation(tmp_path: Path, own: str) -> None:
    paper = record(
        own, "2024-05-02", TINH, [cite(own, "2024-05-02"), cite(own), cite("13/QĐ-UBND", "2023-01-01", TINH)]
    )
    said = mentions_of(tmp_path, paper)
    assert [m.state for m in said] == ["self", "self", "settled"]
    assert keys(said)[:2] == ["self", "self"]
    other = record(own, "2024-05-02", TINH, [cite(own.replace("2024", "2021"), "2021-11-13", TINH)])
    assert mentions_of(tmp_path / "b", other)[0].state != "self"


def test_a_short_form_means_the_full_one_of_the_same_document(tmp_path: Path) -> None:
    said = mentions_of(
        tmp_path,
        record(
            "1/QĐ-UBND", "2020-01-01", "UBND tỉnh Nghệ An", [cite("1689/QĐ-UBND", "2019-04-20", "UBND tỉnh Nghệ An")]
        ),
        read(
            cite("1689/QĐ-UBND", "2023-04-20", "Chủ tịch UBND thị xã Nghi Sơn"),
            cite("1689/QĐ-UBND"),
            cite(None, None, None, doc_type="Quyết định", number="1689"),
        ),
    )
    assert set(keys(said)) == {"QĐ|1689|QDUBND|ubnd:huyen:nghi-son|2023"}
    assert [m.antecedent for m in said] == [None, 0, 0]


def test_two_full_ones_leave_the_short_form_open(tmp_path: Path) -> None:
    said = mentions_of(
        tmp_path,
        read(cite("81/KH-UBND", "2022-03-14", "UBND tỉnh Đồng Tháp"), cite("81/KH-UBND", "2023-03-14", TINH), cite(None, None, None, doc_type="Kế hoạch", number="81")),
    )  # fmt: skip
    assert said[2].target is None


def test_a_ky_hieu_cut_short_is_an_alias_on_the_same_day(tmp_path: Path) -> None:
    bo = "Bộ Nông nghiệp và Phát triển nông thôn"
    whole = record("1/QĐ-UBND", "2023-01-01", TINH, [cite("4464/QĐ-BNN-VPĐP", "2020-11-06", bo)])
    (said,) = mentions_of(tmp_path, whole, read(cite("4464/QĐ-VPĐP", "2020-11-06", bo)))
    assert said.citation.target == "QĐ|4464|QDBNNVPDP|bnnptnt|2020"
    assert said.confidence == 0.9
    (other,) = mentions_of(tmp_path / "b", whole, read(cite("4464/QĐ-VPĐP", "2020-11-07", bo)))
    assert other.citation.target == "QĐ|4464|QDVPDP|bnnptnt|2020"
    (lost,) = mentions_of(tmp_path / "c", whole, read(cite("4464/QĐBNNVPĐP", "2020-11-06", bo)))
    assert lost.citation.target == "QĐ|4464|QDBNNVPDP|bnnptnt|2020"


def test_no_issuer_is_taken_from_the_citing_agency_and_marked(tmp_path: Path) -> None:
    (said,) = mentions_of(tmp_path, read(cite("1726/QĐ-UBND", "2020-05-18")))
    assert said.citation.target == "QĐ|1726|QDUBND|ubnd:tinh:thanh-hoa|2020"
    assert (said.state, said.confidence) == ("inferred", 0.6)
    titled = cite("5/QĐ-UBND", "2020-05-18", None, title="phê duyệt Đề án của tỉnh Nghệ An")
    (named,) = mentions_of(tmp_path / "b", read(titled))
    assert named.citation.target == "QĐ|5|QDUBND|ubnd:tinh:nghe-an|2020"


def test_a_law_is_one_document_however_it_is_named(tmp_path: Path) -> None:
    law = {"doc_type": "Luật", "title": "Tổ chức chính quyền địa phương"}
    said = mentions_of(
        tmp_path,
        read(
            cite(None, "2015-06-19", None, **law),
            cite("77/2015/QH13", None, None, **law),
            cite("77/2015/QH13", "2015-06-19", None, **law),
            cite(None, "2025-06-16", None, **law),
            cite("72/2025/QH15", None, None, **law),
            date="2025-08-01",
        ),
        facts=True,
    )
    assert len(set(keys(said))) == 2
    (latest,) = mentions_of(tmp_path / "b", read(cite(None, None, None, **law), date="2025-08-01"), facts=True)
    assert latest.citation.target == "luat|72|QH15|qh|2025"
    (then,) = mentions_of(tmp_path / "c", read(cite(None, None, None, **law), date="2020-08-01"), facts=True)
    assert then.citation.target == "luat|77|QH13|qh|2015"


def test_central_symbols_settle_the_issuer(tmp_path: Path) -> None:
    said = mentions_of(tmp_path, read(cite("490/QĐ-TTg", "2018-05-07", "Chính phủ"), cite("490/QĐ-TTg", "2018-05-07")))
    assert set(keys(said)) == {"QĐ|490|QDTTG|ttg|2018"}


def test_a_doubtful_number_of_a_held_paper_lowers_confidence(tmp_path: Path) -> None:
    held = record("490/QĐ-TTg", "2018-05-07", TTG, review=("so_ky_hieu",))
    (said,) = mentions_of(tmp_path, held, read(cite("490/QĐ-TTg", "2018-05-07", TTG)))
    assert said.confidence == 0.7


def test_slips_and_parts_of_symbols() -> None:
    assert identity.one_slip("2018-07-05", "2018-05-07")
    assert identity.one_slip("2019-05-07", "2018-05-07")
    assert not identity.one_slip("2023-02-24", "2025-01-16")
    assert not identity.one_slip("2018", "2019")
    assert identity.within_symbol("QĐ-VPĐP", "QĐ-BNN-VPĐP")
    assert identity.within_symbol("QĐ-UBND", "QĐ-UBND-HC")
    assert not identity.within_symbol("QĐ-UBND", "KH-UBND-HC")


def test_reading_alone_fills_the_resolved_issuer() -> None:
    paper = read(cite("5/KH-UBND", "2024-01-01", "UBND tỉnh"), cite("99/KH-UBND", "2024-06-01"))
    read_mentions(paper, facts=False)
    assert paper.citations[0].issuer_resolved == "UBND tỉnh Thanh Hóa"
    assert paper.citations[1].target == "self"


def test_a_name_cut_at_the_end_of_a_line_is_the_fuller_one_of_that_day_and_told(tmp_path: Path) -> None:
    cut = cite("78/KH-UBND", "2023-05-12", "UBND huyện Thạch")
    whole = record("78/KH-UBND", "2023-05-12", "UBND huyện Thạch Đàm")
    (said,) = mentions_of(tmp_path / "a", whole, read(cut))
    assert said.citation.target == "KH|78|KHUBND|ubnd:huyen:thach-dam|2023"
    assert said.state == "inferred"
    assert said.conflicts == ["issuer: UBND huyện Thạch / UBND huyện Thạch Đàm"]
    (other,) = mentions_of(tmp_path / "b", whole, read({**cut, "date": "2023-06-12"}))
    assert other.citation.target == "KH|78|KHUBND|ubnd:huyen:thach|2023"
    two = record("78/KH-UBND", "2023-05-12", "UBND huyện Thạch Thất")
    (open_,) = mentions_of(tmp_path / "c", whole, two, read(cut))
    assert open_.citation.target == "KH|78|KHUBND|ubnd:huyen:thach|2023"
