"""`ocop cites`, `cited-by`, `path`, `export`: which documents are based on which."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import UsageError
from webui.cli.common import (
    DocArgument,
    JsonOption,
    LibraryOption,
    named,
    open_library,
    print_json,
    settings_of,
)

if TYPE_CHECKING:
    from corpus.graph.graph import Reach

DepthOption = Annotated[int, typer.Option("--depth", "-d", min=1, max=20, metavar="SỐ", help="Số tầng.")]
AllOption = Annotated[bool, typer.Option("--all", help="Mọi dẫn chiếu, không chỉ căn cứ.")]
WideOption = Annotated[bool, typer.Option("--wide", help="Cả cơ sở rộng: theo đề nghị, thực hiện, triển khai.")]
EXPORTS = ("graphml", "gexf", "dot", "nodes-csv", "edges-csv", "jsonld")


def _reach(every: bool, wide: bool) -> Reach:
    """Which citations the options ask for."""
    return "all" if every else "wide" if wide else "legal"


def _print_tree(
    doc: str, depth: int, reach: Reach, library: Path | None, as_json: bool, *, out: bool
) -> dict[str, Any]:
    """Print the tree under a document and return it. out: what it cites, else what cites it."""
    from corpus.graph.choice import graph_of
    from webui.app import addressing, json_shapes, trees
    from webui.cli.printing import documents as printing
    from webui.cli.printing.terminal import console

    with open_library(settings_of(library)) as opened:
        view = opened.view()
        found = addressing.one(view, doc)
        graph = graph_of(view)
        value = trees.tree(view, graph, found.id, depth=depth, reach=reach, out=out)
        trees.put_conflicts(view, value, out=out)
        trees.put_effects(view, graph, value)
        trees.put_likely(view, value)
        mentions = [json_shapes.mention(m) for m in view.mentions(found.id)] if reach == "all" and out else []
        targets = view.summaries([m["target_id"] for m in mentions if m["target_id"]])
    if as_json:
        print_json({**value, "mentions": mentions} if mentions else value)
        return value
    printing.tree(value)
    if mentions:
        console.print("[bold]Từng lượt dẫn chiếu:[/]")
        printing.mentions(mentions, {id: s.name for id, s in targets.items()})
    return value


def cites(
    doc: DocArgument,
    depth: DepthOption = 1,
    every: AllOption = False,
    wide: WideOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Văn bản này căn cứ vào đâu, vẽ thành cây."""
    value = _print_tree(named(doc), depth, _reach(every, wide), library, as_json, out=True)
    if not value["children"] and not as_json:
        more = "." if every else "; thêm --wide hoặc --all để xem cơ sở rộng và mọi dẫn chiếu."
        print("Không thấy căn cứ nào" + more)


def cited_by(
    doc: DocArgument,
    depth: DepthOption = 1,
    every: AllOption = False,
    wide: WideOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Những văn bản căn cứ vào văn bản này, vẽ thành cây."""
    value = _print_tree(named(doc), depth, _reach(every, wide), library, as_json, out=False)
    if not value["children"] and not as_json:
        more = "." if every else "; thêm --wide hoặc --all để xem mọi dẫn chiếu đến nó."
        print("Chưa thấy văn bản nào căn cứ vào văn bản này" + more)


def path(
    start: Annotated[str, typer.Argument(metavar="A", help="Văn bản bắt đầu.")],
    end: Annotated[str, typer.Argument(metavar="B", help="Văn bản cần đi tới.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đường dẫn chiếu ngắn nhất từ A đến B: theo chiều dẫn trước, nếu không có thì không kể chiều."""
    from corpus.graph.choice import graph_of
    from webui.app import addressing, tracing
    from webui.cli.printing import documents as printing

    with open_library(settings_of(library)) as opened:
        view = opened.view()
        value = tracing.path(view, graph_of(view), addressing.one(view, start).id, addressing.one(view, end).id)
    if as_json:
        print_json(value)
    else:
        printing.path(value)


def export(
    kind: Annotated[str, typer.Option("--format", "-f", metavar="KIỂU", help=", ".join(EXPORTS) + ".")] = "graphml",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="TỆP",
            help="Ghi vào tệp (CSV có BOM để Excel mở đúng chữ); mặc định in ra, không BOM.",
        ),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Xuất đồ thị căn cứ cho chương trình khác."""
    from corpus.graph import export as exports
    from corpus.graph.choice import graph_of

    if kind not in EXPORTS:
        raise UsageError(f"Không có kiểu “{kind}”.", "Có: " + ", ".join(EXPORTS) + ".")
    with open_library(settings_of(library)) as opened:
        text: str = getattr(exports, kind.replace("-", "_"))(opened.view(), graph_of(opened.view()))
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    else:
        encoding = "utf-8-sig" if kind.endswith("-csv") else "utf-8"
        output.write_text(text, encoding=encoding, errors="replace", newline="")
