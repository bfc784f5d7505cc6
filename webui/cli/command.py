"""The `ocop` command: all commands in the order of `--help`, and how their errors are reported.

The commands themselves are in :mod:`webui.cli.commands`, a family in each file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from corpus.errors import OcopError, ReadFailure, UsageError
from corpus.vocabulary import Verdict
from webui.cli.commands import (
    backup_commands,
    check_command,
    cluster_commands,
    compare_command,
    edit_commands,
    ingest_commands,
    known_commands,
    mcp_command,
    notify_commands,
    pdf_command,
    products_command,
    radar_command,
    related_command,
    relation_commands,
    revise_command,
    search_commands,
    serve_command,
    signatures_command,
    upkeep_commands,
    user_commands,
    watch_command,
)
from webui.cli.error_report import report_error
from webui.cli.vietnamese_help import Command, Group, OutputClosed, explain

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Căn Cứ: tìm văn bản OCOP và xem mỗi văn bản dựa vào đâu.",
)

#: The exit code after Ctrl-C; Typer uses the same.
STOPPED = 130

#: Heading of `--help` → its commands, each a function named as the command is (`cited_by` is `cited-by`).
FAMILIES: dict[str, tuple[Callable[..., object], ...]] = {
    "Đưa văn bản vào kho": (
        ingest_commands.ingest,
        watch_command.watch,
        ingest_commands.reocr,
        ingest_commands.read,
        cluster_commands.work,
        cluster_commands.jobs,
    ),
    "Tìm và xem": (
        search_commands.search,
        search_commands.show,
        search_commands.lookup,
        pdf_command.pdf,
        signatures_command.signatures,
        related_command.related,
        products_command.products,
        serve_command.serve,
        mcp_command.mcp,
    ),
    "Căn cứ": (
        relation_commands.cites,
        relation_commands.cited_by,
        relation_commands.path,
        compare_command.compare,
        check_command.check,
        radar_command.radar,
        revise_command.revise,
        relation_commands.export,
    ),
    "Sửa kho": (edit_commands.remove, edit_commands.merge, edit_commands.undo, edit_commands.audit),
    "Trông nom kho": (
        upkeep_commands.status,
        backup_commands.doctor,
        backup_commands.backup,
        backup_commands.restore,
        backup_commands.join,
        cluster_commands.move,
        upkeep_commands.reindex,
        upkeep_commands.dump,
    ),
}
for heading, commands in FAMILIES.items():
    for command in commands:
        app.command(command.__name__.replace("_", "-"), cls=Command, rich_help_panel=heading)(command)
app.add_typer(known_commands.known, name="known", rich_help_panel="Trông nom kho")
app.add_typer(notify_commands.notify, name="notify", rich_help_panel="Trông nom kho")
app.add_typer(user_commands.user, name="user", rich_help_panel="Trông nom kho")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"ocop {version('can-cu')}")
        raise typer.Exit


@app.callback()
def _start(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Hiện phiên bản rồi thoát."),
    ] = False,
) -> None:
    """Options of the program itself."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code (see :data:`webui.cli.vietnamese_help.EXIT_CODES`)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(args=arguments, prog_name="ocop", standalone_mode=False)
        sys.stdout.flush()
        if code == STOPPED:
            print("Đã dừng.", file=sys.stderr)
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, Abort):
        print("Đã dừng.", file=sys.stderr)
        return STOPPED
    except (BrokenPipeError, OutputClosed):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return 0
        return report_error(UsageError(explain(error)), given)
    except OcopError as error:
        return report_error(error, given)
    except UnicodeDecodeError:
        return report_error(UsageError("Tệp không phải chữ UTF-8.", "Hãy lưu lại dạng UTF-8 rồi chạy lại."), given)
    except FileNotFoundError as error:
        return report_error(
            ReadFailure(f"Không có tệp {error.filename}.", Verdict.NOT_OPENED, "Hãy kiểm tra đường dẫn."), given
        )
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        unusable = UsageError(f"Không mở hoặc ghi được tệp{where}.", "Hãy kiểm tra đường dẫn và quyền.")
        return report_error(unusable, given)
