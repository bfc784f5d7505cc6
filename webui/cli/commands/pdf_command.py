"""`ocop pdf`: a scan as a PDF that can be searched."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from webui.cli.common import DocArgument, JsonOption, LibraryOption, named, open_library, print_json, settings_of

OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="TỆP", help="Tệp PDF; mặc định van-ban-<mã>-tim-duoc.pdf.")
]


def pdf(
    doc: DocArgument, output: OutputOption = None, library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """Làm PDF tìm được chữ từ bản quét: ảnh trang như khi đọc, chữ nằm dưới ảnh (PDF/A)."""
    from ingest.pictures import Pictures
    from webui.app import addressing
    from webui.app.searchable_pdf import searchable

    settings = settings_of(library)
    with open_library(settings) as opened, closing(Pictures(opened.folder / "pictures")) as pictures:
        view = opened.view()
        found = view.document(addressing.one(view, named(doc)).id)
        data = searchable(opened, pictures, settings, found)
    target = output or Path(f"van-ban-{found.id}-tim-duoc.pdf")
    target.write_bytes(data)
    if as_json:
        print_json({"file": str(target), "bytes": len(data), "pages": found.record.pages if found.record else 0})
    else:
        print(f"Đã ghi {target}.")
