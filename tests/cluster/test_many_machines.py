"""What an operator watches of a library that several machines share: the queue, its readers, the index that follows."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bench.server import serving
from tests.cluster.office import Office, write_documents
from tests.support.postgres import Server
from tests.support.waiting import wait_for
from tests.support.web_client import http_client
from webui.app.queue_state import QueueState, QueueWatch
from webui.app.reading_jobs import JobState, ReadingJobs

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]


@pytest.fixture
def office(tmp_path: Path, postgres: Server) -> Office:
    return Office(tmp_path / "kho", postgres.database())


def metrics_of(client: httpx.Client) -> dict[str, float]:
    """The samples of a server by name and state."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [sample for family in families for sample in family.samples if sample.name.startswith("ocop_")]
    return {" ".join([s.name, *s.labels.values()]): s.value for s in samples}


def test_a_queue_that_nobody_has_used_is_empty(office: Office) -> None:
    office.folder.mkdir()
    with closing(QueueWatch(office.folder, office.store)) as watch:
        assert watch.state() == QueueState()


def test_the_queue_is_told_as_it_is(office: Office, tmp_path: Path) -> None:
    files = write_documents(tmp_path / "tep", 4)
    (tmp_path / "tep" / "hong.pdf").write_bytes(b"%PDF-1.7\nhong")
    office.run("ingest", "--queue", tmp_path / "tep")
    with (
        closing(QueueWatch(office.folder, office.store)) as watch,
        closing(ReadingJobs(office.folder, office.store)) as jobs,
    ):
        first = watch.state()
        assert (first.jobs[JobState.WAITING], first.readers, first.tries, first.tried_again) == (5, 0, 0, 0)
        assert first.oldest_seconds > 0
        wait_for(lambda: watch.state().oldest_seconds > first.oldest_seconds + 1)
        jobs.begin(1)
        jobs.begin(1)  # as after the death of a reader
        begun = watch.state()
        assert (begun.jobs[JobState.READING], begun.tries, begun.tried_again) == (1, 2, 1)
        jobs.cancel()
        assert watch.state().oldest_seconds == 0  # what was given up waits no more, though it lies in the queue
        office.run("ingest", "--queue", tmp_path / "tep")
        reader = office.start("work")
        try:
            wait_for(lambda: watch.state().readers == 1)
            wait_for(lambda: jobs.unfinished() == 0)
            read = watch.state()
            assert (read.jobs[JobState.DONE], read.jobs[JobState.FAILED]) == (len(files), 1)
            assert (read.tried_again, read.oldest_seconds) == (0, 0)
        finally:
            reader.terminate()
            reader.communicate()
        assert watch.state().readers == 0
        killed = office.start("work")
        wait_for(lambda: watch.state().readers == 1)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
        wait_for(lambda: watch.state().readers == 0)  # no sign of life for a while


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_finds_what_readers_store(office: Office, tmp_path: Path, workers: str) -> None:
    """The reader stands for one on another machine: it does not touch the index."""
    office.environment["OCOP_INDEX_SECONDS"] = "0.5"
    options = ["--workers", workers]
    with (
        serving(office.folder, tmp_path / "log", office.environment, options=options) as (_, address),
        http_client(address) as client,
    ):
        assert client.get("/api/search?q=1/KH-UBND").json()["data"]["total"] == 0
        write_documents(tmp_path / "tep", 6)
        office.run("ingest", "--queue", tmp_path / "tep")
        before = metrics_of(client)
        assert before["ocop_queue_jobs waiting"] == 6
        assert before["ocop_queue_oldest_seconds"] > 0
        office.run("work", "--until-done")
        wait_for(lambda: client.get("/api/search?q=6/KH-UBND").json()["data"]["total"] > 0)
        wait_for(lambda: metrics_of(client)["ocop_index_lag_changes"] == 0)
        after = metrics_of(client)
        assert after["ocop_queue_jobs done"] == 6
        assert after["ocop_store_changes_total"] > before["ocop_store_changes_total"]
        assert after["ocop_index_documents"] > before["ocop_index_documents"]
        assert after["ocop_queue_up"] == after["ocop_store_up"] == after["ocop_index_up"] == 1


def test_metrics_say_what_is_away(tmp_path: Path) -> None:
    with Server() as server:
        office = Office(tmp_path / "kho", server.database())
        with (
            serving(office.folder, tmp_path / "log", office.environment) as (_, address),
            http_client(address) as client,
        ):
            assert client.get("/readyz").status_code == 200
            server.stop()
            found = metrics_of(client)
            assert found["ocop_store_up"] == found["ocop_queue_up"] == found["ocop_library_up"] == 0
            assert "ocop_queue_jobs waiting" not in found
            assert client.get("/readyz").status_code == 503
            server.start()
            wait_for(lambda: client.get("/readyz").status_code == 200)
            assert metrics_of(client)["ocop_queue_up"] == 1
