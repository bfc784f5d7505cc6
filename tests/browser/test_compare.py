"""Two documents compared on the page, at 1280 and 390 pixels, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_document_to_its_comparison(visit: Visit, site: Site, width: int) -> None:
    page = visit(f"/van-ban/{site.ids['ke-hoach']}", javascript=False, width=width)
    page.get_by_role("link", name="So sánh với…").click()
    page.get_by_label("Bản cũ").fill("88/QĐ-UBND")
    page.get_by_role("button", name="So sánh").click()
    expect(page.get_by_role("status")).to_contain_text("Căn cứ: thêm 1, bỏ 1, giữ 1.")
    bases = page.get_by_role("region", name="Căn cứ")
    expect(bases.locator("a.doc").filter(has_text="148/QĐ-TTg")).to_be_visible()
    heading = page.get_by_role("heading", name=re.compile("^Nội dung"))
    text, first = heading.bounding_box(), bases.bounding_box()
    assert text is not None
    assert first is not None
    assert first["y"] < text["y"], "căn cứ come first"
    expect(page.get_by_text("45/KH-UBND").first).to_be_visible()
    page.get_by_role("link", name="Đổi chiều").click()
    expect(page.get_by_role("textbox", name="Bản mới")).to_have_value(f"#{site.ids['quyet-dinh']}")


def test_a_document_compared_with_itself_has_no_differences(visit: Visit, site: Site) -> None:
    page = visit(f"/so-sanh?a=%23{site.ids['18']}&b=%23{site.ids['18']}", javascript=False)
    expect(page.get_by_role("status")).to_contain_text("Không thấy khác nhau về nội dung.")
