"""`ocop notify`: who is told of new events by e-mail (add, list, remove), and sending them now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, open_library, print_json, search_of, settings_of
from webui.cli.vietnamese_help import Command, Group

if TYPE_CHECKING:
    from webui.app.mail import Subscriptions

notify = typer.Typer(cls=Group, no_args_is_help=True, help="Báo tin mới qua thư: ai theo dõi gì, và gửi ngay.")


@contextmanager
def _open(library: Path | None) -> Iterator[Subscriptions]:
    from webui.app.mail import Subscriptions

    settings = settings_of(library)
    with open_library(settings), closing(Subscriptions(settings.library, settings.store)) as found:
        yield found


@notify.command("add", cls=Command)
def notify_add(
    address: Annotated[str, typer.Argument(metavar="ĐỊA_CHỈ", help="Địa chỉ thư.")],
    kind: Annotated[str, typer.Argument(metavar="LOẠI", help="tim, van-ban, co-quan hoặc con-thieu.")],
    words: Annotated[list[str] | None, typer.Argument(metavar="[CHỮ]…", help="Câu tìm, văn bản, tên cơ quan.")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Thêm người theo dõi; chỉ tin từ nay mới được gửi."""
    from corpus.graph.choice import graph_of
    from search.request import SearchRequest
    from webui.app import addressing, feeds
    from webui.app.events import EventLog
    from webui.app.mail import KINDS, Subscriptions

    asked = " ".join(words or [])
    if kind not in KINDS:
        raise UsageError(f"Không theo dõi được “{kind}”.", "Có: " + ", ".join(KINDS) + ".")
    if bool(asked) == (kind == "con-thieu"):
        raise UsageError("Cần chữ để biết theo dõi gì." if not asked else "con-thieu không cần chữ.", "Xem --help.")
    settings = settings_of(library)
    with open_library(settings) as opened, ExitStack() as stack:
        view = opened.view()
        log = stack.enter_context(closing(EventLog(settings.library, settings.store)))
        log.follow(view, graph_of(view).refresh())
        if kind == "tim":
            search_of(settings, opened).search(SearchRequest(asked, page_size=1))  # raises QueryError
        elif kind == "van-ban":
            asked = str(addressing.one(view, asked).id)
        elif kind == "co-quan":
            feeds.of_agency(view, asked, "", "")  # raises NotFound
        made = stack.enter_context(closing(Subscriptions(settings.library, settings.store))).add(
            address, kind, asked, sent=log.last()
        )
    if as_json:
        print_json({"id": made})
    else:
        print(f"Đã thêm theo dõi số {made}.")


@notify.command("list", cls=Command)
def notify_list(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Ai theo dõi gì."""
    from dataclasses import asdict

    from webui.app.mail import KINDS
    from webui.cli.printing.terminal import printable

    with _open(library) as found:
        listed = found.all()
    if as_json:
        print_json([asdict(one) for one in listed])
    else:
        for one in listed:
            print(printable(f"{one.id:>4}  {one.address}  {KINDS[one.kind]} {one.words}".rstrip()))


@notify.command("remove", cls=Command)
def notify_remove(
    id: Annotated[int, typer.Argument(metavar="SỐ", help="Số trong `ocop notify list`.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Thôi báo tin."""
    with _open(library) as found:
        found.remove(id)
    if as_json:
        print_json({"removed": id})
    else:
        print(f"Đã bỏ theo dõi số {id}.")


@notify.command("send", cls=Command)
def notify_send(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Gửi ngay tin mới; trang đang mở thì tự gửi theo OCOP_MAIL_MINUTES."""
    from corpus.graph.choice import graph_of
    from webui.app.events import EventLog
    from webui.app.mail import Mailer, Subscriptions

    settings = settings_of(library)
    with open_library(settings) as opened, ExitStack() as stack:
        view = opened.view()
        log = stack.enter_context(closing(EventLog(settings.library, settings.store)))
        subscriptions = stack.enter_context(closing(Subscriptions(settings.library, settings.store)))
        sent = Mailer(settings, subscriptions, log, search_of(settings, opened)).send(view, graph_of(view).refresh())
    if as_json:
        print_json({"sent": sent})
    else:
        print(f"Đã gửi {sent} thư.")
