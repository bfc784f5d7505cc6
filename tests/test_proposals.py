"""Merges are proposed, never done."""

from __future__ import annotations

from pathlib import Path

from corpus.proposals import proposals
from corpus.store import Library
from tests.libraries import cite, record

TTG = "Thủ tướng Chính phủ"
TINH = "UBND tỉnh Thanh Hóa"


def test_drafts_copies_and_other_years(tmp_path: Path) -> None:
    title = "Tổ chức Hội nghị tổng kết Chương trình mỗi xã một sản phẩm"
    with Library.open(tmp_path / "l", create=True, facts=False) as library:
        draft = library.add(record(None, "2020", TINH, symbol="KH-UBND", doc_type="Kế hoạch", title=title)).id
        other = library.add(record(None, "2022", TINH, symbol="KH-UBND", doc_type="Kế hoạch", title=title)).id
        signed = library.add(record("12/KH-UBND", "2020-11-01", TINH, title=title)).id
        copy = library.add(record("12/KH-UBND", "2020-11-01", TINH, title=title, place="sao y")).id
        library.add(
            record(
                "1/QĐ-UBND", "2023-01-01", TINH,
                [cite("490/QĐ-TTg", d, TTG, title="phê duyệt Chương trình mỗi xã một sản phẩm") for d in ("2018-05-07", "2015")],
            )
        )  # fmt: skip
        before = list(library.dump())
        found = {(p.keep.id, p.drop.id): p.confidence for p in proposals(library)}
        assert found[signed, copy] == 0.95
        assert found[signed, draft] == 0.85
        assert not any(other in pair for pair in found)
        years = [p for p in proposals(library) if not p.drop.held]
        assert [p.drop.date for p in years] in (["2015"], ["2018-05-07"])
        assert list(library.dump()) == before
