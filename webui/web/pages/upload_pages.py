"""Uploading files, and the report of an upload."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from corpus.errors import NotFound, UsageError
from webui.app.upload_files import plain_name
from webui.app.upload_report import for_page, known_documents
from webui.web import access, forms
from webui.web.rendering import page
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)

MAX_FILES = 50
#: Uploads listed below the form.
RECENT = 10
#: Seconds after which the report of an upload that is not done is loaded again.
REFRESH = "2"


@router.get("/nap")
@by_main_process
def form(request: Request) -> Response:
    """The form, and the uploads of late."""
    access.require_user(request)
    settings = request.app.state.settings
    recent = [for_page(batch, {}) for batch in request.app.state.uploads.recent()[:RECENT]]
    return page(request, "upload.html", recent=recent, most_files=MAX_FILES, most_mb=settings.max_upload_mb)


@router.post("/nap")
async def accept(request: Request) -> Response:
    """Keep the files, and go to their report."""
    access.require_user(request)
    access.require_same_origin(request)
    uploads = request.app.state.uploads
    async with forms.read_form(request, max_files=MAX_FILES, max_fields=10, max_part_size=10_000) as submitted:
        user = access.require_form_token(request, submitted)
        files = [f for f in submitted.getlist("tep") if isinstance(f, UploadFile) and f.filename]
        if not files:
            raise UsageError("Chưa chọn tệp nào.", "Hãy chọn ít nhất một tệp.")
        folder = await run_in_threadpool(uploads.new_folder)
        for number, file in enumerate(files):
            await run_in_threadpool(uploads.write, folder, number, file.file)
        names = [plain_name(f.filename) for f in files]
        batch = await run_in_threadpool(uploads.accept, folder, names, user.name)
    return RedirectResponse(f"/nap/{batch.id}", status_code=303)


@router.get("/nap/{id}")
@by_main_process
def report(request: Request, id: str) -> Response:
    """The outcome of each file; the page loads itself again until all are done."""
    access.require_user(request)
    batch = request.app.state.uploads.batch(id)
    if batch is None:
        raise NotFound("Không còn báo cáo của lần nạp này.", "Hãy xem trong kho.")
    library = access.reader(request)
    documents = library.summaries({one.id for one in batch.reports if one.id is not None})
    shown = for_page(batch, known_documents(library, batch), documents, request.app.state.uploads.reached(batch))
    unsure = sum(one.unsure for one in documents.values())
    response = page(request, "upload_report.html", batch=shown, unsure=unsure)
    if not batch.done:
        response.headers["Refresh"] = REFRESH
    return response
