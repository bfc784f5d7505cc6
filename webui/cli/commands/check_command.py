"""`ocop check`: compares a draft with the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, open_library, print_json, settings_of


def check(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Dự thảo cần kiểm tra.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đối chiếu từng căn cứ của một dự thảo với kho; không lưu gì.

    Mã thoát 1: có chỗ nên xem lại, chưa thấy ở đâu nên chưa đối chiếu được, hoặc không thấy căn cứ nào.
    """
    from corpus.graph.choice import graph_of
    from webui.app import draft_report
    from webui.app.document_reader import pool_of, read_draft
    from webui.cli.printing import draft_check

    if file.is_dir():
        raise UsageError(f"“{file}” là thư mục; lệnh check đọc từng dự thảo một.", "Hãy ghi tên một tệp trong đó.")
    settings = settings_of(library)
    with open_library(settings) as opened, pool_of(settings, jobs=1) as pool:
        view = opened.view()
        value = draft_report.report(read_draft(file, settings, pool), view, graph_of(view))
    if as_json:
        print_json(value)
    else:
        draft_check.report(value)
    if value["needs_look"] or value["unseen"]:
        raise typer.Exit(1)
