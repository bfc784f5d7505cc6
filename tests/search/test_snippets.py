"""Passages: their page, their highlights, and that their text is the stored text."""

from __future__ import annotations

from search.highlights import Needle
from search.language.tokens import exact_keys, folded_keys
from search.snippets import WIDTH, passages


def needle(text: str, *, slop: int = 0) -> Needle:
    return Needle(tuple(folded_keys(text)), tuple(exact_keys(text)), slop=slop)


def test_a_passage_names_its_page_and_keeps_the_length_of_the_text() -> None:
    first = "Mở đầu. " * 60
    text = first + "\f" + 'Trang hai nói về uỷ ban, nhân \n\n dân tỉnh & "kế hoạch".'
    (snippet,) = passages(text, [0, len(first) + 1], [needle("ủy"), needle("ban nhân dân")])
    assert snippet.page == 2
    for shown in (snippet.text, text[snippet.start : snippet.end]):
        assert [shown[start:end].split() for start, end in snippet.highlights] == [["uỷ"], ["ban,", "nhân", "dân"]]
    assert "\n" not in snippet.text
    assert len(snippet.text) == snippet.end - snippet.start


def test_a_passage_stays_on_its_page() -> None:
    text = "trang một " * 5 + "\f" + "tập huấn"
    (snippet,) = passages(text, [0, 51], [needle("tập huấn")])
    assert (snippet.page, snippet.text) == (2, "tập huấn")


def test_passages_with_more_needles_are_chosen_and_kept_in_order() -> None:
    filler = "lời văn khác " * 60
    text = f"tập huấn {filler} tập huấn kế hoạch {filler} kế hoạch {filler} tập huấn và kế hoạch"
    found = passages(text, [0], [needle("tập huấn"), needle("kế hoạch")], limit=2)
    assert len(found) == 2
    assert found[0].start < found[1].start
    assert all(len(snippet.highlights) == 2 for snippet in found)


def test_a_text_without_needles_shows_its_beginning() -> None:
    (snippet,) = passages("một văn bản dài " * 40, [0], [needle("siêu thị")])
    assert snippet.start == 0
    assert snippet.highlights == ()
    assert len(snippet.text) <= WIDTH
    assert passages("  \n ", [0], [needle("siêu thị")]) == []


def test_a_sum_of_money_is_no_answer_to_a_number() -> None:
    text = "Tổng kinh phí 96,4 tỷ đồng, trong đó 1.096 triệu đồng. " + "Chuyện khác. " * 40 + "Theo Kế hoạch số 96."
    (snippet,) = passages(text, [0], [needle("96")])
    assert [snippet.text[start - 3 : end] for start, end in snippet.highlights] == ["số 96"]


def test_a_sentence_that_has_the_words_together_is_preferred() -> None:
    apart = "Hồ sơ gồm đơn. Hạn nộp ở Điều 3. Sản phẩm khác thì không."
    together = "Thời hạn công nhận sản phẩm là 36 tháng."
    text = apart + " Chuyện khác." * 40 + " " + together
    (snippet,) = passages(text, [0], [needle("hạn"), needle("sản phẩm")], 1)
    assert together in snippet.text
