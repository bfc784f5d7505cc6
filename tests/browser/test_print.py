"""Printed pages: screen elements are left out, the content is complete."""

from __future__ import annotations

import pypdfium2
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.drafts import WRONG_DATE
from tests.browser.site import Site


def _printed(data: bytes) -> tuple[int, str]:
    """Pages and text of a PDF."""
    printed = pypdfium2.PdfDocument(data)
    try:
        return len(printed), "\n".join(page.get_textpage().get_text_bounded() for page in printed)
    finally:
        printed.close()


def test_a_document_prints_without_navigation(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['18']}")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in ("banner", "contentinfo", "search"):
        expect(page.get_by_role(gone)).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    pages, text = _printed(page.pdf(format="A4"))
    assert pages >= 2
    for words in ("103/KH-UBND", "Ủy ban nhân dân thị xã Ngọc Trà", "Căn cứ"):
        assert words in text


def test_a_report_prints_completely(visit: Visit) -> None:
    page = visit("/kiem-tra")
    page.get_by_label("hoặc dán toàn văn dự thảo").fill(WRONG_DATE)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Kiểm tra")).to_have_count(0)
    pages, text = _printed(page.pdf(format="A4"))
    assert pages <= 3
    for words in ("21/3/2024", "12/3/2024", "khác", "hiệu lực hôm nay"):
        assert words in text


def test_a_diagram_prints_whole_with_its_own_document(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['11']}/luoc-do?co=lon")
    page.set_viewport_size({"width": 700, "height": 990})
    page.emulate_media(media="print")
    box, picture = page.locator(".chain").bounding_box(), page.locator(".drawing svg").bounding_box()
    assert box is not None
    assert picture is not None
    assert picture["width"] <= box["width"] + 1
    expect(page.locator("svg g.here")).to_be_visible()
    _, text = _printed(page.pdf(format="A4"))
    number = page.locator(".centre strong").inner_text().split()[-1]
    assert text.count(number) >= 3, "in the heading, in the middle and in the picture"


def test_the_sheet_for_the_case_file_is_one_page(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['18']}/phieu", javascript=False)
    page.emulate_media(media="print")
    pages, text = _printed(page.pdf(format="A4"))
    assert pages == 1
    for words in ("Phiếu tra cứu", "103/KH-UBND", "919/QĐ-TTg", "Tra ngày"):
        assert words in text
