"""Requests handed over to the main process: what passes, what happens where one side ends, which requests they are."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.routes import all_routes, filled
from tests.support.web_client import PASSWORD, sign_in
from tests.support.web_library import build
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app
from webui.web.workers import handover
from webui.web.workers.roles import Role, address_in

SCOPE: Scope = {
    "type": "http", "http_version": "1.1", "method": "POST", "scheme": "https", "path": "/nạp/ế", "raw_path": b"/n%e1",
    "query_string": b"a=%ff\xe9", "root_path": "",
    "headers": [(b"host", b"x"), (b"cookie", b"a\xff"), (b"cookie", b"b")],
    "client": ("192.0.2.7", 4000), "server": ("x", 443), "state": {},
}  # fmt: skip


@asynccontextmanager
async def main_process(folder: Path, app: ASGIApp, calls: Callable[[], object] = lambda: None) -> AsyncIterator[Path]:
    """The address at which *app* answers."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address_in(folder)))
        listening.listen(8)
        async with handover.taking(app, listening, calls):
            yield address_in(folder)


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


class Client:
    """Sends a request in pieces, and takes its answer."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = list(pieces)
        self.leaves = asyncio.Event()
        self.got: list[Message] = []

    async def receive(self) -> Message:
        if self._pieces:
            body = self._pieces.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(self._pieces)}
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.got)


def test_a_request_and_its_answer_pass_byte_for_byte(tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.update(scope)
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        body += message["body"]
        headers = [(b"set-cookie", b"a=\xe9"), (b"set-cookie", b"b")]
        await send({"type": "http.response.start", "status": 418, "headers": headers})
        await send({"type": "http.response.body", "body": body[:1_000_000], "more_body": True})
        await send({"type": "http.response.body", "body": body[1_000_000:]})

    async def test() -> None:
        pieces = [bytes(range(256)) * 4000, b"", b"\x00end" * 300_000]
        client = Client(pieces)
        async with main_process(tmp_path, app) as address:
            await handover.hand_over(address, SCOPE, client.receive, client.send)
        assert client.got[0]["status"] == 418
        assert client.got[0]["headers"] == [(b"set-cookie", b"a=\xe9"), (b"set-cookie", b"b")]
        assert client.body == b"".join(pieces)
        assert {name: seen[name] for name in SCOPE} == SCOPE

    run(test())


def test_the_main_process_learns_that_a_client_has_left(tmp_path: Path) -> None:
    left = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.body", "body": b"to nobody"})
        left.set()

    async def test() -> None:
        client = Client([b""])
        async with main_process(tmp_path, app) as address:
            asked = asyncio.create_task(handover.hand_over(address, SCOPE, client.receive, client.send))
            while not client.got:
                await asyncio.sleep(0.01)
            client.leaves.set()
            await asked
            await left.wait()

    run(test())


@pytest.mark.parametrize("begins", [False, True])
def test_an_error_of_the_application_is_an_answer_or_the_end_of_one(tmp_path: Path, begins: bool) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begins:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("something")

    async def test() -> None:
        client = Client([b""])
        async with main_process(tmp_path, app) as address:
            if not begins:
                await handover.hand_over(address, SCOPE, client.receive, client.send)
                assert client.got[0]["status"] == 500
                return
            with pytest.raises(ConnectionError):
                await handover.hand_over(address, SCOPE, client.receive, client.send)
            assert client.body == b"half"

    run(test())


def test_requests_under_way_are_waited_for(tmp_path: Path) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.3)
        await send({"type": "http.response.body", "body": b"whole"})

    async def test() -> None:
        client = Client([b""])
        async with main_process(tmp_path, app) as address:
            asked = asyncio.create_task(handover.hand_over(address, SCOPE, client.receive, client.send))
            while not client.got:
                await asyncio.sleep(0.01)
        await asked
        assert client.body == b"whole"

    run(test())


def test_the_index_of_the_signed_in_is_brought_up_to_date_by_the_main_process(tmp_path: Path) -> None:
    calls: list[bool] = []

    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    async def test() -> None:
        async with main_process(tmp_path, nothing, lambda: calls.append(True)) as address:
            await asyncio.to_thread(handover.catch_up, address)
        assert calls == [True]
        await asyncio.to_thread(handover.catch_up, tmp_path / "nobody")

    run(test())


# Which requests


class Pair:
    """The applications of the main process and of another one, over one library."""

    def __init__(self, folder: Path, main: TestClient, other: TestClient, ids: dict[str, int]) -> None:
        self.folder, self.main, self.other, self.ids = folder, main, other, ids


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder, shared = tmp_path_factory.mktemp("pair"), tmp_path_factory.mktemp("s")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "quan-tri")
    users.close()
    often = "12000/minute"
    limits = {f"rate_{name}": often for name in ("page", "picture", "table", "write", "draft", "sign_in")}
    settings = Settings(library=folder / "kho", **limits)  # type: ignore[arg-type]
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address_in(shared)))
        listening.listen(8)
        apps = create_app(settings, Role(True, 0, shared, listening)), create_app(settings, Role(False, 1, shared))
        with TestClient(apps[0], follow_redirects=False) as main, TestClient(apps[1], follow_redirects=False) as other:
            yield Pair(folder, main, other, ids)


def _plain(answer: Any) -> Any:
    """An answer without what differs from one to the next."""
    if answer.headers.get("content-type", "").startswith("application/json"):
        data = json.loads(answer.text)
        for part in (data, data.get("data") if isinstance(data, dict) else None):
            if isinstance(part, dict):
                part.pop("took", None)
                part.pop("main", None)
        return data
    return answer.text if answer.headers.get("content-type", "").startswith("text/html") else None


@pytest.mark.parametrize("signed_in", [False, True])
def test_each_route_is_answered_alike_by_every_process(pair: Pair, signed_in: bool) -> None:
    clients = pair.main, pair.other
    for client in clients:
        client.cookies.clear()
    if signed_in:
        assert sign_in(pair.other) == 303
        pair.main.cookies = pair.other.cookies
    for method, pattern in sorted(set(all_routes(pair.main.app.routes))):  # type: ignore[attr-defined]
        if method != "GET" or pattern in ("/metrics", "/dang-nhap"):
            continue
        for id_ in (pair.ids["ke-hoach"], pair.ids["noi-bo"]):
            path = filled(pattern, {"id": id_, "number": 1, "a": id_, "b": id_, "name": "date", "kind": "docx"}, id_)
            asked = [client.get(path, params={"q": "tập huấn"} if pattern == "/" else None) for client in clients]
            assert asked[0].status_code == asked[1].status_code, path
            assert asked[1].status_code < 500, path
            assert _plain(asked[0]) == _plain(asked[1]), path


def test_a_restricted_document_is_found_by_the_signed_in_and_by_nobody_else(pair: Pair) -> None:
    pair.other.cookies.clear()
    question = "/api/search?q=tuyệt+đối+bí+ẩn"
    assert not [hit for hit in pair.other.get(question).json()["data"]["hits"] if hit["id"] == pair.ids["noi-bo"]]
    assert sign_in(pair.other) == 303
    assert pair.other.get(question).json()["data"]["hits"][0]["id"] == pair.ids["noi-bo"]


def test_an_answer_that_comes_before_the_body_has_gone_is_not_lost(tmp_path: Path) -> None:
    """The main process refuses without reading; what is still being sent must not cost its answer."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b"too much"})

    async def test() -> None:
        async with main_process(tmp_path, refuse) as address:
            for _ in range(50):
                client = Client([b"x" * 200_000] * 3)
                await handover.hand_over(address, SCOPE, client.receive, client.send)
                assert client.got[0]["status"] == 413
                assert client.body == b"too much"

    run(test())
