"""Without JavaScript: from a query to a document, its diagram, a path and a checked draft."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.drafts import WRONG_DATE
from tests.browser.site import Site


def test_search_to_document_to_diagram_to_check(visit: Visit, site: Site) -> None:
    page = visit("/", javascript=False)
    page.get_by_label("Số hiệu hoặc từ cần tìm").fill("45/KH-UBND")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("article").first.get_by_role("link", name="Kế hoạch 45/KH-UBND").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kế hoạch 45/KH-UBND")
    bases = page.get_by_role("region", name=re.compile("^Căn cứ"))
    expect(bases.get_by_role("link", name="Quyết định 919/QĐ-TTg").first).to_be_visible()
    page.get_by_role("link", name="Lược đồ", exact=True).click()
    ours = page.get_by_role("region", name="Văn bản được dẫn")
    expect(ours.locator("a.doc").filter(has_text="Quyết định 919/QĐ-TTg")).to_be_visible()
    page.locator("svg a").filter(has_text="148/QĐ-TTg").click()
    expect(page).to_have_url(re.compile(rf"/van-ban/{site.ids['148']}$"))
    page.get_by_role("navigation", name="Mục chính").get_by_role("link", name="Kiểm tra dự thảo").click()
    page.get_by_label("hoặc dán toàn văn dự thảo").fill(WRONG_DATE)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("status")).to_contain_text("căn cứ")
    expect(page.locator("tr.lech").first).to_contain_text("ngày")


def test_facets_dates_and_page_pictures_work_without_javascript(visit: Visit, site: Site) -> None:
    page = visit("/?q=ocop", javascript=False)
    page.get_by_role("complementary").get_by_role("link", name="Quyết định", exact=True).click()
    expect(page.get_by_role("list", name="Bộ lọc đang dùng")).to_contain_text("Quyết định")
    page.goto(f"/van-ban/{site.ids['18']}")
    page.get_by_text("Xem ảnh trang 1 của bản gốc").click()
    picture = page.get_by_role("img", name=re.compile("^Ảnh trang 1;"))
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 500", arg=picture.element_handle())
