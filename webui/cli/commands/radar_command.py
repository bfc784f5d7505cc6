"""`ocop radar`: which bases of a document were touched by later changes, provision by provision."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import DocArgument, JsonOption, LibraryOption, named, open_library, print_json, settings_of

OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="NGÀY", help="Tính đến ngày nào (2025-07-06 hoặc 6/7/2025); mặc định hôm nay."),
]
SigningOption = Annotated[bool, typer.Option("--signing", help="Tính đến ngày ký của văn bản.")]


def radar(
    doc: DocArgument,
    on: OnOption = None,
    signing: SigningOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Căn cứ và điều khoản được dẫn có bị văn bản khác đụng tới không.

    Mã thoát 1: có chỗ bị đụng tới, hoặc chưa đủ dữ liệu để nói.
    """
    from corpus.graph.graph import Graph
    from webui.app import addressing
    from webui.app import radar as reports
    from webui.cli.printing import radar as printing

    with open_library(settings_of(library)) as opened:
        view = opened.view()
        found = addressing.one(view, named(doc))
        day = found.date if signing else _day(on)
        if signing and day is None:
            raise UsageError("Văn bản này chưa rõ ngày ký.", "Hãy dùng --on để ghi ngày.")
        value = reports.of(view, Graph(view), found.id, on=day)
    if as_json:
        print_json(value)
    else:
        printing.report(value)
    counts = value["counts"]
    if counts["bi_dung_toi"] or counts["chua_ro"] or not value["findings"]:
        raise typer.Exit(1)


def _day(typed: str | None) -> str | None:
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
