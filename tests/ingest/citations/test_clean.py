"""The working copy: a citation reads as one run of words, with the way back to the stored text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.citations.clean import working_copy

_PIECES = st.sampled_from(
    ["Quyết định", " ", "  ", "\n", "\f", " \n", "12", "\f 3 \n", "CÔNG BÁO/Số 1/Ngày 01-01-2026 3", "–"]
)


def test_page_numbers_and_running_heads_are_dropped() -> None:
    work = working_copy("Quyết định\n\f 12 \nsố 5/QĐ-TTg\nCÔNG BÁO/Số 1 + 2/Ngày 01-01-2026 3\nngày 1/2/2026")
    assert work.text == "Quyết định\nsố 5/QĐ-TTg\nngày 1/2/2026"


def test_a_span_leads_back_to_the_stored_text() -> None:
    text = "theo  Quyết   định \n\n số 5"
    work = working_copy(text)
    start = work.text.index("Quyết")
    begin, end = work.span(start, len(work.text))
    assert text[begin:end] == "Quyết   định \n\n số 5"
    assert work.forward(begin) == start


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_every_character_leads_back_to_one_that_it_stands_for(text: str) -> None:
    work = working_copy(text)
    places = [work.back(at) for at in range(len(work.text))]
    assert places == sorted(set(places))
    assert all(work.forward(place) == at for at, place in enumerate(places))
    for at, place in enumerate(places):
        assert work.text[at] in (text[place], " ", "\n", "-")
