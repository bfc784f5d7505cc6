"""One browser and one library for all tests of this folder; each test visits as somebody and is watched.

The browser ends with the folder: Playwright keeps an event loop running, which other tests must not meet.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.site import Site, opened
from tests.browser.watch import Watch

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: Set where a browser must be there (.ci/run): without one the tests then fail instead of skipping.
REQUIRED = bool(os.environ.get("BROWSER_REQUIRED"))
#: Milliseconds; a busy machine is slow, not wrong.
PATIENCE = 15_000

Visit = Callable[..., Page]


def browser_or_skip(path: str | None, *, required: bool) -> str:
    """*path*; where there is none the test skips with the reason, or fails where a browser is required."""
    if path is None:
        reason = "no Chromium on this machine: apt install chromium"
        if required:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = browser_or_skip(CHROMIUM, required=REQUIRED)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The open site; not built where there is no browser."""
    yield from opened(Path(tmp_path_factory.mktemp("browser")))


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """Opens a page in a context of its own: ``visit("/", role="kiem-tra", refusals={404}, width=390, …)``; no path, no
    page yet.

    ``refusals`` are the answers of 400 and above that the test means to get; any other, and whatever else a
    visitor must never meet, fails the test at its end (:class:`tests.browser.watch.Watch`).
    """
    opened: list[tuple[Page, Watch]] = []

    def visiting(
        path: str | None = "/", *, role: str | None = None, refusals: set[int] | None = None, width: int = 1280,
        javascript: bool = True, dark: bool = False,
    ) -> Page:  # fmt: skip
        context = chromium.new_context(
            base_url=site.address, locale="vi-VN", viewport={"width": width, "height": 900},
            java_script_enabled=javascript, color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        if role:
            context.add_cookies([{"name": "can_cu", "value": site.cookies[role], "url": site.address}])
        page = context.new_page()
        opened.append((page, Watch(page, site.address, refusals or set())))
        if path is not None:
            page.goto(path)
        return page

    yield visiting
    for page, _ in opened:
        page.context.close()
    met = [said for _, watch in opened for said in watch.met]
    assert met == []
