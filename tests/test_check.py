"""The draft check tells facts: what agrees, what differs, what is not known; it stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.check import DraftCheck, check
from corpus.graph import Graph
from corpus.store import Library
from tests.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"
TITLE = "phê duyệt Chương trình mỗi xã một sản phẩm giai đoạn 2018-2020"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "l", create=True) as opened:
        opened.add(record("134/KH-UBND", "2019-06-11", TINH, title="thực hiện Đề án năm 2019", doc_type="Kế hoạch"))
        for at in (1, 2):
            opened.add(record(f"{at}/QĐ-UBND", "2021-01-01", TINH, [cite("77/KH-UBND", "2020-03-16", TINH)]))
        yield opened


def checked(library: Library, *said: dict[str, object]) -> DraftCheck:
    draft = record(None, "2026", TINH, list(said), symbol="QĐ-UBND", title="ban hành kế hoạch")
    before = list(library.dump())
    answer = check(draft, library, Graph(library), on="2026-07-01")
    assert list(library.dump()) == before
    return answer


def verdicts(answer: DraftCheck, at: int = 0) -> dict[str, str]:
    return {f.field: f.verdict for f in answer.bases[at].fields}


def test_all_agrees(library: Library) -> None:
    answer = checked(library, cite("134/KH-UBND", "2019-06-11", "UBND tỉnh", title="thực hiện Đề án năm 2019"))
    assert set(verdicts(answer).values()) == {"khop"}
    assert answer.bases[0].source == "van_ban"
    assert answer.bases[0].suggestion is None
    assert not answer.needs_look


def test_a_misdated_decision(library: Library) -> None:
    answer = checked(library, cite("490/QĐ-TTg", "2018-07-05", "Chính phủ", title=TITLE))
    assert verdicts(answer) == {"so_ky_hieu": "khop", "date": "lech", "issuer": "lech", "title": "khop"}
    basis = answer.bases[0]
    assert basis.source == "bang"
    assert basis.suggestion == f"Quyết định số 490/QĐ-TTg ngày 07/5/2018 của {TTG} {TITLE}"
    assert answer.needs_look


def test_a_wrong_number_of_the_right_day(library: Library) -> None:
    title = "ban hành Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm"
    answer = checked(library, cite("149/QĐ-TTg", "2023-02-24", TTG, title=title))
    number = answer.bases[0].fields[0]
    assert (number.verdict, number.known) == ("lech", "148/QĐ-TTg")
    assert "148/QĐ-TTg" in str(answer.bases[0].suggestion)


def test_a_title_of_another_document(library: Library) -> None:
    answer = checked(library, cite("490/QĐ-TTg", "2018-05-07", TTG, title="tăng cường phòng cháy rừng mùa khô"))
    assert verdicts(answer)["title"] == "lech"


def test_what_nobody_knows_is_not_judged(library: Library) -> None:
    answer = checked(library, cite("4321/QĐ-UBND", "2024-02-02", TINH, title="một việc khác"))
    assert set(verdicts(answer).values()) == {"khong_ro"}
    assert answer.bases[0].suggestion is None
    assert not answer.needs_look


def test_others_cite_it_so(library: Library) -> None:
    answer = checked(library, cite("77/KH-UBND", "2020-03-17", TINH))
    assert answer.bases[0].source == "dan_chieu"
    assert answer.bases[0].votes == 2
    assert verdicts(answer)["date"] == "lech"
    again = checked(library, cite("77/KH-UBND", "2020-03-16", TINH))
    assert verdicts(again)["date"] == "khop"


def test_a_law_by_name_and_date(library: Library) -> None:
    law = {"doc_type": "Luật", "title": "Tổ chức chính quyền địa phương"}
    answer = checked(library, cite(None, "2025-06-16", None, **law), cite("72/2025/QH15", None, None, **law))
    assert verdicts(answer)["so_ky_hieu"] == "khop"
    assert verdicts(answer)["date"] == "khop"
    assert answer.repeated == [(0, 1)]


def test_a_basis_whose_time_is_over(library: Library) -> None:
    library.add(record("3/QĐ-UBND", "2021-01-01", TINH, [cite("490/QĐ-TTg", "2018-05-07", TTG)]))
    answer = checked(library, cite("490/QĐ-TTg", "2018-05-07", TTG, title=TITLE))
    basis = answer.bases[0]
    assert basis.health is not None
    assert basis.health.state == "het_giai_doan"
    assert answer.needs_look


def test_several_that_it_may_be(library: Library) -> None:
    library.add(
        record("5/QĐ-UBND", "2025-03-01", TINH, [cite("148/QĐ-TTg", d, TTG) for d in ("2023-02-24", "2025-01-16")])
    )
    answer = checked(library, cite("148/QĐ-TTg", None, TTG))
    assert answer.bases[0].state == "ambiguous"
    assert len(answer.bases[0].candidates) == 2
    assert answer.needs_look


def test_two_of_one_number_are_listed_not_picked(library: Library) -> None:
    library.add(record("134/KH-UBND", "2023-06-05", "UBND xã Đồng Mây", title="việc của xã", doc_type="Kế hoạch"))
    answer = checked(library, cite("134/KH-UBND", None, None))
    said = answer.bases[0].candidates
    assert len(said) == 2
    assert {("11/6/2019" in s, "05/6/2023" in s) for s in said} == {(True, False), (False, True)}
    assert answer.needs_look
    assert answer.bases[0].suggestion is None
    named = checked(library, cite("134/KH-UBND", "2019-06-11", TINH))
    assert named.bases[0].candidates == []


def test_a_law_that_only_the_tables_know_has_its_effect_told(library: Library) -> None:
    law = cite("77/2015/QH13", None, None, doc_type="Luật", title="Tổ chức chính quyền địa phương")
    basis = checked(library, law).bases[0]
    assert basis.id is None
    assert basis.health is not None
    assert basis.health.state == "bi_thay_the"
    assert basis.health.proofs[0].since == "2025-03-01"
    assert "72/2025/QH15" in basis.health.proofs[0].sentence


def test_what_is_only_presumed_is_a_hint(library: Library) -> None:
    library.add(record("3/QĐ-UBND", "2024-01-01", TINH, [cite("148/QĐ-TTg", "2023-02-24", TTG)]))
    basis = checked(library, cite("148/QĐ-TTg", "2023-02-24", TTG)).bases[0]
    assert basis.health is not None
    assert [h.state for h in basis.health.hints] == ["bi_thay_the"]
