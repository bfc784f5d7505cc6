"""`ocop search`, `show`, `lookup`: finds documents and shows them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import NotFound, UsageError
from webui.cli.common import (
    DocArgument,
    JsonOption,
    LibraryOption,
    named,
    open_library,
    print_json,
    search_of,
    settings_of,
)

if TYPE_CHECKING:
    from corpus.library import LibraryView
    from corpus.library.values import Summary

FILTERS_HELP = 'Lọc, ví dụ: -f loai="Kế hoạch" -f nam=2024 -f ngay=2020..2022.'
#: Orders by their names on the command line; the names of earlier versions still work.
SORTS = {"lien-quan": "relevance", "ngay": "date", "duoc-dan": "cited"}
_SORTS = {**SORTS, **{value: value for value in SORTS.values()}}
#: A filter's name on the command line → the search room's, where it is another.
FIELDS = {"noidung": "kind", "tinhnay": "tinh_nay"}


def filters_of(given: list[str] | None) -> dict[str, list[str]]:
    """``["nam=2024"]`` → ``{"nam": ["2024"]}``. Raises UsageError for an unknown name or an impossible value."""
    from search.index.index_fields import FACETS

    shown = {**{name: name for name in FACETS}, "ngay": "ngay", **FIELDS}
    offered = [name for name in shown if name not in FIELDS.values()]
    filters: dict[str, list[str]] = {}
    for one in given or []:
        name, equals, value = one.partition("=")
        if not equals or not value.strip():
            raise UsageError(f"Bộ lọc “{one}” phải có dạng tên=giá trị.", "Ví dụ: -f nam=2024.")
        name, value = name.strip(), value.strip()
        if name not in shown:
            raise UsageError(f"Không lọc được theo “{name}”.", "Lọc được theo: " + ", ".join(offered) + ".")
        if name == "nam" and not re.fullmatch(r"(?:19|20)\d\d", value):
            raise UsageError(f"“{value}” không phải năm.", "Ví dụ: -f nam=2024; cả quãng thì -f ngay=2020..2024.")
        filters.setdefault(shown[name], []).extend(_values_named(shown[name], value))
    return filters


def _values_named(facet: str, words: str) -> tuple[str, ...]:
    """The values of a facet that *words* name: ``KH``, ``Nha Trang``; other words are left as they are."""
    from corpus import areas, localities
    from corpus.gazetteer import Level

    if facet == "loai":
        return (_type_named(words),)
    if facet in ("huyen", "xa"):
        return localities.filter_values(words, Level.DISTRICT if facet == "huyen" else Level.COMMUNE)
    if facet in ("tinh", "tinh_nay"):
        return (areas.province_named(localities.with_kind(words)[1]) or words,)
    return (words,)


def _type_named(words: str) -> str:
    """``KH`` and ``ke hoach`` → ``Kế hoạch``; other words are left as they are."""
    from corpus.fold import fold, letters
    from corpus.tables import rows

    for row in rows("document_types"):
        if fold(row["name"]) == fold(words) or (row["code"] and letters(row["code"]) == letters(words)):
            return str(row["name"])
    return words


def search(  # noqa: PLR0913 - each is an option of the command
    query: Annotated[list[str], typer.Argument(metavar="CÂU_TÌM", help="Số hiệu hoặc từ cần tìm, có dấu hay không.")],
    filters: Annotated[
        list[str] | None, typer.Option("--filter", "-f", metavar="TÊN=GIÁ_TRỊ", help=FILTERS_HELP)
    ] = None,
    sort: Annotated[
        str,
        typer.Option("--sort", metavar="KIỂU", help="lien-quan, ngay (mới trước) hoặc duoc-dan (nhiều trước)."),
    ] = "lien-quan",
    page: Annotated[int, typer.Option("--page", min=1, metavar="SỐ", help="Trang kết quả.")] = 1,
    literal: Annotated[bool, typer.Option("--literal", help="Tìm đúng chữ đã gõ, không tự thêm dấu.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tìm theo số hiệu trước, rồi theo chữ. Có các trường loai: so: coquan: tinh: ngay: nguoiky: cancu: dan: …"""
    from corpus.graph.choice import graph_of
    from search.plan import Order
    from search.request import QueryOptions, SearchRequest
    from webui.app import answers, searching
    from webui.cli.printing.results import results as print_results

    if sort not in _SORTS:
        raise UsageError(f"Không có kiểu xếp “{sort}”.", "Có: " + ", ".join(SORTS) + ".")
    settings = settings_of(library)
    with open_library(settings) as opened:
        typed = " ".join(query)
        view = opened.view()
        question = None if literal else answers.asked(view, typed)
        request = SearchRequest(
            question[0].document if question else typed,
            filters=filters_of(filters),
            sort=Order(_SORTS[sort]),
            page=page,
            page_size=settings.page_size,
            options=QueryOptions(literal=literal),
            degrees=not literal,
        )
        found = search_of(settings, opened).search(request)
        value = searching.results(found)
        if question:
            value["notes"].insert(0, answers.understood(question[0]))
            value["answers"] = answers.answers(view, graph_of(view), *question)
    if as_json:
        print_json(value)
    else:
        print_results(value)


