"""The diagram: two columns, a picture whose nodes are links, and a table with the same."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


def test_every_node_is_a_link_and_the_table_lists_the_same(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['quyet-dinh']}/luoc-do")
    picture = page.locator("svg").first
    expect(picture).to_be_visible()
    nodes = picture.locator("g.node")
    links = picture.locator("g.node a[href^='/van-ban/']")
    assert nodes.count() == links.count() >= 4
    drawn = set(links.evaluate_all("all => all.map(a => a.getAttribute('href'))"))
    page.get_by_text("Đọc hình bằng chữ").click()
    table = page.get_by_role("region", name="Danh sách các mối")
    expect(table).to_be_visible()
    words = set(table.locator("a.doc").evaluate_all("all => all.map(a => a.getAttribute('href'))"))
    assert words == drawn
    assert table.get_by_role("row").count() - 1 == picture.locator("g.edge").count()


def test_documents_not_held_are_dashed_and_nodes_are_links(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['ke-hoach']}/luoc-do")
    stub = page.locator("svg g.stub").filter(has_text="919/QĐ-TTg")
    expect(stub.locator("polygon")).to_have_attribute("stroke-dasharray", re.compile(r"\d"))
    expect(page.locator("svg g.held polygon").first).not_to_have_attribute("stroke-dasharray", re.compile(r"\d"))
    page.locator("svg a").filter(has_text="88/QĐ-UBND").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("88/QĐ-UBND")


def test_documents_based_on_one_are_in_the_other_column(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['ke-hoach']}/luoc-do")
    theirs = page.get_by_role("region", name="Văn bản dẫn đến văn bản này")
    expect(theirs.get_by_role("link", name="Quyết định 88/QĐ-UBND")).to_be_visible()
    page.goto(f"/van-ban/{site.ids['919']}/anh-huong")
    expect(page.get_by_role("status")).to_contain_text("dựa trực tiếp")
    expect(page.get_by_role("row").filter(has_text="45/KH-UBND")).to_contain_text("trực tiếp")


def test_a_wide_picture_is_scrolled_to_its_document(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['11']}/luoc-do", width=390)
    page.locator("svg g.here").scroll_into_view_if_needed()
    box, here = page.locator(".drawing").bounding_box(), page.locator("svg g.here").bounding_box()
    assert box is not None
    assert here is not None
    assert box["x"] <= here["x"]
    assert here["x"] + here["width"] <= box["x"] + box["width"]
    bases = page.locator("svg g.node").filter(has_text="77/2015/QH13").bounding_box()
    assert bases is not None
    assert bases["x"] < here["x"], "bases stand to the left, as in the columns"
