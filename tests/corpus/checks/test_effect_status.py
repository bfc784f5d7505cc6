"""The effect status of a document on a day: only what a source states, with its proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.checks.effect_status import BasisStatus, basis_statuses, effect_status, proofs
from corpus.graph.graph import Graph
from corpus.law import known_documents
from corpus.law.effect import period_years
from corpus.library import Library
from tests.support.libraries import cite, record, seeds

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def test_every_known_edge_joins_known_documents() -> None:
    assert len(known_documents.edges()) > 50
    assert all(known_documents.get(e.source) and known_documents.get(e.target) for e in known_documents.edges())


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("phê duyệt Chương trình mỗi xã một sản phẩm giai đoạn 2018 - 2020", ("2018", "2020")),
        ("Đề án giai đoạn 2018 – 2020, định hướng đến năm 2030", None),
        ("giai đoạn 2021-2025", ("2021", "2025")),
        ("Kế hoạch năm 2020", None),
        (None, None),
    ],
)
def test_periods(title: str | None, years: tuple[str, str] | None) -> None:
    assert period_years(title) == years


def _statuses(library: Library, graph: Graph, id: int) -> list[BasisStatus]:
    return basis_statuses(library.view(), graph, library.view().document(id), on="2026-07-01")


@pytest.mark.skipif(not seeds(), reason="needs the shared folder")
@pytest.mark.parametrize("facts", [False, True])
def test_a_basis_of_seed_four_is_a_programme_that_has_ended(tmp_path: Path, facts: bool) -> None:
    with Library.open(tmp_path / "l", create=True, facts=facts) as library:
        ids = [library.intake.add(r).id for r in seeds()]
        graph = Graph(library.view()).refresh()
        basis = {b.target.so_ky_hieu: b for b in _statuses(library, graph, ids[4])}
        assert basis["490/QĐ-TTg"].today.state == "het_giai_doan"
        assert basis["490/QĐ-TTg"].at_signing.state == "khong_ro"
        assert {b.today.state for n, b in basis.items() if n != "490/QĐ-TTg"} == {"khong_ro"}
        assert basis["134/KH-UBND"].today.words == "không đủ dữ liệu"
        for at in (0, 3):
            assert {b.today.state for b in _statuses(library, graph, ids[at])} <= {"khong_ro"}


def test_replaced_with_the_sentence_that_says_so(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        old = library.intake.add(record("10/QĐ-UBND", "2019-01-01", TINH)).id
        user = library.intake.add(record("11/QĐ-UBND", "2020-06-01", TINH, [cite("10/QĐ-UBND", "2019-01-01", TINH)])).id
        new = library.intake.add(
            record(
                "12/QĐ-UBND", "2021-01-01", TINH,
                [cite("10/QĐ-UBND", "2019-01-01", TINH, relation="thay_the", is_legal_basis=False, zone="body")],
            )
        ).id  # fmt: skip
        graph = Graph(library.view()).refresh()
        assert effect_status(library.view(), graph, old, on="2020-12-31").state == "khong_ro"
        now = effect_status(library.view(), graph, old, on="2021-01-01")
        assert now.state == "bi_thay_the"
        assert now.proofs[0].by == new
        assert library.view().indexed(old).status == "bi_thay_the"
        assert library.view().indexed(new).status == "khong_ro"
        assert "10/QĐ-UBND" in now.proofs[0].sentence
        (basis,) = basis_statuses(library.view(), graph, library.view().document(user))
        assert (basis.at_signing.state, basis.today.state) == ("khong_ro", "bi_thay_the")
        library.edits.remove(new, "thử")
        assert effect_status(library.view(), graph.refresh(), old).state == "khong_ro"


def test_a_doubtful_reading_is_a_hint(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        old = library.intake.add(record("10/QĐ-UBND", "2019-01-01", TINH)).id
        repealing = cite("10/QĐ-UBND", "2019-01-01", TINH, relation="bai_bo", is_legal_basis=False, needs_review=True)
        library.intake.add(record("12/QĐ-UBND", "2021-01-01", TINH, [repealing]))
        now = effect_status(library.view(), Graph(library.view()).refresh(), old)
        assert now.state == "khong_ro"
        assert [h.state for h in now.hints] == ["bi_bai_bo"]


def test_tables_with_their_certainty(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        citations = [
            cite("148/QĐ-TTg", "2023-02-24", TTG),
            cite("1048/QĐ-TTg", "2019-08-21", TTG),
            cite("72/2025/QH15", "2025-06-16", doc_type="Luật"),
        ]
        library.intake.add(record("1/KH-UBND", "2024-01-01", TINH, citations))
        graph = Graph(library.view()).refresh()
        criteria = next(s for s in library.view().find("148/QĐ-TTg") if s.date == "2023-02-24")
        now = effect_status(library.view(), graph, criteria.id, on="2026-07-01")
        assert now.state == "bi_sua_doi"
        assert now.proofs[0].certainty == "V"
        assert [h.state for h in now.hints] == ["bi_thay_the"]  # 26/2026 is presumed to replace it
        assert effect_status(library.view(), graph, criteria.id, on="2024-01-01").state == "khong_ro"
        older = library.view().one("1048/QĐ-TTg").id
        assert effect_status(library.view(), graph, older, on="2022-01-01").state == "bi_sua_doi"
        assert effect_status(library.view(), graph, older, on="2024-01-01").state == "bi_thay_the"
        law = library.view().one("72/2025/QH15").id
        assert not any(p.state == "con_hieu_luc" for p in proofs(library.view(), graph, law))
