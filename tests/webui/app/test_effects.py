"""Excerpts of sentences around a citation."""

from __future__ import annotations

import pytest

from webui.app import effects


@pytest.mark.parametrize("before", [0, 40, 400, 900])
@pytest.mark.parametrize("after", [0, 40, 400, 900])
def test_an_excerpt_is_short_and_contains_the_citation(before: int, after: int) -> None:
    cited = "Quyết định số\n45/QĐ-UBND ngày 01/02/2020"
    sentence = "ỦY BAN NHÂN DÂN " * (before // 16) + cited + " hết hiệu lực thi hành" * (after // 22)
    quote = effects.excerpt(sentence, "45/QĐ-UBND")
    assert "Quyết định số 45/QĐ-UBND ngày 01/02/2020" in quote
    assert len(quote) <= effects.MAX_QUOTE + 4
    words = " ".join(sentence.split())
    assert quote.startswith("… ") == (not words.startswith(quote.strip("… ")))
    assert quote.strip("… ") in words
    assert (quote == words) == (len(words) <= effects.MAX_QUOTE)


def test_an_excerpt_without_the_citation_begins_with_the_sentence() -> None:
    assert effects.excerpt("từ " * 300, "") == effects.excerpt("từ " * 300, "không có")
    assert effects.excerpt("từ " * 300, "không có").startswith("từ từ")
    assert effects.excerpt("a" * 1000, "x") == "a" * effects.MAX_QUOTE + " …"
