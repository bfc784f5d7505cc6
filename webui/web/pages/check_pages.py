"""Draft check: upload or paste a draft, get a report to print. Nothing of the draft is stored."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import NotFound, OcopError, ReadFailure, Refused, UsageError
from corpus.fold import nfc
from webui.app import draft_files, draft_report, excel
from webui.app.bases_file import WORD_TYPE
from webui.app.document_reader import read_draft
from webui.app.upload_files import plain_name
from webui.web import access, forms
from webui.web.downloads import file_download
from webui.web.error_responses import status_of
from webui.web.rendering import page
from webui.web.workers.roles import by_main_process

router = APIRouter(include_in_schema=False)

#: Seconds that reading a draft may take, as somebody waits for it.
SECONDS = 120.0
#: Drafts read at one time (anybody may ask), requests that may wait besides, and for how many seconds.
AT_ONCE, WAITING, WAIT_SECONDS = 2, 8, 30.0
#: Seconds for which pictures and report of a draft are kept: time to read the report, to print it and to save it.
KEPT_SECONDS = 600.0
#: Characters of a pasted draft.
LONGEST = 500_000
_NOT_STORED = {"Cache-Control": "no-store"}
#: Files of a report: suffix → what the answer says of it, and what makes it.
_FILES = {"docx": (WORD_TYPE, draft_files.as_word), "xlsx": (excel.MEDIA_TYPE, draft_files.as_excel)}
#: The name of a draft that was pasted.
_PASTED = "dự thảo dán vào"


@dataclass(slots=True)
class _Submitted:
    """What the form carried, as far as it was read."""

    #: Of the uploaded file; "" for a pasted draft.
    name: str = ""
    #: The pasted draft.
    text: str = ""
    as_json: bool = False


@router.get("/kiem-tra")
@by_main_process
def form(request: Request) -> Response:
    """The empty form."""
    return _page(request, report=None, name="")


@router.get("/kiem-tra/anh/{token}/{number}.png")
@by_main_process
def crop(request: Request, token: str, number: int) -> Response:
    """The picture of one căn cứ of a draft that was checked a moment ago, from memory."""
    found = request.app.state.draft_pictures.get(token, number)
    if found is None:
        raise NotFound("Ảnh của dự thảo này không còn.", "Ảnh chỉ được giữ vài phút; hãy kiểm tra lại dự thảo.")
    return Response(found, media_type="image/png", headers=_NOT_STORED)


@router.get("/kiem-tra/bao-cao/{token}.{kind}")
@by_main_process
def report_file(request: Request, token: str, kind: str) -> Response:
    """The report of a draft that was checked a moment ago as a Word or Excel file, from memory."""
    kept = request.app.state.draft_pictures.report(token) if kind in _FILES else None
    if kept is None:
        raise NotFound("Báo cáo của dự thảo này không còn.", "Báo cáo chỉ được giữ vài phút; hãy kiểm tra lại dự thảo.")
    media_type, make = _FILES[kind]
    found = json.loads(kept)
    response = file_download(f"kiem-tra-du-thao.{kind}", media_type, make(found["report"], found["name"]))
    response.headers.update(_NOT_STORED)
    return response


@router.post("/kiem-tra")
async def check(request: Request) -> Response:
    """The report of one draft; an error is shown on the form, beside what was typed."""
    access.require_same_origin(request)
    submitted = _Submitted()
    try:
        report, token = await _checked(request, submitted)
    except (UsageError, ReadFailure, Refused) as error:
        if submitted.as_json:
            raise
        return _error_page(request, submitted, error)
    if submitted.as_json:
        return JSONResponse({"ok": True, "data": report, "next": None}, headers=_NOT_STORED)
    name = submitted.name or _PASTED
    text = draft_files.as_text(report, name)
    return _page(request, report=report, name=name, token=token, copied=text)


def _page(request: Request, *, status_code: int = 200, **values: Any) -> Response:
    most_mb, minutes = request.app.state.settings.max_upload_mb, round(KEPT_SECONDS / 60)
    response = page(request, "check.html", status_code=status_code, most_mb=most_mb, minutes=minutes, **values)
    if request.method == "POST":
        response.headers.update(_NOT_STORED)
    return response


def _error_page(request: Request, submitted: _Submitted, error: OcopError) -> Response:
    text = "" if isinstance(error, Refused) else submitted.text
    return _page(request, status_code=status_of(error), report=None, name=submitted.name, wrong=error, text=text)


async def _checked(request: Request, submitted: _Submitted) -> tuple[dict[str, Any], str | None]:
    """The report and the token under which it is kept; *submitted* is filled in as the form is read."""
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        path = Path(folder) / "draft"
        async with forms.read_form(request, max_files=1, max_fields=10, max_part_size=4 * LONGEST) as fields:
            await _save_draft(fields, path, submitted)
        async with request.app.state.draft_gate.admitted():
            return await run_in_threadpool(_report, request, path, submitted.name or _PASTED)


async def _save_draft(fields: FormData, path: Path, submitted: _Submitted) -> None:
    """Write the uploaded or pasted draft to *path*. Raises UsageError."""
    file, text = fields.get("tep"), str(fields.get("van_ban") or "")
    submitted.text, submitted.as_json = text[:LONGEST], fields.get("dang") == "json"
    if isinstance(file, UploadFile) and file.filename:
        submitted.name = plain_name(file.filename)
        with path.open("wb") as out:
            await run_in_threadpool(shutil.copyfileobj, file.file, out)
    elif text.strip():
        if len(text) > LONGEST:
            raise UsageError("Dự thảo dán vào dài quá.", "Hãy tải tệp lên.")
        path.write_text(nfc(text), encoding="utf-8")
    else:
        raise UsageError("Chưa có dự thảo.", "Hãy chọn tệp hoặc dán toàn văn.")


def _report(request: Request, path: Path, name: str) -> tuple[dict[str, Any], str | None]:
    state = request.app.state
    draft = read_draft(path, state.settings, state.draft_pool, seconds=SECONDS, max_crops=draft_report.MAX_CROPS)
    report = draft_report.report(draft, state.library.view(), state.graphs[False].refresh())
    kept = json.dumps({"name": name, "report": report}, ensure_ascii=False).encode()
    token = state.draft_pictures.keep({at: png for at, (_, png) in draft.crops.items()}, kept)
    for basis in report["bases"]:
        shown = token is not None and state.draft_pictures.get(token, basis["ordinal"]) is not None
        basis["crop"] = f"/kiem-tra/anh/{token}/{basis['ordinal']}.png" if shown else None
    return report, token
