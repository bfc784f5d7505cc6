"""Admission to slow work: waiting requests hold no thread, and few may wait."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from tests.support.web_client import PASSWORD, Ids
from tests.support.web_library import build, document_text
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.admission import AdmissionGate
from webui.web.application import create_app
from webui.web.pages import check_pages as check
from webui.web.pages import image_pages as images


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


async def _until_waiting(gate: AdmissionGate, number: int) -> None:
    """Return when *number* requests wait and none of them holds a thread."""
    async with asyncio.timeout(200):
        while gate.waiting < number or to_thread.current_default_thread_limiter().borrowed_tokens:
            await asyncio.sleep(0.01)


def test_waiting_picture_requests_hold_no_thread_and_pages_are_served(library: tuple[Path, Ids]) -> None:
    app = create_app(Settings(library=library[0]))
    gate: AdmissionGate = app.state.picture_gate
    address = f"/van-ban/{library[1]['ke-hoach']}"

    async def run() -> None:
        transport = httpx.ASGITransport(app=app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://testserver") as client,
            AsyncExitStack() as held,
        ):
            for _ in range(images.AT_ONCE):
                await held.enter_async_context(gate.admitted())
            ways = (f"{address}/anh/1.png", f"{address}/cat/date.png", f"{address}/anh/1.png?to=1-5")
            asked = [client.get(ways[n % 3]) for n in range(images.WAITING)]
            waiting = [asyncio.create_task(one) for one in asked]
            await _until_waiting(gate, images.WAITING)
            for path in (address, "/?q=OCOP", f"{address}/trang/1?to=1-5", "/healthz"):
                assert (await client.get(path)).status_code == 200
            assert (await client.get(ways[0])).status_code == 429
            assert not any(one.done() for one in waiting)
            await held.aclose()
            assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {404}  # a text has no pictures

    asyncio.run(run())
    with TestClient(app):
        pass  # closes what the application opened


FINE = document_text(
    "KẾ HOẠCH", "      /KH-UBND", ("", "", "2024"), "Việc khác",
    "Căn cứ Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa triển khai Chương trình mỗi xã một sản phẩm"
    " năm 2024.\nI. MỤC ĐÍCH\n1. Làm.",
)  # fmt: skip


def test_waiting_draft_checks_hold_no_thread_and_only_some_may_wait(library: tuple[Path, Ids]) -> None:
    app = create_app(Settings(library=library[0]))
    gate: AdmissionGate = app.state.draft_gate

    async def run() -> None:
        transport = httpx.ASGITransport(app=app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://testserver") as client,
            AsyncExitStack() as held,
        ):
            for _ in range(check.AT_ONCE):
                await held.enter_async_context(gate.admitted())
            asked = [client.post("/kiem-tra", data={"van_ban": FINE}) for _ in range(check.WAITING)]
            waiting = [asyncio.create_task(one) for one in asked]
            await _until_waiting(gate, check.WAITING)
            assert (await client.get("/huong-dan")).status_code == 200
            assert (await client.post("/kiem-tra", data={"van_ban": FINE})).status_code == 429
            assert not any(one.done() for one in waiting)
            await held.aclose()
            assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * len(waiting)

    asyncio.run(run())
    with TestClient(app):
        pass  # closes what the application opened


def test_waiting_too_long_for_admission_gets_429() -> None:
    async def run() -> None:
        gate = AdmissionGate(2, waiting=8, seconds=0.05)
        async with AsyncExitStack() as held:
            for _ in range(2):
                await held.enter_async_context(gate.admitted())
            with pytest.raises(HTTPException, match="429"):
                await held.enter_async_context(gate.admitted())
        async with gate.admitted():
            pass

    asyncio.run(run())
