"""E-mail for those who watch: new events of their feeds, each once, sent by the SMTP server of the settings."""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, insert, select, update

from corpus.errors import MissingTool, NotFound, OcopError, UsageError
from corpus.library.store import HERE, Store
from search.request import SearchRequest
from webui.app import feeds
from webui.app.audit_list import local_time
from webui.app.feeds import Entry, Feed
from webui.app.page_database import PageDatabase

if TYPE_CHECKING:
    from corpus.graph.graph import Graph
    from corpus.library import LibraryView
    from search.searcher import Search
    from webui.app.events import EventLog
    from webui.app.settings import Settings

log = logging.getLogger("webui")

_ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,190}")
#: Seconds that the SMTP server may take for one answer.
_PATIENCE = 30.0

#: The tables of this module.
TABLES = MetaData()
_subscriptions = Table(
    "subscriptions",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("address", Text, nullable=False),
    Column("kind", Text, nullable=False),  # tim | van-ban | co-quan | con-thieu
    Column("words", Text, nullable=False),
    Column("sent", Integer, nullable=False),  # the number of the last event that was sent
    sqlite_autoincrement=True,
)
#: What may be watched, in words.
KINDS = {"tim": "câu tìm", "van-ban": "văn bản", "co-quan": "cơ quan", "con-thieu": "văn bản còn thiếu"}


@dataclass(frozen=True, slots=True)
class Subscription:
    """One address that watches one thing."""

    id: int
    address: str
    #: One of :data:`KINDS`.
    kind: str
    #: The query, the id of the document or the name of the agency; "" for the wanted list.
    words: str
    sent: int


class Subscriptions:
    """Who watches what, beside the library's own tables: a backup of the library has no addresses."""

    def __init__(self, folder: Path, store: Store = HERE) -> None:
        self._database = PageDatabase(folder, "mail.db", TABLES, store)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def add(self, address: str, kind: str, words: str, *, sent: int) -> int:
        """Add one that is sent the events after number *sent*; returns its id. Raises UsageError."""
        if not _ADDRESS.fullmatch(address):
            raise UsageError(f"“{address}” không phải địa chỉ thư.", "Ví dụ: vanthu@tinh.gov.vn.")
        with self._database.write() as connection:
            row = {"address": address, "kind": kind, "words": words, "sent": sent}
            made = connection.execute(insert(_subscriptions).values(**row)).inserted_primary_key
        assert made is not None
        return int(made[0])

    def all(self) -> list[Subscription]:
        """All, in the order in which they were added."""
        with self._database.read() as connection:
            rows = connection.execute(select(_subscriptions).order_by(_subscriptions.c.id))
            return [Subscription(r.id, r.address, r.kind, r.words, r.sent) for r in rows]

    def remove(self, id: int) -> None:
        """Remove one. Raises NotFound."""
        with self._database.write() as connection:
            if not connection.execute(delete(_subscriptions).where(_subscriptions.c.id == id)).rowcount:
                raise NotFound(f"Không có theo dõi số {id}.", "Hãy xem `ocop notify list`.")

    def mark_sent(self, id: int, number: int) -> None:
        """Note that events up to *number* were sent."""
        with self._database.write() as connection:
            connection.execute(update(_subscriptions).where(_subscriptions.c.id == id).values(sent=number))


class Mailer:
    """Sends what is new to those who watch."""

    def __init__(self, settings: Settings, subscriptions: Subscriptions, events: EventLog, search: Search) -> None:
        self._settings = settings
        self._subscriptions = subscriptions
        self._events = events
        self._search = search

    def send(self, view: LibraryView, graph: Graph) -> int:
        """Send one message to each subscription that has new events; returns how many messages were sent.

        An event counts as sent once the server has taken the message. Raises UsageError without a server in the
        settings, MissingTool where it refuses or cannot be reached.
        """
        if not self._settings.smtp_host:
            raise UsageError("Chưa đặt máy chủ thư.", "Hãy đặt OCOP_SMTP_HOST và OCOP_MAIL_FROM.")
        self._events.follow(view, graph)
        last, sent = self._events.last(), 0
        for one in self._subscriptions.all():
            try:
                feed = self._feed(view, one)
            except NotFound:
                continue  # its document or its agency is gone for now
            found = self._events.latest(feed.wanted, after=one.sent, before=last + 1)
            news = feeds.in_words(self._events, view, list(reversed(found)))
            if news:
                self._deliver(self._message(one, feed, news))
                sent += 1
            self._subscriptions.mark_sent(one.id, last)
        return sent

    def _feed(self, view: LibraryView, one: Subscription) -> Feed:
        match one.kind:
            case "tim":
                return feeds.of_search(self._search, SearchRequest(one.words), "", "/", one.words)
            case "van-ban":
                return feeds.of_document(view, int(one.words), "")
            case "co-quan":
                return feeds.of_agency(view, one.words, "", "/ra-soat")
            case _:
                return feeds.of_wanted(self._events, "")

    def _message(self, one: Subscription, feed: Feed, news: Sequence[Entry]) -> EmailMessage:
        site = self._settings.site_url.rstrip("/")
        parts = [
            "\n".join(filter(None, (entry.title, entry.summary, local_time(entry.at), site and site + entry.page)))
            for entry in news
        ]
        end = (
            f"Thư do Căn Cứ gửi vì địa chỉ này theo dõi {KINDS[one.kind]} (số {one.id}). Thôi nhận: báo người quản trị."
        )
        message = EmailMessage()
        message["From"], message["To"] = self._settings.mail_from, one.address
        message["Subject"] = f"Căn Cứ: {len(news)} tin mới – {feed.title}"
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self._settings.mail_from.partition("@")[2] or "localhost")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n\n".join([*parts, "-- \n" + end]) + "\n")
        return message

    def _deliver(self, message: EmailMessage) -> None:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.smtp_ca)
        try:
            server = self._connected(context)
            try:
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
                server.send_message(message)
            finally:
                with suppress(OSError, smtplib.SMTPException):  # the message is taken or refused by now
                    server.quit()
        except (OSError, smtplib.SMTPException) as error:
            why = f"Máy chủ thư {settings.smtp_host} không nhận thư: {type(error).__name__}."
            raise MissingTool(why, "Hãy xem lại các cài đặt OCOP_SMTP_….") from error

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        settings = self._settings
        host, port = settings.smtp_host, settings.smtp_port
        if settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
        server = smtplib.SMTP(host, port, timeout=_PATIENCE)
        if settings.smtp_security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server


class MailThread:
    """Calls *send* every *minutes* until it is closed; what goes wrong is logged and tried again the next time."""

    def __init__(self, send: Callable[[], int], minutes: float) -> None:
        self._send = send
        self._seconds = minutes * 60
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ends.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while not self._ends.wait(self._seconds):
            try:
                sent = self._send()
                if sent:
                    log.info("Đã gửi %s thư báo tin mới.", sent)
            except OcopError as error:
                log.warning("Chưa gửi được thư báo tin mới: %s", error)
