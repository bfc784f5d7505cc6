"""Upload of a scan: reported when read, found by search, with a picture beside each value."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, expect

from corpus.samples.source import FILES
from tests.browser.conftest import Visit

SCAN = FILES / "17-cv-214-2023.pdf"


def test_a_scan_is_read_reported_and_found(visit: Visit) -> None:
    page = visit("/nap", role="kiem-tra")
    files: list[FilePayload] = [
        {"name": SCAN.name, "mimeType": "application/pdf", "buffer": SCAN.read_bytes()},
        {"name": "bảng tính.xlsx", "mimeType": "application/x", "buffer": b"PK\x05\x06" + bytes(18)},
    ]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page).to_have_url(re.compile(r"/nap/[\w-]+$"))
    # The page comes again by itself.
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã đọc xong", timeout=120_000)
    expect(page.get_by_role("row").filter(has_text=SCAN.name)).to_contain_text("214/PKT-NTM")
    expect(page.get_by_role("link", name=re.compile("^Kiểm tra lô này"))).to_be_visible()
    bad = page.get_by_role("row").filter(has_text="bảng tính.xlsx")
    expect(bad).not_to_contain_text("xem #")

    page.get_by_role("combobox").fill("214/PKT-NTM")
    page.get_by_role("combobox").press("Enter")
    first = page.get_by_role("article").first
    expect(first).to_contain_text("214/PKT-NTM")
    first.get_by_role("link").first.click()
    crops = page.get_by_role("img", name=re.compile("^Ảnh chụp chỗ in"))
    assert crops.count() >= 4
    for crop in crops.all():
        crop.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 20", arg=crop.element_handle())

    page.goto("/duyet")
    doubted = page.locator("form.review").filter(has_text="214/PKT-NTM").first
    expect(doubted.locator("img.crop")).to_be_visible()

    reader = visit("/?q=214/PKT-NTM")
    expect(reader.get_by_role("article").first).to_contain_text("214/PKT-NTM")
