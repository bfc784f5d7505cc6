"""Events: each once, in feeds that lose none, and in messages that a real SMTP server takes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from lxml import etree

from corpus.errors import MissingTool
from corpus.graph.graph import Graph
from corpus.library import Library
from corpus.record_json import parse_record
from ingest.extract import read_record
from ingest.reader_version import READER_VERSION
from search.searcher import Search
from tests.support.counted_work import lines_run
from tests.support.shell import Shell
from tests.support.web_client import client_of
from tests.support.web_library import build, document_text
from webui.app import events, feeds
from webui.app.events import EventLog, Kind
from webui.app.mail import Mailer, MailThread, Subscriptions
from webui.app.settings import Settings

#: Replaces Kế hoạch 45/KH-UBND, on which Quyết định 88/QĐ-UBND rests.
NEW_PLAN = document_text(
    "KẾ HOẠCH", "61/KH-UBND", ("15", "7", "2024"), "Triển khai Chương trình mỗi xã một sản phẩm, thay thế",
    "Căn cứ Quyết định số 1555/QĐ-TTg ngày 02/02/2024 của Thủ tướng Chính phủ.\n"
    "Kế hoạch này thay thế Kế hoạch số 45/KH-UBND ngày 12/3/2024 của UBND tỉnh Thanh Hóa.",
)  # fmt: skip
_NS = {"a": feeds.ATOM}


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, dict[str, int]]:
    return tmp_path / "kho", build(tmp_path / "kho", tmp_path / "tep")


def add_plan(folder: Path) -> int:
    """The plan that replaces another comes into the library."""
    path = folder.parent / "moi.txt"
    path.write_text(NEW_PLAN, encoding="utf-8")
    with Library.open(folder) as library:
        added = library.intake.add(parse_record(read_record(str(path))), path, reader_version=READER_VERSION).id
        Search(folder, library.view()).catch_up()
    return added


def noticed(folder: Path) -> list[tuple[Any, ...]]:
    """All events, oldest first, after following the library."""
    with Library.open(folder) as library, closing(EventLog(folder)) as log:
        view = library.view()
        log.follow(view, Graph(view).refresh())
        return [(e.kind, e.document, e.basis, e.by, e.effect) for e in reversed(log.latest(lambda _: True))]


def test_each_event_is_written_once_whatever_is_read_again(kept: tuple[Path, dict[str, int]]) -> None:
    folder, ids = kept
    first = noticed(folder)
    assert (Kind.ADDED, ids["ke-hoach"], None, None, "") in first
    assert (Kind.WANTED, ids["919"], None, None, "") in first
    assert not any(event[1] == ids["noi-bo"] for event in first)  # of restricted circulation
    assert noticed(folder) == first
    new = add_plan(folder)
    later = noticed(folder)
    assert later[: len(first)] == first
    news = later[len(first) :]
    assert (Kind.ADDED, new, None, None, "") in news
    assert (Kind.EFFECT, ids["ke-hoach"], None, new, "bi_thay_the") in news
    assert (Kind.BASIS, ids["quyet-dinh"], ids["ke-hoach"], new, "bi_thay_the") in news
    path = folder.parent / "moi.txt"
    with Library.open(folder) as library:
        record = parse_record(read_record(str(path)))
        library.intake.add(record, path, reader_version=READER_VERSION, again=True)
    assert noticed(folder) == later
    assert len(later) == len(set(later))


def follow_work(folder: Path, documents: int) -> int:
    """Lines of Python that run for a log to follow a library of *documents* that rest on one changed decision."""
    base = "Căn cứ Quyết định số 148/QĐ-TTg ngày 24/02/2023 của Thủ tướng Chính phủ."
    file = folder / "van-ban.txt"
    folder.mkdir()
    with Library.open(folder / "kho", create=True) as library, closing(EventLog(folder / "kho")) as log:
        for number in range(1, documents + 1):
            text = document_text("KẾ HOẠCH", f"{number}/KH-UBND", ("15", "7", "2024"), "Về tập huấn", base)
            file.write_text(text, encoding="utf-8")
            record = parse_record(read_record(str(file)))
            library.intake.add(record, file, reader_version=READER_VERSION)
        view = library.view()
        graph = Graph(view).refresh()
        work = lines_run(lambda: log.follow(view, graph))
        rests = [event for event in log.latest(lambda event: event.kind is Kind.BASIS) if event.basis]
        assert len({event.document for event in rests}) == documents
        assert lines_run(lambda: log.follow(view, graph)) < work / 5, "nothing is left to do"
    return work


def test_the_work_of_following_grows_with_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch of changes touches the decision that all rest on; they are not looked at again for that."""
    monkeypatch.setattr(events, "BATCH", 5)
    follow_work(tmp_path / "caches-are-filled", 5)
    small, large = (follow_work(tmp_path / str(count), count) for count in (20, 60))
    assert large / small < 3 * 1.3


