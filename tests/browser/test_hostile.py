"""Hostile text wherever a visitor can put some: nothing runs, nothing is requested, no page becomes wider.

The watch of every visit fails on a dialog, a request off the host and a console error. These tests also check that the
text made no element and that the page is complete.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visit
from tests.browser.drafts import HOSTILE_DRAFT
from tests.browser.site import LONG_WORD, TURNED, Site
from tests.browser.test_every_page import address_of, overflowing
from tests.support.web_library import HOSTILE

#: Records calls of dialogs by injected scripts; set before anything else runs in the page.
_SPY = "window.ran = []; window.alert = window.confirm = window.prompt = text => { window.ran.push(text); };"
#: Ways out of an attribute, a script, a comment, a template and an address.
ESCAPES = (
    HOSTILE, "'\"><svg onload=alert(1)>", "javascript:alert(1)", "--><script>alert(1)</script>", "{{7*7}}${7*7}",
    "\u202e" * 50, "<!--", "]]><x>", "&lt;img src=x onerror=alert(1)&gt;", "\ufeff\u200b\u2028\u2029",
    "<a href=//xau.example>", "a\x01b\x7f",
)  # fmt: skip


def _check_unharmed(page: Page) -> None:
    assert page.evaluate("window.ran") == []
    made = page.locator("img[onerror], svg[onload], [src='x'], a[href^='javascript'], a[href*='xau.example'], x")
    assert made.count() == 0
    assert (
        page.locator("script:not([src])").evaluate_all(
            "all => all.filter(s => s.type !== 'application/ld+json').length"
        )
        == 0
    )
    expect(page.get_by_role("contentinfo")).to_be_attached()
    assert overflowing(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/van-ban/{rat-xau}", "/van-ban/{xau}", "/van-ban/{rat-xau}/luoc-do", "/van-ban/{919}/luoc-do",
        "/van-ban/{919}", "/van-ban/{919}/anh-huong", "/van-ban/{919}/duoc-dan", "/van-ban/{rat-xau}/trang/1",
        "/van-ban/{rat-xau}/sua", "/duyet", "/nhat-ky", "/nap", "/nap/{lan-nap}", "/tinh-trang",
        "/con-thieu", "/ghi-khac-nhau", "/", "/?q=919", "/?q=ngoằnngoằn", "/duong-di?a=%23{rat-xau}&b=%23{919}",
    ],
)  # fmt: skip
def test_pages_of_hostile_documents(visit: Visit, site: Site, path: str) -> None:
    page = visit(None, role="quan-tri", width=390)
    page.add_init_script(_SPY)
    page.goto(address_of(site, path))
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    _check_unharmed(page)


def test_hostile_text_in_addresses(visit: Visit) -> None:
    page = visit(None, width=390, refusals={400, 404})
    page.add_init_script(_SPY)
    for words in (*ESCAPES[:2], " ".join(ESCAPES[2:]), LONG_WORD, "a\x00b"):
        page.goto(f"/?q={quote(words[:1500])}")
        _check_unharmed(page)
    for words in (HOSTILE + TURNED, LONG_WORD):
        words = quote(words[:290])
        for path in (
            f"/?q=ocop&coquan={words}", f"/?q=ocop&tu={words}", f"/?xep={words}", f"/duong-di?a={words}&b={words}",
            f"/van-ban/{words}", f"/con-thieu?loai={words}", f"/con-thieu?xep={words}", f"/dang-nhap?toi=/{words}",
            f"/{words}", f"/?q={words}",
        ):  # fmt: skip
            page.goto(path)
            _check_unharmed(page)


def test_hostile_text_typed_and_suggested(visit: Visit) -> None:
    page = visit(None, width=390, refusals={400})
    page.add_init_script(_SPY)
    page.goto("/")
    box = page.get_by_role("combobox")
    for words in ("46/kh", "ngoằn", HOSTILE):
        box.fill("")
        with page.expect_response(lambda answer: "/api/suggest" in answer.url) as suggested:
            box.fill(words)
        expect(page.get_by_role("option")).to_have_count(len(suggested.value.json()["data"]))
        _check_unharmed(page)
    box.press("Enter")
    _check_unharmed(page)


@pytest.mark.parametrize("way", ["paste", "upload"])
def test_a_hostile_draft(visit: Visit, way: str) -> None:
    page = visit(None, width=390)
    page.add_init_script(_SPY)
    page.goto("/kiem-tra")
    if way == "paste":
        page.get_by_label("hoặc dán toàn văn dự thảo").fill(HOSTILE_DRAFT)
    else:
        file: FilePayload = {"name": f"{HOSTILE}.txt", "mimeType": "text/html", "buffer": HOSTILE_DRAFT.encode()}
        page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("status")).to_contain_text("căn cứ")
    _check_unharmed(page)


def test_hostile_names_at_sign_in_and_upload_and_in_a_correction(visit: Visit, site: Site) -> None:
    page = visit(None, width=390, refusals={401})
    page.add_init_script(_SPY)
    page.goto("/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(HOSTILE)
    page.get_by_label("Mật khẩu").fill(TURNED)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _check_unharmed(page)

    page = visit(None, role="quan-tri", width=390)
    page.add_init_script(_SPY)
    page.goto("/nap")
    body = f"Bài viết {HOSTILE} OCOP".encode()
    files: list[FilePayload] = [
        {"name": f"{HOSTILE}.txt", "mimeType": "text/plain", "buffer": body},
        {"name": f"{TURNED}{'dài' * 60}.txt", "mimeType": "text/plain", "buffer": body + b"."},
    ]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Nạp vào kho").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã đọc xong", timeout=120_000)
    assert page.locator("td a.doc").count() == 2
    _check_unharmed(page)
    page.locator("td a.doc").first.click()
    _check_unharmed(page)

    page.goto(f"/van-ban/{site.ids['ke-hoach']}/sua")
    form = page.locator("form.review").filter(has=page.get_by_label("Người ký", exact=True))
    form.get_by_role("textbox").fill(HOSTILE)
    form.get_by_role("button", name="Ghi").click()
    _check_unharmed(page)
    page.goto(f"/van-ban/{site.ids['ke-hoach']}")
    expect(page.get_by_role("main")).to_contain_text("<img src=x onerror=alert(1)>")
    _check_unharmed(page)
    page.goto("/nhat-ky")
    _check_unharmed(page)
    page.get_by_role("row").nth(1).get_by_role("button").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("đã hoàn tác")
