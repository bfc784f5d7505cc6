"""A server that speaks S3 for tests, from the jar that Maven brings: on loopback, its files in a temporary folder."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.support.waiting import wait_for

_ROOT = Path(__file__).resolve().parents[2]
#: Where ``make test-cluster`` puts the jar.
JARS = _ROOT / ".cluster" / "s3"
BUCKET = "kho"
#: Seconds within which the server must answer.
_START = 120.0


def installed() -> bool:
    """Whether a server can be started here."""
    return shutil.which("java") is not None and any(JARS.glob("s3mock-*.jar"))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class ObjectServer:
    """A server of its own with one bucket, and a relay through which it is reached. Use it as a context manager."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="s3-"))
        #: Of the relay, of the server, and the server's second one, which nothing uses.
        self._ports = _free_port(), _free_port(), _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._relay: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What programs need to find it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._ports[0]}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "ocop",
            "AWS_SECRET_ACCESS_KEY": "ocop",
        }

    def __enter__(self) -> ObjectServer:
        made = "com.adobe.testing.s3mock"
        options = {
            f"{made}.http-port": self._ports[1],
            "server.port": self._ports[2],
            f"{made}.store.root": self.folder,
            f"{made}.store.initial-buckets": BUCKET,
        }
        self._server = subprocess.Popen(
            ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", str(next(JARS.glob("s3mock-*.jar")))]
            + [f"--{name}={value}" for name, value in options.items()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.connect()
        return self

    def connect(self) -> None:
        """Have it reached, for the first time or again; returns when it answers."""
        self._relay = subprocess.Popen(
            [sys.executable, "-m", "tests.support.relay", *map(str, self._ports[:2])], cwd=_ROOT
        )
        wait_for(self._answers, seconds=_START)

    def cut(self) -> None:
        """Cut every connection where it is, by killing (-9) the relay; nothing is reached until :meth:`connect`."""
        if self._relay is not None:
            self._relay.kill()
            self._relay.wait()
            self._relay = None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.environment['AWS_ENDPOINT_URL']}/{BUCKET}?list-type=2", timeout=5).close()
        except (OSError, http.client.HTTPException):
            return False
        return True

    def __exit__(self, *_: object) -> None:
        self.cut()
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
