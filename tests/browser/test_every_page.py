"""Every page of the site is accessible, small, and fits a phone; a new page must be listed here."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.support.web_client import http_client

#: Addresses of pages with their status; names in braces are ids of documents.
PAGES: dict[str, int] = {
    "/": 200,
    "/?q=ocop": 200,
    "/?q=919": 200,
    "/?q=khongthay": 200,
    '/?q="x': 400,
    "/?q=ocop&loai=Quyết+định&xep=date": 200,
    "/van-ban/{ke-hoach}": 200,
    "/van-ban/{18}": 200,
    "/van-ban/{919}": 200,
    "/van-ban/{18}/trang/1": 200,
    "/van-ban/{11}/luoc-do": 200,
    "/van-ban/{quyet-dinh}/luoc-do?trai={ke-hoach}&co=lon": 200,
    "/van-ban/{919}/anh-huong": 200,
    "/van-ban/{919}/duoc-dan": 200,
    "/van-ban/{919}/ra-soat": 200,
    "/van-ban/{18}/phieu": 200,
    "/van-ban/{18}/chu-ky": 200,
    "/van-ban/{148}/dong-thoi-gian": 200,
    "/thong-ke": 200,
    "/tai-lieu-api": 200,
    "/tai-lieu-api?goi=document_api_documents__id__get": 200,
    "/ra-soat": 200,
    "/ra-soat?coquan=Ủy+ban+nhân+dân+tỉnh+Thanh+Hóa": 200,
    "/van-ban/{18}/sua": 200,
    "/van-ban/{18}/luu-tru": 200,
    "/so-sanh": 200,
    "/so-sanh?a=%23{quyet-dinh}&b=%23{ke-hoach}": 200,
    "/duong-di": 200,
    "/duong-di?a=88/QĐ-UBND&b=148/QĐ-TTg": 200,
    "/van-ban/{21}": 200,
    "/van-ban/{21}/bang/1": 200,
    "/van-ban/{cong-nhan}/bang/1": 200,
    "/san-pham/{cong-nhan}-1-2": 200,
    "/san-pham": 200,
    "/san-pham?sao=4&han=con-han": 200,
    "/con-thieu": 200,
    "/ghi-khac-nhau": 200,
    "/tinh-trang": 200,
    "/huong-dan": 200,
    "/kiem-tra": 200,
    "/khong-co": 404,
    "/dang-nhap": 200,
    "/duyet": 200,
    "/nap": 200,
    "/nap/{lan-nap}": 200,
    "/nhat-ky": 200,
}
#: Addresses that answer with a file, a picture or data.
FILES = (
    "/van-ban/{18}/tep-goc", "/van-ban/{18}/anh/1.png", "/van-ban/{18}/cat/title.png", "/van-ban/{919}/anh-huong.csv",
    "/van-ban/{18}/can-cu.docx", "/van-ban/{18}/can-cu.xlsx", "/ket-qua.xlsx",
    "/van-ban/{18}/tin.atom", "/tin/tim.atom?q=ocop", "/tin/co-quan.atom?coquan=UBND+tỉnh+Thanh+Hóa",
    "/van-ban/{919}/ra-soat.xlsx", "/ra-soat.xlsx?coquan=UBND+tỉnh+Thanh+Hóa",
    "/van-ban/{21}/bang.xlsx", "/van-ban/{21}/bang/1.csv", "/van-ban/{21}/bang/1.xlsx", "/san-pham.csv",
    "/san-pham.xlsx",
    "/ket-qua.csv", "/duong-di.csv?a=88/QĐ-UBND&b=148/QĐ-TTg", "/con-thieu.csv", "/ghi-khac-nhau.csv",
)  # fmt: skip
#: Addresses that are tested where there is something to ask them for: test_check.py, test_searchable_pdf.py.
ELSEWHERE = (
    "/kiem-tra/anh/{token}/{number}.png",
    "/kiem-tra/bao-cao/{token}.{kind}",
    "/van-ban/{id}/tim-duoc.pdf",
)
#: Bytes of a page with all that it loads, without pictures, uncompressed.
BUDGET = 60_000
#: Widths in pixels: a phone of today, and what WCAG 1.4.10 asks.
PHONES = (390, 320)
_AXE = """rule => axe.run(document, {resultTypes: ['violations'], ...(rule && {runOnly: [rule]})}).then(
  result => result.violations.map(
    v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 300) + ' ' + (n.any[0]?.message ?? ''))]))"""
#: Elements that are wider than the window and not inside a scrolling one.
_OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth, out = [];
  const clips = e => ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX);
  const inScroller = e => { for (; e; e = e.parentElement) if (clips(e)) return true; };
  for (const e of document.body.querySelectorAll('*')) {
    const r = e.getBoundingClientRect();
    const outside = r.width && r.height && (r.right > wide + 1 || r.left < -1);
    if (outside && !e.matches('.skip') && !inScroller(e)) out.push(e.outerHTML.slice(0, 200));
  }
  if (document.documentElement.scrollWidth > wide) out.push('the page: ' + document.documentElement.scrollWidth);
  return out;
}"""


