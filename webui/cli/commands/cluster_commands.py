"""`ocop work`, `jobs`, `move`: reading on several machines, and the library in PostgreSQL."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import UsageError
from webui.cli.common import JsonOption, LibraryOption, print_json, settings_of

if TYPE_CHECKING:
    from webui.app.settings import Settings


def work(
    until_done: Annotated[bool, typer.Option("--until-done", help="Hết việc thì thôi, không chờ thêm.")] = False,
    library: LibraryOption = None,
) -> None:
    """Đọc các tệp mà `ocop ingest --queue` đã xếp vào hàng đợi, từng tệp một, cho đến khi bấm Ctrl-C.

    Chạy bao nhiêu lệnh này cũng được, trên mọi máy thấy được thư mục kho; mỗi nhân máy một lệnh là vừa. Kho phải ở
    PostgreSQL (OCOP_DATABASE).
    """
    from webui.app.reading_jobs import ReadingJob
    from webui.app.reading_worker import ReadingWorker

    def tell(job: ReadingJob) -> None:
        print(f"{job.path}: {job.state.words}{f' – {job.reason}' if job.reason else ''}", flush=True)

    ReadingWorker(settings_of(library), tell).work(until_done=until_done)


def jobs(
    cancel: Annotated[bool, typer.Option("--cancel", help="Bỏ mọi việc còn chờ; tệp đang đọc thì đọc nốt.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hàng đợi đọc tệp: bao nhiêu tệp đang chờ, đang đọc, đã xong; tệp nào không đọc được và vì sao."""
    from webui.app.reading_jobs import ReadingJobs
    from webui.app.reading_queue import url_of

    settings = settings_of(library)
    url_of(settings.store)  # raises for a library in a file
    with closing(ReadingJobs(settings.library, settings.store)) as found:
        cancelled = found.cancel() if cancel else 0
        counts, failed = found.counts(), found.failed()
    if as_json:
        listed = [{"path": job.path, "sha256": job.sha256, "tries": job.tries, "reason": job.reason} for job in failed]
        print_json({"counts": {str(state): n for state, n in counts.items()}, "failed": listed, "cancelled": cancelled})
        return
    if cancel:
        print(f"Đã bỏ {cancelled} việc còn chờ.")
    print("Hàng đợi: " + ", ".join(f"{n} {state.words}" for state, n in counts.items()) + ".")
    for job in failed:
        print(f"  {job.path}: {job.reason} (đọc {job.tries} lần)")


def move(
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="ĐỊA_CHỈ", help="postgresql://NGƯỜI_DÙNG@MÁY:5432/TÊN; hoặc tep: về tệp library.db."
        ),
    ] = None,
    originals_to: Annotated[
        str | None,
        typer.Option(
            "--originals-to",
            metavar="NƠI",
            help="Chép tệp gốc đến: thư mục chung, s3://TÊN_BUCKET/TIỀN_TỐ, hoặc kho: về thư mục của kho.",
        ),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Chuyển cơ sở dữ liệu của kho từ tệp library.db sang PostgreSQL (--to), hoặc tệp gốc đến nơi khác.

    Hãy dừng trang (`ocop serve`, `ocop watch`) trước. Cơ sở dữ liệu đích phải trống; chỉ mục ở nguyên chỗ. Tệp gốc
    được chép (--originals-to), bản ở nơi cũ còn nguyên. Mật khẩu nên để trong ~/.pgpass, đừng ghi vào lệnh.
    """
    if (to is None) == (originals_to is None):
        raise UsageError("Cần đúng một trong hai: --to hoặc --originals-to.", "Hãy xem `ocop move --help`.")
    settings = settings_of(library)
    if to is not None:
        _move_tables(settings, to)
    elif originals_to is not None:
        _move_originals(settings, originals_to)


def _move_originals(settings: Settings, to: str) -> None:
    from corpus.library.moving_originals import copy_originals

    place = None if to == "kho" else settings_of(settings.library, originals=to).originals
    made = copy_originals(settings.library, settings.store, place)
    for sha256 in made.missing:
        print(f"Thiếu hoặc hỏng ở nơi cũ: {sha256}")
    if place is None:
        print(f"Đã chép {made.copied} tệp gốc về {settings.library}. Từ nay bỏ OCOP_ORIGINALS.")
    else:
        print(f"Đã chép {made.copied} tệp gốc. Từ nay đặt OCOP_ORIGINALS={place} cho mọi lệnh, rồi xóa bản ở nơi cũ.")


def _move_tables(settings: Settings, to: str) -> None:
    from webui.app.moving import move_library

    target = replace(settings.store, url=None if to == "tep" else os.path.expandvars(to))
    copied = move_library(settings.library, settings.store, target)
    if target.url is None:
        print(f"Đã chuyển {copied} dòng về {settings.library / 'library.db'}. Từ nay bỏ OCOP_DATABASE.")
    else:
        print(f"Đã chuyển {copied} dòng sang PostgreSQL. Từ nay đặt OCOP_DATABASE là địa chỉ ấy cho mọi lệnh.")
