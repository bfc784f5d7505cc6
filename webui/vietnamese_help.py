"""Typer's own words in Vietnamese: headings of --help, and what is wrong with a command line."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

_HELP = "Hiện hướng dẫn này rồi thoát."


def _usage(text: str) -> str:
    words = {"Usage:": "Cách dùng:", "[OPTIONS]": "[TÙY CHỌN]", "COMMAND [ARGS]...": "LỆNH …"}
    for english, vietnamese in words.items():
        text = text.replace(english, vietnamese, 1)
    return text


def _translate_panels() -> None:
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"


class Command(TyperCommand):
    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate_panels()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    def get_usage(self, ctx: Any) -> str:
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _translate_panels()
        super().format_help(ctx, formatter)


def explain(error: TyperException) -> str:
    """What is wrong with the command line, and where help is."""
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    name = (parameter.get_error_hint() if parameter is not None else "").strip("'")
    match type(error).__name__:
        case "NoSuchOption":
            said = f"Không có tùy chọn {getattr(error, 'option_name', '')}."
        case "MissingParameter":
            said = f"Thiếu {name or 'tham số'}."
        case "BadParameter":
            said = f"Giá trị của {name or 'tham số'} không hợp lệ."
        case "BadOptionUsage":
            said = f"Tùy chọn {getattr(error, 'option_name', '')} thiếu giá trị hoặc dùng sai."
        case _ if error.message.startswith("No such command"):
            said = f"Không có lệnh {error.message.split(maxsplit=3)[-1].rstrip('.')}."
        case _:
            said = "Tham số thừa hoặc sai."
    path = context.command_path if context is not None else "ocop"
    return f"{said} Xem: {path} --help"
