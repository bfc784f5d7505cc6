"""Originals in an object store that is cut off: no record without its original, and what users see is said."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from bench.server import serving
from corpus.errors import DamagedOriginal
from corpus.library import Library
from corpus.library.doctor import examine
from corpus.library.originals import originals_of
from corpus.library.originals.in_objects import FETCHED
from corpus.library.store import Store
from tests.cluster.office import Office, write_documents
from tests.support.s3 import BUCKET, ObjectServer, installed
from tests.support.waiting import wait_for
from tests.support.web_client import http_client

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not installed(), reason="no S3 server is here (make test-cluster)"),
]
#: Seconds that the store is away each time, and for which commands try to reach it.
_AWAY = 2.0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectServer]:
    with ObjectServer() as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def at_bucket(folder: Path, reach_seconds: float = 30.0) -> Store:
    """Originals in the bucket, under the folder's name."""
    return Store(originals=f"s3://{BUCKET}/{folder.name}", reach_seconds=reach_seconds)


def office_of(folder: Path, server: ObjectServer) -> Office:
    """A library whose commands keep originals in the bucket."""
    made = Office(folder, None)
    made.store = at_bucket(folder)
    made.environment |= {**server.environment, "OCOP_ORIGINALS": str(made.store.originals)}
    return made


def test_what_two_machines_put_at_once_is_there_once(tmp_path: Path, server: ObjectServer) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"noi dung" * 100_000)
    name = sha256(file.read_bytes()).hexdigest()
    machines = [originals_of(tmp_path / f"kho{n}" / "kho", at_bucket(Path("kho"))) for n in range(4)]
    kept: list[object] = []
    threads = [threading.Thread(target=lambda one=one: kept.append(one.keep(name, file))) for one in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept)) == 1
    assert [entry.sha256 for entry in machines[0].entries()] == [name]
    assert all(one.is_whole(name) for one in machines)


def test_what_was_damaged_there_is_not_taken_for_the_original(tmp_path: Path, server: ObjectServer) -> None:
    import obstore
    from obstore.store import from_url

    file = tmp_path / "a.txt"
    file.write_text("nguyên")
    name = sha256(file.read_bytes()).hexdigest()
    originals = originals_of(tmp_path / "kho", at_bucket(tmp_path / "kho"))
    originals.keep(name, file)
    key, bucket = f"{name[:2]}/{name}", from_url(f"s3://{BUCKET}/kho", client_options={"allow_http": True})
    obstore.put(bucket, key, b"khac")
    (tmp_path / "kho" / FETCHED / name).unlink()
    with pytest.raises(DamagedOriginal):
        originals.local(name)
    assert list((tmp_path / "kho" / FETCHED).iterdir()) == []
    originals.keep(name, file)  # one of another size is no original
    assert originals.local(name).read_text() == "nguyên"


def test_an_ingest_goes_on_when_the_store_comes_back(tmp_path: Path, server: ObjectServer) -> None:
    write_documents(tmp_path / "tep", 120)
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep")
    office = office_of(tmp_path / "kho", server)
    child = office.start("ingest", tmp_path / "tep")
    wait_for(lambda: any((office.folder / FETCHED).glob("*")), seconds=60)
    for _ in range(3):
        server.cut()
        time.sleep(_AWAY)
        server.connect()
        time.sleep(_AWAY / 4)
    out, _ = child.communicate()
    assert child.returncode == 0, out
    assert office.dump() == single.dump()
    assert examine(office.folder, deep=True, store=office.store).findings == []
    assert not any((office.folder / "originals").glob("*/*"))


def test_an_ingest_killed_while_the_store_is_cut_off_leaves_no_record_without_its_original(
    tmp_path: Path, server: ObjectServer
) -> None:
    write_documents(tmp_path / "tep", 120)
    single = Office(tmp_path / "mot", None)
    single.run("ingest", tmp_path / "tep")
    office = office_of(tmp_path / "kho", server)
    for pause in (0.1, 0.5, 1.0):
        child = office.start("ingest", tmp_path / "tep")
        wait_for(lambda: any((office.folder / FETCHED).glob("*")), seconds=60)
        time.sleep(pause)
        server.cut()
        child.kill()
        child.communicate()
        server.connect()
        with Library.open(office.folder, store=office.store) as library:
            held = [one.record.sha256 for one in library.view(restricted=True).readings()]
            assert all(library.originals.is_whole(one) for one in held)
    office.run("ingest", tmp_path / "tep")
    assert office.dump() == single.dump()
    assert {one.code for one in examine(office.folder, deep=True, store=office.store).findings} <= {"mo_coi"}


def test_without_the_store_text_is_found_and_files_are_told_to_come_later(tmp_path: Path, server: ObjectServer) -> None:
    office = office_of(tmp_path / "kho", server)
    write_documents(tmp_path / "tep", 3)
    office.run("ingest", tmp_path / "tep")
    for copy in (office.folder / FETCHED).iterdir():
        copy.unlink()
    with serving(office.folder, tmp_path / "log", office.environment) as (_, address), http_client(address) as client:
        id_ = client.get("/api/documents").json()["data"][0]["id"]
        original = f"/van-ban/{id_}/tep-goc"
        server.cut()
        assert client.get(f"/van-ban/{id_}").status_code == 200
        assert client.get("/?q=kế+hoạch").status_code == 200
        answer = client.get(original)
        assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True), answer.text
        out = office.start("ingest", *write_documents(tmp_path / "moi", 1, first=9))
        server.connect()
        printed, _ = out.communicate()
        assert out.returncode == 0, printed
        assert client.get(original).status_code == 200
    with Library.open(office.folder, store=office.store) as library:
        assert sum(1 for _ in library.view().readings()) == 4
