"""Draft check: upload or paste a draft, nothing stored, a report to print."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import UsageError
from corpus.fold import nfc
from webui import access, checking
from webui.rendering import page
from webui.uploads import plain_name

router = APIRouter(include_in_schema=False)

#: Seconds a draft may take: someone waits for the answer.
SECONDS = 120.0
#: Drafts read at one time; anybody may ask, so that many at most.
_AT_ONCE = threading.BoundedSemaphore(2)
#: Characters of a pasted draft.
LONGEST = 500_000


@router.get("/kiem-tra")
def form(request: Request) -> Response:
    """The form."""
    return page(request, "check.html", report=None, name="", most_mb=request.app.state.settings.max_upload_mb)


@router.post("/kiem-tra")
async def check(request: Request) -> Response:
    """The report of one draft."""
    access.same_origin(request)
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        path = Path(folder) / "draft"
        async with request.form(max_files=1, max_fields=10, max_part_size=4 * LONGEST) as sent:
            file, text = sent.get("tep"), str(sent.get("van_ban") or "")
            as_json = sent.get("dang") == "json"
            if isinstance(file, UploadFile) and file.filename:
                name = plain_name(file.filename)
                with path.open("wb") as out:
                    await run_in_threadpool(shutil.copyfileobj, file.file, out)
            elif text.strip():
                if len(text) > LONGEST:
                    raise UsageError("Dự thảo dán vào dài quá.", "Hãy tải tệp lên.")
                name = "dự thảo dán vào"
                path.write_text(nfc(text), encoding="utf-8")
            else:
                raise UsageError("Chưa có dự thảo.", "Hãy chọn tệp hoặc dán toàn văn.")
        report = await run_in_threadpool(_report, request, path)
    if as_json:
        return JSONResponse({"ok": True, "data": report, "next": None})
    return page(request, "check.html", report=report, name=name, most_mb=request.app.state.settings.max_upload_mb)


def _report(request: Request, path: Path) -> dict[str, object]:
    state = request.app.state
    if not _AT_ONCE.acquire(timeout=30):
        raise HTTPException(429)
    try:
        record = checking.read_draft(path, state.settings, state.draft_pool, seconds=SECONDS)
        return checking.report(record, state.library, state.graphs[False].refresh())
    finally:
        _AT_ONCE.release()
