"""Facets narrow results, filters can be removed, and the address can be shared."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def _total(text: str) -> int:
    found = re.match(r"([\d.]+) văn bản", text.strip())
    assert found, text
    return int(found[1].replace(".", ""))


def test_a_facet_narrows_to_its_count_and_can_be_removed(visit: Visit) -> None:
    page = visit("/?q=ocop")
    status = page.get_by_role("status")
    whole = _total(status.inner_text())
    facets = page.get_by_role("complementary")
    row = facets.locator("li").filter(has=page.get_by_role("link", name="Quyết định", exact=True)).first
    count = int(row.locator(".count").inner_text())
    assert 0 < count < whole
    row.get_by_role("link").click()
    assert _total(status.inner_text()) == count
    expect(facets.locator("a.chosen")).to_have_text("Quyết định")
    handed_on = visit(page.url)
    assert _total(handed_on.get_by_role("status").inner_text()) == count
    chips = page.get_by_role("list", name="Bộ lọc đang dùng")
    chips.get_by_role("link", name="Quyết định").click()
    assert _total(status.inner_text()) == whole
    expect(chips).to_have_count(0)


def test_all_filters_can_be_removed_at_once(visit: Visit) -> None:
    page = visit("/?q=ocop")
    facets = page.get_by_role("complementary")
    facets.get_by_role("link", name="Quyết định", exact=True).click()
    page.get_by_label("từ", exact=True).fill("2018")
    page.get_by_label("đến", exact=True).fill("2020")
    facets.get_by_role("button", name="Lọc").click()
    chips = page.get_by_role("list", name="Bộ lọc đang dùng")
    expect(chips.get_by_role("link", name="Ngày: 2018 – 2020")).to_be_visible()
    chips.get_by_role("link", name="Bỏ hết").click()
    expect(page).to_have_url(re.compile(r"/\?q=ocop$"))


def test_on_a_phone_the_facets_are_behind_a_button(visit: Visit) -> None:
    page = visit("/?q=ocop", width=390)
    link = page.get_by_role("complementary").get_by_role("link", name="Quyết định", exact=True)
    expect(link).to_be_hidden()
    page.get_by_text("Lọc kết quả").click()
    link.click()
    expect(page.get_by_role("list", name="Bộ lọc đang dùng")).to_be_visible()


def test_order_and_table_keep_the_query(visit: Visit) -> None:
    page = visit("/?q=ocop")
    page.locator(".sort").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("q=ocop&xep="))
    with page.expect_download() as download:
        page.get_by_role("link", name="tải CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "1876/QĐ-UBND" in text
