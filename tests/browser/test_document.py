"""The page of a document in the browser: the first căn cứ without scrolling, evidence on request, copying."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


@pytest.mark.parametrize(("width", "height", "screens"), [(1280, 900, 1), (390, 844, 2)])
def test_the_first_basis_is_near_the_top(visit: Visit, site: Site, width: int, height: int, screens: int) -> None:
    page = visit(f"/van-ban/{site.ids['18']}", width=width, javascript=False)
    box = page.locator("#can-cu ~ ol li").first.bounding_box()
    assert box is not None
    assert box["y"] + min(box["height"], 60) <= screens * height


def test_a_link_to_a_doubtful_value_unfolds_it(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['18']}")
    row = page.locator("#muc-title")
    expect(row).not_to_be_visible()
    page.get_by_role("link", name="Trích yếu").click()
    expect(row).to_be_in_viewport()


def test_the_section_links_stay_in_sight(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['18']}", width=390, javascript=False)
    page.get_by_role("link", name="Toàn văn").click()
    expect(page.get_by_role("heading", name="Toàn văn")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Toàn văn")).to_be_in_viewport()


def test_the_citation_is_copied_or_shown(visit: Visit, site: Site) -> None:
    words = "Kế hoạch số 103/KH-UBND ngày 25/5/2023 của Ủy ban nhân dân thị xã Ngọc Trà"
    plain = visit(f"/van-ban/{site.ids['18']}", javascript=False)
    plain.get_by_text("Cách ghi đầy đủ").click()
    expect(plain.locator("#cach-ghi")).to_contain_text(words)
    expect(plain.get_by_role("button", name="Sao chép")).to_have_count(0)

    page = visit(f"/van-ban/{site.ids['18']}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Cách ghi đầy đủ").click()
    page.get_by_role("button", name="Sao chép").click()
    expect(page.get_by_role("button", name="Đã chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith(words)
