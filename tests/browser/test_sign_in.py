"""Sign-in: refused without the right password, the token or the role."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import NAMES, PASSWORD, Site


def _sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def test_a_visitor_signs_in_and_is_sent_to_the_requested_page(visit: Visit) -> None:
    page = visit("/duyet", refusals={401}, alone=True)
    expect(page).to_have_url(re.compile(r"/dang-nhap\?toi=%2Fduyet"))
    _sign_in(page, NAMES["kiem-tra"], "sai mật khẩu rồi")
    expect(page.get_by_role("alert")).to_have_text("Tên hoặc mật khẩu không đúng.")
    _sign_in(page, "không có ai", PASSWORD)
    expect(page.get_by_role("alert")).to_have_text("Tên hoặc mật khẩu không đúng.")
    _sign_in(page, NAMES["kiem-tra"], PASSWORD)
    expect(page).to_have_url(re.compile(r"/duyet$"))
    expect(page.get_by_role("banner")).to_contain_text("lan (kiểm tra)")
    page.get_by_role("button", name="Thoát").click()
    expect(page.get_by_role("banner")).not_to_contain_text("lan")
    page.goto("/duyet")
    expect(page).to_have_url(re.compile("/dang-nhap"))


@pytest.mark.parametrize("path", ["/duyet", "/nap"])
def test_a_form_without_its_token_is_refused(visit: Visit, path: str) -> None:
    page = visit(path, role="kiem-tra", refusals={403})
    page.locator("main input[name=csrf]").first.evaluate("box => { box.value = 'đoán' }")
    if path == "/nap":
        page.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.locator("main form[method=post] button[type=submit]").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Bạn không có quyền làm việc này.")


def test_a_session_that_ended_writes_nothing(visit: Visit) -> None:
    page = visit("/duyet", role="kiem-tra", refusals={401}, alone=True)
    page.context.clear_cookies()
    page.locator("form.review button").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Cần đăng nhập")


def test_only_administrators_undo_removals(visit: Visit, site: Site) -> None:
    library = site.app.state.library
    library.edits.remove(site.ids["xau"], "thử gỡ")
    page = visit("/nhat-ky", role="kiem-tra", refusals={403})
    row = page.get_by_role("row").filter(has_text="thử gỡ")
    expect(row.get_by_role("button")).to_have_count(0)
    entry = next(e.id for e in library.edits.audit() if e.reason == "thử gỡ")
    token = page.locator("input[name=csrf]").first.get_attribute("value")
    answer = page.request.post(f"/nhat-ky/{entry}/hoan-tac", form={"csrf": token or ""})
    assert answer.status == 403
    admin = visit("/nhat-ky", role="quan-tri")
    admin.get_by_role("row").filter(has_text="thử gỡ").get_by_role("button").click()
    expect(admin.get_by_role("row").filter(has_text="thử gỡ")).to_contain_text("đã hoàn tác")


def test_signed_in_users_see_a_document_of_restricted_circulation(visit: Visit, site: Site) -> None:
    page = visit(f"/van-ban/{site.ids['noi-bo']}", refusals={404})
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/?q=tuyệt đối bí ẩn")
    expect(page.get_by_role("status")).to_have_text("Không tìm thấy văn bản nào")
    page = visit("/?q=tuyệt đối bí ẩn", role="kiem-tra")
    page.get_by_role("article").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("12/TB-UBND")
