"""The số ký hiệu that a doubtful one may be, by what other documents cite."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from corpus.library.likely_numbers import likely_numbers
from corpus.model import Evidence, Record
from tests.support.libraries import TINH, cite, record


def with_doubtful_number(number: str, date: str = "2025-08-15") -> Record:
    """A decision whose number was read with doubt."""
    found = record(number, date, TINH, title="Sửa đổi Quy chế")
    found.fields["so_ky_hieu"] = Evidence(0.2, needs_review=True, page=1, reasons=["viết tay"])
    return found


def test_numbers_cited_with_the_same_day_issuer_and_symbol_are_offered(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        misread = library.intake.add(with_doubtful_number("140/QĐ-UBND")).id
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


def test_nothing_is_offered_for_a_sure_number_or_where_no_citation_fits(tmp_path: Path) -> None:
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        sure = library.intake.add(record("140/QĐ-UBND", "2025-08-15", TINH, title="Sửa đổi Quy chế")).id
        alone = library.intake.add(with_doubtful_number("150/QĐ-UBND", "2025-08-17")).id
        library.intake.add(record("7/KH-UBND", "2025-09-01", TINH, [cite("640/QĐ-UBND", "2025-08-15", TINH)]))
        assert likely_numbers(library.view(), library.view().document(sure)) == []
        assert likely_numbers(library.view(), library.view().document(alone)) == []
