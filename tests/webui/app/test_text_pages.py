"""The text of a document page by page."""

from __future__ import annotations

from corpus.library.values import Mention
from corpus.model import Citation, Pinpoint, Record
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


def test_units_have_addresses_and_a_provision_links_to_its_own() -> None:
    text = "Điều 1. Phạm vi\n1. Theo khoản 2 Điều 5 Nghị định số 98/2018/NĐ-CP.\n\fĐiều 2. Hiệu lực\n"
    start = text.index("Nghị định")
    pinpoint = Pinpoint(text.index("khoản 2"), start, article="5", clause="2")
    cited = Citation("x", start, start + 26, relation=Relation.REFERS_TO, zone=Zone.BODY, pinpoints=[pinpoint])
    mention = Mention(1, 0, cited, 7, MentionState.SETTLED, "key", 1.0, "", [], [], None)
    first, second = text_pages(Record("a.txt", "0" * 64, 2, "text", text), [mention])
    assert '<span id="dieu-1"></span>Điều 1. Phạm vi' in first
    assert '<span id="dieu-1.khoan-1"></span>1. Theo' in first
    assert 'href="/van-ban/7#dieu-5.khoan-2"' in first
    assert second == '<span id="dieu-2"></span>Điều 2. Hiệu lực\n'
