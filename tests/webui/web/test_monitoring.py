"""Health and metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.library import LibraryView
from tests.support.web_client import PASSWORD, Ids, client_of
from tests.support.web_library import build
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


def _fail(*_: object) -> None:
    raise AssertionError("counted")


def test_health_reads_no_counts_and_names_what_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "kho", tmp_path / "tep")
    with TestClient(create_app(Settings(library=tmp_path / "kho", closed=True))) as client:
        answer = client.get("/healthz")
        assert answer.status_code == 200
        assert answer.json() == {"ok": True, "library": "ok", "index": "ok", "behind": 0}
        with monkeypatch.context() as patched:
            patched.setattr(LibraryView, "status", _fail)  # it reads whole tables
            assert client.get("/healthz").status_code == 200
        database = next((tmp_path / "kho").glob("*.db"))
        for file in (tmp_path / "kho").glob("*.db*"):
            if not file.name.startswith("users"):
                file.write_bytes(b"hong" * 5_000)
        assert database.exists()
        answer = client.get("/healthz")
        assert answer.status_code == 503
        assert answer.json()["library"] == "khong_mo_duoc"
        assert str(tmp_path) not in answer.text


def test_metrics_count_by_route_and_not_by_address(library: tuple[Path, Ids]) -> None:
    with client_of(library, client=("127.0.0.1", 1)) as client:
        for id in range(1, 6):
            client.get(f"/van-ban/{id}")
        for n in range(30):
            client.get(f"/khong/{n}")
        client.request("XBAD", "/")
        words = client.get("/metrics").text
        assert 'ocop_requests_total{method="GET",route="/van-ban/{id}",status="200"}' in words
        assert 'ocop_requests_total{method="GET",route="?",status="404"} 30.0' in words
        assert 'ocop_request_seconds_count{route="/van-ban/{id}"} 5.0' in words
        assert 'ocop_documents{kind="held"} 3.0' in words
        assert "ocop_library_up 1.0" in words
        assert "ocop_uploads_waiting 0.0" in words
        assert "ocop_process_resident_memory_bytes" in words
        assert "ocop_process_open_fds" in words
        assert "XBAD" not in words
        assert "khong/" not in words
        assert "bí ẩn" not in words


@pytest.mark.parametrize(
    ("client", "headers", "settings", "status"),
    [
        ("127.0.0.1", {}, {}, 200),
        ("::1", {}, {}, 200),
        ("10.0.0.5", {}, {}, 404),
        ("testclient", {}, {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.5"}, {}, 404),  # a proxy on this machine that no setting names
        ("127.0.0.1", {"Forwarded": "for=10.0.0.5"}, {}, 404),
        ("10.0.0.5", {}, {"metrics_for": ["10.0.0.0/24"]}, 200),
        ("127.0.0.1", {}, {"metrics_for": []}, 404),
    ],
)
def test_metrics_are_shown_to_configured_addresses_only(
    library: tuple[Path, Ids], client: str, headers: dict[str, str], settings: dict[str, Any], status: int
) -> None:
    with client_of(library, client=(client, 1), **settings) as asked:
        assert asked.get("/metrics", headers=headers).status_code == status


def values_of(words: str) -> dict[str, float]:
    """The value of each line of metrics, by name and labels."""
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in words.splitlines() if line[0] != "#")
    }


def test_metrics_tell_of_the_store_the_index_and_the_queue(tmp_path: Path) -> None:
    library = (tmp_path / "kho", build(tmp_path / "kho", tmp_path / "tep"))
    with client_of(library, client=("127.0.0.1", 1)) as client:
        found = values_of(client.get("/metrics").text)
        assert found["ocop_store_up"] == found["ocop_index_up"] == found["ocop_queue_up"] == 1
        assert found["ocop_store_changes_total"] == client.app.state.library.view().sequence()  # type: ignore[attr-defined]
        assert found["ocop_store_answer_seconds"] > 0
        assert found["ocop_index_documents"] > 0
        assert found["ocop_index_lag_changes"] == found["ocop_index_lag_seconds"] == 0
        # Only a library in PostgreSQL has a queue; nothing waits in this one, and no file is made for it.
        states = ("waiting", "reading", "done", "failed", "cancelled")
        assert [found[f'ocop_queue_jobs{{state="{state}"}}'] for state in states] == [0] * 5
        assert found["ocop_queue_readers"] == found["ocop_queue_oldest_seconds"] == 0
        assert not (tmp_path / "kho" / "jobs.db").exists()

        (tmp_path / "kho" / "index").rename(tmp_path / "aside")
        found = values_of(client.get("/metrics").text)
        assert (found["ocop_index_up"], found["ocop_library_up"]) == (0, 1)
        assert "ocop_index_lag_changes" not in found


def test_a_server_that_ends_is_healthy_and_not_ready(library: tuple[Path, Ids]) -> None:
    with client_of(library, closed=True) as client:
        assert client.get("/readyz").json() == client.get("/healthz").json()
        client.app.state.draining = True  # type: ignore[attr-defined]
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ok": False, "draining": True})
        assert client.get("/healthz").status_code == 200
        assert client.get("/huong-dan").status_code != 503
