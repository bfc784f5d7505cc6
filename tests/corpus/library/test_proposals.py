"""Merges are proposed, never done."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.library.proposals import likely_numbers, proposals
from corpus.model import Evidence, Record
from tests.support.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def test_drafts_copies_and_other_years(tmp_path: Path) -> None:
    title = "Tổ chức Hội nghị tổng kết Chương trình mỗi xã một sản phẩm"
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        draft = library.intake.add(record(None, "2020", TINH, symbol="KH-UBND", doc_type="Kế hoạch", title=title)).id
        other = library.intake.add(record(None, "2022", TINH, symbol="KH-UBND", doc_type="Kế hoạch", title=title)).id
        signed = library.intake.add(record("12/KH-UBND", "2020-11-01", TINH, title=title)).id
        copy = library.intake.add(record("12/KH-UBND", "2020-11-01", TINH, title=title, place="sao y")).id
        library.intake.add(
            record(
                "1/QĐ-UBND", "2023-01-01", TINH,
                [cite("490/QĐ-TTg", d, TTG, title="phê duyệt Chương trình mỗi xã một sản phẩm") for d in ("2018-05-07", "2015")],
            )
        )  # fmt: skip
        before = list(library.view().dump())
        found = {(p.keep.id, p.drop.id): p.confidence for p in proposals(library.view())}
        assert found[signed, copy] == 0.95
        assert found[signed, draft] == 0.85
        assert not any(other in pair for pair in found)
        years = [p for p in proposals(library.view()) if not p.drop.held]
        assert [p.drop.date for p in years] in (["2015"], ["2018-05-07"])
        assert list(library.view().dump()) == before


def doubted(number: str, date: str = "2025-08-15") -> Record:
    found = record(number, date, TINH, title="Sửa đổi Quy chế")
    found.fields["so_ky_hieu"] = Evidence(0.2, needs_review=True, page=1, reasons=["viết tay"])
    return found


def test_a_misread_number_is_likely_that_of_the_stub_it_left_behind(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        misread = library.intake.add(doubted("140/QĐ-UBND")).id
        cites = [
            cite("640/QĐ-UBND", "2025-08-15", TINH),
            cite("641/QĐ-UBND", "2025-08-16", TINH),
            cite("642/QĐ-UBND", "2025-08-15", "UBND tỉnh Nghệ An"),
            cite("643/KH-UBND", "2025-08-15", TINH),
            cite("999/QĐ-UBND", "2025-08-15", TINH),
        ]
        library.intake.add(record("7/KH-UBND", "2025-09-01", TINH, cites))
        library.intake.add(record("8/KH-UBND", "2025-09-02", TINH, [cite("640/QĐ-UBND", "2025-08-15", TINH)]))
        found = likely_numbers(library.view(), library.view().document(misread))
        assert [(f.value, f.cited_by) for f in found] == [("640/QĐ-UBND", 2), ("999/QĐ-UBND", 1)]
        stub = found[0].id
        library.edits.correct(misread, "so_ky_hieu", found[0].value, who="lan")
        assert likely_numbers(library.view(), library.view().document(misread)) == []
        assert len(library.view().cited_by(misread)) == 2
        assert not any(s.id == stub for s in library.view().documents(held=False))


def test_a_number_that_is_sure_has_no_likely_other(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        sure = library.intake.add(record("140/QĐ-UBND", "2025-08-15", TINH, title="Sửa đổi Quy chế")).id
        alone = library.intake.add(doubted("150/QĐ-UBND", "2025-08-17")).id
        library.intake.add(record("7/KH-UBND", "2025-09-01", TINH, [cite("640/QĐ-UBND", "2025-08-15", TINH)]))
        assert likely_numbers(library.view(), library.view().document(sure)) == []
        assert likely_numbers(library.view(), library.view().document(alone)) == []
