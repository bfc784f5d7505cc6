"""The `ocop` command. Each command is thin: it opens what it needs and prints; rooms are imported when they are used."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.exceptions import Abort, TyperException

from corpus.errors import Ambiguous, MissingTool, OcopError, ReadFailure, UsageError
from webui.vietnamese_help import Command, Group, explain

if TYPE_CHECKING:
    from corpus.store import Library
    from search.service import Search, Sort
    from webui.settings import Settings
    from webui.users import Users

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Căn Cứ: tìm văn bản OCOP và xem mỗi văn bản dựa vào đâu.",
)

JOBS_HELP = "Số tệp đọc cùng lúc; mặc định bằng số nhân của máy."
LibraryOption = Annotated[Path | None, typer.Option("--library", "-l", metavar="THƯ_MỤC", help="Thư mục của kho.")]
JsonOption = Annotated[bool, typer.Option("--json", help="In dữ liệu JSON, để chương trình khác đọc.")]
DocArgument = Annotated[
    str, typer.Argument(metavar="VĂN_BẢN", help="Số hiệu viết kiểu nào cũng được, đường dẫn tệp, hoặc mã trong kho.")
]


def print_json(value: Any) -> None:
    """One JSON value a line, as UTF-8 whatever the terminal's locale."""
    line = json.dumps(value, ensure_ascii=False, default=str) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def _settings(library: Path | None = None, **options: Any) -> Settings:
    from webui.settings import load

    return load(library=library, **options)


@app.callback()
def _start() -> None:
    """A callback keeps Typer from making the only command the whole program."""


@app.command(cls=Command)
def read(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP...", help="Các tệp cần đọc.", show_default=False)],
    jsonl: Annotated[bool, typer.Option("--jsonl", "--json", help="In mỗi tệp một dòng JSON.")] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=256, metavar="SỐ", help=JOBS_HELP)] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Nói rõ vì sao đọc ra như vậy: các vùng, hai lần đọc.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", metavar="TỆP.png", help="Cùng --explain: vẽ trang đầu với khung của từng giá trị."),
    ] = None,
) -> None:
    """Đọc tệp và in những gì đọc được; không lưu gì.

    Đọc được PDF có chữ, PDF quét, ảnh (png, jpg, tiff), .docx, .doc, .odt, .rtf, .html và .txt.
    """
    from webui import printing
    from webui.reading import explain_files, read_files

    settings = _settings(jobs=jobs)
    verdicts: set[str] = set()
    explained = explain or picture
    values = explain_files(files, settings, picture) if explained else read_files(files, settings)
    for value in values:
        if "error" in value:
            verdicts.add(value["verdict"])
        if jsonl:
            print_json(value)
        elif explained:
            printing.explanation(value)
        else:
            printing.record(value)
    if verdicts and (explained or not jsonl):
        raise typer.Exit(MissingTool.exit_code if verdicts == {"thieu_cong_cu"} else ReadFailure.exit_code)


@contextmanager
def _library(settings: Settings, *, create: bool = False) -> Iterator[Library]:
    from corpus.store import Library

    with Library.open(settings.library, create=create) as library:
        yield library


def _search(settings: Settings, library: Library) -> Search:
    from webui.searching import open_search

    return open_search(settings, library)


@app.command(cls=Command)
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="TỆP_HOẶC_THƯ_MỤC...", help="Thư mục được đi hết các cấp.")],
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, max=256, metavar="SỐ", help=JOBS_HELP)] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đọc tệp và đưa vào kho. Chạy lại không đọc lại tệp đã có; lần trước dở dang thì làm tiếp."""
    from webui import ingesting, printing
    from webui.reading import files_under, pool_of

    settings = _settings(library, jobs=jobs)
    files = files_under(paths)
    with _library(settings, create=True) as opened, pool_of(settings) as pool:
        search = _search(settings, opened)
        told = printing.watched(ingesting.ingest(opened, files, settings, pool, follow=search.catch_up), len(files))
    if as_json:
        print_json(told.as_json())
    else:
        printing.ingested(told)


@app.command(cls=Command)
def reocr(
    doc: DocArgument,
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            metavar="CÁCH",
            help="auto: máy tự chọn từng trang; redo: OCR lại trang quét; force: OCR mọi trang PDF; off: không OCR.",
        ),
    ] = "redo",
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đọc lại tệp gốc của một văn bản theo cách khác; lần sau vẫn đọc theo cách ấy. Chỗ người đã sửa được giữ nguyên."""
    from webui import addressing, labels
    from webui.reading import pool_of
    from webui.rereading import reread

    settings = _settings(library)
    with _library(settings) as opened, pool_of(settings, 1) as pool:
        found = addressing.one(opened, doc)
        told = reread(opened, found.id, mode, settings, pool)
        _search(settings, opened).catch_up()
    if as_json:
        print_json(told)
        return
    print(f"Đã đọc lại {found.name} theo cách “{mode}”: {told['pages']} trang, {labels.SOURCES[told['source']]}.")
    for name, values in told["changed"].items():
        print(f"  {labels.FIELDS[name]}: {values['before'] or '(trống)'} → {values['after'] or '(trống)'}")
    if not told["changed"]:
        print("  Thông tin văn bản không đổi.")