@cache
def axe() -> str:
    """The source of axe-core."""
    found = importlib.util.find_spec("axe_core_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def findings(page: Page, rule: str = "") -> list[Any]:
    """The serious and critical findings of axe, with every disclosure opened."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    if not rule:
        page.evaluate(axe())
    return [found for found in page.evaluate(_AXE, rule) if found[0] in {"serious", "critical"}]


def overflowing(page: Page) -> list[str]:
    """The elements that are wider than the window."""
    found: list[str] = page.evaluate(_OVERFLOWING)
    return found


def address_of(site: Site, path: str) -> str:
    return re.sub(r"\{([\w-]+)\}", lambda name: str({**site.ids, "lan-nap": site.upload}[name[1]]), path)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_accessible_and_fits_a_phone(visit: Visit, site: Site, path: str) -> None:
    status, loaded = PAGES[path], Loaded()
    page = visit(None, role=None if path == "/dang-nhap" else "quan-tri", refusals={status} if status >= 400 else None)
    page.on("response", loaded.add)
    answer = page.goto(address_of(site, path))
    assert answer is not None
    assert answer.status == status

    assert loaded.kinds() >= {"document", "stylesheet", "script"}
    pictures = sum(page.locator("svg").evaluate_all("all => all.map(e => new Blob([e.outerHTML]).size)"))
    assert sum(loaded.sizes()) - pictures <= BUDGET, loaded.sizes()

    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, "color-contrast") == []
    page.emulate_media(media="print", color_scheme="light")
    assert findings(page) == []
    page.emulate_media(media="screen", color_scheme="dark")

    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflowing(page) == []


class Loaded:
    """The responses that a page loads, without images."""

    def __init__(self) -> None:
        self.responses: list[Response] = []

    def add(self, response: Response) -> None:
        if response.request.resource_type != "image":
            self.responses.append(response)

    def kinds(self) -> set[str]:
        return {r.request.resource_type for r in self.responses}

    def sizes(self) -> list[int]:
        return [len(r.body()) for r in self.responses]


def _routes(routes: list[Any]) -> Iterator[str]:
    for route in routes:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from _routes(inside.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


def test_every_page_is_listed(site: Site) -> None:
    paths = [address_of(site, p).partition("?")[0] for p in (*PAGES, *FILES)]
    routes = sorted(p for p in _routes(site.app.router.routes) if not p.startswith("/api"))
    assert len(routes) >= 20
    with http_client(site.address, {"can_cu": site.cookies["quan-tri"]}) as client:
        for path in FILES:
            answer = client.get(address_of(site, path))
            assert answer.status_code == 200, path
            assert not answer.headers["content-type"].startswith("text/html"), path
        for route in routes:
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(route))
            if route in ELSEWHERE or any(re.fullmatch(pattern, path) for path in paths):
                continue
            # Addresses without a page (health, metrics) need no test here; those that take an id must be listed.
            assert "{" not in route, f"{route} is a new address: add it to PAGES or FILES"
            kind = client.get(route).headers.get("content-type", "")
            assert not kind.startswith("text/html"), f"{route} is a new page: add it to PAGES"
