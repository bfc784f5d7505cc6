"""What is lacking, and where papers disagree."""

from __future__ import annotations

from pathlib import Path

from corpus.graph.graph import Graph
from corpus.graph.wanted import all_disagreements, disagreements, wanted
from corpus.library import Library
from tests.support.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def test_wanted_and_disagreements(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        ids = [
            library.intake.add(
                record(
                    f"{at}/KH-UBND", "2024-01-01", TINH,
                    [
                        cite("490/QĐ-TTg", "2018-07-05" if at == 1 else "2018-05-07", TTG, title="phê duyệt Chương trình"),
                        cite("5/QĐ-UBND", "2020-01-01", TINH, is_legal_basis=False, relation="dan_chieu", zone="body"),
                    ][: 1 if at == 3 else 2],
                )
            ).id
            for at in (1, 2, 3)
        ]  # fmt: skip
        graph = Graph(library.view()).refresh()
        first, second = wanted(library.view(), graph)
        assert (first.summary.so_ky_hieu, first.cited_by, first.basis_of) == ("490/QĐ-TTg", 3, 3)
        assert (first.summary.date, first.summary.issuer) == ("2018-05-07", TTG)
        assert first.conflicts == {"date": {"2018-05-07": 2, "2018-07-05": 1}}
        assert (second.summary.so_ky_hieu, second.cited_by, second.basis_of) == ("5/QĐ-UBND", 2, 0)
        (clash,) = disagreements(library.view(), first.summary.id)
        assert (clash.field, clash.own) == ("date", None)
        assert [(s.value, s.documents) for s in clash.sayings] == [("2018-05-07", ids[1:]), ("2018-07-05", ids[:1])]
        assert [c.summary.id for c in all_disagreements(library.view())] == [first.summary.id]
        library.intake.add(record("490/QĐ-TTg", "2018-05-07", TTG))
        assert [w.summary.so_ky_hieu for w in wanted(library.view(), Graph(library.view()).refresh())] == ["5/QĐ-UBND"]
        (clash,) = disagreements(library.view(), first.summary.id)
        assert clash.own == "2018-05-07"


def test_what_went_meanwhile_is_left_out(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True) as library:
        assert Graph(library.view()).refresh().rested_on([1, 10**9]) == {}
