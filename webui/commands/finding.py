"""`ocop search`, `show`, `lookup`: documents found and told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from corpus.errors import UsageError
from webui.commands.common import (
    DocArgument,
    JsonOption,
    LibraryOption,
    open_library,
    print_json,
    search_of,
    settings_of,
)

if TYPE_CHECKING:
    from search.service import Sort

FILTERS_HELP = 'Lọc, ví dụ: -f loai="Kế hoạch" -f nam=2024 -f ngay=2020..2022.'


def filters_of(given: list[str] | None) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for one in given or []:
        name, equals, value = one.partition("=")
        if not equals or not value.strip():
            raise UsageError(f"Bộ lọc “{one}” phải có dạng tên=giá trị.", "Ví dụ: -f nam=2024.")
        filters.setdefault(name.strip(), []).append(value.strip())
    return filters


def search(
    query: Annotated[list[str], typer.Argument(metavar="CÂU_TÌM", help="Số hiệu hoặc từ cần tìm, có dấu hay không.")],
    filters: Annotated[
        list[str] | None, typer.Option("--filter", "-f", metavar="TÊN=GIÁ_TRỊ", help=FILTERS_HELP)
    ] = None,
    sort: Annotated[str, typer.Option("--sort", metavar="KIỂU", help="relevance, date hoặc cited.")] = "relevance",
    page: Annotated[int, typer.Option("--page", min=1, metavar="SỐ", help="Trang kết quả.")] = 1,
    literal: Annotated[bool, typer.Option("--literal", help="Tìm đúng chữ đã gõ, không tự thêm dấu.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tìm theo số hiệu trước, rồi theo chữ. Có các trường loai: so: coquan: tinh: ngay: nguoiky: cancu: dan: …"""
    from webui import printing, searching

    if sort not in {"relevance", "date", "cited"}:
        raise UsageError(f"Không có kiểu xếp “{sort}”.", "Có: relevance, date, cited.")
    settings = settings_of(library)
    with open_library(settings) as opened:
        found = search_of(settings, opened).search(
            " ".join(query), filters=filters_of(filters), sort=cast("Sort", sort), page=page,
            page_size=settings.page_size, literal=literal,
        )  # fmt: skip
        value = searching.results(found)
    if as_json:
        print_json(value)
    else:
        printing.found(value)


def show(doc: DocArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Mọi điều biết về một văn bản: thông tin, dẫn đến đâu, được dẫn ở đâu."""
    from webui import addressing, printing, shapes

    settings = settings_of(library)
    with open_library(settings) as opened:
        found = addressing.one(opened, doc)
        value = shapes.document(opened.document(found.id), whole_paths=True)
        cites, cited_by = shapes.cites(opened, found.id), shapes.cited_by(opened, found.id)
    if as_json:
        print_json({**value, "cites": cites, "cited_by": cited_by})
    else:
        printing.document(value, cites, cited_by)


def lookup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="TỆP", help="Mỗi dòng một số hiệu, hoặc CSV (cột đầu); bỏ trống: đọc đầu vào."),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tra một danh sách số hiệu: mỗi dòng vào một dòng ra, nhiều văn bản thì nói là nhiều."""
    import csv

    from webui import addressing, exporting, shapes

    lines = file.read_text(encoding="utf-8-sig").splitlines() if file else [line.rstrip("\n") for line in sys.stdin]
    asked = [row[0].strip() for row in csv.reader(lines) if row and row[0].strip()]
    with open_library(settings_of(library)) as opened:
        found = [(said, [shapes.summary(s) for s in addressing.find(opened, said, paths=False)]) for said in asked]
    if as_json:
        for said, documents in found:
            print_json({"asked": said, "documents": documents})
        return
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["Đã hỏi", "Kết quả", "Mã", "Loại", "Số, ký hiệu", "Ngày", "Cơ quan ban hành", "Trích yếu", "Có tệp"])
    for said, documents in found:
        if len(documents) == 1:
            d = documents[0]
            cells = [
                "một",
                d["id"],
                d["doc_type"],
                d["so_ky_hieu"],
                d["date"],
                d["issuer"],
                d["title"],
                "có" if d["held"] else "không",
            ]
        else:
            ids = " ".join(f"#{d['id']}" for d in documents)
            cells = [f"nhiều ({len(documents)})" if documents else "không thấy", ids, *[""] * 6]
        out.writerow([exporting.guarded(cell) for cell in (said, *cells)])
