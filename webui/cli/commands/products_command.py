"""`ocop products`: the register of products that decisions recognise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, open_library, print_json, settings_of


def products(  # noqa: PLR0913 - each is an option of the command
    words: Annotated[list[str] | None, typer.Argument(metavar="[CHỮ]…", help="Chữ trong tên, chủ thể…")] = None,
    stars: Annotated[int | None, typer.Option("--stars", metavar="SAO", help="Số sao: 3, 4 hoặc 5.")] = None,
    within: Annotated[int | None, typer.Option("--within", metavar="THÁNG", help="Hết hạn trong số tháng này.")] = None,
    province: Annotated[str, typer.Option("--province", metavar="TỈNH", help="Tỉnh của cơ quan công nhận.")] = "",
    district: Annotated[str, typer.Option("--district", metavar="HUYỆN", help="Huyện, như ghi trong bảng.")] = "",
    place: Annotated[str, typer.Option("--place", metavar="CHỮ", help="Chữ trong địa chỉ: xã, phường, thôn…")] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="CHỮ", help="Chữ trong tên chủ thể.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="TỆP", help="Ghi ra tệp .csv hoặc .xlsx.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sản phẩm OCOP được công nhận: sao, chủ thể, quyết định, hạn."""
    from corpus.products.register import Register
    from webui.app import products as register
    from webui.cli.printing import products as printing

    query = register.ProductQuery(
        words=" ".join(words or []),
        place=place,
        province=province,
        district=district,
        owner=owner,
        stars=stars,
        within=within,
    )
    if output is not None and output.suffix not in {".csv", ".xlsx"}:
        raise UsageError("Tệp xuất phải có đuôi .csv hoặc .xlsx.", "Ví dụ: -o san-pham.xlsx.")
    with open_library(settings_of(library)) as opened:
        view = opened.view()
        found = register.listed(view, Register(view), query)
    if output is not None:
        _write(output, register.table(found))
    elif as_json:
        print_json(found)
    else:
        printing.listed(found)


def _write(output: Path, rows: list[list[str]]) -> None:
    from webui.app.csv_tables import csv_text
    from webui.app.products import HEADINGS
    from webui.app.workbooks import Sheet, workbook

    if output.suffix == ".csv":
        output.write_bytes(("\ufeff" + csv_text(HEADINGS, rows)).encode())
    else:
        output.write_bytes(workbook([Sheet("Sản phẩm OCOP", [list(HEADINGS), *rows])]))
