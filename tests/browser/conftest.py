"""One browser and one library for all tests of this folder; each test visits with a role and is watched.

The browser is closed after this folder: Playwright keeps an event loop running, which would disturb other tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.site import Site, opened
from tests.browser.watch import Watch

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: Set where a browser must be there (.ci/run): without one the tests then fail instead of skipping.
REQUIRED = bool(os.environ.get("BROWSER_REQUIRED"))
#: Milliseconds; a busy machine is slow, not wrong.
PATIENCE = 60_000

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
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--process-per-site"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The open site; not built where there is no browser."""
    yield from opened(Path(tmp_path_factory.mktemp("browser")))


@dataclass(slots=True)
class Visitors:
    """Browser contexts, one for each kind of visitor: one for each test would cost a process each."""

    browser: Browser
    site: Site
    kept: dict[tuple[str | None, bool], BrowserContext] = field(default_factory=dict)

    def of(self, role: str | None, javascript: bool) -> BrowserContext:
        """The context of all visitors of this kind."""
        if (role, javascript) not in self.kept:
            self.kept[role, javascript] = self.new(role, javascript)
        return self.kept[role, javascript]

    def new(self, role: str | None, javascript: bool) -> BrowserContext:
        """A new context with cookies of its own."""
        made = self.browser.new_context(
            base_url=self.site.address, locale="vi-VN", java_script_enabled=javascript, reduced_motion="reduce"
        )
        made.set_default_timeout(PATIENCE)
        if role:
            made.add_cookies([{"name": "can_cu", "value": self.site.cookies[role], "url": self.site.address}])
        return made


@pytest.fixture(scope="package")
def visitors(chromium: Browser, site: Site) -> Visitors:
    """Visitors of the open site."""
    return Visitors(chromium, site)


@pytest.fixture
def visit(visitors: Visitors, site: Site) -> Iterator[Visit]:
    """Opens a page: ``visit("/", role="kiem-tra", refusals={404}, width=390, …)``; no path, no page yet; ``alone`` for
    a visitor who signs in or out.

    ``refusals`` are the answers of 400 and above that the test means to get; any other, and whatever else a
    visitor must never meet, fails the test at its end (:class:`tests.browser.watch.Watch`).
    """
    opened: list[tuple[Page, Watch]] = []
    contexts: list[BrowserContext] = []

    def visiting(
        path: str | None = "/", *, role: str | None = None, refusals: set[int] | None = None, width: int = 1280,
        javascript: bool = True, alone: bool = False,
    ) -> Page:  # fmt: skip
        context = visitors.new(role, javascript) if alone else visitors.of(role, javascript)
        if alone:
            contexts.append(context)
        page = context.new_page()
        opened.append((page, Watch(page, site.address, refusals or set())))
        page.set_viewport_size({"width": width, "height": 900})
        if path is not None:
            page.goto(path)
        return page

    yield visiting
    for page, _ in opened:
        page.close()
    for context in contexts:
        context.close()
    met = [words for _, watch in opened for words in watch.met]
    assert met == []
