"""Time limits of requests, and how many may be under way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from tests.support.asgi import talk
from tests.support.waiting import wait_for
from tests.support.web_client import PASSWORD, Ids, client_of
from tests.support.web_library import build
from webui.app.users import Users
from webui.web.middleware.headers import HEADERS
from webui.web.middleware.timeouts import Timeouts


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


@pytest.fixture(scope="module")
def site(library: tuple[Path, Ids]) -> Iterator[TestClient]:
    with client_of(library, max_upload_mb=1) as client:
        yield client


def test_a_body_that_comes_too_slowly_gets_408(site: TestClient) -> None:
    hasty, patient = (Timeouts(site.app, seconds=600, at_once=5, grace=grace, waiting=5) for grace in (0.2, 600))
    drops = [(0.05, {"type": "http.request", "body": b"a", "more_body": True})] * 100
    with pytest.raises(Exception, match="408"):
        # Outside the application its own handler of errors is missing: the reason is what counts here.
        talk(Timeouts(_reads, seconds=600, at_once=5, grace=0.2, waiting=5), "/", drops)
    status, body = talk(hasty, "/dang-nhap", drops)
    assert status == 408
    assert "chậm quá" in body.decode()
    whole = [(0.0, {"type": "http.request", "body": b"ten=a", "more_body": False})]
    assert talk(patient, "/dang-nhap", whole)[0] == 403


async def _reads(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass


def test_slow_connections_of_one_address_do_not_block_others() -> None:
    app = Timeouts(_answers, seconds=600, at_once=2, waiting=5)

    async def ask(address: str, receive: Any, send: Any) -> int:
        result: list[Message] = []

        async def sending(message: Message) -> None:
            result.append(message)
            await send(message)

        scope = {"type": "http", "method": "POST", "path": "/api/x", "query_string": b"", "headers": [],
                 "client": (address, 1), "server": ("testserver", 80), "scheme": "http", "root_path": ""}  # fmt: skip
        await app(scope, receive, sending)
        return int(result[0]["status"])

    async def at_once(*_: Any) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def run(slow: str) -> tuple[list[int], list[int]]:
        go_on, waiting = asyncio.Event(), 0

        async def held(*_: Any) -> Message:
            nonlocal waiting
            waiting += 1
            await go_on.wait()
            return await at_once()

        ways = {"receive": at_once, "send": at_once} | {slow: held}
        slow_requests = []
        for number in range(1, 6):
            slow_requests.append(asyncio.create_task(ask("2001:db8::1", **ways)))
            while waiting < number:
                await asyncio.sleep(0)
        codes = [await ask(address, at_once, at_once) for address in ("10.0.0.2", "2001:db8::2")]
        go_on.set()
        return codes, await asyncio.gather(*slow_requests)

    for slow in ("receive", "send"):
        assert asyncio.run(run(slow)) == ([200, 429], [200] * 5), slow


async def _answers(scope: Any, receive: Any, send: Any) -> None:
    await _reads(scope, receive, send)
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_slow_handlers_get_503_and_do_not_pile_up(library: tuple[Path, Ids]) -> None:
    go_on = threading.Event()
    with client_of(library, answer_seconds=0.3, at_once=2) as client:

        @client.app.get("/cham")  # type: ignore[attr-defined, untyped-decorator]
        def slow() -> str:
            go_on.wait(300)
            return "muộn"

        @client.app.get("/nhanh")  # type: ignore[attr-defined, untyped-decorator]
        def fast() -> str:
            return "xong"

        answers = [client.get("/cham"), client.get("/cham")]
        answers.append(client.get("/nhanh"))  # both are still under way
        go_on.set()
        for answer in answers:
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert "đang bận" in answer.text
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
        wait_for(lambda: client.get("/nhanh").status_code == 200)  # the late ones have ended
