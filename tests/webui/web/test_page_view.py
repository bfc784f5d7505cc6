"""From a search result to its place on the page picture."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.options import ReadOptions
from ingest.read import file_sha256
from ingest.reader_version import READER_VERSION
from tests.paths import SAMPLES
from tests.support.reading_files import picture, scan_pdf
from webui.app.document_reader import ocr_cache_of
from webui.app.settings import Settings
from webui.web.application import create_app

FILES = SAMPLES / "files"
Site = tuple[TestClient, dict[str, int]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("page-view")
    ids = {}
    with Library.open(folder / "kho", create=True) as library:
        for name in ("02-qd-1876-2018.pdf", "16-gm-2023.pdf", "04-kh-45-2019.docx"):
            path = FILES / name
            cache = ocr_cache_of((library.folder / "ocr").absolute(), file_sha256(path))
            record = parse_record(read_record(str(path), ReadOptions(cache=cache, second_reader=False)))
            ids[name[:2]] = library.intake.add(record, path, reader_version=READER_VERSION).id
    with TestClient(create_app(Settings(library=folder / "kho")), raise_server_exceptions=False) as client:
        yield client, ids


def linked(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found
    return unescape(found[1])


def framed(data: bytes) -> bool:
    """Whether something on the picture has the colour of the frame."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return any(
        colour[0] > 150 and 50 < colour[1] < 120 and colour[2] < 40
        for _, colour in image.getcolors(1_000_000) or []
        if isinstance(colour, tuple)
    )


@pytest.mark.parametrize(("which", "word"), [("02", "phê duyệt"), ("16", "tập huấn")])
def test_a_search_result_leads_to_its_place_on_the_page_picture(site: Site, which: str, word: str) -> None:
    client, ids = site
    results = client.get("/", params={"q": f'"{word}"'}).text
    there = linked(results, rf'href="(/van-ban/{ids[which]}\?to=[^"]+)"')
    page = client.get(there.partition("#")[0]).text
    view = linked(page, rf'href="(/van-ban/{ids[which]}/trang/\d+\?to=[^"]+)"')
    shown = client.get(view).text
    assert "được đóng khung" in shown
    assert "<mark" in shown
    picture = linked(shown, r'<img src="([^"]+to=[^"]+)"')
    data = client.get(picture)
    assert data.headers["content-type"] == "image/png"
    assert framed(data.content)


def test_an_unknown_place_on_the_picture_is_reported(site: Site) -> None:
    client, ids = site
    library = client.app.state.library  # type: ignore[attr-defined]
    shutil.rmtree(library.folder / "ocr")
    shutil.rmtree(library.folder / "pictures", ignore_errors=True)
    view = f"/van-ban/{ids['16']}/trang/1?to=5-12"
    shown = client.get(view).text
    assert "Chưa biết chữ cần tìm nằm ở đâu trên ảnh" in shown
    picture = linked(shown, r'<img src="([^"]+)"')
    assert "to=" not in picture
    bare = client.get(f"/van-ban/{ids['16']}/anh/1.png?to=5-12")
    assert bare.status_code == 200
    assert not framed(bare.content)


def test_a_page_fed_in_sideways_is_shown_as_it_was_read(tmp_path: Path) -> None:
    file = scan_pdf(tmp_path / "a.pdf", [picture(dpi=120), picture(dpi=120).rotate(90, expand=True)])
    record = parse_record(read_record(str(file), ReadOptions(second_reader=False)))
    assert record.turned_pages == [(2, 90)]
    with Library.open(tmp_path / "kho", create=True) as library:
        id_ = library.intake.add(record, file, reader_version=READER_VERSION).id
    with TestClient(create_app(Settings(library=tmp_path / "kho")), raise_server_exceptions=False) as client:
        upright, turned = (
            Image.open(io.BytesIO(client.get(f"/van-ban/{id_}/anh/{number}.png").content)) for number in (1, 2)
        )
        assert upright.width < upright.height
        assert turned.width > turned.height


def test_a_file_without_page_pictures_shows_its_text(site: Site) -> None:
    client, ids = site
    shown = client.get(f"/van-ban/{ids['04']}/trang/1?to=5-12").text
    assert "không có ảnh trang" in shown
    assert "<img" not in shown
    assert "<mark" in shown


def test_missing_pages_get_404(site: Site) -> None:
    client, ids = site
    answer = client.get(f"/van-ban/{ids['02']}/trang/99")
    assert answer.status_code == 404
    assert "không có trang 99" in answer.text
    assert client.get(f"/van-ban/{ids['02']}/trang/1?to=x&to=9-1&to=99999999-999999999").status_code == 200
    assert client.get("/van-ban/99999/trang/1").status_code == 404


def test_the_crop_of_a_value_is_from_the_page_as_read(site: Site) -> None:
    client, ids = site
    picture = client.get(f"/van-ban/{ids['16']}/cat/title.png")
    assert picture.status_code == 200
    assert picture.content.startswith(b"\x89PNG")
