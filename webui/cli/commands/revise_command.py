"""`ocop revise`: which documents must be looked at again because what they rest on changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, named, open_library, print_json, settings_of

DocArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="VĂN_BẢN", help="Văn bản đã thay đổi: số hiệu, hoặc mã trong kho (#12)."),
]
AgencyOption = Annotated[
    str, typer.Option("--agency", "-a", metavar="CƠ_QUAN", help="Mọi văn bản của cơ quan mà căn cứ đã thay đổi.")
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="TỆP", help="Ghi bảng Excel (.xlsx).")]


def revise(
    doc: DocArgument = None,
    agency: AgencyOption = "",
    output: OutputOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cần rà soát: văn bản dựa vào một văn bản đã thay đổi, hoặc văn bản của một cơ quan có căn cứ đã thay đổi."""
    from corpus.graph.choice import graph_of
    from webui.app import addressing, revision, revision_tables
    from webui.cli.printing import revision as printing

    if bool(doc) == bool(agency.strip()):
        raise UsageError("Cần một văn bản, hoặc --agency.", "Ví dụ: ocop revise 1048/QĐ-TTg")
    found: dict[str, Any]
    with open_library(settings_of(library)) as opened:
        view = opened.view()
        graph = graph_of(view)
        if doc:
            found = revision.of_document(view, graph, addressing.one(view, named(doc)).id, agency="")
            table = revision_tables.of_document
        else:
            found = revision.of_agency(view, graph, agency)
            table = revision_tables.of_agency
    if output is not None:
        output.write_bytes(table(found))
    if as_json:
        print_json(found)
    elif doc:
        printing.of_document(found)
    else:
        printing.of_agency(found)
