"""With the keyboard only: every focused element is visible, and the path from a query to a căn cứ is short."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site

#: What is focused: its text, and whether a person can see that it is (an outline, inside the window).
_FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {
    name: e.tagName, href: e.getAttribute('href'),
    text: (e.innerText || e.value || e.getAttribute('aria-label') || '').trim(),
    outlined: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
    inside: r.width > 0 && r.height > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth,
  };
}"""


def _tab_to(page: Page, href: str, most: int = 60) -> None:
    """Press Tab until the link to *href* is focused, looking at each stop on the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        # The browser scrolls to what is focused and draws its outline with the next frame.
        page.wait_for_function(f"() => {{ const s = ({_FOCUSED})(); return s.outlined && s.inside; }}")
        stop = page.evaluate(_FOCUSED)
        if stop["href"] == href:
            return
    raise AssertionError(f"{href} is not reached in {most} stops")


def test_from_a_query_to_a_document_to_its_basis(visit: Visit, site: Site) -> None:
    page = visit("/")
    page.keyboard.type("45/KH-UBND")  # the box has the focus
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    _tab_to(page, f"/van-ban/{site.ids['ke-hoach']}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kế hoạch 45/KH-UBND")
    _tab_to(page, f"/van-ban/{site.ids['919']}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quyết định 919/QĐ-TTg")


def test_the_first_stop_skips_to_the_content(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['ke-hoach']}")
    page.keyboard.press("Tab")
    stop = page.evaluate(_FOCUSED)
    assert (stop["text"], stop["inside"]) == ("Đến nội dung", True)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_nodes_of_the_picture_can_be_focused(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['ke-hoach']}/luoc-do")
    page.locator(".drawing").focus()
    page.keyboard.press("Tab")
    assert re.fullmatch(r"/van-ban/\d+", page.evaluate(_FOCUSED)["href"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/van-ban/\d+$"))


def test_disclosures_and_forms_work_with_keys(visit: Visit, site: Site) -> None:
    page = visit("/duong-di")
    page.get_by_label("Từ văn bản").focus()
    page.keyboard.type("88/QĐ-UBND")
    page.keyboard.press("Tab")
    page.keyboard.type("148/QĐ-TTg")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("qua 2 bước")
    page.goto(f"/van-ban/{site.ids['18']}")
    page.get_by_text("Xem ảnh trang 1 của bản gốc").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=re.compile("^Ảnh trang 1;"))).to_be_visible()
