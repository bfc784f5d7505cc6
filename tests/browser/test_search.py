"""Search: a query is typed and sent, a number is found first, suggestions with JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


def test_a_query_finds_documents(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("combobox", name="Số hiệu hoặc từ cần tìm").fill("tập huấn")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page).to_have_url(re.compile(r"/\?q=t%E1%BA%ADp\+hu%E1%BA%A5n"))
    expect(page).to_have_title("tập huấn – Căn Cứ")
    hits = page.get_by_role("article")
    assert hits.count() >= 2
    expect(hits.first.locator("mark").first).to_have_text(re.compile("tập huấn|tập|huấn", re.IGNORECASE))


def test_a_query_without_diacritics_shows_the_restored_one(visit: Visit) -> None:
    page = visit("/?q=tap huan")
    expect(page.get_by_text("Đang tìm tập huấn")).to_be_visible()
    page.get_by_role("link", name="Tìm đúng chữ đã gõ").click()
    expect(page.get_by_text("Đang tìm")).to_have_count(0)


def test_a_number_finds_its_document_first(visit: Visit) -> None:
    page = visit("/?q=qd 919")
    first = page.get_by_role("article").first
    expect(first.get_by_role("link").first).to_have_text("Quyết định 919/QĐ-TTg")
    expect(first).to_contain_text("chưa có toàn văn")
    first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quyết định 919/QĐ-TTg")


def test_the_examples_are_links_that_search(visit: Visit) -> None:
    page = visit("/")
    page.locator(".examples").get_by_role("link").first.click()
    expect(page.get_by_role("article").first).to_contain_text("919/QĐ-TTg")


def test_a_passage_leads_to_its_place_in_the_text(visit: Visit) -> None:
    page = visit('/?q="tổ chức tập huấn"')
    page.locator(".snippet a").first.click()
    expect(page.locator("#to")).to_be_in_viewport()
    expect(page.locator("#to")).to_have_text(re.compile("tổ chức tập huấn", re.IGNORECASE))


def test_suggestions_appear_and_can_be_chosen_with_the_keyboard(visit: Visit, site: Site) -> None:
    page = visit("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("45/kh")
    choice = page.get_by_role("option").filter(has_text="45/KH-UBND").first
    expect(choice).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("45/kh")
    box.press_sequentially("-u")
    choice = page.get_by_role("option").filter(has_text="45/KH-UBND").first
    expect(choice).to_be_visible()
    choice.click()
    expect(page).to_have_url(re.compile(rf"/van-ban/{site.ids['ke-hoach']}$"))


def test_a_faulty_query_shows_where(visit: Visit) -> None:
    page = visit("/?q=ocop AND (gạo", refusals={400})
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("mark.fault")).to_be_visible()


def test_an_empty_result_offers_shorter_queries(visit: Visit) -> None:
    page = visit("/?q=tập huấn khongcotu")
    expect(page.get_by_role("status")).to_have_text("Không tìm thấy văn bản nào")
    page.get_by_role("link", name="Bỏ từ “khongcotu”").click()
    expect(page.get_by_role("article").first).to_be_visible()
