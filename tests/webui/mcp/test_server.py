"""The MCP server, driven by the official client."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from corpus.library import Library
from tests.paths import ROOT
from tests.support.web_library import PLAN, build
from webui.app.settings import Settings
from webui.mcp.server import MAX_DRAFT, make_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mcp")
    build(root / "kho", root / "tep")
    return root / "kho"


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


def test_every_tool_answers_with_evidence(folder: Path) -> None:
    async def calls(client: Client) -> dict[str, Any]:
        plan = {"name": "45/KH-UBND Thanh Hóa"}
        asked: dict[str, dict[str, Any]] = {
            "search": {"query": "tập huấn"},
            "document": {**plan, "offset": 10},
            "cites": plan,
            "cited_by": {"name": "919/QĐ-TTg"},
            "impact": {"name": "919/QĐ-TTg"},
            "radar": {**plan, "on": "2025-01-01"},
            "check": {"text": PLAN},
        }
        listed = {tool.name for tool in (await client.list_tools()).tools}
        assert listed == set(asked)
        found = {}
        for name, arguments in asked.items():
            failed, text = await call(client, name, **arguments)
            assert not failed, (name, text)
            found[name] = json.loads(text)
        return found

    found = with_client(folder, calls)
    assert found["search"]["hits"][0]["snippets"]
    assert found["document"]["text"]["start"] == 10
    assert {"sentence", "needs_review", "pinpoints"} <= set(found["cites"]["rows"][0])
    assert found["cited_by"]["rows"]
    assert found["impact"]["direct"] >= 1
    assert {finding["state"] for finding in found["radar"]["findings"]} == {"chua_ro"}
    assert found["radar"]["findings"][0]["unverified"]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
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
        return answers

    for answer in with_client(folder, calls):
        assert "tuyệt đối bí ẩn" not in answer
        assert "777/QĐ-UBND" not in answer


def test_the_command_speaks_on_stdin_and_stdout(folder: Path) -> None:
    async def calls() -> list[str]:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "webui", "mcp", "--library", str(folder)], cwd=ROOT
        )
        async with Client(command) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    assert "radar" in anyio.run(calls)
