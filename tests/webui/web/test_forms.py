"""What a form may carry: sizes, parts, character sets, origins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.web_client import PASSWORD, Ids, client_of, sign_in, token
from tests.support.web_library import build
from webui.app.users import Users


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    folder = tmp_path_factory.mktemp("trust")
    ids = build(folder / "kho", folder / "tep")
    users = Users(folder / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    return folder / "kho", ids


@pytest.fixture(scope="module")
def site(library: tuple[Path, Ids]) -> Iterator[TestClient]:
    with client_of(library, max_upload_mb=1) as client:
        yield client


def test_a_content_length_over_the_limit_is_refused_unread(site: TestClient) -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    answer = site.post("/dang-nhap", content=never(), headers={"Content-Length": "3000000"})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


def test_a_chunked_body_is_counted_as_it_arrives(site: TestClient) -> None:
    sent = 0

    def drops() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1_000):
            sent += 1
            yield b"x" * 10_000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert site.post("/dang-nhap", content=drops(), headers=form).status_code in {400, 413}


def parts(*headers: str, body: str = "x") -> bytes:
    return ("--B\r\n" + "\r\n".join(headers) + f"\r\n\r\n{body}\r\n--B--\r\n").encode()


FIELD = 'Content-Disposition: form-data; name="van_ban"'


FILE = 'Content-Disposition: form-data; name="tep"; filename="a.txt"'


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("many headers in a part", parts(FIELD, *(f"X-{n}: 1" for n in range(100)))),
        ("a long header in a part", parts(FIELD, "X-Long: " + "a" * 100_000)),
        ("a part without a name", parts("Content-Disposition: form-data")),
        ("no head at all", b"--B\r\n\r\nx\r\n--B--\r\n"),
        ("never ended", b"--B\r\n" + FIELD.encode()),
        ("two files", parts(FILE).replace(b"--B--\r\n", b"") + parts(FILE)),
        ("many fields", b"".join(parts(FIELD).replace(b"--B--\r\n", b"") for _ in range(500)) + b"--B--\r\n"),
        ("no multipart", b"\x00\xff" * 500),
        ("nothing", b""),
    ],
)
def test_malformed_multipart_bodies_get_an_error_page(site: TestClient, name: str, body: bytes) -> None:
    answer = site.post("/kiem-tra", content=body, headers={"Content-Type": "multipart/form-data; boundary=B"})
    assert answer.status_code == 400, name
    assert "Về trang tìm kiếm" in answer.text or 'role="alert"' in answer.text  # a page of its own, or on the form


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"&" * 1_500_000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 400_000, "application/x-www-form-urlencoded"),
        (b"ten=" + b"%41" * 600_000, "application/x-www-form-urlencoded"),
        (b"=" * 1_500_000, "application/x-www-form-urlencoded"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=" + "b" * 5_000),
        (b"x", "multipart/form-data; boundary=B; charset=no-such"),
        (b"{" * 100_000, "application/json"),
    ],
)
def test_oversized_and_malformed_forms_are_refused(site: TestClient, body: bytes, kind: str) -> None:
    answer = site.post("/dang-nhap", content=body, headers={"Content-Type": kind})
    assert answer.status_code in {400, 403}


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "null"])
def test_an_invalid_origin_header_is_refused(library: tuple[Path, Ids], origin: str) -> None:
    with client_of(library) as client:
        for path in ("/kiem-tra", "/dang-nhap"):
            assert client.post(path, data={"van_ban": "x"}, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "punycode", "undefined", "idna", "hex", "none-such"]
)
def test_forms_in_other_charsets_than_utf_8_are_refused(library: tuple[Path, Ids], charset: str) -> None:
    fields = {"van_ban": "\\ud800", "csrf": "\\ud800", "ten": "lan", "mat_khau": "x"}
    body = "".join(f'--B\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    with client_of(library) as client:
        for path in ("/kiem-tra", "/dang-nhap"):
            for words in (charset, f'"{charset}"'):
                headers = {"Content-Type": f"multipart/form-data; boundary=B; charset={words}"}
                assert client.post(path, content=body + "--B--\r\n", headers=headers).status_code == 400
        headers = {"Content-Type": "multipart/form-data; boundary=B; Charset=UTF-8"}
        assert client.post("/kiem-tra", content=body + "--B--\r\n", headers=headers).status_code == 200


@pytest.mark.parametrize("words", ["²", "9" * 5000, "-1", "", "1 "])
def test_a_correction_without_a_valid_document_id_is_refused(library: tuple[Path, Ids], words: str) -> None:
    with client_of(library) as client:
        sign_in(client)
        sent = {
            "van_ban": words,
            "muc": "title",
            "gia_tri": "x",
            "viec": "sua",
            "csrf": token(client.get("/duyet").text),
        }
        assert client.post("/duyet", data=sent).status_code == 400
