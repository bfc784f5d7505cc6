"""`ocop read`, `ingest`, `reocr`: reads files, stores them in the library, reads one again in another way."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import UsageError, exit_code_of
from webui.cli.common import (
    DocArgument,
    JobsOption,
    JsonOption,
    LibraryOption,
    named,
    open_library,
    print_json,
    search_of,
    settings_of,
)

if TYPE_CHECKING:
    from ingest.worker.pool import Pool
    from webui.app.file_walk import Found
    from webui.app.settings import Settings


def read(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP", help="Các tệp cần đọc.", show_default=False)],
    jsonl: Annotated[bool, typer.Option("--jsonl", "--json", help="In mỗi tệp một dòng JSON.")] = False,
    jobs: JobsOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Nói rõ vì sao đọc ra như vậy: các vùng, hai lần đọc.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", metavar="TỆP.png", help="Cùng --explain: vẽ trang đầu với khung của từng giá trị."),
    ] = None,
) -> None:
    """Đọc tệp và in những gì đọc được; không lưu gì.

    Đọc được PDF có chữ, PDF quét, ảnh (png, jpg, tiff), .docx, .doc, .odt, .rtf, .xlsx, .xls, .ods, .pptx,
    .html, .mhtml và .txt. Văn bản bên trong tệp .zip, thư .eml, gói .edxml và PDF có tệp đính kèm được in mỗi văn bản
    một dòng; trường inside là tên của nó.
    """
    from webui.app.document_reader import explain_files, read_files
    from webui.cli.printing import records

    folders = [file for file in files if file.is_dir()]
    if folders and not jsonl:
        raise UsageError(
            f"“{folders[0]}” là thư mục; lệnh read đọc từng tệp.",
            f"Đưa cả thư mục vào kho: ocop ingest {folders[0]}; hoặc ghi tên các tệp: ocop read {folders[0]}/*",
        )
    settings = settings_of(jobs=jobs)
    verdicts: set[str] = set()
    explained = explain or picture
    values = explain_files(files, settings, picture) if explained else read_files(files, settings)
    for value in values:
        if "error" in value:
            verdicts.add(value["verdict"])
        if jsonl:
            print_json(value)
        elif explained:
            records.explanation(value)
        else:
            records.record(value)
    if verdicts and (explained or not jsonl):
        raise typer.Exit(exit_code_of(verdicts))


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="TỆP_HOẶC_THƯ_MỤC", help="Thư mục được đi hết các cấp.")],
    jobs: JobsOption = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="Chỉ xếp tệp vào hàng đợi, để các lệnh `ocop work` đọc; cần PostgreSQL.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đọc tệp và đưa vào kho. Chạy lại không đọc lại tệp đã có; lần trước dở dang thì làm tiếp.

    Mã thoát khác 0 khi có tệp không đọc được; các tệp khác vẫn vào kho.
    """
    from webui.app.document_reader import pool_of
    from webui.app.file_walk import walk
    from webui.cli.printing.terminal import notice

    settings = settings_of(library, jobs=jobs)
    found = walk(paths, settings.library)
    if found.left_out:
        notice(found.left_out)
    if queue:
        _hand_in(settings, found.files, as_json=as_json)
        return
    with pool_of(settings, segmenting=True).prepare() as pool:
        _read_in(settings, found, pool, as_json=as_json)


def _read_in(settings: Settings, found: Found, pool: Pool, *, as_json: bool) -> None:
    """Read and store what was found; print what became of it, and exit."""
    # Imported while the workers do their own imports.
    from ingest.worker.garbage import collect_seldom
    from webui.app.duplicates import with_duplicate_notice
    from webui.app.index_growth import look_after, open_index
    from webui.app.index_process import IndexProcess
    from webui.app.ingest_report import FileReport
    from webui.app.ingestion import ingest as ingest_files
    from webui.cli.printing import ingest_progress
    from webui.cli.printing.terminal import notice

    with open_library(settings, create=True) as opened:
        index = open_index(settings, opened)
        opened.load_tables()
        collect_seldom()
        duplicates: list[FileReport] = []
        left: list[FileReport] = []
        follow = partial(opened.database.carried_out, index.catch_up)
        beside = IndexProcess(settings, len(found.files), at_end=follow, meanwhile=index.state)
        reports = ingest_files(opened, found.files, settings, pool, follow=beside, left=left)
        noticed = with_duplicate_notice(opened.view(), reports, duplicates)
        outcome = ingest_progress.run_with_progress(noticed, len(found.files))
        for report in left:  # of an interrupted run
            outcome.add(report)
        growth = "" if outcome.stopped else look_after(index, settings)
    if growth:
        notice(growth)
    if as_json:
        links = {"links_left_aside": found.links, "broken_links": [str(path) for path in found.broken]}
        print_json({**outcome.as_json(), **links, "may_be_one": [report.as_json() for report in duplicates]})
    else:
        ingest_progress.summary(outcome)
    raise typer.Exit(outcome.exit_code)


def _hand_in(settings: Settings, files: list[Path], *, as_json: bool) -> None:
    """Hand *files* to the reading workers, and say how many are new to the queue."""
    from webui.app.reading_queue import hand_in

    with open_library(settings, create=True):
        fresh = sum(new for _, new in hand_in(settings, files))
    if as_json:
        print_json({"queued": fresh, "waiting_already": len(files) - fresh})
    else:
        print(f"Đã xếp {fresh} tệp vào hàng đợi ({len(files) - fresh} tệp đã chờ sẵn). Xem: ocop jobs.")


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
    compare: Annotated[
        bool, typer.Option("--compare", help="Đọc bằng từng bộ đọc ảnh rồi so kết quả; không lưu gì.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Đọc lại tệp gốc của một văn bản theo cách khác; lần sau vẫn đọc theo cách ấy. Chỗ người đã
    sửa được giữ nguyên.
    """
    from webui.app import addressing, labels
    from webui.app.document_reader import pool_of
    from webui.app.engine_comparison import compare_engines
    from webui.app.rereading import reread
    from webui.cli.printing import records

    settings = settings_of(library)
    with open_library(settings) as opened, pool_of(settings, 1) as pool:
        found = addressing.one(opened.view(), named(doc))
        if compare:
            result = compare_engines(opened, found.id, settings, pool)
            print_json(result) if as_json else records.comparison(found.name, result)
            return
        result = reread(opened, found.id, mode, settings, pool)
        search_of(settings, opened).catch_up()
    if as_json:
        print_json(result)
        return
    print(f"Đã đọc lại {found.name} theo cách “{mode}”: {result['pages']} trang, {labels.SOURCES[result['source']]}.")
    for name, values in result["changed"].items():
        print(f"  {labels.FIELDS[name]}: {values['before'] or '(trống)'} → {values['after'] or '(trống)'}")
    if not result["changed"]:
        print("  Thông tin văn bản không đổi.")
