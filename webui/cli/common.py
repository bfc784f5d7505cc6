"""What the commands share: options, opening a library, JSON on stdout."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import UsageError

if TYPE_CHECKING:
    from corpus.library import Library
    from search.searcher import Search
    from webui.app.settings import Settings

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        "-l",
        metavar="THƯ_MỤC",
        help="Thư mục của kho; mặc định: OCOP_LIBRARY, hoặc library cạnh mã nguồn.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="In dữ liệu JSON, để chương trình khác đọc.")]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, max=256, metavar="SỐ", help="Số tệp đọc cùng lúc; mặc định bằng số nhân của máy."
    ),
]
#: The words that name one document; an agency behind a số hiệu needs no quotes. See :func:`named`.
DocArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="VĂN_BẢN",
        help="Số hiệu viết kiểu nào cũng được, có thể thêm cơ quan, năm, ngày; đường dẫn tệp; hoặc mã trong kho (#12).",
    ),
]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao; được ghi vào nhật ký.")]


def named(words: list[str]) -> str:
    """The words of one document joined. Raises UsageError where they name several documents."""
    from corpus.so_ky_hieu import PATTERN

    names = [word for word in words if re.fullmatch(r"#\d+", word) or PATTERN.search(word) or os.path.isfile(word)]
    if len(names) > 1 or (len(words) > 1 and all(word.isdigit() for word in words)):
        raise UsageError("Lệnh này nhận mỗi lần một văn bản.", "Tên tệp có dấu cách thì đặt trong ngoặc kép.")
    return " ".join(words)


def print_json(value: Any) -> None:
    """One JSON value a line, as UTF-8 whatever the terminal's locale."""
    line = json.dumps(value, ensure_ascii=False, default=str) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def settings_of(library: Path | None = None, **options: Any) -> Settings:
    """The settings, with the options of a command. Raises UsageError."""
    from webui.app.settings import load

    return load(library=library, **options)


@contextmanager
def open_library(settings: Settings, *, create: bool = False) -> Iterator[Library]:
    """The library of the settings. Raises NotFound unless *create*, LibraryDamaged, LibraryBusy."""
    from corpus.library import Library

    with Library.open(settings.library, create=create, store=settings.store) as library:
        yield library


def search_of(settings: Settings, library: Library) -> Search:
    """The search of the library."""
    from webui.app.searching import open_search

    return open_search(settings, library)


def day_of(typed: str | None) -> str | None:
    """A day as typed, EDTF; None for today. Raises UsageError."""
    from corpus import dates

    if typed is None:
        return None
    if dates.is_edtf(typed) and len(typed) == len("2025-07-06"):
        return typed
    parts = typed.replace(".", "/").replace("-", "/").split("/")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        day = dates.make(int(parts[2]), int(parts[1]), int(parts[0]))
        if day:
            return day
    raise UsageError(f"“{typed}” không phải là một ngày.", "Hãy ghi như 2025-07-06 hoặc 6/7/2025.")