FILTERS_HELP = 'Lọc, ví dụ: -f loai="Kế hoạch" -f nam=2024 -f ngay=2020..2022.'


def _filters(given: list[str] | None) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for one in given or []:
        name, equals, value = one.partition("=")
        if not equals or not value.strip():
            raise UsageError(f"Bộ lọc “{one}” phải có dạng tên=giá trị.", "Ví dụ: -f nam=2024.")
        filters.setdefault(name.strip(), []).append(value.strip())
    return filters


@app.command(cls=Command)
def search(
    query: Annotated[
        list[str], typer.Argument(metavar="CÂU_TÌM...", help="Số hiệu hoặc từ cần tìm, có dấu hay không.")
    ],
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
    settings = _settings(library)
    with _library(settings) as opened:
        found = _search(settings, opened).search(
            " ".join(query), filters=_filters(filters), sort=cast("Sort", sort), page=page,
            page_size=settings.page_size, literal=literal,
        )  # fmt: skip
        value = searching.results(found)
    if as_json:
        print_json(value)
    else:
        printing.found(value)


@app.command(cls=Command)
def reindex(
    engine: Annotated[str | None, typer.Option("--engine", metavar="TÊN", help="whoosh hoặc tantivy.")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lập lại chỉ mục từ kho."""
    from webui import printing
    from webui.searching import index_state, open_search

    settings = _settings(library)
    with _library(settings) as opened:
        opened_search = open_search(settings, opened)
        opened_search.rebuild(engine)
        state = index_state(opened_search)
    if as_json:
        print_json(state)
    else:
        printing.index(state)


@app.command(cls=Command)
def show(doc: DocArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Mọi điều biết về một văn bản: thông tin, dẫn đến đâu, được dẫn ở đâu."""
    from webui import addressing, printing, shapes

    settings = _settings(library)
    with _library(settings) as opened:
        found = addressing.one(opened, doc)
        value = shapes.document(opened.document(found.id), whole_paths=True)
        cites, cited_by = shapes.cites(opened, found.id), shapes.cited_by(opened, found.id)
    if as_json:
        print_json({**value, "cites": cites, "cited_by": cited_by})
    else:
        printing.document(value, cites, cited_by)


DepthOption = Annotated[int, typer.Option("--depth", "-d", min=1, max=20, metavar="SỐ", help="Số tầng.")]
AllOption = Annotated[bool, typer.Option("--all", help="Mọi dẫn chiếu, không chỉ căn cứ.")]
WideOption = Annotated[bool, typer.Option("--wide", help="Cả cơ sở rộng: theo đề nghị, thực hiện, triển khai.")]


def _tree(
    doc: str, depth: int, every: bool, wide: bool, library: Path | None, as_json: bool, *, out: bool
) -> dict[str, Any]:
    from corpus.graph import Graph
    from webui import addressing, printing, shapes, trees

    with _library(_settings(library)) as opened:
        found = addressing.one(opened, doc)
        reach: trees.Reach = "all" if every else "wide" if wide else "legal"
        value = trees.tree(opened, Graph(opened), found.id, depth=depth, reach=reach, out=out)
        mentions = [shapes.mention(m) for m in opened.mentions(found.id)] if every and out else []
        targets = opened.summaries([m["target_id"] for m in mentions if m["target_id"]])
    if as_json:
        print_json({**value, "mentions": mentions} if mentions else value)
        return value
    printing.tree(value)
    if mentions:
        printing.console.print("[bold]Từng lượt dẫn chiếu:[/]")
        printing.mentions(mentions, {id: s.name for id, s in targets.items()})
    return value


@app.command(cls=Command)
def cites(
    doc: DocArgument,
    depth: DepthOption = 1,
    every: AllOption = False,
    wide: WideOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Văn bản này căn cứ vào đâu, vẽ thành cây."""
    value = _tree(doc, depth, every, wide, library, as_json, out=True)
    if not value["children"] and not as_json:
        more = "." if every else "; thêm --wide hoặc --all để xem cơ sở rộng và mọi dẫn chiếu."
        print("Không thấy căn cứ nào" + more)


@app.command("cited-by", cls=Command)
def cited_by(
    doc: DocArgument,
    depth: DepthOption = 1,
    every: AllOption = False,
    wide: WideOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Những văn bản căn cứ vào văn bản này, vẽ thành cây."""
    value = _tree(doc, depth, every, wide, library, as_json, out=False)
    if not value["children"] and not as_json:
        more = "." if every else "; thêm --wide hoặc --all để xem mọi dẫn chiếu đến nó."
        print("Chưa thấy văn bản nào căn cứ vào văn bản này" + more)


@app.command(cls=Command)
def path(
    start: Annotated[str, typer.Argument(metavar="A", help="Văn bản bắt đầu.")],
    end: Annotated[str, typer.Argument(metavar="B", help="Văn bản cần đi tới.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đường dẫn chiếu ngắn nhất từ A đến B: theo chiều dẫn trước, nếu không có thì không kể chiều."""
    from corpus.graph import Graph
    from webui import addressing, printing, tracing

    with _library(_settings(library)) as opened:
        value = tracing.path(opened, Graph(opened), addressing.one(opened, start).id, addressing.one(opened, end).id)
    if as_json:
        print_json(value)
    else:
        printing.path(value)


@app.command(cls=Command)
def status(
    failures: Annotated[bool, typer.Option("--failures", help="Liệt kê tệp không đọc được.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đếm những gì có trong kho."""
    from dataclasses import asdict

    from webui import printing
    from webui.searching import index_state

    settings = _settings(library)
    with _library(settings) as opened:
        value = asdict(opened.status())
        failed = [asdict(f) for f in opened.failures()] if failures else []
        value["index"] = index_state(_search(settings, opened))
    del value["restricted"]
    if as_json:
        print_json({**value, "failures": failed} if failures else value)
        return
    printing.status(value)
    printing.failures(failed)


ReasonOption = Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao; được ghi vào nhật ký.")]


def _done(said: str, entry: int, as_json: bool) -> None:
    if as_json:
        print_json({"audit": entry})
    else:
        print(f"{said} Hoàn tác bằng: ocop undo {entry}")


@app.command(cls=Command)
def remove(doc: DocArgument, reason: ReasonOption, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Gỡ một văn bản khỏi kho; nơi khác dẫn đến nó thì vẫn ghi là được dẫn."""
    from webui import addressing

    settings = _settings(library)
    with _library(settings) as opened:
        found = addressing.one(opened, doc)
        entry = opened.remove(found.id, reason)
        _search(settings, opened).catch_up()
    _done(f"Đã gỡ {found.name}.", entry, as_json)


@app.command(cls=Command)
def merge(
    keep: Annotated[str, typer.Argument(metavar="A", help="Văn bản được giữ.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Văn bản gộp vào A.")],
    reason: ReasonOption,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gộp B vào A khi hai mục là một văn bản; địa chỉ cũ dẫn sang địa chỉ mới."""
    from webui import addressing

    settings = _settings(library)
    with _library(settings) as opened:
        a, b = addressing.one(opened, keep), addressing.one(opened, other)
        entry = opened.merge(a.id, b.id, reason)
        _search(settings, opened).catch_up()
    _done(f"Đã gộp {b.name} vào {a.name}.", entry, as_json)


@app.command(cls=Command)
def undo(
    entry: Annotated[int, typer.Argument(metavar="SỐ", help="Số của việc trong nhật ký.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hoàn tác một lần gỡ hoặc gộp."""
    settings = _settings(library)
    with _library(settings) as opened:
        made = opened.undo(entry)
        _search(settings, opened).catch_up()
    if as_json:
        print_json({"audit": made})
    else:
        print(f"Đã hoàn tác việc số {entry}.")


@app.command(cls=Command)
def audit(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Nhật ký những việc gỡ, gộp, hoàn tác."""
    from dataclasses import asdict

    from webui import printing

    with _library(_settings(library)) as opened:
        entries = [asdict(e) for e in opened.audit()]
    if as_json:
        print_json(entries)
    else:
        printing.audit(entries)


@app.command(cls=Command)
def serve(
    port: Annotated[
        int | None, typer.Option("--port", "-p", min=0, max=65535, metavar="SỐ", help="Cổng; 0 là cổng trống bất kỳ.")
    ] = None,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ĐỊA_CHỈ", help="Địa chỉ phục vụ; mặc định chỉ máy này.")
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Mở trang tìm kiếm trên máy này; dừng bằng Ctrl-C."""
    from webui.serving import serve as run

    run(_settings(library, port=port, host=host))


@app.command(cls=Command)
def check(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Dự thảo cần kiểm tra.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đối chiếu từng căn cứ của một dự thảo với kho; không lưu gì. Mã thoát 1: có chỗ nên xem lại."""
    from corpus.graph import Graph
    from webui import checking, printing
    from webui.reading import pool_of

    settings = _settings(library)
    with _library(settings) as opened, pool_of(settings, jobs=1) as pool:
        value = checking.report(checking.read_draft(file, settings, pool), opened, Graph(opened))
    if as_json:
        print_json(value)
    else:
        printing.checked(value)
    if value["needs_look"]:
        raise typer.Exit(1)


EXPORTS = ("graphml", "gexf", "dot", "nodes-csv", "edges-csv", "jsonld")


@app.command(cls=Command)
def export(
    kind: Annotated[str, typer.Option("--format", "-f", metavar="KIỂU", help=", ".join(EXPORTS) + ".")] = "graphml",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="TỆP", help="Ghi vào tệp; mặc định in ra.")
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Xuất đồ thị căn cứ cho chương trình khác."""
    from corpus import export as exports
    from corpus.graph import Graph

    if kind not in EXPORTS:
        raise UsageError(f"Không có kiểu “{kind}”.", "Có: " + ", ".join(EXPORTS) + ".")
    with _library(_settings(library)) as opened:
        text: str = getattr(exports, kind.replace("-", "_"))(opened, Graph(opened))
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    else:
        output.write_text(text, encoding="utf-8", newline="")


@app.command(cls=Command)
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
    with _library(_settings(library)) as opened:
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


user = typer.Typer(cls=Group, no_args_is_help=True, help="Người được đăng nhập để kiểm tra và nạp văn bản.")
app.add_typer(user, name="user")
NameArgument = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ dòng đầu của đầu vào.")]


@contextmanager
def _users(library: Path | None) -> Iterator[Users]:
    from webui.users import Users

    settings = _settings(library)
    with _library(settings, create=True):
        found = Users(settings.library)
    try:
        yield found
    finally:
        found.close()


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    import getpass

    first = getpass.getpass("Mật khẩu: ")
    if first != getpass.getpass("Gõ lại mật khẩu: "):
        raise UsageError("Hai lần gõ khác nhau.", "Hãy thử lại.")
    return first


@user.command("add", cls=Command)
def user_add(
    name: NameArgument,
    role: Annotated[str, typer.Option("--role", metavar="VAI_TRÒ", help="kiem-tra hoặc quan-tri.")] = "kiem-tra",
    password_stdin: StdinOption = False,
    library: LibraryOption = None,
) -> None:
    """Thêm người dùng; mật khẩu được hỏi, không hiện ra."""
    with _users(library) as found:
        found.add(name, _password(password_stdin), role)
    print(f"Đã thêm {name}.")


@user.command("password", cls=Command)
def user_password(name: NameArgument, password_stdin: StdinOption = False, library: LibraryOption = None) -> None:
    """Đổi mật khẩu; các phiên đang mở bị đóng."""
    with _users(library) as found:
        found.set_password(name, _password(password_stdin))
    print(f"Đã đổi mật khẩu của {name}.")


@user.command("remove", cls=Command)
def user_remove(name: NameArgument, library: LibraryOption = None) -> None:
    """Bỏ người dùng."""
    with _users(library) as found:
        found.remove(name)
    print(f"Đã bỏ {name}.")


@user.command("list", cls=Command)
def user_list(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Liệt kê người dùng và vai trò."""
    with _users(library) as found:
        everyone = found.all()
    if as_json:
        print_json([{"name": u.name, "role": u.role} for u in everyone])
        return
    for one in everyone:
        print(f"{one.name}\t{one.role_label}")


@app.command(cls=Command)
def dump(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """In mọi văn bản và dẫn chiếu thành dòng JSON đã xếp thứ tự, để so hai kho. (Luôn là JSON.)"""
    with _library(_settings(library)) as opened:
        for line in opened.dump():
            sys.stdout.write(line + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code (see :mod:`corpus.errors`; 130 after Ctrl-C)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = app(args=arguments, prog_name="ocop", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except Ambiguous as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        for found in getattr(error, "found", ()):
            print(
                f"  #{found.id}  {found.name}  ({found.issuer or 'chưa rõ cơ quan'}, {found.date or 'chưa rõ ngày'})",
                file=sys.stderr,
            )
        return error.exit_code
    except OcopError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        return error.exit_code
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return 0
        print(f"Lỗi: {explain(error)}", file=sys.stderr)
        return UsageError.exit_code
    except (KeyboardInterrupt, Abort):
        print("Đã dừng.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UnicodeDecodeError:
        print("Lỗi: Tệp không phải chữ UTF-8. Hãy lưu lại dạng UTF-8 rồi chạy lại.", file=sys.stderr)
        return UsageError.exit_code
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        print(f"Lỗi: Không mở hoặc ghi được tệp{where}. Hãy kiểm tra đường dẫn và quyền.", file=sys.stderr)
        return UsageError.exit_code
