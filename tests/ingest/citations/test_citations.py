"""All steps together, on any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.so_ky_hieu import parse
from corpus.vocabulary import Relation, Zone
from ingest.citations import find_citations
from tests.ingest.citations.support import cited
from tests.ingest.layout.support import divided
from tests.support.counted_work import growth

_PIECES = st.sampled_from(
    [
        *("Quyết định số ", "Căn cứ ", "12/QĐ-UBND", " ngày ", "07/5/2018", " của ", "UBND tỉnh ", "Thanh Hóa", ";"),
        *("\n", "\f", " và ", "Luật Đất đai", "Luật sửa đổi, bổ sung một số điều của ", "(Kèm theo ", ")", " số "),
        *("Nơi nhận:", "CÔNG BÁO/Số 1/Ngày 01-01-2026 3", "Điều 1. ", "ĐIỀU LỆ\n", "-", "/", "  ", "318, 319 và "),
        *("Công văn số    ngày   tháng 3 năm 2020", "a\u0301", "Ð", "."),
    ]
)
_HOSTILE = [
    *("1", "1/", "12-", "QĐ-", "A-", "số ", "Quyết định số ", "Luật A, ", "(", "\n", "\f", "ngày 1 tháng ", "số 1, "),
    *("Luật sửa đổi, bổ sung một số điều của Luật ", "Quyết định số 12/QĐ-UBND của Sở Y tế và ", "Căn cứ Biên bản \n"),
    *("CÔNG BÁO/Số 1", "(Kèm theo Công văn ", "Căn cứ Quyết định số 1/QĐ-UBND; ", "Công văn số . . . ", "....", "Il|"),
    *("của Bộ ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"),
]


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_offsets_point_into_the_stored_text(raw: str) -> None:
    text, structure = divided(raw)
    last = -1
    for citation in find_citations(text, structure, own=parse("12/QĐ-UBND")):
        assert text[citation.start : citation.end] == citation.text
        assert citation.text
        assert citation.start > last
        last = citation.start


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_only_a_preamble_has_legal_bases(raw: str) -> None:
    for citation in cited(raw):
        if citation.is_legal_basis:
            assert (citation.zone, citation.relation) == (Zone.PREAMBLE, Relation.LEGAL_BASIS)


@pytest.mark.parametrize("unit", _HOSTILE, ids=[repr(unit[:18]) for unit in _HOSTILE])
def test_work_is_linear_in_hostile_text(unit: str) -> None:
    """``python -m bench.citations`` goes on to 1 MB, in seconds."""
    assert growth(cited, unit, 5_000, 40_000) < 2
