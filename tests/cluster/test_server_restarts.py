"""PostgreSQL is stopped, killed and started again while files come in and pages are served: nothing is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.server import serving
from corpus.library.doctor import examine
from corpus.library.store import Store
from tests.cluster.office import Office, write_documents
from tests.support.postgres import Server
from tests.support.waiting import wait_for
from tests.support.web_client import PASSWORD, http_client, sign_in
from webui.app.users import Users

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]

#: Seconds that the server is away each time.
_AWAY = 2.0


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test alone, which may be stopped."""
    with Server() as made:
        yield made


@contextmanager
def restarting(server: Server, times: int = 3) -> Iterator[None]:
    """Stop or kill the server several times inside the block, and have it run at its end."""

    def restart() -> None:
        for at in range(times):
            time.sleep(_AWAY)
            server.kill() if at % 2 else server.stop()
            time.sleep(_AWAY)
            server.start()

    thread = threading.Thread(target=restart)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_an_ingest_goes_on_when_the_server_comes_back(tmp_path: Path, server: Server) -> None:
    write_documents(tmp_path / "tep", 120)
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep")
    office = Office(tmp_path / "kho", server.database())
    office.run("status", code=3)
    office.run("ingest", next((tmp_path / "tep").iterdir()))
    child = office.start("ingest", tmp_path / "tep")
    with restarting(server):
        out, _ = child.communicate()
    assert child.returncode == 0, out
    assert office.dump() == single.dump()
    assert examine(office.folder, deep=True, store=office.store).findings == []


def test_readers_of_the_queue_go_on_when_the_server_comes_back(tmp_path: Path, server: Server) -> None:
    write_documents(tmp_path / "tep", 60)
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep")
    office = Office(tmp_path / "kho", server.database())
    office.run("ingest", "--queue", tmp_path / "tep")
    children = [office.start("work", "--until-done") for _ in range(2)]
    with restarting(server):
        outputs = [child.communicate()[0] for child in children]
    assert [child.returncode for child in children] == [0, 0], outputs
    assert office.dump() == single.dump()


def test_pages_are_answered_or_told_to_come_back(tmp_path: Path, server: Server) -> None:
    url = server.database()
    office = Office(tmp_path / "kho", url)
    write_documents(tmp_path / "tep", 12)
    office.run("ingest", tmp_path / "tep")
    users = Users(office.folder, Store(url))
    users.add("lan", PASSWORD, "quan-tri")
    users.close()
    answers: Counter[int] = Counter()
    with serving(office.folder, tmp_path / "log", office.environment) as (_, address), http_client(address) as client:
        assert sign_in(client) == 303  # type: ignore[arg-type]
        ids = [one["id"] for one in client.get("/api/documents").json()["data"]]
        paths = ["/", "/?q=kế+hoạch", "/api/search?q=ocop", "/tinh-trang", "/duyet", "/healthz"]
        paths += [f"/van-ban/{ids[0]}", f"/api/documents/{ids[0]}/cites"]

        def ask() -> None:
            for path in paths:
                answer = client.get(path)
                answers[answer.status_code] += 1
                if answer.status_code >= 500:
                    assert answer.status_code == 503, (path, answer.text)
                    assert path == "/healthz" or int(answer.headers["Retry-After"]) > 0, path

        ask()
        assert set(answers) == {200}
        stop = threading.Event()
        with restarting(server):
            until = time.monotonic() + 6 * _AWAY
            while time.monotonic() < until:
                ask()
        stop.set()
        assert answers[503] > 0

        def well() -> bool:
            return {client.get(path).status_code for path in paths} == {200}

        wait_for(well, seconds=600)
    assert set(answers) <= {200, 503}
