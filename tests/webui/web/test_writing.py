"""What only the signed-in may do: sign in under a brake, correct, upload, see papers of restricted circulation."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.errors import NotFound, UsageError
from corpus.library import Library
from corpus.model import Failure
from corpus.record_json import parse_record
from corpus.vocabulary import Verdict
from ingest.extract import read_record
from tests.support.web_library import PLAN, build, paper
from webui.app import users as users_module
from webui.app.audit_list import local_time
from webui.app.settings import Settings
from webui.app.upload_files import plain_name
from webui.app.users import TooManyAttempts, Users
from webui.web.application import create_app

PASSWORD = "mật khẩu rất dài"
Site = tuple[TestClient, dict[str, int]]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    with TestClient(create_app(Settings(library=tmp_path / "kho", max_upload_mb=1)), follow_redirects=False) as client:
        users = Users(tmp_path / "kho")
        users.add("lan", PASSWORD, "kiem-tra")
        users.add("minh", PASSWORD, "quan-tri")
        users.close()
        yield client, ids


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def sign_in(client: TestClient, name: str = "lan", password: str = PASSWORD, onward: str = "/duyet") -> int:
    csrf = token(client.get("/dang-nhap").text)
    answer = client.post("/dang-nhap", data={"ten": name, "mat_khau": password, "csrf": csrf, "toi": onward})
    if answer.status_code == 303:
        assert answer.headers["location"] == onward
    return answer.status_code


def csrf_of(client: TestClient) -> str:
    return token(client.get("/nap").text)


def test_signing_in_takes_the_right_password_and_a_token(site: Site) -> None:
    client, _ = site
    assert sign_in(client, password="sai sai sai sai") == 401
    assert sign_in(client, name="khong-co") == 401
    assert client.post("/dang-nhap", data={"ten": "lan", "mat_khau": PASSWORD, "csrf": "x"}).status_code == 403
    assert sign_in(client) == 303
    cookie = next(c for c in client.cookies.jar if c.name == "can_cu")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert "lan (kiểm tra)" in client.get("/").text
    assert client.get("/").headers["cache-control"] == "no-store"


def test_signing_in_leads_nowhere_else(site: Site) -> None:
    client, _ = site
    for bad in ("https://xau.example", "//xau.example", "/\\xau.example"):
        client.cookies.clear()
        csrf = token(client.get("/dang-nhap").text)
        answer = client.post("/dang-nhap", data={"ten": "lan", "mat_khau": PASSWORD, "csrf": csrf, "toi": bad})
        assert answer.headers["location"] == "/"


def test_guessing_is_braked(site: Site) -> None:
    client, _ = site
    codes = [sign_in(client, password=f"sai sai sai {n}") for n in range(6)]
    assert codes == [401] * 5 + [429]
    assert sign_in(client) == 429  # the right one as well, until the window is over
    assert sign_in(client, name="minh") == 303


def test_the_brake_is_let_go_and_sessions_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = Users(tmp_path)
    users.add("lan", PASSWORD, "kiem-tra")
    for _ in range(users_module.WRONG_FOR_NAME):
        assert users.sign_in("lan", "sai", "1.1.1.1") is None
    with pytest.raises(TooManyAttempts):
        users.sign_in("lan", PASSWORD, "1.1.1.1")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + users_module.WINDOW + 1)
    cookie = users.sign_in("lan", PASSWORD, "1.1.1.1")
    found = users.of(cookie)
    assert found is not None
    assert not found.is_admin
    assert users.of("khác") is None
    monkeypatch.setattr(time, "time", lambda: now + users_module.WINDOW + users_module.IDLE_SECONDS + 10)
    assert users.of(cookie) is None
    users.close()


def test_passwords_are_kept_as_argon2_and_changing_one_ends_its_sessions(tmp_path: Path) -> None:
    users = Users(tmp_path)
    users.add("lan", PASSWORD, "kiem-tra")
    data = (tmp_path / "users.db").read_bytes() + (tmp_path / "users.db-wal").read_bytes()
    assert b"$argon2id$" in data
    assert PASSWORD.encode() not in data
    assert (tmp_path / "users.db").stat().st_mode & 0o077 == 0
    cookie = users.sign_in("lan", PASSWORD, "a")
    assert cookie is not None
    assert cookie.encode() not in (tmp_path / "users.db-wal").read_bytes()
    users.set_password("lan", PASSWORD + "!")
    assert users.of(cookie) is None
    for name, password, role in (
        ("lan", PASSWORD, "kiem-tra"),
        ("x y", PASSWORD, "kiem-tra"),
        ("hai", "ngắn", "kiem-tra"),
        ("hai", PASSWORD, "vua"),
    ):
        with pytest.raises(UsageError):
            users.add(name, password, role)
    users.remove("lan")
    with pytest.raises(NotFound):
        users.remove("lan")
    users.close()


@pytest.mark.parametrize("path", ["/duyet", "/nap", "/nhat-ky", "/van-ban/1/sua"])
def test_strangers_are_sent_to_sign_in(site: Site, path: str) -> None:
    client, _ = site
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/dang-nhap?toi=")
    post = "/duyet" if path.startswith("/van-ban") else path
    if post in {"/duyet", "/nap"}:
        assert client.post(post, data={"csrf": "x"}).status_code in {401, 403}


def test_forms_of_other_sites_are_refused(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {"van_ban": ids["ke-hoach"], "muc": "title", "gia_tri": "Xấu", "viec": "sua", "csrf": csrf_of(client)}
    assert client.post("/duyet", data=form, headers={"Origin": "https://xau.example"}).status_code == 403
    assert client.post("/duyet", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/duyet", data={**form, "csrf": "đoán"}).status_code == 403
    assert "Xấu" not in client.get(f"/van-ban/{ids['ke-hoach']}").text


def test_a_doubtful_value_is_accepted_and_the_acceptance_undone(site: Site) -> None:
    client, ids = site
    sign_in(client)
    queue = client.get("/duyet").text
    assert "con dấu che" in queue
    form = {"van_ban": ids["quyet-dinh"], "muc": "date", "viec": "chap-nhan", "csrf": csrf_of(client)}
    assert client.post("/duyet", data=form).headers["location"] == "/duyet?xong=1"
    assert "con dấu che" not in client.get("/duyet").text
    history = client.get("/nhat-ky").text
    assert "chấp nhận" in history
    entry = re.search(r"/nhat-ky/(\d+)/hoan-tac", history)
    assert entry
    assert client.post(entry[0], data={"csrf": csrf_of(client)}).status_code == 303
    assert "con dấu che" in client.get("/duyet").text


def test_a_corrected_value_is_found_at_once(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {
        "van_ban": ids["ke-hoach"],
        "muc": "so_ky_hieu",
        "gia_tri": "54/KH-UBND",
        "viec": "sua",
        "csrf": csrf_of(client),
    }
    assert client.post("/duyet", data=form).status_code == 303
    assert client.get("/api/find?so=54/KH-UBND").json()["data"][0]["id"] == ids["ke-hoach"]
    assert f'"/van-ban/{ids["ke-hoach"]}"' in client.get("/?q=54/KH-UBND").text
    entered = {**form, "gia_tri": "55/KH-UBND", "cu": "54/KH-UBND", "viec": "chap-nhan"}  # Enter in the field
    assert client.post("/duyet", data=entered).status_code == 303
    assert client.get("/api/find?so=55/KH-UBND").json()["data"][0]["id"] == ids["ke-hoach"]
    refused = client.post("/duyet", data={**form, "gia_tri": "không phải số"}).headers["location"]
    assert refused == "/duyet?loi=so&muc=so_ky_hieu"


def test_removals_are_undone_by_administrators_alone(site: Site, tmp_path: Path) -> None:
    client, ids = site
    with Library.open(tmp_path / "kho") as library:
        entry = library.edits.remove(ids["ke-hoach"], "thử")
    sign_in(client)
    assert client.post(f"/nhat-ky/{entry}/hoan-tac", data={"csrf": csrf_of(client)}).status_code == 403
    client.cookies.clear()
    sign_in(client, "minh")
    assert client.post(f"/nhat-ky/{entry}/hoan-tac", data={"csrf": csrf_of(client)}).status_code == 303
    assert "45/KH-UBND" in client.get(f"/van-ban/{ids['ke-hoach']}").text


def test_the_signed_in_see_papers_of_restricted_circulation(site: Site) -> None:
    client, ids = site
    assert client.get(f"/van-ban/{ids['noi-bo']}").status_code == 404
    sign_in(client)
    assert "bí ẩn" in client.get(f"/van-ban/{ids['noi-bo']}").text
    assert client.get(f"/van-ban/{ids['noi-bo']}/luoc-do").status_code == 200
    assert f'"/van-ban/{ids["noi-bo"]}"' in client.get("/?q=bí+ẩn").text
    client.post("/dang-xuat", data={"csrf": csrf_of(client)})
    assert client.get(f"/van-ban/{ids['noi-bo']}").status_code == 404
    assert f'"/van-ban/{ids["noi-bo"]}"' not in client.get("/?q=bí+ẩn").text


def test_an_upload_is_read_and_found(site: Site) -> None:
    client, _ = site
    sign_in(client)
    text = PLAN.replace("45/KH-UBND", "71/KH-UBND").replace("tập huấn", "thi nấu ăn")
    files = [("tep", ("ke hoạch.txt", text.encode())), ("tep", ("../../hong.pdf", b"%PDF-1.4 hong"))]
    answer = client.post("/nap", data={"csrf": csrf_of(client)}, files=files)
    assert answer.status_code == 303
    for _ in range(200):
        report = client.get(answer.headers["location"])
        if "Refresh" not in report.headers:
            break
        time.sleep(0.1)
    assert "Đã nạp xong" in report.text
    assert "ke hoạch.txt" in report.text
    assert "không đọc được" in report.text
    assert ".." not in report.text
    found = client.get("/api/search?q=nấu+ăn").json()["data"]["hits"]
    assert [h["so_ky_hieu"] for h in found] == ["71/KH-UBND"]
    assert not list((Path(client.app.state.library.folder) / "uploads").iterdir())  # type: ignore[attr-defined]


def test_a_file_met_before_names_the_document_it_is(site: Site) -> None:
    client, ids = site
    sign_in(client)
    path = client.get("/nap").url.path
    files = [("tep", ("lần hai.txt", PLAN.encode())), ("tep", ("lần ba.txt", PLAN.encode()))]
    answer = client.post(path, data={"csrf": csrf_of(client)}, files=files)
    for _ in range(200):
        report = client.get(answer.headers["location"])
        if "Refresh" not in report.headers:
            break
        time.sleep(0.1)
    link = f'trùng nội dung với <a href="/van-ban/{ids["ke-hoach"]}">Kế hoạch 45/KH-UBND</a>'
    assert report.text.count(link) == 2


def test_an_upload_is_synced_to_disk_off_the_event_loop(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = site
    sign_in(client)
    real, on_loop = os.fsync, []

    def watched(handle: int) -> None:
        with suppress(RuntimeError):
            on_loop.append(asyncio.get_running_loop())
        real(handle)

    form = {"csrf": csrf_of(client)}
    monkeypatch.setattr(os, "fsync", watched)
    assert client.post("/nap", data=form, files=[("tep", ("a.txt", b"x"))]).status_code == 303
    assert not on_loop


def test_an_upload_too_large_is_refused_before_it_is_kept(site: Site) -> None:
    client, _ = site
    sign_in(client)
    answer = client.post("/nap", data={"csrf": csrf_of(client)}, files=[("tep", ("to.txt", b"x" * 2_000_000))])
    assert answer.status_code == 413
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/dang-nhap", content=b"x" * 3_000_000, headers=form).status_code == 413


def test_reading_can_be_closed_too(tmp_path: Path) -> None:
    ids = build(tmp_path / "kho", tmp_path / "tep")
    users = Users(tmp_path / "kho")
    users.add("lan", PASSWORD, "kiem-tra")
    users.close()
    settings = Settings(library=tmp_path / "kho", closed=True)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        for path in ("/", f"/van-ban/{ids['ke-hoach']}", f"/van-ban/{ids['ke-hoach']}/tep-goc", "/con-thieu.csv"):
            assert client.get(path).status_code == 303, path
        assert client.get("/api/search?q=ocop").status_code == 401
        assert client.get("/api/openapi.json").status_code == 401
        assert client.get("/static/page.css").status_code == 200
        assert sign_in(client, onward="/") == 303
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\tệp\\b.pdf", "b.pdf"),
        ("", "tep"),
        ("<x>.txt", "_x_.txt"),
    ],
)
def test_uploaded_names_are_made_plain(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def doubt_a_number(client: TestClient) -> tuple[int, int]:
    """A paper whose number was misread, and another that cites the true one: the id of each."""
    library = client.app.state.library  # type: ignore[attr-defined]
    made = []
    for number, citing in (("140/QĐ-UBND", "919/QĐ-TTg"), ("70/QĐ-UBND", "640/QĐ-UBND ngày 15/8/2024")):
        text = paper(
            "QUYẾT ĐỊNH", number, ("15", "8", "2024"), f"Việc của {number}",
            f"Căn cứ Quyết định số {citing} của UBND tỉnh Thanh Hóa.\nQUYẾT ĐỊNH:\nĐiều 1. Làm.",
        )  # fmt: skip
        path = library.folder.parent / f"{number[:2]}.txt"
        path.write_text(text, encoding="utf-8")
        record = parse_record(read_record(str(path)))
        if number.startswith("140"):
            record.fields["so_ky_hieu"] = replace(
                record.fields["so_ky_hieu"], confidence=0.2, needs_review=True, reasons=["viết tay"]
            )
        made.append(library.intake.add(record, path, reader_version="1").id)
    return made[0], made[1]


def test_the_number_others_cite_is_offered_and_taken_by_one_key(site: Site) -> None:
    client, _ = site
    misread, citing = doubt_a_number(client)
    page = client.get(f"/van-ban/{misread}").text
    assert "1 văn bản khác dẫn 640/QĐ-UBND cùng ngày, cùng cơ quan" in page
    assert 'name="chon"' not in page
    sign_in(client)
    assert 'name="chon" value="640/QĐ-UBND"' in client.get(f"/van-ban/{misread}").text
    queue = client.get("/duyet").text
    form = next(f for f in queue.split("<form")[1:] if 'name="chon"' in f)
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'value="640/QĐ-UBND"' in first[0], "Enter presses the first button"
    data = client.get("/api/review").json()["data"]
    assert next(i for i in data if i["likely"])["likely"][0]["value"] == "640/QĐ-UBND"
    sent = {"csrf": csrf_of(client), "van_ban": str(misread), "muc": "so_ky_hieu", "cu": "140/QĐ-UBND"}
    answer = client.post("/duyet", data={**sent, "gia_tri": "140/QĐ-UBND", "chon": "640/QĐ-UBND"})
    assert answer.headers["location"] == "/duyet?xong=1"
    found = client.get(f"/api/documents/{misread}").json()["data"]
    assert found["so_ky_hieu"] == "640/QĐ-UBND"
    cites = client.get(f"/api/documents/{citing}/cites").json()["data"]
    assert misread in [edge["document"]["id"] for edge in cites]


def test_what_was_typed_counts_more_than_what_is_offered(site: Site) -> None:
    client, _ = site
    misread, _ = doubt_a_number(client)
    sign_in(client)
    sent = {"csrf": csrf_of(client), "van_ban": str(misread), "muc": "so_ky_hieu", "cu": "140/QĐ-UBND", "ve": "van-ban"}
    answer = client.post("/duyet", data={**sent, "gia_tri": "146/QĐ-UBND", "chon": "640/QĐ-UBND"})
    assert answer.headers["location"] == f"/van-ban/{misread}"
    assert client.get(f"/api/documents/{misread}").json()["data"]["so_ky_hieu"] == "146/QĐ-UBND"


def test_the_audit_list_speaks_words_and_local_time(site: Site) -> None:
    client, ids = site
    library = client.app.state.library  # type: ignore[attr-defined]
    library.edits.correct(ids["ke-hoach"], "date", "2024-03-13", who="lan")
    library.edits.merge(ids["ke-hoach"], ids["quyet-dinh"], "thử gộp")
    library.edits.remove(ids["xau"], "thử gỡ")
    sign_in(client, name="minh")
    page = client.get("/nhat-ky").text
    assert "giờ Việt Nam (UTC+7)" in page
    assert "Kế hoạch 45/KH-UBND</a> và" in page
    assert "Quyết định 88/QĐ-UBND" in page
    assert "hai văn bản khác loại" in page
    assert "Báo cáo 99/BC-UBND" in page
    assert "13/3/2024" in page
    assert not re.search(r"[A-ZĐ]+\|\d+\||\bUTC\)|20\d\d-\d\d-\d\d", page)
    rows = client.get("/api/audit?limit=2").json()
    assert [row["action"] for row in rows["data"]] == ["remove", "merge"]
    last = client.get(rows["next"]).json()
    assert [row["action"] for row in last["data"]] == ["correct"]
    assert last["next"] is None
    assert "Không còn việc nào cũ hơn" in client.get("/nhat-ky?sau=500").text


def test_local_time_is_vietnam_s() -> None:
    assert local_time("2026-11-23T18:55:14+00:00") == "01:55 ngày 24/11/2026"
    assert local_time("2026-11-23T06:55:14") == "13:55 ngày 23/11/2026"


def test_names_of_files_that_were_not_read_are_for_the_signed_in(site: Site, tmp_path: Path) -> None:
    client, _ = site
    with Library.open(tmp_path / "kho") as library:
        library.intake.fail("/nguon/mật danh Bão Táp.pdf", "ab" * 32, Failure("", "Đọc quá lâu.", Verdict.TIMED_OUT))
        library.intake.fail("/nguon/Bão Táp 2.pdf", "cd" * 32, Failure("", "Đọc quá lâu.", Verdict.TIMED_OUT))
        library.intake.fail(
            "/nguon/x.pdf", "ef" * 32, Failure("", "Lỗi chương trình (KeyError: Bão Táp).", Verdict.PROGRAM_ERROR)
        )
        library.intake.fail(
            "/nguon/Bão Táp 3.pdf", "09" * 32, Failure("", "Không mở được Bão Táp 3.pdf.", Verdict.DAMAGED)
        )
    paths = ("/tinh-trang", "/api/failures")
    for path in paths:
        told = client.get(path).text
        assert "Bão Táp" not in told
        assert "x.pdf" not in told
        assert "Đọc quá lâu." in told
    assert "<td>2 tệp</td><td>Đọc quá lâu.</td>" in client.get("/tinh-trang").text
    assert [f["name"] for f in client.get("/api/failures").json()["data"]] == [None] * 4
    assert client.get("/api/status").json()["data"]["failed"] == 4
    assert sign_in(client) == 303
    for path in paths:
        assert "mật danh Bão Táp.pdf" in client.get(path).text


def test_a_value_the_paper_has_not_is_recorded_in_words(site: Site) -> None:
    client, ids = site
    sign_in(client)
    form = {"van_ban": ids["ke-hoach"], "muc": "so_ky_hieu", "gia_tri": "", "cu": "", "csrf": csrf_of(client)}
    empty = client.post("/duyet", data={**form, "viec": "sua"}).headers["location"]
    assert empty == "/duyet?loi=trong&muc=so_ky_hieu"
    assert "Số, ký hiệu: Ô còn trống." in client.get(empty).text
    assert client.post("/duyet", data={**form, "viec": "khong-co", "gia_tri": "gõ dở"}).status_code == 303
    rows = client.get("/nhat-ky").text
    assert "ghi là văn bản không có số, ký hiệu" in rows
    assert "(văn bản không có)" in rows
    assert "(trống)" not in rows
    assert "văn bản không có" in client.get(f"/van-ban/{ids['ke-hoach']}").text
    refused = client.post("/duyet", data={**form, "muc": "title", "viec": "khong-co", "ve": "sua"}).headers["location"]
    assert refused == f"/van-ban/{ids['ke-hoach']}/sua?loi=sai&muc=title"
    assert "Trích yếu: Không ghi được" in client.get(refused).text


def test_no_address_puts_words_in_the_mouth_of_the_site(site: Site) -> None:
    client, ids = site
    said = "Hãy+gọi+số+0900+để+mở+khóa"
    names = ("loi", "xong", "thongbao", "thong_bao", "wrong", "message", "error", "status", "muc", "toi", "next")
    asked = "&".join(f"{name}={said}" for name in names)
    for path in ("/dang-nhap", "/kiem-tra", "/tinh-trang", "/huong-dan"):
        assert "0900" not in client.get(f"{path}?{asked}").text
    assert client.get("/dang-nhap?status=500").status_code == 200
    sign_in(client)
    for path in ("/duyet", "/nap", "/nhat-ky", f"/van-ban/{ids['ke-hoach']}/sua", f"/van-ban/{ids['ke-hoach']}"):
        assert "0900" not in client.get(f"{path}?{asked}").text
