"""The lược đồ: boxes of relations on both sides, opened a step at a time, and the chain as a picture and a table."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site


def test_every_node_is_a_link_and_the_table_lists_the_same(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['quyet-dinh']}/luoc-do")
    picture = page.locator(".drawing svg")
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
    expect(theirs.get_by_role("link", name="Quyết định 88/QĐ-UBND", exact=True)).to_be_visible()
    page.goto(f"/van-ban/{site.ids['919']}/anh-huong")
    expect(page.get_by_role("status")).to_contain_text("dựa trực tiếp")
    expect(page.get_by_role("row").filter(has_text="45/KH-UBND")).to_contain_text("trực tiếp")


def test_replacing_documents_stand_in_a_box_with_the_colour_of_effect(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['919']}/luoc-do", javascript=False)
    theirs = page.get_by_role("region", name="Văn bản dẫn đến văn bản này")
    expect(theirs.get_by_role("heading", name="Văn bản căn cứ vào văn bản này")).to_be_visible()
    page.goto(f"/van-ban/{site.ids['148']}/luoc-do")
    replaced = page.locator(".box.change").filter(has=page.get_by_role("heading", name="Văn bản bị thay thế"))
    expect(replaced.locator("li.spent").filter(has_text="1048/QĐ-TTg").first).to_contain_text("bị thay thế")


def test_a_step_is_opened_and_closed_by_plain_links(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['quyet-dinh']}/luoc-do", javascript=False)
    plan = page.locator(f"#trai-{site.ids['ke-hoach']}")
    expect(plan.locator(".inner")).to_have_count(0)
    plan.get_by_role("link", name="Mở thêm một bước từ Kế hoạch 45/KH-UBND").click()
    expect(page).to_have_url(re.compile(rf"trai={site.ids['ke-hoach']}#trai-{site.ids['ke-hoach']}$"))
    expect(plan.locator(".inner a.doc").filter(has_text="Quyết định 148/QĐ-TTg")).to_be_visible()
    inner = plan.locator(".inner li").filter(has_text="148/QĐ-TTg").first
    inner.get_by_role("link", name=re.compile("Mở thêm")).click()
    expect(plan.locator(".inner .inner").first).to_be_visible()
    plan.get_by_role("link", name="Thu lại từ Kế hoạch 45/KH-UBND").click()
    expect(plan.locator(".inner")).to_have_count(0)


def test_the_picture_fits_its_place_and_is_enlarged_by_a_link(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['11']}/luoc-do", javascript=False)
    box, picture = page.locator(".drawing").bounding_box(), page.locator(".drawing svg").bounding_box()
    assert box is not None
    assert picture is not None
    assert box["x"] <= picture["x"]
    assert picture["x"] + picture["width"] <= box["x"] + box["width"] + 1
    bases = page.locator("svg g.node").filter(has_text="77/2015/QH13").bounding_box()
    here = page.locator("svg g.here").bounding_box()
    assert bases is not None
    assert here is not None
    assert bases["x"] < here["x"], "bases stand to the left, as in the boxes"
    page.get_by_role("link", name="Phóng to").click()
    larger = page.locator(".drawing svg").bounding_box()
    assert larger is not None
    assert larger["width"] >= picture["width"]
    expect(page.get_by_role("link", name="Vừa khung")).to_be_visible()


def test_on_a_phone_there_is_a_list_in_place_of_the_picture(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['11']}/luoc-do", width=390)
    expect(page.locator(".drawing")).not_to_be_visible()
    expect(page.get_by_role("region", name="Danh sách các mối")).to_be_visible()
    centre, left = page.locator(".centre").bounding_box(), page.locator(".side").first.bounding_box()
    assert centre is not None
    assert left is not None
    assert centre["y"] < left["y"], "the document stands above what it cites"


def test_an_enlarged_picture_is_scrolled_to_its_document(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['11']}/luoc-do?co=lon", width=390)
    page.locator("svg g.here").scroll_into_view_if_needed()
    box, here = page.locator(".drawing").bounding_box(), page.locator("svg g.here").bounding_box()
    assert box is not None
    assert here is not None
    assert box["x"] <= here["x"]
    assert here["x"] + here["width"] <= box["x"] + box["width"]
