"""`ocop radar`: which bases of a document were touched by later changes, provision by provision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, day_of, named, open_library, print_json, settings_of

if TYPE_CHECKING:
    from corpus.library import LibraryView

OptionalDocArgument = Annotated[
    list[str] | None, typer.Argument(metavar="VĂN BẢN", help="Số hiệu, có thể thêm cơ quan, năm; hoặc #mã.")
]

OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="NGÀY", help="Tính đến ngày nào (2025-07-06 hoặc 6/7/2025); mặc định hôm nay."),
]
SigningOption = Annotated[bool, typer.Option("--signing", help="Tính đến ngày ký của văn bản.")]


AgencyOption = Annotated[
    str | None,
    typer.Option(
        "--agency", metavar="CƠ QUAN", help="Xem mọi văn bản của cơ quan này trong kho, thay cho một văn bản."
    ),
]


def radar(
    doc: OptionalDocArgument = None,
    on: OnOption = None,
    signing: SigningOption = False,
    agency: AgencyOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Căn cứ và điều khoản được dẫn có bị văn bản khác đụng tới không.

    Mã thoát 1: có chỗ bị đụng tới, hoặc chưa đủ dữ liệu để nói.
    """
    from webui.cli.printing import radar as printing

    if bool(doc) == bool(agency):
        raise UsageError("Hãy ghi một văn bản, hoặc một cơ quan sau --agency.", 'Ví dụ: --agency "UBND tỉnh Vân Lĩnh".')
    if agency and signing:
        raise UsageError("--signing chỉ dùng với một văn bản.", "Hãy dùng --on để ghi ngày.")
    with open_library(settings_of(library)) as opened:
        view = opened.view()
        value = _of_agency(view, agency, on) if agency else _of_document(view, named(doc or []), on, signing)
    if as_json:
        print_json(value)
    elif agency:
        printing.agency(value)
    else:
        printing.report(value)
    counts = value["counts"]
    if counts["bi_dung_toi"] or counts["chua_ro"] or not counts["khong_dung_toi"]:
        raise typer.Exit(1)


def _of_document(view: LibraryView, words: str, on: str | None, signing: bool) -> dict[str, Any]:
    """The report of one document. Raises NotFound, Several, UsageError."""
    from corpus.graph.choice import graph_of
    from webui.app import addressing
    from webui.app import radar as reports

    found = addressing.one(view, words)
    day = found.date if signing else day_of(on)
    if signing and day is None:
        raise UsageError("Văn bản này chưa rõ ngày ký.", "Hãy dùng --on để ghi ngày.")
    return reports.of(view, graph_of(view), found.id, on=day)


def _of_agency(view: LibraryView, agency: str, on: str | None) -> dict[str, Any]:
    """The report of an agency's documents. Raises NotFound, UsageError."""
    from corpus.graph.choice import graph_of
    from webui.app import radar as reports

    return reports.of_agency(view, graph_of(view), agency, on=day_of(on))