def test_what_the_graph_has_not_read_yet_is_told_the_next_time(kept: tuple[Path, dict[str, int]]) -> None:
    folder, _ = kept
    with Library.open(folder) as library, closing(EventLog(folder)) as log:
        view = library.view()
        graph = Graph(view).refresh()
        new = add_plan(folder)
        log.follow(view, graph)
        assert not any(event.document == new for event in log.latest(lambda _: True))
    assert any(event[:2] == (Kind.ADDED, new) for event in noticed(folder))


def entries_of(data: bytes) -> tuple[list[tuple[str, str]], str | None]:
    """Id and title of each entry of a feed, and the address of the next page."""
    root = etree.fromstring(data)
    found = [
        (e.findtext("a:id", namespaces=_NS), e.findtext("a:title", namespaces=_NS))
        for e in root.iterfind("a:entry", _NS)
    ]
    following = root.find("a:link[@rel='next']", _NS)
    return found, None if following is None else str(following.get("href"))


def test_the_feeds_tell_what_was_asked_for(kept: tuple[Path, dict[str, int]]) -> None:
    folder, ids = kept
    with client_of(kept) as client:

        def titles(path: str) -> list[str]:
            answer = client.get(path)
            assert answer.headers["content-type"] == feeds.MEDIA_TYPE
            return [title for _, title in entries_of(answer.content)[0]]

        before = titles("/tin/tim.atom?q=tập+huấn")
        assert set(before) == {"Văn bản mới: Kế hoạch 45/KH-UBND", "Văn bản mới: Quyết định 88/QĐ-UBND"}
        add_plan(folder)
        client.app.state.search.catch_up()  # type: ignore[attr-defined]
        changed = titles(f"/van-ban/{ids['quyet-dinh']}/tin.atom")
        assert changed[0] == "Căn cứ đã thay đổi: Quyết định 88/QĐ-UBND"
        assert (
            titles(f"/van-ban/{ids['ke-hoach']}/tin.atom")[0]
            == "Kế hoạch 45/KH-UBND: bị thay thế (Kế hoạch 61/KH-UBND)"
        )
        assert "Còn thiếu: Quyết định 1555/QĐ-TTg" in titles("/tin/con-thieu.atom")
        agency = titles("/tin/co-quan.atom?coquan=UBND+tỉnh+Thanh+Hóa")
        assert {"Văn bản mới: Kế hoạch 61/KH-UBND", changed[0]} <= set(agency)
        assert titles("/tin/tim.atom?q=tập+huấn") == before
        assert client.get(f"/van-ban/{ids['noi-bo']}/tin.atom").status_code == 404
        for path in ("/", "/?q=ocop", f"/van-ban/{ids['ke-hoach']}", "/con-thieu"):
            assert 'rel="alternate" type="application/atom+xml"' in client.get(path).text


