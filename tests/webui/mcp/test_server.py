"""The MCP server, driven by the official client."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters

from corpus.library import Library
from tests.paths import ROOT
from tests.support.waiting import wait_for
from tests.support.web_library import PLAN, build
from webui.app.settings import Settings
from webui.mcp.server import MAX_DRAFT, MAX_REQUEST, make_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mcp")
    build(root / "kho", root / "tep")
    return root / "kho"


#: Characters of the longest answer.
MAX_ANSWER = 400_000
Calls = Callable[[Client], Awaitable[Any]]


def with_client(folder: Path, calls: Calls) -> Any:
    """What *calls* returns of a client that is connected to a server over the library."""

    async def connected() -> Any:
        with Library.open(folder) as library:
            async with Client(make_server(library, Settings(library=folder))) as client:
                return await calls(client)

    return anyio.run(connected)


async def call(client: Client, tool: str, /, **arguments: Any) -> tuple[bool, str]:
    """(whether the call failed, the text of its answer)."""
    result = await client.call_tool(tool, arguments)
    return bool(result.is_error), "".join(getattr(part, "text", "") for part in result.content)


#: A call of every tool.
PLAN_NAME = {"name": "45/KH-UBND Thanh Hóa"}
CALLS: dict[str, dict[str, Any]] = {
    "search": {"query": "tập huấn"},
    "document": {**PLAN_NAME, "offset": 10},
    "provision": {**PLAN_NAME, "provision": "Mục I"},
    "cites": PLAN_NAME,
    "cited_by": {"name": "919/QĐ-TTg"},
    "impact": {"name": "919/QĐ-TTg"},
    "radar": {**PLAN_NAME, "on": "2025-01-01"},
    "agency_radar": {"agency": "UBND tỉnh Thanh Hóa", "on": "2025-01-01"},
    "check": {"text": PLAN},
}


async def every_tool(client: Client) -> dict[str, Any]:
    """The answer of every tool that the server lists."""
    listed = {tool.name for tool in (await client.list_tools()).tools}
    assert listed == set(CALLS)
    found = {}
    for name, arguments in CALLS.items():
        failed, text = await call(client, name, **arguments)
        assert not failed, (name, text)
        assert len(text) < MAX_ANSWER
        found[name] = json.loads(text)
    return found


def check_answers(found: dict[str, Any]) -> None:
    """Each answer carries evidence, doubt, and what was not checked."""
    assert found["search"]["hits"][0]["snippets"]
    assert found["document"]["text"]["start"] == 10
    assert {"sentence", "needs_review", "pinpoints"} <= set(found["cites"]["rows"][0])
    assert found["cited_by"]["rows"]
    assert found["impact"]["direct"] >= 1
    assert {finding["state"] for finding in found["radar"]["findings"]} == {"chua_ro"}
    assert found["radar"]["findings"][0]["unverified"]
    assert found["agency_radar"]["counts"]["chua_ro"] >= 1
    assert found["check"]["form"]["unchecked"]


def test_every_tool_answers_with_evidence(folder: Path) -> None:
    check_answers(with_client(folder, every_tool))


def test_every_tool_answers_on_stdin_and_stdout(folder: Path) -> None:
    async def calls() -> dict[str, Any]:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "webui", "mcp", "--library", str(folder)], cwd=ROOT
        )
        async with Client(command) as client:
            return await every_tool(client)

    check_answers(anyio.run(calls))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The address of a server that speaks HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "webui", "mcp", "--library", str(folder), "--http", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        wait_for(lambda: _accepts(port))
        yield f"http://127.0.0.1:{port}/mcp"
        server.terminate()


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def test_every_tool_answers_by_http(address: str) -> None:
    async def calls() -> dict[str, Any]:
        async with Client(address) as client:
            return await every_tool(client)

    check_answers(anyio.run(calls))


def test_a_hostile_request_by_http_is_refused_and_the_server_goes_on(address: str) -> None:
    json_type = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    other_host = {**json_type, "Host": "xau.example"}
    other_site = {**json_type, "Origin": "https://xau.example"}
    asked = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
    for content, headers in (
        (asked, other_host),
        (asked, other_site),
        (b"{" * 10_000, json_type),
        (b"\x00\xff", json_type),
        (b'{"x": "' + b"a" * (MAX_REQUEST + 1) + b'"}', json_type),
    ):
        answer = httpx.post(address, content=content, headers=headers, timeout=60)
        assert 400 <= answer.status_code < 500
        assert len(answer.content) < 5_000
        assert "Traceback" not in answer.text

    async def calls() -> int:
        async with Client(address) as client:
            return len((await client.list_tools()).tools)

    assert anyio.run(calls) == len(CALLS)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("agency_radar", {"agency": "Sở Không Có"}, "Kho không có văn bản nào"),
        ("document", {"name": "9999/QĐ-KHONG"}, "Không có văn bản nào"),
        ("document", {"name": "45/KH-UBND Thanh Hóa", "provision": "Điều 900"}, "Không thấy"),
        ("document", {"name": "x" * 301}, ""),
        ("document", {"name": "/etc/passwd"}, "Không có văn bản nào"),
        ("search", {"query": '"x'}, ""),
        ("search", {"query": "a", "page": 10**9}, ""),
        ("radar", {"name": "919/QĐ-TTg", "on": "hôm qua"}, ""),
        ("check", {"text": "a" * (MAX_DRAFT + 1)}, ""),
        ("remove", {"name": "919/QĐ-TTg"}, ""),
        ("cites", {}, ""),
        ("cites", {"name": {"$ne": 1}}, ""),
    ],
)
def test_a_hostile_call_is_an_error(folder: Path, name: str, arguments: dict[str, Any], words: str) -> None:
    async def calls(client: Client) -> str:
        try:
            failed, text = await call(client, name, **arguments)
        except Exception as error:
            return str(error)
        assert failed, text
        return text

    answer = with_client(folder, calls)
    assert words in answer
    assert len(answer) < 5_000
    assert "Traceback" not in answer


def test_restricted_documents_are_never_shown(folder: Path) -> None:
    with Library.open(folder) as library:
        hidden = [r.record for r in library.view(restricted=True).readings() if r.record.circulation]
    assert hidden

    async def calls(client: Client) -> list[str]:
        queries = ("chuyện", "nội bộ", "12/TB-UBND", "777")
        answers = [(await call(client, "search", query=query))[1] for query in queries]
        for id in range(1, 15):
            answers += [(await call(client, name, name=f"#{id}"))[1] for name in ("document", "cites", "cited_by")]
            answers += [(await call(client, name, name=f"#{id}"))[1] for name in ("impact", "radar")]
        answers.append((await call(client, "agency_radar", agency="UBND tỉnh Thanh Hóa"))[1])
        return answers

    for answer in with_client(folder, calls):
        assert "tuyệt đối bí ẩn" not in answer
        assert "777/QĐ-UBND" not in answer
