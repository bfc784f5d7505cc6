"""Review: one key accepts, a typed value corrects, the list shows who did what, and it can be undone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


def _item(page: Page, label: str, document: str) -> Locator:
    return (
        page.locator("form.review").filter(has_text=document).filter(has=page.get_by_role("heading", name=f"{label}:"))
    )


def test_a_corrected_value_is_searchable_and_can_be_undone(visit: Visit, site: Site) -> None:
    page = visit("/duyet", role="kiem-tra")
    item = _item(page, "Trích yếu", "103/KH-UBND")
    expect(item.locator("img.crop")).to_be_visible()
    item.locator("img.crop").scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth > 50", arg=item.locator("img.crop").element_handle())
    item.get_by_role("textbox").fill("Triển khai việc quất hồng bì")
    item.get_by_role("button", name="Sửa thành").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi.")
    expect(_item(page, "Trích yếu", "103/KH-UBND")).to_have_count(0)

    reader = visit("/?q=quất hồng bì")
    expect(reader.get_by_role("article").first).to_contain_text("103/KH-UBND")

    page.get_by_role("link", name="Xem nhật ký").click()
    row = page.get_by_role("row").filter(has_text="quất hồng bì").first
    for words in ("lan", "sửa trích yếu", "Kế hoạch 103/KH-UBND", "giai đoạn 2023"):
        expect(row).to_contain_text(words)
    row.get_by_role("button", name=re.compile("Hoàn tác")).click()
    expect(page.get_by_role("row").filter(has_text="quất hồng bì").first).to_contain_text("đã hoàn tác")
    reader.reload()
    expect(reader.get_by_role("status")).to_have_text("Không tìm thấy văn bản nào")
    page.goto("/duyet")
    expect(_item(page, "Trích yếu", "103/KH-UBND")).to_have_count(1)


def test_one_key_accepts_the_first_value(visit: Visit) -> None:
    page = visit("/duyet", role="kiem-tra")
    first = page.locator("form.review").first
    heading = first.get_by_role("heading").inner_text()
    document = first.get_by_role("link").first.inner_text()
    expect(first.get_by_role("button", name="Đúng (phím Enter)")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã ghi.")
    now = page.locator("form.review").first
    assert (now.get_by_role("heading").inner_text(), now.get_by_role("link").first.inner_text()) != (heading, document)
    page.goto("/nhat-ky")
    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text("chấp nhận")
    row.get_by_role("button", name=re.compile("Hoàn tác")).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("đã hoàn tác")


def test_enter_in_the_box_keeps_what_was_typed(visit: Visit, site: Site) -> None:
    page = visit("/duyet", role="kiem-tra")
    box = _item(page, "Số, ký hiệu", "103/KH-UBND").get_by_role("textbox")
    box.fill("113/KH-UBND")
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã ghi.")
    page.goto(f"/van-ban/{site.ids['18']}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kế hoạch 113/KH-UBND")
    page.goto("/nhat-ky")
    page.get_by_role("row").filter(has_text="113/KH-UBND").first.get_by_role("button").click()
    page.goto(f"/van-ban/{site.ids['18']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("số chưa rõ (có thể 103/KH-UBND)")


def test_an_impossible_value_is_refused_with_the_reason(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['18']}/sua", role="kiem-tra")
    form = page.locator("form.review").filter(has=page.get_by_label(re.compile("^Ngày")))
    form.get_by_role("textbox").fill("ngày mai")
    form.get_by_role("button", name="Ghi").click()
    expect(page.get_by_role("alert")).to_be_visible()
