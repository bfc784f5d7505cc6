"""Tables and products in the browser: a cell is searched and leads to its place; the register is filtered and saved."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


def test_words_in_a_cell_show_the_row_and_lead_to_it(visit: Visit) -> None:
    page = visit('/?q=bang:"mật ong bạc hà"')
    row = page.locator(".snippet").first
    expect(row).to_contain_text("Mật ong bạc hà | Hộ kinh doanh Lò Thị Mai; HTX ong Bản Phố")
    expect(row.locator("mark")).to_have_text("Mật ong bạc hà")
    row.get_by_role("link", name=re.compile("^tr")).click()
    expect(page.locator("#to")).to_have_text("Mật ong bạc hà")
    page.go_back()
    page.locator(".snippet").first.get_by_role("link", name=re.compile("^bảng")).click()
    expect(page.get_by_role("columnheader", name="Tên sản phẩm")).to_be_visible()
    expect(page.get_by_role("cell", name="Mật ong bạc hà")).to_be_visible()


def test_the_register_is_filtered_and_a_value_leads_to_its_cell(visit: Visit) -> None:
    page = visit("/san-pham")
    page.get_by_label("Hạng").select_option("4")
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_role("status").first).to_have_text("1 sản phẩm")
    page.get_by_role("link", name="Mật ong bạc hà").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mật ong bạc hà")
    page.get_by_role("link", name="4 sao").click()
    expect(page.locator("#to").first).to_have_text("Bốn (04) sao")


def test_the_register_and_a_table_are_taken_away(visit: Visit, site: Site) -> None:
    page = visit("/san-pham?sao=4")
    with page.expect_download() as started:
        page.get_by_role("link", name="tải Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")
    page.goto(f"{site.address}/van-ban/{site.ids['cong-nhan']}#bang-1")
    with page.expect_download() as started:
        page.locator("#bang-1").get_by_role("link", name="CSV").click()
    assert started.value.suggested_filename.endswith(".csv")
