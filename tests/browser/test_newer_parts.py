"""The report of a draft, and the marks of copies: accessible, complete in print, on a phone, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.browser.conftest import Visit
from tests.browser.drafts import WRONG_DATE
from tests.browser.site import Serving
from tests.browser.test_every_page import PHONES, findings, overflowing
from tests.support.web_library import ORDER, PLAN
from webui.app.settings import Settings
from webui.web.application import create_app

MARK = "văn bản dẫn số hiệu này; các dẫn chiếu ấy đang nối với"


def check(page: Page) -> None:
    """Nothing that axe calls serious: light, dark, printed; nothing wider than a phone."""
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, "color-contrast") == []
    page.emulate_media(media="print", color_scheme="light")
    assert findings(page) == []
    page.emulate_media(media="screen")
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflowing(page) == []


def test_the_report_of_a_draft_is_accessible_and_fits_a_phone(visit: Visit) -> None:
    page = visit("/kiem-tra")
    page.get_by_label("hoặc dán toàn văn dự thảo").fill(WRONG_DATE)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("link", name="Báo cáo Word")).to_be_visible()
    check(page)


def test_the_report_of_a_draft_without_javascript(visit: Visit) -> None:
    page = visit("/kiem-tra", width=390, javascript=False)
    page.get_by_label("hoặc dán toàn văn dự thảo").fill(WRONG_DATE)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("status")).to_contain_text("2 căn cứ, trong đó 1 nên xem lại")
    page.get_by_text("Bản chữ để chép").click()
    expect(page.locator("#ban-chu")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Báo cáo Word").click()
    assert download.value.suggested_filename == "kiem-tra-du-thao.docx"


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A site that holds two copies of one document, of which one has the citations; the page of the other."""
    folder = tmp_path_factory.mktemp("copies")
    texts = {"mot.txt": PLAN, "hai.txt": PLAN.replace("Tổ chức tập huấn", "Tổ chức hai lớp tập huấn"), "ba.txt": ORDER}
    ids = []
    with Library.open(folder / "kho", create=True) as library:
        for name, text in texts.items():
            path = folder / name
            path.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(path)))
            ids.append(library.intake.add(record, path, reader_version=READER_VERSION).id)
        view = library.view()
        Search(folder / "kho", view).catch_up()
        other = next(id for id in ids[:2] if not view.cited_by(id))
    with Serving(create_app(Settings(library=folder / "kho"))) as address:
        yield address, other


@pytest.mark.parametrize("javascript", [True, False])
def test_the_page_of_a_copy_says_where_the_citations_are(
    chromium: Browser, copies: tuple[str, int], javascript: bool
) -> None:
    address, id = copies
    with chromium.new_context(base_url=address, locale="vi-VN", java_script_enabled=javascript) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"/van-ban/{id}")
        mark = page.get_by_role("region", name="Văn bản dẫn đến văn bản này").locator(".panel").filter(has_text=MARK)
        expect(mark).to_be_visible()
        page.emulate_media(media="print")
        expect(mark).to_be_visible()
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 390, "height": 800})
        assert overflowing(page) == []
        if javascript:
            check(page)
        mark.get_by_role("link").click()
        expect(page.get_by_role("region", name="Văn bản dẫn đến văn bản này")).to_contain_text("88/QĐ-UBND")
