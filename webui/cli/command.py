"""The `ocop` command: every command in the order of `--help`, and what is said when one fails.

The commands themselves are in :mod:`webui.cli.commands`, one family a file.
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
from webui.cli import error_report
from webui.cli.commands import (
    drafts,
    files,
    finding,
    mending,
    page,
    people,
    safety,
    tracing,
    upkeep,
    watching,
)
from webui.cli.vietnamese_help import Command, Group, NobodyReads, explain

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Căn Cứ: tìm văn bản OCOP và xem mỗi văn bản dựa vào đâu.",
)

#: The exit code after Ctrl-C, which Typer makes of it too.
STOPPED = 130

#: Heading of `--help` → its commands, each a function named as the command is (`cited_by` is `cited-by`).
FAMILIES: dict[str, tuple[Callable[..., object], ...]] = {
    "Đưa văn bản vào kho": (files.ingest, watching.watch, files.reocr, files.read),
    "Tìm và xem": (finding.search, finding.show, finding.lookup, page.serve),
    "Căn cứ": (tracing.cites, tracing.cited_by, tracing.path, drafts.check, tracing.export),
    "Sửa kho": (mending.remove, mending.merge, mending.undo, mending.audit),
    "Trông nom kho": (
        upkeep.status,
        safety.doctor,
        safety.backup,
        safety.restore,
        safety.join,
        upkeep.reindex,
        upkeep.dump,
    ),
}
for heading, commands in FAMILIES.items():
    for command in commands:
        app.command(command.__name__.replace("_", "-"), cls=Command, rich_help_panel=heading)(command)
app.add_typer(people.user, name="user", rich_help_panel="Trông nom kho")


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
    except (BrokenPipeError, NobodyReads):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return 0
        return error_report.told(UsageError(explain(error)), given)
    except OcopError as error:
        return error_report.told(error, given)
    except UnicodeDecodeError:
        return error_report.told(UsageError("Tệp không phải chữ UTF-8.", "Hãy lưu lại dạng UTF-8 rồi chạy lại."), given)
    except FileNotFoundError as error:
        return error_report.told(
            ReadFailure(f"Không có tệp {error.filename}.", Verdict.NOT_OPENED, "Hãy kiểm tra đường dẫn."), given
        )
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        said = UsageError(f"Không mở hoặc ghi được tệp{where}.", "Hãy kiểm tra đường dẫn và quyền.")
        return error_report.told(said, given)
