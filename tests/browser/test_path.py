"""The path between two documents: by number, after a choice, and where there is none."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


def test_the_steps_are_shown_with_their_sentences(visit: Visit) -> None:
    page = visit("/duong-di")
    page.get_by_label("Từ văn bản").fill("88/QĐ-UBND")
    page.get_by_label("đến văn bản").fill("148/QĐ-TTg")
    page.get_by_role("button", name="Tìm đường").click()
    expect(page.get_by_role("status")).to_contain_text("Đi theo chiều dẫn chiếu, qua 2 bước.")
    steps = page.locator("ol.way > li")
    expect(steps).to_have_count(3)
    expect(steps.nth(1)).to_contain_text("45/KH-UBND")
    expect(steps.nth(2).locator("blockquote")).to_contain_text("Căn cứ Quyết định số 148/QĐ-TTg")
    steps.nth(2).locator("blockquote a").click()
    expect(page.locator("#to")).to_be_in_viewport()


def test_from_a_document_the_form_asks_for_the_other_end(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['ke-hoach']}")
    page.get_by_role("link", name="Chuỗi căn cứ đến…").click()
    expect(page.get_by_label("Từ văn bản")).to_have_value(f"#{site.ids['ke-hoach']}")
    page.get_by_label("đến văn bản").fill("88/QĐ-UBND")
    page.get_by_role("button", name="Tìm đường").click()
    expect(page.locator("ol.way > li")).to_have_count(2)


def test_a_missing_path_and_an_unknown_document_are_reported(visit: Visit, site: Site) -> None:
    page = visit(f"/duong-di?a=%23{site.ids['xau']}&b=148/QĐ-TTg")
    expect(page.get_by_role("status")).to_have_text("Không có dẫn chiếu nào nối hai văn bản này.")
    page = visit("/duong-di?a=khong-co-so-nay&b=148/QĐ-TTg")
    expect(page.get_by_role("heading", name=re.compile("^Không có văn bản nào ứng với"))).to_be_visible()
