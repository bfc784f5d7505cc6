"""The draft check reports what agrees, what differs and what is not known; it stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.checks.draft_check import DraftCheck, FieldCheck, check
from corpus.checks.wording import in_sentence
from corpus.graph.graph import Graph
from corpus.library import Library
from corpus.model import Record
from corpus.vocabulary import Relation, Zone
from tests.support.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"
TITLE = "phê duyệt Chương trình mỗi xã một sản phẩm giai đoạn 2018-2020"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "l", create=True) as opened:
        opened.intake.add(
            record("134/KH-UBND", "2019-06-11", TINH, title="thực hiện Đề án năm 2019", doc_type="Kế hoạch")
        )
        for at in (1, 2):
            opened.intake.add(record(f"{at}/QĐ-UBND", "2021-01-01", TINH, [cite("77/KH-UBND", "2020-03-16", TINH)]))
        yield opened


def checked(library: Library, *citations: dict[str, object]) -> DraftCheck:
    draft = record(None, "2026", TINH, list(citations), symbol="QĐ-UBND", title="ban hành kế hoạch")
    before = list(library.view().dump())
    answer = check(draft, library.view(), Graph(library.view()), on="2026-07-01")
    assert list(library.view().dump()) == before
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
    library.intake.add(record("3/QĐ-UBND", "2021-01-01", TINH, [cite("490/QĐ-TTg", "2018-05-07", TTG)]))
    answer = checked(library, cite("490/QĐ-TTg", "2018-05-07", TTG, title=TITLE))
    basis = answer.bases[0]
    assert basis.effect is not None
    assert basis.effect.state == "het_giai_doan"
    assert answer.needs_look


def test_a_number_shared_by_several_documents_is_ambiguous(library: Library) -> None:
    library.intake.add(
        record("5/QĐ-UBND", "2025-03-01", TINH, [cite("148/QĐ-TTg", d, TTG) for d in ("2023-02-24", "2025-01-16")])
    )
    answer = checked(library, cite("148/QĐ-TTg", None, TTG))
    assert answer.bases[0].state == "ambiguous"
    assert len(answer.bases[0].candidates) == 2
    assert answer.needs_look


def test_two_of_one_number_are_listed_not_picked(library: Library) -> None:
    library.intake.add(
        record("134/KH-UBND", "2023-06-05", "UBND xã Đồng Mây", title="việc của xã", doc_type="Kế hoạch")
    )
    answer = checked(library, cite("134/KH-UBND", None, None))
    candidates = answer.bases[0].candidates
    assert len(candidates) == 2
    assert {("11/6/2019" in s, "05/6/2023" in s) for s in candidates} == {(True, False), (False, True)}
    assert answer.needs_look
    assert answer.bases[0].suggestion is None
    named = checked(library, cite("134/KH-UBND", "2019-06-11", TINH))
    assert named.bases[0].candidates == []


def test_a_law_known_only_from_tables_has_an_effect_status(library: Library) -> None:
    law = cite("77/2015/QH13", None, None, doc_type="Luật", title="Tổ chức chính quyền địa phương")
    basis = checked(library, law).bases[0]
    assert basis.id is None
    assert basis.effect is not None
    assert basis.effect.state == "bi_thay_the"
    assert basis.effect.proofs[0].since == "2025-03-01"
    assert "72/2025/QH15" in basis.effect.proofs[0].sentence


def test_what_is_only_presumed_is_a_hint(library: Library) -> None:
    library.intake.add(record("3/QĐ-UBND", "2024-01-01", TINH, [cite("148/QĐ-TTg", "2023-02-24", TTG)]))
    basis = checked(library, cite("148/QĐ-TTg", "2023-02-24", TTG)).bases[0]
    assert basis.effect is not None
    assert [h.state for h in basis.effect.hints] == ["bi_thay_the"]


CHANGING = "sửa đổi, bổ sung một số nội dung của Quyết định số 148/QĐ-TTg về Bộ tiêu chí và quy trình đánh giá"


def one(answer: DraftCheck, name: str) -> FieldCheck:
    return next(f for f in answer.bases[0].fields if f.field == name)


@pytest.mark.parametrize(
    ("title", "here", "verdict"),
    [
        ("phê duyệt Chương trình xây dựng nông thôn mới", CHANGING, "lech"),
        ("tăng cường phòng cháy, chữa cháy rừng mùa khô", CHANGING, "lech"),
        ("quy trình đánh giá", CHANGING, "khong_ro"),
        ("sửa đổi, bổ sung Quyết định số 148/QĐ-TTg về Bộ tiêu chí", CHANGING, "khop"),
        (TITLE, TITLE + " của tỉnh", "khop"),
        ("Đề án mỗi xã một sản phẩm giai đoạn 2018-2020", TITLE, "khong_ro"),
        ("Phê duyệt Chương trình OCOP 2018-2020", TITLE, "khop"),
    ],
)
def test_a_shortened_title_is_no_other_title(library: Library, title: str, here: str, verdict: str) -> None:
    library.intake.add(record("31/QĐ-UBND", "2022-02-02", TINH, title=here))
    answer = checked(library, cite("31/QĐ-UBND", "2022-02-02", TINH, title=title))
    assert one(answer, "title").verdict == verdict
    assert one(answer, "title").known == here


@pytest.mark.parametrize(
    ("form", "title", "written", "verdict"),
    [
        (["TM.", "KT."], "Phó Chủ tịch", "Chủ tịch UBND tỉnh Thanh Hóa", "khong_ro"),
        (["TM."], "Chủ tịch", TINH, "khop"),
        (["KT."], "Phó Chủ tịch", "Chủ tịch UBND tỉnh Thanh Hóa", "khop"),
        (["KT."], "Phó Chủ tịch", TINH, "khong_ro"),
        (["TL."], "Chánh Văn phòng", "Chủ tịch UBND tỉnh Thanh Hóa", "khong_ro"),
        (None, None, TINH, "khop"),
    ],
)
def test_the_chairman_is_not_the_committee(
    library: Library, form: list[str] | None, title: str | None, written: str, verdict: str
) -> None:
    library.intake.add(record("32/QĐ-UBND", "2022-02-02", TINH, title=TITLE, signing_form=form, signer_title=title))
    answer = checked(library, cite("32/QĐ-UBND", "2022-02-02", written))
    assert one(answer, "issuer").verdict == verdict
    assert bool(one(answer, "issuer").note) is (verdict == "khong_ro")
    head = form == ["KT."] or (form == ["TL."])
    assert ("của Chủ tịch UBND tỉnh" in str(answer.bases[0].suggestion)) is head


def test_a_type_that_its_symbol_denies(library: Library) -> None:
    answer = checked(library, cite("148/QĐ-TTg", "2023-02-24", TTG, doc_type="Nghị định"))
    kind = one(answer, "doc_type")
    assert (kind.verdict, kind.written, kind.known) == ("lech", "Nghị định", "Quyết định")
    fine = checked(library, cite("148/QĐ-TTg", "2023-02-24", TTG))
    assert "doc_type" not in verdicts(fine)
    law = checked(library, cite("72/2025/QH15", "2025-06-16", None, doc_type="Nghị định"))
    assert one(law, "doc_type").known == "Luật"


def test_a_letter_in_a_number_is_shown_as_it_was_typed(library: Library) -> None:
    draft = record(None, "2026", TINH, [cite("134/KH-UBND", "2019-06-11", TINH)], symbol="QĐ-UBND")
    typed = draft.citations[0]
    typed.text = typed.text.replace("134/", "l34/")
    answer = check(draft, library.view(), Graph(library.view()))
    number = answer.bases[0].fields[0]
    assert (number.verdict, number.written, number.known) == ("lech", "l34/KH-UBND", "134/KH-UBND")
    assert number.note == "viết “l34/KH-UBND”, hiểu là 134/KH-UBND"
    draft.source = "ocr"
    seen = check(draft, library.view(), Graph(library.view())).bases[0]
    assert seen.fields[0].verdict == "khong_ro"
    assert seen.needs_look


def test_an_issuer_that_contradicts_its_symbol_is_seen(library: Library) -> None:
    draft = record(None, "2026", TINH, [cite("148/QĐ-TTg", "2023-02-24")], symbol="QĐ-UBND")
    answer = check(draft, library.view(), Graph(library.view()), beside={0: "Bộ trưởng Bộ Tài chính"})
    assert (one(answer, "issuer").verdict, one(answer, "issuer").known) == ("lech", TTG)


def test_an_agency_without_its_place_names_none(library: Library) -> None:
    library.intake.add(
        record("134/KH-UBND", "2023-06-05", "UBND xã Đồng Mây", title="việc của xã", doc_type="Kế hoạch")
    )
    answer = checked(library, cite("134/KH-UBND", None, "UBND"))
    assert len(answer.bases[0].candidates) == 2
    assert checked(library, cite("134/KH-UBND", None, TINH)).bases[0].candidates == []


def test_what_has_the_number_is_named_where_nothing_fits(library: Library) -> None:
    answer = checked(library, cite("134/KH-UBND", "2019-06-11", "UBND xã Đồng Mây"))
    basis = answer.bases[0]
    assert basis.source is None
    assert [n.same for n in basis.near] == ["ngay"]
    assert "UBND tỉnh Thanh Hóa" in basis.near[0].words
    assert one(answer, "issuer").verdict == "lech"
    assert basis.needs_look
    other_day = checked(library, cite("134/KH-UBND", "2022-06-11", TINH)).bases[0]
    assert [n.same for n in other_day.near] == ["co_quan"]
    assert not other_day.needs_look


def test_what_replaced_it_is_named_to_its_end(library: Library) -> None:
    def replaces(number: str, day: str, old: str, old_day: str) -> Record:
        replaced = cite(old, old_day, TINH, relation="thay_the", is_legal_basis=False, zone="body")
        return record(number, day, TINH, [replaced], title=f"việc năm {day[:4]}")

    library.intake.add(replaces("41/QĐ-UBND", "2022-02-02", "40/QĐ-UBND", "2020-02-02"))
    library.intake.add(replaces("42/QĐ-UBND", "2024-02-02", "41/QĐ-UBND", "2022-02-02"))
    basis = checked(library, cite("40/QĐ-UBND", "2020-02-02", TINH)).bases[0]
    assert basis.effect is not None
    assert basis.effect.state == "bi_thay_the"
    assert [s.so_ky_hieu for s in basis.by.values()] == ["41/QĐ-UBND"]
    assert "số 42/QĐ-UBND ngày 02/02/2024" in str(basis.replacement)


def test_a_draft_without_any_basis_is_not_in_order(library: Library) -> None:
    other = cite("134/KH-UBND", "2019-06-12", TINH, relation="dan_chieu", is_legal_basis=False, zone="body")
    answer = checked(library, other)
    assert answer.bases == []
    assert answer.needs_look
    assert [e.citation.so_ky_hieu for e in answer.others] == ["134/KH-UBND"]
    assert [f.known for f in answer.others[0].fields] == ["2019-06-11"]


def test_two_scans_of_one_document_count_once(library: Library) -> None:
    citing = [cite("77/KH-UBND", "2020-03-16", TINH)]
    library.intake.add(record("1/QĐ-UBND", "2021-01-01", TINH, citing, title="bản quét khác"))
    assert checked(library, cite("77/KH-UBND", "2020-03-16", TINH)).bases[0].votes == 2


def test_a_law_is_never_asked_for_its_issuer(library: Library) -> None:
    law = cite("72/2025/QH15", "2025-06-16", None, doc_type="Luật", title="Tổ chức chính quyền địa phương")
    assert "issuer" not in verdicts(checked(library, law))


@pytest.mark.parametrize(
    ("title", "runs"),
    [
        ("Phê duyệt Đề án", "phê duyệt Đề án"),
        ("công tác văn thư", "về công tác văn thư"),
        ("Về việc giao nhiệm vụ", "về việc giao nhiệm vụ"),
        ("V/v rà soát", "về việc rà soát"),
        ("Chương trình OCOP", "về Chương trình OCOP"),
        ("Vệ sinh an toàn", "về Vệ sinh an toàn"),
    ],
)
def test_a_title_runs_on_behind_its_issuer(title: str, runs: str) -> None:
    assert in_sentence(title) == runs


def test_one_wrong_citation_does_not_outweigh_the_tables(library: Library) -> None:
    library.intake.add(record("6/QĐ-UBND", "2025-03-01", TINH, [cite("30/2020/NĐ-CP", "2021-03-05", "Chính phủ")]))
    date = one(checked(library, cite("30/2020/NĐ-CP", None, "Chính phủ")), "date")
    assert date.known == "2020-03-05"


def test_a_document_cited_once_is_shown_beside_the_stored_one_of_that_day(library: Library) -> None:
    library.intake.add(
        record("6/QĐ-UBND", "2025-03-01", TINH, [cite("134/KH-UBND", "2019-06-11", "UBND tỉnh Nghệ An")])
    )
    basis = checked(library, cite("134/KH-UBND", "2019-06-11", "UBND tỉnh Nghệ An")).bases[0]
    assert basis.source == "dan_chieu"
    assert ["UBND tỉnh Thanh Hóa" in n.words for n in basis.near] == [True]
    assert basis.needs_look


def test_the_article_that_replaces_is_no_part_of_what_it_replaces(library: Library) -> None:
    later = record("7/QĐ-UBND", "2025-03-01", TINH, [cite("134/KH-UBND", "2019-06-11", TINH)], title="việc sau")
    mention = later.citations[0]
    line = f"Điều 3. Quyết định này có hiệu lực và thay thế {mention.text}."
    mention.start = len(later.text) + line.index(mention.text)
    mention.end = mention.start + len(mention.text)
    mention.relation, mention.zone, mention.is_legal_basis = Relation.REPLACES, Zone.BODY, False
    later.text += line
    library.intake.add(later)
    basis = checked(library, cite("134/KH-UBND", "2019-06-11", TINH)).bases[0]
    assert basis.effect is not None
    assert basis.effect.state == "bi_thay_the"
    assert "7/QĐ-UBND" in str(basis.replacement)
