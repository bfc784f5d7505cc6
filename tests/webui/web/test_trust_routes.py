"""Every route: reading shows visitors nothing restricted, writing needs a session and its token."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.support.routes import READING, all_routes, filled
from tests.support.web_client import PASSWORD, csrf_of, sign_in
from tests.support.web_library import build, document_text
from webui.app.settings import Settings
from webui.app.users import Users
from webui.web.application import create_app

#: A public document that cites the restricted one.
CITING = document_text(
    "BÁO CÁO", "31/BC-UBND", ("15", "7", "2024"), "Kết quả tập huấn năm 2024",
    "Căn cứ Thông báo số 12/TB-UBND ngày 02/6/2024 của UBND tỉnh Thanh Hóa;\nCăn cứ Quyết định số 919/QĐ-TTg ngày"
    " 01/8/2022 của Thủ tướng Chính phủ.\nI. KẾT QUẢ\nĐã xong.",
)  # fmt: skip
#: Words and a cited number that only the restricted document contains.
MARKS = ("tuyệt đối bí ẩn", "Nội dung không phổ biến", "777/QĐ-UBND", "noi-bo.txt")
#: Queries similar to the marks, spelt otherwise.
QUESTIONS = ("tuyet doi bi an", "noi dung khong pho bien", "12/tb-ubnd", "777/qd-ubnd", "noi-bo", "tuyet")


class Site:
    """A library with a restricted document, its application, and the ids of two documents."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "kho"
        ids = build(self.folder, folder / "tep")
        self.hidden, self.order = ids["noi-bo"], ids["quyet-dinh"]
        path = folder / "tep" / "bao-cao.txt"
        path.write_text(CITING, encoding="utf-8")
        with Library.open(self.folder) as library:
            library.intake.add(parse_record(read_record(str(path))), path, reader_version=READER_VERSION)
            Search(self.folder, library.view()).catch_up()
            self.removed = library.edits.remove(ids["xau"], "thử")
            self.sha256 = library.view(restricted=True).document(self.hidden).sha256
        users = Users(self.folder)
        users.add("lan", PASSWORD, "kiem-tra")
        users.add("minh", PASSWORD, "quan-tri")
        users.close()
        often = "12000/minute"
        limits = Settings(rate_table=often, rate_draft=often, rate_write=often, rate_picture=often)
        self.app = create_app(limits.model_copy(update={"library": self.folder}))
        self.routes = sorted(set(all_routes(self.app.routes)))

    def state(self) -> str:
        """A digest of all that a writing route could change."""
        with Library.open(self.folder) as library:
            result = [
                *library.view(restricted=True).dump(),
                *map(str, library.edits.audit()),
                *map(str, library.edits.corrections()),
            ]
        uploads = self.folder / "uploads"
        result += [str(p) for p in sorted(uploads.rglob("*"))] if uploads.exists() else []
        return hashlib.sha256("\n".join(result).encode()).hexdigest()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    with TestClient(site.app, raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


def addresses(site: Site, id: int) -> list[str]:
    """Every GET address with *id*, pictures by page and by value."""
    values = {"number": 1, "name": "title", "token": "x" * 22, "entry": site.removed}
    # Where the address alone is no request.
    asked = {"/api/documents/{id}/provision": "?name=Điều 1", "/api/documents/{id}/compare": "?with=1"}
    return [filled(path, values, id) + asked.get(path, "") for method, path in site.routes if method == "GET"]


def traces_of_it(site: Site, text: str) -> list[str]:
    found = [mark for mark in MARKS if mark in text]
    found += [site.sha256] if site.sha256 and site.sha256 in text else []
    if re.search(rf'van-ban/{site.hidden}\b|"id": ?{site.hidden}\b', text):
        found.append(f"id {site.hidden}")
    return found


def test_no_route_shows_a_restricted_document_to_visitors(site: Site, client: TestClient) -> None:
    assert len(site.routes) > 40
    client.cookies.clear()
    with Library.open(site.folder) as library:
        last = max(s.id for s in library.view(restricted=True).documents(held=None))
    paths = dict.fromkeys(path for id in range(1, last + 1) for path in addresses(site, id))
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert not traces_of_it(site, answer.text), path
        if re.search(rf"/{site.hidden}(/|$|\.|\?)", path):
            sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/dang-nhap")
            assert sent_away or answer.status_code in {401, 404}, path
    assert len(paths) > 200


def test_no_query_finds_a_restricted_document_for_visitors(site: Site, client: TestClient) -> None:
    client.cookies.clear()
    for method, pattern in site.routes:
        if method != "GET" or "{" in pattern or pattern == "/api/openapi.json":
            continue
        for asked in QUESTIONS:
            every = dict.fromkeys(("q", "so", "a", "b", "loai"), asked)
            for parameters in (
                {"q": asked, "so": asked, "a": asked, "b": "919/QĐ-TTg"},
                every,
                {"a": "#1", "b": asked},
            ):
                answer = client.get(pattern, params=parameters)
                assert answer.status_code < 500, (pattern, parameters)
                assert not traces_of_it(site, answer.text), (pattern, parameters)


def test_a_draft_check_shows_nothing_of_a_restricted_document(site: Site, client: TestClient) -> None:
    client.cookies.clear()
    draft = CITING.replace("31/BC-UBND", "  /BC-UBND").replace("02/6/2024", "03/6/2024")
    for form in ({"van_ban": draft}, {"van_ban": draft, "dang": "json"}):
        answer = client.post("/kiem-tra", data=form)
        assert answer.status_code == 200
        assert "919/QĐ-TTg" in answer.text
        assert not traces_of_it(site, answer.text)


def test_signed_in_users_see_the_restricted_document(site: Site, client: TestClient) -> None:
    assert sign_in(client) == 303
    for path in (f"/van-ban/{site.hidden}", f"/api/documents/{site.hidden}", f"/van-ban/{site.hidden}/tep-goc"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "bí ẩn" in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert traces_of_it(site, client.get("/?q=tuyet+doi+bi+an").text)
    client.cookies.clear()


# Writing

#: Routes that need no session: they write nothing, or begin or end a session.
FOR_ALL = {("POST", "/kiem-tra"), ("POST", "/dang-nhap"), ("POST", "/dang-xuat")}


def writing(site: Site) -> list[tuple[str, str]]:
    return [(m, p) for m, p in site.routes if m not in READING and (m, p) not in FOR_ALL]


def send(client: TestClient, site: Site, method: str, pattern: str, headers: dict[str, str], **more: str) -> int:
    """A form that would do something on any of the routes, were it let in; the status."""
    path = filled(pattern, {"entry": site.removed}, site.order)
    form = {
        "van_ban": str(site.order), "muc": "title", "gia_tri": "Bị sửa", "viec": "sua", "ten": "mới", "q": "ocop",
        "ly_do": "thử", "id": str(site.order), **more,
    }  # fmt: skip
    files = [("tep", ("a.txt", CITING.encode()))] if pattern == "/nap" else None
    return client.request(method, path, data=form, files=files, headers=headers).status_code


def test_no_route_writes_for_visitors(site: Site, client: TestClient) -> None:
    client.cookies.clear()
    routes, before = writing(site), site.state()
    assert {p for _, p in routes} >= {"/duyet", "/nap", "/nhat-ky/{entry}/hoan-tac"}
    for method, pattern in routes:
        for headers in ({}, {"Origin": "http://testserver"}, {"Cookie": "can_cu=" + "x" * 43}):
            status = send(client, site, method, pattern, headers, csrf="x")
            assert status in {401, 403}, (method, pattern, status)
    assert client.post("/kiem-tra", data={"van_ban": CITING}).status_code == 200
    assert site.state() == before


def test_no_route_writes_without_the_session_token_or_for_another_site(site: Site, client: TestClient) -> None:
    assert sign_in(client, "minh") == 303
    token, before = csrf_of(client), site.state()
    for method, pattern in writing(site):
        for wrong in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": token[:-1]}):
            assert send(client, site, method, pattern, {}, **wrong) == 403, (method, pattern, wrong)
        for headers in (
            {"Origin": "http://xau.example"}, {"Origin": "null"}, {"Origin": "http://testserver.xau.example"},
            {"Origin": "http://testserver:81"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        ):  # fmt: skip
            assert send(client, site, method, pattern, headers, csrf=token) == 403, (method, pattern, headers)
    assert client.post("/dang-xuat", data={"csrf": "x"}).status_code == 403
    assert client.post("/dang-nhap", data={"ten": "minh", "mat_khau": PASSWORD}).status_code == 403
    assert client.post("/kiem-tra", data={"van_ban": CITING}, headers={"Origin": "null"}).status_code == 403
    assert site.state() == before
    assert client.get("/duyet").status_code == 200  # still signed in
    client.cookies.clear()


def test_reviewers_cannot_do_what_is_for_administrators(site: Site, client: TestClient) -> None:
    assert sign_in(client, "lan") == 303
    token, before = csrf_of(client), site.state()
    assert send(client, site, "POST", "/nhat-ky/{entry}/hoan-tac", {}, csrf=token) == 403
    assert site.state() == before
    client.cookies.clear()


def test_no_get_request_writes(site: Site, client: TestClient) -> None:
    assert sign_in(client, "minh") == 303
    before = site.state()
    for path in addresses(site, site.order):
        assert client.get(path, params={"viec": "sua", "gia_tri": "Bị sửa", "muc": "title"}).status_code < 500, path
    assert site.state() == before
    client.cookies.clear()