def show(
    doc: DocArgument,
    provision: Annotated[
        str | None, typer.Option("--provision", metavar="ĐIỀU_KHOẢN", help="Chỉ điều khoản này: “khoản 1 Điều 5”.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY", help="Điều khoản như tại ngày này; mặc định hôm nay.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mọi điều biết về một văn bản: thông tin, dẫn đến đâu, được dẫn ở đâu; hay lời văn một điều khoản.

    Mã thoát 1: còn sửa đổi chưa ghép được vào lời văn của điều khoản.
    """
    from webui.app import addressing, effects, json_shapes
    from webui.cli.printing.documents import document as print_document

    settings = settings_of(library)
    with open_library(settings) as opened:
        view = opened.view()
        found = addressing.one(view, named(doc))
        if provision is not None:
            _show_provision(view, found.id, provision, on, as_json)
            return
        value = json_shapes.document(view.document(found.id), whole_paths=True)
        cites, cited_by = json_shapes.cites(view, found.id), json_shapes.cited_by(view, found.id)
        effects.with_likely(view, cites)
    if as_json:
        print_json({**value, "cites": cites, "cited_by": cited_by})
    else:
        print_document(value, cites, cited_by)


def _show_provision(view: LibraryView, id: int, provision: str, on: str | None, as_json: bool) -> None:
    """Prints a provision as it stood on a day. Raises UsageError; Exit 1 where changes were not applied."""
    from webui.app import provision_report
    from webui.cli.common import day_of
    from webui.cli.printing.documents import provision as print_provision

    value = provision_report.of(view, id, provision, on=day_of(on))
    if as_json:
        print_json(value)
    else:
        print_provision(value)
    if not value["complete"]:
        raise typer.Exit(1)


def lookup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="TỆP", help="Mỗi dòng một số hiệu, hoặc CSV; bỏ trống hay -: đọc đầu vào."),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="In CSV (ngày dạng 2024-06-11); mặc định khi không in ra màn hình.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="TỆP.csv", help="Ghi CSV vào tệp mà Excel mở đúng chữ (có BOM); in ra thì không."
        ),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tra một danh sách số hiệu: mỗi dòng vào một dòng ra, nhiều văn bản thì nói là nhiều.

    Trong CSV lấy cột có tiêu đề “Số hiệu” hay “Số, ký hiệu”, không có thì cột đầu; dòng tiêu đề không bị tra, dòng
    trống vẫn ra một dòng. Mã thoát 3: có dòng không thấy.
    """
    from webui.app import addressing, json_shapes, lookup_lists
    from webui.cli.printing.results import looked_up

    from_file = file is not None and str(file) != "-"
    given = lookup_lists.read(file.read_text(encoding="utf-8-sig") if file and from_file else sys.stdin.read())
    with open_library(settings_of(library)) as opened:

        def find(words: str) -> list[Summary]:
            return addressing.find(opened.view(), words, paths=False) if words else []

        asked = lookup_lists.asked(given, known=lambda cell: bool(find(cell)))
        found = [(words, [json_shapes.summary(s) for s in find(words)]) for words in asked]
    if output is not None:
        output.write_text(lookup_lists.as_csv(found), encoding="utf-8-sig", errors="replace", newline="")
    if as_json:
        for words, documents in found:
            print_json({"asked": words, "documents": documents})
    elif output is not None:
        print(f"Đã ghi {len(found)} dòng vào {output.absolute()}.")
    elif as_csv or not sys.stdout.isatty():
        sys.stdout.write(lookup_lists.as_csv(found))
    else:
        looked_up(found)
    if any(words and not documents for words, documents in found):
        raise typer.Exit(NotFound.exit_code)
