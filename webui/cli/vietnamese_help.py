"""Typer in Vietnamese: headings of --help, errors of a command line, and the meaning of exit codes."""

from __future__ import annotations

import re
import select
import sys
from difflib import get_close_matches
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.exceptions import TyperException

from corpus.errors import UsageError

_HELP = "Hiện hướng dẫn này rồi thoát."

#: Help of the options that Typer adds itself.
_TYPER_OPTIONS = {
    "install_completion": "Cài gợi ý lệnh khi bấm Tab cho shell đang dùng.",
    "show_completion": "In đoạn gợi ý lệnh để tự chép vào cấu hình của shell.",
}

#: The meaning of exit codes, for `ocop --help` and the README; the codes are those of :mod:`corpus.errors`.
EXIT_CODES: dict[int, str] = {
    0: "xong",
    1: "check: có chỗ nên xem lại hoặc chưa đối chiếu được; radar: có chỗ bị đụng tới hoặc chưa rõ; "
    "lệnh khác: lỗi chưa rõ",
    2: "lệnh, tham số hoặc cài đặt sai",
    3: "không có văn bản hay kho như đã hỏi (lookup: có dòng không thấy)",
    4: "nhiều văn bản ứng với cách gọi",
    5: "câu tìm sai cú pháp",
    10: "có tệp không đọc được, vì nhiều lý do hoặc lý do khác",
    11: "văn bản mật, không được giữ",
    12: "tệp quá lớn",
    13: "đọc tệp quá lâu",
    14: "tệp hỏng",
    15: "tệp có mật khẩu",
    16: "kiểu tệp không hỗ trợ",
    17: "đọc tệp thì hết bộ nhớ",
    18: "tệp không có chữ nào",
    19: "không thấy hoặc không mở được tệp",
    20: "kho đang bận ghi",
    21: "kho hỏng hoặc khác phiên bản",
    22: "chỉ mục cũ, cần lập lại",
    23: "đĩa đầy",
    24: "tệp thay đổi trong lúc đọc",
    30: "máy thiếu chương trình cần dùng",
    130: "bị dừng bằng Ctrl-C",
}


def _print_exit_codes() -> None:
    from rich.panel import Panel
    from rich.table import Table
    from typer import rich_utils

    table = Table(show_header=False, box=None, expand=True)
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(ratio=1)
    for code, words in EXIT_CODES.items():
        table.add_row(str(code), words)
    table.add_row("", "ingest, read: có tệp không đọc được thì thoát bằng mã của lý do; nhiều lý do khác nhau thì 10")
    panel = Panel(table, title="Mã thoát", title_align="left", border_style="dim")
    rich_utils._get_rich_console().print(panel)


def _usage(text: str) -> str:
    words = {"Usage:": "Cách dùng:", "[OPTIONS]": "[TÙY CHỌN]", "COMMAND [ARGS]...": "LỆNH …"}
    for english, vietnamese in words.items():
        text = text.replace(english, vietnamese, 1)
    return re.sub(r"\{([^{}]+?)\.*\}(?:\.\.\.)?", lambda m: m[1] + (" …" if m[0].endswith(".") else ""), text)


def _translate_panels() -> None:
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"


def _hide_types(command: Any, context: Any) -> None:
    """Hide the names of Python types (``<bool>``, ``<list[Path]>``), which mean nothing to a user."""
    for param in command.get_params(context):
        if param.name in _TYPER_OPTIONS:
            param.help = _TYPER_OPTIONS[param.name]
        if isinstance(param, TyperArgument) or param.metavar is None:
            param.display_type_rich = lambda ctx: None


class Command(TyperCommand):
    """A command whose help is Vietnamese."""

    def get_usage(self, ctx: Any) -> str:
        """The usage line in Vietnamese."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """The option --help, described in Vietnamese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        _translate_panels()
        _hide_types(self, ctx)
        super().format_help(ctx, formatter)


class OutputClosed(Exception):
    """The reader of our output has closed it (``ocop dump | head -1``); Typer would make a failure of it."""


def _output_is_closed() -> bool:
    """Whether the other end of stdout is closed, and not a pipe to a worker."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False


class Group(TyperGroup):
    """A group of commands whose help is Vietnamese; the help of all commands lists the exit codes."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command. Raises OutputClosed where nobody reads its output any more."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            if _output_is_closed():
                raise OutputClosed from error
            raise

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that *args* begin with. Raises UsageError where there is none, naming similar ones."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            near = get_close_matches(name, list(self.commands))
            raise UsageError(f"Không có lệnh “{name}”.{_meant(near)}", f"Xem: {ctx.command_path} --help")
        return super().resolve_command(ctx, args)

    def get_usage(self, ctx: Any) -> str:
        """The usage line in Vietnamese."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """The option --help, described in Vietnamese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        _translate_panels()
        _hide_types(self, ctx)
        super().format_help(ctx, formatter)
        if ctx.parent is None:
            _print_exit_codes()


_QUOTED = re.compile(r"'([^']+)'")


def explain(error: TyperException) -> str:
    """What is wrong with the command line, and how to get help."""
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    name = " / ".join(_QUOTED.findall(parameter.get_error_hint())) if parameter is not None else ""
    match type(error).__name__:
        case "NoSuchOption":
            words = f"Không có tùy chọn {getattr(error, 'option_name', '')}."
            words += _meant(list(getattr(error, "possibilities", None) or []))
        case "MissingParameter":
            words = f"Thiếu {name.rstrip('.') or 'tham số'}."
        case "BadParameter":
            words = f"Giá trị của {name or 'tham số'} không hợp lệ{_allowed(parameter)}."
        case "BadOptionUsage":
            words = f"Tùy chọn {getattr(error, 'option_name', '')} thiếu giá trị hoặc dùng sai."
        case _:
            words = "Tham số thừa hoặc sai."
    path = context.command_path if context is not None else "ocop"
    return f"{words} Xem: {path} --help"


def _meant(near: list[str]) -> str:
    return f" Có phải ý bạn là: {', '.join(near)}?" if near else ""


def _allowed(parameter: Any) -> str:
    """The range of a number, where the option has one."""
    kind = getattr(parameter, "type", None)
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return f" (từ {low} đến {high})"
    return f" (từ {low} trở lên)" if low is not None else ""