def test_a_long_feed_is_cut_into_pages_and_loses_nothing(
    kept: tuple[Path, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PAGE", 2)
    with client_of(kept) as client:
        seen: list[tuple[str, str]] = []
        path: str | None = "/tin/con-thieu.atom"
        while path:
            found, path = entries_of(client.get(path).content)
            assert 0 < len(found) <= 2
            seen += found
        assert len(seen) == len({id for id, _ in seen}) == 3
        assert seen[:2] == entries_of(client.get("/tin/con-thieu.atom").content)[0]  # the same ids again


class Inbox:
    """What an SMTP server was sent; it refuses while *refuses* is set."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 later"
        message = BytesParser(policy=policy.default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    controller.stop()


def mailer_of(folder: Path, library: Library, log: EventLog, found: Subscriptions, port: int) -> Mailer:
    settings = Settings(
        library=folder, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
        mail_from="can-cu@tinh.vn", site_url="https://cancu.tinh.vn/",
    )  # fmt: skip
    return Mailer(settings, found, log, Search(folder, library.view()))


def test_each_event_is_mailed_once_and_a_refused_message_again(
    kept: tuple[Path, dict[str, int]], server: tuple[Inbox, int]
) -> None:
    folder, ids = kept
    inbox, port = server
    noticed(folder)
    with closing(Subscriptions(folder)) as found, closing(EventLog(folder)) as log:
        found.add("vanthu@tinh.vn", "van-ban", str(ids["quyet-dinh"]), sent=log.last())
        found.add("phapche@tinh.vn", "con-thieu", "", sent=log.last())
        add_plan(folder)
        with Library.open(folder) as library:
            mailer, view = mailer_of(folder, library, log, found, port), library.view()
            graph = Graph(view).refresh()
            inbox.refuses = True
            with pytest.raises(MissingTool):
                mailer.send(view, graph)
            inbox.refuses = False
            assert mailer.send(view, graph) == 2
            assert mailer.send(view, graph) == 0
    assert [message["To"] for message in inbox.messages] == ["vanthu@tinh.vn", "phapche@tinh.vn"]
    text = inbox.messages[0].get_content()
    for words in ("Căn cứ đã thay đổi: Quyết định 88/QĐ-UBND", f"https://cancu.tinh.vn/van-ban/{ids['quyet-dinh']}"):
        assert words in text
    assert "1555/QĐ-TTg" in inbox.messages[1].get_content()


def test_the_server_mails_by_itself(kept: tuple[Path, dict[str, int]], server: tuple[Inbox, int]) -> None:
    folder, inbox, port = kept[0], *server
    with closing(Subscriptions(folder)) as found:
        found.add("vanthu@tinh.vn", "tim", "tập huấn", sent=0)
    options: Any = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_minutes": 0.001}
    with client_of(kept, **options):
        while not inbox.messages:
            pass
    assert "2 tin mới" in inbox.messages[0]["Subject"]
    assert len(inbox.messages) == 1


def test_the_command_adds_lists_sends_and_removes(
    kept: tuple[Path, dict[str, int]],
    server: tuple[Inbox, int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, (inbox, port) = kept[0], server
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(port)), ("SECURITY", "none")):
        monkeypatch.setenv(f"OCOP_SMTP_{name}", value)
    ocop = Shell(folder, capsys)
    assert ocop.json("notify", "add", "a@b.vn", "van-ban", "88/QĐ-UBND") == {"id": 1}
    ocop("notify", "add", "a@b.vn", "con-thieu")
    ocop("notify", "add", "khong", "con-thieu", code=2)
    ocop("notify", "add", "a@b.vn", "co-quan", "UBND xã Không Có", code=3)
    ocop("notify", "add", "a@b.vn", "tim", '"x', code=5)
    assert "1  a@b.vn  văn bản" in ocop("notify", "list")
    assert ocop.json("notify", "send") == {"sent": 0}
    add_plan(folder)
    assert ocop.json("notify", "send") == {"sent": 2}
    assert len(inbox.messages) == 2
    ocop("notify", "remove", "1")
    ocop("notify", "remove", "1", code=3)


def test_a_thread_goes_on_after_a_failure() -> None:
    calls: list[int] = []

    def send() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise MissingTool("hỏng")
        return 0

    with closing(MailThread(send, 0.0001)):
        while len(calls) < 3:
            pass
