"""Draft check: a wrong date is shown with the known one; nothing of the draft is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from corpus.samples.source import FILES
from tests.browser.conftest import Visit
from tests.browser.drafts import WRONG_DATE
from tests.browser.site import Site


def _shown(page: Page) -> None:
    expect(page.get_by_role("status")).to_contain_text("2 căn cứ, trong đó 1 nên xem lại")
    wrong = page.get_by_role("region", name="1. ").first
    row = wrong.locator("tr.lech")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("ngày")
    expect(row).to_contain_text("✗ khác")
    expect(row).to_contain_text("21/3/2024")
    expect(row).to_contain_text("12/3/2024")
    expect(wrong).to_contain_text("Cách ghi đầy đủ để tham khảo")


@pytest.mark.parametrize("way", ["paste", "upload"])
def test_a_wrong_date_is_shown(visit: Visit, site: Site, way: str) -> None:
    before = site.app.state.library.view().sequence()
    page = visit("/kiem-tra")
    if way == "paste":
        page.get_by_label("hoặc dán toàn văn dự thảo").fill(WRONG_DATE)
    else:
        page.locator("input[type=file]").set_input_files(
            {"name": "dự thảo.txt", "mimeType": "text/plain", "buffer": WRONG_DATE.encode()}
        )
    page.get_by_role("button", name="Kiểm tra").click()
    _shown(page)
    assert site.app.state.library.view().sequence() == before
    page.goto('/?q="phê duyệt kinh phí" 21/3/2024')
    expect(page.get_by_role("article").filter(has_text="chưa có số")).to_have_count(0)


def test_a_scanned_draft_shows_the_place_of_each_basis(visit: Visit) -> None:
    page = visit("/kiem-tra")
    page.locator("input[type=file]").set_input_files(FILES / "02-qd-1876-2018.pdf")
    page.get_by_role("button", name="Kiểm tra").click()
    crops = page.locator("img[src^='/kiem-tra/anh/']")
    expect(crops.first).to_be_visible()
    crops.first.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth > 50", arg=crops.first.element_handle())


def test_an_empty_form_is_refused(visit: Visit) -> None:
    page = visit("/kiem-tra", refusals={400})
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa có dự thảo.")


def test_the_report_fits_a_phone(visit: Visit) -> None:
    page = visit("/kiem-tra", width=390)
    page.get_by_label("hoặc dán toàn văn dự thảo").fill(WRONG_DATE)
    page.get_by_role("button", name="Kiểm tra").click()
    _shown(page)
    page.get_by_text("Bản chữ để chép").click()
    expect(page.locator("#ban-chu")).to_contain_text("dự thảo ghi 21/3/2024, đã biết 12/3/2024")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Báo cáo Word", "Báo cáo Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.startswith("kiem-tra-du-thao.")
    hidden = page.locator(".scroll").evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert max(hidden) <= 0
