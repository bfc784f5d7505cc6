"""`ocop user`: the users who may sign in (add, password, remove, list)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, open_library, print_json, settings_of
from webui.cli.vietnamese_help import Command, Group

if TYPE_CHECKING:
    from webui.app.users import Users

user = typer.Typer(cls=Group, no_args_is_help=True, help="Người được đăng nhập để kiểm tra và nạp văn bản.")
NameArgument = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ dòng đầu của đầu vào.")]


@contextmanager
def _open_users(library: Path | None) -> Iterator[Users]:
    """The users of a library, which is made when there is none."""
    from webui.app.users import Users

    settings = settings_of(library)
    with open_library(settings, create=True):
        found = Users(settings.library, settings.store)
    try:
        yield found
    finally:
        found.close()


def _password(from_stdin: bool) -> str:
    """A password from the first line of stdin, or typed twice. Raises UsageError."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    import getpass

    if not sys.stdin.isatty():
        raise UsageError(
            "Không có màn hình để hỏi mật khẩu.", "Hãy chạy ở cửa sổ dòng lệnh, hoặc thêm --password-stdin."
        )
    first = getpass.getpass("Mật khẩu: ")
    if first != getpass.getpass("Gõ lại mật khẩu: "):
        raise UsageError("Hai lần gõ khác nhau.", "Hãy thử lại.")
    return first


@user.command("add", cls=Command)
def user_add(
    name: NameArgument,
    role: Annotated[str, typer.Option("--role", metavar="VAI_TRÒ", help="kiem-tra hoặc quan-tri.")] = "kiem-tra",
    password_stdin: StdinOption = False,
    library: LibraryOption = None,
) -> None:
    """Thêm người dùng; mật khẩu được hỏi, không hiện ra."""
    with _open_users(library) as found:
        found.add(name, _password(password_stdin), role)
    print(f"Đã thêm {name}.")


@user.command("password", cls=Command)
def user_password(name: NameArgument, password_stdin: StdinOption = False, library: LibraryOption = None) -> None:
    """Đổi mật khẩu; các phiên đang mở bị đóng."""
    with _open_users(library) as found:
        found.set_password(name, _password(password_stdin))
    print(f"Đã đổi mật khẩu của {name}.")


@user.command("remove", cls=Command)
def user_remove(name: NameArgument, library: LibraryOption = None) -> None:
    """Bỏ người dùng."""
    with _open_users(library) as found:
        found.remove(name)
    print(f"Đã bỏ {name}.")


@user.command("list", cls=Command)
def user_list(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Liệt kê người dùng và vai trò."""
    with _open_users(library) as found:
        everyone = found.all()
    if as_json:
        print_json([{"name": u.name, "role": u.role} for u in everyone])
        return
    if not everyone:
        print("Chưa có người dùng nào. Thêm bằng: ocop user add TÊN")
    for one in everyone:
        print(f"{one.name}\t{one.role_label}")
