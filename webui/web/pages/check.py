"""Draft check: upload or paste a draft, nothing stored, a report to print."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import NotFound, ReadFailure, Refused, UsageError
from corpus.fold import nfc
from webui.app import checking
from webui.app.draft_pictures import DraftPictures
from webui.app.uploads import plain_name
from webui.web import access, forms
from webui.web.errors import status_of
from webui.web.rendering import page

router = APIRouter(include_in_schema=False)

#: Seconds a draft may take: someone waits for the answer.
SECONDS = 120.0
#: Drafts read at one time; anybody may ask, so that many at most. So many more wait, and no longer than these seconds.
AT_ONCE, WAITING, PATIENCE = 2, 8, 30.0
#: Seconds the pictures of a draft can be seen: time to read the report and print it.
KEPT_SECONDS = 600.0
_MAKING = threading.Lock()
#: Characters of a pasted draft.
LONGEST = 500_000


@router.get("/kiem-tra")
def form(request: Request) -> Response:
    """The form."""
    return page(request, "check.html", report=None, name="", **_limits(request))


def _limits(request: Request) -> dict[str, int]:
    return {"most_mb": request.app.state.settings.max_upload_mb, "minutes": round(KEPT_SECONDS / 60)}


@router.get("/kiem-tra/anh/{token}/{number}.png")
def crop(request: Request, token: str, number: int) -> Response:
    """The picture of one căn cứ of a draft checked a moment ago; nothing of it is on disk."""
    found = pictures_of(request).get(token, number)
    if found is None:
        raise NotFound("Ảnh của dự thảo này không còn.", "Ảnh chỉ được giữ vài phút; hãy kiểm tra lại dự thảo.")
    return Response(found, media_type="image/png", headers={"Cache-Control": "no-store"})


def pictures_of(request: Request) -> DraftPictures:
    """The pictures this application holds, made at the first use."""
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "draft_pictures"):
            state.draft_pictures = DraftPictures(KEPT_SECONDS)
        found: DraftPictures = state.draft_pictures
    return found


@router.post("/kiem-tra")
async def check(request: Request) -> Response:
    """The report of one draft; what went wrong stands on the form, beside what was typed."""
    access.same_origin(request)
    typed: dict[str, Any] = {"text": "", "name": "", "as_json": False}
    try:
        return await _checked(request, typed)
    except (UsageError, ReadFailure, Refused) as error:
        if typed["as_json"]:
            raise
        made = page(
            request, "check.html", status_code=status_of(error)[0], report=None, name=typed["name"], wrong=error,
            text="" if isinstance(error, Refused) else typed["text"], **_limits(request),
        )  # fmt: skip
        made.headers["Cache-Control"] = "no-store"
        return made


async def _checked(request: Request, typed: dict[str, Any]) -> Response:
    """The report; *typed* is told what was sent, as far as it was read."""
    with tempfile.TemporaryDirectory(prefix="draft-") as folder:
        path = Path(folder) / "draft"
        async with forms.sent(request, max_files=1, max_fields=10, max_part_size=4 * LONGEST) as sent:
            file, text = sent.get("tep"), str(sent.get("van_ban") or "")
            as_json = sent.get("dang") == "json"
            typed.update(text=text[:LONGEST], as_json=as_json)
            if isinstance(file, UploadFile) and file.filename:
                name = typed["name"] = plain_name(file.filename)
                with path.open("wb") as out:
                    await run_in_threadpool(shutil.copyfileobj, file.file, out)
            elif text.strip():
                if len(text) > LONGEST:
                    raise UsageError("Dự thảo dán vào dài quá.", "Hãy tải tệp lên.")
                name = "dự thảo dán vào"
                path.write_text(nfc(text), encoding="utf-8")
            else:
                raise UsageError("Chưa có dự thảo.", "Hãy chọn tệp hoặc dán toàn văn.")
        async with request.app.state.draft_turns.turn():
            report = await run_in_threadpool(_report, request, path)
    made: Response
    if as_json:
        made = JSONResponse({"ok": True, "data": report, "next": None})
    else:
        made = page(request, "check.html", report=report, name=name, **_limits(request))
    made.headers["Cache-Control"] = "no-store"
    return made


def _report(request: Request, path: Path) -> dict[str, Any]:
    state = request.app.state
    draft = checking.read_with_crops(path, state.settings, state.draft_pool, seconds=SECONDS)
    report = checking.report(draft, state.library.view(), state.graphs[False].refresh())
    token = pictures_of(request).keep({at: png for at, (_, png) in draft.crops.items()})
    for basis in report["bases"]:
        shown = token is not None and basis["ordinal"] in draft.crops
        basis["crop"] = f"/kiem-tra/anh/{token}/{basis['ordinal']}.png" if shown else None
    return report
