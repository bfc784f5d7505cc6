"""A real OpenSearch cluster for tests, from the jars that Maven brings: on loopback, in a temporary folder.

``make test-cluster`` brings the jars; an office installs the official distribution, with its security plugin.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from search.engine import EngineAddress
from tests.support.waiting import wait_for

#: Where ``make test-cluster`` puts the jars.
JARS = Path(__file__).resolve().parents[2] / ".cluster" / "opensearch"
#: Jars of the network module, which OpenSearch loads from a folder of its own.
_NETWORK = ("netty-*.jar", "transport-netty4-client-*.jar")
_DESCRIPTION = """\
description=network
version={version}
name=transport-netty4
classname=org.opensearch.transport.Netty4Plugin
java.version=11
opensearch.version={version}
"""
#: What the network module may do under OpenSearch's security manager.
_POLICY = """\
grant {
  permission java.net.SocketPermission "*", "accept,connect,listen,resolve";
  permission java.lang.RuntimePermission "getClassLoader";
  permission java.lang.RuntimePermission "accessDeclaredMembers";
  permission java.lang.RuntimePermission "accessUserInformation";
  permission java.lang.RuntimePermission "setContextClassLoader";
  permission java.lang.reflect.ReflectPermission "suppressAccessChecks";
};
"""
_LOG = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


def installed() -> bool:
    """Whether a node can be started here."""
    return shutil.which("java") is not None and any(JARS.glob("opensearch-[0-9]*.jar"))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Cluster:
    """Nodes of one cluster. Use it as a context manager."""

    def __init__(self, nodes: int = 1) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="opensearch-"))
        self._ports = [(_free_port(), _free_port()) for _ in range(nodes)]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None  # OpenSearch refuses to run as root

    @property
    def urls(self) -> tuple[str, ...]:
        """The address of each node."""
        return tuple(f"http://127.0.0.1:{port}" for port, _ in self._ports)

    def address(self, *, shards: int = 1, replicas: int = 0) -> EngineAddress:
        """The cluster as the engine wants it."""
        return EngineAddress(self.urls, shards=shards, replicas=replicas)

    def __enter__(self) -> Cluster:
        self._lay_out()
        for node in range(len(self._ports)):
            self.start(node)
        for node in range(len(self._ports)):
            self.wait(node)
        return self

    def _lay_out(self) -> None:
        """Make the folder of an installation, which all nodes share."""
        home = self.folder / "home"
        module = home / "modules" / "transport-netty4"
        module.mkdir(parents=True)
        (home / "lib").mkdir()
        (home / "bin").mkdir()
        network = {jar for pattern in _NETWORK for jar in JARS.glob(pattern)}
        for jar in JARS.glob("*.jar"):
            shutil.copy(jar, module if jar in network else home / "lib")
        (version,) = (jar.stem.partition("-")[2] for jar in JARS.glob("opensearch-[0-9]*.jar"))
        (module / "plugin-descriptor.properties").write_text(_DESCRIPTION.format(version=version))
        (module / "plugin-security.policy").write_text(_POLICY)
        for node, (port, transport) in enumerate(self._ports):
            own = self.folder / f"node-{node}"
            (own / "config").mkdir(parents=True)
            (own / "config" / "log4j2.properties").write_text(_LOG)
            (own / "config" / "opensearch.yml").write_text(self._settings(node, own, port, transport))
        if self._user is not None:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self._user.pw_uid, self._user.pw_gid, follow_symlinks=False)

    def _settings(self, node: int, own: Path, port: int, transport: int) -> str:
        hosts = ", ".join(f'"127.0.0.1:{other}"' for _, other in self._ports)
        names = ", ".join(f"node-{number}" for number in range(len(self._ports)))
        return (
            f"cluster.name: test\nnode.name: node-{node}\npath.data: {own}/data\npath.logs: {own}/logs\n"
            f"network.host: 127.0.0.1\nhttp.port: {port}\ntransport.port: {transport}\n"
            f"discovery.seed_hosts: [{hosts}]\ncluster.initial_cluster_manager_nodes: [{names}]\n"
            "cluster.routing.allocation.disk.threshold_enabled: false\n"
        )

    def start(self, node: int) -> None:
        """Start a node; it answers some seconds later."""
        home, own = self.folder / "home", self.folder / f"node-{node}"
        options: dict[str, Any] = {}
        if self._user is not None:
            options = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        with (own / "out.log").open("ab") as log:
            self._running[node] = subprocess.Popen(
                [
                    *("java", "-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", f"-Dopensearch.path.home={home}"),
                    *(f"-Dopensearch.path.conf={own / 'config'}", "-cp", f"{home / 'lib'}/*"),
                    "org.opensearch.bootstrap.OpenSearch",
                ],
                cwd=own,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    def wait(self, node: int) -> None:
        """Wait until a node answers as a member of the cluster."""
        wait_for(lambda: self._answers(node), seconds=180)

    def _answers(self, node: int) -> bool:
        code = self._running[node].poll()
        if code is not None:
            log = (self.folder / f"node-{node}" / "out.log").read_text(errors="replace")
            raise RuntimeError(f"OpenSearch ended with {code}: {log[-2000:]}")
        try:
            with urllib.request.urlopen(f"{self.urls[node]}/_cluster/health", timeout=5) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self, node: int) -> None:
        """Kill a node without warning (-9)."""
        os.killpg(self._running[node].pid, signal.SIGKILL)
        self._running.pop(node).wait()

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
