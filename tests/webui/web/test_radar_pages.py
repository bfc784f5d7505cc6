"""The radar on the page of a document and by API."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from tests.corpus.checks.test_provision_radar import AMENDING, plan
from webui.app import radar
from webui.app.settings import Settings
from webui.web.application import create_app


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("radar")
    with Library.open(root / "kho", create=True) as library:
        for number, text in enumerate((plan("điểm b khoản 1 Phụ lục II "), AMENDING), 1):
            path = root / f"{number}.txt"
            path.write_text(text, encoding="utf-8")
            library.intake.add(parse_record(read_record(str(path))), path, reader_version=READER_VERSION)
    return root / "kho"


def test_where_it_takes_long_the_page_says_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(radar, "MOST_ON_PAGE", 0)
    with TestClient(create_app(Settings(library=folder))) as client:
        library: Library = client.app.state.library  # type: ignore[attr-defined]
        own = next(one for one in library.view().documents() if one.so_ky_hieu == "45/KH-UBND")
        page = client.get(f"/van-ban/{own.id}").text
        assert 'id="ra-da"' not in page
        assert f"/api/documents/{own.id}/radar" in page


def test_the_page_shows_what_was_touched_with_the_sentence(folder: Path) -> None:
    with TestClient(create_app(Settings(library=folder))) as client:
        library: Library = client.app.state.library  # type: ignore[attr-defined]
        own = next(one for one in library.view().documents() if one.so_ky_hieu == "45/KH-UBND")
        page = client.get(f"/van-ban/{own.id}").text
        assert 'id="ra-da"' in page
        assert "<q>Bãi bỏ điểm b khoản 1 Phụ lục II</q>" in page
        value = client.get("/api/radar", params={"agency": "UBND tỉnh Thanh Hóa", "on": "2025-09-01"}).json()["data"]
        assert [row["state"] for row in value["rows"]] == ["bi_dung_toi"]
        assert client.get("/api/radar", params={"agency": "UBND tỉnh Không Có"}).status_code == 404
        assert client.get("/api/radar", params={"agency": "x", "on": "hôm qua"}).status_code == 400
