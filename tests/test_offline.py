"""Tests reach nothing beyond this machine."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from tests import offline


def test_connections_beyond_this_machine_are_refused() -> None:
    with socket.socket() as one, pytest.raises(AssertionError, match="reached for"):
        one.connect(("192.0.2.1", 9))
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(AssertionError, match="reached for"):
        one.sendto(b"x", ("192.0.2.1", 9))
    reach = "import socket; s = socket.socket(); s.settimeout(3); s.connect(('192.0.2.1', 9))"
    child = subprocess.run([sys.executable, "-c", reach], capture_output=True, text=True, check=False)
    assert "a test reached for" in child.stderr
    assert offline.allowed(("127.0.0.1", 80))
    assert offline.allowed("/run/socket")
    assert not offline.allowed(("example.org", 80))


def test_other_programs_have_no_network_route() -> None:
    if offline.interfaces() != {"lo"}:
        pytest.skip("the kernel gives no network namespace here")
    child = subprocess.run(["cat", "/proc/net/route"], capture_output=True, text=True, check=True)
    assert len(child.stdout.splitlines()) <= 1  # the heading alone: no way leads anywhere
