"""The page of a document in the browser: the first căn cứ without scrolling, evidence on request, copying."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from corpus.record_json import parse_record
from corpus.samples.source import FILES
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
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


def test_the_first_basis_of_a_scan_is_near_the_top(visit: Visit, site: Site) -> None:
    library = site.app.state.library
    file = FILES / "13-kh-96-2023.pdf"
    id = library.intake.add(parse_record(read_record(str(file))), file, reader_version=READER_VERSION).id
    try:
        page = visit(None, javascript=False)
        for width, height, screens in ((1280, 900, 1), (390, 844, 2)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"/van-ban/{id}")
            first = page.get_by_role("region", name=re.compile("^Căn cứ")).get_by_role("listitem").first
            box = first.bounding_box()
            assert box is not None
            assert box["y"] + 24 <= screens * height, "its first line is seen"
    finally:
        library.edits.remove(id, "thử xong")
