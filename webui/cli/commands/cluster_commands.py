"""`ocop work`, `jobs`, `move`: reading on several machines, and the library in PostgreSQL."""

from __future__ import annotations

import os
from contextlib import closing
from typing import Annotated

import typer

from webui.cli.common import JsonOption, LibraryOption, print_json, settings_of


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
        str,
        typer.Option(
            "--to", metavar="ĐỊA_CHỈ", help="postgresql://NGƯỜI_DÙNG@MÁY:5432/TÊN; hoặc tep: về tệp library.db."
        ),
    ],
    library: LibraryOption = None,
) -> None:
    """Chuyển cơ sở dữ liệu của kho từ tệp library.db sang PostgreSQL, hoặc ngược lại.

    Hãy dừng trang (`ocop serve`, `ocop watch`) trước. Cơ sở dữ liệu đích phải trống. Tệp gốc và chỉ mục ở nguyên chỗ.
    Mật khẩu nên để trong ~/.pgpass, đừng ghi vào lệnh.
    """
    from corpus.library.store import HERE, Store
    from webui.app.moving import move_library

    settings = settings_of(library)
    target = HERE if to == "tep" else Store(os.path.expandvars(to))
    copied = move_library(settings.library, settings.store, target)
    if target == HERE:
        print(f"Đã chuyển {copied} dòng về {settings.library / 'library.db'}. Từ nay bỏ OCOP_DATABASE.")
    else:
        print(f"Đã chuyển {copied} dòng sang PostgreSQL. Từ nay đặt OCOP_DATABASE là địa chỉ ấy cho mọi lệnh.")
