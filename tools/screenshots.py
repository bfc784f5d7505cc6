"""Makes the pictures of docs/screens: ten pages at 1280 and 390 pixels, over a library of the samples that it builds.

    python -m tools.screenshots [--library KEPT] [--out FOLDER] [NAME …]

A minute or two, most of it reading the samples' scans; --library keeps what was read for the next time. Needs Chromium.
A person looks at the pictures afterwards: nothing clipped, overlapped or untranslated.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from corpus.samples.source import FILES
from tests.browser.site import Serving
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app

ROOT = Path(__file__).resolve().parents[1]

#: A scan that cites 490/QĐ-TTg with a wrong date.
DRAFT = FILES / "15-kh-45-2023.pdf"
#: Width of the window and height of the picture, in pixels.
WINDOWS = ((1280, 1600), (390, 1700))
PASSWORD = "chỉ dùng để chụp ảnh"


def save(page: Page, out: Path, *, whole: bool) -> None:
    """The window, or the whole page, as a PNG of few colours, which is what a page has."""
    shot = page.screenshot(animations="disabled", caret="hide", full_page=whole)
    with Image.open(io.BytesIO(shot)) as image:
        image.convert("RGB").quantize(160, dither=Image.Dither.NONE).save(out, format="PNG", optimize=True)


def check(page: Page) -> None:
    page.goto("/kiem-tra")
    page.locator("input[type=file]").set_input_files(DRAFT)
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_role("status").wait_for()


def pictures(app: object, chosen: list[str], out: Path) -> None:
    """Visit each page as a signed-in reviewer at both widths."""
    library = app.state.library  # type: ignore[attr-defined]
    view = library.view()
    held = view.documents(held=True)
    scan = next(d.id for d in held if d.so_ky_hieu == "45/KH-UBND" and view.document(d.id).record.source == "ocr")
    middle = next(d.id for d in held if d.so_ky_hieu == "96/KH-UBND")  # it has bases, and others are based on it
    older, newer = (next(d.id for d in held if d.so_ky_hieu == number) for number in ("62/KH-UBND", "96/KH-UBND"))
    pages: dict[str, Callable[[Page], object]] = {
        "search": lambda page: page.goto("/?q=ocop"),
        "document": lambda page: page.goto(f"/van-ban/{scan}"),
        "luoc-do": lambda page: page.goto(f"/van-ban/{middle}/luoc-do"),
        "time-line": lambda page: page.goto(f"/van-ban/{view.one('148/QĐ-TTg 2023').id}/dong-thoi-gian"),
        "revise": lambda page: page.goto(f"/van-ban/{view.one('148/QĐ-TTg 2023').id}/ra-soat"),
        "compare": lambda page: page.goto(f"/so-sanh?a=%23{older}&b=%23{newer}"),
        "counts": lambda page: page.goto("/thong-ke"),
        "api": lambda page: page.goto("/tai-lieu-api"),
        "review": lambda page: page.goto("/duyet"),
        "check": check,
    }
    users = Users(library.folder)
    if not any(user.name == "lan" for user in users.all()):
        users.add("lan", PASSWORD, "kiem-tra")
    cookie = users.sign_in("lan", PASSWORD, "")
    users.close()
    with Serving(app) as address, sync_playwright() as playwright:  # type: ignore[arg-type]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=vi"]
        )
        for name, go in pages.items():
            for width, height in WINDOWS if not chosen or name in chosen else ():
                context = browser.new_context(
                    base_url=address,
                    viewport={"width": width, "height": height},
                    locale="vi-VN",
                    reduced_motion="reduce",
                )
                context.set_default_timeout(180_000)
                if name == "review":
                    context.add_cookies([{"name": "can_cu", "value": cookie or "", "url": address}])
                page = context.new_page()
                go(page)
                page.wait_for_load_state("networkidle")
                save(page, out / f"{name}-{width}.png", whole=name == "luoc-do")
                print(out / f"{name}-{width}.png")
                context.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="only these pages")
    parser.add_argument("--library", type=Path, help="where the library of the samples is kept")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    asked = parser.parse_args()
    if shutil.which("chromium") is None:
        raise SystemExit("Cần Chromium: apt install chromium")
    with tempfile.TemporaryDirectory(prefix="screens-") as made:
        folder = asked.library or Path(made) / "kho"
        subprocess.run(
            [sys.executable, "-m", "webui", "ingest", str(FILES)], check=True, cwd=ROOT,
            env={**os.environ, "OCOP_LIBRARY": str(folder.absolute())},
        )  # fmt: skip
        asked.out.mkdir(parents=True, exist_ok=True)
        pictures(create_app(Settings(library=folder)), asked.names, asked.out)


if __name__ == "__main__":
    main()
