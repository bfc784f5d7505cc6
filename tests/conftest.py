"""What every test stands on: nothing reaches beyond loopback, and where the labelled documents lie."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def _allowed(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _nothing_reaches_out() -> Iterator[None]:
    """Any connection beyond loopback fails the test that tried it; children are told to stay offline as well."""
    real = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _allowed(address):
            raise AssertionError(f"a test reached for {address}")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        patch.setenv(name, "1")
    for name in [n for n in os.environ if n.startswith("OCOP_")]:
        patch.delenv(name)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled real documents beside the project; the test skips where it is absent."""
    if not (SHARED / "gold" / "seeds.json").exists():
        pytest.skip("no ../shared beside the project")
    return SHARED
