"""A server that is asked to end says so first, and goes on until it is asked again or its time is over."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest

from bench.server import serving
from tests.support.waiting import wait_for
from tests.support.web_library import build


def status(address: str, path: str) -> int:
    """The status of an answer over a connection of its own, so of any process."""
    return httpx.get(f"{address}{path}", trust_env=False, timeout=200).status_code


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_drains_is_not_ready_and_still_answers(tmp_path: Path, workers: str) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    environment = {**os.environ, "OCOP_DRAIN_SECONDS": "600"}
    options = ["--workers", workers]
    with serving(tmp_path / "kho", tmp_path / "log", environment, options=options) as (server, address):
        wait_for(lambda: {status(address, "/readyz") for _ in range(4)} == {200})
        server.send_signal(signal.SIGTERM)
        wait_for(lambda: {status(address, "/readyz") for _ in range(4)} == {503})
        assert {status(address, "/huong-dan") for _ in range(4)} == {200}
        assert status(address, "/healthz") == 200
        assert server.poll() is None
        server.send_signal(signal.SIGTERM)
        assert server.wait(600) == -signal.SIGTERM
        with pytest.raises(httpx.ConnectError):
            status(address, "/")
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_drain_ends_by_itself(tmp_path: Path) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    environment = {**os.environ, "OCOP_DRAIN_SECONDS": "0.5"}
    with serving(tmp_path / "kho", tmp_path / "log", environment) as (server, _):
        server.send_signal(signal.SIGTERM)
        assert server.wait(600) == -signal.SIGTERM
