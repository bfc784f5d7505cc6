"""The `ocop` command. Each command is thin: it opens what it needs and prints; rooms are imported when they are used."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import Abort, TyperException

from corpus.errors import Ambiguous, OcopError, UsageError
from webui.vietnamese_help import Command, Group, explain

if TYPE_CHECKING:
    from webui.settings import Settings

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Căn Cứ: tìm văn bản OCOP và xem mỗi văn bản dựa vào đâu.",
)

LibraryOption = Annotated[Path | None, typer.Option("--library", "-l", metavar="THƯ_MỤC", help="Thư mục của kho.")]
JsonOption = Annotated[bool, typer.Option("--json", help="In dữ liệu JSON, để chương trình khác đọc.")]
DocArgument = Annotated[
    str, typer.Argument(metavar="VĂN_BẢN", help="Số hiệu viết kiểu nào cũng được, đường dẫn tệp, hoặc mã trong kho.")
]


def print_json(value: Any) -> None:
    """One JSON value a line, as UTF-8 whatever the terminal's locale."""
    line = json.dumps(value, ensure_ascii=False, default=str) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def _settings(library: Path | None = None, **options: Any) -> Settings:
    from webui.settings import load

    return load(library=library, **options)


@app.callback()
def _start() -> None:
    """A callback keeps Typer from making the only command the whole program."""


@app.command(cls=Command)
def read(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP...", help="Các tệp cần đọc.", show_default=False)],
    jsonl: Annotated[bool, typer.Option("--jsonl", "--json", help="In mỗi tệp một dòng JSON.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, max=256, metavar="SỐ", help="Số tệp đọc cùng lúc.")
    ] = None,
) -> None:
    """Đọc tệp và in những gì đọc được; không lưu gì.

    Đọc được .txt, PDF có chữ, PDF quét, ảnh (png, jpg, tiff) và .docx.
    """
    from webui import printing
    from webui.reading import read_files

    settings = _settings(jobs=jobs)
    failed = 0
    for value in read_files(files, settings):
        failed += "error" in value
        if jsonl:
            print_json(value)
        else:
            printing.record(value)
    if failed and not jsonl:
        raise typer.Exit(10)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code (see :mod:`corpus.errors`; 130 after Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(args=arguments, prog_name="ocop", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except Ambiguous as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return error.exit_code
    except OcopError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return error.exit_code
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return 0
        print(f"Lỗi: {explain(error)}", file=sys.stderr)
        return UsageError.exit_code
    except (KeyboardInterrupt, Abort):
        print("Đã dừng.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
