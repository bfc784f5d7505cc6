"""The text of a document page by page."""

from __future__ import annotations

from corpus.library.values import Mention
from corpus.model import Citation, Record
from corpus.vocabulary import MentionState, Relation, Zone
from webui.app.text_pages import text_page, text_pages


def test_each_page_has_its_own_links_and_one_page_equals_the_same_of_all() -> None:
    pages = [f"Theo Quyết định số {n}/QĐ-TTg ngày 01/8/2022." for n in range(1, 2_001)]
    text = "\f".join(pages)
    made: list[Mention] = []
    at = 0
    for page in pages:
        start = at + len("Theo ")
        cited = Citation(
            text[start : at + len(page) - 1], start, at + len(page) - 1, relation=Relation.REFERS_TO, zone=Zone.BODY
        )
        made.append(Mention(1, len(made), cited, 7, MentionState.SETTLED, "key", 1.0, "", [], [], None))
        at += len(page) + 1
    across = Citation("x", 3, len(pages[0]) + 9, relation=Relation.REFERS_TO, zone=Zone.BODY)
    record = Record("a.txt", "0" * 64, len(pages), "text", text)
    laid = text_pages(record, [Mention(1, 9_999, across, 7, MentionState.SETTLED, "key", 1.0, "", [], [], None), *made])
    assert [page.count("<a ") for page in laid] == [1] * len(pages)
    assert text_page(record, made, 1_500) == laid[1_499]
