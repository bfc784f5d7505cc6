"""Ingest from the page: upload several files, watch, and a report per file."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import NotFound, UsageError
from webui.app.uploads import Batch, plain_name
from webui.web import access, forms
from webui.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.library import LibraryView
    from corpus.library.values import Summary

router = APIRouter(include_in_schema=False)

MOST_FILES = 50


@router.get("/nap")
def form(request: Request) -> Response:
    """The form and the uploads of late."""
    access.writer(request)
    settings = request.app.state.settings
    recent = [shown(b, {}) for b in request.app.state.uploads.recent()[:10]]
    return page(request, "upload.html", recent=recent, most_files=MOST_FILES, most_mb=settings.max_upload_mb)


@router.post("/nap")
async def take(request: Request) -> Response:
    """Keep the files and go to their report."""
    access.writer(request)
    access.same_origin(request)
    uploads = request.app.state.uploads
    async with forms.sent(request, max_files=MOST_FILES, max_fields=10, max_part_size=10_000) as sent:
        user = access.checked(request, sent)
        files = [f for f in sent.getlist("tep") if isinstance(f, UploadFile) and f.filename]
        if not files:
            raise UsageError("Chưa chọn tệp nào.", "Hãy chọn ít nhất một tệp.")
        folder = await run_in_threadpool(uploads.new_folder)
        for number, file in enumerate(files):
            await run_in_threadpool(uploads.write, folder, number, file.file)
        names = [plain_name(f.filename) for f in files]
        batch = await run_in_threadpool(uploads.take, folder, names, user.name)
    return RedirectResponse(f"/nap/{batch.id}", status_code=303)


@router.get("/nap/{id}")
def report(request: Request, id: str) -> Response:
    """What became of each file; comes again by itself until all are done."""
    access.writer(request)
    batch = request.app.state.uploads.batch(id)
    if batch is None:
        raise NotFound("Không còn báo cáo của lần nạp này.", "Hãy xem trong kho.")
    made = page(request, "upload_report.html", batch=shown(batch, _same(access.reader(request), batch)))
    if not batch.done:
        made.headers["Refresh"] = "2"
    return made


def as_data(batch: Batch) -> dict[str, object]:
    """A batch as JSON data; a file not yet done has no outcome."""
    reports = {PurePosixPath(r.path).name: r for r in batch.reports}
    files = [
        {
            "name": name, "outcome": reports[name].outcome if name in reports else None,
            "message": reports[name].message if name in reports else None,
            "document": reports[name].id if name in reports else None,
        }
        for name in batch.names
    ]  # fmt: skip
    return {
        "id": batch.id, "who": batch.who, "done": batch.done, "error": batch.error or None,
        "finished": len(batch.reports), "total": len(batch.names), "files": files, "url": f"/nap/{batch.id}",
    }  # fmt: skip


def _same(library: LibraryView, batch: Batch) -> dict[str, Summary]:
    """Which document the content of a file already was: name → document."""
    found = {}
    for report in batch.reports:
        if report.outcome in {"duplicate", "unchanged"}:
            held = library.summaries([report.id]).values() if report.id else library.find(report.path)
            if len(held) == 1:
                found[PurePosixPath(report.path).name] = next(iter(held))
    return found


def shown(batch: Batch, same: Mapping[str, Summary]) -> dict[str, object]:
    """A batch for a template: files with their outcome, those not yet done without one. same: see :func:`_same`."""
    reports = {PurePosixPath(r.path).name: r for r in batch.reports}
    rows = [{"name": name, "report": reports.get(name), "same": same.get(name)} for name in batch.names]
    return {
        "id": batch.id, "who": batch.who, "rows": rows, "done": batch.done, "error": batch.error,
        "finished": len(batch.reports), "total": len(batch.names),
    }  # fmt: skip
