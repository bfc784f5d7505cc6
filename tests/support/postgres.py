"""A real PostgreSQL server for tests: made in a temporary folder, reached by a socket there, no network."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Users under which a server may run where the tests run as root, which PostgreSQL refuses to be.
_USERS = ("postgres", "nobody")
_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def programs() -> Path | None:
    """The folder of initdb and pg_ctl of the newest server installed; None where there is none."""
    return next((path for path in reversed(_PROGRAMS) if (path / "initdb").exists()), None)


class Server:
    """A server of its own. Use it as a context manager; databases are made by :meth:`database`."""

    def __init__(self) -> None:
        found = programs()
        if found is None:
            raise RuntimeError("no PostgreSQL server is installed")
        self._programs = found
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path may have 107 bytes only
        self._user = self._unprivileged()
        self._data = self.folder / "data"
        self._made = 0

    def _unprivileged(self) -> str | None:
        if os.geteuid() != 0:
            return None
        for name in _USERS:
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            return name
        raise RuntimeError("no user under which a server may run")

    def _run(self, program: str, *arguments: str) -> None:
        options: dict[str, Any] = {}
        if self._user is not None:
            user = pwd.getpwnam(self._user)
            options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            check=False,
            **options,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")

    def __enter__(self) -> Server:
        self._run(
            "initdb",
            *("-D", str(self._data), "-U", "ocop", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        settings = (
            "listen_addresses = ''",
            f"unix_socket_directories = '{self.folder}'",
            "fsync = off",  # a killed server loses nothing by it; only a power cut would
            "max_connections = 200",
            "shared_buffers = 128MB",
        )
        with (self._data / "postgresql.conf").open("a") as out:
            out.write("\n".join(settings) + "\n")
        self.start()
        return self

    def start(self) -> None:
        """Start it; returns when it answers."""
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self.folder / "log"), "-w", "-t", "60", "start")

    def stop(self) -> None:
        """Stop it as an operator does who cannot wait: connections are ended at once."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """Kill it without warning (-9); the next start recovers from its log."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def processor_seconds(self) -> float:
        """Processor time of the server's processes that run, so far; those that ended are not counted."""
        server = int((self._data / "postmaster.pid").read_text().split()[0])
        used = 0
        for children in Path(f"/proc/{server}/task").glob("*/children"):
            for process in children.read_text().split():
                with suppress(OSError):
                    used += int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
        return used / 1e9

    def database(self, encoding: str = "UTF8") -> str:
        """The URL of a new, empty database."""
        import psycopg

        name = f"kho_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(host=str(self.folder), user="ocop", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        return self.url(name)

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql://ocop@/{name}?host={self.folder}"

    def schema(self, of: str) -> str:
        """The URL of a schema in one database, made where it is missing: as good as a database, and quicker made.

        of: anything; the same gives the same.
        """
        import psycopg

        name = f"kho_{hashlib.sha256(of.encode()).hexdigest()[:16]}"
        with psycopg.connect(host=str(self.folder), user="ocop", dbname="postgres", autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(1)")  # IF NOT EXISTS alone is no guard against others
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
        return f"{self.url('postgres')}&options=-csearch_path%3D{name}"

    def __exit__(self, *_: object) -> None:
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
