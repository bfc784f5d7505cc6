"""The pages in a real browser: accessibility of every page, hostile text that stays text, nothing asked elsewhere.

Uses the system's Chromium headless; skips with its reason where there is none.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.web_library import HOSTILE, build
from webui.app import create_app
from webui.settings import Settings
from webui.users import Users

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium")

PAGES = (
    "/", "/?q=ocop", "/?q=919", "/?q=khongthay", '/?q="x', "/van-ban/{plan}", "/van-ban/{stub}", "/van-ban/{plan}/luoc-do",
    "/van-ban/{stub}/anh-huong", "/duong-di?a=88/QĐ-UBND&b=148/QĐ-TTg", "/con-thieu", "/ghi-khac-nhau", "/tinh-trang",
    "/huong-dan", "/kiem-tra", "/khong-co", "/dang-nhap", "/duyet", "/nap", "/nhat-ky", "/van-ban/{plan}/sua",
)  # fmt: skip
#: Bytes of a page with its stylesheet and script, pictures aside.
BUDGET = 60_000


class WithAxe:
    """Adds axe-core to every page and lets it run, for the test alone; ``cookie`` signs in."""

    def __init__(self, app: ASGIApp, cookie: str) -> None:
        found = importlib.util.find_spec("axe_core_python")
        assert found is not None
        assert found.origin is not None
        self.axe = (Path(found.origin).parent / "axe.min.js").read_bytes()
        self.app = app
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/"):
            await self.app(scope, receive, send)
            return
        if scope["path"] == "/axe.js":
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/javascript")]}
            )
            await send({"type": "http.response.body", "body": self.axe})
            return
        if scope["path"] != "/dang-nhap":
            scope["headers"] = [*scope["headers"], (b"cookie", f"can_cu={self.cookie}".encode())]
        start: Message = {}

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            headers = MutableHeaders(scope=start)
            body = message.get("body", b"")
            if headers.get("content-type", "").startswith("text/html"):
                del headers["content-security-policy"]
                body = body.replace(
                    b"</body>",
                    b"<script src=/axe.js></script><script>document.querySelectorAll('details').forEach(d=>d.open=true);"
                    b"axe.run().then(r=>{const p=document.createElement('pre');p.id='axe';p.textContent="
                    b"JSON.stringify(r.violations.map(v=>[v.impact,v.id,v.nodes[0].html]));document.body.append(p)})"
                    b"</script></body>",
                )
                headers["content-length"] = str(len(body))
            if start:
                await send(start)
                start = {}
            await send({**message, "body": body})

        await self.app(scope, receive, sending)


class Serving:
    """An application on a free port of this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.05)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)


def dom(address: str, *options: str) -> str:
    """The page as the browser has it after its scripts ran."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000", *options, "--dump-dom", address],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout.decode()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("browser")
    return folder / "kho", build(folder / "kho", folder / "tep")


@pytest.fixture(scope="module")
def plain(library: tuple[Path, dict[str, int]]) -> Iterator[str]:
    with Serving(create_app(Settings(library=library[0]))) as address:
        yield address


@pytest.fixture(scope="module")
def with_axe(library: tuple[Path, dict[str, int]]) -> Iterator[str]:
    users = Users(library[0])
    users.add("lan", "mật khẩu rất dài", "quan-tri")
    cookie = users.sign_in("lan", "mật khẩu rất dài", "")
    users.close()
    assert cookie is not None
    with Serving(WithAxe(create_app(Settings(library=library[0])), cookie)) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_accessibility_finding(
    with_axe: str, library: tuple[Path, dict[str, int]], path: str
) -> None:
    where = path.format(plan=library[1]["ke-hoach"], stub=library[1]["919"])
    found = re.search(r'<pre id="axe">(.*?)</pre>', dom(with_axe + where), re.DOTALL)
    assert found, "axe did not run"
    findings = [v for v in json.loads(unescape(found[1])) if v[0] in {"serious", "critical"}]
    assert findings == []


def test_colours_have_contrast_in_the_dark_too(with_axe: str, library: tuple[Path, dict[str, int]]) -> None:
    for path in ("/?q=ocop", f"/van-ban/{library[1]['quyet-dinh']}"):
        found = re.search(
            r'<pre id="axe">(.*?)</pre>', dom(with_axe + path, "--blink-settings=preferredColorScheme=0"), re.DOTALL
        )
        assert found
        assert [v for v in json.loads(unescape(found[1])) if v[1] == "color-contrast"] == []


def test_hostile_text_makes_no_element_and_runs_nothing(plain: str, library: tuple[Path, dict[str, int]]) -> None:
    hostile = library[1]["xau"]
    for path in (f"/van-ban/{hostile}", f"/van-ban/{hostile}/luoc-do", "/?q=sản+phẩm", f"/?q={HOSTILE}", "/con-thieu"):
        page = dom(plain + path)
        assert not re.search(r"<img[^>]*onerror", page), path
        assert "</footer>" in page, path


def test_a_page_is_light_and_asks_no_other_host(plain: str, library: tuple[Path, dict[str, int]]) -> None:
    with httpx.Client(base_url=plain, trust_env=False) as client:
        for path in (
            "/",
            "/?q=ocop",
            f"/van-ban/{library[1]['ke-hoach']}",
            f"/van-ban/{library[1]['ke-hoach']}/luoc-do",
        ):
            page = client.get(path).text
            parts = [client.get(unescape(a)).content for a in re.findall(r'(?:src|href)="(/static/[^"]+)"', page)]
            assert len(page.encode()) + sum(map(len, parts)) <= BUDGET
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
