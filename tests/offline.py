"""No way out for a test run: a network of its own that holds loopback alone, where the kernel allows one.

Every process the tests start lives in it too, Tesseract, Graphviz and Chromium included. Where the kernel allows none,
:func:`guard` refuses in Python, and a ``sitecustomize`` on the path carries the refusal into Python children.
"""

from __future__ import annotations

import ctypes
import fcntl
import ipaddress
import os
import socket
import struct
from pathlib import Path
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
#: Puts :func:`guard` into every Python child.
CHILDREN = Path(__file__).parent / "offline_children"


def enclose() -> bool:
    """Move this process (one thread still) and all its children to come into an empty network; False where refused."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
    except OSError:
        return False
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            return False
        # Files belong to the same user inside as outside.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        answer = fcntl.ioctl(asking, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", answer)[1] | IFF_UP
        fcntl.ioctl(asking, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags))
    return True


def interfaces() -> set[str]:
    """The network interfaces this process sees."""
    return {name for _, name in socket.if_nameindex()}


def allowed(address: Any) -> bool:
    """Whether a socket's address is this machine's own."""
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def guard() -> None:
    """From now on any connection or datagram of this process beyond loopback is an AssertionError."""

    def checked(name: str, at: int) -> None:
        real = getattr(socket.socket, name)

        def guarded(self: socket.socket, *arguments: Any) -> Any:
            internet = self.family in {socket.AF_INET, socket.AF_INET6}
            if internet and len(arguments) > at and not allowed(arguments[at]):
                raise AssertionError(f"a test reached for {arguments[at]}")
            return real(self, *arguments)

        setattr(socket.socket, name, guarded)

    checked("connect", 0)
    checked("connect_ex", 0)
    real_sendto = socket.socket.sendto

    def sendto(self: socket.socket, *arguments: Any) -> int:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not allowed(arguments[-1]):
            raise AssertionError(f"a test reached for {arguments[-1]}")
        return real_sendto(self, *arguments)

    socket.socket.sendto = sendto  # type: ignore[method-assign, assignment]
